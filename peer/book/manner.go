package book

import (
	"net/netip"

	lru "github.com/hashicorp/golang-lru/v2"
)

// A Manner is what is known of how a peer wants to be spoken to.
type Manner uint8

// The manners.
const (
	UnknownManner Manner = iota
	PlainManner
	EncryptedManner
)

// MannerOf returns the manner of a connection.
func MannerOf(encrypted bool) Manner {
	if encrypted {
		return EncryptedManner
	}
	return PlainManner
}

// maxManners bounds the peers that are known to want encryption, those heard of last.
const maxManners = 4096

// Manners are the addresses that took an encrypted handshake and no plain one, whatever
// the torrent. It is safe for concurrent use.
type Manners struct {
	encrypted *lru.Cache[netip.AddrPort, struct{}]
}

// NewManners makes an empty one.
func NewManners() Manners {
	c, _ := lru.New[netip.AddrPort, struct{}](maxManners) // the size is above zero: no error
	return Manners{c}
}

// Of is what is known of an address.
func (m Manners) Of(a netip.AddrPort) Manner {
	if a.IsValid() && m.encrypted.Contains(a) {
		return EncryptedManner
	}
	return UnknownManner
}

// Learn takes in how an address was spoken to.
func (m Manners) Learn(a netip.AddrPort, how Manner) {
	switch {
	case !a.IsValid():
	case how == EncryptedManner:
		m.encrypted.Add(a, struct{}{})
	default:
		m.encrypted.Remove(a)
	}
}
