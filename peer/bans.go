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
		if _, ok := l.until[k]; !ok && len(l.until) >= maxBans {
			l.forget(now)
		}
		l.until[k] = now.Add(banTime)
	}
}

// forget drops what has ended, or else the oldest.
func (l *banList) forget(now time.Time) {
	var oldest banKey
	var at time.Time
	for k, t := range l.until {
		if now.After(t) {
			delete(l.until, k)
			continue
		}
		if at.IsZero() || t.Before(at) {
			oldest, at = k, t
		}
	}
	if len(l.until) >= maxBans {
		delete(l.until, oldest)
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
