package peer

import (
	"time"
)

// Whom a swarm that super-seeds crowds shows pieces one by one, and whom it tells of everything.

// crowd counts the peers that lack pieces, and want some.
func (x *superSeed) crowd() (n int) {
	for c, v := range x.peers {
		if v.lacks > 0 && !c.uploadOnly() {
			n++
		}
	}
	return n
}

// hideYoung takes back what peers were told of that came a moment before the crowd was one,
// where they understand that (BEP 54).
func (x *superSeed) hideYoung(now time.Time) {
	n := len(x.count)
	for c, v := range x.peers {
		if v.shown != nil || v.passed || v.lacks == 0 || n > maxTakenBack || now.Sub(c.joined) >= superYoung || !c.takesBack() {
			continue
		}
		x.hidden++
		v.shown = c.hideAll(n)
		for p := range n {
			if v.shown.Has(p) {
				x.shown[p]++
				v.piece, v.since = p, c.joined // it has asked since
			}
		}
		if v.piece < 0 {
			x.show(now, c, v)
		}
	}
}

// wantsParts reports whether a peer could have the piece that it was told of, and wants others:
// it is not interested, or is unchoked and has not asked for it.
func (v *viewer) wantsParts(now time.Time, c *Conn) bool {
	told := now.Sub(v.since)
	switch {
	case v.piece < 0 || v.has.Has(v.piece) || time.Unix(0, c.wanted.Load()).After(v.since):
		return false
	case !c.wants.Load():
		return told >= superInterest
	}
	return c.slot && told >= superUnused && now.Sub(c.slotSince) >= superUnused
}
