package gateway

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
	refuser
	line lineReader
}

// Write implements net.Conn.
func (c *tlsConn) Write(p []byte) (int, error) {
	if other := c.instead(p); other != nil {
		_, err := c.Conn.Write(other)
		return len(p), err
	}
	return c.Conn.Write(p)
}

// A tlsListener speaks TLS on what another accepts. It hands connections out after
// their handshake, when it is known what is spoken: those of HTTP/1 as tlsConns,
// all others as tls.Conns, since by this type alone net/http finds HTTP/2. What failed in its
// handshake is handed out too, and fails there once more: net/http answers it.
type tlsListener struct {
	net.Listener
	config  *tls.Config
	refusal func(written []byte) []byte

	accepted chan acceptedConn
	ctx      context.Context // ends with Close
	end      context.CancelFunc
	work     sync.WaitGroup // what accepts, and handshakes
}

type acceptedConn struct {
	conn net.Conn
	err  error
}

// newTLSListener is to be closed.
func newTLSListener(ln net.Listener, config *tls.Config, refusal func([]byte) []byte) *tlsListener {
	l := &tlsListener{Listener: ln, config: config, refusal: refusal, accepted: make(chan acceptedConn)}
	l.ctx, l.end = context.WithCancel(context.Background())
	l.work.Go(l.run)
	return l
}

// run accepts until the other listener is closed. An error is handed out before the
// next try, which waits for who asks for it.
func (l *tlsListener) run() {
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
func (l *tlsListener) handshake(conn net.Conn) net.Conn {
	c := tls.Server(conn, l.config)
	_ = c.SetDeadline(time.Now().Add(readHeaderTimeout))
	if err := c.HandshakeContext(l.ctx); err != nil {
		return c
	}
	_ = c.SetDeadline(time.Time{})
	switch c.ConnectionState().NegotiatedProtocol {
	case "", "http/1.1":
		return &tlsConn{Conn: c, refuser: refuser{refusal: l.refusal}}
	}
	return c
}

// hand gives what was accepted to who asks next, and reports whether somebody did.
func (l *tlsListener) hand(a acceptedConn) bool {
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
func (l *tlsListener) Accept() (net.Conn, error) {
	select {
	case a := <-l.accepted:
		return a.conn, a.err
	case <-l.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. Handshakes that are under way are cut.
func (l *tlsListener) Close() error {
	l.end()
	err := l.Listener.Close()
	l.work.Wait()
	return err
}
