package fetch

import (
	"net/netip"
	"sync"

	"github.com/btgw/btgw/metainfo"
)

// gathering counts the metadata that is being gathered from peers, in bytes. All of it is
// bounded; a client that has no more than its part of that may go on where others have taken
// theirs.
type gathering struct {
	mu    sync.Mutex
	total int64
	of    map[*Torrent]int64
	by    map[netip.Prefix]int64
}

// gatherLimit is how much metadata may be gathered at a time: a part of what torrents may
// take, but the largest dictionary always.
func (s *Session) gatherLimit() int64 { return max(s.torrentLimit()/gatherShare, metainfo.MaxInfoLen) }

// gather counts what a torrent has gathered, and reports whether it may be kept.
func (s *Session) gather(t *Torrent, held int64) bool {
	g := &s.gathering
	g.mu.Lock()
	defer g.mu.Unlock()
	grown := held - g.of[t]
	g.total += grown
	g.by[t.client] += grown
	if g.of[t] = held; held == 0 {
		delete(g.of, t)
	}
	mine := g.by[t.client]
	if mine == 0 {
		delete(g.by, t.client)
	}
	limit := s.gatherLimit()
	return held == 0 || g.total <= limit || t.client.IsValid() && mine <= limit/int64(len(g.by))
}

// gathered is how much there is.
func (s *Session) gathered() int64 {
	s.gathering.mu.Lock()
	defer s.gathering.mu.Unlock()
	return s.gathering.total
}
