package metainfo

import (
	"encoding/base32"
	"encoding/hex"
	"log/slog"
	"strings"
)

// InfoHash names a torrent by the SHA-1 (v1, BEP 3) or SHA-256 (v2, BEP 52) of its info
// dictionary. It can be compared and used as a map key. The zero value names nothing.
type InfoHash struct {
	sum     [hashLenV2]byte
	version uint8 // 0 for the zero value, else 1 or 2
}

// multihashSHA256 is the prefix of a SHA-256 multihash: its code and length.
const multihashSHA256 = "\x12\x20"

// NewV1 returns the v1 infohash with the given SHA-1 digest.
func NewV1(sum [20]byte) InfoHash {
	h := InfoHash{version: 1}
	copy(h.sum[:], sum[:])
	return h
}

// NewV2 returns the v2 infohash with the given SHA-256 digest.
func NewV2(sum [32]byte) InfoHash { return InfoHash{sum: sum, version: 2} }

// ParseInfoHash parses a v1 infohash: 40 hexadecimal digits, or 32 digits of base32, in
// upper or lower case. The error is an *InvalidError.
func ParseInfoHash(s string) (InfoHash, error) {
	var sum []byte
	switch len(s) {
	case hex.EncodedLen(hashLenV1):
		sum, _ = hex.DecodeString(s)
	case lowerBase32.EncodedLen(hashLenV1):
		sum = decodeBase32(s)
	}
	if len(sum) != hashLenV1 {
		return InfoHash{}, invalid("infohash", ReasonSyntax)
	}
	return NewV1([20]byte(sum)), nil
}

// ParseMultihash parses a v2 infohash in upper or lower case. The error is an
// *InvalidError. It accepts these forms:
//
//   - the SHA-256 multihash in hexadecimal ("1220" and 64 digits)
//   - the SHA-256 multihash in base32 (55 digits)
//   - the digest alone in hexadecimal (64 digits)
//   - the digest alone in base32 (52 digits, the canonical form)
func ParseMultihash(s string) (InfoHash, error) {
	var sum []byte
	switch len(s) {
	case hex.EncodedLen(hashLenV2), hex.EncodedLen(len(multihashSHA256) + hashLenV2):
		sum, _ = hex.DecodeString(s)
	case lowerBase32.EncodedLen(hashLenV2), lowerBase32.EncodedLen(len(multihashSHA256) + hashLenV2):
		sum = decodeBase32(s)
	}
	if len(sum) == len(multihashSHA256)+hashLenV2 {
		if string(sum[:2]) != multihashSHA256 {
			return InfoHash{}, invalid("multihash", ReasonVersion)
		}
		sum = sum[2:]
	}
	if len(sum) != hashLenV2 {
		return InfoHash{}, invalid("multihash", ReasonSyntax)
	}
	return NewV2([32]byte(sum)), nil
}

// lowerBase32 is RFC 4648 base32 in lower case, unpadded.
var lowerBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// decodeBase32 returns nil where s is not the one encoding of some bytes:
// base32 has spare bits at its end, and encoding/base32 ignores them.
func decodeBase32(s string) []byte {
	s = strings.ToLower(s)
	b, err := lowerBase32.DecodeString(s)
	if err != nil || lowerBase32.EncodeToString(b) != s {
		return nil
	}
	return b
}

// IsV2 reports whether h is a v2 infohash.
func (h InfoHash) IsV2() bool { return h.version == 2 }

// IsZero reports whether h is the zero value, which names nothing.
func (h InfoHash) IsZero() bool { return h.version == 0 }

// Bytes returns the digest: 20 bytes for v1, 32 for v2, none for zero.
func (h InfoHash) Bytes() []byte {
	switch h.version {
	case 1:
		return append([]byte(nil), h.sum[:hashLenV1]...)
	case 2:
		return append([]byte(nil), h.sum[:]...)
	}
	return nil
}

// Wire returns the form used in handshakes, by trackers and in the DHT. It is the first
// 20 bytes of a v2 infohash (BEP 52).
func (h InfoHash) Wire() [20]byte { return [20]byte(h.sum[:hashLenV1]) }

// String returns the canonical form: 40 lower-case hexadecimal digits for v1,
// 52 lower-case base32 digits of the digest for v2, "" for zero.
func (h InfoHash) String() string { return string(h.append(make([]byte, 0, 64))) }

// append appends String to b.
func (h InfoHash) append(b []byte) []byte {
	switch h.version {
	case 1:
		return hex.AppendEncode(b, h.sum[:hashLenV1])
	case 2:
		return lowerBase32.AppendEncode(b, h.sum[:])
	}
	return b
}

// Path returns the canonical URL path of the torrent, without a slash at its
// end: "/btih/" or "/btmh/" and String.
func (h InfoHash) Path() string {
	if h.IsV2() {
		return "/btmh/" + h.String()
	}
	return "/btih/" + h.String()
}

// URN returns h as a magnet link's exact topic: "urn:btih:" and hexadecimal
// digits (BEP 9), or "urn:btmh:1220" and hexadecimal digits (BEP 52).
func (h InfoHash) URN() string {
	switch h.version {
	case 1:
		return "urn:btih:" + h.String()
	case 2:
		return "urn:btmh:1220" + hex.EncodeToString(h.sum[:])
	}
	return ""
}

// MarshalText returns String, so that JSON and logs show the canonical form.
func (h InfoHash) MarshalText() ([]byte, error) { return h.AppendText(nil) }

// AppendText appends String to b; the error is nil.
func (h InfoHash) AppendText(b []byte) ([]byte, error) { return h.append(b), nil }

// UnmarshalText parses any form that ParseInfoHash or ParseMultihash knows,
// and the empty text as the zero value.
func (h *InfoHash) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*h = InfoHash{}
		return nil
	}
	v1, err := ParseInfoHash(string(text))
	if err == nil {
		*h = v1
		return nil
	}
	v2, err := ParseMultihash(string(text))
	if err == nil {
		*h = v2
	}
	return err
}

// LogValue logs the canonical form.
func (h InfoHash) LogValue() slog.Value { return slog.StringValue(h.String()) }
