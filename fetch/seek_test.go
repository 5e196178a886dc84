package fetch

import (
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// play reads a content at a rate in bytes/s until ctx ends, and returns how long
// its player stood still after its start. Its socket takes at once what plays for
// ahead.
func (s *sim) play(ctx context.Context, c Content, rate float64, ahead time.Duration) (stalled time.Duration) {
	var start time.Time
	played := int64(0)
	for ctx.Err() == nil {
		if err := c.Wait(ctx); err != nil {
			return stalled
		}
		if start.IsZero() {
			start = time.Now()
		}
		if late := time.Since(start) - stalled - transfer(float64(played), rate); late > 0 && played > 0 {
			stalled += late
		}
		n, err := c.WriteNext(io.Discard)
		if err != nil {
			return stalled
		}
		played += n
		time.Sleep(time.Until(start.Add(stalled + transfer(float64(played), rate) - ahead)))
	}
	return stalled
}

// Seeks beside a running stream come soon, and the stream does not stand still:
// neither while it plays, nor while the buffers of its player's socket, some
// megabytes of them, take all that the peers can give.
func TestSeeksBesideAStream(t *testing.T) {
	for _, ahead := range []time.Duration{time.Second, 8 * time.Second, 24 * time.Second} {
		if raced && ahead != 8*time.Second {
			continue
		}
		t.Run(ahead.String(), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) { seeksBesideAStream(t, ahead) })
		})
	}
}

func seeksBesideAStream(t *testing.T, ahead time.Duration) {
	const rtt, behind, apart, seeks = 50 * ms, 64 << 20, 9 << 20, 20
	s := newSim(t, simnet.Ideal, rtt, 1<<20, behind+seeks*apart)
	s.net = simnet.New(simnet.Config{RTT: rtt, SendBuffer: 500 << 10}) // libtorrent's send_buffer_watermark
	s.gate = s.node(simnet.HostConfig{})
	for range 4 {
		s.script(simRate, simnet.Libtorrent())
	}
	ctx, stop := context.WithCancel(context.Background())
	stream := s.open(0, behind)
	s.first(stream, time.Now())
	stalled := make(chan time.Duration)
	go func() { stalled <- s.play(ctx, stream, 1_000_000, ahead) }()
	r := rand.New(rand.NewPCG(1, 2))
	var took []time.Duration
	for i, slot := range r.Perm(seeks) {
		off, n := behind+int64(slot)*apart+r.Int64N(1<<20), int64(1<<20)
		if i%2 > 0 {
			n = int64(len(s.content)) - off // as a browser does
		}
		took = append(took, s.glance(off, n))
		time.Sleep(300 * ms)
	}
	stop()
	if d := <-stalled; d > 0 {
		t.Errorf("the stream stood still for %v", d)
	}
	stream.Close()
	slices.Sort(took)
	floor := rtt + transfer(1<<20, 4*simRate)
	t.Logf("seeks after %v, floor %v", took, floor)
	// What a peer was asked for before is not recalled: that is some two blocks.
	atMost(t, "p90", took[18], floor, 2*epsilon(simRate))
	st, _ := s.gate.session.Status(s.hash())
	t.Logf("%d bytes wasted of %d", st.Wasted, st.Downloaded)
}

// glance opens [off, off+n), reads the first MiB and closes. It returns how long
// the first byte took.
func (s *sim) glance(off, n int64) time.Duration {
	s.t.Helper()
	start := time.Now()
	c := s.open(off, n)
	defer c.Close()
	first := s.first(c, start)
	for got := int64(0); got < 1<<20; {
		s.first(c, start)
		n, err := c.WriteNext(io.Discard)
		if err != nil {
			s.t.Fatal(err)
		}
		got += n
	}
	return first
}
