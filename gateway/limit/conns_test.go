package limit

import (
	"net"
	"net/netip"
	"testing"
)

// from is a connection of an address that notes its end.
type from struct {
	net.Conn
	addr   string
	closed bool
}

func (f *from) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(f.addr))
}
func (f *from) Close() error { f.closed = true; return nil }

// seats are those of connections of each of addrs, in their order.
func seats(c *Conns, addrs ...string) (conns []*from, seats []*Seat) {
	for _, addr := range addrs {
		f := &from{addr: addr}
		conns, seats = append(conns, f), append(seats, c.Admit(f))
	}
	return conns, seats
}

func remote(ip netip.Addr) bool { return ip.IsLoopback() }

func TestConns(t *testing.T) {
	const a, b, v6, v6too, local = "44.0.0.1:1", "44.0.0.2:1", "[2a00:1:2:300::1]:1", "[2a00:1:2:3ff::9]:1", "127.0.0.1:1"
	tests := []struct {
		name            string
		max, maxClient  int
		conns           []string
		busy            []int // of these
		next            string
		wantGone        int // of conns, -1 none
		wantNextRefused bool
	}{
		{name: "room", max: 9, maxClient: 2, conns: []string{a}, next: a, wantGone: -1},
		{name: "of a client with too many the oldest goes", max: 9, maxClient: 2, conns: []string{a, a, b}, next: a, wantGone: 0},
		{name: "on which nothing is answered", max: 9, maxClient: 2, conns: []string{a, a}, busy: []int{0}, next: a, wantGone: 1},
		{name: "or else the new one", max: 9, maxClient: 2, conns: []string{a, a}, busy: []int{0, 1}, next: a, wantGone: -1, wantNextRefused: true},
		{name: "a household is one client", max: 9, maxClient: 1, conns: []string{v6}, next: v6too, wantGone: 0},
		{name: "of too many in all, the client with most", max: 3, maxClient: 9, conns: []string{b, a, a}, next: v6, wantGone: 1},
		{name: "even where it asks", max: 3, maxClient: 9, conns: []string{b, a, a}, next: a, wantGone: 1},
		{name: "among equals its own", max: 2, maxClient: 9, conns: []string{b, a}, next: a, wantGone: 1},
		{name: "this machine has no bound of its own", max: 9, maxClient: 1, conns: []string{local, local}, next: local, wantGone: -1},
		{name: "and takes a place of others", max: 2, maxClient: 9, conns: []string{local, a}, next: local, wantGone: 1},
		{name: "not of one that is answered on all", max: 4, maxClient: 9, conns: []string{a, a, b, b}, busy: []int{0, 1, 2}, next: v6, wantGone: 3},
		{name: "its own are answered", max: 3, maxClient: 9, conns: []string{a, a, b}, busy: []int{0, 1}, next: a, wantGone: -1, wantNextRefused: true},
		{name: "but of nobody's", max: 2, maxClient: 9, conns: []string{local, local}, next: a, wantGone: -1, wantNextRefused: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := NewConns(test.max, test.maxClient, remote)
			had, places := seats(c, test.conns...)
			for _, i := range test.busy {
				places[i].Begin()
			}
			next := &from{addr: test.next}
			place := c.Admit(next)
			if refused := place == nil; refused != test.wantNextRefused || refused != next.closed {
				t.Errorf("the next one: refused %v, closed %v", refused, next.closed)
			}
			for i, f := range had {
				if f.closed != (i == test.wantGone) {
					t.Errorf("connection %d: closed %v", i, f.closed)
				}
			}
			for _, p := range append(places, place) {
				p.Leave()
				p.Leave() // a second Close
			}
			if c.total != 0 || len(c.clients) != 0 {
				t.Errorf("%d and %d clients are left", c.total, len(c.clients))
			}
		})
	}
}
