package sched

import (
	"slices"
	"time"
)

// Another gateway of our fleet begins to fetch the torrent from outside. What is in flight would come twice if it
// was dropped. So peers outside end the pieces that were begun with them, and are asked for nothing else.

// withhold has a peer outside end what is begun there.
func (c *Core) withhold(l *Link) {
	l.Choked, l.ending = true, true
	for _, f := range c.Order {
		if f.begunOutside() {
			c.leaveOutside(f, true)
		}
	}
}

// leaveOutside has a piece ended outside, or by anybody. With the last one nobody has anything to end.
func (c *Core) leaveOutside(f *Flight, on bool) {
	if f.outside == on {
		return
	}
	if f.outside = on; on {
		c.ending++
		return
	}
	c.Kick = true // siblings may be asked for the rest
	for _, l := range c.siblings {
		l.stir()
	}
	if c.ending--; c.ending > 0 {
		return
	}
	for _, l := range c.Links {
		l.ending = false
	}
}

// begunOutside reports whether a peer outside has sent a block of the piece, or was asked for one.
func (f *Flight) begunOutside() bool {
	return slices.ContainsFunc(f.Blocks, func(b Block) bool {
		return b.from.isOutside() || b.Placing.isOutside() || b.askers[0].isOutside() || b.askers[1].isOutside()
	})
}

func (l *Link) isOutside() bool { return l != nil && !l.sibling && !l.ours }

// ends reports whether the peer is one of those that end a piece.
func (l *Link) ends(piece int) bool {
	if !l.ending || l.Gone || !l.Has.Has(piece) {
		return false
	}
	f := l.flights[piece]
	return f != nil && f.outside
}

// endedElsewhere reports whether peers outside end a piece in time. Where they do not, anybody may send it from then on.
func (c *Core) endedElsewhere(now time.Duration, piece int) bool {
	if c.ending == 0 {
		return false
	}
	f := c.Flights[piece]
	if f == nil || !f.outside {
		return false
	}
	ends := func(l *Link) bool {
		return !l.doubted && l.ends(piece) && l.holds(now, piece) && c.inTime(now, l, piece)
	}
	if f.parole == nil && !f.Case.Failed() && slices.ContainsFunc(c.Links, ends) {
		return true
	}
	c.leaveOutside(f, false)
	return false
}
