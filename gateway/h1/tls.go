package h1

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// A tlsConn is a connection with TLS whose handshake chose HTTP/1.
type tlsConn struct {
	*tls.Conn // net/http takes the state of TLS from it
	lane
}

// Read implements net.Conn.
func (c *tlsConn) Read(p []byte) (int, error) { return c.line.read(p, c.Conn.Read) }

// Write implements net.Conn.
func (c *tlsConn) Write(p []byte) (int, error) {
	if other := c.rewritten(p); other != nil {
		_, err := c.Conn.Write(other)
		return len(p), err
	}
	return c.Conn.Write(p)
}

// A TLSListener speaks TLS on the connections that another listener accepts. It hands
// connections out after their handshake, when their protocol is known. Those of HTTP/1 become
// tlsConns, all others tls.Conns, since by this type alone net/http finds HTTP/2. A
// connection that failed in its handshake is handed out too, and fails there once more:
// net/http answers it.
type TLSListener struct {
	net.Listener
	config  *tls.Config
	rewrite func(written []byte) []byte
	plain   bool
	timeout time.Duration

	accepted chan acceptedConn
	ctx      context.Context // ends with Close
	end      context.CancelFunc
	work     sync.WaitGroup // what accepts, and handshakes
}

type acceptedConn struct {
	conn net.Conn
	err  error
}

// NewTLS speaks TLS on what ln accepts, whose handshakes have so long. The fields of ln hold
// for connections behind TLS too; they bound and rewrite nothing below it. It is to be closed.
func NewTLS(ln Listener, config *tls.Config, handshake time.Duration) *TLSListener {
	l := &TLSListener{config: config, rewrite: ln.Rewrite, plain: ln.Plain, timeout: handshake, accepted: make(chan acceptedConn)}
	ln.Rewrite, ln.Plain = nil, true
	l.Listener = ln
	l.ctx, l.end = context.WithCancel(context.Background())
	l.work.Go(l.run)
	return l
}

// run accepts until the other listener is closed. It hands out an error before the next
// try, and so waits until a caller of Accept takes it.
func (l *TLSListener) run() {
	for {
		conn, err := l.Listener.Accept()
		switch {
		case err == nil:
			l.work.Go(func() { l.hand(acceptedConn{conn: l.handshake(conn)}) })
		case !l.hand(acceptedConn{err: err}), errors.Is(err, net.ErrClosed):
			return
		}
	}
}

// handshake has as long as the head of a request.
func (l *TLSListener) handshake(conn net.Conn) net.Conn {
	c := tls.Server(conn, l.config)
	_ = c.SetDeadline(time.Now().Add(l.timeout))
	if err := c.HandshakeContext(l.ctx); err != nil {
		return c
	}
	_ = c.SetDeadline(time.Time{})
	switch p := c.ConnectionState().NegotiatedProtocol; {
	case l.plain:
	case p == "", p == "http/1.1":
		return &tlsConn{Conn: c, lane: lane{rewriter: rewriter{rewrite: l.rewrite}}}
	}
	return c
}

// hand gives an accepted connection or error to the next caller of Accept, and reports
// whether one took it.
func (l *TLSListener) hand(a acceptedConn) bool {
	select {
	case l.accepted <- a:
		return true
	case <-l.ctx.Done():
		if a.conn != nil {
			_ = a.conn.Close()
		}
		return false
	}
}

// Accept implements net.Listener.
func (l *TLSListener) Accept() (net.Conn, error) {
	select {
	case a := <-l.accepted:
		return a.conn, a.err
	case <-l.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. Handshakes that are under way are cut.
func (l *TLSListener) Close() error {
	l.end()
	err := l.Listener.Close()
	l.work.Wait()
	return err
}
