package sched

import (
	"slices"
	"time"
)

// A gateway of our fleet is near, and what it has was paid for once. So peers outside are not asked for
// it while a sibling sends it in time.

// isSibling notes that the peer is a gateway of our fleet.
func (c *Core) isSibling(l *Link) {
	if !l.sibling {
		l.sibling = true
		c.siblings = append(c.siblings, l)
	}
}

// losesSibling has the peers outside asked for what a sibling had that left.
func (c *Core) losesSibling(l *Link) {
	if l.sibling {
		c.endWishes(l.wishes)
		c.siblings = slices.DeleteFunc(c.siblings, func(o *Link) bool { return o == l })
	}
}

// asks reports whether the peer is asked for a piece: it has it, and no sibling is asked in its place.
func (c *Core) asks(now time.Duration, l *Link, piece int) bool {
	return l.holds(now, piece) && !c.shuns(now, l, piece) && !c.promised(now, l, piece) && (l.ends(piece) || !c.endedElsewhere(now, piece) && (l.sibling || !c.inside(now, piece)))
}

// inTime reports whether a peer sends a piece in the time that a sibling may take.
func (c *Core) inTime(now time.Duration, l *Link, piece int) bool {
	return l.late == 0 && (!l.heard() || l.eta(now, len(l.queue)+c.Info.NumBlocks(piece)) <= patience) && !l.owes(now, piece)
}

// owes reports whether a sibling has owed a block of a piece for longer than it may take. Of the one that fetches
// it is known otherwise whether it is late.
func (l *Link) owes(now time.Duration, piece int) bool {
	if !l.sibling || l.fetches {
		return false
	}
	for i := 0; i < len(l.queue) && now > l.queue[i].at+patience; i++ {
		if l.queue[i].Flight.Piece == piece {
			return true
		}
	}
	return false
}

// inside reports whether a sibling sends a piece in time. Where others may have to send it too, to find
// out who lies, it does not count.
func (c *Core) inside(now time.Duration, piece int) bool {
	for _, s := range c.siblings {
		if !s.holds(now, piece) || !c.inTime(now, s, piece) {
			continue
		}
		f := c.Flights[piece]
		return (f == nil || f.parole == nil && !f.Case.Failed()) && !c.wary()
	}
	return false
}
