package peer

import (
	"net/netip"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A banList is which peers are not talked to, for a while. It is bounded and
// not safe for concurrent use.
//
// A peer is banned by its address (an IPv6 one by its /64), so that another
// port or peer id does not help it. Behind a loopback address there can be
// anybody on the machine: there the port, and the peer id, are banned.
type banList struct {
	until   *simplelru.LRU[banKey, time.Time] // the last banned goes last
	changed bool                              // since it was written
}

type banKey struct {
	addr netip.Addr
	port uint16   // loopback alone
	id   [20]byte // loopback alone
}

func newBanList() banList {
	until, _ := simplelru.NewLRU[banKey, time.Time](maxBans, nil) // the size is above zero: no error
	return banList{until: until}
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
	for _, k := range banKeys(addr, id) {
		l.until.Add(k, now.Add(banTime))
	}
	l.changed = true
	for _, until, ok := l.until.GetOldest(); ok && !now.Before(until); _, until, ok = l.until.GetOldest() {
		l.until.RemoveOldest()
	}
}

// has reports whether a peer is banned; id is zero where it is not known yet.
func (l *banList) has(now time.Time, addr netip.AddrPort, id [20]byte) bool {
	if l.until.Len() == 0 {
		return false
	}
	for i, k := range banKeys(addr, id) {
		if i == 1 && id == [20]byte{} && k.addr.IsLoopback() {
			continue
		}
		if t, ok := l.until.Peek(k); ok && now.Before(t) {
			return true
		}
	}
	return false
}

// count is how many bans are in force.
func (l *banList) count(now time.Time) (n int) {
	for _, until := range l.until.Values() {
		if now.Before(until) {
			n++
		}
	}
	return n
}
