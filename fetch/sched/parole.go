package sched

import (
	"cmp"
	"time"
)

// trust ranks peers for a piece that failed: who keeps its time, where several lied who
// is least in league with them, then who would be done first, where suspicion counts
// several times.
type trust struct {
	late   int
	league int
	eta    time.Duration
}

func (c *Core) trust(now time.Duration, l *Link, f *Flight) trust {
	league := 0
	if c.wary() {
		league = l.League()
	}
	return trust{min(l.late, 1), league, l.eta(now, len(l.queue)+len(f.Blocks)) * time.Duration(1+16*l.Suspicion())}
}

func (a trust) less(b trust) bool {
	return cmp.Or(cmp.Compare(a.late, b.late), cmp.Compare(a.league, b.league), cmp.Compare(a.eta, b.eta)) < 0
}

// relieve takes a piece that a reader waits for from its parole peer, if another
// would have all of it in half of the time that the rest would take; a quarter the
// second time, and so on, for what came is thrown away.
func (c *Core) relieve(now time.Duration, f *Flight) {
	l := f.parole
	if l == nil || f.left == 0 || f.relieved == maxRelieved {
		return
	}
	better := time.Duration(2) << f.relieved
	rest := l.eta(now, max(len(l.queue), f.left))
	for _, o := range c.Links {
		if o != l && o.late == 0 && o.holds(now, f.Piece) && better*c.trust(now, o, f).eta < rest {
			f.relieved++
			c.reparole(now, f)
			return
		}
	}
}

// reparole chooses the peer that a failed piece is fetched from, by trust.
// What was fetched from the last one is thrown away: only a copy from one peer
// tells who lied.
func (c *Core) reparole(now time.Duration, f *Flight) {
	if f.left == 0 {
		return // it is being hashed
	}
	if !f.Case.Failed() {
		f.parole = nil
		return
	}
	last := f.parole
	if f.begun() {
		// The buffer may still be written to: take a fresh one.
		f.Buf.Release()
		f.Buf = c.memory.Buffer(f.Size)
	}
	c.cancelAll(f)
	f.reset()
	f.parole = nil
	for _, l := range c.Links {
		if l == last || l.Gone || l.Choked || !l.Has.Has(f.Piece) {
			continue
		}
		if f.parole == nil || c.trust(now, l, f).less(c.trust(now, f.parole, f)) {
			f.parole = l
		}
	}
	if f.parole == nil && last != nil && !last.Gone && !last.Choked && last.Has.Has(f.Piece) {
		f.parole = last
	}
	c.freed()
	c.Kick = true
}
