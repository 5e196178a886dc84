package sibling

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/btgw/btgw/metainfo"
)

// Kind is the kind of a message on a link: its first byte.
type Kind byte

// The messages of a link. A Hello and a proof are the first two of each end, and the only
// ones without a Seal.
const (
	KindHello Kind = iota + 1
	KindProof
	KindState
	KindSeek
	KindStandIn
)

// version is that of the link's protocol.
const version = 1

// ErrMessage is returned for a message that makes no sense.
var ErrMessage = errors.New("sibling: malformed message")

// A Hello is the first message of either end of a link.
type Hello struct {
	Nonce Nonce
	Node  Node
	Port  uint16 // on which the sender accepts connections; 0: on none
}

// Append appends the message.
func (h *Hello) Append(b []byte) []byte {
	b = append(b, byte(KindHello), version)
	b = append(b, h.Nonce[:]...)
	b = append(b, h.Node[:]...)
	return binary.BigEndian.AppendUint16(b, h.Port)
}

// ParseHello reads one.
func ParseHello(b []byte) (h Hello, err error) {
	if len(b) != 2+NonceLen+len(h.Node)+2 || Kind(b[0]) != KindHello || b[1] != version {
		return h, ErrMessage
	}
	b = b[2:]
	b = b[copy(h.Nonce[:], b):]
	b = b[copy(h.Node[:], b):]
	h.Port = binary.BigEndian.Uint16(b)
	return h, nil
}

// AppendProof appends the message with a proof.
func AppendProof(b []byte, proof [ProofLen]byte) []byte {
	return append(append(b, byte(KindProof)), proof[:]...)
}

// ParseProof returns the proof in a message.
func ParseProof(b []byte) ([]byte, error) {
	if len(b) != 1+ProofLen || Kind(b[0]) != KindProof {
		return nil, ErrMessage
	}
	return b[1:], nil
}

// A State says how the sender is; it is sent from time to time all the same.
type State struct {
	Draining bool // it takes nothing new on: it owns no torrent
	Warmth   bool // it knows that who is warm goes before the owner (WarmFirst)
}

// Append appends the message.
func (s State) Append(b []byte) []byte {
	flags := byte(0)
	if s.Draining {
		flags |= 1
	}
	if s.Warmth {
		flags |= 2
	}
	return append(b, byte(KindState), flags)
}

// ParseState reads one.
func ParseState(b []byte) (s State, err error) {
	if len(b) != 2 || Kind(b[0]) != KindState {
		return s, ErrMessage
	}
	s.Draining, s.Warmth = b[1]&1 != 0, b[1]&2 != 0
	return s, nil
}

// Hints say where a torrent's swarm may be found.
type Hints struct{ Trackers, Peers, WebSeeds, Torrents []string }

// Add takes the hints of more in that are new, as far as there is room. It reports whether
// there were any.
func (h *Hints) Add(more Hints) (any bool) {
	theirs := more.lists()
	for i, l := range h.lists() {
		for _, s := range *theirs[i].list {
			if len(*l.list) < l.most && len(s) <= maxHint && !slices.Contains(*l.list, s) {
				*l.list = append(*l.list, s)
				any = true
			}
		}
	}
	return any
}

type hintList struct {
	list *[]string
	most int
}

func (h *Hints) lists() [4]hintList {
	return [4]hintList{{&h.Trackers, MaxTrackers}, {&h.Peers, MaxPeers}, {&h.WebSeeds, MaxWebSeeds}, {&h.Torrents, MaxTorrents}}
}

// A Seek asks the owner of a torrent to find its metadata. With StandIn it asks another
// gateway to fetch the torrent in place of its owner, which is late: that is a message of
// the kind KindStandIn.
type Seek struct {
	InfoHash metainfo.InfoHash
	Hints    Hints
	StandIn  bool
}

// Append appends the message. Hints that have no room in it are left out.
func (s *Seek) Append(b []byte) []byte {
	start := len(b)
	hash := s.InfoHash.Bytes()
	kind := KindSeek
	if s.StandIn {
		kind = KindStandIn
	}
	b = append(b, byte(kind), byte(len(hash)))
	b = append(b, hash...)
	for _, l := range s.Hints.lists() {
		at := len(b)
		b = append(b, 0)
		for _, text := range *l.list {
			if int(b[at]) == l.most || len(text) > maxHint || len(b)-start+2+len(text)+8+sealLen > MaxFrame {
				continue
			}
			b = binary.BigEndian.AppendUint16(b, uint16(len(text)))
			b = append(b, text...)
			b[at]++
		}
	}
	return b
}

// ParseSeek reads one.
func ParseSeek(b []byte) (s Seek, err error) {
	if len(b) < 2 || len(b) < 2+int(b[1]) {
		return s, ErrMessage
	}
	switch Kind(b[0]) {
	case KindSeek:
	case KindStandIn:
		s.StandIn = true
	default:
		return s, ErrMessage
	}
	hash, b := b[2:2+int(b[1])], b[2+int(b[1]):]
	switch len(hash) {
	case 20:
		s.InfoHash = metainfo.NewV1([20]byte(hash))
	case 32:
		s.InfoHash = metainfo.NewV2([32]byte(hash))
	default:
		return s, ErrMessage
	}
	for _, l := range s.Hints.lists() {
		if len(b) == 0 || int(b[0]) > l.most {
			return s, ErrMessage
		}
		n := int(b[0])
		b = b[1:]
		for range n {
			if len(b) < 2 {
				return s, ErrMessage
			}
			size := int(binary.BigEndian.Uint16(b))
			if size > maxHint || len(b) < 2+size {
				return s, ErrMessage
			}
			*l.list = append(*l.list, string(b[2:2+size]))
			b = b[2+size:]
		}
	}
	if len(b) != 0 {
		return s, ErrMessage
	}
	return s, nil
}
