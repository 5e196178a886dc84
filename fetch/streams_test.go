package fetch

import (
	"context"
	"io"
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
				if d := s.play(context.Background(), c, 1_000_000, time.Second); d > 0 {
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

// The same out of libtorrent seeders that are limited to 15.3 MB/s each: they send
// what they give in half a second or in a second in one burst. The sockets of the
// clients take megabytes, so that every reader waits all the time, and who is served
// when is all there is to choose. A player that begins with little more than its 1 MB
// may stand still before its third piece or its fourth: between two bursts there is
// nothing to give it.
func TestFiftyStreamsInBursts(t *testing.T) {
	for _, apart := range []time.Duration{0, 150 * ms} {
		t.Run(apart.String(), func(t *testing.T) {
			simnet.Test(t, func(t *testing.T) { fiftyInBursts(t, apart) })
		})
	}
}

// fiftyInBursts has the seeders' limiters tick so far apart.
func fiftyInBursts(t *testing.T, apart time.Duration) {
	const streams, piece, place, each = 50, 1 << 20, 9<<20 + 500_000, 8_000_000
	s := newSim(t, simnet.Ideal, 0, piece, streams*place)
	s.net = simnet.New(simnet.Config{RTT: ms, SendBuffer: 500 << 10, Segment: 16 << 10})
	s.gate = s.node(simnet.HostConfig{})
	b := simnet.Libtorrent()
	b.UploadLimit = 15_300_000
	for range 4 {
		s.script(150_000_000, b)
		time.Sleep(apart)
	}
	s.know()
	var all sync.WaitGroup
	films := make([]*film, streams)
	for i := range films {
		films[i] = &film{rate: 1_000_000, socket: 4 << 20}
		c := s.open(int64(i)*place, each)
		all.Go(func() {
			defer c.Close()
			if err := films[i].watch(context.Background(), c); err != io.EOF {
				t.Error(err)
			}
		})
	}
	all.Wait()
	stalls, stalled, wanted := 0, time.Duration(0), int64(0)
	for i, f := range films {
		stalls += f.stalls
		stalled += f.stalled
		first := int64(i) * place / piece
		wanted += (int64(i)*place+each-1)/piece - first + 1
	}
	st, _ := s.gate.session.Status(s.hash())
	waste := float64(st.Downloaded) / float64(wanted*piece)
	t.Logf("%.3f bytes fetched a byte of the pieces that were read, %d stalls, %v in all", waste, stalls, stalled)
	if waste > 1.01 {
		t.Error("that is too much")
	}
	if stalled > 2*time.Second { // of 400 s that are played
		t.Errorf("streams stood still %d times, for %v in all", stalls, stalled)
	}
}
