package limit

import (
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/gateway/access"
)

// Paces bounds the bytes of content a second of each client prefix. It is safe for concurrent use.
type Paces struct {
	perSecond int64
	clients   *lru.Cache[netip.Prefix, *rate.Limiter]
}

func newPaces(perSecond int64) *Paces {
	clients, _ := lru.New[netip.Prefix, *rate.Limiter](maxClients) // the size is a constant above zero: no error
	return &Paces{perSecond: perSecond, clients: clients}
}

// Of is what all requests of a client share; nil is no bound.
func (p *Paces) Of(c Client) *rate.Limiter {
	if c.Local || p.perSecond <= 0 {
		return nil
	}
	limiter, ok := p.clients.Get(c.Prefix)
	if !ok {
		limiter = access.Pace(p.perSecond)
		if first, known, _ := p.clients.PeekOrAdd(c.Prefix, limiter); known {
			limiter = first
		}
	}
	return limiter
}

// A swarm gives whole pieces: one byte may cost 64 MiB of its traffic and ours.
// What ranges make us fetch beyond what they ask for is their surplus, and each
// client prefix has a budget of it, a token bucket of bytes. Reading on costs
// next to none of it, and a piece that is here or on its way none at all, so that
// it is used up by those alone who pick tiny ranges out of many pieces.

// Surpluses are the budgets of clients. It is safe for concurrent use.
type Surpluses struct {
	perSecond, burst int // bytes
	clients          *lru.Cache[netip.Prefix, *rate.Limiter]
}

func newSurpluses(perSecond, burst int) *Surpluses {
	clients, _ := lru.New[netip.Prefix, *rate.Limiter](maxClients) // the size is a constant above zero: no error
	return &Surpluses{perSecond: perSecond, burst: burst, clients: clients}
}

// Rate is how many bytes a second a client has.
func (s *Surpluses) Rate() int { return s.perSecond }

// Allow takes n bytes of a client's budget, and reports whether they were there.
// This machine has no bound.
func (s *Surpluses) Allow(c Client, n int64) bool {
	if n <= 0 || c.Local || s.perSecond == Unbounded {
		return true
	}
	limiter, ok := s.clients.Get(c.Prefix)
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(s.perSecond), s.burst)
		if first, known, _ := s.clients.PeekOrAdd(c.Prefix, limiter); known {
			limiter = first
		}
	}
	return limiter.AllowN(time.Now(), int(min(n, int64(s.burst))))
}
