package wire

import (
	"crypto/sha1"
	"encoding/binary"
	"net/netip"
)

// AllowedFastSize is how many pieces an allowed-fast set has (BEP 6's k).
const AllowedFastSize = 10

// AllowedFastSet computes the pieces that a peer at addr may ask for while it
// is choked (BEP 6), by the canonical algorithm: at most k of pieces, distinct.
// IPv4 has the last byte masked as BEP 6 says; IPv6, of which it does not
// speak, is masked to its /64.
func AllowedFastSet(addr netip.Addr, infoHash [20]byte, pieces, k int) []uint32 {
	if pieces <= 0 || k <= 0 {
		return nil
	}
	k = min(k, pieces)
	addr = addr.Unmap()
	var x []byte
	if addr.Is4() {
		a := addr.As4()
		x = append(x, a[0], a[1], a[2], 0)
	} else {
		a := addr.As16()
		x = append(x, a[:8]...)
		x = append(x, make([]byte, 8)...)
	}
	x = append(x, infoHash[:]...)
	set := make([]uint32, 0, k)
	for len(set) < k {
		sum := sha1.Sum(x)
		x = append(x[:0], sum[:]...)
		for i := 0; i < len(sum) && len(set) < k; i += 4 {
			if p := binary.BigEndian.Uint32(sum[i:]) % uint32(pieces); !contains(set, p) {
				set = append(set, p)
			}
		}
	}
	return set
}

func contains(set []uint32, p uint32) bool {
	for _, x := range set {
		if x == p {
			return true
		}
	}
	return false
}
