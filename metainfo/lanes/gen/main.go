// Command gen writes the assembly of package lanes: SHA-1 and SHA-256 over sixteen
// messages at once, one message in each 32-bit lane of AVX-512's registers. The first
// eight are also hashed alone, in registers of half the size.
//
// All functions take the state (word by word, each of sixteen lanes), sixteen
// pointers, and the number of blocks of 64 bytes behind each pointer.
package main

import (
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	width     = 16
	blockSize = 64
	words     = 16 // of a block
)

// A vector is a size of registers: the lanes that one has, and a new one.
type vector struct {
	lanes int
	make  func() VecVirtual
}

var (
	sixteen = vector{16, ZMM}
	eight   = vector{8, YMM}
)

// The logic functions as VPTERNLOGD's truth tables, of destination, second and
// first source.
const (
	xor3   = 0x96
	choose = 0xca
	major  = 0xe8
)

func main() {
	ConstraintExpr("amd64")
	swap := swapMask()
	table := constants("sha1K", []uint32{0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6})
	sha1("sha1Blocks", sixteen, table, swap)
	sha1("sha1Half", eight, table, swap)
	table = constants("sha256K", k256)
	sha256("sha256Blocks", sixteen, table, swap)
	sha256("sha256Half", eight, table, swap)
	Generate()
}

// swapMask is VPSHUFB's control that reverses the bytes of each word.
func swapMask() Mem {
	m := GLOBL("swap", RODATA|NOPTR)
	for i := range width * 4 {
		DATA(i, U8(i%16/4*4+3-i%4))
	}
	return m
}

// A compression is the part that both functions share.
type compression struct {
	vector
	state  Mem // of the words, each of all lanes
	ptrs   Register
	at     GPVirtual
	blocks GPVirtual
	h      []VecVirtual // the state's words
	w      [words]VecVirtual
	swap   Mem
}

// begin loads the arguments and the state of n words.
func begin(name string, v vector, count int, swap Mem) *compression {
	TEXT(name, NOSPLIT, "func(state *["+strconv.Itoa(count)+"][16]uint32, from *[16]*byte, blocks int)")
	Pragma("noescape")
	c := &compression{vector: v, swap: swap}
	c.state = Mem{Base: Load(Param("state"), GP64())}
	c.ptrs = Load(Param("from"), GP64())
	c.blocks = GP64()
	Load(Param("blocks"), c.blocks)
	c.at = GP64()
	XORQ(c.at, c.at)
	for i := range count {
		c.h = append(c.h, c.make())
		VMOVDQU32(c.word(i), c.h[i])
	}
	Label("next")
	TESTQ(c.blocks, c.blocks)
	JZ(LabelRef("done"))
	return c
}

func (c *compression) word(i int) Mem { return c.state.Offset(i * width * 4) }

// load reads a block of each lane and transposes them: then w[i] has word i of
// all lanes.
func (c *compression) load() {
	mask := c.make()
	VMOVDQU32(c.swap, mask)
	for first := 0; first < words; first += c.lanes {
		c.loadSquare(first, mask)
	}
}

// loadSquare reads as many words of each lane as there are lanes.
func (c *compression) loadSquare(first int, mask VecVirtual) {
	rows := make([]VecVirtual, c.lanes)
	for i := range rows {
		rows[i] = c.make()
		p := GP64()
		MOVQ(Mem{Base: c.ptrs, Disp: i * 8}, p)
		VMOVDQU32(Mem{Base: p, Index: c.at, Scale: 1, Disp: first * 4}, rows[i])
	}
	for _, r := range rows {
		VPSHUFB(mask, r, r)
	}
	// Within each group of four words: rows by pairs, pairs by fours.
	for i := 0; i < c.lanes; i += 2 {
		rows[i], rows[i+1] = c.split(VPUNPCKLDQ, VPUNPCKHDQ, rows[i], rows[i+1])
	}
	for i := 0; i < c.lanes; i += 4 {
		a, b := c.split(VPUNPCKLQDQ, VPUNPCKHQDQ, rows[i], rows[i+2])
		d, e := c.split(VPUNPCKLQDQ, VPUNPCKHQDQ, rows[i+1], rows[i+3])
		rows[i], rows[i+1], rows[i+2], rows[i+3] = a, b, d, e
	}
	// rows[4k+j] has words j, 4+j, 8+j, 12+j of lanes 4k to 4k+3, by groups.
	for j := range 4 {
		w := c.w[first+j:]
		if c.lanes == 8 {
			w[0], w[4] = c.groups(0, 3, rows[j], rows[4+j])
		} else {
			a, b := c.groups(0x88, 0xdd, rows[j], rows[4+j])
			d, e := c.groups(0x88, 0xdd, rows[8+j], rows[12+j])
			w[0], w[8] = c.groups(0x88, 0xdd, a, d)
			w[4], w[12] = c.groups(0x88, 0xdd, b, e)
		}
	}
}

// split makes two rows of two by a pair of instructions.
func (c *compression) split(lo, hi func(ops ...Op), a, b VecVirtual) (VecVirtual, VecVirtual) {
	x, y := c.make(), c.make()
	lo(b, a, x)
	hi(b, a, y)
	return x, y
}

// groups returns the even groups of four words of a and b, and the odd ones, by the
// controls of VSHUFI32X4 for that.
func (c *compression) groups(first, second uint8, a, b VecVirtual) (even, odd VecVirtual) {
	even, odd = c.make(), c.make()
	VSHUFI32X4(U8(first), b, a, even)
	VSHUFI32X4(U8(second), b, a, odd)
	return even, odd
}

// end adds the former state, continues with the next block, and returns after the last.
// Without its VZEROUPPER the SSE code that comes next (Go's own SHA-1 is such) takes
// many times as long on some processors.
func (c *compression) end() {
	for i, h := range c.h {
		VPADDD(c.word(i), h, h)
		VMOVDQU32(h, c.word(i))
	}
	ADDQ(U8(blockSize), c.at)
	DECQ(c.blocks)
	JMP(LabelRef("next"))
	Label("done")
	VZEROUPPER()
	RET()
}

// constants writes 32-bit words to read-only data.
func constants(name string, ks []uint32) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	for i, k := range ks {
		DATA(i*4, U32(k))
	}
	return m
}

// sha1 is FIPS 180-4, section 6.1.2.
func sha1(name string, v vector, table, swap Mem) {
	c := begin(name, v, 5, swap)
	c.load()
	a, b, cc, d, e := c.h[0], c.h[1], c.h[2], c.h[3], c.h[4]
	for t := range 80 {
		w := c.w[t%words]
		if t >= words {
			VPXORD(c.w[(t-14)%words], w, w)
			VPTERNLOGD(U8(xor3), c.w[(t-8)%words], c.w[(t-3)%words], w)
			VPROLD(U8(1), w, w)
		}
		VPADDD(w, e, e)
		VPADDD_BCST(table.Offset(t/20*4), e, e)
		f := c.make()
		VMOVDQA32(b, f)
		VPTERNLOGD(U8([]int{choose, xor3, major, xor3}[t/20]), d, cc, f)
		VPADDD(f, e, e)
		r := c.make()
		VPROLD(U8(5), a, r)
		VPADDD(r, e, e)
		VPROLD(U8(30), b, b)
		a, b, cc, d, e = e, a, b, cc, d
	}
	c.end() // after 80 rounds each word is in its own register again
}

// sha256 is FIPS 180-4, section 6.2.2.
func sha256(name string, v vector, table, swap Mem) {
	c := begin(name, v, 8, swap)
	c.load()
	r := append([]VecVirtual(nil), c.h...) // a to h
	for t := range 64 {
		w := c.w[t%words]
		if t >= words {
			s0, s1 := c.small(c.w[(t-15)%words], 7, 18, 3), c.small(c.w[(t-2)%words], 17, 19, 10)
			VPADDD(c.w[(t-7)%words], w, w)
			VPADDD(s0, w, w)
			VPADDD(s1, w, w)
		}
		h := r[7]
		VPADDD(w, h, h)
		VPADDD_BCST(table.Offset(t*4), h, h)
		ch := c.make()
		VMOVDQA32(r[4], ch)
		VPTERNLOGD(U8(choose), r[6], r[5], ch)
		VPADDD(ch, h, h)
		VPADDD(c.large(r[4], 6, 11, 25), h, h)
		VPADDD(h, r[3], r[3])
		maj := c.make()
		VMOVDQA32(r[0], maj)
		VPTERNLOGD(U8(major), r[2], r[1], maj)
		VPADDD(maj, h, h)
		VPADDD(c.large(r[0], 2, 13, 22), h, h)
		r = append([]VecVirtual{h}, r[:7]...)
	}
	c.end()
}

// large returns the exclusive or of three rotations.
func (c *compression) large(x VecVirtual, i, j, k uint64) VecVirtual {
	a, b, d := c.make(), c.make(), c.make()
	VPRORD(U8(i), x, a)
	VPRORD(U8(j), x, b)
	VPRORD(U8(k), x, d)
	VPTERNLOGD(U8(xor3), d, b, a)
	return a
}

// small returns the exclusive or of two rotations and a shift.
func (c *compression) small(x VecVirtual, i, j, k uint64) VecVirtual {
	a, b, d := c.make(), c.make(), c.make()
	VPRORD(U8(i), x, a)
	VPRORD(U8(j), x, b)
	VPSRLD(U8(k), x, d)
	VPTERNLOGD(U8(xor3), d, b, a)
	return a
}

// k256 are the constants of FIPS 180-4, section 4.2.2.
var k256 = []uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}
