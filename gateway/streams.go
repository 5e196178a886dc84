package gateway

import (
	"net/netip"
	"sync"
)

// streams counts the content requests under way, in all and for each client
// prefix, so that one client cannot take all places. It is safe for concurrent
// use.
type streams struct {
	max, maxClient int

	mu     sync.Mutex
	total  int                  // guarded by mu
	client map[netip.Prefix]int // guarded by mu; no entry is 0
}

func newStreams(maxTotal, maxClient int) *streams {
	return &streams{max: maxTotal, maxClient: maxClient, client: make(map[netip.Prefix]int)}
}

// enter takes a place; leave gives it back. It reports whether there was one.
func (s *streams) enter(client netip.Prefix) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.total >= s.max || s.client[client] >= s.maxClient {
		return false
	}
	s.total++
	s.client[client]++
	return true
}

// leave gives the place back that enter took.
func (s *streams) leave(client netip.Prefix) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total--
	if s.client[client]--; s.client[client] == 0 {
		delete(s.client, client)
	}
}

// clientPrefix is what counts as one client: an IPv4 address, or the network
// that a household has in IPv6. Requests over something that is not IP are one
// client.
func clientPrefix(ip netip.Addr) netip.Prefix {
	bits := clientPrefixV6
	if ip.Is4() {
		bits = clientPrefixV4
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
