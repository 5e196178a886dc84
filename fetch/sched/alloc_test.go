package sched

import (
	"testing"
	"time"

	"github.com/btgw/btgw/peer"
)

// What a block costs the scheduler in allocations is what its piece does, shared
// by all blocks of it: none, nearly.
func TestNoAllocationABlock(t *testing.T) {
	const pieceLen, size = 1 << 20, 4 << 30
	m := newModel(t, testInfo(t, pieceLen, size))
	c, now := m.c, time.Duration(0)
	w := c.Open(now, 0, size)
	var links []*Link
	for range 4 {
		l := c.Join(ms, 500, nil)
		c.Event(now, l, peer.Event{Kind: peer.HasAll})
		c.Event(now, l, peer.Event{Kind: peer.Unchoked})
		links = append(links, l)
	}
	c.FillAll(now)
	var effects []Effect
	blocks := 0
	turn := func() {
		for _, l := range links {
			if len(l.queue) == 0 {
				continue
			}
			now += 20 * time.Microsecond
			r := l.queue[0]
			c.Arrived(now, l, r.Flight, r.Block, nil)
			blocks++
			if r.Flight.left == 0 {
				c.Verified(now, r.Flight, true)
				r.Flight.release()
				for c.Have.Has(int(w.Pos / pieceLen)) {
					c.Move(now, w, w.Pos+pieceLen)
				}
			}
			c.Refill(now, l)
			if c.Kick || c.Nudge {
				c.FillAll(now)
			}
			effects = c.Take(effects)
		}
	}
	for range 8000 { // until everything has the size that it keeps
		turn()
	}
	blocks = 0
	allocs := testing.AllocsPerRun(1, func() {
		for range 8000 {
			turn()
		}
	})
	a := allocs / float64(blocks/2) // AllocsPerRun runs it twice
	t.Logf("%.4f allocations a block, %d blocks", a, blocks)
	if blocks < 30_000 || a > 0.1 {
		t.Errorf("%.3f allocations a block over %d blocks", a, blocks)
	}
}
