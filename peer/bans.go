package peer

import (
	"net/netip"
	"time"
)

// A banList is which peers are not talked to, for a while. It is bounded and
// not safe for concurrent use.
//
// A peer is banned by its address (an IPv6 one by its /64), so that another
// port or peer id does not help it. Behind a loopback address there can be
// anybody on the machine: there the port, and the peer id, are banned.
type banList struct {
	until map[banKey]time.Time
	order []banKey // the oldest first
}

type banKey struct {
	addr netip.Addr
	port uint16   // loopback alone
	id   [20]byte // loopback alone
}

// site is what counts as one address in limits and bans.
func site(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() && !a.IsLoopback() {
		p, _ := a.Prefix(64)
		return p.Addr()
	}
	return a
}

func banKeys(addr netip.AddrPort, id [20]byte) [2]banKey {
	a := site(addr.Addr())
	if !a.IsLoopback() {
		return [2]banKey{{addr: a}, {addr: a}}
	}
	return [2]banKey{{addr: a, port: addr.Port()}, {addr: a, id: id}}
}

func (l *banList) add(now time.Time, addr netip.AddrPort, id [20]byte) {
	if l.until == nil {
		l.until = make(map[banKey]time.Time)
	}
	for _, k := range banKeys(addr, id) {
		if _, ok := l.until[k]; !ok {
			l.order = append(l.order, k)
		}
		l.until[k] = now.Add(banTime)
	}
	for len(l.order) > maxBans || len(l.order) > 0 && !now.Before(l.until[l.order[0]]) {
		delete(l.until, l.order[0])
		l.order = l.order[1:]
	}
}

// has reports whether a peer is banned; id is zero where it is not known yet.
func (l *banList) has(now time.Time, addr netip.AddrPort, id [20]byte) bool {
	if len(l.until) == 0 {
		return false
	}
	for i, k := range banKeys(addr, id) {
		if i == 1 && id == [20]byte{} && k.addr.IsLoopback() {
			continue
		}
		if t, ok := l.until[k]; ok && now.Before(t) {
			return true
		}
	}
	return false
}
