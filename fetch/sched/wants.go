package sched

import (
	"cmp"
	"slices"
)

// The wants of a plan are many where many read, and few of them are looked at before the
// next plan: they are put in order as far as somebody looks.

// orderedAtATime is how many wants are put in order when the next one is looked at.
const orderedAtATime = 32

// want is the i-th in the order of deadlines.
func (c *Core) want(i int) *want {
	if c.farOrder {
		c.farOrder = false
		c.orderFar()
	}
	for i >= c.inOrder {
		rest := c.wants[c.inOrder:]
		n := min(len(rest), max(orderedAtATime, i+1-c.inOrder))
		least(rest, n)
		slices.SortFunc(rest[:n], byDeadline)
		c.inOrder += n
	}
	return &c.wants[i]
}

// byDeadline orders wants, those of equal deadlines by rarity.
func byDeadline(a, b want) int {
	return cmp.Or(cmp.Compare(a.deadline, b.deadline), cmp.Compare(a.holders, b.holders), cmp.Compare(a.piece, b.piece))
}

// least moves the first n of an order to the beginning, in any order (Hoare's FIND).
func least(all []want, n int) {
	for lo, hi := 0, len(all)-1; lo < hi; {
		pivot := all[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for byDeadline(all[i], pivot) < 0 {
				i++
			}
			for byDeadline(all[j], pivot) > 0 {
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

// wanted is when a piece is wanted; false if it is not. The first piece is the first want.
func (c *Core) wanted(piece int) (*want, bool) {
	i, ok := slices.BinarySearchFunc(c.wants, piece, func(w want, piece int) int { return cmp.Compare(w.piece, piece) })
	if !ok {
		return nil, false
	}
	return &c.wants[i], true
}
