package peer

import (
	"net/netip"
	"testing"
)

func TestClientsAreCounted(t *testing.T) {
	s := Swarm{host: &Host{}, stake: newStake(false)}
	a, b := netip.MustParsePrefix("203.0.113.1/32"), netip.MustParsePrefix("2001:db8::/56")
	s.AddClient(a)
	s.AddClient(a)
	s.AddClient(b)
	s.RemoveClient(a)
	if len(s.clients) != 2 || s.clients[a] != 1 {
		t.Fatalf("clients %v: one of a, one of b", s.clients)
	}
	s.RemoveClient(a)
	s.RemoveClient(b)
	if len(s.clients) != 0 {
		t.Fatalf("clients %v after all left", s.clients)
	}
}
