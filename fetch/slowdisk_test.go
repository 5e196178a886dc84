package fetch

import (
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// onDisk gives the gateway a cache on a disk that takes rate bytes/s, and 4 MiB of
// memory for what waits for it.
func (s *sim) onDisk(rate float64, memory int64, before func(n int)) {
	s.gate = s.nodeWith(simnet.HostConfig{}, cache.Config{
		Dir: s.t.TempDir(), MemoryBytes: 16 << 20,
		BeforeWrite: func(n int) {
			before(n)
			time.Sleep(transfer(float64(n), rate))
		},
	})
	s.gate.session.budget = memory
}

// held is how many pieces the cache has on disk after it wrote what it could.
func (s *sim) held() cache.Stats {
	s.t.Helper()
	if err := inUse(s.gate.session, s.hash()).stored.Flush(); err != nil {
		s.t.Fatal(err)
	}
	return s.gate.store.Stats()
}

// Where the disk is slower than the swarm, one reading leaves every piece on disk: what
// does not get there in time waits in memory, and then the reader waits.
func TestSlowDiskFastSwarm(t *testing.T) {
	for name, c := range map[string]struct {
		disk   float64 // bytes/s
		stalls time.Duration
		piece  int64
	}{
		"50 MB/s":               {disk: 50e6, piece: 1 << 20},
		"50 MB/s, small pieces": {disk: 50e6, piece: 64 << 10},
		"50 MB/s, large pieces": {disk: 50e6, piece: 8 << 20},
		"stands still for 3 s":  {disk: 500e6, stalls: 3 * time.Second, piece: 1 << 20},
	} {
		if raced && c.stalls == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size = 64 << 20
				s := newSim(t, simnet.Ideal, 2*ms, c.piece, size)
				var stall atomic.Bool
				stall.Store(c.stalls > 0)
				s.onDisk(c.disk, 16<<20, func(int) {
					if stall.Swap(false) {
						time.Sleep(c.stalls)
					}
				})
				for range 4 {
					s.script(125_000_000, simnet.Libtorrent())
				}
				start := time.Now()
				r := s.open(0, size)
				s.read(r, 0, size)
				r.Close()
				took := time.Since(start)
				st := s.held()
				pieces := s.torrent.Info.NumPieces()
				if st.DiskPieces != pieces || st.Pieces != pieces || st.Overflows != 0 || st.Evictions != 0 {
					t.Errorf("%d of %d pieces on disk, %d held; %+v", st.DiskPieces, pieces, st.Pieces, st.Counters)
				}
				most := transfer(size, c.disk) + c.stalls + transfer(size, 500e6) + 500*ms
				if took > most {
					t.Errorf("read after %v, the disk alone takes %v", took, most)
				}
				t.Logf("read after %v, the disk alone takes %v", took, transfer(size, c.disk)+c.stalls)

				// Once more, which fetches nothing.
				before, _ := s.gate.session.Status(s.hash())
				r = s.open(0, size)
				s.read(r, 0, size)
				r.Close()
				if after, _ := s.gate.session.Status(s.hash()); after.Downloaded != before.Downloaded {
					t.Errorf("the second reading fetched %d bytes", after.Downloaded-before.Downloaded)
				}
			})
		})
	}
}

// A disk that stands still holds a reader up for a while, and no longer; what is in
// memory then is written when the disk goes on.
func TestDiskStandsStill(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size, piece = 64 << 20, 1 << 20
		s := newSim(t, simnet.Ideal, 2*ms, piece, size)
		goOn := make(chan struct{})
		s.onDisk(500e6, 16<<20, func(int) { <-goOn })
		for range 4 {
			s.script(125_000_000, simnet.Libtorrent())
		}
		start := time.Now()
		r := s.open(0, size)
		s.read(r, 0, size)
		r.Close()
		if took := time.Since(start); took > 7*time.Second {
			t.Errorf("read after %v", took)
		}
		held := s.gate.store.Stats().Pieces
		if held < 12 {
			t.Errorf("%d pieces held in 16 MiB of memory", held)
		}
		close(goOn)
		time.Sleep(time.Second)
		if st := s.held(); st.DiskPieces != st.Pieces || st.Pieces < 12 {
			t.Errorf("%d pieces on disk of %d that were in memory; %+v", st.DiskPieces, st.Pieces, st)
		}
	})
}

// A reader that is slower than the swarm is sent what came for it out of memory: what is
// ahead of it waits for room, and makes none by going to the disk first.
func TestSlowReaderReadsFromMemory(t *testing.T) {
	for name, piece := range map[string]int64{"1 MiB": 1 << 20, "16 KiB": 16 << 10} {
		if raced && piece < 1<<20 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size, rate = 64 << 20, 20e6
				s := newSim(t, simnet.Ideal, 2*ms, piece, size)
				s.onDisk(500e6, 16<<20, func(int) {})
				for range 4 {
					s.seed(50_000_000, false)
				}
				c := s.open(0, size)
				defer c.Close()
				for read := int64(0); read < size; {
					if err := c.Wait(t.Context()); err != nil {
						t.Fatal(err)
					}
					n, err := c.WriteNext(io.Discard)
					if err != nil {
						t.Fatal(err)
					}
					read += n
					time.Sleep(transfer(float64(n), rate))
				}
				if st := s.gate.store.Stats(); st.DiskHits > 0 {
					t.Errorf("%d of %d pieces were read back from the disk", st.DiskHits, s.torrent.Info.NumPieces())
				}
			})
		})
	}
}
