package sched

import (
	"testing"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// Where all peers are busy and alike, none is too slow for a piece of two blocks,
// although the others together send two in less time than it takes for one; one
// that is twenty times slower is, but for what comes behind much else.
func TestBusyEqualsAreNotTooSlow(t *testing.T) {
	m := newModel(t, testInfo(t, 2*metainfo.BlockLen, 64<<20))
	c, piece := m.c, 100
	busy := func(rate float64, pieces int) *Link {
		l := m.join(50*ms, rate).l
		l.Rate, l.arrived = rate, m.now
		l.change()
		for range pieces {
			c.ask(m.now, l, c.begin(m.now, piece), 2)
			piece++
		}
		return l
	}
	var equals []*Link
	for range 4 {
		equals = append(equals, busy(100_000, 2))
	}
	slow := busy(5_000, 0)
	f := c.begin(m.now, 5)
	f.urgent = true
	for _, l := range equals {
		if c.tooSlow(m.now, l, f, 0) {
			t.Errorf("peer %d is too slow: its next block is due in %v", l.id, l.eta(m.now, len(l.queue)+1))
		}
	}
	if !c.tooSlow(m.now, slow, f, 0) {
		t.Errorf("a block of the slow one is due in %v", slow.eta(m.now, 1))
	}
	if c.tooSlow(m.now, slow, f, 400) {
		t.Errorf("a block of the slow one is due in %v, long before the others have sent 400 that come first", slow.eta(m.now, 1))
	}
}

// A choked peer that rejects a block of its allowed-fast set is not asked for it
// again at once.
func TestRejectedAllowedFastRests(t *testing.T) {
	m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
	c := m.c
	l := m.join(50*ms, 100_000).l
	c.Event(0, l, peer.Event{Kind: peer.Choked})
	c.Event(0, l, peer.Event{Kind: peer.AllowedFast, Block: metainfo.Block{Piece: 3}})
	c.ask(0, l, c.begin(0, 3), 2)
	if !l.holds(0, 3) {
		t.Fatal("it is not asked for what it allows")
	}
	c.Event(50*ms, l, peer.Event{Kind: peer.Rejected, Block: c.Info.Block(3, 0)})
	if l.holds(51*ms, 3) {
		t.Error("it is asked again for what it rejected")
	}
	c.Event(60*ms, l, peer.Event{Kind: peer.Unchoked})
	if !l.holds(61*ms, 3) {
		t.Error("unchoked it is not asked")
	}
}
