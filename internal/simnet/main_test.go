package simnet

import (
	"context"
	"io"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const port = ":6881"

// mustListen listens on a host's port 6881.
func mustListen(t testing.TB, h *Host) net.Listener {
	t.Helper()
	l, err := h.Listen(context.Background(), "tcp", port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// connect gives both ends of a fresh connection from a to b, after waiting for
// Accept: 3R/2 after the call.
func connect(t testing.TB, a, b *Host) (client, server net.Conn) {
	t.Helper()
	l, err := b.Listen(context.Background(), "tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err = a.DialContext(context.Background(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// send writes n bytes in the background and gives the error when done.
func send(c net.Conn, n int) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := c.Write(make([]byte, n))
		done <- err
	}()
	return done
}

// receive reads n bytes and gives how long that took since start.
func receive(t testing.TB, c net.Conn, n int, start time.Time) time.Duration {
	t.Helper()
	if _, err := io.CopyN(io.Discard, c, int64(n)); err != nil {
		t.Fatalf("reading %d bytes: %v", n, err)
	}
	return time.Since(start)
}

// want asserts an exact time, up to what integer nanoseconds round.
func want(t testing.TB, what string, got, exact time.Duration) {
	t.Helper()
	if diff := got - exact; diff < -2 || diff > 2 {
		t.Errorf("%s: %v, want exactly %v", what, got, exact)
	}
}
