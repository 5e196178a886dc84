package discovery

import (
	"encoding/binary"
	"net/netip"
)

// Sizes of a peer in compact form, in bytes.
const (
	compact4 = 4 + 2  // BEP 23
	compact6 = 16 + 2 // BEP 7
)

// appendCompact appends the addresses in b, of size bytes each, up to maxPeers
// in dst. An incomplete one at the end is ignored.
func appendCompact(dst []netip.AddrPort, b []byte, size int) []netip.AddrPort {
	for len(b) >= size && len(dst) < maxPeers {
		addr, _ := netip.AddrFromSlice(b[:size-2])
		dst = appendPeer(dst, addr, binary.BigEndian.Uint16(b[size-2:]))
		b = b[size:]
	}
	return dst
}

// appendPeer appends an address unless it cannot be a peer's. Which of the
// possible ones may be dialled is the guard's to say.
func appendPeer(dst []netip.AddrPort, addr netip.Addr, port uint16) []netip.AddrPort {
	addr = addr.Unmap().WithZone("")
	if !addr.IsValid() || addr.IsUnspecified() || addr.IsMulticast() || port == 0 {
		return dst
	}
	return append(dst, netip.AddrPortFrom(addr, port))
}
