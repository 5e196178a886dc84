package peer

import (
	"net/netip"

	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/discovery/lsd"
)

// startLSD begins to announce to the local network (BEP 14), and to listen there.
func (h *Host) startLSD() (err error) {
	h.lsd, err = lsd.Start(lsd.Config{Port: h.Port, Found: h.foundLocally, Log: h.log})
	return err
}

// foundLocally takes in what a peer of the local network says that it has.
func (h *Host) foundLocally(hash [20]byte, peer netip.AddrPort) {
	s := h.swarm(hash)
	if s == nil {
		return
	}
	s.mu.Lock()
	private := s.info != nil && s.info.Private
	s.mu.Unlock()
	if !private {
		s.AddPeers(book.SourceLSD, peer)
	}
}

// announceLocally has a torrent announced that is known not to be private.
func (s *Swarm) announceLocally() {
	if s.host.lsd == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.info == nil || s.info.Private {
		return
	}
	for _, hash := range wireHashes(s.hashes) {
		s.host.lsd.Add(hash)
	}
}

// leaveLocally ends that. The swarm is closed.
func (s *Swarm) leaveLocally() {
	if s.host.lsd == nil {
		return
	}
	for _, hash := range wireHashes(s.hashes) {
		s.host.lsd.Remove(hash)
	}
}
