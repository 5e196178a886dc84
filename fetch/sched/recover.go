package sched

import (
	"bytes"
	"time"

	"github.com/btgw/btgw/fetch/blame"
	"github.com/btgw/btgw/metainfo"
)

// How a piece that failed its hash comes again is decided by package blame. Here it is asked for.

// recover has what is not credible of a failed piece come again, each block of a peer that has not
// sent it yet, if there are peers enough. The caller sets known where a liar among the senders is known now.
func (c *Core) recover(now time.Duration, f *Flight, known bool) bool {
	if c.alone(now, f) {
		return false
	}
	switch step, doubt := f.Case.Next(known); step {
	case blame.Alone:
		return false
	case blame.Refetch:
		return c.refetch(now, f)
	case blame.Keep:
		f.keep(doubt)
	}
	if f.left == 0 && f.Case.Repeats(f.Bytes) || c.exhausted(now, f) {
		f.reset()
		return c.refetch(now, f)
	}
	if f.left == 0 {
		c.Review = append(c.Review, f)
	}
	return true
}

// refetch has all of a failed piece come again, each block of a peer that has not sent it yet. Some
// were believed of one peer alone, for all that is known of it, and nobody contradicted it. It is done
// once, and once more when a peer is found to have lied; it is not where a block would have nobody left
// to send it.
func (c *Core) refetch(now time.Duration, f *Flight) bool {
	if !f.Case.Refetching() {
		return false
	}
	if c.exhausted(now, f) {
		f.Case.Apart = false
		return false
	}
	return true
}

// exhausted reports whether there may be a block that nobody is left to send: each that sent a version
// of it is ruled out.
func (c *Core) exhausted(now time.Duration, f *Flight) bool {
	most := 0
	here := func(l *Link) bool { return !l.Gone }
	for n := range f.Blocks {
		if f.Blocks[n].State == blockFree {
			most = max(most, f.Case.Senders(n, here))
		}
	}
	return f.free > 0 && c.holders(now, f.Piece, most+1) <= most
}

// holders counts the peers that keep their time and have the piece, up to most.
func (c *Core) holders(now time.Duration, piece, most int) int {
	n := 0
	for _, l := range c.Links {
		if l.late == 0 && l.holds(now, piece) {
			if n++; n == most {
				break
			}
		}
	}
	return n
}

// avoids reports whether block n should come from somebody else than l.
func (f *Flight) avoids(l *Link, n int) bool { return f.Case.Apart && f.Case.Sent(l, n) }

// compare holds block n, which came just now, against what others sent of it.
func (c *Core) compare(f *Flight, n int) {
	if f.Case.Compare(&c.book, n, f.Blocks[n].from, f.Bytes(n)) {
		f.cursor = 0
	}
}

// keep takes over the versions that are less in doubt than most, 1 being any of a peer that was not
// convicted.
func (f *Flight) keep(most float64) {
	for n := range f.Blocks {
		b := &f.Blocks[n]
		if b.State == BlockDone || b.Placing != nil {
			continue
		}
		if bytes, from, ok := f.Case.Believed(n, most); ok {
			copy(f.Place(n), bytes)
			f.arrive(from, n)
			b.kept = true
		}
	}
}

// Reconsider puts a failed piece together from what others sent than those that are convicted by now.
// One that comes of one peer alone, since many lied, goes on.
func (c *Core) Reconsider(now time.Duration, f *Flight) {
	f.News = false
	if !f.Case.Informed() || c.alone(now, f) && f.parole != nil {
		c.rid(f)
		return
	}
	f.parole = nil
	f.Case.Reconsider()
	for n := range f.Blocks {
		b := &f.Blocks[n]
		if b.State == BlockDone && b.from.Convicted {
			f.Blocks[n] = Block{Placing: b.Placing}
			f.left, f.free = f.left+1, f.free+1
			if alt := f.Alts[n]; alt != nil {
				alt.Release()
				delete(f.Alts, n)
			}
		}
	}
	f.cursor, f.Hashed, f.Verifier = 0, 0, nil
	f.keep(1)
	for _, l := range c.Links {
		for i := len(l.queue) - 1; i >= 0; i-- {
			if r := l.queue[i]; r.Flight == f && f.Blocks[r.Block].State == BlockDone {
				c.cancel(l, i)
			}
		}
	}
	switch {
	case f.left == 0:
		c.Review = append(c.Review, f)
	case c.alone(now, f):
		c.reparole(now, f)
	}
	c.freed()
	c.Kick = true
}

// Suspect is the next peer that must have lied if one alone did, of whose blocks there is another
// version by now; nil if there is none.
func (f *Flight) Suspect() *Link {
	if f.Dead {
		return nil
	}
	l, _ := f.Case.Suspect(func(n int) bool { return f.Blocks[n].State == BlockDone })
	return l
}

// Reconcile makes a right piece of the copy that failed, and of what came again in place of what the
// one peer sent that must have lied; good hashes. It is called until there is no Suspect. Only the
// goroutine that hashes the piece may call it; for good the lock may be let go, for what parts holds is
// constant.
func (c *Core) Reconcile(f *Flight, good func(parts [][]byte) bool) bool {
	l := f.Suspect()
	copies := f.Copies
	f.Case.Clear(l)
	parts, from, release := f.Case.Without(l, func(n int) ([]byte, *Link) { return f.Bytes(n), f.Blocks[n].from })
	defer release()
	if !good(parts) || f.Dead || f.Copies != copies {
		return false
	}
	c.cancelAll(f)
	c.reconciled(f, l, parts, from)
	return true
}

// reconciled makes the right blocks the piece's. Those that sent others of them again are noted.
func (c *Core) reconciled(f *Flight, liar *Link, parts [][]byte, from []*Link) {
	whole := c.memory.Buffer(f.Size)
	for n, p := range parts {
		copy(whole.Bytes()[n*metainfo.BlockLen:], p)
		// What has not arrived may be written to at this moment.
		if b := &f.Blocks[n]; b.State == BlockDone && !b.kept && from[n] != b.from {
			c.spoil(f, n)
			if !bytes.Equal(f.Bytes(n), p) {
				f.liars = append(f.liars, b.from)
			}
		}
	}
	f.ReleaseAlts()
	f.Buf.Release()
	f.Buf = whole
	for n := range f.Blocks {
		f.Blocks[n] = Block{State: BlockDone, from: from[n], kept: !f.Case.OfFirst(n, liar)}
	}
	f.left, f.free = 0, 0
	c.Stats.HashFailures++
}
