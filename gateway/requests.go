package gateway

import (
	"net/netip"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// requests bounds how many requests a second each client prefix makes, by a
// token bucket. It is safe for concurrent use.
type requests struct {
	perSecond int
	clients   *lru.Cache[netip.Prefix, *rate.Limiter]
}

func newRequests(perSecond int) *requests {
	clients, _ := lru.New[netip.Prefix, *rate.Limiter](maxClients) // the size is a constant above zero: no error
	return &requests{perSecond: perSecond, clients: clients}
}

// allow takes a token of the client's, and reports whether there was one. This
// machine is not held to it: who is there has the processor anyway.
func (r *requests) allow(c client) bool {
	if c.local || r.perSecond == Unbounded {
		return true
	}
	limiter, ok := r.clients.Get(c.prefix)
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(r.perSecond), requestBurst*r.perSecond)
		if first, known, _ := r.clients.PeekOrAdd(c.prefix, limiter); known {
			limiter = first
		}
	}
	return limiter.Allow()
}
