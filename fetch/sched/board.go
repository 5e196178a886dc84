package sched

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// A board has the links in the order in which they are free: the one that has sent what it
// owes first comes first. What a link does changes its own lane alone, which is moved to its
// new place when somebody looks. Time only ever makes a lane later, of peers that have nothing
// to do or let us wait: theirs are seen to when they are come upon. So what a block costs
// does not depend on how many peers there are. What is ahead of readers does not count as far
// as it can be taken back: it makes way for what they wait for (firm).
type board struct {
	order     []turn
	changed   []*Link       // of which the lane is to be computed anew
	restless  marks         // links that may have something to ask, by their places in Core.Links
	moved     marks         // links that may be late at another time than Core.Next knew
	quickest  time.Duration // no lane's block takes less; some may all take longer
	typical   float64       // bytes/s: the harmonic mean of the rates that are known
	forecasts int64         // lanes that were computed, and when single blocks come
	levels    int64         // splits of a piece that were computed
	looks     int64         // lanes that were looked at
	stats     *Stats        // the core's
}

// A turn is a link's place in the order. Its lane says the same of when it is free.
type turn struct {
	done time.Duration
	l    *Link
}

// A lane is when a link has sent what it owes, and what one more block takes it.
type lane struct {
	done  time.Duration // as of at
	each  time.Duration
	idle  bool          // done is as much later as at is
	until time.Duration // it is computed anew from then on
	at    time.Duration
}

func newBoard() board { return board{typical: guessRate, quickest: math.MaxInt64} }

// join adds a link.
func (b *board) join(l *Link) {
	l.lane.done = math.MaxInt64
	b.order = append(b.order, turn{l.lane.done, l})
	l.listed = true
	l.change()
}

// leave takes a link out.
func (b *board) leave(l *Link) {
	i := b.find(l)
	b.order = slices.Delete(b.order, i, i+1)
	b.changed = slices.DeleteFunc(b.changed, func(o *Link) bool { return o == l })
	l.listed = false
}

// change notes that the link did something, or was asked for something.
func (l *Link) change() {
	l.vain = 0
	l.guessAgain()
}

// guessAgain notes that something else is known of the link, which did nothing.
func (l *Link) guessAgain() {
	l.forecasted = false
	if !l.listed {
		return
	}
	l.stir()
	if !l.outdated {
		l.outdated = true
		l.board.changed = append(l.board.changed, l)
	}
}

// stir notes that the link may have something to ask, and may be late at another time.
func (l *Link) stir() {
	if l.listed {
		l.board.restless.set(l.nth)
		l.board.moved.set(l.nth)
	}
}

// update computes the lanes of those that changed.
func (b *board) update(now time.Duration) {
	for _, l := range b.changed {
		l.outdated = false
		b.move(b.find(l), l.forecast(now))
	}
	clear(b.changed)
	b.changed = b.changed[:0]
}

// lane is the i-th lane, as of now. All that are before it must have been looked at.
func (b *board) lane(now time.Duration, i int) (*Link, *lane) {
	b.looks++
	for {
		l := b.order[i].l
		switch a := l.lane; {
		case a.at == now:
			return l, &l.lane
		case now >= a.until:
			to := l.forecast(now)
			if to.done < a.done { // more than before would make way: it is moved at the next update
				to.done = a.done
				l.change()
			}
			b.move(i, to)
		case a.idle:
			a.done += now - a.at
			a.at = now
			b.move(i, a)
		default:
			l.lane.at = now
		}
	}
}

// measure finds out what the quickest lane's block takes.
func (b *board) measure() {
	b.quickest = math.MaxInt64
	for _, t := range b.order {
		b.quickest = min(b.quickest, t.l.lane.each)
	}
}

// find is the place of a link.
func (b *board) find(l *Link) int {
	i, _ := slices.BinarySearchFunc(b.order, l.lane.done, func(t turn, done time.Duration) int { return cmp.Compare(t.done, done) })
	for b.order[i].l != l {
		i++
	}
	return i
}

// move gives the link at place i its new lane, and the place that goes with it: behind
// those that are sooner, before those that are later.
func (b *board) move(i int, to lane) {
	l := b.order[i].l
	l.lane = to
	b.quickest = min(b.quickest, to.each)
	switch was := b.order[i].done; {
	case to.done > was:
		n, _ := slices.BinarySearchFunc(b.order[i+1:], to.done, func(t turn, done time.Duration) int { return cmp.Compare(t.done, done) })
		copy(b.order[i:], b.order[i+1:i+1+n])
		i += n
	case to.done < was:
		n, _ := slices.BinarySearchFunc(b.order[:i], to.done, func(t turn, done time.Duration) int { return cmp.Or(cmp.Compare(t.done, done), -1) })
		copy(b.order[n+1:i+1], b.order[n:i])
		i = n
	}
	b.order[i] = turn{to.done, l}
}

// forecast is the link's lane as of now, and how long that holds.
func (l *Link) forecast(now time.Duration) lane {
	kept := l.firm(now)
	a := lane{done: now + l.eta(now, kept), each: l.blockTime(now), at: now, until: now}
	switch trip := l.asked() + l.roundTrip(); {
	case l.late > 0: // it may take for as long again
	case l.far > 0: // some of it may be taken back, and less as time passes
	case len(l.queue) == 0:
		a.idle, a.until = true, math.MaxInt64
	case now < trip:
		if l.inSocket == 0 {
			a.until = trip
		}
	case now-l.begun() < l.known():
		a.idle, a.until = !l.heard(), l.begun()+l.known()
	}
	return a
}
