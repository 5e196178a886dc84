package peer

import (
	"net/netip"
	"testing"
)

// FakeNode starts a node of the DHT that names peers for every torrent, and returns
// its address.
func FakeNode(t *testing.T, peers ...netip.AddrPort) string {
	return newFakeNode(t, peers...).conn.LocalAddr().String()
}

// FoundLocally is what a peer of the local network says that it has (BEP 14).
func (h *Host) FoundLocally(hash [20]byte, peer netip.AddrPort) { h.foundLocally(hash, peer) }
