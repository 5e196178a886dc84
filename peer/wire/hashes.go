package wire

import "encoding/binary"

// HashRange is what the messages of BEP 52 are about: hashes of a file's Merkle
// tree, and the proof that they are in it.
type HashRange struct {
	Root   [32]byte // the file's pieces root
	Base   uint32   // the layer, counted from the 16 KiB leaves
	Index  uint32   // of the first hash in that layer
	Length uint32   // hashes
	Proof  uint32   // layers above Base of which the uncle is sent, as far as it does not follow
}

const (
	// hashRangeLen is the payload of HashRequest and HashReject, and how that of
	// Hashes begins.
	hashRangeLen = 32 + 4*4
	// hashLen is the length of a hash, in bytes.
	hashLen = 32
)

// AppendHashRange appends a message about hashes: HashRequest, HashReject, or the
// beginning of Hashes, which the hashes follow, and EndHashes.
func AppendHashRange(b []byte, id ID, r HashRange) []byte {
	b = append(b, 0, 0, 0, 1+hashRangeLen, byte(id))
	b = append(b, r.Root[:]...)
	b = binary.BigEndian.AppendUint32(b, r.Base)
	b = binary.BigEndian.AppendUint32(b, r.Index)
	b = binary.BigEndian.AppendUint32(b, r.Length)
	return binary.BigEndian.AppendUint32(b, r.Proof)
}

// EndHashes writes the length of the message Hashes that is all of b.
func EndHashes(b []byte) { binary.BigEndian.PutUint32(b, uint32(len(b)-4)) }

// ParseHashRange reads the payload of HashRequest or HashReject. ReadFrame has
// checked its length.
func ParseHashRange(payload []byte) (r HashRange) {
	_ = payload[hashRangeLen-1]
	copy(r.Root[:], payload)
	r.Base = binary.BigEndian.Uint32(payload[32:])
	r.Index = binary.BigEndian.Uint32(payload[36:])
	r.Length = binary.BigEndian.Uint32(payload[40:])
	r.Proof = binary.BigEndian.Uint32(payload[44:])
	return r
}

// ParseHashes reads the payload of Hashes. ReadFrame has checked its length:
// hashes, which alias it, are 1 to MaxHashes of 32 bytes each.
func ParseHashes(payload []byte) (r HashRange, hashes []byte) {
	return ParseHashRange(payload), payload[hashRangeLen:]
}

// hashesLen reports whether Hashes may have a payload of n bytes.
func hashesLen(n int) bool {
	n -= hashRangeLen
	return n > 0 && n%hashLen == 0 && n <= MaxHashes*hashLen
}
