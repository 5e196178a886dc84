package simnet

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/nettest"

	"github.com/btgw/btgw/internal/bubble"
)

// The standard suite for net.Conn, in real time.
func TestConnIsANetConn(t *testing.T) {
	for name, cfg := range map[string]Config{"ideal": {}, "slow start": {Mode: SlowStart, RTT: time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
				n := New(cfg)
				c1, c2 = connect(t, n.Host(HostConfig{}), n.Host(HostConfig{}))
				return c1, c2, func() { c1.Close(); c2.Close() }, nil
			})
		})
	}
}

// bubble runs f in virtual time with a connection between two hosts.
func inBubble(t *testing.T, cfg Config, f func(t *testing.T, n *Network, client, server net.Conn)) {
	bubble.Test(t, func(t *testing.T) {
		n := New(cfg)
		client, server := connect(t, n.Host(HostConfig{}), n.Host(HostConfig{}))
		f(t, n, client, server)
	})
}

func TestReadDeadlineWakesReader(t *testing.T) {
	inBubble(t, Config{RTT: rtt}, func(t *testing.T, _ *Network, client, _ net.Conn) {
		start := time.Now()
		client.SetReadDeadline(start.Add(time.Hour))
		time.AfterFunc(time.Second, func() { client.SetReadDeadline(start.Add(3 * time.Second)) })
		_, err := client.Read(make([]byte, 1))
		if !errors.Is(err, os.ErrDeadlineExceeded) || !err.(net.Error).Timeout() {
			t.Errorf("error %v", err)
		}
		want(t, "deadline", time.Since(start), 3*time.Second)
		client.SetReadDeadline(time.Time{})
		time.AfterFunc(time.Second, func() { client.Close() })
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("error %v after Close", err)
		}
	})
}

// Without a reader a writer stops at the window and the send buffer, and goes
// on half a round trip after the reader read.
func TestBackPressure(t *testing.T) {
	const window, buffer = 256 << 10, 32 << 10
	inBubble(t, Config{RTT: rtt, Window: window, SendBuffer: buffer}, func(t *testing.T, _ *Network, client, server net.Conn) {
		client.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := client.Write(make([]byte, 1<<20))
		if !errors.Is(err, os.ErrDeadlineExceeded) || n != window+buffer {
			t.Fatalf("wrote %d, %v; want %d and a time-out", n, err, window+buffer)
		}
		client.SetWriteDeadline(time.Time{})
		done := send(client, 1)
		synctest.Wait()
		start := time.Now()
		receive(t, server, 32<<10, start)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		want(t, "write", time.Since(start), rtt/2)
	})
}

func TestHalfClose(t *testing.T) {
	inBubble(t, Config{RTT: rtt}, func(t *testing.T, _ *Network, client, server net.Conn) {
		send(client, 100000)
		synctest.Wait()
		if err := client.(*Conn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(server)
		if len(got) != 100000 || err != nil {
			t.Fatalf("read %d, %v", len(got), err)
		}
		if _, err := client.Write([]byte{1}); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("write after CloseWrite: %v", err)
		}
		send(server, 5)
		receive(t, client, 5, time.Now())
	})
}

func TestCloseDeliversWhatWasWritten(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		client, server := connect(t, n.Host(HostConfig{Up: 1e6}), n.Host(HostConfig{}))
		start := time.Now()
		if _, err := client.Write(make([]byte, 50000)); err != nil {
			t.Fatal(err)
		}
		if err := client.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(server)
		if len(got) != 50000 || err != nil {
			t.Fatalf("read %d, %v", len(got), err)
		}
		want(t, "end", time.Since(start), rtt/2+50*time.Millisecond)
		if err := client.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("second Close: %v", err)
		}
	})
}

// Resets: a close with unread data, SetLinger(0), data to a closed end.
func TestResets(t *testing.T) {
	for name, provoke := range map[string]func(client, server net.Conn){
		"unread data": func(client, server net.Conn) {
			send(client, 10)
			time.Sleep(rtt)
			server.Close()
		},
		"linger": func(_, server net.Conn) {
			server.(*Conn).SetLinger(0)
			server.Close()
		},
		"data to a closed end": func(client, server net.Conn) {
			server.Close()
			client.Read(make([]byte, 1)) // the end
			send(client, 10)
			time.Sleep(rtt / 2)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, Config{RTT: rtt}, func(t *testing.T, _ *Network, client, server net.Conn) {
				provoke(client, server)
				start := time.Now()
				for {
					_, err := client.Read(make([]byte, 1))
					if err == nil || errors.Is(err, io.EOF) {
						time.Sleep(time.Millisecond)
						continue
					}
					if !errors.Is(err, syscall.ECONNRESET) {
						t.Errorf("read: %v", err)
					}
					break
				}
				want(t, "reset", time.Since(start).Truncate(time.Millisecond), rtt/2)
				if _, err := client.Write([]byte{1}); !errors.Is(err, syscall.ECONNRESET) {
					t.Errorf("write: %v", err)
				}
			})
		})
	}
}

func TestDataBeforeResetIsReadable(t *testing.T) {
	inBubble(t, Config{RTT: rtt}, func(t *testing.T, _ *Network, client, server net.Conn) {
		send(server, 7)
		synctest.Wait()
		server.(*Conn).SetLinger(0)
		server.Close()
		time.Sleep(rtt)
		got, err := io.ReadAll(client)
		if len(got) != 7 || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("read %d, %v", len(got), err)
		}
	})
}

func TestDialFailures(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b := n.Host(HostConfig{}), n.Host(HostConfig{Name: "b.test"})
		nat := n.Host(HostConfig{NAT: true})
		mustListen(t, nat)
		gone := n.Host(HostConfig{})
		mustListen(t, gone)
		gone.Vanish()
		for _, c := range []struct {
			address string
			err     error
			after   time.Duration
		}{
			{b.AddrPort(1).String(), syscall.ECONNREFUSED, rtt},
			{"b.test:1", syscall.ECONNREFUSED, rtt},
			{nat.AddrPort(6881).String(), context.DeadlineExceeded, 3 * time.Second},
			{gone.AddrPort(6881).String(), context.DeadlineExceeded, 3 * time.Second},
			{"9.9.9.9:1", context.DeadlineExceeded, 3 * time.Second},
			{"[2001:db8::1]:1", syscall.ENETUNREACH, 0},
		} {
			start := time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
			_, err := a.DialContext(ctx, "tcp", c.address)
			cancel()
			if !errors.Is(err, c.err) {
				t.Errorf("%s: %v, want %v", c.address, err, c.err)
			}
			want(t, c.address, time.Since(start), c.after)
		}
		var dns *net.DNSError
		if _, err := a.DialContext(context.Background(), "tcp", "nobody.test:1"); !errors.As(err, &dns) {
			t.Errorf("unknown name: %v", err)
		}
		start := time.Now()
		if _, err := a.DialContext(context.Background(), "tcp", "9.9.9.9:1"); !errors.Is(err, syscall.ETIMEDOUT) {
			t.Errorf("without a deadline: %v", err)
		}
		want(t, "SYN time-out", time.Since(start), 127*time.Second)
	})
}

// A dial that is given up leaves nothing behind.
func TestDialGivenUp(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a, b := n.Host(HostConfig{}), n.Host(HostConfig{})
		l := mustListen(t, b)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(rtt-1, cancel)
		if _, err := a.DialContext(ctx, "tcp", l.Addr().String()); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if s := b.Stats(); s.Accepted != 0 || s.Conns != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestLoopbackAndFamilies(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := New(Config{RTT: rtt})
		a := n.Host(HostConfig{Up: 1, Down: 1})
		v6 := netip.MustParseAddr("2001:db8::5")
		b := n.Host(HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("8.8.4.4"), v6}})
		l := mustListen(t, a)
		start := time.Now()
		c, err := a.DialContext(context.Background(), "tcp4", "localhost:6881")
		if err != nil {
			t.Fatal(err)
		}
		s, _ := l.Accept()
		send(c, 1<<20)
		receive(t, s, 1<<20, start)
		want(t, "loopback", time.Since(start), 0)
		c.Close()
		s.Close()
		d := n.Host(HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("2001:db8::6")}})
		mustListen(t, d)
		c, err = b.DialContext(context.Background(), "tcp", "[2001:db8::6]:6881")
		if err != nil {
			t.Fatal(err)
		}
		if got := c.LocalAddr().(*net.TCPAddr).AddrPort().Addr(); got != v6 {
			t.Errorf("dialled from %v", got)
		}
		c.Close()
	})
}

func TestListenErrors(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := New(Config{}).Host(HostConfig{})
		l := mustListen(t, h)
		if _, err := h.Listen(t.Context(), "tcp", port); !errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("second listener: %v", err)
		}
		if _, err := h.Listen(t.Context(), "tcp", "1.2.3.4:1"); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("foreign address: %v", err)
		}
		time.AfterFunc(time.Second, func() { l.Close() })
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept: %v", err)
		}
		again := mustListen(t, h)
		again.Close()
	})
}
