package clients

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"testing"
	"time"
)

// listen runs a server that handles one connection after the other, and gives
// its address.
func listen(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			handle(c)
			c.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return l.Addr().String()
}

func echo(c net.Conn) { _, _ = io.Copy(c, c) }

func dial(t *testing.T, addr string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(2 * time.Minute))
	return c.(*net.TCPConn)
}

// askByte sends a byte and gives how long after start its echo came.
func askByte(t *testing.T, c net.Conn, start time.Time) time.Duration {
	t.Helper()
	b := []byte{7}
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, b); err != nil || b[0] != 7 {
		t.Fatal(b, err)
	}
	return time.Since(start)
}

// TestDelayProxyRoundTrips: the first echo takes two, each further one. Nothing
// is ever early; the best of a few is not late, whatever the machine does.
func TestDelayProxyRoundTrips(t *testing.T) {
	t.Parallel()
	const rtt = 100 * time.Millisecond
	addr := DelayProxy(t, listen(t, echo), ProxyOptions{RTT: rtt})
	bestFirst, bestNext := time.Hour, time.Hour
	for n := 0; n < 4 || n < 100 && (bestFirst > 2*rtt+rtt/4 || bestNext > rtt+rtt/4); n++ {
		start := time.Now()
		c := dial(t, addr)
		first := askByte(t, c, start)
		next := askByte(t, c, time.Now())
		if first < 2*rtt || next < rtt {
			t.Errorf("echoes after %v and %v, round trip %v", first, next, rtt)
		}
		bestFirst, bestNext = min(bestFirst, first), min(bestNext, next)
		c.Close()
	}
	if bestFirst > 2*rtt+rtt/4 || bestNext > rtt+rtt/4 {
		t.Errorf("echoes after %v and %v at best, round trip %v", bestFirst, bestNext, rtt)
	}
}

// TestDelayProxyRate: bytes come as told, never ahead of the rate, and end when
// the sender has ended.
func TestDelayProxyRate(t *testing.T) {
	t.Parallel()
	const rtt, rate = 20 * time.Millisecond, 4e6
	content, err := io.ReadAll(io.LimitReader(rand.NewChaCha8([32]byte{2}), 2<<20))
	if err != nil {
		t.Fatal(err)
	}
	addr := DelayProxy(t, listen(t, func(c net.Conn) { _, _ = c.Write(content) }), ProxyOptions{RTT: rtt, Rate: rate})
	start := time.Now()
	c := dial(t, addr)
	var got bytes.Buffer
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(buf)
		got.Write(buf[:n])
		flowing := time.Since(start) - 2*rtt
		if most := flowing.Seconds() * rate; n > 0 && float64(got.Len()) > most+1 {
			t.Fatalf("%d bytes after %v", got.Len(), flowing)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got.Bytes(), content) {
		t.Errorf("%d bytes of %d, or others", got.Len(), len(content))
	}
	// A busy machine makes up for none of its delays: how late it may be is the deadline's.
	t.Logf("took %v, ideally %v", time.Since(start), 2*rtt+time.Duration(float64(len(content))/rate*float64(time.Second)))
}

// TestPacer: exact times, and what follows a delay of the machine.
func TestPacer(t *testing.T) {
	t.Parallel()
	start := time.Unix(1000, 0)
	at := func(ms float64) time.Time { return start.Add(time.Duration(ms * float64(time.Millisecond))) }
	p := pacer{rate: 1_000_000} // 1000 bytes a millisecond
	for _, c := range []struct {
		due  float64
		n    int
		want float64
		woke float64
	}{
		{0, 2000, 2, 2},
		{1, 2000, 4, 4},    // behind the first
		{10, 1000, 11, 11}, // after a pause
		{10, 1000, 12, 20}, // 8 ms late: all is made up for
		{10, 1000, 13, 20},
		{10, 1000, 14, 100}, // 86 ms late: 16 KiB of it is made up for
		{10, 1000, 100 - 16.384 + 1, 100},
		{10, 15_000, 100 - 16.384 + 16, 100},
		{10, 1000, 100 - 16.384 + 17, 101},
	} {
		got := p.next(at(c.due), c.n)
		if d := got.Sub(at(c.want)); d.Abs() > 2 {
			t.Errorf("%+v: passes %v from the expected", c, d)
		}
		p.woke(at(c.woke))
	}
	free := pacer{}
	if got := free.next(at(5), 1<<30); !got.Equal(at(5)) {
		t.Errorf("without a limit: %v", got)
	}
}

// TestDelayProxyEnds: either end's leaving reaches the other, and a target that
// is not there ends the connection.
func TestDelayProxyEnds(t *testing.T) {
	t.Parallel()
	addr := DelayProxy(t, listen(t, echo), ProxyOptions{RTT: 10 * time.Millisecond})
	c := dial(t, addr)
	if _, err := c.Write([]byte("last words")); err != nil {
		t.Fatal(err)
	}
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c); err != nil || string(got) != "last words" {
		t.Errorf("%q, %v", got, err)
	}
	nobody := DelayProxy(t, loopback(FreePort(t)), ProxyOptions{RTT: 10 * time.Millisecond})
	if _, err := dial(t, nobody).Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("nobody there: %v", err)
	}
}

// TestDelayProxyStopsWithTest: with connections open, of which one does not read.
func TestDelayProxyStopsWithTest(t *testing.T) {
	t.Parallel()
	var c *net.TCPConn
	t.Run("inner", func(t *testing.T) {
		flood := listen(t, func(c net.Conn) {
			for {
				if _, err := c.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		})
		addr := DelayProxy(t, flood, ProxyOptions{RTT: time.Millisecond})
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		c = conn.(*net.TCPConn)
		if _, err := io.CopyN(io.Discard, c, 32<<20); err != nil {
			t.Fatal(err)
		}
	})
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the connection outlives the test")
	}
}

// TestDelayProxyLibtorrent: a client behind it is as slow as told.
func TestDelayProxyLibtorrent(t *testing.T) {
	t.Parallel()
	const rate, size = 2e6, 2 << 20
	p := MakePayload(t, Spec{Size: size, PieceLength: 256 << 10, Seed: 41})
	seed, leech := StartLibtorrent(t, LibtorrentOptions{}), StartLibtorrent(t, LibtorrentOptions{})
	seed.Seed(p, true)
	addr := DelayProxy(t, seed.Addr(), ProxyOptions{RTT: 50 * time.Millisecond, Rate: rate})
	dir := t.TempDir()
	start := time.Now()
	leech.DownloadMagnet(p.Magnet(addr), dir)
	leech.WaitFinished(within(t))
	if took := time.Since(start); took.Seconds() < size/rate {
		t.Errorf("%d bytes at %v a second took %v", size, rate, took)
	}
	p.CheckCopy(t, dir)
}
