package fetch

import (
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// Fifty films at 200 kB/s, each from another place of one file that nobody has cached, out of
// sixty libtorrent seeders that are limited to 200 kB/s each: together they give a sixth more
// than is played. The sockets of the clients take what comes, so that every reader waits all the
// time, and each peer is silent most of the time. What two peers are asked for is then taken from
// another reader.
func TestFiftyPlayersOfSixtySlowSeeders(t *testing.T) {
	for _, c := range []struct {
		name      string
		slow      float64 // bytes/s at which a burst comes: at least this, and up to the next
		fast      float64
		apart     time.Duration // between the beginnings of two players, at most
		most      time.Duration // that players stand still, of 1500 s that are played
		half, all time.Duration // in which that many play
	}{
		// In turn they begin after 2.4 s and 4.6 s, all together after 4.6 s.
		{"bursts in no time", 150 * mb, 150 * mb, 0, 10 * time.Second, 3500 * ms, 5500 * ms},
		// The first burst of a peer looks as if it gave megabytes a second.
		{"bursts in milliseconds", 3 * mb, 20 * mb, 5 * ms, 2 * time.Second, 4 * time.Second, 6 * time.Second},
	} {
		if raced && c.apart == 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const streams, piece, rate = 50, 1 << 20, 200_000
				pieces := 6
				if raced {
					pieces = 3
				}
				read, place, each := pieces*piece, (pieces+1)*piece, int64(pieces)*1_000_000 // one piece lies between two films
				r := rand.New(rand.NewPCG(4, 7))
				s := newSim(t, simnet.Ideal, 0, piece, streams*place)
				s.net = simnet.New(simnet.Config{RTT: ms, SendBuffer: 500 << 10, Segment: 16 << 10})
				s.conns = 120
				s.gate = s.node(simnet.HostConfig{})
				seeder := simnet.Libtorrent()
				seeder.UploadLimit = rate
				for range 60 {
					s.script(int64(c.slow+r.Float64()*(c.fast-c.slow)), seeder)
					time.Sleep(time.Duration(r.Int64N(int64(500 * ms))))
				}
				s.know()
				var all sync.WaitGroup
				films := make([]*film, streams)
				start := time.Now()
				for i := range films {
					films[i] = &film{rate: rate, socket: 8 << 20}
					time.Sleep(time.Duration(r.Float64() * float64(c.apart)))
					c := s.open(int64(i*place), each)
					all.Go(func() {
						defer c.Close()
						if err := films[i].watch(context.Background(), c); err != io.EOF {
							t.Error(err)
						}
					})
				}
				all.Wait()
				stalled, began := time.Duration(0), make([]time.Duration, streams)
				for i, f := range films {
					stalled += f.stalled
					began[i] = f.began.Sub(start)
				}
				slices.Sort(began)
				st, _ := s.gate.session.Status(s.hash())
				waste := float64(st.Downloaded) / float64(streams*read)
				t.Logf("%.3f bytes fetched a byte of the pieces that were read, %v of stalls; the median player began after %v, the last after %v",
					waste, stalled, began[streams/2], began[streams-1])
				if waste > 1.05 {
					t.Error("that is too much")
				}
				if stalled > c.most {
					t.Errorf("players stood still for %v", stalled)
				}
				if began[streams/2] > c.half || began[streams-1] > c.all {
					t.Error("players began late")
				}
			})
		})
	}
}

// One reader of the same seeders. Each is asked for more than it sends in a tick, so that they give
// nearly all they can, and few blocks are asked for twice.
func TestOneReaderOfSixtySlowSeeders(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size, seeders, rate = 96 << 20, 60, 200_000
		r := rand.New(rand.NewPCG(1, 7))
		s := newSim(t, simnet.Ideal, 0, 1<<20, size)
		s.net = simnet.New(simnet.Config{RTT: ms, SendBuffer: 500 << 10, Segment: 16 << 10})
		s.conns = 2 * seeders
		s.gate = s.node(simnet.HostConfig{})
		seeder := simnet.Libtorrent()
		seeder.UploadLimit = rate
		for range seeders {
			s.script(int64(3*mb+r.Float64()*17*mb), seeder)
			time.Sleep(time.Duration(r.Int64N(int64(500 * ms))))
		}
		s.know()
		start := time.Now()
		c := s.open(0, size)
		defer c.Close()
		s.read(c, 0, size)
		got := size / time.Since(start).Seconds()
		st, _ := s.gate.session.Status(s.hash())
		waste := float64(st.Downloaded) / size
		t.Logf("%.2f MB/s of %.2f, %.3f bytes fetched a byte read", got/mb, seeders*rate/mb, waste)
		if got < 0.75*seeders*rate {
			t.Error("that is too slow")
		}
		if waste > 1.15 {
			t.Error("that is too much")
		}
	})
}
