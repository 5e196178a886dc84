package contact

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Ask says what a contact is for.
type Ask struct {
	// Keys are the targets, and what else may rest: a service, an address, a place.
	Keys []Key
	// Clients are those that cause the contact: it is counted against the one of them
	// that may go first. Without any, or with the zero Prefix among them, that is the
	// process itself, which has no bound of its own.
	Clients []netip.Prefix
	Torrent [20]byte
	// Reader says that a reader waits for what comes of it.
	Reader bool
	// Begun says that the contact goes on with an exchange that has begun. Rests do not
	// hold it back.
	Begun bool
	// Counted says that the contact goes on with one that was counted against the client
	// and the torrent a moment ago.
	Counted bool
	// Open says that the contact opens an exchange that has a socket of its own, until
	// leave is called.
	Open bool
}

// ErrCrowded says that a contact had to give way: too many wait.
var ErrCrowded = errors.New("too many contacts wait for their turn")

// Gate lets contacts pass one by one, as Limiter and Health say. All methods are safe for
// concurrent use. It has no goroutines of its own.
type Gate struct {
	mu       sync.Mutex
	limiter  *Limiter
	health   *Health
	queues   map[Key]*queue
	open     map[Key]int // exchanges under way: of clients, networks and all
	waiting  int
	byClient map[netip.Prefix]int // of those that wait
	turn     uint64               // counts what was let through
	stats    Stats
	lookups  *Places // of names
}

// Stats counts what a Gate did.
type Stats struct {
	Passed  int64 // contacts that were made
	Waited  int64 // of them, those that had to wait for their turn
	Rested  int64 // not made since their host had failed
	Crowded int64 // not made since too many waited
}

// NewGate returns a Gate that has let nothing through.
func NewGate() *Gate {
	return &Gate{
		limiter: NewLimiter(), health: NewHealth(), queues: make(map[Key]*queue),
		open: make(map[Key]int), byClient: make(map[netip.Prefix]int),
		lookups: NewPlaces(maxLookups),
	}
}

// queue is what waits for one key.
type queue struct {
	waiters []*waiter
	timer   *time.Timer
	clients map[netip.Prefix]uint64 // the turn that each had last
	hashes  map[[20]byte]uint64
}

// waiter is one contact that waits.
type waiter struct {
	ask    Ask
	client netip.Prefix // of its clients, the one that it is counted against
	rated  []Key        // what it is counted by
	opened []Key        // what an exchange is counted by while it is under way
	at     Key          // in whose queue it is
	full   bool         // it is there for the exchanges under way
	order  uint64
	done   chan error // holds its result
}

// Enter waits until the contact may be made. The error is a [*RestingError] where its host
// failed, [ErrCrowded] where too many wait, or that of ctx. Leave is called when the
// exchange is over; it is never nil.
func (g *Gate) Enter(ctx context.Context, a Ask) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return func() {}, err
	}
	g.mu.Lock()
	w := g.waiter(a)
	if !g.behind(w) {
		if settled, err := g.try(w); settled {
			g.mu.Unlock()
			return g.leave(w, err), err
		}
	}
	if err := g.wait(w); err != nil {
		g.mu.Unlock()
		return func() {}, err
	}
	g.mu.Unlock()
	select {
	case err := <-w.done:
		return g.leave(w, err), err
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case err = <-w.done: // it was let through meanwhile
		if err == nil {
			g.close(w)
		}
	default:
		g.remove(w)
	}
	return func() {}, ctx.Err()
}

// Try makes a contact if that may be done at once, and otherwise returns how long to wait
// before the next try. It is for a caller with a queue of its own, and comes after what
// waits for its turn here.
func (g *Gate) Try(a Ask) (wait time.Duration) {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !a.Begun {
		if r := g.health.Resting(now, a.Reader, a.Keys...); r != nil {
			g.stats.Rested++
			return r.Until.Sub(now)
		}
	}
	w := g.waiter(a)
	if g.behind(w) {
		return targetWindow / PerTarget
	}
	if wait = g.limiter.Try(now, w.rated...); wait == 0 {
		g.stats.Passed++
	}
	return wait
}

// Answered records that a host is well.
func (g *Gate) Answered(keys ...Key) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.health.Answered(time.Now(), keys...)
	for _, k := range keys {
		g.next(k)
	}
}

// Failed records that part of a host failed. The wholes that it belongs to may have failed
// too.
// What waits for one that rests now fails with it.
func (g *Gate) Failed(why error, part Key, wholes ...Key) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.health.Failed(time.Now(), why, part, wholes...)
	for _, k := range append(wholes, part) {
		g.next(k)
	}
}

// Stats returns a snapshot.
func (g *Gate) Stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stats
}

// waiter makes what enters of an Ask. mu is held.
func (g *Gate) waiter(a Ask) *waiter {
	g.turn++
	w := &waiter{ask: a, client: g.payer(a.Clients), order: g.turn, done: make(chan error, 1)}
	who := []Key{{kind: total}}
	if w.client.IsValid() {
		who = append(who, clientKey(w.client), torrentKey(a.Torrent))
	}
	w.rated = slices.Clip(a.Keys)
	if !a.Counted {
		w.rated = append(w.rated, who...)
	}
	if a.Open {
		w.opened = append(slices.Clip(a.Keys), who...)
	}
	return w
}

// payer picks the client that a contact is counted against. mu is held.
func (g *Gate) payer(clients []netip.Prefix) (best netip.Prefix) {
	now := time.Now()
	least := time.Duration(-1)
	for _, c := range clients {
		if !c.IsValid() {
			return c
		}
		wait, _ := g.limiter.Wait(now, clientKey(c))
		if least < 0 || wait < least || wait == least && g.byClient[c] < g.byClient[best] {
			best, least = c, wait
		}
	}
	return best
}

// try lets w through, or fails it; settled is false where it has to wait, for w.at. mu is
// held.
func (g *Gate) try(w *waiter) (settled bool, err error) {
	now := time.Now()
	if !w.ask.Begun {
		if r := g.health.Resting(now, w.ask.Reader, w.ask.Keys...); r != nil {
			g.stats.Rested++
			return true, r
		}
	}
	k, full := g.full(w, now)
	if w.full = full; full {
		w.at = k
		return false, nil
	}
	wait, k := g.limiter.Wait(now, w.rated...)
	if wait > 0 {
		w.at = k
		return false, nil
	}
	g.limiter.Take(now, w.rated...)
	g.stats.Passed++
	for _, k := range w.opened {
		g.open[k]++
	}
	return true, nil
}

// full reports whether a key of an exchange has as many under way as it may have. mu is
// held.
func (g *Gate) full(w *waiter, now time.Time) (Key, bool) {
	for _, k := range w.opened {
		most := totalOpen
		switch k.kind {
		case client:
			most = clientOpen
		case host, network:
			most = maxFresh
			if g.health.Proved(now, k) {
				most = maxOpen
			}
		}
		if g.open[k] >= most {
			return k, true
		}
	}
	return Key{}, false
}

// leave ends the exchange of w, if it began.
func (g *Gate) leave(w *waiter, err error) func() {
	if err != nil || !w.ask.Open {
		return func() {}
	}
	return sync.OnceFunc(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.close(w)
	})
}

// close takes an exchange off the counts. mu is held.
func (g *Gate) close(w *waiter) {
	for _, k := range w.opened {
		if g.open[k]--; g.open[k] <= 0 {
			delete(g.open, k)
		}
	}
	for _, k := range w.opened {
		g.next(k)
	}
}
