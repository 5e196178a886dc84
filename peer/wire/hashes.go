package wire

import "encoding/binary"

// hashRequestLen is the payload of HashRequest and HashReject: root, base
// layer, index, length, proof layers (BEP 52).
const hashRequestLen = 32 + 4*4

// AppendHashReject appends the refusal of a hash request (BEP 52) whose payload
// was request.
func AppendHashReject(b, request []byte) ([]byte, error) {
	if len(request) != hashRequestLen {
		return b, badLength(HashRequest, len(request))
	}
	b = binary.BigEndian.AppendUint32(b, 1+hashRequestLen)
	b = append(b, byte(HashReject))
	return append(b, request...), nil
}
