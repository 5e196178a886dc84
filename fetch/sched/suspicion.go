package sched

import (
	"bytes"
	"slices"
)

// What is known of a peer's honesty before there is proof. Two peers that sent
// different bytes for one block: one of them lies. An honest peer is in such
// disputes as often as it is compared with liars, a liar as often as it is with
// honest ones, who are more; and what was in pieces that proved right speaks for
// it. Nobody is punished for suspicion: it orders what is tried.

// A dispute is between two peers that sent different bytes for one block.
type dispute struct{ a, b *Link }

const (
	// maxDisputes bounds the disputes that are remembered.
	maxDisputes = 4096
	// maxProven bounds what good blocks speak for a peer: it may begin to lie.
	maxProven = 64
)

// suspicion is how likely a block of l's is wrong, between 0 and 1, a quarter while
// nothing is known.
func (l *Link) suspicion() float64 {
	if l.convicted {
		return 1
	}
	return (float64(l.disputed) + 0.5) / (float64(l.compared+l.Proven) + 2)
}

// compare holds block n, which came just now, against the opinions that others gave
// of it.
func (c *Core) compare(f *Flight, n int) {
	l := f.Blocks[n].from
	for _, x := range f.Failed {
		o := x.from[n]
		if o == nil || o == l || o.convicted {
			continue
		}
		l.compared++
		o.compared++
		if bytes.Equal(x.block(f, n), f.Bytes(n)) {
			continue
		}
		c.dispute(l, o)
		if f.takes == 1 {
			f.doubt(l, o)
		}
	}
}

// kin learns from a copy of a piece that came of one peer alone and is wrong: who sent
// the same before may be in league with that peer, who sent something else is not.
func (f *Flight) kin(wrong *Failure) {
	for _, x := range f.Failed {
		for n, o := range x.from {
			if o == nil || o == wrong.from[n] || wrong.from[n] == nil {
				continue
			}
			if bytes.Equal(x.block(f, n), wrong.block(f, n)) {
				o.alike++
			} else {
				o.apart++
			}
		}
	}
}

func (c *Core) dispute(a, b *Link) {
	if len(c.disputes) == maxDisputes {
		c.disputes[0].settle()
		c.disputes = c.disputes[1:]
	}
	a.disputed++
	b.disputed++
	c.disputes = append(c.disputes, dispute{a, b})
}

// settle takes a dispute out of the counts.
func (d dispute) settle() {
	for _, l := range []*Link{d.a, d.b} {
		l.compared--
		l.disputed--
	}
}

// clear settles all disputes with a liar: they say nothing of the others.
func (c *Core) clear(liar *Link) {
	c.disputes = slices.DeleteFunc(c.disputes, func(d dispute) bool {
		with := d.a == liar || d.b == liar
		if with {
			d.settle()
		}
		return with
	})
}

// doubt learns who may be the one that lied, from a dispute over a second opinion;
// other opinions of what it sent are asked for first.
func (f *Flight) doubt(a, b *Link) {
	pair := []*Link{a, b}
	if f.doubted {
		pair = slices.DeleteFunc(pair, func(l *Link) bool { return !contains(f.suspects, l) })
	}
	f.doubted, f.suspects = true, pair
	f.turn, f.cursor = f.Failed[0].bySuspect(pair), 0
}
