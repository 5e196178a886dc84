package sched

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// help looks at the blocks that readers have waited for longer than quietWait, every
// helpEvery: beliefs of how fast peers are may have proved wrong since they were asked,
// and who could help may have a queue full of what is ahead of readers, which is when
// nobody else looks. The peer that would have such a block soonest is asked for it too,
// and makes way for it.
func (c *Core) help(now time.Duration) {
	if c.outnumbered() {
		return
	}
	all := c.awaited(now)
	if len(all) > 0 {
		for _, l := range c.Links {
			l.kept = len(l.queue) - c.yielding(now, l)
		}
	}
	soonest := c.soonest(now, len(all) > 0)
	for _, d := range all[:min(len(all), maxHelped)] {
		if !c.mayBeHelped(now, d, soonest) {
			continue
		}
		l, mine := c.helper(now, d)
		if l == nil || !c.worthHelp(now, d, l, mine) || !c.double(now, d.r.Flight, d.quiet) {
			continue
		}
		if d.r.Flight.Blocks[d.r.Block].askers[1] != nil {
			c.cancel(d.v, d.v.Find(d.r.Flight, d.r.Block))
		}
		c.yield(now, l)
		c.request(now, l, d.r.Flight, d.r.Block)
		c.Stats.Hedged++
		l.kept = len(l.queue)
	}
	clear(all)
	c.drowning = all[:0]
}

// maxHelped bounds the blocks that are looked at each time, those that would take longest:
// a piece may have thousands, and not many more may be asked twice at once (double).
const maxHelped = 64

// soonest is when the first of all peers would have a block, whoever has it.
func (c *Core) soonest(now time.Duration, any bool) time.Duration {
	at := time.Duration(math.MaxInt64 / 4)
	for _, l := range c.Links {
		if any && l.late == 0 && l.Rate > 0 {
			at = min(at, l.eta(now, l.kept+1))
		}
	}
	return at
}

// mayBeHelped reports whether a block would be worth the help of a peer that has it then
// (worthHelp): mostly none is.
func (c *Core) mayBeHelped(now time.Duration, d drowning, then time.Duration) bool {
	waited := c.waited(now, d.r.Flight.Piece)
	switch {
	case d.quiet && max(d.eta, waited) >= then+rescueGain:
		return true
	case waited < longWait:
		return d.eta >= rescueTimes*then+rescueGain
	}
	return d.eta+d.each >= then+rescueGain
}

// worthHelp reports whether l would have a block so much sooner, in mine, that it is to be
// asked too: of who has waited for long, if it is sooner at all, and what is said of a
// slow peer may be off by a block. Where one that was asked sends nothing, and l has
// nothing to do, nobody is relied on for longer than the reader has waited.
func (c *Core) worthHelp(now time.Duration, d drowning, l *Link, mine time.Duration) bool {
	waited := c.waited(now, d.r.Flight.Piece)
	switch {
	case d.quiet && len(l.queue) == 0:
		return max(d.eta, waited) >= mine+rescueGain
	case waited < longWait:
		return d.eta >= rescueTimes*mine+rescueGain
	}
	return d.eta+d.each >= mine+l.blockTime(now)+rescueGain
}

// awaited lists the blocks that have been waited for, the one that would take longest
// first; v is the silent or the slower of those that were asked, eta that of the sooner.
func (c *Core) awaited(now time.Duration) []drowning {
	all := c.drowning[:0]
	for _, w := range c.Stalled {
		f := c.Flights[int(w.Pos/c.Info.PieceLength)]
		if f == nil || now-w.since < quietWait || f.free > 0 || f.parole != nil || f.Case.Failed() || f.helped == now {
			continue
		}
		f.helped = now
		for n := range f.Blocks {
			if d, ok := c.outstanding(now, f, n); ok {
				all = append(all, d)
			}
		}
	}
	slices.SortFunc(all, func(a, b drowning) int { return cmp.Compare(b.eta, a.eta) })
	return all
}

// outstanding is a block that was asked for, as help sees it.
func (c *Core) outstanding(now time.Duration, f *Flight, n int) (d drowning, ok bool) {
	b := &f.Blocks[n]
	if b.State != blockAsked {
		return d, false
	}
	for _, v := range b.askers {
		if v == nil {
			continue
		}
		i := v.Find(f, n)
		if i < 0 {
			return d, false
		}
		eta, quiet := v.eta(now, i+1), v.silent(now)
		if !ok || quiet && !d.quiet || quiet == d.quiet && eta > d.eta {
			d.v, d.r, d.quiet = v, v.queue[i], quiet
		}
		if !ok || eta < d.eta {
			d.eta, d.each = eta, v.blockTime(now)
		}
		ok = true
	}
	return d, ok && (b.askers[1] == nil || b.Placing != d.v)
}

// helper is the peer that would have a block soonest of those that were not asked for
// it, and when that is.
func (c *Core) helper(now time.Duration, d drowning) (best *Link, at time.Duration) {
	for _, l := range c.Links {
		if l.late > 0 || l.Rate == 0 || !l.Open() || !l.holds(now, d.r.Flight.Piece) || d.r.Flight.avoids(l, d.r.Block) ||
			l.Find(d.r.Flight, d.r.Block) >= 0 {
			continue
		}
		if l.kept >= l.most() {
			continue
		}
		if eta := l.eta(now, l.kept+1); best == nil || eta < at {
			best, at = l, eta
		}
	}
	return best, at
}
