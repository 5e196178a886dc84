package sched

import "time"

// A player requests the next segment of a film before it has the one that it plays. If both had their
// fair share, each would take as long as both. So readers of files that follow each other, of one client, have
// them in that order: what a later one waits for is not urgent, and is wanted when the one before is
// at its end. Clients have their fair share against each other as before. An address may stand for
// many, so a reader lets others pass for a while only, and only near the end of their file.

// takeTurns puts the reader of a file among those of the same sequence, if that is a film by its playlist.
func (c *Core) takeTurns(now time.Duration, s *sequence, o Opening) {
	w := o.Window
	if w == nil || !s.listed {
		return
	}
	w.series, w.rank = s, o.Rank
	for _, x := range c.Windows {
		if x.series != s || x == w {
			continue
		}
		if x.rank < w.rank && (w.after == nil || x.rank >= w.after.rank) {
			w.after = x
		}
	}
	for _, x := range c.Windows {
		if x.series == s && x.rank > w.rank && x.after == w.after {
			x.after = w
		}
	}
	if s.last == nil || w.rank > s.last.rank {
		s.last = w
	}
	s.overlaps = s.overlaps || w.after != nil
	c.yieldAll(now)
}

// turn is the least deadline of what a reader has from off on, for the sake of those it lets pass. Its first
// piece comes in its fair turn: a player waits for the answer to its second request before it plays.
func (c *Core) turn(now time.Duration, w *Window, off int64) time.Duration {
	if o := c.before(now, w); o != nil && (w.sent > 0 || off/c.Info.PieceLength > w.Pos/c.Info.PieceLength) {
		return c.deadline(now, o, o.end)
	}
	return 0
}

// readAt is the deadline of what follows the file of a reader, if that or one before it lacks something.
func (c *Core) readAt(now time.Duration, o *Window) time.Duration {
	if o = c.lacking(o); o != nil {
		return c.deadline(now, o, o.end)
	}
	return 0
}

// before is the reader that another one lets pass: the last one of the files before that lacks some of its
// own; nil: there is none.
func (c *Core) before(now time.Duration, w *Window) *Window {
	if w.after == nil || now >= w.begun+patience {
		return nil
	}
	return c.lacking(w.after)
}

// lacking is the last of a reader and those before it that lacks something of its own file.
func (c *Core) lacking(o *Window) *Window {
	for ; o != nil; o = o.after {
		if !o.idle && o.end-o.Pos <= maxWindow && c.Missing(o.Pos, o.end) {
			return o
		}
	}
	return nil
}

// letsPass reports whether another reader goes first.
func (c *Core) letsPass(now time.Duration, w *Window) bool {
	return c.yields(w) || w.sent > 0 && c.before(now, w) != nil
}

// leaveTurn takes a reader out of those in order.
func (c *Core) leaveTurn(now time.Duration, w *Window) {
	for _, x := range c.Windows {
		if x.after == w {
			x.after = w.after
		}
	}
	if s := w.series; s != nil && s.last == w {
		s.last = w.after
	}
	w.series, w.after = nil, nil
	c.takeOver(now)
}

// takeOver has those wait as others do who let others pass that have all of their file now.
func (c *Core) takeOver(now time.Duration) {
	for _, w := range c.Windows {
		if w.Waiting && w.patient && w.series != nil && !c.patient(w) && !c.letsPass(now, w) {
			w.since = now // others have kept it, and no peer has
			c.goFirst(now, w)
		}
	}
}
