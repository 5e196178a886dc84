package dht

import (
	"net/netip"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"
)

// voter finds out what our address is from outside, by what those that we asked
// saw (BEP 42). It is safe for concurrent use.
type voter struct {
	mu    sync.Mutex
	votes *lru.LRU[netip.AddrPort, netip.Addr] // the last of each node
}

func newVoter() *voter {
	v := &voter{}
	v.votes, _ = lru.NewLRU[netip.AddrPort, netip.Addr](maxVotes, nil)
	return v
}

// vote notes where a node saw us. An address has one vote, whatever its ports,
// but for loopback ones, which many nodes share.
func (v *voter) vote(node netip.AddrPort, seen netip.Addr) {
	if !node.Addr().IsLoopback() {
		node = netip.AddrPortFrom(node.Addr(), 0)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.votes.Add(node, seen)
}

// elected gives the address that most nodes saw, if enough did.
func (v *voter) elected() (netip.Addr, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	count := make(map[netip.Addr]int)
	for _, seen := range v.votes.Values() {
		count[seen]++
	}
	for addr, n := range count {
		if n >= votesNeeded && 2*n > v.votes.Len() {
			return addr, true
		}
	}
	return netip.Addr{}, false
}
