package sched

import (
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/peer"
)

// Peers of which nothing is known yet check each other: behind its part of the
// piece that a reader waits for, each is asked for one block that its neighbour
// sent. The copies come with the end of the piece and hold nothing up. If its hash
// is right they were in vain, once for each peer. If not, they are the first
// second versions, a round trip before any other can come: a liar among honest
// peers is in two conflicts then, and what it sent is asked for again before the
// rest (package blame).

const (
	// checkedPart is the least part of a piece, in blocks, that is checked. Second
	// versions of less come soon, and a copy would cost more than an eighth.
	checkedPart = 8
	// leastChecked is how many peers must have such a part: of two that differ
	// nobody knows which one lied.
	leastChecked = 3
)

// A check is a block that came of another peer as well.
type check struct {
	l   *Link
	n   int
	buf *cache.Buffer
}

// check asks l for a block that its neighbour sent of a piece that a reader waits
// for, if neither has shown yet what it is worth. It returns how many it asked for.
func (c *Core) check(now time.Duration, l *Link) int {
	if l.checks || l.Proven > 0 || l.late > 0 {
		return 0
	}
	for _, w := range c.Stalled {
		f := c.Flights[c.at(w)]
		if f == nil || f.free > 0 || f.left == 0 || f.parole != nil || f.Case.Failed() || !c.asks(now, l, f.Piece) {
			continue
		}
		if n := c.neighbours(f, l); n >= 0 {
			l.checks = true
			l.push(now, Request{Flight: f, Block: n, at: now, Copy: f.Copies, Check: true})
			c.Stats.Requested++
			c.send(l, peer.Request, c.Info.Block(f.Piece, n))
			return 1
		}
	}
	return 0
}

// neighbours is a block that came of l's neighbour among those that have a part in
// the piece worth checking, or -1.
func (c *Core) neighbours(f *Flight, l *Link) int {
	for _, o := range c.Links {
		o.part = 0
	}
	for i := range f.Blocks {
		if b := &f.Blocks[i]; b.from != nil {
			b.from.part++
		} else if b.askers[0] != nil {
			b.askers[0].part++
		}
	}
	if l.part < checkedPart {
		return -1
	}
	all, self := 0, 0
	var first, next *Link
	for _, o := range c.Links {
		if o.part < checkedPart || o.Proven > 0 {
			continue
		}
		all++
		switch {
		case o == l:
			self = all
		case first == nil:
			first = o
		}
		if self > 0 && o != l && next == nil {
			next = o
		}
	}
	if next == nil {
		next = first // round to the beginning
	}
	if all < leastChecked || self == 0 {
		return -1
	}
	for n := range f.Blocks {
		// What l is sending already would come as the check, into the piece.
		if b := &f.Blocks[n]; b.from == next && b.Placing != l && !l.recalled(f, n) {
			return n
		}
	}
	return -1
}

// checked takes in a check that came before its piece was hashed.
func (f *Flight) checked(l *Link, n int, buf *cache.Buffer) {
	f.checks = append(f.checks, check{l, n, buf})
}

// useChecks makes the checks of a copy that failed, those that came and those that
// are on their way, versions of the next one.
func (c *Core) useChecks(f *Flight) {
	checks := f.checks
	f.checks = nil
	for _, x := range checks {
		if f.welcomes(x.l, x.n) {
			copy(f.Place(x.n), x.buf.Bytes())
			f.arrive(x.l, x.n)
			c.compare(f, x.n)
		}
		x.buf.Release()
	}
	for _, l := range c.Links {
		for i := len(l.queue) - 1; i >= 0; i-- {
			r := &l.queue[i]
			switch {
			case r.Flight != f || r.Copy == f.Copies:
			case f.welcomes(l, r.Block):
				r.Check, r.Copy = false, f.Copies
				f.ask(l, r.Block)
			default:
				c.cancel(l, i)
			}
		}
	}
}

// welcomes reports whether l's version of block n is wanted.
func (f *Flight) welcomes(l *Link, n int) bool {
	return f.Case.Apart && f.Blocks[n].State == blockFree && !l.Gone && !f.avoids(l, n)
}

// dropChecks lets the checks go: the piece was right, or is given up.
func (f *Flight) dropChecks() (size int) {
	for _, x := range f.checks {
		size += f.BlockSize(x.n)
		x.buf.Release()
	}
	f.checks = nil
	return size
}
