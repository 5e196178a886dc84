package limit

import (
	"net/netip"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Requests bounds how many requests a second each client prefix makes, by a token bucket. A
// client that goes on after as many refusals as it had requests floods. Its refusals are held
// back, and it opens no more connections until it has paused. A Requests is safe for
// concurrent use.
type Requests struct {
	perSecond int
	clients   *lru.Cache[netip.Prefix, *caller]
}

// caller is one client.
type caller struct {
	requests, refusals *rate.Limiter
	floods             atomic.Int64 // when that is forgotten, in Unix nanoseconds
}

func newRequests(perSecond int) *Requests {
	clients, _ := lru.New[netip.Prefix, *caller](maxClients) // the size is a constant above zero: no error
	return &Requests{perSecond: perSecond, clients: clients}
}

// Rate is how many requests a second a client has.
func (r *Requests) Rate() int { return r.perSecond }

// Allow takes a token of the client's, and reports whether there was one. Clients on
// this machine are exempt: they have its processor anyway.
func (r *Requests) Allow(c Client) bool {
	caller := r.caller(c)
	if caller == nil || caller.requests.Allow() {
		return true
	}
	if !caller.refusals.Allow() {
		caller.floods.Store(time.Now().Add(floodTime).UnixNano())
		// Whether or not the client stays: a stream that is reset counts as one of its
		// connection meanwhile, and too many of those end it.
		time.Sleep(floodHold)
	}
	return false
}

// Take is Allow for a caller that asks Allow again where there was no token: that is no refusal yet.
func (r *Requests) Take(c Client) bool {
	caller := r.caller(c)
	return caller == nil || caller.requests.Allow()
}

// caller is a client; nil: one without a bound.
func (r *Requests) caller(c Client) *caller {
	if c.Local || r.perSecond == Unbounded {
		return nil
	}
	if known, ok := r.clients.Get(c.Prefix); ok {
		return known
	}
	made := r.newCaller()
	if first, known, _ := r.clients.PeekOrAdd(c.Prefix, made); known {
		return first
	}
	return made
}

func (r *Requests) newCaller() *caller {
	bucket := func() *rate.Limiter { return rate.NewLimiter(rate.Limit(r.perSecond), RequestBurst*r.perSecond) }
	return &caller{requests: bucket(), refusals: bucket()}
}

// Floods reports whether a client floods.
func (r *Requests) Floods(client netip.Prefix) bool {
	caller, ok := r.clients.Peek(client)
	return ok && time.Now().UnixNano() < caller.floods.Load()
}
