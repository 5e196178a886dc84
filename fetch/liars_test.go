package fetch

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
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
		{3, 5, 256 << 10, 4 << 20, 4*3 + 4, 2}, // 4 a liar, 14 in a run in thirty, 15 in one of two hundred: most of the peers lie
		{10, 20, 256 << 10, 4 << 20, 4 * 10, 2},
		{19, 20, 256 << 10, 4 << 20, 4 * 19, 5},
		{19, 20, 1 << 20, 4 << 20, 4 * 19, 8},
		{19, 20, 64 << 10, 4 << 20, 4 * 19, 2},
		{19, 20, 16 << 10, 4 << 20, 4 * 19, 2},
		{12, 14, 4 << 20, 32 << 20, 4 * 12, 3},
	} {
		for _, name := range []string{"zeros", "noise"} {
			seeds := 3
			if tt.of == 5 {
				seeds = 12 // among them the worst
			}
			for seed := range seeds {
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

// TestMemoryBesideLiars: however many lie, and however large the pieces are, what is held to find them
// is within the memory: of --memory=32MiB half for pieces in flight, three eighths for the cache.
func TestMemoryBesideLiars(t *testing.T) {
	if raced {
		return // it moves much, and all on one goroutine's time
	}
	const memory, kept, piece, size = 16 << 20, 12 << 20, 4 << 20, 64 << 20
	for _, liars := range []int{3, 12} {
		t.Run(fmt.Sprint(liars), func(t *testing.T) {
			t.Parallel()
			bubble.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, 50*ms, piece, size)
				s.gate = s.nodeWith(simnet.HostConfig{}, cache.Config{MemoryBytes: kept})
				ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
				defer cancel()
				if err := s.gate.session.Close(ctx); err != nil {
					t.Fatal(err)
				}
				session, err := NewSession(Config{Host: s.gate.host, Store: s.gate.store, Pool: s.gate.pool, Memory: memory, NoMediaHints: true})
				if err != nil {
					t.Fatal(err)
				}
				s.gate.session = session
				for i := range liars + 2 {
					b := simnet.Libtorrent()
					if i >= 2 {
						b.Lie = func(_, _ int, block []byte) { block[i] ^= byte(i) } // each its own version
					}
					s.script(simRate, b)
				}
				const readers, each = 8, size / 8
				done := make(chan struct{})
				var most int64
				var watch sync.WaitGroup
				watch.Go(func() {
					for {
						select {
						case <-done:
							return
						case <-time.After(ms):
							most = max(most, s.gate.pool.Outstanding())
						}
					}
				})
				begin := s.openStart(each)
				var reading sync.WaitGroup
				for i := range int64(readers) {
					c := begin
					if i > 0 {
						c = s.open(i*each, each)
					}
					reading.Go(func() {
						defer c.Close()
						s.read(c, i*each, each)
					})
				}
				reading.Wait()
				close(done)
				watch.Wait()
				st, _ := s.gate.session.Status(s.hash())
				t.Logf("%d liars: %d MiB at the most, %d failures", liars, most>>20, st.HashFailures)
				if most > memory+kept {
					t.Errorf("%d MiB are held, of %d", most>>20, (memory+kept)>>20)
				}
				if n := int(st.HashFailures); n == 0 || n > 4*liars {
					t.Errorf("%d failures, want some, and at most %d", n, 4*liars)
				}
			})
		})
	}
}
