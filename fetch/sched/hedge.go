package sched

import "time"

// Tick acts on lateness: it is called when next says so, and may be called at
// any time. A peer whose next block is late by its own measure loses what
// readers wait for to peers that have it sooner; all of its late blocks at
// once, before any readahead. A far piece is taken from it as a whole.
func (c *Core) Tick(now time.Duration) {
	c.Starved = false
	c.dropIdle(now)
	c.dropPrefetches(now)
	c.resume(now)
	c.dropParked(now)
	c.hurry(now)
	for _, l := range c.Links {
		at, ok := l.Due()
		if !ok || now < at {
			continue
		}
		c.overdue(now, l)
	}
	c.probe(now)
	c.help(now)
	c.FillAll(now)
}

// Next is when tick is worth calling; false means that nothing is awaited.
func (c *Core) Next(now time.Duration) (time.Duration, bool) {
	at, any := time.Duration(0), false
	earlier := func(t time.Duration) {
		if !any || t < at {
			at, any = t, true
		}
	}
	for _, l := range c.Links {
		if t, ok := l.Due(); ok {
			earlier(t)
		}
		if l.late >= lateTwice && len(l.queue) == 0 && len(c.wants) > 0 {
			earlier(l.lateAt + c.probeAfter())
		}
		for _, r := range l.rests {
			if r.until > now && len(c.wants) > 0 {
				earlier(r.until)
			}
		}
	}
	for _, w := range c.Windows {
		switch {
		case w.ahead && c.between(now):
			earlier(c.left + reopenTime)
		case w.ahead:
			earlier(w.until)
		case w.Waiting && w.patient:
			earlier(w.since + c.patience(w))
		case !w.idle && !w.Waiting:
			earlier(w.moved + idleReader)
		}
	}
	for _, w := range c.Stalled {
		earlier(w.nextHelp(now))
	}
	for _, f := range c.Order {
		if f.parked > 0 {
			earlier(f.parked + parkedTime)
		}
	}
	if c.Starved {
		earlier(now + StarvedRetry)
	}
	return at, any
}

// StarvedRetry is when pieces that were not begun for the disk's sake are tried
// again, if no reader moves before.
const StarvedRetry = 10 * time.Millisecond

// overdue marks l late. The first time, others are asked as well for what it
// owes to waiting readers; once it is late again, everything is taken from it
// that another peer can send, and what it sends after all is still good. Where
// readers wait for more than anybody could be asked for, all peers are as busy: what
// was taken from one would wait elsewhere, so it keeps that for as long as it may
// only pause.
func (c *Core) overdue(now time.Duration, l *Link) {
	if l.quiet == 0 {
		l.quiet = max(l.arrived, l.asked(), 1)
	}
	l.late++
	l.change()
	l.lateAt = now
	l.hedgedAt = now
	c.Stats.LateBlocks++
	if now-l.quiet < pauseMost && c.unasked() {
		return
	}
	for i := 0; i < len(l.queue); i++ {
		r := l.queue[i]
		b := &r.Flight.Blocks[r.Block]
		again := l.late >= lateTwice && c.alternative(now, l, r.Flight.Piece)
		switch {
		case r.Flight.parole == l:
			if again {
				c.reparole(now, r.Flight)
				i = -1 // its requests are gone: start over
			}
		case again && b.Placing != l:
			if r.Flight.owner == l {
				r.Flight.owner = nil
			}
			c.cancel(l, i)
			c.freed()
			i--
		case c.pressing(now, r.Flight) && b.State == blockAsked && b.askers[1] == nil:
			c.hedge(now, l, r)
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

// pressing reports whether a reader waits for the piece, or will before a late
// block of it could come by another way.
func (c *Core) pressing(now time.Duration, f *Flight) bool {
	return f.urgent || f.deadline >= 0 && f.deadline < now+MinLateness
}

// hedge asks the peer that would have it soonest for a late block as well. The
// first copy wins, the other is cancelled.
func (c *Core) hedge(now time.Duration, late *Link, r Request) {
	var best *Link
	var bestAt time.Duration
	for _, l := range c.Links {
		if l == late || l.late > 0 || !l.Open() || len(l.queue) >= l.most() ||
			!l.holds(now, r.Flight.Piece) || r.Flight.avoids(l, r.Block) || l.Find(r.Flight, r.Block) >= 0 {
			continue
		}
		if at := l.eta(now, len(l.queue)+1); best == nil || at < bestAt {
			best, bestAt = l, at
		}
	}
	if best == nil || !c.double(now, r.Flight, true) {
		return
	}
	c.request(now, best, r.Flight, r.Block)
	c.Stats.Hedged++
}

// probe asks a peer that left the urgent set for one block, to see whether it
// is back.
func (c *Core) probe(now time.Duration) {
	for _, l := range c.Links {
		if l.late >= lateTwice && len(l.queue) == 0 && now >= l.lateAt+c.probeAfter() {
			l.lateAt, l.probed = now, now
			c.fill(now, l, true)
		}
	}
}

// probeAfter is when a peer that left the urgent set is tried again: soon where more
// readers wait than there are peers, for what it could give is missed.
func (c *Core) probeAfter() time.Duration {
	if c.outnumbered() {
		return probeSoon
	}
	return probeLater
}

// dropIdle takes the demand of readers that do not move.
func (c *Core) dropIdle(now time.Duration) {
	for _, w := range c.Windows {
		if !w.idle && !w.Waiting && !w.ahead && now >= w.moved+idleReader {
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

// double takes a block of f that is asked twice from the budget, if that has one;
// beyond it a few are had where a reader waits, with each longWait of its wait twice
// as many as before. Of a peer that sends nothing (quiet) it is more and sooner: what
// it was asked for can still be taken back when the other copy is there.
func (c *Core) double(now time.Duration, f *Flight, quiet bool) bool {
	if c.dups.allow(now, c.Stats) {
		return true
	}
	blocks, first := lastBlocks, longWait
	if quiet {
		blocks, first = quietBlocks, quietWait
	}
	times := max(0, c.waited(now, f.Piece)+longWait-first) / longWait
	if f.beyond >= blocks*(1<<min(8, times)-1) {
		return false
	}
	f.beyond++
	return true
}

// waited is for how long the first of those that wait for a piece has waited.
func (c *Core) waited(now time.Duration, piece int) time.Duration {
	for _, w := range c.Stalled {
		if int(w.Pos/c.Info.PieceLength) == piece {
			return now - w.since
		}
	}
	return 0
}

// nextHelp is when a reader that waits has waited for quietWait, and from then on every
// helpEvery, at the same times for all: where those that could help have nothing to do,
// nothing else happens when a peer falls silent.
func (w *Window) nextHelp(now time.Duration) time.Duration {
	return max(w.since+quietWait, now+helpEvery-now%helpEvery)
}

const (
	// lastBlocks and longWait bound what readers are helped with beyond the budget: with
	// 4, 12, 28 blocks of a piece, and so on.
	lastBlocks = 4
	longWait   = 250 * time.Millisecond
	// quietWait is how long a reader waits before what a peer owes that sends nothing is
	// asked of another that is no faster, and quietBlocks what lastBlocks is for that, the
	// first time after quietWait.
	quietBlocks = 32
	quietWait   = 150 * time.Millisecond
	helpEvery   = 50 * time.Millisecond
)

// duplicates holds the budget for blocks that were asked twice: a share of the
// bytes received over the last window. What liars wasted does not count.
type duplicates struct {
	since            time.Duration
	received, wasted int64 // at since
}

// allow reports whether another block may be asked twice.
func (d *duplicates) allow(now time.Duration, s Stats) bool {
	if now-d.since > duplicateWindow {
		d.since, d.received, d.wasted = now, s.Received, s.Wasted-s.failed
	}
	wasted := s.Wasted - s.failed - d.wasted
	return wasted < freeDuplicates || float64(wasted) < duplicateShare*float64(s.Received-d.received)
}
