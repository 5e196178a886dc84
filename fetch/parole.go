package fetch

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/peer"
)

// arrived takes in a block whose bytes are in place: in the piece's buffer, or
// in alt where a slower copy holds the place. It reports whether the block was
// of use; alt is the core's if it was.
func (c *core) arrived(now time.Duration, l *link, f *flight, n int, alt *cache.Buffer) bool {
	size := f.blockSize(n)
	c.stats.received += int64(size)
	checks := false
	if i := l.find(f, n); i >= 0 {
		if i == 0 {
			l.moved = now
		}
		r := l.remove(i)
		checks = r.check
		f.unaskQuiet(l, n)
		unknown := l.rate == 0
		l.took(now, r, size, l.unforget(f, n))
		c.reclaim(l, now)
		if unknown && l.rate > 0 {
			c.learn()
		}
	} else {
		l.unforget(f, n)
		l.arrived = now
	}
	b := &f.blocks[n]
	if checks && !f.dead {
		f.checked(l, n, alt)
		return true
	}
	if f.dead || b.state == blockDone {
		c.stats.wasted += int64(size)
		return false
	}
	for _, other := range b.askers {
		if other == nil || other == l {
			continue
		}
		if i := other.find(f, n); i >= 0 {
			c.cancelQuiet(other, i)
		}
	}
	if alt != nil {
		if b.placing == nil {
			copy(f.place(n), alt.Bytes()[:size])
			alt.Release()
		} else {
			if f.alts == nil {
				f.alts = make(map[int]*cache.Buffer)
			}
			f.alts[n] = alt
		}
	}
	f.arrive(l, n)
	c.compare(f, n)
	if f.parked > 0 {
		f.parked = now
	}
	return true
}

// refuse counts a block that nobody wants any more, or never asked for; its
// bytes are skipped on the wire.
func (c *core) refuse(now time.Duration, l *link, r request, asked bool, size int) {
	c.void(size)
	if !asked {
		return
	}
	l.glimpse(now, r)
	l.arrived = max(l.arrived, now)
	if i := l.find(r.f, r.n); i >= 0 {
		l.remove(i)
		r.f.unask(l, r.n)
		c.front, c.kick = 0, true
	} else {
		l.unforget(r.f, r.n)
	}
}

// void counts bytes that came in vain.
func (c *core) void(size int) {
	c.stats.received += int64(size)
	c.stats.wasted += int64(size)
}

// unaskQuiet takes l from the askers of a block without freeing it: its bytes
// are here.
func (f *flight) unaskQuiet(l *link, n int) {
	b := &f.blocks[n]
	if b.askers[0] == l {
		b.askers[0], b.askers[1] = b.askers[1], nil
	} else if b.askers[1] == l {
		b.askers[1] = nil
	}
}

// cancelQuiet cancels the copy of a block that lost the race.
func (c *core) cancelQuiet(l *link, i int) {
	sinks := l.sinks(i)
	r := l.remove(i)
	r.f.unaskQuiet(l, r.n)
	r.behind, r.sunk = i+l.sunk, sinks
	l.forget(r)
	if len(l.queue) == 0 {
		l.meter.stop()
	}
	c.send(l, peer.Cancel, c.info.Block(r.f.piece, r.n))
	c.kick = true
}

// verified takes in the result of a piece's hash. It reports whether the piece
// is good; its buffer is the caller's then. Otherwise the piece is fetched
// again: from others (opinion.go), or from one peer alone.
func (c *core) verified(now time.Duration, f *flight, ok bool) bool {
	if !ok {
		c.failed(now, f)
		return false
	}
	c.stats.verified++
	c.have.Set(f.piece)
	f.dead = true
	delete(c.flights, f.piece)
	c.order = slices.DeleteFunc(c.order, func(x *flight) bool { return x == f })
	c.blame(now, f)
	for n := range f.blocks {
		b := &f.blocks[n]
		if b.from.proven < maxProven {
			b.from.proven++
		}
		if b.kept { // it was of use after all
			c.stats.wasted -= int64(f.blockSize(n))
			c.stats.failed -= int64(f.blockSize(n))
		}
	}
	c.stats.wasted += int64(f.dropChecks())
	return true
}

// failed keeps the bad copy and puts the piece on parole. A copy that came
// from one peer alone is proof against it.
func (c *core) failed(now time.Duration, f *flight) {
	c.stats.hashFailures++
	f.last = make([]*link, len(f.blocks))
	bad := &failure{buf: f.buf, from: make([]*link, len(f.blocks))}
	known := false
	for i, b := range f.blocks {
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
		guilty[0].wrong = f.piece
		f.kin(bad)
		f.hashing = true // it is dealt with here
		c.convict(now, guilty[0], "sent a piece that failed its hash, alone")
		f.hashing, f.news = false, false
		bad.buf.Release()
		known = true
	} else {
		c.accuse(f, bad)
	}
	f.buf = c.memory.buffer(f.size)
	f.reset()
	f.parole = nil
	if !c.seekOpinion(now, f, known) {
		c.reparole(now, f)
	}
	c.useChecks(f) // nothing else is under way
	c.front, c.kick = 0, true
}

// spoil counts a block of a copy that failed.
func (c *core) spoil(f *flight, n int) {
	c.stats.wasted += int64(f.blockSize(n))
	c.stats.failed += int64(f.blockSize(n))
}

// accuse keeps what came of a failed copy, to find who lied, if there is memory.
func (c *core) accuse(f *flight, x *failure) {
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
	if left && len(f.failed) < keptFailures && c.memory.room(f.size, f.urgent) {
		c.memory.hold(f.size)
		f.failed = append(f.failed, x)
	} else {
		x.buf.Release()
	}
}

// forget gives back the failed copies.
func (c *core) forget(f *flight) {
	for _, x := range f.failed {
		x.buf.Release()
		c.memory.free(f.size)
	}
	f.failed = nil
}

// room is the copy that holds no opinion of block n, or one of a convicted peer.
func (f *flight) room(n int) *failure {
	for _, x := range f.failed {
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

func (c *core) trust(now time.Duration, l *link, f *flight) trust {
	league := 0
	if c.wary() {
		league = l.league()
	}
	return trust{min(l.late, 1), league, l.eta(now, len(l.queue)+len(f.blocks)) * time.Duration(1+16*l.suspicion())}
}

func (a trust) less(b trust) bool {
	return cmp.Or(cmp.Compare(a.late, b.late), cmp.Compare(a.league, b.league), cmp.Compare(a.eta, b.eta)) < 0
}

// relieve takes a piece that a reader waits for from its parole peer, if another
// would have all of it in half of the time that the rest would take; a quarter the
// second time, and so on, for what came is thrown away.
func (c *core) relieve(now time.Duration, f *flight) {
	l := f.parole
	if l == nil || f.left == 0 || f.relieved == maxRelieved {
		return
	}
	better := time.Duration(2) << f.relieved
	rest := l.eta(now, max(len(l.queue), f.left))
	for _, o := range c.links {
		if o != l && o.late == 0 && o.holds(now, f.piece) && better*c.trust(now, o, f).eta < rest {
			f.relieved++
			c.reparole(now, f)
			return
		}
	}
}

// reparole chooses the peer that a failed piece is fetched from, by trust.
// What was fetched from the last one is thrown away: only a copy from one peer
// tells who lied.
func (c *core) reparole(now time.Duration, f *flight) {
	if f.left == 0 {
		return // it is being hashed
	}
	if len(f.failed) == 0 {
		f.parole = nil
		return
	}
	last := f.parole
	if f.begun() {
		// The buffer may still be written to: take a fresh one.
		f.buf.Release()
		f.buf = c.memory.buffer(f.size)
	}
	c.cancelAll(f)
	f.reset()
	f.parole = nil
	for _, l := range c.links {
		if l == last || l.gone || l.choked || !l.has.Has(f.piece) {
			continue
		}
		if f.parole == nil || c.trust(now, l, f).less(c.trust(now, f.parole, f)) {
			f.parole = l
		}
	}
	if f.parole == nil && last != nil && !last.gone && !last.choked && last.has.Has(f.piece) {
		f.parole = last
	}
	c.front, c.kick = 0, true
}

// blame compares a good piece with the copies that failed: whoever sent a
// block that differs lied (smart ban).
func (c *core) blame(now time.Duration, f *flight) {
	for _, bad := range f.failed {
		for n, l := range bad.from {
			if l != nil && !l.convicted && !bytes.Equal(bad.block(f, n), f.bytes(n)) {
				l.wrong = f.piece
				c.convict(now, l, "sent a block that differs from the verified piece")
			}
		}
	}
	c.forget(f)
	f.parole = nil
}

// suspects returns the links that sent blocks of the copy, once each.
func (x *failure) suspects() []*link {
	var all []*link
	for _, l := range x.from {
		if l != nil && !contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// convict bans a peer, once.
func (c *core) convict(now time.Duration, l *link, reason string) {
	if l.convicted || l.ours {
		return
	}
	l.convicted = true
	c.convictions++
	c.effects = append(c.effects, effect{l: l, ban: reason})
	if !l.gone {
		c.leave(now, l)
	}
	c.clear(l)
	for _, f := range c.order {
		if !f.sentBy(l) {
			continue
		}
		f.news = true
		if !f.hashing {
			c.reconsider(now, f)
		}
	}
}

// sentBy reports whether l sent blocks of a copy that failed, or of what there is
// now.
func (f *flight) sentBy(l *link) bool {
	for _, x := range f.failed {
		if contains(x.from, l) {
			return true
		}
	}
	for n := range f.blocks {
		if f.blocks[n].from == l {
			return true
		}
	}
	return false
}
