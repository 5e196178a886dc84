package cache

import (
	"fmt"
	"sync"

	"github.com/dgraph-io/ristretto/v2"
)

// A hotPiece is a piece's entry in the memory tier. It owns one reference to the
// buffer, which is released when ristretto lets the entry go.
type hotPiece struct {
	p    *piece
	buf  *Buffer
	done bool // protected by Store.mu
}

// A hotTier is the memory tier. Ristretto decides which pieces to keep and counts their
// uses. It may hand an entry out late, or drop it without being asked. So the index
// holds the pointer to each entry (piece.hot) as long as it is valid. OnExit tells the
// index of each entry that goes: by eviction, by rejection, or because it was replaced.
//
// The caller of its methods must not hold Store.mu: OnExit takes it.
type hotTier struct {
	s     *Store
	bytes int64 // its size
	cache *ristretto.Cache[uint64, *hotPiece]

	mu     sync.RWMutex // held for reading while cache is used
	closed bool
}

// newHotTier makes a memory tier of at most the given size in bytes.
func newHotTier(s *Store, bytes int64) (*hotTier, error) {
	t := &hotTier{s: s, bytes: bytes}
	cache, err := ristretto.NewCache(&ristretto.Config[uint64, *hotPiece]{
		NumCounters:            min(max(bytes/policyCounterBytes, minPolicyCounters), maxPolicyCounters),
		MaxCost:                max(bytes, 1),
		BufferItems:            policyReads,
		IgnoreInternalCost:     true, // costs are bytes of pieces
		KeyToHash:              spread,
		OnExit:                 t.exit,
		TtlTickerDurationInSec: policyTick,
	})
	if err != nil {
		return nil, fmt.Errorf("cache: memory tier: %w", err)
	}
	t.cache = cache
	return t, nil
}

// hotKey returns a piece's key.
func hotKey(id uint32, piece int) uint64 { return uint64(id)<<32 | uint64(uint32(piece)) }

// spread is a key's hash, which differs in all bits from that of the next piece, and is no other key's: the end of MurmurHash3,
// which can be undone. ristretto compares keys by their hashes alone.
func spread(key uint64) (hash, conflict uint64) {
	key ^= key >> 33
	key *= 0xff51afd7ed558ccd
	key ^= key >> 33
	key *= 0xc4ceb9fe1a85ec53
	return key ^ key>>33, 0
}

// set offers an entry to the tier. It may be refused, now or later.
func (t *hotTier) set(h *hotPiece) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.closed || !t.cache.Set(hotKey(h.p.c.id, h.p.index), h, int64(h.p.size)) {
		t.exit(h)
	}
}

// countUse tells the policy that a piece was asked for, held or not.
func (t *hotTier) countUse(id uint32, piece int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.closed {
		t.cache.Get(hotKey(id, piece))
	}
}

// drop removes entries. Ristretto lets an entry that is still on its way into it go later, so the index does not wait
// to be told.
func (t *hotTier) drop(hs []*hotPiece) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, h := range hs {
		if !t.closed {
			t.cache.Del(hotKey(h.p.c.id, h.p.index))
		}
		t.exit(h)
	}
}

// exit is called when an entry leaves the tier or is not let in; nil stands for
// a key that had none.
func (t *hotTier) exit(h *hotPiece) {
	if h == nil {
		return
	}
	s := t.s
	s.mu.Lock()
	done := h.done
	h.done = true
	if h.p.hot == h {
		h.p.hot = nil
		s.leave(h.p)
	}
	s.mu.Unlock()
	if !done {
		h.buf.Release()
	}
}

// size returns the number of bytes that the entries take.
func (t *hotTier) size() int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.closed {
		return 0
	}
	return t.cache.MaxCost() - t.cache.RemainingCost()
}

// close drops all entries and ends ristretto's goroutines.
func (t *hotTier) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.cache.Close()
}
