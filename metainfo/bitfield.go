package metainfo

import (
	"math/bits"
	"slices"
)

// Bitfield is a set of pieces in the order of BEP 3: piece 0 is the high bit
// of the first byte. It does not know how many pieces there are; the spare
// bits at its end are zero. Not for concurrent use while it is written.
type Bitfield []byte

// NewBitfield returns an empty set for n pieces.
func NewBitfield(n int) Bitfield { return make(Bitfield, (n+7)/8) }

// Has reports whether piece i is in the set; false where i is out of range.
func (b Bitfield) Has(i int) bool {
	return i >= 0 && i>>3 < len(b) && b[i>>3]&(0x80>>(i&7)) != 0
}

// Set adds piece i, which is in range.
func (b Bitfield) Set(i int) { b[i>>3] |= 0x80 >> (i & 7) }

// Clear removes piece i, which is in range.
func (b Bitfield) Clear(i int) { b[i>>3] &^= 0x80 >> (i & 7) }

// SetAll adds the first n pieces.
func (b Bitfield) SetAll(n int) {
	for i := range n / 8 {
		b[i] = 0xff
	}
	if n%8 != 0 {
		b[n/8] |= ^byte(0xff >> (n % 8))
	}
}

// Count returns how many of the first n pieces are in the set.
func (b Bitfield) Count(n int) int {
	count := 0
	for _, c := range b[:min(n/8, len(b))] {
		count += bits.OnesCount8(c)
	}
	if n%8 != 0 && n/8 < len(b) {
		count += bits.OnesCount8(b[n/8] &^ (0xff >> (n % 8)))
	}
	return count
}

// Clone returns a copy.
func (b Bitfield) Clone() Bitfield { return slices.Clone(b) }

// Valid reports whether b is a bitfield message for n pieces: of the right
// length, its spare bits zero (BEP 3 lets a peer that breaks this be dropped).
func (b Bitfield) Valid(n int) bool {
	if len(b) != (n+7)/8 {
		return false
	}
	return n%8 == 0 || b[n/8]&(0xff>>(n%8)) == 0
}
