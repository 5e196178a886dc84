package fetch

import (
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// TestOnlySeeder reads a film from one peer that rejects, loses or jams, and allows what
// that may cost over the same peer without the fault.
func TestOnlySeeder(t *testing.T) {
	const size, rtt = 16 << 20, 50 * ms
	every := func(k int) func(int) bool { return func(n int) bool { return n%k == k-1 } }
	only := func(k int) func(int) bool { return func(n int) bool { return n == k } }
	first := func(k int) func(int) bool { return func(n int) bool { return n < k } }
	for _, c := range []struct {
		name   string
		up     int64
		change func(*simnet.Behaviour)
		cost   time.Duration
	}{
		{"rejects one request", simRate, func(b *simnet.Behaviour) { b.Refuse = only(100) }, 400 * ms},
		{"rejects one in a hundred", simRate, func(b *simnet.Behaviour) { b.Refuse = every(100) }, 4 * time.Second},
		{"rejects its first", simRate, func(b *simnet.Behaviour) { b.Refuse = first(3) }, 800 * ms},
		{"loses one request", simRate, func(b *simnet.Behaviour) { b.Lose = only(100) }, 600 * ms},
		{"loses one in a hundred", simRate, func(b *simnet.Behaviour) { b.Lose = every(100) }, 6 * time.Second},
		{"loses its first", simRate, func(b *simnet.Behaviour) { b.Lose = first(3) }, 1500 * ms},
		{"loses the last", simRate, func(b *simnet.Behaviour) { b.Lose = only(size>>14 - 1) }, 1500 * ms},
		{"jams above 64", 50_000_000, func(b *simnet.Behaviour) { b.Jam = 64 }, 3 * time.Second},
		{"jams above 16", 50_000_000, func(b *simnet.Behaviour) { b.Jam = 16 }, 9 * time.Second},
	} {
		if raced && c.name != "rejects one in a hundred" && c.name != "loses one in a hundred" && c.name != "jams above 16" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			took := make([]time.Duration, 2)
			for i := range took {
				bubble.Test(t, func(t *testing.T) {
					s := newSim(t, simnet.Ideal, rtt, 1<<20, size)
					b := simnet.Libtorrent()
					if i == 1 {
						c.change(&b)
					}
					seed := s.script(c.up, b)
					start := time.Now()
					content := s.open(0, size)
					s.read(content, 0, size)
					content.Close()
					took[i] = time.Since(start)
					if st := seed.Stats(); st.Bytes > size+size/20 {
						t.Errorf("%d bytes came for %d", st.Bytes, size)
					}
				})
			}
			t.Logf("%v without, %v with", took[0], took[1])
			if cost := took[1] - took[0]; cost > c.cost {
				t.Errorf("it cost %v, at most %v", cost, c.cost)
			}
		})
	}
}
