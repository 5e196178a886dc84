package wire

import "fmt"

const protocol = "\x13BitTorrent protocol"

// The reserved bits of the handshake that are known here, as (byte, mask).
const (
	extendedByte, extendedBit = 5, 0x10 // BEP 10
	fastByte, fastBit         = 7, 0x04 // BEP 6
	v2Byte, v2Bit             = 7, 0x10 // BEP 52
	dhtByte, dhtBit           = 7, 0x01 // BEP 5
)

// A Handshake is the first message of either side (BEP 3).
type Handshake struct {
	Reserved [8]byte
	InfoHash [20]byte // v2 truncated (BEP 52)
	PeerID   [20]byte
}

// NewHandshake returns a handshake that offers what this package can do: the
// fast extension and the extension protocol.
func NewHandshake(infoHash, peerID [20]byte) Handshake {
	h := Handshake{InfoHash: infoHash, PeerID: peerID}
	h.Reserved[extendedByte] |= extendedBit
	h.Reserved[fastByte] |= fastBit
	return h
}

// OfferDHT says that the sender has a DHT node (BEP 5).
func (h *Handshake) OfferDHT() { h.Reserved[dhtByte] |= dhtBit }

// DHT reports whether the sender has a DHT node.
func (h *Handshake) DHT() bool { return h.Reserved[dhtByte]&dhtBit != 0 }

// Fast reports whether the sender speaks the fast extension (BEP 6).
func (h *Handshake) Fast() bool { return h.Reserved[fastByte]&fastBit != 0 }

// Extended reports whether the sender speaks the extension protocol (BEP 10).
func (h *Handshake) Extended() bool { return h.Reserved[extendedByte]&extendedBit != 0 }

// V2 reports whether the sender can be asked for hashes (BEP 52). libtorrent
// does not set it for torrents that are v2 alone.
func (h *Handshake) V2() bool { return h.Reserved[v2Byte]&v2Bit != 0 }

// AppendHandshake appends the HandshakeLen bytes of h.
func AppendHandshake(b []byte, h Handshake) []byte {
	b = append(b, protocol...)
	b = append(b, h.Reserved[:]...)
	b = append(b, h.InfoHash[:]...)
	return append(b, h.PeerID[:]...)
}

// CheckProtocol reports whether b, of any length, can be the start of a
// handshake: a stranger who speaks something else is refused at its first byte.
func CheckProtocol(b []byte) error {
	n := min(len(b), len(protocol))
	if string(b[:n]) != protocol[:n] {
		return &Error{Reason: "not a BitTorrent handshake"}
	}
	return nil
}

// ParseHandshake reads the handshake in the first HandshakeLen bytes of b.
func ParseHandshake(b []byte) (h Handshake, err error) {
	if err := CheckProtocol(b); err != nil {
		return h, err
	}
	if len(b) < HandshakeLen {
		return h, &Error{Reason: fmt.Sprintf("handshake of %d bytes", len(b))}
	}
	copy(h.Reserved[:], b[20:])
	copy(h.InfoHash[:], b[28:])
	copy(h.PeerID[:], b[48:])
	return h, nil
}
