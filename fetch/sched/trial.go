package sched

import "time"

// Where so many lied that second versions find too few of them, what peers of unknown
// honesty send is kept apart: each piece comes from one of them alone, so that its hash
// convicts at the first failure, or proves the peer. A piece that failed goes to one
// peer alone as well, to one that is proven if there is any. Those that are proven share
// pieces as ever.

// wary reports whether what peers of unknown honesty send is kept apart. Until a first
// piece is right nothing speaks for anybody: it ends then, and not with each liar that
// is found.
func (c *Core) wary() bool {
	return c.doubt && c.Stats.Verified == 0 || c.book.Wary(c.Stats.HashFailures, c.Stats.failed, c.Info.Span())
}

// alone reports whether a failed piece is left to one peer: where many lied, and no proven peer may send what
// is missing.
func (c *Core) alone(now time.Duration, f *Flight) bool { return c.wary() && !c.provenHolder(now, f) }

// unknown reports whether the peer has sent nothing yet that proved right.
func (l *Link) unknown() bool { return l.Proven == 0 }

// mayTry reports whether l may be asked for a piece. One of unknown honesty, where
// several lied, gets a piece of which nothing came alone. Of those that readers wait for, the
// first goes to the one that ends it soonest. What others have begun is for those that are
// proven, if any has it. So is what is missing of a failed piece that nobody waits for, as soon
// as one peer was convicted. A piece that a reader waits for is shared by all as ever, where a
// proven peer has it: a wait costs more than a failure.
func (c *Core) mayTry(now time.Duration, l *Link, f *Flight) bool {
	if f.parole != nil || !l.unknown() {
		return true
	}
	if !c.wary() {
		return c.book.Convictions == 0 || f.urgent || !f.Case.Failed() || !c.provenHolder(now, f)
	}
	if f.urgent && c.provenHolder(now, f) {
		return true
	}
	shared := f.sharedBeside(l)
	if shared && c.provenHolder(now, f) {
		return false
	}
	if shared {
		return true
	}
	if f.urgent && !c.firstTrial.leaves(c, now, l, f) {
		return false
	}
	f.parole = l
	return true
}

// A firstTrial is the first piece that a reader waits for and that nobody has begun, and the peer of unknown honesty that
// would end it soonest. That peer is looked for once at a time, so that many readers and peers cost no more than a few. The
// pieces behind it go to the next peer that is looked at, so that none is idle.
type firstTrial struct {
	at   time.Duration
	of   *Flight // nil: none was looked for
	best *Link
}

// leaves reports whether f is left to l.
func (t *firstTrial) leaves(c *Core, now time.Duration, l *Link, f *Flight) bool {
	if t.of == nil || t.at != now || t.of.parole != nil || t.of.Dead {
		*t = firstTrial{now, f, c.soonestUnknown(now, f)}
		if t.best != nil && t.best != l {
			t.best.stir()
			c.Kick = true
		}
	}
	return t.of != f || t.best == nil || t.best == l
}

// soonestUnknown is the peer of unknown honesty that would have a piece alone soonest; nil: none keeps its time.
func (c *Core) soonestUnknown(now time.Duration, f *Flight) (best *Link) {
	var at time.Duration
	for _, l := range c.Links {
		if l.late > 0 || !l.unknown() || !c.asks(now, l, f.Piece) {
			continue
		}
		if eta := l.eta(now, len(l.queue)+len(f.Blocks)); best == nil || eta < at {
			best, at = l, eta
		}
	}
	return best
}

// endTrial shares a piece that one peer of unknown honesty tries, as soon as a reader waits for it and l, which is
// proven, could help.
func (c *Core) endTrial(now time.Duration, l *Link, f *Flight) {
	if f.urgent && !f.Case.Failed() && f.parole != nil && f.parole != l && !l.unknown() && c.provenHolder(now, f) {
		f.parole = nil
		c.Kick = true
	}
}

// sharedBeside reports whether others than l sent blocks of the piece, or are asked.
func (f *Flight) sharedBeside(l *Link) bool {
	for n := range f.Blocks {
		b := &f.Blocks[n]
		for _, o := range [...]*Link{b.from, b.askers[0], b.askers[1]} {
			if o != nil && o != l {
				return true
			}
		}
	}
	return false
}

// provenHolder reports whether a proven peer that keeps its time may send a block that is missing.
func (c *Core) provenHolder(now time.Duration, f *Flight) bool {
	for _, l := range c.Links {
		if !l.unknown() && l.late == 0 && l.holds(now, f.Piece) && f.nextFree(l) >= 0 {
			return true
		}
	}
	return false
}

// rid takes out of a piece what convicted peers sent, if it has no failed copy.
func (c *Core) rid(f *Flight) {
	any := false
	for n := range f.Blocks {
		b := &f.Blocks[n]
		if b.State != BlockDone || !b.from.Convicted && !b.from.doubted {
			continue
		}
		c.spoil(f, n)
		any = true
		f.Blocks[n] = Block{Placing: b.Placing}
		f.left, f.free = f.left+1, f.free+1
		if alt := f.Alts[n]; alt != nil {
			alt.Release()
			delete(f.Alts, n)
		}
	}
	if !any {
		return
	}
	f.cursor, f.Hashed, f.Verifier = 0, 0, nil
	c.freed()
	c.Kick = true
}
