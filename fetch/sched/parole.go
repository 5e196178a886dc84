package sched

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/peer"
)

// Arrived takes in a block whose bytes are in place: in the piece's buffer, or
// in alt where a slower copy holds the place. It reports whether the block was
// of use; alt is the core's if it was.
func (c *Core) Arrived(now time.Duration, l *Link, f *Flight, n int, alt *cache.Buffer) bool {
	size := f.BlockSize(n)
	c.Stats.Received += int64(size)
	checks := false
	if i := l.Find(f, n); i >= 0 {
		if i == 0 {
			l.moved = now
		}
		r := l.remove(i)
		checks = r.Check
		f.unaskQuiet(l, n)
		unknown := l.Rate == 0
		l.took(now, r, size, l.unforget(f, n))
		c.reclaim(l, now)
		if unknown && l.Rate > 0 {
			c.learn()
		}
	} else {
		l.unforget(f, n)
		l.arrived = now
		l.change()
	}
	b := &f.Blocks[n]
	if checks && !f.Dead {
		f.checked(l, n, alt)
		return true
	}
	if f.Dead || b.State == BlockDone {
		c.Stats.Wasted += int64(size)
		return false
	}
	for _, other := range b.askers {
		if other == nil || other == l {
			continue
		}
		if i := other.Find(f, n); i >= 0 {
			c.cancelQuiet(other, i)
		}
	}
	if alt != nil {
		if b.Placing == nil {
			copy(f.Place(n), alt.Bytes()[:size])
			alt.Release()
		} else {
			if f.Alts == nil {
				f.Alts = make(map[int]*cache.Buffer)
			}
			f.Alts[n] = alt
		}
	}
	f.arrive(l, n)
	c.compare(f, n)
	if f.parked > 0 {
		f.parked = now
	}
	return true
}

// Refuse counts a block that nobody wants any more, or never asked for; its
// bytes are skipped on the wire.
func (c *Core) Refuse(now time.Duration, l *Link, r Request, asked bool, size int) {
	c.Void(size)
	if !asked {
		return
	}
	l.glimpse(now, r)
	l.deep = 0
	l.change()
	l.arrived = max(l.arrived, now)
	if i := l.Find(r.Flight, r.Block); i >= 0 {
		l.remove(i)
		r.Flight.unask(l, r.Block)
		c.freed()
		c.Kick = true
	} else {
		l.unforget(r.Flight, r.Block)
	}
}

// Void counts bytes that came in vain.
func (c *Core) Void(size int) {
	c.Stats.Received += int64(size)
	c.Stats.Wasted += int64(size)
}

// unaskQuiet takes l from the askers of a block without freeing it: its bytes
// are here.
func (f *Flight) unaskQuiet(l *Link, n int) {
	b := &f.Blocks[n]
	if b.askers[0] == l {
		b.askers[0], b.askers[1] = b.askers[1], nil
	} else if b.askers[1] == l {
		b.askers[1] = nil
	}
}

// cancelQuiet cancels the copy of a block that lost the race.
func (c *Core) cancelQuiet(l *Link, i int) {
	sinks := l.sinks(i)
	r := l.remove(i)
	r.Flight.unaskQuiet(l, r.Block)
	r.behind, r.sunk = i+l.sunk, sinks
	l.forget(r)
	if len(l.queue) == 0 {
		l.meter.stop()
	}
	c.send(l, peer.Cancel, c.Info.Block(r.Flight.Piece, r.Block))
	c.Kick = true
}

// Verified takes in the result of a piece's hash. It reports whether the piece
// is good; its buffer is the caller's then. Otherwise the piece is fetched
// again: from others (opinion.go), or from one peer alone.
func (c *Core) Verified(now time.Duration, f *Flight, ok bool) bool {
	if !ok {
		c.failed(now, f)
		return false
	}
	c.Stats.Verified++
	c.Have.Set(f.Piece)
	f.Dead = true
	delete(c.Flights, f.Piece)
	c.Order = slices.DeleteFunc(c.Order, func(x *Flight) bool { return x == f })
	c.blame(now, f)
	for n := range f.Blocks {
		b := &f.Blocks[n]
		if b.from.Proven < maxProven {
			b.from.Proven++
		}
		if b.kept { // it was of use after all
			c.Stats.Wasted -= int64(f.BlockSize(n))
			c.Stats.failed -= int64(f.BlockSize(n))
		}
	}
	c.Stats.Wasted += int64(f.dropChecks())
	return true
}

// failed keeps the bad copy and puts the piece on parole. A copy that came
// from one peer alone is proof against it.
func (c *Core) failed(now time.Duration, f *Flight) {
	c.Stats.HashFailures++
	f.last = make([]*Link, len(f.Blocks))
	bad := &Failure{Buf: f.Buf, from: make([]*Link, len(f.Blocks))}
	known := false
	for i, b := range f.Blocks {
		f.last[i] = b.from
		known = known || b.from.convicted
		if !b.kept {
			bad.from[i] = b.from
			c.spoil(f, i)
		}
	}
	guilty := f.contributors()
	if len(guilty) == 1 {
		// Proof: the copy need not be kept to compare.
		guilty[0].Wrong = f.Piece
		f.kin(bad)
		f.Hashing = true // it is dealt with here
		c.convict(now, guilty[0], "sent a piece that failed its hash, alone")
		f.Hashing, f.News = false, false
		bad.Buf.Release()
		known = true
	} else {
		c.accuse(f, bad)
	}
	f.Buf = c.memory.Buffer(f.Size)
	f.reset()
	f.parole = nil
	if !c.seekOpinion(now, f, known) {
		c.reparole(now, f)
	}
	c.useChecks(f) // nothing else is under way
	c.freed()
	c.Kick = true
}

// spoil counts a block of a copy that failed.
func (c *Core) spoil(f *Flight, n int) {
	c.Stats.Wasted += int64(f.BlockSize(n))
	c.Stats.failed += int64(f.BlockSize(n))
}

// accuse keeps what came of a failed copy, to find who lied, if there is memory.
func (c *Core) accuse(f *Flight, x *Failure) {
	left := false
	for n, l := range x.from {
		if l == nil {
			continue
		}
		if y := f.room(n); y != nil {
			copy(y.block(f, n), x.block(f, n))
			y.from[n], x.from[n] = l, nil
		} else {
			left = true
		}
	}
	if left && len(f.Failed) < keptFailures && c.memory.Room(f.Size, f.urgent) {
		c.memory.Hold(f.Size)
		f.Failed = append(f.Failed, x)
	} else {
		x.Buf.Release()
	}
}

// forget gives back the failed copies.
func (c *Core) forget(f *Flight) {
	for _, x := range f.Failed {
		x.Buf.Release()
		c.memory.Free(f.Size)
	}
	f.Failed = nil
}

// room is the copy that holds no opinion of block n, or one of a convicted peer.
func (f *Flight) room(n int) *Failure {
	for _, x := range f.Failed {
		if x.from[n] == nil || x.from[n].convicted {
			return x
		}
	}
	return nil
}

// trust ranks peers for a piece that failed: who keeps its time, where several lied who
// is least in league with them, then who would be done first, where suspicion counts
// several times.
type trust struct {
	late   int
	league int
	eta    time.Duration
}

func (c *Core) trust(now time.Duration, l *Link, f *Flight) trust {
	league := 0
	if c.wary() {
		league = l.league()
	}
	return trust{min(l.late, 1), league, l.eta(now, len(l.queue)+len(f.Blocks)) * time.Duration(1+16*l.suspicion())}
}

func (a trust) less(b trust) bool {
	return cmp.Or(cmp.Compare(a.late, b.late), cmp.Compare(a.league, b.league), cmp.Compare(a.eta, b.eta)) < 0
}

// relieve takes a piece that a reader waits for from its parole peer, if another
// would have all of it in half of the time that the rest would take; a quarter the
// second time, and so on, for what came is thrown away.
func (c *Core) relieve(now time.Duration, f *Flight) {
	l := f.parole
	if l == nil || f.left == 0 || f.relieved == maxRelieved {
		return
	}
	better := time.Duration(2) << f.relieved
	rest := l.eta(now, max(len(l.queue), f.left))
	for _, o := range c.Links {
		if o != l && o.late == 0 && o.holds(now, f.Piece) && better*c.trust(now, o, f).eta < rest {
			f.relieved++
			c.reparole(now, f)
			return
		}
	}
}

// reparole chooses the peer that a failed piece is fetched from, by trust.
// What was fetched from the last one is thrown away: only a copy from one peer
// tells who lied.
func (c *Core) reparole(now time.Duration, f *Flight) {
	if f.left == 0 {
		return // it is being hashed
	}
	if len(f.Failed) == 0 {
		f.parole = nil
		return
	}
	last := f.parole
	if f.begun() {
		// The buffer may still be written to: take a fresh one.
		f.Buf.Release()
		f.Buf = c.memory.Buffer(f.Size)
	}
	c.cancelAll(f)
	f.reset()
	f.parole = nil
	for _, l := range c.Links {
		if l == last || l.Gone || l.Choked || !l.Has.Has(f.Piece) {
			continue
		}
		if f.parole == nil || c.trust(now, l, f).less(c.trust(now, f.parole, f)) {
			f.parole = l
		}
	}
	if f.parole == nil && last != nil && !last.Gone && !last.Choked && last.Has.Has(f.Piece) {
		f.parole = last
	}
	c.freed()
	c.Kick = true
}

// blame compares a good piece with the copies that failed: whoever sent a
// block that differs lied (smart ban).
func (c *Core) blame(now time.Duration, f *Flight) {
	for _, bad := range f.Failed {
		for n, l := range bad.from {
			if l != nil && !l.convicted && !bytes.Equal(bad.block(f, n), f.Bytes(n)) {
				l.Wrong = f.Piece
				c.convict(now, l, "sent a block that differs from the verified piece")
			}
		}
	}
	c.forget(f)
	f.parole = nil
}

// suspects returns the links that sent blocks of the copy, once each.
func (x *Failure) suspects() []*Link {
	var all []*Link
	for _, l := range x.from {
		if l != nil && !contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// convict bans a peer, once.
func (c *Core) convict(now time.Duration, l *Link, reason string) {
	if l.convicted || l.ours {
		return
	}
	l.convicted = true
	c.convictions++
	c.effects = append(c.effects, Effect{Link: l, Ban: reason})
	if !l.Gone {
		c.Leave(now, l)
	}
	c.clear(l)
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
	for _, x := range f.Failed {
		if contains(x.from, l) {
			return true
		}
	}
	for n := range f.Blocks {
		if f.Blocks[n].from == l {
			return true
		}
	}
	return false
}
