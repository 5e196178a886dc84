package simnet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// Message types of BEP 3, BEP 6, BEP 10 and BEP 52.
const (
	msgChoke         = 0
	msgUnchoke       = 1
	msgInterested    = 2
	msgNotInterested = 3
	msgHave          = 4
	msgBitfield      = 5
	msgRequest       = 6
	msgPiece         = 7
	msgCancel        = 8
	msgHaveAll       = 14
	msgHaveNone      = 15
	msgReject        = 16
	msgAllowedFast   = 17
	msgExtended      = 20
	msgHashRequest   = 21
)

const (
	// handshakeLen is the bytes of a handshake (BEP 3).
	handshakeLen = 68
	// seedMaxMessage is the longest message a Seed reads, in bytes.
	seedMaxMessage = 1 << 20
	// seedMetadataPart is the bytes of a part of the info dictionary (BEP 9).
	seedMetadataPart = 16 << 10
	// seedMetadataID is the Seed's own number for ut_metadata.
	seedMetadataID = 3
)

const protocolName = "\x13BitTorrent protocol"

var errHandshake = errors.New("not a BitTorrent handshake for this torrent")

// greeting is a handshake.
func (s *Seed) greeting() []byte {
	b := append([]byte(protocolName), make([]byte, 8)...)
	if !s.cfg.NoExtended {
		b[25] |= 0x10
	}
	if !s.cfg.NoFast {
		b[27] |= 0x04
	}
	b = append(b, s.cfg.InfoHash[:]...)
	return append(b, s.cfg.PeerID[:]...)
}

// readGreeting reads the other's handshake and what extensions it has.
func (s *Seed) readGreeting(c net.Conn) (fast, extended bool, err error) {
	var b [handshakeLen]byte
	if _, err := io.ReadFull(c, b[:]); err != nil {
		return false, false, err
	}
	if string(b[:20]) != protocolName || [20]byte(b[28:48]) != s.cfg.InfoHash {
		return false, false, errHandshake
	}
	return b[27]&0x04 != 0 && !s.cfg.NoFast, b[25]&0x10 != 0 && !s.cfg.NoExtended, nil
}

// readMessage reads one message; a keep-alive is empty.
func readMessage(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > seedMaxMessage {
		return nil, fmt.Errorf("message of %d bytes", n)
	}
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
	return b, err
}

// message makes a message with 32-bit fields.
func message(kind byte, fields ...int) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(1+4*len(fields)))
	b = append(b, kind)
	for _, f := range fields {
		b = binary.BigEndian.AppendUint32(b, uint32(f))
	}
	return b
}

func haveMessage(piece int) []byte { return message(msgHave, piece) }

func keepAlive() []byte { return make([]byte, 4) }

// payload makes a message of a payload.
func payload(kind byte, p []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(1+len(p)))
	return append(append(b, kind), p...)
}

// fields reads the 32-bit fields of a message's payload.
func fields(p []byte, n int) ([]int, error) {
	if len(p) != 4*n {
		return nil, fmt.Errorf("payload of %d bytes, want %d", len(p), 4*n)
	}
	out := make([]int, n)
	for i := range out {
		out[i] = int(binary.BigEndian.Uint32(p[4*i:]))
	}
	return out, nil
}

// possession is HAVE_ALL, HAVE_NONE or a bitfield.
func (s *Seed) possession(fast bool) []byte {
	field := make([]byte, (len(s.has)+7)/8)
	have := 0
	for i, has := range s.has {
		if has {
			field[i/8] |= 0x80 >> (i % 8)
			have++
		}
	}
	switch {
	case fast && have == len(s.has):
		return message(msgHaveAll)
	case fast && have == 0:
		return message(msgHaveNone)
	case have == 0:
		return nil
	}
	return payload(msgBitfield, field)
}

// extendedHandshake is the extension handshake (BEP 10).
func (s *Seed) extendedHandshake() []byte {
	d := "\x00d1:md"
	if s.tellsMetadata() {
		d += fmt.Sprintf("11:ut_metadatai%de", seedMetadataID)
	}
	d += "e"
	if s.tellsMetadata() {
		size := len(s.cfg.Info)
		if s.cfg.Metadata == WrongSizeMetadata {
			size++
		}
		d += fmt.Sprintf("13:metadata_sizei%de", size)
	}
	if s.cfg.RequestQueue > 0 {
		d += fmt.Sprintf("4:reqqi%de", s.cfg.RequestQueue)
	}
	if s.cfg.Client != "" {
		d += fmt.Sprintf("1:v%d:%s", len(s.cfg.Client), s.cfg.Client)
	}
	return payload(msgExtended, []byte(d+"e"))
}

func (s *Seed) tellsMetadata() bool {
	return s.cfg.Info != nil && s.cfg.Metadata != NoMetadata
}

// metadataAnswer answers a request for a part of the info dictionary with the
// peer's number for ut_metadata.
func (s *Seed) metadataAnswer(id, part int) []byte {
	at := part * seedMetadataPart
	if s.cfg.Metadata == RejectMetadata || part < 0 || at >= len(s.cfg.Info) {
		return metadataReject(id, part)
	}
	data := s.cfg.Info[at:min(at+seedMetadataPart, len(s.cfg.Info))]
	b := fmt.Appendf([]byte{byte(id)}, "d8:msg_typei1e5:piecei%de10:total_sizei%dee", part, len(s.cfg.Info))
	b = append(b, data...)
	if s.cfg.Metadata == CorruptMetadata {
		b[len(b)-1] ^= 0x55
	}
	return payload(msgExtended, b)
}

// metadataReject says that a part is not sent.
func metadataReject(id, part int) []byte {
	return payload(msgExtended, fmt.Appendf([]byte{byte(id)}, "d8:msg_typei2e5:piecei%dee", part))
}

var errBencode = errors.New("malformed bencoding")

// bdecode reads one bencoded value: int, string, []any or map[string]any.
func bdecode(b []byte) (v any, rest []byte, err error) {
	if len(b) == 0 {
		return nil, nil, errBencode
	}
	switch b[0] {
	case 'i':
		end := indexByte(b, 'e')
		n, err := strconv.Atoi(string(b[1:end]))
		return n, b[min(end+1, len(b)):], err
	case 'l', 'd':
		var list []any
		rest = b[1:]
		for len(rest) > 0 && rest[0] != 'e' {
			var item any
			if item, rest, err = bdecode(rest); err != nil {
				return nil, nil, err
			}
			list = append(list, item)
		}
		if len(rest) == 0 {
			return nil, nil, errBencode
		}
		if b[0] == 'l' {
			return list, rest[1:], nil
		}
		d := map[string]any{}
		for i := 0; i+1 < len(list); i += 2 {
			key, _ := list[i].(string)
			d[key] = list[i+1]
		}
		return d, rest[1:], nil
	}
	colon := indexByte(b, ':')
	n, err := strconv.Atoi(string(b[:colon]))
	if err != nil || n < 0 || colon+1+n > len(b) {
		return nil, nil, errBencode
	}
	return string(b[colon+1 : colon+1+n]), b[colon+1+n:], nil
}

// indexByte returns the index of c, or len(b) if b does not hold it.
func indexByte(b []byte, c byte) int {
	for i := range b {
		if b[i] == c {
			return i
		}
	}
	return len(b)
}
