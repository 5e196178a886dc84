package fetch

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// zeros is a Behaviour.Lie: nothing of the block is right, and all who lie send the same.
func zeros(_, _ int, block []byte) { clear(block) }

// TestManyLiars: however many lie, each is convicted within few failures of its own, little
// comes in vain, and no honest peer is banned. Which of the peers lie is by seed.
func TestManyLiars(t *testing.T) {
	for _, tt := range []struct {
		liars, of   int
		piece, size int64
		failures    int     // at most
		vain        float64 // of the size, at most
	}{
		{1, 4, 256 << 10, 4 << 20, 3, 0.3},
		{3, 5, 256 << 10, 4 << 20, 5 * 3, 2}, // 4 a liar but for a few runs
		{10, 20, 256 << 10, 4 << 20, 4 * 10, 2},
		{19, 20, 256 << 10, 4 << 20, 4 * 19, 5},
		{19, 20, 1 << 20, 4 << 20, 4 * 19, 8},
		{19, 20, 64 << 10, 4 << 20, 4 * 19, 2},
		{19, 20, 16 << 10, 4 << 20, 4 * 19, 2},
		{12, 14, 4 << 20, 32 << 20, 4 * 12, 3},
	} {
		for _, name := range []string{"zeros", "noise"} {
			for seed := range 3 {
				if raced && (seed > 0 || tt.piece > 1<<20) {
					continue
				}
				t.Run(fmt.Sprintf("%d of %d, %dk, %s, %d", tt.liars, tt.of, tt.piece>>10, name, seed), func(t *testing.T) {
					t.Parallel()
					bubble.Test(t, func(t *testing.T) {
						s := newSim(t, simnet.Ideal, 50*ms, tt.piece, int(tt.size))
						for n, i := range rand.New(rand.NewPCG(7, uint64(seed))).Perm(tt.of) {
							b := simnet.Libtorrent()
							if i < tt.liars {
								b.Lie = zeros
								if name == "noise" {
									b.Lie = func(_, _ int, block []byte) { block[n] ^= byte(n + 1) }
								}
							}
							s.script(simRate, b)
						}
						start := time.Now()
						c := s.openStart(tt.size)
						defer c.Close()
						s.read(c, 0, tt.size)
						st, _ := s.gate.session.Status(s.hash())
						vain := float64(st.Wasted) / float64(tt.size)
						t.Logf("%d failures, %.1f of the size in vain, %v", st.HashFailures, vain, time.Since(start))
						if int(st.HashFailures) > tt.failures || vain > tt.vain {
							t.Errorf("%d failures, want at most %d; %.1f of the size in vain, want %v", st.HashFailures, tt.failures, vain, tt.vain)
						}
						if st.Swarm.Banned != tt.liars {
							t.Errorf("%d banned, %d lied", st.Swarm.Banned, tt.liars)
						}
					})
				})
			}
		}
	}
}
