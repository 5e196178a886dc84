package clients

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"
)

// serveTime is how long Serve waits for what a server has to finish.
const serveTime = time.Minute

// cutTime is how long Serve waits before it cuts connections that a test leaves behind on
// purpose.
const cutTime = time.Second

// A Server serves a listener until Shutdown, as the content and the admin server do.
type Server interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
}

// Serve has a server listen on a loopback address, which it returns, and ends it with the
// test. A server that does not end in good order fails the test; where cut is true
// connections may be left, as browsers leave them, and are cut.
func Serve(tb testing.TB, s Server, cut bool) (addr string) {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	tb.Cleanup(func() {
		wait := serveTime
		if cut {
			wait = cutTime
		}
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		defer cancel()
		err := s.Shutdown(ctx)
		if cut {
			err = nil
		}
		if err := errors.Join(err, <-served); err != nil {
			tb.Errorf("Serve: %v", err)
		}
	})
	return ln.Addr().String()
}
