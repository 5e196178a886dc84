package fetch

import (
	"context"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// The cache is told how dear a torrent is to fetch again: by how much of it the connected peers
// have, and whether something else than peers has given of it. What was seen while it came stays
// known when it is whole and the seeds have left.
func TestMissCostIsWhatTheSwarmShows(t *testing.T) {
	const size, half = 8 << 20, 4 << 20
	for _, tt := range []struct {
		name    string
		seeds   int
		served  bool // by a web server
		objects bool
		want    cache.MissCost
	}{
		{"one seed", 1, false, false, cache.Dear},
		{"three seeds", 3, false, false, cache.Ordinary},
		{"a web seed", 1, true, false, cache.Cheap},
		{"an object store", 1, false, true, cache.Cheap},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, 20*ms, 256<<10, size)
				if tt.objects {
					b := s.bucket(simRate)
					b.fill()
					b.gateway()
				}
				for range tt.seeds {
					s.seed(simRate, false)
				}
				h := s.hints()
				if tt.served {
					url, _ := s.web(simRate, 0)
					h.WebSeeds = []string{url}
				}
				s.know()
				info, err := s.gate.session.Info(context.Background(), s.hash(), h)
				if err != nil {
					t.Fatal(err)
				}
				read := func(off int64) {
					c, err := s.gate.session.Open(context.Background(), s.hash(), h, &info.Files[0], off, half)
					if err != nil {
						t.Fatal(err)
					}
					defer c.Close()
					s.read(c, off, half)
					time.Sleep(2 * reapEvery)
				}
				read(0)
				read(half)
				tor := s.gate.session.torrents[s.hash()]
				tor.mu.Lock()
				defer tor.mu.Unlock()
				if tor.cost != tt.want {
					t.Errorf("the cost is %d, not %d", tor.cost, tt.want)
				}
			})
		})
	}
}
