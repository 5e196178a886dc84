package sched

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// A lane is a link as far as the split of a piece is concerned: when it is done
// with what it owes, and what one more block takes it, in seconds from now.
type lane struct {
	l           *Link
	start, each float64
	part        int // blocks
}

// portion is how many more blocks of an urgent piece are l's part, so that it is
// whole as soon as can be: all that can send it are done at the same time, and
// one that is busy for longer than that has no part.
func (c *Core) portion(now time.Duration, l *Link, f *Flight) int {
	lanes := c.lanesOf(now, l, f)
	left := f.free - split(lanes, level(lanes, f.free))
	mine := slices.IndexFunc(lanes, func(a lane) bool { return a.l == l })
	// What rounding left goes one by one to who would have its next block soonest.
	for i := range lanes {
		if lanes[i].before(&lanes[mine]) {
			left--
		}
	}
	if left > 0 {
		return lanes[mine].part + 1
	}
	return lanes[mine].part
}

// lanesOf lists l and the others that can send what is left of the piece, the one
// that is free first, first.
func (c *Core) lanesOf(now time.Duration, l *Link, f *Flight) []lane {
	lanes := c.lanes[:0]
	for _, o := range c.Links {
		if o == l || o.late == 0 && o.holds(now, f.Piece) && (f.parole == nil || f.parole == o) && (!f.opinions || f.nextFree(o) >= 0) {
			lanes = append(lanes, lane{l: o, start: o.eta(now, len(o.queue)).Seconds(), each: o.blockTime(now).Seconds()})
		}
	}
	c.lanes = lanes
	slices.SortFunc(lanes, func(a, b lane) int { return cmp.Compare(a.start, b.start) })
	return lanes
}

// level is when all lanes together have sent n blocks, none of them idle before.
func level(lanes []lane, n int) float64 {
	perSecond, owed, at := 0.0, float64(n), math.Inf(1)
	for i := range lanes {
		if lanes[i].start >= at {
			break
		}
		perSecond += 1 / lanes[i].each
		owed += lanes[i].start / lanes[i].each
		at = owed / perSecond
	}
	return at
}

// split gives each lane the whole blocks that it sends until then, and returns
// their sum.
func split(lanes []lane, until float64) int {
	sum := 0
	for i := range lanes {
		a := &lanes[i]
		a.part = max(0, int((until-a.start)/a.each+1e-6))
		sum += a.part
	}
	return sum
}

// before reports whether a's next block after its part comes sooner than b's.
func (a *lane) before(b *lane) bool {
	x, y := a.start+float64(a.part+1)*a.each, b.start+float64(b.part+1)*b.each
	return x < y || x == y && a.l.id < b.l.id
}
