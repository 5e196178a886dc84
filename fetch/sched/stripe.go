package sched

import (
	"math"
	"time"
)

// A part is what a link has in the split of a piece. start is the time at which it is done with
// what it owes, from now, and each is what one more block takes it, both in nanoseconds. blocks
// is how many it sends.
type part struct {
	l           *Link
	start, each float64
	blocks      int
}

func (l *Link) share(now time.Duration, a *lane) part {
	return part{l: l, start: float64(a.done - now), each: float64(a.each)}
}

// portion is how many more blocks of an urgent piece are l's part, at most most, so that the
// piece is whole as soon as can be. All links that can send it are then done at the same
// time, and one that is busy for longer than that has no part. A peer whose first block is
// there by then is not too slow. So many blocks of other pieces come before: the time is that of
// all of them.
func (c *Core) portion(now time.Duration, l *Link, f *Flight, before, most int) int {
	if most == 1 && c.hasPart(now, l, f, before) {
		return 1
	}
	return min(most, f.free, c.split(now, l, f, before))
}

// hasPart reports whether l surely has a part in a piece: before its next block is there, the
// others send fewer than are free. It is mostly so of a peer that has just sent one, and costs
// little to see.
func (c *Core) hasPart(now time.Duration, l *Link, f *Flight, before int) bool {
	if f.free == 0 || l.late > 0 {
		return false
	}
	c.board.update(now)
	next, others, first := now+l.eta(now, l.firm(now)+1), 0, true
	for i := range c.board.order {
		o, a := c.board.lane(now, i)
		if o == l {
			continue
		}
		if first && next-now > 2*(a.done-now)+l.roundTrip() {
			return false // it may be too slow
		}
		first = false
		if a.done+c.board.quickest > next {
			break // nor does anybody behind it send one
		}
		if d := next - a.done; d >= a.each && c.sends(now, o, f) {
			if others += int(d / a.each); others >= before+f.free {
				return false
			}
		}
	}
	return true
}

// split is portion, as the level says.
func (c *Core) split(now time.Duration, l *Link, f *Flight, before int) int {
	parts, level := c.level(now, before+f.free, func(o *Link) bool { return o == l || c.sends(now, o, f) })
	own := l.forecast(now)
	mine := l.share(now, &own)
	left, slowest := before+f.free, 0.0
	for i := range parts {
		a := &parts[i]
		slowest = max(slowest, a.each)
		a.blocks = max(0, int((level-a.start)/a.each+1e-6))
		left -= a.blocks
		if a.l == l {
			mine = *a
		}
	}
	next := mine.next()
	if next > level+slowest {
		return mine.blocks
	}
	// What rounding left goes one by one to who would have its next block soonest.
	for i := 0; i < len(parts) && left > 0; i++ {
		if parts[i].before(&mine) {
			left--
		}
	}
	for i := 0; i < len(c.board.order) && left > 0; i++ {
		o, own := c.board.lane(now, i)
		a := o.share(now, own)
		if a.start >= next {
			break
		}
		if a.start >= level && a.l != l && a.before(&mine) && c.sends(now, a.l, f) {
			left--
		}
	}
	if left > 0 {
		mine.blocks++
	}
	if mine.blocks > 0 && (l.late > 0 || mine.start+mine.each > level) && c.tooSlow(now, l, f, before) {
		return 0
	}
	return mine.blocks
}

// sends reports whether the peer can be asked for a block of the piece that nobody was
// asked for.
func (c *Core) sends(now time.Duration, o *Link, f *Flight) bool {
	return o.late == 0 && c.asks(now, o, f.Piece) && (f.parole == nil || f.parole == o) && (!f.Case.Apart || f.nextFree(o) >= 0)
}

// idle is in which pieces a link was found to have no part. It has none in one of which no
// more blocks are free, and that as many can send.
type idle struct {
	free    int // blocks; 0: none was found
	senders int
}

// fewer is the part of the senders, one in so many, that may be lacking for a piece to be
// like another.
const fewer = 8

func (i *idle) end() { *i = idle{} }

func (i *idle) add(f *Flight, senders int) { i.free, i.senders = max(i.free, f.free), senders }

// plain reports whether the piece may be asked of any peer.
func (f *Flight) plain() bool { return f.parole == nil && !f.Case.Apart }

func (i *idle) covers(f *Flight, senders int) bool {
	return f.plain() && f.free <= i.free && fewer*senders >= (fewer-1)*i.senders
}

// senders is how many links can send a piece, but for what they rejected of late. Where siblings can,
// these alone count.
func (c *Core) senders(f *Flight) int {
	if f.sendersAt != c.supply {
		f.senders, f.sendersAt = sendersOf(c.siblings, f.Piece), c.supply
		if f.senders == 0 {
			f.senders = sendersOf(c.Links, f.Piece)
		}
	}
	return f.senders
}

func sendersOf(links []*Link, piece int) (n int) {
	for _, l := range links {
		if l.gives(piece) {
			n++
		}
	}
	return n
}

// level gives the parts of the links that may take part, and the time at which they have
// together sent n blocks, in nanoseconds from now. None of them is idle before.
func (c *Core) level(now time.Duration, n int, may func(*Link) bool) ([]part, float64) {
	c.board.update(now)
	c.board.levels++
	parts := c.parts[:0]
	perSecond, owed, at := 0.0, float64(n), math.Inf(1)
	for i := range c.board.order {
		o, own := c.board.lane(now, i)
		a := o.share(now, own)
		if a.start >= at {
			break
		}
		if !may(a.l) {
			continue
		}
		parts = append(parts, a)
		perSecond += 1 / a.each
		owed += a.start / a.each
		at = owed / perSecond
	}
	c.parts = parts
	return parts, at
}

// next gives the time at which the next block after the part comes.
func (a *part) next() float64 { return a.start + float64(a.blocks+1)*a.each }

// before reports whether a's next block comes sooner than b's.
func (a *part) before(b *part) bool {
	x, y := a.next(), b.next()
	return x < y || x == y && a.l.id < b.l.id
}
