package wire

import "encoding/binary"

// A SiblingMessage is btgw_sibling, an extension message (BEP 10) of our own. The sender
// proves to be a gateway of the receiver's fleet, or says how it is and what its readers need next.
type SiblingMessage struct {
	Proof []byte // siblingProof bytes, or nil where it was given before
	// Pulls says that the sender fetches what the receiver asks it for and it does not
	// have. Progress says that what it is asked for is on its way. Warm says that it has peers
	// outside, or a web seed, that send: what nobody has comes soonest by way of it. Heeds says that it
	// knows of wishes.
	Pulls, Progress, Warm, Heeds bool
	// Wishing says that Wishes are what the sender's readers need next, in place of what it said
	// before. It goes with no proof.
	Wishing bool
	Wishes  []Wish // at most MaxWishes
}

// A Wish is pieces that lie next to each other.
type Wish struct {
	First, Count uint32 // pieces
	In           uint32 // milliseconds until the first is needed
}

const (
	// MaxWishes is how many wishes a message has at most.
	MaxWishes = 64
	// siblingProof is the length of a proof, and wishLen that of a wish, in bytes.
	siblingProof = 32
	wishLen      = 12
)

// What the bits of a btgw_sibling message mean.
const (
	siblingPulls = 1 << iota
	siblingProgress
	siblingWarm
	siblingHeeds
	siblingWishing
)

// AppendSibling appends a btgw_sibling message, with the id that the receiver gave it.
func AppendSibling(b []byte, id uint8, m SiblingMessage) []byte {
	b, at := startExtended(b, id)
	flags := byte(0)
	for _, f := range []struct {
		on  bool
		bit byte
	}{{m.Pulls, siblingPulls}, {m.Progress, siblingProgress}, {m.Warm, siblingWarm}, {m.Heeds, siblingHeeds}, {m.Wishing, siblingWishing}} {
		if f.on {
			flags |= f.bit
		}
	}
	b = append(append(b, flags), m.Proof...)
	for _, w := range m.Wishes {
		b = binary.BigEndian.AppendUint32(b, w.First)
		b = binary.BigEndian.AppendUint32(b, w.Count)
		b = binary.BigEndian.AppendUint32(b, w.In)
	}
	return endExtended(b, at)
}

// ParseSibling reads the body of one. The proof is valid as long as the body is.
func ParseSibling(body []byte) (m SiblingMessage, err error) {
	wrong := &Error{ID: Extended, Reason: "btgw_sibling message of another length"}
	if len(body) == 0 {
		return m, wrong
	}
	flags, rest := body[0], body[1:]
	m.Pulls, m.Progress, m.Warm = flags&siblingPulls != 0, flags&siblingProgress != 0, flags&siblingWarm != 0
	m.Heeds, m.Wishing = flags&siblingHeeds != 0, flags&siblingWishing != 0
	switch {
	case m.Wishing && len(rest)%wishLen == 0 && len(rest) <= MaxWishes*wishLen:
		for ; len(rest) > 0; rest = rest[wishLen:] {
			m.Wishes = append(m.Wishes, Wish{
				First: binary.BigEndian.Uint32(rest), Count: binary.BigEndian.Uint32(rest[4:]), In: binary.BigEndian.Uint32(rest[8:]),
			})
		}
	case !m.Wishing && len(rest) == siblingProof:
		m.Proof = rest
	case m.Wishing || len(rest) != 0:
		return SiblingMessage{}, wrong
	}
	return m, nil
}
