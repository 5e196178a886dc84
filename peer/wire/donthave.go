package wire

import "encoding/binary"

// AppendDontHave appends lt_donthave (BEP 54), which takes a HAVE back, under
// the id that the peer gave it.
func AppendDontHave(b []byte, id uint8, piece uint32) []byte {
	b, at := startExtended(b, id)
	b = binary.BigEndian.AppendUint32(b, piece)
	return endExtended(b, at)
}

// ParseDontHave reads the body of lt_donthave.
func ParseDontHave(body []byte) (piece uint32, err error) {
	if len(body) != 4 {
		return 0, badLength(Extended, len(body))
	}
	return binary.BigEndian.Uint32(body), nil
}
