package fetch

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/btgw/btgw/metainfo"
)

// A hybrid torrent has two infohashes and a swarm by each (BEP 52). Before its metadata is
// known they are two torrents. A link that names both has both looked for, and the first
// that has the metadata becomes the torrent of both. A peer is only ever told the infohash
// of its own swarm. So a link that names two different torrents is only a search in vain.

// errJoined ends a search: the torrent is in use by its other infohash.
var errJoined = errors.New("fetch: the torrent is in use by its other infohash")

// A twin is the search by the other infohash that a link names, for one that waits.
type twin struct {
	cancel context.CancelFunc
	gone   chan struct{} // closed when it has ended; nil: there is none
	err    error         // why it found nothing; set before
}

// seekTwin looks for the torrent by the other infohash of the hints until ctx ends.
func (t *Torrent) seekTwin(ctx context.Context, h Hints) *twin {
	if h.Twin.IsZero() || h.Twin.IsV2() == t.hash.IsV2() || t.s.denies(h.Twin) {
		return &twin{cancel: func() {}}
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &twin{cancel: cancel, gone: make(chan struct{})}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		close(w.gone)
		return w
	}
	unhook := context.AfterFunc(t.ctx, cancel)
	t.done.Go(func() {
		defer close(w.gone)
		defer unhook()
		w.err = t.fromTwin(ctx, h)
	})
	return w
}

// fromTwin waits for the metadata that the other infohash has. A .torrent has both, so web
// servers are asked for this one alone.
func (t *Torrent) fromTwin(ctx context.Context, h Hints) error {
	ih := h.Twin
	info, err := t.s.Info(ctx, ih, Hints{Trackers: h.Trackers, Peers: h.Peers, Name: h.Name, Client: h.Client, Start: h.Start, FailFast: h.FailFast})
	switch {
	case err != nil:
	case slices.Contains(info.Hashes(), t.hash):
		t.learn(&metainfo.Torrent{Info: info})
	default:
		t.log.Debug("a link names two torrents", "other", ih)
	}
	return err
}

// end ends the search. It returns when it has ended.
func (w *twin) end() {
	w.cancel()
	if w.gone != nil {
		<-w.gone
	}
}

// further returns what was waited for in vain, once that is over: by the infohash by which
// more came, or else more peers did.
func (w *twin) further(mine error) error {
	var here, there *UnavailableError
	if w.gone == nil || !errors.As(mine, &here) {
		return mine
	}
	<-w.gone
	if errors.As(w.err, &there) && cmp.Or(cmp.Compare(there.Progress.Have, here.Progress.Have), cmp.Compare(there.Status.Swarm.Connected, here.Status.Swarm.Connected)) > 0 {
		return there
	}
	return mine
}

// over reports whether nothing more comes of it.
func (w *twin) over() bool {
	if w.gone == nil {
		return true
	}
	select {
	case <-w.gone:
		return true
	default:
		return false
	}
}

// absorb makes a torrent whose metadata has come the one of both its infohashes. Where its
// other infohash is being looked for too, that search ends.
func (s *Session) absorb(t *Torrent) {
	var joined []*Torrent
	s.mu.Lock()
	for _, ih := range t.info.Hashes() {
		other := s.torrents[ih]
		if other == t || other != nil && !other.resolving.CompareAndSwap(false, true) {
			continue
		}
		if delete(s.torrents, ih); t.hasBegun() { // else it is filed when it has
			s.torrents[ih] = t
		}
		if other != nil {
			s.endJoined(other)
			joined = append(joined, other)
		}
	}
	s.mu.Unlock()
	for _, other := range joined {
		other.swarm.GiveWay(t.swarm)
	}
}

// join ends a search whose metadata came when the torrent was in use by its other infohash
// already.
func (s *Session) join(t *Torrent, info *metainfo.Info) {
	s.mu.Lock()
	var owner *Torrent
	for _, ih := range info.Hashes() {
		if other := s.torrents[ih]; other != nil && other != t && !other.ending {
			owner = other
		}
	}
	if owner != nil {
		s.torrents[t.hash] = owner
	}
	s.endJoined(t)
	s.mu.Unlock()
	if owner != nil {
		t.swarm.GiveWay(owner.swarm)
	}
}

// endJoined tells those who wait that the metadata is there, and ends the torrent. The
// caller holds the lock, and alone resolves it.
func (s *Session) endJoined(t *Torrent) {
	t.refused = errJoined
	close(t.resolved)
	s.end(t)
}

// joined reports whether the torrent is in use by its other infohash.
func (t *Torrent) joined() bool {
	select {
	case <-t.resolved:
		return errors.Is(t.refused, errJoined)
	default:
		return false
	}
}

// settled returns the torrent of a holding, held until the caller calls unhold. Where its
// metadata has just come, by either infohash, settled waits until it is in use.
func (s *Session) settled(ctx context.Context, ih metainfo.InfoHash, h Hints, held *holding) (*Torrent, error) {
	for {
		t, err := s.torrent(ctx, ih, h)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		listed := s.holdings[ih] == held
		s.mu.Unlock()
		if err := t.resolvedBy(ctx, listed); err != nil {
			t.unhold()
			return nil, err
		}
		if !t.joined() {
			return t, nil
		}
		t.unhold()
	}
}

// resolvedBy waits until ctx ends for metadata that is on its way.
func (t *Torrent) resolvedBy(ctx context.Context, onItsWay bool) error {
	select {
	case <-t.resolved:
		return nil
	default:
	}
	if !onItsWay {
		return ErrClosed
	}
	select {
	case <-t.resolved:
		return nil
	case <-ctx.Done():
		return t.s.late(ctx)
	case <-t.ctx.Done():
		if t.joined() {
			return nil
		}
		return t.over()
	}
}

// user returns the torrent in use of what has just been begun without metadata; nil: there
// is none. The metadata may have come by the other infohash meanwhile. The lock is held.
func (s *Session) user(ih metainfo.InfoHash) *Torrent {
	h := s.holdings[ih]
	if h == nil {
		return nil
	}
	owner := h.owner.Load()
	for _, known := range h.info.Hashes() {
		if owner != nil && s.torrents[known] == owner && !owner.ending {
			return owner
		}
	}
	return nil
}
