package contact

import (
	"crypto/sha256"
	"net/netip"
	"strings"
)

// Key is one of the things that contacts are counted by.
type Key struct {
	kind   kind
	text   string
	prefix netip.Prefix
}

type kind uint8

const (
	total   kind = iota
	client       // a prefix of clients
	torrent      // an infohash
	host         // a name
	network      // the /24 or /48 of an address
	address      // the address itself
	service      // a port of a host
	place        // a URL
)

// Host is the target that a name stands for. An address that is written out is its network.
func Host(name string) Key {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if a, err := netip.ParseAddr(name); err == nil {
		return Net(a)
	}
	return Key{kind: host, text: name}
}

// Net is the target that an address belongs to: its /24 or /48. Addresses of this machine
// and of local networks, which no policy opens to strangers but for tests and a LAN, are a
// target each.
func Net(a netip.Addr) Key {
	a = a.Unmap().WithZone("")
	bits := 24
	switch {
	case a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast():
		bits = a.BitLen()
	case a.Is6():
		bits = 48
	}
	p, err := a.Prefix(bits)
	if err != nil { // not an address: all of these are one target
		return Key{kind: network}
	}
	return Key{kind: network, prefix: p}
}

// Addr is an address: that it fails to answer at all, whatever the port, is told by it.
func Addr(a netip.Addr) Key {
	a = a.Unmap().WithZone("")
	p, _ := a.Prefix(a.BitLen()) // of what is no address: the same for all
	return Key{kind: address, prefix: p}
}

// Service is a port of a host: its failures to answer at all are told by it. Scheme tells
// apart what shares a number, as "udp" and "tcp".
func Service(scheme, hostPort string) Key {
	return Key{kind: service, text: scheme + " " + strings.ToLower(hostPort)}
}

// Place is a URL: its failures to answer well are told by it.
func Place(url string) Key {
	sum := sha256.Sum256([]byte(url))
	return Key{kind: place, text: string(sum[:16])}
}

// clientKey and torrentKey are who causes a contact.
func clientKey(p netip.Prefix) Key { return Key{kind: client, prefix: p} }

func torrentKey(hash [20]byte) Key { return Key{kind: torrent, text: string(hash[:])} }
