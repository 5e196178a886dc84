package sched

import (
	"math"
	"slices"
	"time"
)

// A prefetch is a window without a reader: its pieces are wanted after
// everything that readers want, the rarest first, until it ends.

// Prefetch wants the pieces of [pos, end) until then.
func (c *Core) Prefetch(now time.Duration, pos, end int64, until time.Duration) {
	length := c.Info.PieceLength
	if first, last := pos/length, (end-1)/length; pos >= end || (last-first+1)*length > c.share() || !c.Missing(pos, end) {
		return
	}
	for _, w := range c.Windows {
		if w.ahead && w.Pos == pos && w.end == end {
			w.until = max(w.until, until)
			return
		}
	}
	ahead := slices.IndexFunc(c.Windows, func(w *Window) bool { return w.ahead })
	if c.Prefetches() >= maxPrefetches {
		c.Windows = slices.Delete(c.Windows, ahead, ahead+1)
	}
	c.nextWindow++
	c.Windows = append(c.Windows, &Window{id: c.nextWindow, Pos: pos, end: end, moved: now, ahead: true, until: until})
	c.planned = false
	c.Kick = true
	c.interest()
}

// Overtaken ends prefetches in a film, [first, end), in which a reader opens pos. Where pos
// is in a prefetch, that one ends: the reader asks for the rest of it itself. Else all end:
// it has read what it needs of them.
func (c *Core) Overtaken(first, end, pos int64) {
	within := func(w *Window) bool { return w.ahead && w.Pos >= first && w.end <= end }
	at := func(w *Window) bool { return w.Pos <= pos && pos < w.end }
	in := slices.ContainsFunc(c.Windows, func(w *Window) bool { return within(w) && at(w) })
	c.Windows = slices.DeleteFunc(c.Windows, func(w *Window) bool { return within(w) && (!in || at(w)) })
	c.planned, c.Kick = false, true
}

// between reports whether a reader left a moment ago. A player that seeks closes before it
// opens; what is asked for in between would come before what it asks for.
func (c *Core) between(now time.Duration) bool { return c.left > 0 && now < c.left+maxBehind }

// resume has prefetches asked for again when a reader has left for good.
func (c *Core) resume(now time.Duration) {
	if c.left > 0 && !c.between(now) {
		c.left = 0
		c.planned = c.planned && c.Prefetches() == 0
	}
}

func (c *Core) Prefetches() int {
	n := 0
	for _, w := range c.Windows {
		if w.ahead {
			n++
		}
	}
	return n
}

// dropPrefetches ends those whose time is over.
func (c *Core) dropPrefetches(now time.Duration) {
	for i := len(c.Windows) - 1; i >= 0; i-- {
		if w := c.Windows[i]; w.ahead && now >= w.until {
			c.Close(now, w)
			c.Idled = true
		}
	}
}

// noDeadline is the deadline of what no reader waits for.
const noDeadline = time.Duration(math.MaxInt64 / 2)

// available counts the peers that have a piece.
func (c *Core) available(piece int) int {
	n := 0
	for _, l := range c.Links {
		if l.Has.Has(piece) {
			n++
		}
	}
	return n
}
