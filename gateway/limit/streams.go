package limit

import (
	"context"
	"maps"
	"net/netip"
	"sync"
)

// Streams counts the content requests under way, in all and for each client, so
// that one client cannot take all places. A place is free when the request ends or
// its client leaves, whichever is first. A handler that goes on without its client
// lingers: it is counted for nobody, but in all. It is safe for concurrent use.
type Streams struct {
	mu        sync.Mutex
	max       int                  // guarded by mu
	maxClient int                  // guarded by mu
	total     int                  // guarded by mu
	lingering int                  // guarded by mu
	client    map[netip.Prefix]int // guarded by mu; no entry is 0
}

// Why a request has no place, as telemetry counts it.
const (
	RefusedStreams       = "streams"
	RefusedLingering     = "lingering" // too many handlers go on without their clients
	RefusedClientStreams = "client_streams"
)

// NewStreams allows maxTotal of them in all and maxClient for each client.
func NewStreams(maxTotal, maxClient int) *Streams {
	return &Streams{max: maxTotal, maxClient: maxClient, client: make(map[netip.Prefix]int)}
}

// A Place is that of one request, or of one after the other.
type Place struct {
	of     *Streams
	client netip.Prefix
	state  placeState  // guarded by of.mu
	stop   func() bool // ends the watch over the context; nil: of a place that follows one, which is watched as long as that lasts
}

type placeState uint8

const (
	placeFree placeState = iota
	placeHeld
	placeLingering // the client left, the handler has not
)

// Follow has p be the place of the requests of one connection, whose context is ctx. They come one after the other, and have
// it by EnterAgain. What is kept for that is gone when ctx ends.
func (s *Streams) Follow(ctx context.Context, p *Place) {
	*p = Place{of: s}
	context.AfterFunc(ctx, p.abandon)
}

// Enter gives a place to a request of c, which ends with ctx. Where there is none it
// says why.
func (s *Streams) Enter(ctx context.Context, c Client, p *Place) (refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*p = Place{of: s}
	if refused = s.take(c, p); refused == "" {
		p.stop = context.AfterFunc(ctx, p.abandon)
	}
	return refused
}

// EnterAgain is Enter for a place that follows a connection.
func (s *Streams) EnterAgain(c Client, p *Place) (refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take(c, p)
}

// take takes a place, if there is one. mu is held.
func (s *Streams) take(c Client, p *Place) (refused string) {
	switch {
	case s.total >= s.max:
		return RefusedStreams
	case s.lingering >= s.max:
		return RefusedLingering
	case !c.Local && s.client[c.Prefix] >= s.maxClient:
		return RefusedClientStreams
	}
	s.total++
	s.client[c.Prefix]++
	p.client, p.state = c.Prefix, placeHeld
	return ""
}

// SetMax changes how many there may be. Those that are under way stay.
func (s *Streams) SetMax(maxTotal, maxClient int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.max, s.maxClient = maxTotal, maxClient
}

// Max is how many places there are of the kind that was refused.
func (s *Streams) Max(refused string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if refused == RefusedClientStreams {
		return s.maxClient
	}
	return s.max
}

// abandon notes that the client left.
func (p *Place) abandon() {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	if p.state == placeHeld {
		p.state = placeLingering
		p.of.lingering++
		p.of.free(p.client)
	}
}

// Leave notes that the request has ended.
func (p *Place) Leave() {
	if p.stop != nil {
		p.stop()
	}
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
func (s *Streams) free(client netip.Prefix) {
	s.total--
	if s.client[client]--; s.client[client] == 0 {
		delete(s.client, client)
	}
}

// Counts are the places taken, and the handlers that linger.
func (s *Streams) Counts() (total, lingering int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total, s.lingering
}

// Clients returns how many places each client has that has some.
func (s *Streams) Clients() map[netip.Prefix]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.client)
}

// Crowded reports whether more than half of all places are taken.
func (s *Streams) Crowded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total > s.max/2
}
