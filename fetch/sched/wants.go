package sched

import (
	"cmp"
	"slices"
)

// The wants of a plan are many where many read, and few of them are looked at before the
// next plan: they are put in order as far as somebody looks.

// want is the i-th in the order of deadlines.
func (c *Core) want(i int) *want {
	if c.farOrder {
		c.farOrder = false
		c.setApart()
	}
	for i >= c.inOrder {
		switch {
		case c.inOrder < c.near:
			c.order(c.wants[c.inOrder:c.near], i, byDeadline)
		case c.inOrder < c.far:
			c.order(c.wants[c.inOrder:c.far], i, c.byRarity)
		default:
			c.order(c.wants[c.inOrder:], i, byDeadline)
		}
	}
	return &c.wants[i]
}

// order puts the first of the wants that are in no order yet into one, to the i-th of all
// at least, if it is among them.
func (c *Core) order(rest []want, i int, before func(a, b want) int) {
	n := min(len(rest), max(orderedAtATime, i+1-c.inOrder))
	least(rest, n, before)
	slices.SortFunc(rest[:n], before)
	c.inOrder += n
}

// byDeadline orders wants, those of equal deadlines by rarity.
func byDeadline(a, b want) int {
	return cmp.Or(cmp.Compare(a.deadline, b.deadline), cmp.Compare(a.holders, b.holders), cmp.Compare(a.piece, b.piece))
}

// least moves the first n of an order to the beginning, in any order (Hoare's FIND).
func least(all []want, n int, before func(a, b want) int) {
	for lo, hi := 0, len(all)-1; lo < hi; {
		pivot := all[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for before(all[i], pivot) < 0 {
				i++
			}
			for before(all[j], pivot) > 0 {
				j--
			}
			if i <= j {
				all[i], all[j] = all[j], all[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j+1 && n > lo:
			hi = j
		case n > i && n <= hi:
			lo = i
		default:
			return // the border lies between two parts
		}
	}
}

// once keeps each piece once, at its earliest deadline, the first piece first.
func (c *Core) once() {
	ascending := func(a, b want) int { return cmp.Or(cmp.Compare(a.piece, b.piece), cmp.Compare(a.deadline, b.deadline)) }
	if !slices.IsSortedFunc(c.wants, ascending) {
		slices.SortFunc(c.wants, ascending)
	}
	c.wants = slices.CompactFunc(c.wants, func(a, b want) bool { return a.piece == b.piece })
}

// wanted gives the want of a piece, with its time; false where it is not wanted. The first
// piece is the first want.
func (c *Core) wanted(piece int) (*want, bool) {
	i, ok := slices.BinarySearchFunc(c.wants, piece, func(w want, piece int) int { return cmp.Compare(w.piece, piece) })
	if !ok {
		return nil, false
	}
	return &c.wants[i], true
}
