package fetch

import (
	"context"
	"errors"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/metainfo"
)

// What has to go from the object store: by an operator's hand, or since it is denied.

// ErrNoObjects means that there is no object store.
var ErrNoObjects = errors.New("fetch: there is no object store")

// Purge is Evict, and deletes what the object store has of the torrent as well, whether or not anything is here. What
// is read twice from then on is written there again. The error is ErrNoObjects, ErrUnknown where neither has anything,
// or the store's.
func (s *Session) Purge(ctx context.Context, ih metainfo.InfoHash) error {
	if s.objects == nil {
		return ErrNoObjects
	}
	evicted := s.Evict(ctx, ih)
	hashes, here := s.store.Kept(ih)
	if !here {
		hashes = []metainfo.InfoHash{ih}
	}
	n := 0
	var err error
	for _, ih := range hashes {
		deleted, failed := s.objects.Purge(ctx, ih)
		n, err = n+deleted, errors.Join(err, failed)
	}
	if h := s.borrow(ih); h != nil {
		h.shelf.clear()
		h.release()
	}
	switch {
	case err != nil:
		return err
	case unknown(evicted) && n > 0, errors.Is(evicted, cache.ErrPinned):
		return nil
	}
	return evicted
}

// A sweep is the deletion of what is denied from the object store. The session's lock guards it.
type sweep struct {
	denied func(metainfo.InfoHash) bool // to be swept with next; nil: nothing
	busy   bool
}

// Sweep has all torrents deleted from the object store that are denied. It does not wait: a store that is down is
// swept when it is back. denied is asked from another goroutine.
func (s *Session) Sweep(denied func(metainfo.InfoHash) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.objects == nil || s.closed {
		return
	}
	s.sweep.denied = denied
	if !s.sweep.busy {
		s.sweep.busy = true
		s.done.Go(s.sweepObjects)
	}
}

// sweepObjects sweeps until nothing is left to do.
func (s *Session) sweepObjects() {
	for {
		s.mu.Lock()
		denied := s.sweep.denied
		s.sweep.denied = nil
		s.sweep.busy = denied != nil
		s.mu.Unlock()
		if denied == nil || !s.sweepWith(denied) {
			return
		}
	}
}

// sweepWith sweeps once, when the store answers. It returns false where the session ends before.
func (s *Session) sweepWith(denied func(metainfo.InfoHash) bool) bool {
	for s.objects.Await(s.ctx) == nil {
		n, err := s.objects.Sweep(s.ctx, denied)
		if n > 0 {
			s.log.Info("denied torrents were deleted from the object store", "torrents", n)
		}
		if err == nil {
			return true
		}
		if s.ctx.Err() != nil || errors.Is(err, object.ErrClosed) {
			break
		}
		s.log.Warn("denied torrents are not all deleted from the object store yet", "error", err)
	}
	return false
}

// ObjectStats says what the object store has done; false without one.
func (s *Session) ObjectStats() (object.Stats, bool) {
	if s.objects == nil {
		return object.Stats{}, false
	}
	return s.objects.Stats(), true
}
