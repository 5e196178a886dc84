package wire

import (
	"encoding/binary"
	"fmt"
)

// An ID is the kind of a message: the byte after the length prefix, or
// KeepAlive for the message that has none.
type ID uint16

// Messages of BEP 3, of the DHT (BEP 5), of the fast extension (BEP 6), of the
// extension protocol (BEP 10) and of BEP 52.
const (
	Choke         ID = 0
	Unchoke       ID = 1
	Interested    ID = 2
	NotInterested ID = 3
	Have          ID = 4
	Bitfield      ID = 5
	Request       ID = 6
	Piece         ID = 7
	Cancel        ID = 8
	Port          ID = 9
	Suggest       ID = 13
	HaveAll       ID = 14
	HaveNone      ID = 15
	Reject        ID = 16
	AllowedFast   ID = 17
	Extended      ID = 20
	HashRequest   ID = 21
	Hashes        ID = 22
	HashReject    ID = 23
)

// KeepAlive is the ID that ReadFrame gives for the message without one.
const KeepAlive ID = 256

// String names the kind of message as the BEPs do.
func (id ID) String() string {
	if int(id) < len(names) && names[id] != "" {
		return names[id]
	}
	if id == KeepAlive {
		return "keep-alive"
	}
	return fmt.Sprintf("unknown (%d)", uint16(id))
}

var names = [...]string{
	Choke: "choke", Unchoke: "unchoke", Interested: "interested", NotInterested: "not interested",
	Have: "have", Bitfield: "bitfield", Request: "request", Piece: "piece", Cancel: "cancel", Port: "port",
	Suggest: "suggest", HaveAll: "have all", HaveNone: "have none", Reject: "reject", AllowedFast: "allowed fast",
	Extended: "extended", HashRequest: "hash request", Hashes: "hashes", HashReject: "hash reject",
}

// FrameLen is how many bytes ReadFrame wants to see.
const FrameLen = 5

// A Frame is the start of a message: what comes and how long it is.
type Frame struct {
	ID      ID
	Payload int // bytes after the id
}

// Size is the length of the whole message with its prefix.
func (f Frame) Size() int {
	if f.ID == KeepAlive {
		return 4
	}
	return FrameLen + f.Payload
}

// ReadFrame reads the frame that b starts with; ok is false if b holds too
// little of it. The error is an *Error when this kind of message may not
// have the announced length. So no more than the bounds of this package is ever
// waited for or stored.
func ReadFrame(b []byte) (f Frame, ok bool, err error) {
	if len(b) < 4 {
		return Frame{}, false, nil
	}
	n := binary.BigEndian.Uint32(b)
	if n == 0 {
		return Frame{ID: KeepAlive}, true, nil
	}
	if n > MaxBitfield+1 {
		return Frame{}, false, &Error{Reason: fmt.Sprintf("message of %d bytes", n)}
	}
	if len(b) < FrameLen {
		return Frame{}, false, nil
	}
	f = Frame{ID: ID(b[4]), Payload: int(n) - 1}
	if !f.lengthOK() {
		return Frame{}, false, badLength(f.ID, f.Payload)
	}
	return f, true, nil
}

func (f Frame) lengthOK() bool {
	n := f.Payload
	switch f.ID {
	case Choke, Unchoke, Interested, NotInterested, HaveAll, HaveNone:
		return n == 0
	case Have, Suggest, AllowedFast:
		return n == 4
	case Request, Cancel, Reject:
		return n == 12
	case Port:
		return n == 2
	case Piece:
		return n > 8 && n <= 8+MaxBlock
	case Bitfield:
		return n <= MaxBitfield
	case Extended:
		return n >= 1 && n <= MaxExtended
	case HashRequest, HashReject:
		return n == hashRangeLen
	case Hashes:
		return hashesLen(n)
	default:
		return n <= MaxOther
	}
}
