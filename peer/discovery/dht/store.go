package dht

import (
	"net/netip"
	"sync"
	"time"

	"github.com/anacrolix/dht/v2/krpc"
	peer_store "github.com/anacrolix/dht/v2/peer-store"
	lru "github.com/hashicorp/golang-lru/v2/simplelru"
)

// store keeps which peers announced themselves to us: maxAnnounced for each of
// maxTorrents infohashes, each for announcedLife. It is safe for concurrent use.
type store struct {
	mu       sync.Mutex
	torrents *lru.LRU[[20]byte, *lru.LRU[netip.AddrPort, time.Time]] // when each announced
}

var _ peer_store.Interface = (*store)(nil)

func newStore() *store {
	s := &store{}
	s.torrents, _ = lru.NewLRU[[20]byte, *lru.LRU[netip.AddrPort, time.Time]](maxTorrents, nil)
	return s
}

// AddPeer implements peer_store.Interface.
func (s *store) AddPeer(hash peer_store.InfoHash, peer krpc.NodeAddr) {
	addr, ok := netip.AddrFromSlice(peer.IP)
	if !ok || peer.Port <= 0 || peer.Port > 65535 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	peers, ok := s.torrents.Get(hash)
	if !ok {
		peers, _ = lru.NewLRU[netip.AddrPort, time.Time](maxAnnounced, nil)
		s.torrents.Add(hash, peers)
	}
	peers.Add(netip.AddrPortFrom(addr.Unmap(), uint16(peer.Port)), time.Now())
}

// GetPeers implements peer_store.Interface: those that announced last, at most
// maxReturned.
func (s *store) GetPeers(hash peer_store.InfoHash) (found []krpc.NodeAddr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	peers, ok := s.torrents.Get(hash)
	if !ok {
		return nil
	}
	since := time.Now().Add(-announcedLife)
	keys := peers.Keys() // the oldest first
	for i := len(keys) - 1; i >= 0 && len(found) < maxReturned; i-- {
		if at, _ := peers.Peek(keys[i]); at.Before(since) {
			break
		}
		found = append(found, krpc.NodeAddr{IP: keys[i].Addr().AsSlice(), Port: int(keys[i].Port())})
	}
	return found
}
