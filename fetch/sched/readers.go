package sched

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// What readers do, as the core hears of it: they open, stall, move and close.

// Open adds a reader of [pos, end).
func (c *Core) Open(now time.Duration, pos, end int64) *Window {
	w := c.enter(now, pos, end)
	if !c.Have.Has(int(pos / c.Info.PieceLength)) {
		c.Stall(now, w) // it has nothing to send yet
	}
	return w
}

// Pull adds one who reads [pos, end) for a sibling, of whose wishes it is heard whether a reader waits.
func (c *Core) Pull(now time.Duration, pos, end int64) *Window {
	w := c.enter(now, pos, end)
	w.steady = true
	return w
}

func (c *Core) enter(now time.Duration, pos, end int64) *Window {
	c.nextWindow++
	w := &Window{id: c.nextWindow, Pos: pos, end: end, moved: now}
	c.unarmed = true
	c.goOn(now, w)
	c.Windows = append(c.Windows, w)
	c.yieldAll(now)
	c.planned = false
	c.Kick = true
	c.interest()
	return w
}

// Move says that the reader's socket has accepted everything before pos.
func (c *Core) Move(now time.Duration, w *Window, pos int64) {
	n := pos - w.Pos
	c.unarmed = true
	if w.idle {
		w.idle = false
		c.planned = false
	}
	c.unstall(w)
	c.pace(now, w, n)
	w.Pos = pos
	w.moved = now
	if c.planned && c.stale(w) {
		c.planned = false
	}
	if !c.planned {
		c.Kick = true
	}
}

// pace measures what the reader's socket accepts, over its time that was not
// spent waiting for the swarm. It is the mean of the last seconds: a socket takes a
// buffer at once, and then nothing for as long as that plays. Until it has gone on
// for longer than paceDoubt, less is believed.
func (c *Core) pace(now time.Duration, w *Window, n int64) {
	w.sent += n
	d := max(time.Microsecond, now-w.moved).Seconds()
	keep := math.Exp(-d / paceTime.Seconds())
	w.taken, w.taking = w.taken*keep+float64(n), w.taking*keep+d
	if w.sent > MinWindow/2 { // nothing is known before a socket's buffers are full
		w.rate = w.taken / (w.taking + paceDoubt.Seconds())
	}
}

// Stall says that the reader has nothing to send: the piece at its position is
// urgent from now on.
func (c *Core) Stall(now time.Duration, w *Window) {
	c.unarmed = true
	if w.idle {
		w.idle = false
		c.planned = false
	}
	if !w.Waiting {
		w.Waiting, w.since, w.patient, w.hurried = true, now, c.patient(w) && w.sent > 0 || c.letsPass(now, w), false
		w.turn = now + min(w.lately(now), maxBehind)
		if !w.patient {
			c.queueUp(w)
		}
	}
	c.wishing = true
	if w.Pos+1 > w.planned {
		c.planned = false
	}
	if !w.patient {
		c.urge(now, w)
		c.supplied()
	}
	c.Kick = true
}

// lately is how long a player is busy with what the reader had of late. Its rate is
// a guess: what its socket takes says little of it. What it has to have before it
// plays does not count: until then it waits for more at once.
func (w *Window) lately(now time.Duration) time.Duration {
	had := w.taken * math.Exp(-(now-w.moved).Seconds()/paceTime.Seconds())
	return time.Duration(max(0, had-guessRate) / guessRate * float64(time.Second))
}

// queueUp puts a reader that waits among the others. One that had nothing yet comes
// before those that had much of late, unless they have waited for longer than
// maxBehind.
func (c *Core) queueUp(w *Window) {
	i, _ := slices.BinarySearchFunc(c.Stalled, w, func(a, b *Window) int { return cmp.Or(cmp.Compare(a.turn, b.turn), -1) })
	c.Stalled = slices.Insert(c.Stalled, i, w)
	c.served = min(c.served, i)
}

// leaveQueue takes out the i-th of those that wait.
func (c *Core) leaveQueue(i int) {
	c.Stalled = slices.Delete(c.Stalled, i, i+1)
	if i < c.served {
		c.served--
	}
}

// urge makes the piece at a reader's position urgent.
func (c *Core) urge(now time.Duration, w *Window) {
	if f := c.Flights[c.at(w)]; f != nil {
		c.setUrgent(f, true)
		f.deadline = now
		w.asked = true
	}
}

// setUrgent says whether a reader waits for the piece.
func (c *Core) setUrgent(f *Flight, urgent bool) {
	if f.urgent == urgent {
		return
	}
	f.urgent = urgent
	for _, l := range c.Links {
		for i := range l.queue {
			switch {
			case l.queue[i].Flight != f:
			case urgent:
				l.far--
				l.change()
			default:
				l.far++
				l.change()
			}
		}
	}
}

// unstall says that the reader's next bytes are there. The time it waited is
// not its socket's.
func (c *Core) unstall(w *Window) {
	if !w.Waiting {
		return
	}
	w.Waiting = false
	for i, x := range c.Stalled {
		if x == w {
			c.leaveQueue(i)
			break
		}
	}
}

// Ready says that a reader which waited has its bytes, as of now.
func (c *Core) Ready(now time.Duration, w *Window) {
	if w.Waiting {
		c.unstall(w)
		w.moved, c.unarmed = now, true
	}
}

// Close takes a reader out.
func (c *Core) Close(now time.Duration, w *Window) {
	c.unstall(w)
	c.giveUp(now, w)
	c.leaveTurn(now, w)
	if !w.ahead {
		c.left = now
	}
	for i, x := range c.Windows {
		if x == w {
			c.Windows = append(c.Windows[:i], c.Windows[i+1:]...)
			break
		}
	}
	c.planned = false
	c.plan(now)
	c.Kick = len(c.Windows) > 0
}

// Ahead is how many bytes are still to come of pieces whose readers come before all that
// wait for a piece.
func (c *Core) Ahead(piece int) (left int64) {
	seen := make(map[int]bool)
	for _, w := range c.Stalled {
		p := c.at(w)
		if p == piece {
			break
		}
		if seen[p] || c.Have.Has(p) {
			continue
		}
		seen[p] = true
		left += int64(c.Info.PieceSize(p))
		if f := c.Flights[p]; f != nil {
			left -= f.Came()
		}
	}
	return left
}
