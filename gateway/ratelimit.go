package gateway

import (
	"fmt"
	"net/http"
	"net/netip"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/gateway/access"
)

// rateLimit are the fields that tell a client which bound it is at (draft-ietf-httpapi-ratelimit-headers-10):
// a quota of so many units in window seconds, of which nothing is left for reset seconds. A window or
// reset of 0 is left out: places come free when others end. unit is "" for requests.
func rateLimit(policy string, quota int64, window, reset int, unit string) http.Header {
	bound, now := fmt.Sprintf(`"%s";q=%d`, policy, quota), fmt.Sprintf(`"%s";r=0`, policy)
	if window > 0 {
		bound += fmt.Sprintf(";w=%d", window)
	}
	if unit != "" {
		bound += fmt.Sprintf(`;qu="%s"`, unit)
	}
	if reset > 0 {
		now += fmt.Sprintf(";t=%d", reset)
	}
	return http.Header{"Ratelimit-Policy": {bound}, "Ratelimit": {now}}
}

// paces bounds the bytes of content a second of each client prefix. It is safe for concurrent use.
type paces struct {
	perSecond int64
	clients   *lru.Cache[netip.Prefix, *rate.Limiter]
}

func newPaces(perSecond int64) *paces {
	clients, _ := lru.New[netip.Prefix, *rate.Limiter](maxClients) // the size is a constant above zero: no error
	return &paces{perSecond: perSecond, clients: clients}
}

// of is what all requests of a client share; nil is no bound.
func (p *paces) of(c client) *rate.Limiter {
	if c.local || p.perSecond <= 0 {
		return nil
	}
	limiter, ok := p.clients.Get(c.prefix)
	if !ok {
		limiter = access.Pace(p.perSecond)
		if first, known, _ := p.clients.PeekOrAdd(c.prefix, limiter); known {
			limiter = first
		}
	}
	return limiter
}
