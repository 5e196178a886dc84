package object

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
)

// namesFolder has the items of names (BEP 44, BEP 46), by their places in the DHT.
const namesFolder = "names/"

// errResting means that the store is left alone now.
var errResting = errors.New("object: the store is left alone for a while")

// Name returns the item that the store has at a place of the DHT, at most maxName bytes. The caller
// verifies it. ErrMissing where there is none; ctx bounds it.
func (s *Store) Name(ctx context.Context, target [20]byte) ([]byte, error) {
	if !s.Up() {
		return nil, errResting
	}
	return s.small(ctx, s.nameKey(target), maxName)
}

// KeepName has the item at a place replaced. It does not wait; where too much waits already, the item
// is left out.
func (s *Store) KeepName(target [20]byte, item []byte) {
	s.later(func(ctx context.Context) error {
		return s.wrote(s.put(ctx, s.nameKey(target), bytes.NewReader(item), int64(len(item))))
	})
}

func (s *Store) nameKey(target [20]byte) string {
	return s.key(namesFolder + hex.EncodeToString(target[:]))
}
