package dht

import (
	"net/netip"

	library "github.com/anacrolix/dht/v2"
)

// secure reports whether an id belongs to an address (BEP 42).
func secure(id [20]byte, addr string) bool {
	return library.NodeIdSecure(id, netip.MustParseAddr(addr).AsSlice())
}
