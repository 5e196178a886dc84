package sched

import (
	"testing"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// TestVersionsAreCounted: what is kept to find a liar counts as memory, each distinct version once, and
// is given back. Where there is no room for it, one peer is asked for the piece at once.
func TestVersionsAreCounted(t *testing.T) {
	const block = metainfo.BlockLen
	for _, tt := range []struct {
		room   int // in blocks, besides the piece's own
		words  [3][2]byte
		keeps  int // blocks, after the last copy
		parole bool
	}{
		{0, [3][2]byte{{1, 2}}, 0, true},
		{2, [3][2]byte{{1, 2}}, 2, false},
		{2, [3][2]byte{{1, 2}, {1, 2}}, 2, false}, // the same again
		{3, [3][2]byte{{1, 2}, {1, 3}}, 3, false}, // one of them is new
		{2, [3][2]byte{{1, 2}, {1, 3}}, 2, true},
		{4, [3][2]byte{{1, 2}, {3, 4}}, 4, false},
		{4, [3][2]byte{{1, 2}, {3, 4}, {5, 6}}, 4, true},
	} {
		m, f, _ := versions(t)
		m.c.Drop(f)
		mem := &tight{modelMemory: modelMemory{m.pool}, budget: 2*block + tt.room*block}
		m.c.memory = mem
		before := m.pool.Outstanding()
		f = m.c.begin(0, 3)
		for copies, words := range tt.words {
			if words == [2]byte{} {
				break
			}
			for n := range f.Blocks {
				if f.Blocks[n].State == BlockDone {
					continue
				}
				l := m.c.Links[(copies+n)%len(m.c.Links)]
				m.c.request(0, l, f, n)
				f.Place(n)[0] = words[n]
				m.c.Arrived(0, l, f, n, nil)
			}
			m.again(f)
		}
		if kept := (mem.used - f.Size) / block; kept != tt.keeps || (f.parole != nil) != tt.parole {
			t.Errorf("%+v: %d blocks are counted, parole %v", tt, kept, f.parole != nil)
		}
		if held := m.pool.Outstanding() - before; held != int64(mem.used) {
			t.Errorf("%+v: %d bytes are held, %d counted", tt, held, mem.used)
		}
		m.c.Drop(f)
		if mem.used != 0 || m.pool.Outstanding() != before {
			t.Errorf("%+v: %d bytes are still counted, %d held", tt, mem.used, m.pool.Outstanding()-before)
		}
	}
}

// TestRidKeepsWhatIsOnItsWay: what a convicted peer sent of a piece that has not failed is
// wanted again, and what others are sending of it at that moment is not void.
func TestRidKeepsWhatIsOnItsWay(t *testing.T) {
	m := newModel(t, testInfo(t, 2*metainfo.BlockLen, 64<<20))
	liar, other := m.join(50*ms, 100_000).l, m.join(50*ms, 100_000).l
	f := m.c.begin(0, 3)
	m.c.request(0, liar, f, 0)
	m.c.Arrived(0, liar, f, 0, nil)
	m.c.request(0, other, f, 1)
	f.Blocks[1].Placing = other
	m.c.convict(0, liar, "")
	if f.Blocks[0].State != blockFree || f.left != 2 || f.free != 1 {
		t.Errorf("%+v, %d blocks left, %d free", f.Blocks[0], f.left, f.free)
	}
	if i := other.Find(f, 1); i < 0 || other.queue[i].Copy != f.Copies {
		t.Error("a block that is on its way will be void, and is still waited for")
	}
	m.c.Drop(f)
}

// TestParoleOfPeersThatChokeUs: where all that have a failed piece choke us, one that allows it all the same
// (BEP 6) is the one that sends it. It is asked once, and what it was asked for stays asked.
func TestParoleOfPeersThatChokeUs(t *testing.T) {
	m := newModel(t, testInfo(t, 2*metainfo.BlockLen, 64<<20))
	var links []*Link
	for range 2 {
		l := m.join(50*ms, 100_000).l
		m.c.Event(0, l, peer.Event{Kind: peer.AllowedFast, Block: metainfo.Block{Piece: 3}})
		m.c.Event(0, l, peer.Event{Kind: peer.Choked})
		links = append(links, l)
	}
	at := int64(3 * m.c.Info.PieceLength)
	m.c.Open(0, at, at+int64(m.c.Info.PieceLength))
	m.c.memory = &tight{modelMemory: modelMemory{m.pool}, budget: 2 * metainfo.BlockLen} // none for versions
	f := m.c.begin(0, 3)
	for n, l := range links {
		m.c.request(0, l, f, n)
		m.c.Arrived(0, l, f, n, nil)
	}
	m.c.failed(0, f)
	m.c.Take(nil)
	m.c.FillAll(0)
	p := f.parole
	if p == nil {
		t.Fatal("nobody is asked for the piece")
	}
	asked := 0
	for _, e := range m.c.Take(nil) {
		switch {
		case e.Command.Op == peer.Cancel:
			t.Errorf("block %d was taken back from peer %d", e.Command.Block.Begin/metainfo.BlockLen, e.Link.id)
		case e.Command.Op == peer.Request && e.Link == p:
			asked++
		case e.Command.Op == peer.Request:
			t.Errorf("peer %d was asked beside peer %d", e.Link.id, p.id)
		}
	}
	if asked != len(f.Blocks) {
		t.Errorf("%d blocks were asked of it, want %d", asked, len(f.Blocks))
	}
	m.c.Event(0, p, peer.Event{Kind: peer.LostPiece, Block: metainfo.Block{Piece: 3}})
	if f.parole == nil || f.parole == p {
		t.Error("the piece was not given to the other")
	}
}
