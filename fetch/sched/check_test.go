package sched

import (
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// readOfSeeds has all peers be seeds that unchoke us, and reads the first size bytes.
func (m *model) readOfSeeds(size int64) {
	for _, p := range m.peers {
		m.tell(p, peer.HasAll)
	}
	done := m.read(0, size, 0)
	for _, p := range m.peers {
		m.tell(p, peer.Unchoked)
	}
	m.run(time.Minute, done)
}

// Peers check each other once, and only where that can tell who lied, and is worth it.
func TestWhoChecks(t *testing.T) {
	for _, c := range []struct {
		peers, checks int
		exact         bool
	}{{peers: 1}, {peers: 2}, {peers: 3, checks: 2}, {peers: 4, checks: 3}, {peers: 4, exact: true}, {peers: 16}} {
		t.Run(fmt.Sprint(c.peers), func(t *testing.T) {
			m := newModel(t, testInfo(t, 1<<20, 16<<20))
			for range c.peers {
				p := m.joined(50*ms, 2*mb)
				p.l.Lenient = !c.exact
			}
			m.readOfSeeds(16 << 20)
			checks := 0
			for _, l := range m.c.Links {
				if l.checked {
					checks++
				}
				if l.doubted {
					t.Error("an honest peer is doubted")
				}
			}
			twice := int(m.sent - 16<<20)
			if checks != c.checks || twice != c.checks*peer.CheckLen || m.c.Stats.Wasted != int64(twice) {
				t.Errorf("%d peers checked, %d bytes came twice, %d in vain", checks, twice, m.c.Stats.Wasted)
			}
		})
	}
}

// What a liar is asked for comes of the others as soon as its beginning of the piece is another one than
// theirs, whichever of them it is. It is banned when the piece proves right.
func TestLiarIsDoubtedBeforeThePieceIsHere(t *testing.T) {
	for liar := range 4 {
		t.Run(fmt.Sprint(liar), func(t *testing.T) {
			m := newModel(t, testInfo(t, 1<<20, 16<<20))
			for i := range 4 {
				m.joined(50*ms, 2*mb).liar = i == liar
			}
			m.readOfSeeds(16 << 20)
			if m.c.Stats.HashFailures > 0 || !m.peers[liar].l.Convicted || m.c.book.Convictions != 1 {
				t.Errorf("%d pieces failed, %d convicted", m.c.Stats.HashFailures, m.c.book.Convictions)
			}
			for i, p := range m.peers {
				if p.l.doubted {
					t.Errorf("peer %d is doubted for good", i)
				}
			}
			// Of four peers 181 ms; a third more, and not a round trip beside.
			if at := m.done[0]; at > 245*ms {
				t.Errorf("the first piece was here after %v", at)
			}
		})
	}
}

// Where most lie, and agree, an honest peer is doubted until the hash decides, and none is banned for it.
func TestHashDecidesWhoLied(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 4<<20))
	for i := range 5 {
		p := m.joined(50*ms, 2*mb)
		p.liar, p.agrees = i > 1, true
	}
	for _, p := range m.peers {
		m.tell(p, peer.HasAll)
	}
	done := m.read(0, 4<<20, 0)
	for _, p := range m.peers {
		m.tell(p, peer.Unchoked)
	}
	m.run(time.Minute, done)
	for i, p := range m.peers {
		if p.l.Convicted != p.liar {
			t.Errorf("peer %d: convicted %v", i, p.l.Convicted)
		}
	}
}

// The part of a piece that a peer rejects is not the piece.
func TestRejectedCheckSaysNothing(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 4<<20))
	for range 3 {
		m.tell(m.joined(50*ms, 2*mb), peer.HasAll)
	}
	m.read(0, 4<<20, 0)
	m.tell(m.peers[0], peer.Unchoked)
	m.tell(m.peers[1], peer.Unchoked)
	l := m.peers[1].l
	if l.checking == nil {
		t.Fatal("there is no check")
	}
	owed := len(l.queue)
	m.c.Event(m.now, l, peer.Event{Kind: peer.Rejected, Block: metainfo.Block{Length: peer.CheckLen}})
	if l.checking != nil || len(l.queue) != owed || len(l.rests) > 0 {
		t.Errorf("%d requests of %d are left, %d pieces are left alone", len(l.queue), owed, len(l.rests))
	}
}
