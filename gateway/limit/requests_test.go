package limit

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// Who goes on after as many refusals as it may make requests has further ones held back, and
// opens no connection until it has paused. Others are not held.
func TestFloodsAreHeldBack(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRequests(10)
		c := Client{Prefix: netip.MustParsePrefix("198.51.100.1/32")}
		other := Client{Prefix: netip.MustParsePrefix("198.51.100.2/32")}
		conns := NewConns(10, 10, func(netip.Addr) bool { return false })
		conns.Floods = r.Floods
		enter := func() bool {
			ours, theirs := net.Pipe()
			defer theirs.Close()
			s := conns.Admit(fromAddr{ours, "198.51.100.1:1"})
			s.Leave()
			_ = ours.Close()
			return s != nil
		}
		begun := time.Now()
		for i := range 2 * RequestBurst * 10 {
			if ok := r.Allow(c); ok != (i < RequestBurst*10) {
				t.Fatalf("request %d: %v", i, ok)
			}
		}
		if time.Since(begun) != 0 || !enter() {
			t.Errorf("refusals were held back after %v", time.Since(begun))
		}
		if r.Allow(c) || time.Since(begun) != floodHold {
			t.Errorf("a flood's refusal came after %v", time.Since(begun))
		}
		if enter() || conns.closed.Load() != 1 {
			t.Error("a flood opens a connection")
		}
		if begun = time.Now(); !r.Allow(other) || time.Since(begun) != 0 {
			t.Error("another client is held")
		}
		time.Sleep(floodTime)
		if !enter() || !r.Allow(c) {
			t.Error("it is not forgotten")
		}
	})
}

// fromAddr is a connection from an address.
type fromAddr struct {
	net.Conn
	addr string
}

func (c fromAddr) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(c.addr))
}
