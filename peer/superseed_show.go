package peer

import (
	"time"
)

// Which piece a superSeed tells a peer of next, and when.

// spread tells those of their next piece that have given on their last one.
func (x *superSeed) spread(now time.Time) {
	if x.hidden == 0 {
		return
	}
	for c, v := range x.peers {
		if v.shown != nil && v.piece >= 0 && v.has.Has(v.piece) && (x.count[v.piece] > 1 || len(x.peers) == 1) {
			x.show(now, c, v)
		}
	}
}

// show tells a peer of one more piece: the one that the fewest peers have, of those the
// one that the fewest know of. Of equal pieces it takes the first, since many peers
// read in order.
func (x *superSeed) show(now time.Time, c *Conn, v *viewer) {
	best := -1
	for p := range x.count {
		if !v.shown.Has(p) && !v.has.Has(p) && (best < 0 || x.before(p, best)) {
			best = p
		}
	}
	v.piece, v.since = best, now
	if best < 0 {
		return
	}
	v.shown.Set(best)
	x.shown[best]++
	c.show(best)
}

func (x *superSeed) before(a, b int) bool {
	if x.count[a] != x.count[b] {
		return x.count[a] < x.count[b]
	}
	return x.shown[a] < x.shown[b]
}

// declines reports whether a peer was unchoked since it was told of its piece, and
// asks for nothing: what it reads is elsewhere.
func (v *viewer) declines(now time.Time, c *Conn) bool {
	return (c.slot || c.slotSince.After(v.since)) && now.Sub(time.Unix(0, c.wanted.Load())) >= superPatience && !c.asks()
}

// asks reports whether requests of the peer wait for their turn.
func (c *Conn) asks() bool {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	return c.uploads.len() > 0
}
