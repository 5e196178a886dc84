package sched

import (
	"math"
	"slices"
	"time"
)

// A board has a lane for each link, the one that is free first, first. What a link does
// changes its own lane alone, which is moved to its new place when somebody looks. Time
// only ever makes a lane later, of peers that have nothing to do or let us wait: theirs are
// seen to when they are come upon. So what a block costs does not depend on how many peers
// there are.
type board struct {
	lanes     []lane
	changed   []*Link // of which the lane is to be computed anew
	typical   float64 // bytes/s: the harmonic mean of the rates that are known
	forecasts int64   // lanes that were computed, and when single blocks come
	levels    int64   // splits of a piece that were computed
}

// A lane is when a link has sent what it owes, and what one more block takes it.
type lane struct {
	l     *Link
	done  time.Duration // as of at
	each  time.Duration
	idle  bool          // done is as much later as at is
	until time.Duration // it is computed anew from then on
	at    time.Duration
}

// join adds a link.
func (b *board) join(l *Link) {
	l.place = len(b.lanes)
	b.lanes = append(b.lanes, lane{l: l})
	l.change()
}

// leave takes a link out.
func (b *board) leave(l *Link) {
	b.lanes = slices.Delete(b.lanes, l.place, l.place+1)
	for i := l.place; i < len(b.lanes); i++ {
		b.lanes[i].l.place = i
	}
	b.changed = slices.DeleteFunc(b.changed, func(o *Link) bool { return o == l })
	l.place = -1
}

// changeAll is that something changed which all links have in common.
func (b *board) changeAll() {
	for i := range b.lanes {
		b.lanes[i].l.change()
	}
}

// change notes that the link did something, or was asked for something.
func (l *Link) change() {
	l.forecasted = false
	if !l.outdated && l.place >= 0 && l.board != nil {
		l.outdated = true
		l.board.changed = append(l.board.changed, l)
	}
}

// update computes the lanes of those that changed.
func (b *board) update(now time.Duration) {
	for _, l := range b.changed {
		l.outdated = false
		b.lanes[l.place] = l.forecast(now)
	}
	if len(b.changed) == 1 {
		if i := b.changed[0].place; !b.later(i) {
			b.sooner(i)
		}
	} else if len(b.changed) > 1 {
		for i := range b.lanes {
			b.sooner(i)
		}
	}
	clear(b.changed)
	b.changed = b.changed[:0]
}

// lane is the i-th lane, as of now. All that are before it must have been looked at.
func (b *board) lane(now time.Duration, i int) *lane {
	for {
		a := &b.lanes[i]
		switch {
		case a.at == now:
			return a
		case now >= a.until:
			*a = a.l.forecast(now)
		case a.idle:
			a.done += now - a.at
		}
		a.at = now
		if !b.later(i) {
			return a
		}
	}
}

// later moves the i-th lane behind those that are sooner, and reports whether there are.
func (b *board) later(i int) bool {
	from := i
	for ; i+1 < len(b.lanes) && b.lanes[i+1].done < b.lanes[i].done; i++ {
		b.swap(i, i+1)
	}
	return i > from
}

// sooner moves the i-th lane before those that are later.
func (b *board) sooner(i int) {
	for ; i > 0 && b.lanes[i-1].done > b.lanes[i].done; i-- {
		b.swap(i-1, i)
	}
}

func (b *board) swap(i, j int) {
	b.lanes[i], b.lanes[j] = b.lanes[j], b.lanes[i]
	b.lanes[i].l.place, b.lanes[j].l.place = i, j
}

// forecast is the link's lane as of now, and how long that holds.
func (l *Link) forecast(now time.Duration) lane {
	a := lane{l: l, done: now + l.eta(now, len(l.queue)), each: l.blockTime(now), at: now, until: now}
	switch trip := l.asked() + l.roundTrip(); {
	case l.late > 0: // it may take for as long again
	case len(l.queue) == 0:
		a.idle, a.until = true, math.MaxInt64
	case now < trip:
		if l.sunk == 0 {
			a.until = trip
		}
	case now-l.begun() < l.known():
		a.idle, a.until = !l.heard(), l.begun()+l.known()
	}
	return a
}
