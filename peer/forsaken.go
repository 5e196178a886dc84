package peer

import (
	"slices"

	"github.com/btgw/btgw/peer/discovery"
	"github.com/btgw/btgw/peer/discovery/dht"
)

// Forsaken reports whether nobody is left to ask: no peer is connected, every
// address that is known was tried in vain, and so were all trackers and the DHT.
// They are tried again all the same while somebody wants the torrent: it is no
// more than a forecast.
func (s *Swarm) Forsaken() bool {
	s.mu.Lock()
	left := len(s.conns) > 0 || s.book.untried()
	trackers, searches := s.trackers, s.searches
	s.mu.Unlock()
	return !left && !slices.ContainsFunc(trackers, (*discovery.Trackers).Untried) && !slices.ContainsFunc(searches, (*dht.Search).Untried)
}

// untried reports whether there is an address that may be a peer for all that is
// known of it: not dialled yet, being dialled for the first time, or of use before.
func (b *book) untried() bool {
	for _, e := range b.order {
		if e.state != never && e.failures == 0 {
			return true
		}
	}
	return false
}
