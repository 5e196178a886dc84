package peer

import "net/netip"

// places counts what the peers of each network take up, so that one network cannot
// have all there is. It is not safe for concurrent use; nil counts nothing and is
// never full.
type places struct {
	most  int                // that one network may have
	taken map[netip.Addr]int // by network
}

// newPlaces gives a network its share of n places, and not less than least.
func newPlaces(n, least int) *places {
	return &places{most: max(n/networkShare, least), taken: make(map[netip.Addr]int)}
}

// network is what counts as one network: the IPv4 /24, or the IPv6 /48. That much
// IPv6 a tunnel broker gives to anybody, and of an access provider it is as many
// customers, with a /56 each, as a /24 is. It is invalid for the addresses of this
// machine and of local networks: all peers may be there, and none are where an
// operator does not allow it.
func network(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if !a.IsValid() || local(a) {
		return netip.Addr{}
	}
	bits := 24
	if a.Is6() {
		bits = 48
	}
	p, _ := a.Prefix(bits) // bits fit the family: no error
	return p.Addr()
}

// full reports whether the network of a has all that it may have.
func (p *places) full(a netip.Addr) bool {
	if p == nil {
		return false
	}
	n := network(a)
	return n.IsValid() && p.taken[n] >= p.most
}

// take takes a place for a, leave gives it back.
func (p *places) take(a netip.Addr) {
	if n := network(a); n.IsValid() {
		p.taken[n]++
	}
}

func (p *places) leave(a netip.Addr) {
	n := network(a)
	if !n.IsValid() {
		return
	}
	if p.taken[n]--; p.taken[n] == 0 {
		delete(p.taken, n)
	}
}
