package fetch

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// A player that is paused takes nothing from one that plays, once a few of the pieces
// ahead of it are there: nobody gets to the others.
func TestPausedBesideABrowser(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const rtt, piece, rate, long = 50 * ms, 32 << 10, 375_000, 120
		s := newSim(t, simnet.Ideal, rtt, piece, rate*long)
		s.net = simnet.New(simnet.Config{RTT: rtt, SendBuffer: 500 << 10}) // libtorrent's send_buffer_watermark
		s.gate = s.node(simnet.HostConfig{})
		for range 4 {
			s.script(1.5*rate/4, simnet.Libtorrent())
		}
		paused := s.open(0, rate*long)
		defer paused.Close()
		for got := int64(0); got < 2<<20; {
			s.first(paused, time.Now())
			n, err := paused.WriteNext(io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			got += n
		}
		b := &browser{s: s, rate: rate, start: 96 << 10, align: piece}
		b.watch(60*rate, 5*time.Second)
		begin := len(b.stalls)
		for _, at := range []int64{20, 90} {
			b.watch(at*rate, 5*time.Second)
		}
		t.Logf("stalls %v", b.stalls)
		if begin > 3 || len(b.stalls) > begin {
			t.Errorf("it stood still %d times at first, %d times later: %v", begin, len(b.stalls)-begin, b.stalls)
		}
	})
}

// A reader that is paused in the middle of a piece has no part of the memory for pieces that
// others may need, and goes on where it was.
func TestPausedReaderHasNoPlace(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const piece, size = 4 << 20, 16 << 20
		s := newSim(t, simnet.Ideal, 20*ms, piece, size)
		s.seed(50_000_000, false)
		c := s.open(0, size)
		defer c.Close()
		s.first(c, time.Now())
		var got bytes.Buffer
		if n, err := c.WriteNext(&got); err != nil || n >= piece {
			t.Fatalf("%d bytes, %v", n, err)
		}
		time.Sleep(time.Minute)
		if n := s.gate.session.used.Load(); n != 0 {
			t.Errorf("%d bytes are taken by a reader that is paused", n)
		}
		for got.Len() < size {
			if err := c.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := c.WriteNext(&got); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(got.Bytes(), s.content) {
			t.Error("wrong bytes")
		}
	})
}
