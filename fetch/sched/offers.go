package sched

import (
	"slices"
	"time"
)

// Some supply has to be taken to grow. A super-seeding peer (BEP 16) claims to have
// nothing, tells of one piece, and of the next when that one was taken: libtorrent has
// its first words ten seconds after the connection, and then one piece for each that we
// announce. So while a reader waits for a piece that no connected peer has, what peers
// offer is taken in its place: the pieces that they told of last, at most maxOffers of
// each. What a peer that never grows has besides is left alone. What was taken is
// announced and uploaded like all that we have.

// hungry reports whether a reader waits for a piece that no connected peer has.
func (c *Core) hungry() bool {
	for _, w := range c.Stalled {
		piece := c.at(w)
		has := func(l *Link) bool { return l.Has.Has(piece) }
		if !c.Have.Has(piece) && !slices.ContainsFunc(c.Links, has) {
			return true
		}
	}
	return false
}

// offers notes a piece that the peer told of, the latest last.
func (l *Link) offers(piece int) {
	if slices.Contains(l.offered, piece) {
		return
	}
	if len(l.offered) == maxOffers {
		l.offered = append(l.offered[:0], l.offered[1:]...)
	}
	l.offered = append(l.offered, piece)
}

// offersFew notes the pieces of a peer that has no more than it may be asked for.
func (l *Link) offersFew(pieces int) {
	l.offered = l.offered[:0]
	for p := 0; p < pieces && l.count <= maxOffers && len(l.offered) < l.count; p++ {
		if l.Has.Has(p) {
			l.offered = append(l.offered, p)
		}
	}
}

// planOffers wants what is offered, behind all that readers want, if one goes hungry.
func (c *Core) planOffers(now time.Duration) {
	c.trading = false
	if len(c.Stalled) == 0 || !c.hungry() {
		c.feeding = false
		if piece, by := c.refused(); len(by) > 0 {
			c.trading = true
			c.planTrade(piece, by)
		}
		return
	}
	if !c.feeding {
		c.feeding, c.fedSince, c.fedFrom = true, now, c.held()
	}
	for _, l := range c.Links {
		for _, p := range l.offered {
			if l.Has.Has(p) && !c.Have.Has(p) && !slices.ContainsFunc(c.wants, func(w want) bool { return w.piece == p }) {
				c.wants = append(c.wants, want{piece: p, deadline: noDeadline, holders: 1 + c.available(p)})
			}
		}
	}
}

// supplied takes note of a change in what peers have: where a reader goes hungry, or did,
// there may be something else to take.
func (c *Core) supplied() {
	if len(c.Stalled) == 0 {
		return
	}
	_, by := c.refused()
	if c.feeding || c.trading || c.hungry() || len(by) > 0 {
		c.planned = false
		c.Kick = true
	}
}

// MayReveal reports whether a peer has told of nothing yet, as one that super-seeds does
// at first.
func (c *Core) MayReveal() bool {
	return slices.ContainsFunc(c.Links, func(l *Link) bool { return l.count == 0 })
}

// Exhausted reports whether all that some peer has told of is here, and is so little that
// the peer may super-seed. A strict super-seed shows the next piece when another peer
// announces what it showed (BEP 16).
func (c *Core) Exhausted() bool {
	return slices.ContainsFunc(c.Links, func(l *Link) bool {
		return l.count > 0 && l.count == len(l.offered) && !slices.ContainsFunc(l.offered, func(p int) bool { return !c.Have.Has(p) })
	})
}

// Feeding reports whether what is offered is taken in place of what a reader waits for.
func (c *Core) Feeding() bool { return c.feeding }

// Fed is how many bytes are verified or on their way to be, with the last piece counted like
// all others. It is also how many of them came since what is offered is taken, and how long
// that is.
func (c *Core) Fed(now time.Duration) (have, gained int64, took time.Duration) {
	have = c.held()
	return have, have - c.fedFrom, now - c.fedSince
}

func (c *Core) held() int64 {
	n := int64(c.Have.Count(c.Info.NumPieces())) * c.Info.PieceLength
	for _, f := range c.Order {
		n += f.Came()
	}
	return n
}
