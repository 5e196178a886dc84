package main

import (
	"net/netip"
	"testing"
)

// TestOwnPeer says where our own peer is, to clients of this machine and of others.
func TestOwnPeer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ base, listen, client, want string }{
		{"", ":1", "127.0.0.1", "127.0.0.1:7"},
		{"", ":1", "127.0.0.2", "127.0.0.2:7"},
		{"", ":1", "::1", "[::1]:7"},
		{"", "127.0.0.1:1", "127.0.0.2", "127.0.0.1:7"},
		{"", "127.0.0.1:1", "::1", ""},
		{"", "192.0.2.1:1", "127.0.0.1", "192.0.2.1:7"},
		{"http://198.51.100.1", ":1", "127.0.0.1", "127.0.0.1:7"},
		{"http://198.51.100.1", ":1", "203.0.113.1", "198.51.100.1:7"},
		{"", "127.0.0.1:1", "203.0.113.1", ""},
		{"", "192.0.2.1:1", "203.0.113.1", "192.0.2.1:7"},
		{"https://host.example", ":1", "203.0.113.1", ""},
	} {
		s := settings{publish: publishSettings{base: c.base, track: "own"}, engine: engineSettings{peerListen: c.listen}}
		tr := newTracking(s)
		tr.port.Store(7)
		got := tr.peer(netip.MustParseAddr(c.client))
		tr.close()
		if want, _ := netip.ParseAddrPort(c.want); got != want {
			t.Errorf("%q, listening at %s: %s is told of %s, not %s", c.base, c.listen, c.client, got, want)
		}
	}
}
