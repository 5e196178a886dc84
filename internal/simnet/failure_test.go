package simnet

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

func TestCut(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b, other := n.Host(HostConfig{}), n.Host(HostConfig{}), n.Host(HostConfig{})
		c, s := connect(t, a, b)
		safe, far := connect(t, a, other)
		n.Cut(a, b)
		for _, end := range []net.Conn{c, s} {
			if _, err := end.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%v", err)
			}
		}
		send(safe, 3)
		receive(t, far, 3, time.Now())
		c, _ = connect(t, a, b)
		send(c, 1)
	})
}

func TestLeave(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b := n.Host(HostConfig{}), n.Host(HostConfig{})
		mustListen(t, b)
		c, s := connect(t, a, b)
		start := time.Now()
		b.Leave()
		if _, err := s.Read(make([]byte, 1)); err == nil {
			t.Error("the end that left can read")
		}
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%v", err)
		}
		want(t, "reset", time.Since(start), rtt/2)
		if _, err := a.DialContext(t.Context(), "tcp", b.AddrPort(6881).String()); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("dial: %v", err)
		}
		c, _ = connect(t, a, b) // started again
		send(c, 1)
	})
}

func TestVanish(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b := n.Host(HostConfig{}), n.Host(HostConfig{})
		c, _ := connect(t, a, b)
		b.Vanish()
		send(c, 1)
		c.SetReadDeadline(time.Now().Add(time.Hour))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("silence expected, got %v", err)
		}
	})
}

func TestBlockHoldsThenDelivers(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b := n.Host(HostConfig{Up: 1e6}), n.Host(HostConfig{Down: 1e6})
		c, s := connect(t, a, b)
		const size = 1 << 20
		done := send(c, size)
		start := time.Now()
		time.AfterFunc(200*time.Millisecond, func() { n.Block(a, b) })
		time.AfterFunc(10*time.Second, func() { n.Unblock(a, b) })
		receive(t, s, size, start)
		took := time.Since(start)
		floor := 10*time.Second - 200*time.Millisecond + size*time.Microsecond
		if took < floor || took > floor+2*rtt {
			t.Errorf("%v, want about %v", took, floor)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// A SYN that is lost is sent again after 1 s, 3 s, 7 s.
func TestDialThroughAnOutage(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b := n.Host(HostConfig{}), n.Host(HostConfig{})
		mustListen(t, b)
		n.Block(a, b)
		time.AfterFunc(2*time.Second, func() { n.Unblock(a, b) })
		start := time.Now()
		c, err := a.DialContext(t.Context(), "tcp", b.AddrPort(6881).String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		want(t, "dial", time.Since(start), 3*time.Second+rtt)
	})
}

// The same calls give the same times, to the nanosecond.
func TestRunsAreEqual(t *testing.T) {
	run := func() (took []time.Duration) {
		bubble.Test(t, func(t *testing.T) {
			n := New(Config{RTT: rtt, Mode: SlowStart})
			a := n.Host(HostConfig{Down: 5e6})
			start := time.Now()
			times := make([]time.Duration, 20)
			var wg sync.WaitGroup
			for i := range times {
				c, s := connect(t, a, n.Host(HostConfig{Up: 1e6 + int64(i)*12345, RTT: time.Duration(i) * time.Millisecond}))
				send(s, 300000+i)
				wg.Go(func() { times[i] = receive(t, c, 300000+i, start) })
			}
			wg.Wait()
			took = times
		})
		return took
	}
	first := run()
	if again := run(); !slices.Equal(first, again) {
		t.Errorf("%v\nthen %v", first, again)
	}
}

func TestDatagrams(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt, Seed: 7})
		a, b := n.Host(HostConfig{Up: 1e6}), n.Host(HostConfig{Down: 1e6, Name: "b.test"})
		p, err := b.ListenPacket(t.Context(), "udp", ":53")
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		c, err := a.DialContext(t.Context(), "udp", "b.test:53")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		start := time.Now()
		c.Write([]byte("question"))
		buf := make([]byte, 100)
		k, from, err := p.ReadFrom(buf)
		if err != nil || string(buf[:k]) != "question" || from.String() != c.LocalAddr().String() {
			t.Fatalf("%q from %v, %v", buf[:k], from, err)
		}
		want(t, "datagram", time.Since(start), rtt/2+8*time.Microsecond)
		p.WriteTo([]byte("answer"), from)
		if k, err = c.Read(buf); err != nil || string(buf[:k]) != "answer" {
			t.Fatalf("%q, %v", buf[:k], err)
		}
		c.SetReadDeadline(time.Now().Add(time.Second))
		if _, err = c.Read(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}

func TestDatagramLoss(t *testing.T) {
	run := func() (got int) {
		bubble.Test(t, func(t *testing.T) {
			n := New(Config{RTT: rtt, Seed: 7})
			a, b := n.Host(HostConfig{}), n.Host(HostConfig{Loss: 0.3})
			p, _ := b.ListenPacket(t.Context(), "udp", ":53")
			q, _ := a.ListenPacket(t.Context(), "udp", ":0")
			for range 1000 {
				q.WriteTo([]byte{1}, p.LocalAddr())
			}
			p.SetReadDeadline(time.Now().Add(time.Second))
			for {
				if _, _, err := p.ReadFrom(make([]byte, 1)); err != nil {
					break
				}
				got++
			}
			p.Close()
			q.Close()
		})
		return got
	}
	first := run()
	if first < 640 || first > 760 {
		t.Errorf("%d of 1000 arrived with a loss of 0.3", first)
	}
	if again := run(); again != first {
		t.Errorf("the same seed: %d, then %d", first, again)
	}
}

// A thousand hosts serve three others each; every byte is counted.
func TestThousandHosts(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const hosts, size = 1000, 24 << 10
		n := New(Config{RTT: rtt, Mode: SlowStart})
		var all []*Host
		for range hosts {
			h := n.Host(HostConfig{Up: 1e6, Down: 4e6})
			all = append(all, h)
			l := mustListen(t, h)
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					c.Write(make([]byte, size))
					c.Close()
				}
			}()
		}
		var wg sync.WaitGroup
		for i, h := range all {
			for _, step := range []int{1, 7, 100} {
				wg.Go(func() {
					c, err := h.DialContext(context.Background(), "tcp", all[(i+step)%hosts].AddrPort(6881).String())
					if err != nil {
						t.Error(err)
						return
					}
					defer c.Close()
					if got, err := io.Copy(io.Discard, c); got != size || err != nil {
						t.Errorf("%d bytes, %v", got, err)
					}
				})
			}
		}
		wg.Wait()
		time.Sleep(rtt) // the last ends arrive
		for _, h := range all {
			if s := h.Stats(); s.Sent != 3*size || s.Received != 3*size || s.Conns != 0 {
				t.Fatalf("%+v", s)
			}
		}
	})
}

// What a byte through the network costs in real time: a shaped link in usual
// segments, in large ones, and one without a limit.
func BenchmarkTransfer(b *testing.B) {
	for name, c := range map[string]struct{ rate, segment int }{
		"1460 B": {1e9, 0}, "16 KiB": {1e9, 16 << 10}, "unlimited": {},
	} {
		b.Run(name, func(b *testing.B) {
			const size = 1 << 20
			n := New(Config{Segment: c.segment})
			client, server := connect(b, n.Host(HostConfig{Up: int64(c.rate)}), n.Host(HostConfig{Down: int64(c.rate)}))
			b.SetBytes(size)
			buf := make([]byte, size)
			for b.Loop() {
				done := send(client, size)
				if _, err := io.ReadFull(server, buf); err != nil {
					b.Fatal(err)
				}
				<-done
			}
		})
	}
}
