package gateway

import (
	"context"
	"net/netip"
	"sync"
)

// streams counts the content requests under way, in all and for each client, so
// that one client cannot take all places. A place is free when the request ends or
// its client leaves, whichever is first. A handler that goes on without its client
// lingers: it is counted for nobody, but in all. It is safe for concurrent use.
type streams struct {
	mu        sync.Mutex
	max       int                  // guarded by mu
	maxClient int                  // guarded by mu
	total     int                  // guarded by mu
	lingering int                  // guarded by mu
	client    map[netip.Prefix]int // guarded by mu; no entry is 0
}

func newStreams(maxTotal, maxClient int) *streams {
	return &streams{max: maxTotal, maxClient: maxClient, client: make(map[netip.Prefix]int)}
}

// A place is that of one request.
type place struct {
	of     *streams
	client netip.Prefix
	state  placeState // guarded by of.mu
	stop   func() bool
}

type placeState uint8

const (
	placeHeld      placeState = iota
	placeLingering            // the client left, the handler has not
	placeFree
)

// enter gives a place to a request of c, which ends with ctx. Where there is none it
// says why.
func (s *streams) enter(ctx context.Context, c client, p *place) (refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.total >= s.max:
		return refusedStreams
	case s.lingering >= s.max:
		return refusedLingering
	case !c.local && s.client[c.prefix] >= s.maxClient:
		return refusedClientStreams
	}
	s.total++
	s.client[c.prefix]++
	*p = place{of: s, client: c.prefix}
	p.stop = context.AfterFunc(ctx, p.abandon)
	return ""
}

// limit changes how many there may be. Those that are under way stay.
func (s *streams) limit(maxTotal, maxClient int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.max, s.maxClient = maxTotal, maxClient
}

// bound is how many places there are of the kind that was refused.
func (s *streams) bound(refused string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused == refusedClientStreams {
		return s.maxClient
	}
	return s.max
}

// abandon is that the client left.
func (p *place) abandon() {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	if p.state == placeHeld {
		p.state = placeLingering
		p.of.lingering++
		p.of.free(p.client)
	}
}

// leave is that the request has ended.
func (p *place) leave() {
	p.stop()
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	if p.state == placeHeld {
		p.of.free(p.client)
	} else {
		p.of.lingering--
	}
	p.state = placeFree
}

// free gives a place back. mu is held.
func (s *streams) free(client netip.Prefix) {
	s.total--
	if s.client[client]--; s.client[client] == 0 {
		delete(s.client, client)
	}
}

// counts are the places taken, and the handlers that linger.
func (s *streams) counts() (total, lingering int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total, s.lingering
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
	if err != nil || !prefix.IsValid() {
		return unknownClient
	}
	return prefix
}
