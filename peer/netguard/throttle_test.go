package netguard

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// plenty is a network whose connections always have something to read.
type plenty struct{ Network }

type plentyConn struct{ net.Conn }

func (plentyConn) Read(p []byte) (int, error) { return len(p), nil }
func (plentyConn) Close() error               { return nil }

func (plenty) DialContext(context.Context, string, string) (net.Conn, error) {
	return plentyConn{}, nil
}

// All connections together read at the rate, to a hundredth, and take their turns.
func TestThrottle(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const rate, seconds, conns = 200_000, 20, 5
		n := NewThrottle(rate).Network(plenty{})
		var all sync.WaitGroup
		var read [conns]atomic.Int64
		end := time.Now().Add(seconds * time.Second)
		for i := range conns {
			c, err := n.DialContext(t.Context(), "tcp", "a:1")
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			all.Go(func() {
				p := make([]byte, 1<<20)
				for time.Now().Before(end) {
					m, _ := c.Read(p)
					read[i].Add(int64(m))
				}
			})
		}
		all.Wait()
		var sum int64
		for i := range read {
			sum += read[i].Load()
			if read[i].Load() < rate*seconds/conns/2 {
				t.Errorf("connection %d read %d bytes", i, read[i].Load())
			}
		}
		if got := float64(sum) / (rate * seconds); got < 0.99 || got > 1.04 {
			t.Errorf("%d bytes are %.3f of the rate", sum, got)
		}
	})
}

func TestThrottleEndsWithItsConnection(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := NewThrottle(1).Network(plenty{})
		c, err := n.DialContext(t.Context(), "tcp", "a:1")
		if err != nil {
			t.Fatal(err)
		}
		p := make([]byte, 2*minThrottleRead)
		if m, err := c.Read(p); m != minThrottleRead || err != nil {
			t.Fatalf("%d bytes, %v", m, err)
		}
		if _, err := c.Read(p[:1]); err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { _, err := c.Read(p); done <- err }()
		synctest.Wait()
		c.Close()
		c.Close()
		if err := <-done; !errors.Is(err, net.ErrClosed) {
			t.Errorf("a read of a closed connection: %v", err)
		}
	})
}

func TestThrottleLeavesTheRest(t *testing.T) {
	if n := NewThrottle(0).Network(pipes{}); n != (pipes{}) {
		t.Error("no rate is no throttle")
	}
	c, err := NewThrottle(1).Network(pipes{}).DialContext(t.Context(), "udp", "a:1")
	if _, wrapped := c.(*throttledConn); err != nil || wrapped {
		t.Errorf("a datagram socket: %T, %v", c, err)
	}
	c.Close()
}
