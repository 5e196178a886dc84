package gateway

import (
	"context"
	"net"
)

// A joinedConn can send a header and the body after it in one write. net/http
// has a buffer of 4 KiB: it sends the header with the first bytes of the body from
// there and the rest by a second write, which wakes the client twice.
type joinedConn struct {
	*net.TCPConn // with its ReadFrom, which is sendfile

	// Only the handler of a request over HTTP/1 without TLS sets joining, and
	// nothing else writes until it is done.
	joining bool
	held    []byte
	parts   [2][]byte
}

// join holds back what is written next, until there is something larger to go
// with it, or part.
func (c *joinedConn) join() { c.joining = true }

// part ends what join began, and sends what is still held.
func (c *joinedConn) part() error {
	c.joining = false
	if len(c.held) == 0 {
		return nil
	}
	_, err := c.TCPConn.Write(c.held)
	c.held = c.held[:0]
	return err
}

// Write implements net.Conn.
func (c *joinedConn) Write(p []byte) (int, error) {
	if c.joining && len(p) <= maxJoined-len(c.held) {
		c.held = append(c.held, p...)
		return len(p), nil
	}
	if len(c.held) == 0 {
		return c.TCPConn.Write(p)
	}
	c.parts = [2][]byte{c.held, p}
	buffers := net.Buffers(c.parts[:])
	n, err := buffers.WriteTo(c.TCPConn)
	n -= int64(len(c.held))
	c.held, c.parts = c.held[:0], [2][]byte{}
	return int(max(n, 0)), err
}

// A joinedListener makes joinedConns of what it accepts by TCP.
type joinedListener struct{ net.Listener }

// Accept implements net.Listener.
func (l joinedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok && err == nil {
		return &joinedConn{TCPConn: tcp}, nil
	}
	return conn, err
}

// joinedKey is where the context of a request has its connection.
type joinedKey struct{}

// withConn is an http.Server's ConnContext.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	if c, ok := conn.(*joinedConn); ok {
		return context.WithValue(ctx, joinedKey{}, c)
	}
	return ctx
}
