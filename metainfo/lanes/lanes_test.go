package lanes

import (
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"
)

// FuzzLanes compares with the standard hashes: messages of any lengths in any number of
// lanes, written in any parts, beside one another.
func FuzzLanes(f *testing.F) {
	f.Add(uint64(1), 16, 1<<14, 1<<14)
	f.Add(uint64(2), 16, 1000, 64)
	f.Add(uint64(3), 7, 200, 7)
	f.Add(uint64(4), 3, 128, 64)
	f.Add(uint64(5), 16, 40000, 16384)
	f.Add(uint64(6), Half, 40000, 16384)
	f.Fuzz(func(t *testing.T, seed uint64, lanes, length, part int) {
		lanes, length, part = lanes&0x7fffffff%(Width+1), length&0x7fffffff%70000, part&0x7fffffff%40000+1
		compare(t, seed, lanes, length, part)
	})
}

// TestLanes is many random cases: whole blocks, ragged ends, parts that do not fit blocks.
func TestLanes(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		part := []int{64, 1000, 16384, 1 + random.IntN(300)}[random.IntN(4)]
		compare(t, seed, random.IntN(Width+1), 1+random.IntN(5000), part)
	}
}

// compare hashes messages of up to length bytes, one lane several after another.
func compare(t *testing.T, seed uint64, lanes, length, part int) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	text := make([]byte, length+Width)
	for i := range text {
		text[i] = byte(random.Uint32())
	}
	var one SHA1
	var two SHA256
	var message, left [Width][]byte
	begin := func(lane int) {
		n := length
		if random.IntN(2) == 0 {
			n = random.IntN(length + 1)
		}
		message[lane] = text[lane : lane+n]
		left[lane] = message[lane]
		one.Reset(lane)
		two.Reset(lane)
	}
	for lane := range lanes {
		begin(lane)
	}
	for more := 3 * lanes; more > 0; {
		var now [Width][]byte
		for lane := range lanes {
			n := min(part, len(left[lane]))
			if random.IntN(8) == 0 {
				n = 0
			}
			now[lane], left[lane] = left[lane][:n], left[lane][n:]
		}
		one.Write(&now)
		two.Write(&now)
		for lane := range lanes {
			if len(left[lane]) > 0 {
				continue
			}
			if got, want := one.Sum(lane), sha1.Sum(message[lane]); got != want {
				t.Fatalf("SHA-1 of %d bytes in lane %d: %x, not %x", len(message[lane]), lane, got, want)
			}
			if got, want := two.Sum(lane), sha256.Sum256(message[lane]); got != want {
				t.Fatalf("SHA-256 of %d bytes in lane %d: %x, not %x", len(message[lane]), lane, got, want)
			}
			begin(lane)
			more--
		}
	}
}

// TestVectors are the examples of FIPS 180-4, "abc" and the million of "a", in all lanes.
func TestVectors(t *testing.T) {
	var one SHA1
	var two SHA256
	var part [Width][]byte
	for lane := range part {
		one.Reset(lane)
		two.Reset(lane)
		part[lane] = make([]byte, 10000)
		for i := range part[lane] {
			part[lane][i] = 'a'
		}
	}
	for range 100 {
		one.Write(&part)
		two.Write(&part)
	}
	for lane := range part {
		if got := fmt.Sprintf("%x", one.Sum(lane)); got != "34aa973cd4c4daa4f61eeb2bdbad27316534016f" {
			t.Errorf("SHA-1 in lane %d: %s", lane, got)
		}
		if got := fmt.Sprintf("%x", two.Sum(lane)); got != "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" {
			t.Errorf("SHA-256 in lane %d: %s", lane, got)
		}
	}
}

// TestNoAllocation: lanes in use allocate nothing.
func TestNoAllocation(t *testing.T) {
	var d SHA256
	part := parts(1 << 14)
	got := testing.AllocsPerRun(10, func() {
		for lane := range part {
			d.Reset(lane)
		}
		d.Write(&part)
		for lane := range part {
			_ = d.Sum(lane)
		}
	})
	if got > 0 {
		t.Errorf("%v allocations for sixteen leaves", got)
	}
}

// parts are n bytes for each lane, none of them at the same place of a page.
func parts(n int) (part [Width][]byte) {
	text := make([]byte, Width*(n+128))
	for lane := range part {
		part[lane] = text[lane*(n+128):][:n]
	}
	return part
}

// BenchmarkLanes hashes 16 KiB in each of so many lanes; what it takes one at a time is beside it.
func BenchmarkLanes(b *testing.B) {
	part := parts(1 << 14)
	for _, lanes := range []int{16, 8, 5, 4} {
		some := part
		clear(some[lanes:])
		b.Run(fmt.Sprintf("SHA1/%d", lanes), func(b *testing.B) {
			var d SHA1
			b.SetBytes(int64(lanes) << 14)
			for b.Loop() {
				d.Write(&some)
			}
		})
		b.Run(fmt.Sprintf("SHA256/%d", lanes), func(b *testing.B) {
			var d SHA256
			b.SetBytes(int64(lanes) << 14)
			for b.Loop() {
				d.Write(&some)
			}
		})
	}
	b.Run("SHA1/alone", func(b *testing.B) {
		b.SetBytes(1 << 14)
		for b.Loop() {
			_ = sha1.Sum(part[0])
		}
	})
	b.Run("SHA256/alone", func(b *testing.B) {
		b.SetBytes(1 << 14)
		for b.Loop() {
			_ = sha256.Sum256(part[0])
		}
	})
}
