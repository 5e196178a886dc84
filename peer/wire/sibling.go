package wire

// A SiblingMessage is btgw_sibling, an extension message (BEP 10) of our own: the sender
// proves to be a gateway of the receiver's fleet, or says how it is.
type SiblingMessage struct {
	Proof []byte // siblingProof bytes, or nil where it was given before
	// Pulls says that the sender fetches what the receiver asks it for and it does not
	// have. Progress says that what it is asked for is on its way. Warm says that it has peers
	// outside, or a web seed, that send: what nobody has comes soonest by way of it.
	Pulls, Progress, Warm bool
}

// siblingProof is the length of a proof, in bytes.
const siblingProof = 32

// AppendSibling appends a btgw_sibling message, with the id that the receiver gave it.
func AppendSibling(b []byte, id uint8, m SiblingMessage) []byte {
	b, at := startExtended(b, id)
	flags := byte(0)
	if m.Pulls {
		flags |= 1
	}
	if m.Progress {
		flags |= 2
	}
	if m.Warm {
		flags |= 4
	}
	b = append(append(b, flags), m.Proof...)
	return endExtended(b, at)
}

// ParseSibling reads the body of one. The proof is valid as long as the body is.
func ParseSibling(body []byte) (m SiblingMessage, err error) {
	if len(body) != 1 && len(body) != 1+siblingProof {
		return m, &Error{ID: Extended, Reason: "btgw_sibling message of another length"}
	}
	m.Pulls, m.Progress, m.Warm = body[0]&1 != 0, body[0]&2 != 0, body[0]&4 != 0
	if len(body) > 1 {
		m.Proof = body[1:]
	}
	return m, nil
}
