package sched

import "time"

// Tick acts on lateness: it is called when next says so, and may be called at
// any time. A peer whose next block is late by its own measure loses what
// readers wait for to peers that have it sooner. It loses all of its late blocks at
// once, before any readahead. A far piece is taken from it as a whole.
func (c *Core) Tick(now time.Duration) {
	c.Starved, c.unarmed = false, true
	c.dropIdle(now)
	c.dropPrefetches(now)
	c.resume(now)
	c.dropParked(now)
	c.endPromises(now)
	c.hurry(now)
	c.board.measure()
	for _, l := range c.Links {
		at, ok := l.Due()
		if !ok || now < at {
			continue
		}
		c.overdue(now, l)
	}
	c.probe(now)
	c.repair(now)
	c.FillAll(now)
}

// Next gives the time at which Tick is worth calling for what happened since Next was last
// called; false where nothing of that is awaited. The first of all these times since the last Tick counts. What is
// awaited later than it was is seen to by Tick, after which Next looks at everything.
func (c *Core) Next(now time.Duration) (time.Duration, bool) {
	var first earliest
	moved := c.board.moved
	if c.unarmed {
		first = c.nextOfAll(now)
	} else {
		for i := moved.next(0); i >= 0; i = moved.next(i + 1) {
			c.awaited(now, c.Links[i], &first)
		}
	}
	c.unarmed = false
	clear(moved)
	return first.at, first.any
}

// An earliest is the first of some times.
type earliest struct {
	at  time.Duration
	any bool
}

func (e *earliest) add(t time.Duration) {
	if !e.any || t < e.at {
		e.at, e.any = t, true
	}
}

// awaited adds the times at which something is to be done about one link.
func (c *Core) awaited(now time.Duration, l *Link, first *earliest) {
	if t, ok := l.Due(); ok {
		first.add(t)
	}
	if len(l.queue) > l.far {
		first.add(l.fails(now))
	}
	if l.lateAgain() && len(l.queue) == 0 && len(c.wants) > 0 {
		first.add(l.lateAt + probeLater)
	}
	for _, r := range l.rests {
		if r.until > now && len(c.wants) > 0 {
			first.add(r.until)
		}
	}
}

// nextOfAll gives the time at which Tick is worth calling, whatever was said before.
func (c *Core) nextOfAll(now time.Duration) (first earliest) {
	earlier := first.add
	for _, l := range c.Links {
		c.awaited(now, l, &first)
	}
	for _, w := range c.Windows {
		switch {
		case w.ahead && c.between(now):
			earlier(c.left + maxBehind)
		case w.ahead:
			earlier(w.until)
		case w.Waiting && w.patient:
			earlier(w.since + c.patience(w))
		case !w.idle && !w.Waiting && !w.steady:
			earlier(w.moved + idleReader)
		}
	}
	for _, w := range c.Stalled {
		if now < w.since+longWait {
			earlier(together(now + 1))
			break
		}
	}
	for _, s := range c.siblings {
		if s.promised != nil {
			earlier(s.promisedBy)
		}
	}
	for _, f := range c.Order {
		if f.parked > 0 {
			earlier(f.parked + parkedTime)
		}
	}
	if c.Starved {
		earlier(now + StarvedRetry)
	}
	return first
}

// together is a time, or a little later: one for all readers, so that many cost one look.
func together(at time.Duration) time.Duration { return (at + leastGain - 1).Truncate(leastGain) }

// StarvedRetry passes until pieces that were not begun for the disk's sake are tried
// again, if no reader moves before.
const StarvedRetry = 10 * time.Millisecond

// overdue marks l late: repair asks others as well for what it owes to waiting readers.
// Once it is late again, everything is taken from it that another peer can send, and what it
// sends after all is still good. Where readers wait for more than anybody could be asked for,
// all peers are as busy, and what was taken from one would wait elsewhere. The peer keeps it
// for as long as it may only pause.
func (c *Core) overdue(now time.Duration, l *Link) {
	if l.quiet == 0 {
		l.quiet = max(l.arrived, l.asked(), 1)
	}
	l.late++
	l.change()
	l.lateAt = now
	c.Stats.LateBlocks++
	if now-l.quiet < pauseMost && c.unasked() {
		return
	}
	for i := 0; i < len(l.queue) && l.lateAgain(); i++ {
		f := l.queue[i].Flight
		switch {
		case !c.alternative(now, l, f.Piece):
		case f.parole == l:
			c.reparole(now, f)
			i = -1 // its requests are gone: start over
		case f.Blocks[l.queue[i].Block].Placing != l:
			if f.owner == l {
				f.owner = nil
			}
			c.cancel(l, i)
			c.freed()
			i--
		}
	}
	c.askAgain(now, l)
	c.Kick = true
}

// alternative reports whether another peer that keeps its time has the piece.
func (c *Core) alternative(now time.Duration, late *Link, piece int) bool {
	for _, l := range c.Links {
		if l != late && l.late == 0 && l.holds(now, piece) {
			return true
		}
	}
	return false
}

// probe asks a peer that left the urgent set for one block, to see whether it
// is back.
func (c *Core) probe(now time.Duration) {
	for _, l := range c.Links {
		if l.lateAgain() && len(l.queue) == 0 && now >= l.lateAt+probeLater {
			l.lateAt, l.probed = now, now
			c.fill(now, l)
		}
	}
}

// dropIdle takes the demand of readers that do not move.
func (c *Core) dropIdle(now time.Duration) {
	for _, w := range c.Windows {
		if !w.idle && !w.Waiting && !w.ahead && !w.steady && now >= w.moved+idleReader {
			w.idle = true
			w.planned = w.Pos
			c.planned = false
			c.Idled = true
		}
	}
}

// dropParked frees pieces that nobody came back for.
func (c *Core) dropParked(now time.Duration) {
	parked := 0
	for i := len(c.Order) - 1; i >= 0; i-- {
		f := c.Order[i]
		if f.parked == 0 {
			continue
		}
		if f.left == f.free { // nothing more of it will come
			parked++
		}
		if f.left == f.free && parked > parkedFlights || now >= f.parked+parkedTime {
			c.Drop(f)
		}
	}
}
