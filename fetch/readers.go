package fetch

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// What readers do, as the core hears of it: they open, stall, move and close.

// open adds a reader of [pos, end).
func (c *core) open(now time.Duration, pos, end int64) *window {
	c.nextWindow++
	w := &window{id: c.nextWindow, pos: pos, end: end, moved: now}
	c.goOn(now, w)
	c.windows = append(c.windows, w)
	c.yieldAll()
	c.planned = false
	c.kick = true
	c.interest()
	if !c.have.Has(int(pos / c.info.PieceLength)) {
		c.stall(now, w) // it has nothing to send yet
	}
	return w
}

// move says that the reader's socket has accepted everything before pos.
func (c *core) move(now time.Duration, w *window, pos int64) {
	n := pos - w.pos
	if w.idle {
		w.idle = false
		c.planned = false
	}
	c.unstall(w)
	c.pace(now, w, n)
	w.pos = pos
	w.moved = now
	if c.planned && c.stale(w) {
		c.planned = false
	}
	if !c.planned {
		c.kick = true
	}
}

// pace measures what the reader's socket accepts, over its time that was not
// spent waiting for the swarm: the mean of the last seconds, for a socket takes a
// buffer at once and then nothing for as long as that plays. Until it has gone on
// for longer than paceDoubt, less is believed.
func (c *core) pace(now time.Duration, w *window, n int64) {
	w.sent += n
	d := max(time.Microsecond, now-w.moved).Seconds()
	keep := math.Exp(-d / paceTime.Seconds())
	w.taken, w.taking = w.taken*keep+float64(n), w.taking*keep+d
	if w.sent > minWindow/2 { // nothing is known before a socket's buffers are full
		w.rate = w.taken / (w.taking + paceDoubt.Seconds())
	}
}

// stall says that the reader has nothing to send: the piece at its position is
// urgent from now on.
func (c *core) stall(now time.Duration, w *window) {
	if w.idle {
		w.idle = false
		c.planned = false
	}
	if !w.waiting {
		w.waiting, w.since, w.patient, w.hurried = true, now, c.patient(w) && w.sent > 0 || c.yields(w), false
		w.turn = now + min(w.lately(now), maxBehind)
		if !w.patient {
			c.queueUp(w)
		}
	}
	if w.pos+1 > w.planned {
		c.planned = false
	}
	if !w.patient {
		c.urge(now, w)
	}
	c.kick = true
}

// lately is how long a player is busy with what the reader had of late, as far as
// its rate can be guessed: what its socket takes says little of it. What it has to
// have before it plays is not much: by then it waits for more at once.
func (w *window) lately(now time.Duration) time.Duration {
	had := w.taken * math.Exp(-(now-w.moved).Seconds()/paceTime.Seconds())
	return time.Duration(max(0, had-playerStart) / guessRate * float64(time.Second))
}

// queueUp puts a reader that waits among the others. One that had nothing yet comes
// before those that had much of late, unless they have waited for longer than
// maxBehind.
func (c *core) queueUp(w *window) {
	i, _ := slices.BinarySearchFunc(c.stalled, w, func(a, b *window) int { return cmp.Or(cmp.Compare(a.turn, b.turn), -1) })
	c.stalled = slices.Insert(c.stalled, i, w)
}

// urge makes the piece at a reader's position urgent.
func (c *core) urge(now time.Duration, w *window) {
	if f := c.flights[int(w.pos/c.info.PieceLength)]; f != nil {
		f.urgent = true
		f.deadline = now
		w.asked = true
	}
}

// unstall says that the reader's next bytes are there. The time it waited is
// not its socket's.
func (c *core) unstall(w *window) {
	if !w.waiting {
		return
	}
	w.waiting = false
	for i, x := range c.stalled {
		if x == w {
			c.stalled = append(c.stalled[:i], c.stalled[i+1:]...)
			break
		}
	}
}

// ready says that a reader which waited has its bytes, as of now.
func (c *core) ready(now time.Duration, w *window) {
	if w.waiting {
		c.unstall(w)
		w.moved = now
	}
}

// close takes a reader out.
func (c *core) close(now time.Duration, w *window) {
	c.unstall(w)
	c.giveUp(now, w)
	if !w.ahead {
		c.left = now
	}
	for i, x := range c.windows {
		if x == w {
			c.windows = append(c.windows[:i], c.windows[i+1:]...)
			break
		}
	}
	c.planned = false
	c.plan(now)
	c.kick = len(c.windows) > 0
}
