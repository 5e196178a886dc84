package fetch

import (
	"context"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

// play reads a content at a rate in bytes/s until ctx ends, and returns how long
// its player stood still after its start.
func (s *sim) play(ctx context.Context, c Content, rate float64) (stalled time.Duration) {
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
		time.Sleep(time.Until(start.Add(stalled + transfer(float64(played), rate) - time.Second)))
	}
	return stalled
}

// Seeks beside a running stream come soon, and the stream does not stand still.
func TestSeeksBesideAStream(t *testing.T) {
	simnet.Test(t, func(t *testing.T) {
		const rtt, size = 50 * ms, 256 << 20
		s := newSim(t, simnet.Ideal, rtt, 1<<20, size)
		s.net = simnet.New(simnet.Config{RTT: rtt, SendBuffer: 500 << 10}) // libtorrent's send_buffer_watermark
		s.gate = s.node(simnet.HostConfig{})
		for range 4 {
			s.script(simRate, simnet.Libtorrent())
		}
		ctx, stop := context.WithCancel(context.Background())
		stream := s.open(0, 128<<20)
		stalled := make(chan time.Duration)
		go func() { stalled <- s.play(ctx, stream, 1_000_000) }()
		time.Sleep(2 * time.Second)
		r := rand.New(rand.NewPCG(1, 2))
		var took []time.Duration
		for range 20 {
			off := int64(128<<20) + r.Int64N(127)<<20
			begun := time.Now()
			c := s.open(off, 256<<20-off) // as a browser does
			took = append(took, s.first(c, begun))
			c.Close()
			time.Sleep(400 * ms)
		}
		stop()
		if d := <-stalled; d > 0 {
			t.Errorf("the stream stood still for %v", d)
		}
		stream.Close()
		slices.Sort(took)
		floor := rtt + transfer(1<<20, 4*simRate)
		t.Logf("seeks after %v, floor %v", took, floor)
		if p90 := took[17]; p90 > 250*ms {
			t.Errorf("p90 of the seeks %v", p90)
		}
		st, _ := s.gate.session.Status(s.hash())
		t.Logf("%d bytes wasted of %d", st.Wasted, st.Downloaded)
	})
}
