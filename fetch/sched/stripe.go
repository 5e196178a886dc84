package sched

import (
	"math"
	"time"
)

// A lane is a link as far as the split of a piece is concerned: when it is done
// with what it owes, and what one more block takes it, in nanoseconds from now.
type lane struct {
	l           *Link
	start, each float64
	part        int // blocks
}

// portion is how many more blocks of an urgent piece are l's part, so that it is
// whole as soon as can be: all that can send it are done at the same time, and
// one that is busy for longer than that has no part. It is behind where the others have
// even their next blocks sooner: then it has none of a smaller piece of theirs either.
func (c *Core) portion(now time.Duration, board []lane, l *Link, f *Flight) (blocks int, behind bool) {
	lanes, level := c.level(now, board, f, f.free, func(a *lane) bool { return a.l == l || c.sends(now, a.l, f) })
	mine := lane{l: l}
	left, slowest := f.free, 0.0
	for i := range lanes {
		a := &lanes[i]
		slowest = max(slowest, a.each)
		a.part = max(0, int((level-a.start)/a.each+1e-6))
		left -= a.part
		if a.l == l {
			mine = *a
		}
	}
	for i := range board {
		if mine.each == 0 && board[i].l == l {
			mine = board[i] // it is busy for longer
		}
	}
	next := mine.start + float64(mine.part+1)*mine.each
	if next > level+slowest {
		return mine.part, true
	}
	// What rounding left goes one by one to who would have its next block soonest.
	for i := 0; i < len(lanes) && left > 0; i++ {
		if lanes[i].before(&mine) {
			left--
		}
	}
	for i := range board {
		a := &board[i]
		if left <= 0 || a.start >= next {
			break
		}
		if a.start >= level && a.l != l && a.before(&mine) && c.sends(now, a.l, f) {
			left--
		}
	}
	if left > 0 {
		return mine.part + 1, false
	}
	return mine.part, false
}

// sends reports whether the peer can be asked for a block of the piece that nobody was
// asked for.
func (c *Core) sends(now time.Duration, o *Link, f *Flight) bool {
	return o.late == 0 && o.holds(now, f.Piece) && (f.parole == nil || f.parole == o) && (!f.opinions || f.nextFree(o) >= 0)
}

// alike reports whether what the lanes can send of one piece they can of all.
func (c *Core) alike() bool {
	for _, l := range c.Links {
		if len(l.rests) > 0 || !l.Choked && !c.full(l) || l.Choked && len(l.allowed) > 0 {
			return false
		}
	}
	return true
}

// sorted lists all links, the one that is free first, first. What is asked of one changes
// the order.
func (c *Core) sorted(now time.Duration) []lane {
	board := c.board
	for i := range board {
		a := lane{l: board[i].l}
		a.start, a.each = float64(a.l.eta(now, len(a.l.queue))), float64(a.l.blockTime(now))
		j := i
		for ; j > 0 && board[j-1].start > a.start; j-- {
			board[j] = board[j-1] // the order hardly changes from one time to the next
		}
		board[j] = a
	}
	return board
}

// level is when the lanes of a board that may take part have together sent n blocks, none
// of them idle before; and those that have a part in it.
func (c *Core) level(now time.Duration, board []lane, f *Flight, n int, may func(*lane) bool) ([]lane, float64) {
	lanes := c.lanes[:0]
	perSecond, owed, at := 0.0, float64(n), math.Inf(1)
	for i := range board {
		a := &board[i]
		if a.start >= at {
			break
		}
		if !may(a) {
			continue
		}
		lanes = append(lanes, *a)
		perSecond += 1 / a.each
		owed += a.start / a.each
		at = owed / perSecond
	}
	c.lanes = lanes
	return lanes, at
}

// before reports whether a's next block after its part comes sooner than b's.
func (a *lane) before(b *lane) bool {
	x, y := a.start+float64(a.part+1)*a.each, b.start+float64(b.part+1)*b.each
	return x < y || x == y && a.l.id < b.l.id
}
