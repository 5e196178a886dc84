package peer

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/peer/book"
)

// gifts bound the metadata and the hashes that peers get from us, which are no part of the
// upload limits. There is a bound for all of it, and one for each address, however often that
// connects and disconnects. Loopback addresses have no bound of their own. A gifts is safe
// for concurrent use.
type gifts struct {
	withheld atomic.Int64

	mu     sync.Mutex
	all    *rate.Limiter
	bySite *simplelru.LRU[netip.Addr, *rate.Limiter]
}

func (g *gifts) init() {
	g.all = rate.NewLimiter(giftRate, giftBurst)
	g.bySite, _ = simplelru.NewLRU[netip.Addr, *rate.Limiter](maxGifted, nil) // the size is above zero: no error
}

// give takes n bytes for an address, or reports that it cannot have them now.
func (g *gifts) give(now time.Time, to netip.Addr, n int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all.TokensAt(now) < float64(n) {
		g.withheld.Add(1)
		return false
	}
	if to = book.AddressKey(to); !to.IsLoopback() {
		l, ok := g.bySite.Get(to)
		if !ok {
			l = rate.NewLimiter(siteGiftRate, siteGiftBurst)
			g.bySite.Add(to, l)
		}
		if !l.AllowN(now, n) {
			g.withheld.Add(1)
			return false
		}
	}
	return g.all.AllowN(now, n)
}
