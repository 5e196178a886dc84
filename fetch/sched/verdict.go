package sched

import (
	"slices"
	"time"

	"github.com/btgw/btgw/fetch/blame"
)

// Verified takes in the result of a piece's hash. It reports whether the piece
// is good; its buffer is the caller's then. Otherwise the piece is fetched
// again: from others, or from one peer alone.
func (c *Core) Verified(now time.Duration, f *Flight, ok bool) bool {
	if !ok {
		c.failed(now, f)
		return false
	}
	c.Stats.Verified++
	c.Have.Set(f.Piece)
	c.wishing = true
	c.wishCame(f.Piece)
	f.Dead = true
	c.leaveOutside(f, false)
	delete(c.Flights, f.Piece)
	c.Order = slices.DeleteFunc(c.Order, func(x *Flight) bool { return x == f })
	c.takeOver(now)
	c.comesCloser(int64(f.Size))
	c.blame(now, f)
	for n := range f.Blocks {
		b := &f.Blocks[n]
		b.from.Prove()
		if b.kept { // it was of use after all
			c.Stats.Wasted -= int64(f.BlockSize(n))
			c.Stats.failed -= int64(f.BlockSize(n))
		}
	}
	f.dropChecks()
	return true
}

// failed learns from the bad copy, and has the piece come again. A copy that came from one peer
// alone is proof against it.
func (c *Core) failed(now time.Duration, f *Flight) {
	c.Stats.HashFailures++
	bad := blame.Copy[*Link]{
		Memory: versionMemory{c.memory, f.urgent}, Block: f.Buf,
		From: make([]*Link, len(f.Blocks)), Kept: make([]bool, len(f.Blocks)),
	}
	known := false
	for n, b := range f.Blocks {
		bad.From[n], bad.Kept[n] = b.from, b.kept
		known = known || b.from.Convicted
		if !b.kept {
			c.spoil(f, n)
		}
	}
	room := true
	if guilty := f.contributors(); len(guilty) == 1 {
		guilty[0].Wrong = f.Piece
		f.Case.Alone(&bad)
		f.Hashing = true // it is dealt with here
		c.convict(now, guilty[0], "sent a piece that failed its hash, alone")
		f.Hashing, f.News = false, false
		known = true
	} else {
		room = f.Case.Fail(&bad)
	}
	f.Buf.Release()
	f.Buf = c.memory.Buffer(f.Size)
	f.reset()
	f.parole = nil
	c.doubt = c.wary()
	if !room || !c.recover(now, f, known) {
		c.reparole(now, f)
	}
	f.acquit()
	c.freed()
	c.Kick = true
}

// versionMemory is the memory of pieces, for the versions of one.
type versionMemory struct {
	of     Memory
	urgent bool // a reader waits for the piece
}

var _ blame.Memory = versionMemory{}

// Keep implements blame.Memory.
func (m versionMemory) Keep(n int) bool {
	if !m.of.Room(n, m.urgent) {
		return false
	}
	m.of.Hold(n)
	return true
}

// Forget implements blame.Memory.
func (m versionMemory) Forget(n int) { m.of.Free(n) }

// Block implements blame.Memory.
func (m versionMemory) Block(n int) blame.Block { return m.of.Buffer(n) }

// spoil counts a block of a copy that failed.
func (c *Core) spoil(f *Flight, n int) {
	c.Stats.Wasted += int64(f.BlockSize(n))
	c.Stats.failed += int64(f.BlockSize(n))
}

// blame convicts those that sent a block which differs from the right piece (smart ban).
func (c *Core) blame(now time.Duration, f *Flight) {
	lied := func(l *Link) {
		if !l.Convicted {
			l.Wrong = f.Piece
			c.convict(now, l, "sent a block that differs from the verified piece")
		}
	}
	f.Case.Liars(f.Bytes, lied)
	for _, l := range append(f.liars, f.lied()...) {
		lied(l)
	}
	f.Case.Close()
	f.parole = nil
}

// convict bans a peer, once.
func (c *Core) convict(now time.Duration, l *Link, reason string) {
	if l.ours || !c.book.Convict(l) {
		return
	}
	c.effects = append(c.effects, Effect{Link: l, Ban: reason})
	if !l.Gone {
		c.Leave(now, l)
	}
	for _, f := range c.Order {
		if !f.sentBy(l) {
			continue
		}
		f.News = true
		if !f.Hashing {
			c.Reconsider(now, f)
		}
	}
}

// sentBy reports whether l sent blocks of a copy that failed, or of what there is
// now.
func (f *Flight) sentBy(l *Link) bool {
	if f.Case.SentAny(l) {
		return true
	}
	for n := range f.Blocks {
		if f.Blocks[n].from == l {
			return true
		}
	}
	return false
}
