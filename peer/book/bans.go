package book

import (
	"net/netip"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/btgw/btgw/internal/statefile"
)

// Bans is which peers are not talked to, for a while. It is bounded and
// not safe for concurrent use.
//
// A peer is banned by its address (an IPv6 one by its /64), so that another
// port or peer id does not help it. Behind a loopback address there can be
// anybody on the machine: there the port, and the peer id, are banned.
type Bans struct {
	file    statefile.File                      // without a path nothing is kept over restarts
	until   *simplelru.LRU[Identity, time.Time] // the last banned goes last
	changed bool                                // since it was written
}

// An Identity is what a peer is known by, whatever port it connects from.
type Identity struct {
	addr netip.Addr
	port uint16   // loopback alone
	id   [20]byte // loopback alone
}

func newBans(path string) Bans {
	until, _ := simplelru.NewLRU[Identity, time.Time](maxBans, nil) // the size is above zero: no error
	file := statefile.File{Path: path, Kind: "bans", Version: 1, MaxSize: maxBansFile}
	return Bans{file: file, until: until}
}

// AddressKey is what counts as one address in limits and bans.
func AddressKey(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() && !a.IsLoopback() {
		p, _ := a.Prefix(64)
		return p.Addr()
	}
	return a
}

// IdentityOf is that of a peer with an address and a peer id.
func IdentityOf(addr netip.AddrPort, id [20]byte) Identity { return identities(addr, id)[1] }

// identities are those by which a peer is banned.
func identities(addr netip.AddrPort, id [20]byte) [2]Identity {
	a := AddressKey(addr.Addr())
	if !a.IsLoopback() {
		return [2]Identity{{addr: a}, {addr: a}}
	}
	return [2]Identity{{addr: a, port: addr.Port()}, {addr: a, id: id}}
}

// Add bans a peer for BanTime.
func (l *Bans) Add(now time.Time, addr netip.AddrPort, id [20]byte) {
	for _, k := range identities(addr, id) {
		l.until.Add(k, now.Add(BanTime))
	}
	l.changed = true
	for _, until, ok := l.until.GetOldest(); ok && !now.Before(until); _, until, ok = l.until.GetOldest() {
		l.until.RemoveOldest()
	}
}

// Has reports whether a peer is banned; id is zero where it is not known yet.
func (l *Bans) Has(now time.Time, addr netip.AddrPort, id [20]byte) bool {
	if l.until.Len() == 0 {
		return false
	}
	for i, k := range identities(addr, id) {
		if i == 1 && id == [20]byte{} && k.addr.IsLoopback() {
			continue
		}
		if t, ok := l.until.Peek(k); ok && now.Before(t) {
			return true
		}
	}
	return false
}

// Count is how many bans are in force.
func (l *Bans) Count(now time.Time) (n int) {
	for _, until := range l.until.Values() {
		if now.Before(until) {
			n++
		}
	}
	return n
}
