package simnet

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

const rtt = 50 * time.Millisecond

func TestConnectTakesOneRoundTrip(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b := n.Host(HostConfig{}), n.Host(HostConfig{})
		l := mustListen(t, b)
		start := time.Now()
		accepted := make(chan time.Duration, 1)
		go func() {
			c, err := l.Accept()
			if err != nil {
				t.Error(err)
				return
			}
			accepted <- time.Since(start)
			c.Close()
		}()
		c, err := a.DialContext(context.Background(), "tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		want(t, "dial", time.Since(start), rtt)
		want(t, "accept", <-accepted, 3*rtt/2)
	})
}

func TestByteTakesHalfARoundTrip(t *testing.T) {
	for _, cfg := range []HostConfig{{}, {Up: 1e6}, {Down: 1e6}, {Up: 1e6, Down: 1e6}} {
		t.Run(fmt.Sprint(cfg.Up, cfg.Down), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				n := New(Config{RTT: rtt})
				a, b := n.Host(cfg), n.Host(cfg)
				client, server := connect(t, a, b)
				start := time.Now()
				send(client, 1)
				took := receive(t, server, 1, start)
				exact := rtt / 2
				if cfg.Up+cfg.Down > 0 {
					exact += time.Microsecond
				}
				want(t, "one byte", took, exact)
			})
		})
	}
}

// P bytes arrive R/2 + P/B after they were written, whoever has the bandwidth B
// and whatever else the link carried before.
func TestBytesTakeSizeByBandwidth(t *testing.T) {
	for _, size := range []int{16384, 1 << 20, 1<<20 + 7, 16 << 20} {
		for _, cfg := range []struct{ up, down int64 }{{2e6, 0}, {0, 2e6}, {2e6, 2e6}, {3e6, 2e6}, {2e6, 3e6}} {
			t.Run(fmt.Sprint(size, cfg), func(t *testing.T) {
				bubble.Test(t, func(t *testing.T) {
					n := New(Config{RTT: rtt})
					a, b := n.Host(HostConfig{Up: cfg.up}), n.Host(HostConfig{Down: cfg.down})
					client, server := connect(t, a, b)
					start := time.Now()
					send(client, size)
					took := receive(t, server, size, start)
					slack := time.Duration(0)
					if cfg.up != 0 && cfg.down != 0 && cfg.up != cfg.down {
						// The last segment still crosses the faster link.
						slack = defaultSegment * time.Second / 2e6
					}
					exact := rtt/2 + time.Duration(size)*time.Second/2e6
					if took < exact-2 || took > exact+slack+2 {
						t.Errorf("%v, want %v", took, exact)
					}
				})
			})
		}
	}
}

// Connections share an uplink and a downlink fairly, to the segment.
func TestConnectionsShareFairly(t *testing.T) {
	const flows, size, rate = 4, 1 << 20, 4e6
	for _, side := range []string{"uplink", "downlink", "one downlink, four hosts"} {
		t.Run(side, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				n := New(Config{RTT: rtt})
				up, down := HostConfig{Up: rate}, HostConfig{}
				if side != "uplink" {
					up, down = HostConfig{}, HostConfig{Down: rate}
				}
				a, b := n.Host(up), n.Host(down)
				var pairs [flows][2]net.Conn
				for i := range pairs {
					if side == "one downlink, four hosts" {
						a = n.Host(up)
					}
					pairs[i][0], pairs[i][1] = connect(t, a, b)
				}
				start := time.Now()
				var wg sync.WaitGroup
				var took [flows]time.Duration
				for i, p := range pairs {
					send(p[0], size)
					wg.Go(func() { took[i] = receive(t, p[1], size, start) })
				}
				wg.Wait()
				last := rtt/2 + flows*size*time.Second/rate
				first := last - 2*flows*defaultSegment*time.Second/rate
				for i, d := range took {
					if d < first || d > last+2 {
						t.Errorf("connection %d: %v, want between %v and %v", i, d, first, last)
					}
				}
			})
		})
	}
}

// A short message does not wait behind another connection's bulk data.
func TestShortMessageBesideBulk(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b := n.Host(HostConfig{Up: 1e6}), n.Host(HostConfig{Down: 1e6})
		bulk, sink := connect(t, a, b)
		client, server := connect(t, a, b)
		send(bulk, 8<<20)
		done := make(chan struct{})
		go func() {
			defer close(done)
			buf := make([]byte, 1<<16)
			for read(sink, buf) {
			}
		}()
		time.Sleep(time.Second)
		start := time.Now()
		send(client, 17)
		took := receive(t, server, 17, start)
		if limit := rtt/2 + 2*defaultSegment*time.Microsecond + 34*time.Microsecond; took > limit {
			t.Errorf("17 bytes took %v, want at most %v", took, limit)
		}
		sink.Close()
		<-done
	})
}

func read(c net.Conn, p []byte) bool {
	_, err := c.Read(p)
	return err == nil
}

// Cold, P bytes over a connection without bandwidth limit take n round trips,
// n the smallest with 14,600 × (2^n − 1) ≥ P.
func TestSlowStartRounds(t *testing.T) {
	for n := 1; n <= 8; n++ {
		most := 14600 * (1<<n - 1)
		for _, size := range []int{most, most + 1} {
			rounds := n
			if size > most {
				rounds++
			}
			t.Run(fmt.Sprint(size), func(t *testing.T) {
				bubble.Test(t, func(t *testing.T) {
					net := New(Config{RTT: rtt, Mode: SlowStart})
					client, server := connect(t, net.Host(HostConfig{}), net.Host(HostConfig{}))
					start := time.Now()
					send(client, 1) // the request
					receive(t, server, 1, start)
					send(server, size)
					want(t, "transfer", receive(t, client, size, start), time.Duration(rounds)*rtt)
				})
			})
		}
	}
}

// A warm connection goes on with its window and is cold after a second without
// sending; with a bandwidth it becomes as fast as that.
func TestSlowStartWarmAndIdle(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt, Mode: SlowStart})
		client, server := connect(t, n.Host(HostConfig{}), n.Host(HostConfig{}))
		transfer := func(size int) time.Duration {
			start := time.Now()
			send(client, 1)
			receive(t, server, 1, start)
			send(server, size)
			return receive(t, client, size, start)
		}
		const four = 14600 * 15
		want(t, "cold", transfer(four), 4*rtt)
		time.Sleep(900 * time.Millisecond)
		want(t, "warm", transfer(16*14600), rtt)
		time.Sleep(time.Second + rtt)
		want(t, "idle", transfer(four), 4*rtt)
	})
}

func TestSlowStartReachesBandwidth(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt, Mode: SlowStart})
		client, server := connect(t, n.Host(HostConfig{Up: 2e6}), n.Host(HostConfig{}))
		start := time.Now()
		const size = 8 << 20
		send(client, size)
		took := receive(t, server, size, start)
		floor := rtt/2 + size*time.Second/2e6
		// Three rounds (14.6, 29.2 and 58.4 KB) leave the link idle for a while.
		if took < floor || took > floor+3*rtt {
			t.Errorf("%v, want %v and at most three round trips more", took, floor)
		}
	})
}

// Breadth is the way round slow start: 1 MiB over k cold connections takes
// ceil(log2(1 + P/(k × 14.6 KB))) round trips.
func TestSlowStartBreadth(t *testing.T) {
	const size = 1 << 20
	for k, rounds := range map[int]int{1: 7, 2: 6, 4: 5, 8: 4, 16: 3, 32: 2} {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				n := New(Config{RTT: rtt, Mode: SlowStart})
				a := n.Host(HostConfig{})
				var wg sync.WaitGroup
				var conns []net.Conn
				for range k {
					client, server := connect(t, a, n.Host(HostConfig{}))
					conns = append(conns, client)
					go func() {
						if read(server, make([]byte, 1)) {
							server.Write(make([]byte, size/k))
						}
					}()
				}
				start := time.Now()
				for _, c := range conns {
					c.Write([]byte{1})
				}
				for _, c := range conns {
					wg.Go(func() { receive(t, c, size/k, start) })
				}
				wg.Wait()
				want(t, "1 MiB", time.Since(start), time.Duration(rounds)*rtt)
			})
		})
	}
}
