package h1

import (
	"bytes"
	"context"
	"io"
	"net"

	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/internal/rawtcp"
)

// A Conn is a connection of HTTP/1 without TLS, or of HTTP/2. Over HTTP/1 it can send a
// header and the body after it in one write. net/http has a buffer of 4 KiB. It sends the
// header with the first bytes of the body from there, and the rest by a second write,
// which wakes the client twice.
type Conn struct {
	*rawtcp.Conn

	lane
	cork
	seat  *limit.Seat // nil: it is not counted
	plain bool        // net/http has it as it is

	fast    *FastLane // nil: there is none
	asked   bool      // net/http has asked for its first bytes
	head    Head      // of the request that is looked at
	offered bool      // it was one for the fast lane
	reading reading
	early   []byte // a byte of the next request, which Watch read
	readBy  coarse
	writeBy coarse
	ctx     context.Context // of requests in the fast lane; ends with the connection, or when Watch finds that the client left
	end     context.CancelFunc

	State any // is the fast lane's own: only what answers a request uses it
}

// A lane is what is known of a connection besides its bytes.
type lane struct {
	rewriter
	line lineReader
}

func (l *lane) of() *lane { return l }

// A cork holds back what is written. Only the handler of a request over HTTP/1 without TLS
// sets it, and nothing else writes until it is done.
type cork struct {
	corked bool
	lines  []byte // go behind the first line of what is written next, the status
	held   []byte
	parts  [2][]byte
	learn  func(head []byte) // sees the head that goes with lines; nil: nobody does
}

// Cork holds back what is written next, until there is something larger to go with it, or
// Uncork.
func (c *Conn) Cork() { c.corked = true }

// Uncork ends what Cork began, and sends what is still held.
func (c *Conn) Uncork() error { return c.uncork(c.Conn) }

// InsertLines has header lines go out behind the status line of the answer that is written
// next.
func (c *Conn) InsertLines(lines []byte) { c.lines = lines }

// Write implements net.Conn.
func (c *Conn) Write(p []byte) (int, error) {
	if c.plain {
		return c.Conn.Write(p)
	}
	if other := c.rewritten(p); other != nil {
		_, err := c.Conn.Write(other)
		return len(p), err
	}
	return c.write(c.Conn, c.TCPConn, p)
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	if c.plain || c.http2.Load() && len(c.line.pending) == 0 {
		return c.Conn.Read(p)
	}
	switch {
	case c.fast == nil:
	case !c.asked:
		c.asked = true
		return c.readFirst(p)
	case c.reading.resting && len(p) == lineBuffer:
		return c.readNext(p)
	}
	return c.line.read(p, c.socket)
}

// Close implements net.Conn.
func (c *Conn) Close() error {
	c.seat.Leave()
	if c.end != nil {
		c.end()
	}
	return c.Conn.Close()
}

// uncork sends to out what is held.
func (k *cork) uncork(out io.Writer) error {
	k.corked = false
	if len(k.held) == 0 {
		return nil
	}
	_, err := k.send(out)
	return err
}

func (k *cork) send(out io.Writer) (int, error) {
	held := k.held
	k.held = k.held[:0]
	return out.Write(held)
}

// write sends p to out behind what is held, or holds it. Where both are large they go to
// vectored, which takes them by one call.
func (k *cork) write(out, vectored io.Writer, p []byte) (int, error) {
	first := 0
	if k.lines != nil {
		first = bytes.IndexByte(p, '\n') + 1
		k.held = append(append(k.held, p[:first]...), k.lines...)
		k.lines = nil
		k.learned(p[first:])
	}
	if len(p)-first <= maxCorked-len(k.held) && (k.corked || len(k.held) > 0) {
		k.held = append(k.held, p[first:]...)
		if k.corked {
			return len(p), nil
		}
		n, err := k.send(out)
		return min(n, len(p)), err
	}
	if len(k.held) == 0 {
		return out.Write(p)
	}
	k.parts = [2][]byte{k.held, p[first:]}
	buffers := net.Buffers(k.parts[:])
	n, err := buffers.WriteTo(vectored)
	n -= int64(len(k.held) - first)
	k.held, k.parts = k.held[:0], [2][]byte{}
	return int(max(n, 0)), err
}
