package sched

import "math/bits"

// Marks are a set of small numbers, here places in Core.Links, that is gone through in order.
type marks []uint64

func (m *marks) set(i int) {
	for i>>6 >= len(*m) {
		*m = append(*m, 0)
	}
	(*m)[i>>6] |= 1 << (i & 63)
}

func (m marks) clear(i int) { m[i>>6] &^= 1 << (i & 63) }

func (m marks) has(i int) bool { return i>>6 < len(m) && m[i>>6]>>(i&63)&1 != 0 }

// next is the first that is set, of i and those after it, or -1.
func (m marks) next(i int) int {
	for at := i >> 6; at < len(m); at++ {
		word := m[at]
		if at == i>>6 {
			word &= ^uint64(0) << (i & 63)
		}
		if word != 0 {
			return at<<6 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

// fill sets the first n, and no others.
func (m *marks) fill(n int) {
	clear(*m)
	for i := range n {
		m.set(i)
	}
}
