package dht

import (
	"crypto/ed25519"
	"crypto/sha1"
	"errors"

	"github.com/btgw/btgw/metainfo/bencode"
)

// Bounds of BEP 44, in bytes.
const (
	// MaxItemValue is how long the encoded value of an item may be.
	MaxItemValue = 1000
	// MaxSalt is how long a salt may be.
	MaxSalt = 64
)

// ErrItem is an item that is too large, or whose signature is not its key's.
var ErrItem = errors.New("dht: not an item, or not signed by its key")

// An Item is a mutable item of the DHT (BEP 44): what the owner of a key says last under a salt.
type Item struct {
	Key  [ed25519.PublicKeySize]byte
	Salt []byte // may be empty
	// Seq is higher than that of what was said before.
	Seq   int64
	Value []byte // bencoded
	Sig   [ed25519.SignatureSize]byte
}

// SignItem makes the item that key says under salt. ErrItem where the value or the salt is too
// large, or the value is not one bencoded value.
func SignItem(key ed25519.PrivateKey, salt []byte, seq int64, value []byte) (Item, error) {
	it := Item{Key: [32]byte(key.Public().(ed25519.PublicKey)), Salt: salt, Seq: seq, Value: value}
	it.Sig = [64]byte(ed25519.Sign(key, it.signed()))
	if !it.Valid() {
		return Item{}, ErrItem
	}
	return it, nil
}

// ItemTarget returns the place of an item in the DHT.
func ItemTarget(key [ed25519.PublicKeySize]byte, salt []byte) [20]byte {
	return sha1.Sum(append(key[:], salt...))
}

// Valid reports whether an item is within the bounds and signed by its key.
func (it *Item) Valid() bool {
	if len(it.Value) > MaxItemValue || len(it.Salt) > MaxSalt {
		return false
	}
	if _, err := bencode.Parse(it.Value); err != nil {
		return false
	}
	return ed25519.Verify(it.Key[:], it.signed(), it.Sig[:])
}

// signed is what the signature is of.
func (it *Item) signed() []byte {
	b := make([]byte, 0, 128+len(it.Value))
	if len(it.Salt) > 0 {
		b = appendText(b, "salt", it.Salt)
	}
	b = bencode.AppendInt(append(b, "3:seq"...), it.Seq)
	return append(append(b, "1:v"...), it.Value...)
}
