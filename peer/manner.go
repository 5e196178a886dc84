package peer

import (
	"net/netip"

	lru "github.com/hashicorp/golang-lru/v2"
)

// maxManners bounds the peers that are known to want encryption, those heard of last.
const maxManners = 4096

// manners are the addresses that took an encrypted handshake and no plain one, whatever
// the torrent. It is safe for concurrent use.
type manners struct {
	encrypted *lru.Cache[netip.AddrPort, struct{}]
}

func newManners() manners {
	c, _ := lru.New[netip.AddrPort, struct{}](maxManners) // the size is above zero: no error
	return manners{c}
}

// of is what is known of an address.
func (m manners) of(a netip.AddrPort) manner {
	if a.IsValid() && m.encrypted.Contains(a) {
		return encryptedManner
	}
	return unknownManner
}

// learn takes in how an address was spoken to.
func (m manners) learn(a netip.AddrPort, how manner) {
	switch {
	case !a.IsValid():
	case how == encryptedManner:
		m.encrypted.Add(a, struct{}{})
	default:
		m.encrypted.Remove(a)
	}
}
