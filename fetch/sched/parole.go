package sched

import (
	"cmp"
	"time"
)

// trust ranks peers for a piece that failed. First come those that keep their time; where
// several lied, those that are least in league with them; then those that would be done
// first, where suspicion counts several times.
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
		if l == last || !l.gives(f.Piece) {
			continue
		}
		if f.parole == nil || c.trust(now, l, f).less(c.trust(now, f.parole, f)) {
			f.parole = l
		}
	}
	if f.parole == nil && last != nil && last.gives(f.Piece) {
		f.parole = last
	}
	c.freed()
	c.Kick = true
}
