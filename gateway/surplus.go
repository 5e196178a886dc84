package gateway

import (
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// A swarm gives whole pieces: one byte may cost 64 MiB of its traffic and ours.
// What ranges make us fetch beyond what they ask for is their surplus, and each
// client prefix has a budget of it, a token bucket of bytes. Reading on costs
// next to none of it, and a piece that is here or on its way none at all, so that
// it is used up by those alone who pick tiny ranges out of many pieces.

// surpluses are the budgets of clients. It is safe for concurrent use.
type surpluses struct {
	perSecond, burst int // bytes
	clients          *lru.Cache[netip.Prefix, *rate.Limiter]
}

func newSurpluses(perSecond, burst int) *surpluses {
	clients, _ := lru.New[netip.Prefix, *rate.Limiter](maxClients) // the size is a constant above zero: no error
	return &surpluses{perSecond: perSecond, burst: burst, clients: clients}
}

// allow takes n bytes of a client's budget, and reports whether they were there.
// This machine has no bound.
func (s *surpluses) allow(c client, n int64) bool {
	if n <= 0 || c.local || s.perSecond == Unbounded {
		return true
	}
	limiter, ok := s.clients.Get(c.prefix)
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(s.perSecond), s.burst)
		if first, known, _ := s.clients.PeekOrAdd(c.prefix, limiter); known {
			limiter = first
		}
	}
	return limiter.AllowN(time.Now(), int(min(n, int64(s.burst))))
}

// fileSurplus is how many bytes the pieces under a range have beyond it.
func fileSurplus(info *metainfo.Info, f *metainfo.File, r httprange.Range) int64 {
	first, last := info.Pieces(f, r.Off, r.N)
	end := info.PieceOffset(last) + int64(info.PieceSize(last))
	return max(0, end-info.PieceOffset(first)-r.N)
}
