package fetch

import (
	"context"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// Fifty films at 1 MB/s, out of peers that give 60 MB/s in all: nobody's stands
// still.
func TestFiftyStreams(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const streams = 50
		each := int64(10 << 20)
		if raced {
			each = 2 << 20
		}
		s := newSim(t, simnet.Ideal, 2*ms, 1<<20, int(streams*each))
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

// The same out of libtorrent seeders that are limited to 61.2 MB/s in all: they send
// what they give in half a second or in a second in one burst. The sockets of the
// clients take megabytes, so that every reader waits all the time, and who is served
// when is all there is to choose. A player that begins with little more than its 1 MB
// may stand still before its third piece or its fourth: between two bursts there is
// nothing to give it. First pauses are not known to be a habit: who takes one of three
// for gone for two seconds has 6 s of stalls, and who takes bursts for the rate of eight,
// and asks them for hundreds of blocks ahead of readers, 5 to 38. Which of fifty comes first is chance: with eight
// seeders 104 runs had 0.1 to 3.3 s. They had 9 to 10 s where a peer was too slow for each of many pieces by itself.
func TestFiftyStreamsInBursts(t *testing.T) {
	for _, b := range []bursts{
		{seeders: 4, apart: 0, most: 2 * time.Second, waste: 1.01},
		{seeders: 4, apart: 150 * ms, most: 2 * time.Second, waste: 1.01},
		{seeders: 3, apart: 250 * ms, most: 2 * time.Second, waste: 1.01},
		{seeders: 8, apart: 200 * ms, most: 5 * time.Second, waste: 1.03},
	} {
		if raced && b.seeders != 3 {
			continue
		}
		t.Run(fmt.Sprintf("%d,%v", b.seeders, b.apart), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) { fiftyInBursts(t, b) })
		})
	}
}

// bursts are those of seeders whose limiters tick so far apart, and what that may cost.
type bursts struct {
	seeders int
	apart   time.Duration
	most    time.Duration // that players stand still, of 400 s that are played
	waste   float64       // bytes fetched a byte of the pieces that are read
}

func fiftyInBursts(t *testing.T, b bursts) {
	const streams, piece = 50, 1 << 20
	place, each := 9<<20+500_000, int64(8_000_000)
	if raced {
		place, each = place/2, each/2
	}
	s := newSim(t, simnet.Ideal, 0, piece, streams*place)
	s.net = simnet.New(simnet.Config{RTT: ms, SendBuffer: 500 << 10, Segment: 16 << 10})
	s.gate = s.node(simnet.HostConfig{})
	seeder := simnet.Libtorrent()
	seeder.UploadLimit = int64(61_200_000 / b.seeders)
	for range b.seeders {
		s.script(150_000_000, seeder)
		time.Sleep(b.apart)
	}
	s.know()
	var all sync.WaitGroup
	films := make([]*film, streams)
	for i := range films {
		films[i] = &film{rate: 1_000_000, socket: 4 << 20}
		c := s.open(int64(i*place), each)
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
		first := int64(i*place) / piece
		wanted += (int64(i*place)+each-1)/piece - first + 1
	}
	st, _ := s.gate.session.Status(s.hash())
	waste := float64(st.Downloaded) / float64(wanted*piece)
	t.Logf("%.3f bytes fetched a byte of the pieces that were read, %d stalls, %v in all", waste, stalls, stalled)
	if waste > b.waste {
		t.Error("that is too much")
	}
	if stalled > b.most {
		t.Errorf("streams stood still %d times, for %v in all", stalls, stalled)
	}
}
