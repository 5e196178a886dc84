package gateway

import (
	"bytes"
	"net"

	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/internal/rawtcp"
)

// A joinedConn can send a header and the body after it in one write. net/http
// has a buffer of 4 KiB: it sends the header with the first bytes of the body from
// there and the rest by a second write, which wakes the client twice.
type joinedConn struct {
	*rawtcp.Conn // with its ReadFrom, which is sendfile

	refuser
	line lineReader
	seat *limit.Seat // nil: it is not counted

	// Only the handler of a request over HTTP/1 without TLS sets joining, and
	// nothing else writes until it is done.
	joining bool
	lines   []byte // go behind the first line of what is written next, the status
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
	_, err := c.send()
	return err
}

// send sends what is held.
func (c *joinedConn) send() (int, error) {
	held := c.held
	c.held = c.held[:0]
	return c.Conn.Write(held)
}

// Write implements net.Conn.
func (c *joinedConn) Write(p []byte) (int, error) {
	if other := c.instead(p); other != nil {
		_, err := c.Conn.Write(other)
		return len(p), err
	}
	first := 0
	if c.lines != nil {
		first = bytes.IndexByte(p, '\n') + 1
		c.held = append(append(c.held, p[:first]...), c.lines...)
		c.lines = nil
	}
	if len(p)-first <= maxJoined-len(c.held) && (c.joining || len(c.held) > 0) {
		c.held = append(c.held, p[first:]...)
		if c.joining {
			return len(p), nil
		}
		n, err := c.send()
		return min(n, len(p)), err
	}
	if len(c.held) == 0 {
		return c.Conn.Write(p)
	}
	c.parts = [2][]byte{c.held, p[first:]}
	buffers := net.Buffers(c.parts[:])
	n, err := buffers.WriteTo(c.TCPConn)
	n -= int64(len(c.held) - first)
	c.held, c.parts = c.held[:0], [2][]byte{}
	return int(max(n, 0)), err
}

// Close implements net.Conn.
func (c *joinedConn) Close() error {
	c.seat.Leave()
	return c.Conn.Close()
}

// A joinedListener makes joinedConns of what it accepts by TCP.
type joinedListener struct {
	net.Listener
	refusal func(written []byte) []byte // of the connections
	conns   *limit.Conns                // nil: all are taken
}

// Accept implements net.Listener.
func (l joinedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		tcp, ok := conn.(*net.TCPConn)
		if !ok || err != nil {
			return conn, err
		}
		var s *limit.Seat
		if l.conns != nil {
			if s = l.conns.Admit(tcp); s == nil {
				continue
			}
		}
		return &joinedConn{Conn: rawtcp.New(tcp), refuser: refuser{refusal: l.refusal}, seat: s}, nil
	}
}
