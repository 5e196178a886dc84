package peer

import (
	"slices"
	"time"

	"github.com/btgw/btgw/peer/discovery"
	"github.com/btgw/btgw/peer/discovery/dht"
)

// Prospects describes the peers that are left to ask. It is only a forecast: while
// somebody wants the torrent, all are tried again all the same.
type Prospects struct {
	// Untried is set while an address, the connected ones left out, was not tried in
	// vain yet, or while a tracker or the DHT has yet to answer.
	Untried bool
	Peers   int // connected
	Owing   int // of those, were asked for a part of the metadata that did not come, and rejected none
	// News is the time when the last of them connected, or when the last address came
	// that had not been known; zero means never.
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
