package contact

import (
	"context"
	"net/netip"
	"slices"
	"sync"
)

// Places are so many of something that may be in use at a time. Those that wait for one
// take turns by client, and no client has more than three quarters of them. It is safe for
// concurrent use.
type Places struct {
	most int

	mu      sync.Mutex
	taken   int
	held    map[netip.Prefix]int
	turns   map[netip.Prefix]uint64 // when each had its last turn
	turn    uint64
	waiting []*seeker
}

// seeker is one that waits for a place.
type seeker struct {
	client netip.Prefix
	reader bool
	done   chan struct{}
}

// NewPlaces returns so many places, at least one.
func NewPlaces(most int) *Places {
	return &Places{most: max(most, 1), held: make(map[netip.Prefix]int), turns: make(map[netip.Prefix]uint64)}
}

// Enter waits for a place on behalf of one of the clients, the one with the fewest. Without
// any, or with the zero Prefix among them, it waits on behalf of the process itself, which
// may have all places. Readers go first. Leave gives the place back, once; it is nil with an error.
func (p *Places) Enter(ctx context.Context, clients []netip.Prefix, reader bool) (leave func(), err error) {
	p.mu.Lock()
	s := &seeker{client: p.poorest(clients), reader: reader, done: make(chan struct{})}
	p.waiting = append(p.waiting, s)
	p.serve()
	p.mu.Unlock()
	select {
	case <-s.done:
		return sync.OnceFunc(func() { p.leave(s) }), nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	i := slices.Index(p.waiting, s)
	if i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	p.mu.Unlock()
	if i < 0 { // it was served meanwhile
		p.leave(s)
	}
	return nil, ctx.Err()
}

// poorest is the client with the fewest places. mu is held.
func (p *Places) poorest(clients []netip.Prefix) (best netip.Prefix) {
	for i, c := range clients {
		if !c.IsValid() {
			return c
		}
		if i == 0 || p.held[c] < p.held[best] {
			best = c
		}
	}
	return best
}

// leave gives a place back.
func (p *Places) leave(s *seeker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.held[s.client]--; p.held[s.client] == 0 {
		delete(p.held, s.client)
	}
	p.serve()
}

// serve gives free places to those that wait. mu is held.
func (p *Places) serve() {
	for p.taken < p.most {
		var best *seeker
		for _, s := range p.waiting {
			if s.client.IsValid() && p.held[s.client] >= max(1, p.most*3/4) {
				continue
			}
			if best == nil || p.before(s, best) {
				best = s
			}
		}
		if best == nil {
			return
		}
		p.waiting = slices.DeleteFunc(p.waiting, func(s *seeker) bool { return s == best })
		p.taken++
		p.held[best.client]++
		p.turn++
		if len(p.turns) > maxKeys { // of those that came and went
			clear(p.turns)
		}
		p.turns[best.client] = p.turn
		close(best.done)
	}
}

// before reports whether a goes before b, which came first.
func (p *Places) before(a, b *seeker) bool {
	if a.reader != b.reader {
		return a.reader
	}
	if ha, hb := p.held[a.client], p.held[b.client]; ha != hb {
		return ha < hb
	}
	return p.turns[a.client] < p.turns[b.client]
}
