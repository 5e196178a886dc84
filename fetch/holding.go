package fetch

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
)

// A holding is the metadata of a torrent and its part of the cache. Its Torrent shares it,
// if there is one, with those that read what the cache has: these need no swarm, and none
// is begun for them. What nobody uses stays while there is memory for it (memory.go).
type holding struct {
	s        *Session
	info     *metainfo.Info
	stored   *cache.Torrent
	shelf    *shelf                  // its part of the object store; nil: there is none
	owner    atomic.Pointer[Torrent] // the torrent in use, which is told of evictions; nil: none
	learning sync.Mutex              // held while torrent is changed and kept
	listed   atomic.Bool             // a playlist of the torrent was read (follow.go)
	served   atomic.Int64            // bytes read without a torrent, since one had them on its account

	// Guarded by the session's lock.
	torrent *metainfo.Torrent // what is known of it; its Info is info
	size    int64             // bytes of memory that are counted for it
	users   users
	refs    int
	readers int           // contents that read it without a torrent
	read    bool          // there was one, since a torrent was in use
	used    time.Duration // age of the session when somebody came to use it, or the last user left
	leaving bool          // it goes with its last user
	dropped bool          // it was removed: what readers still get is on no account
	gone    bool          // it is in no table
}

// An asker is for whom something is begun.
type asker struct {
	client netip.Prefix
	polite bool // nothing makes way for it
}

// lookHolding returns what is held of a torrent, and counts a user of it; nil where it is
// not in memory.
func (s *Session) lookHolding(ih metainfo.InfoHash, by netip.Prefix) *holding {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.holdings[ih]
	if h != nil {
		h.use(by)
	}
	return h
}

// use counts a user. The lock is held.
func (h *holding) use(by netip.Prefix) {
	if h.refs++; h.refs == 1 {
		h.used = h.s.age()
	}
	h.users.add(by)
}

// holding returns what is held of a torrent that is in memory or kept by the cache, and
// counts a user of it, until release. ErrUnknown where there is nothing of it.
func (s *Session) holding(ctx context.Context, ih metainfo.InfoHash, by asker) (*holding, error) {
	if h := s.lookHolding(ih, by.client); h != nil {
		return h, nil
	}
	hashes, ok := s.store.Kept(ih)
	if !ok {
		return nil, ErrUnknown
	}
	return s.openHolding(ctx, hashes[0], by, func() (*metainfo.Torrent, error) {
		parsed, err := s.parse(ctx, by.client, s.store.MetainfoSize(hashes[0]))
		if err != nil {
			return nil, err
		}
		defer parsed()
		mt, ok := s.store.Metainfo(hashes[0])
		if !ok {
			return nil, ErrUnknown
		}
		return mt, nil
	})
}

// holdingOf is holding of a torrent the metadata of which has come.
func (s *Session) holdingOf(ctx context.Context, mt *metainfo.Torrent, by asker) (*holding, error) {
	return s.openHolding(ctx, mt.Info.ID(), by, func() (*metainfo.Torrent, error) { return mt, nil })
}

// openHolding opens a torrent's part of the cache once, however many callers ask meanwhile.
// It does not hold the lock while load reads and parses.
func (s *Session) openHolding(ctx context.Context, id metainfo.InfoHash, by asker, load func() (*metainfo.Torrent, error)) (*holding, error) {
	for {
		s.mu.Lock()
		if h := s.holdings[id]; h != nil {
			h.use(by.client)
			s.mu.Unlock()
			return h, nil
		}
		opening := s.opening[id]
		if opening == nil {
			opening = make(chan struct{})
			s.opening[id] = opening
			s.mu.Unlock()
			h, err := s.newHolding(ctx, by, load)
			s.mu.Lock()
			delete(s.opening, id)
			close(opening)
			s.mu.Unlock()
			return h, err
		}
		s.mu.Unlock()
		select {
		case <-opening:
		case <-ctx.Done():
			return nil, s.late(ctx)
		}
	}
}

// newHolding makes a holding with one user.
func (s *Session) newHolding(ctx context.Context, by asker, load func() (*metainfo.Torrent, error)) (*holding, error) {
	mt, err := load()
	if err != nil {
		return nil, err
	}
	h := &holding{s: s, info: mt.Info, torrent: mt, size: sizeOf(mt)}
	if err := s.claim(ctx, by, h.size); err != nil {
		return nil, err
	}
	h.shelf = newShelf(h)
	h.stored, err = s.store.Torrent(mt.Info, mt.Layers, h.evicted)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && s.closed {
		h.stored.Close()
		err = ErrClosed
	}
	if err != nil {
		s.count(-h.size)
		return nil, err
	}
	for _, ih := range mt.Info.Hashes() {
		s.holdings[ih] = h
	}
	h.use(by.client)
	return h, nil
}

// sizeOf is what a torrent's metadata takes of memory, and the cache for it.
func sizeOf(mt *metainfo.Torrent) int64 {
	return mt.MemorySize() + int64(mt.Info.NumPieces())/8 + holdingSize
}

// release takes a user off.
func (h *holding) release() {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.refs--; h.refs > 0 {
		return
	}
	if h.used = h.s.age(); h.leaving {
		h.close()
	}
}

// close gives the memory back. The lock is held, and nobody uses it.
func (h *holding) close() {
	h.stored.Close()
	h.unlist()
	h.s.count(-h.size)
	h.size = 0
	if n := h.served.Swap(0); n > 0 && !h.dropped {
		h.s.ledger.Serve(n, h.info.Hashes()...)
	}
}

// unlist takes it out of the table. The lock is held.
func (h *holding) unlist() {
	for _, ih := range h.info.Hashes() {
		if h.s.holdings[ih] == h {
			delete(h.s.holdings, ih)
		}
	}
	h.gone, h.leaving = true, true
}

// readAlone says that it is read without a torrent.
func (h *holding) readAlone() {
	if h.owner.Load() != nil {
		return
	}
	h.s.mu.Lock()
	h.read = true
	h.s.mu.Unlock()
}

// hint tells the torrent in use, if there is one, of peers that may want what it has. Trackers
// and web seeds are used for a reader that waits, so they are not passed on.
func (h *holding) hint(hints Hints) {
	t := h.owner.Load()
	if t == nil || len(hints.Peers) == 0 {
		return
	}
	select {
	case <-t.begun:
		t.hint(Hints{Client: hints.Client, Peers: hints.Peers})
	default: // its swarm is just being made, for somebody else
	}
}

// sent counts bytes that were read without a torrent, on the account of the one that is in
// use if there is one.
func (h *holding) sent(n int64) {
	t := h.owner.Load()
	if t == nil {
		h.served.Add(n)
		return
	}
	t.mu.Lock()
	t.served += n
	t.mu.Unlock()
}

// grow counts bytes that have come besides. The lock is not held.
func (h *holding) grow(n int64) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.size > 0 {
		h.size += n
		h.s.count(n)
	}
}

// evicted is called when a piece has left the cache.
func (h *holding) evicted(piece int) {
	if t := h.owner.Load(); t != nil {
		t.evicted(piece)
	}
}

// parse waits until so many bytes of metadata may be parsed: that takes several times their
// memory, and where they are many much time, which is the client's. ErrBusy where too much
// waits.
func (s *Session) parse(ctx context.Context, client netip.Prefix, size int64) (parsed func(), err error) {
	var turn *cpushare.Turn
	if size >= dearMetadata {
		if turn, err = s.work.Enter(ctx, client); errors.Is(err, cpushare.ErrCrowded) {
			return nil, ErrBusy
		} else if err != nil {
			return nil, s.late(ctx)
		}
	}
	select {
	case s.parsing <- struct{}{}:
		return func() { <-s.parsing; turn.Leave() }, nil
	case <-ctx.Done():
		turn.Leave()
		return nil, s.late(ctx)
	}
}

// late returns the reason why a wait for a place or for memory ended.
func (s *Session) late(ctx context.Context) error {
	switch {
	case s.ctx.Err() != nil:
		return ErrClosed
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return ErrBusy
	}
	return ctx.Err()
}

// drop removes what the cache has of a torrent that is not in use.
func (h *holding) drop() {
	s := h.s
	h.stored.Remove()
	s.mu.Lock()
	h.unlist()
	h.dropped = true
	delete(s.supers, h.info.ID())
	s.mu.Unlock()
	s.ledger.Forget(h.info.Hashes()...)
	s.unpin(h.info.ID())
	s.store.Forget(h.info.ID())
	for _, ih := range h.info.Hashes() {
		s.host.ForgetPeers(ih.Wire())
	}
}

// unknown reports whether an error means that nothing is held.
func unknown(err error) bool { return errors.Is(err, ErrUnknown) }
