package sibling

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
)

// A Secret is what the gateways of a fleet have in common and nobody else knows. It is
// safe for concurrent use.
type Secret struct {
	key     []byte
	channel [20]byte
}

// NewSecret takes a secret. White space around it is left out. It must have MinSecret to MaxSecret bytes.
func NewSecret(text []byte) (*Secret, error) {
	key := bytes.TrimSpace(text)
	if len(key) < MinSecret || len(key) > MaxSecret {
		return nil, fmt.Errorf("sibling: a secret of %d bytes: %d to %d are allowed", len(key), MinSecret, MaxSecret)
	}
	s := &Secret{key: bytes.Clone(key)}
	copy(s.channel[:], s.sum("channel"))
	return s, nil
}

// Equal reports, in constant time, whether two secrets are the same.
func (s *Secret) Equal(x *Secret) bool { return hmac.Equal(s.key, x.key) }

// Channel is the infohash by which siblings open links with each other. It does not tell
// the secret.
func (s *Secret) Channel() [20]byte { return s.channel }

// A Nonce makes each exchange of proofs another one.
type Nonce [NonceLen]byte

// NewNonce returns a random one.
func NewNonce() (n Nonce) {
	rand.Read(n[:])
	return n
}

// Role is which end of a connection proves something.
type Role byte

// The two ends of a connection.
const (
	Dialler  Role = 'd'
	Acceptor Role = 'a'
)

// Other is the other end's role.
func (r Role) Other() Role {
	if r == Dialler {
		return Acceptor
	}
	return Dialler
}

// A Greeting is what one end of a connection has said of itself before it proves anything.
type Greeting struct {
	PeerID [20]byte
	Said   []byte // its nonce, and what else is to be proved
}

// An Exchange is what both ends of a connection prove to each other: that they have the
// secret, and that they saw the same two greetings for the same infohash.
type Exchange struct {
	InfoHash          [20]byte
	Dialler, Acceptor Greeting
}

// Prove returns the proof of the end that has a role. The other end's proof is another
// one, so that none can be sent back.
func (s *Secret) Prove(x *Exchange, by Role) (proof [ProofLen]byte) {
	copy(proof[:], s.sum("proof", append(x.transcript(), byte(by))))
	return proof
}

// Check reports, in constant time, whether proof is that of the end with a role.
func (s *Secret) Check(x *Exchange, by Role, proof []byte) bool {
	want := s.Prove(x, by)
	return hmac.Equal(want[:], proof)
}

// transcript is the exchange as bytes. The length of each part is fixed or stands before it.
func (x *Exchange) transcript() []byte {
	b := append([]byte(nil), x.InfoHash[:]...)
	for _, g := range []*Greeting{&x.Dialler, &x.Acceptor} {
		b = append(b, g.PeerID[:]...)
		b = append(b, byte(len(g.Said)>>8), byte(len(g.Said)))
		b = append(b, g.Said...)
	}
	return b
}

// sum is a code over a purpose and parts.
func (s *Secret) sum(purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte("btgw sibling 1 " + purpose + "\x00"))
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// A Seal authenticates the messages that one end of a link sends after the proofs: in
// their order, each once. It is not safe for concurrent use.
type Seal struct {
	key []byte
	seq uint64
}

// Seal returns that of what the end with a role sends.
func (s *Secret) Seal(x *Exchange, by Role) *Seal {
	return &Seal{key: s.sum("seal", append(x.transcript(), byte(by)))}
}

// Close appends the code of a message to it.
func (s *Seal) Close(message []byte) []byte { return append(message, s.code(message)...) }

// Open returns a message without its code; false if it is not the next one of that end.
func (s *Seal) Open(sealed []byte) (message []byte, ok bool) {
	n := len(sealed) - sealLen
	if n < 0 {
		return nil, false
	}
	return sealed[:n], hmac.Equal(sealed[n:], s.code(sealed[:n]))
}

func (s *Seal) code(message []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte{
		byte(s.seq >> 56), byte(s.seq >> 48), byte(s.seq >> 40), byte(s.seq >> 32),
		byte(s.seq >> 24), byte(s.seq >> 16), byte(s.seq >> 8), byte(s.seq),
	})
	s.seq++
	h.Write(message)
	return h.Sum(nil)[:sealLen]
}
