package h1

import (
	"net"

	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/internal/rawtcp"
)

// A Listener makes a Conn of each connection that it accepts by TCP. Others it hands out as
// they are.
type Listener struct {
	net.Listener
	// Rewrite gives what goes out in place of an answer that net/http makes by itself; nil: it
	// stays. It is called for several connections at once. A nil Rewrite leaves all.
	Rewrite func(written []byte) []byte
	Conns   *limit.Conns // nil: all are taken
	Fast    *FastLane    // nil: there is none
	Plain   bool         // leaves to net/http what it reads and writes: Check failed
}

// Accept implements net.Listener.
func (l Listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		tcp, ok := conn.(*net.TCPConn)
		if !ok || err != nil {
			return conn, err
		}
		var s *limit.Seat
		if l.Conns != nil {
			if s = l.Conns.Admit(tcp); s == nil {
				continue
			}
		}
		return &Conn{Conn: rawtcp.New(tcp), lane: lane{rewriter: rewriter{rewrite: l.Rewrite}}, seat: s, plain: l.Plain, fast: l.Fast}, nil
	}
}
