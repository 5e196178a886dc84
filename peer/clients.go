package peer

import (
	"net/netip"
	"slices"
)

// A swarm spends what all torrents of the process share: connection attempts,
// announces, places. It knows for whom, so that each of them can be counted
// against the client that causes it. The zero Prefix is this process itself.

// AddClient says that a client waits for the torrent from now on. RemoveClient
// takes it back; the calls are counted.
func (s *Swarm) AddClient(client netip.Prefix) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clients == nil {
		s.clients = make(map[netip.Prefix]int)
	}
	if s.clients[client]++; s.clients[client] == 1 {
		s.host.waits(s.stake, client, true)
		s.tellDemand()
	}
}

// RemoveClient says that a client waits no longer.
func (s *Swarm) RemoveClient(client netip.Prefix) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clients[client]--; s.clients[client] <= 0 {
		delete(s.clients, client)
		s.host.waits(s.stake, client, false)
		s.tellDemand()
	}
}

// Promising reports whether anything says that looking for peers is worth it: content came,
// in this run or before, or a peer is connected that offers content or metadata.
func (s *Swarm) Promising() bool {
	if s.host.proved(s.stake) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.conns, func(c *Conn) bool { return c.exchanged.Load() || c.offers() || c.lets.Load() })
}
