package book

import "net/netip"

// A Quota counts what the peers of each network (Subnet) take up, so that one network cannot
// have all there is. It is not safe for concurrent use; nil counts nothing and is
// never full.
type Quota struct {
	most  int                // that one network may have
	taken map[netip.Addr]int // by network
}

// NewQuota gives a network its share of n places, and not less than least.
func NewQuota(n, least int) *Quota {
	return &Quota{most: max(n/SubnetShare, least), taken: make(map[netip.Addr]int)}
}

// Subnet is what counts as one network: the IPv4 /24, or the IPv6 /48. That much
// IPv6 a tunnel broker gives to anybody, and of an access provider it is as many
// customers, with a /56 each, as a /24 is. It is invalid for the addresses of this
// machine and of local networks: all peers may be there, and none are where an
// operator does not allow it.
func Subnet(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if !a.IsValid() || Local(a) {
		return netip.Addr{}
	}
	bits := 24
	if a.Is6() {
		bits = 48
	}
	p, _ := a.Prefix(bits) // bits fit the family: no error
	return p.Addr()
}

// Full reports whether the network of a has all that it may have.
func (q *Quota) Full(a netip.Addr) bool {
	if q == nil {
		return false
	}
	n := Subnet(a)
	return n.IsValid() && q.taken[n] >= q.most
}

// Take takes a place for a.
func (q *Quota) Take(a netip.Addr) {
	if n := Subnet(a); n.IsValid() {
		q.taken[n]++
	}
}

// Leave gives a place of a back.
func (q *Quota) Leave(a netip.Addr) {
	n := Subnet(a)
	if !n.IsValid() {
		return
	}
	if q.taken[n]--; q.taken[n] == 0 {
		delete(q.taken, n)
	}
}

// Local reports whether an address means something on its own network alone.
func Local(a netip.Addr) bool { return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() }
