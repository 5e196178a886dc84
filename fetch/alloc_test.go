package fetch

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
	w := c.open(now, 0, size)
	var links []*link
	for range 4 {
		l := c.join(ms, 500, nil)
		c.event(now, l, peer.Event{Kind: peer.HasAll})
		c.event(now, l, peer.Event{Kind: peer.Unchoked})
		links = append(links, l)
	}
	c.fillAll(now)
	var effects []effect
	blocks := 0
	turn := func() {
		for _, l := range links {
			if len(l.queue) == 0 {
				continue
			}
			now += 20 * time.Microsecond
			r := l.queue[0]
			c.arrived(now, l, r.f, r.n, nil)
			blocks++
			if r.f.left == 0 {
				c.verified(now, r.f, true)
				r.f.release()
				for c.have.Has(int(w.pos / pieceLen)) {
					c.move(now, w, w.pos+pieceLen)
				}
			}
			c.refill(now, l)
			if c.kick {
				c.fillAll(now)
			}
			effects = c.take(effects)
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
