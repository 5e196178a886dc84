package sched

import (
	"slices"
	"time"
)

// A browser that seeks closes its request and opens one at the new place, and now and
// then a second one that goes on where it had read before. Nobody looks at what comes of
// that one, and it would have its fair share all the same. Either may be closed after a
// few pieces, and opened again where it was. So a reader that goes on where one was given
// up lets those go first that began after that one: what it waits for is not urgent
// before maxBehind, and what is ahead of it is wanted as much later. Alone it has
// everything at once, as a download that goes on after its connection broke.

// goesOnTime is how long after a reader was given up another one goes on where that was.
const goesOnTime = 4 * time.Second

// A givenUp is a reader that left before its end: it was sent [from, pos).
type givenUp struct {
	from, pos int64
	begun     time.Duration // when it began, or the one that it went on from
	had       int64         // bytes that these were sent
	at        time.Duration // when it left
}

// giveUp remembers a reader that leaves, if there was more to read.
func (c *Core) giveUp(now time.Duration, w *Window) {
	if w.ahead || w.sent == 0 || w.Pos >= w.end {
		return
	}
	if len(c.givenUp) == maxGivenUp {
		c.givenUp = slices.Delete(c.givenUp, 0, 1)
	}
	c.givenUp = append(c.givenUp, givenUp{from: w.Pos - w.sent, pos: w.Pos, begun: w.begun, had: w.had + w.sent, at: now})
}

// goOn has a reader that begins where one was given up go on from there. Some of what
// was sent to that one may not have arrived.
func (c *Core) goOn(now time.Duration, w *Window) {
	w.begun = now
	for _, g := range c.givenUp {
		if g.from < w.Pos && w.Pos <= g.pos && now < g.at+goesOnTime {
			w.resumed, w.begun, w.had = true, g.begun, g.had
		}
	}
}

// yields reports whether a reader lets another one go first: it goes on where one was given
// up, and that one has begun since. Both is over when they had what a player begins with.
func (c *Core) yields(w *Window) bool {
	return w.resumed && w.sent < guessRate && slices.ContainsFunc(c.Windows, func(o *Window) bool {
		return o.begun > w.begun && o.had+o.sent < guessRate && o.Pos < o.end && !o.idle && !o.ahead
	})
}

// yieldAll has those that wait let a reader go first which has just come.
func (c *Core) yieldAll(now time.Duration) {
	for i := 0; i < len(c.Stalled); i++ {
		w := c.Stalled[i]
		if !c.letsPass(now, w) {
			continue
		}
		c.leaveQueue(i)
		i--
		w.patient = true
		piece := c.at(w)
		if f := c.Flights[piece]; f != nil {
			c.setUrgent(f, c.waits(piece))
		}
	}
}
