package peer

import (
	"slices"
	"time"

	"github.com/btgw/btgw/peer/discovery"
	"github.com/btgw/btgw/peer/discovery/dht"
)

// Prospects is whom there is left to ask. All are tried again all the same while
// somebody wants the torrent: it is no more than a forecast.
type Prospects struct {
	// Untried is that an address was not tried in vain yet, the connected ones left
	// out, or that a tracker or the DHT has yet to answer.
	Untried bool
	Peers   int // connected
	Owing   int // of those, were asked for a part of the metadata that did not come, and rejected none
	// News is when the last of them connected, or the last address came that had not been
	// known; zero: never.
	News time.Time
	// Content grows with each byte of a block or of the metadata that comes, long before the
	// block or the part is whole. It falls when a peer leaves.
	Content int64
}

// Prospects returns a snapshot.
func (s *Swarm) Prospects() Prospects {
	p := Prospects{Content: s.downloaded.Load()}
	s.mu.Lock()
	p.Untried, p.News, p.Peers = s.book.Untried(), s.book.Fresh(), len(s.conns)
	for _, c := range s.conns {
		if c.joined.After(p.News) {
			p.News = c.joined
		}
		p.Content += c.partial.Load()
	}
	p.Content += s.metadata.Held()
	p.Owing = s.metadata.Owing()
	trackers, searches := s.trackers, s.searches
	s.mu.Unlock()
	p.Untried = p.Untried || slices.ContainsFunc(trackers, (*discovery.Trackers).Untried) || slices.ContainsFunc(searches, (*dht.Search).Untried)
	return p
}
