package fetch

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

// Fifty films at 1 MB/s, out of peers that give 60 MB/s in all: nobody's stands
// still.
func TestFiftyStreams(t *testing.T) {
	simnet.Test(t, func(t *testing.T) {
		const streams, each = 50, 10 << 20
		s := newSim(t, simnet.Ideal, 2*ms, 1<<20, streams*each)
		s.net = simnet.New(simnet.Config{RTT: 2 * ms, SendBuffer: 500 << 10, Segment: 16 << 10}) // libtorrent's send_buffer_watermark
		s.gate = s.node(simnet.HostConfig{})
		s.gate.session.budget = 128 << 20
		for range 4 {
			s.script(15_000_000, simnet.Libtorrent())
		}
		s.know()
		var mu sync.Mutex
		var stalled []time.Duration
		var all sync.WaitGroup
		for i := range streams {
			c := s.open(int64(i)*each, each)
			all.Go(func() {
				defer c.Close()
				if d := s.play(context.Background(), c, 1_000_000); d > 0 {
					mu.Lock()
					stalled = append(stalled, d)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		st, _ := s.gate.session.Status(s.hash())
		if waste := float64(st.Downloaded) / float64(st.Served); waste > 1.01 {
			t.Errorf("%.3f bytes fetched a byte served", waste)
		}
		if len(stalled) > 0 {
			t.Errorf("%d streams stood still: %v", len(stalled), stalled)
		}
	})
}
