package fetch

import (
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/peer"
)

// Peers of which nothing is known yet check each other: behind its part of the
// piece that a reader waits for, each is asked for one block that its neighbour
// sent. The copies come with the end of the piece and hold nothing up. If its hash
// is right they were in vain, once for each peer. If not, they are the first
// second opinions, a round trip before any other can come: a liar among honest
// peers is in two disputes then, and what it sent is asked for again before the
// rest (opinion.go).

const (
	// checkedPart is the least part of a piece, in blocks, that is checked. Second
	// opinions of less come soon, and a copy would cost more than an eighth.
	checkedPart = 8
	// leastChecked is how many peers must have such a part: of two that differ
	// nobody knows which one lied.
	leastChecked = 3
)

// A check is a block that came of another peer as well.
type check struct {
	l   *link
	n   int
	buf *cache.Buffer
}

// check asks l for a block that its neighbour sent of a piece that a reader waits
// for, if neither has shown yet what it is worth. It returns how many it asked for.
func (c *core) check(now time.Duration, l *link) int {
	if l.checks || l.proven > 0 || l.late > 0 {
		return 0
	}
	for _, w := range c.stalled {
		f := c.flights[int(w.pos/c.info.PieceLength)]
		if f == nil || f.free > 0 || f.left == 0 || f.parole != nil || len(f.failed) > 0 || !l.holds(now, f.piece) {
			continue
		}
		if n := c.neighbours(f, l); n >= 0 {
			l.checks = true
			l.push(now, request{f: f, n: n, at: now, copy: f.copies, check: true})
			c.stats.requested++
			c.send(l, peer.Request, c.info.Block(f.piece, n))
			return 1
		}
	}
	return 0
}

// neighbours is a block that came of l's neighbour among those that have a part in
// the piece worth checking, or -1.
func (c *core) neighbours(f *flight, l *link) int {
	for _, o := range c.links {
		o.part = 0
	}
	for i := range f.blocks {
		if b := &f.blocks[i]; b.from != nil {
			b.from.part++
		} else if b.askers[0] != nil {
			b.askers[0].part++
		}
	}
	if l.part < checkedPart {
		return -1
	}
	all, self := 0, 0
	var first, next *link
	for _, o := range c.links {
		if o.part < checkedPart || o.proven > 0 {
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
	for n := range f.blocks {
		// What l is sending already would come as the check, into the piece.
		if b := &f.blocks[n]; b.from == next && b.placing != l && !l.recalled(f, n) {
			return n
		}
	}
	return -1
}

// checked takes in a check that came before its piece was hashed.
func (f *flight) checked(l *link, n int, buf *cache.Buffer) {
	f.checks = append(f.checks, check{l, n, buf})
}

// useChecks makes the checks of a copy that failed, those that came and those that
// are on their way, opinions of the next one.
func (c *core) useChecks(f *flight) {
	checks := f.checks
	f.checks = nil
	for _, x := range checks {
		if f.welcomes(x.l, x.n) {
			copy(f.place(x.n), x.buf.Bytes())
			f.arrive(x.l, x.n)
			c.compare(f, x.n)
		}
		x.buf.Release()
	}
	for _, l := range c.links {
		for i := len(l.queue) - 1; i >= 0; i-- {
			r := &l.queue[i]
			switch {
			case r.f != f || r.copy == f.copies:
			case f.welcomes(l, r.n):
				r.check, r.copy = false, f.copies
				f.ask(l, r.n)
			default:
				c.cancel(l, i)
			}
		}
	}
}

// welcomes reports whether l's opinion of block n is wanted.
func (f *flight) welcomes(l *link, n int) bool {
	return f.opinions && f.blocks[n].state == blockFree && !l.gone && !f.avoids(l, n)
}

// dropChecks lets the checks go: the piece was right, or is given up.
func (f *flight) dropChecks() (size int) {
	for _, x := range f.checks {
		size += f.blockSize(x.n)
		x.buf.Release()
	}
	f.checks = nil
	return size
}
