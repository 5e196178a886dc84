package fetch

import (
	"context"
	"errors"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
)

// What an operator does with the cache by hand. None of it needs a swarm, and none is begun for it.

// maxNamed is for how many torrents of the cache the metainfo is read for their names.
const maxNamed = 1000

// A CachedTorrent says what the cache has of a torrent.
type CachedTorrent struct {
	InfoHash   metainfo.InfoHash `json:"-"`
	Hash       string            `json:"infohash"`
	Name       string            `json:"name,omitempty"`   // "": not known, or not looked for
	Size       int64             `json:"size,omitempty"`   // bytes, padding left out; 0 where there is no name
	Pieces     int               `json:"pieces,omitempty"` // of the torrent; 0: not known
	PiecesHave int               `json:"pieces_have"`      // in memory or on disk
	DiskBytes  int64             `json:"disk_bytes"`       // what they take of the disk
	Pinned     bool              `json:"pinned"`           // it is not evicted
	InUse      bool              `json:"in_use"`           // it is open: somebody reads it, or did lately
}

// CachedTorrents returns all torrents of which the cache has something, and those that are pinned, the largest
// on disk first. It reads the names of the first thousand.
func (s *Session) CachedTorrents() []CachedTorrent {
	contents := s.store.Contents()
	all := make([]CachedTorrent, len(contents))
	for i, c := range contents {
		all[i] = cachedTorrent(c)
		if i < maxNamed {
			s.name(&all[i])
		}
	}
	return all
}

// CachedTorrent returns one of them, by either infohash.
func (s *Session) CachedTorrent(ih metainfo.InfoHash) (CachedTorrent, bool) {
	if hashes, ok := s.store.Kept(ih); ok {
		ih = hashes[0]
	}
	for _, c := range s.store.Contents() {
		if c.Hash == ih {
			t := cachedTorrent(c)
			s.name(&t)
			return t, true
		}
	}
	return CachedTorrent{}, false
}

func cachedTorrent(c cache.Content) CachedTorrent {
	return CachedTorrent{InfoHash: c.Hash, Hash: c.Hash.String(), Pieces: c.Pieces, PiecesHave: c.Held, DiskBytes: c.Bytes, Pinned: c.Pinned, InUse: c.Open}
}

// name fills in what the metainfo says.
func (s *Session) name(t *CachedTorrent) {
	s.mu.Lock()
	h := s.holdings[t.InfoHash]
	s.mu.Unlock()
	var info *metainfo.Info
	if h != nil {
		info = h.info
	} else if mt, ok := s.store.PeekMetainfo(t.InfoHash); ok {
		info = mt.Info
	}
	if info != nil {
		t.Name, t.Size, t.Pieces = info.Name, info.Size(), info.NumPieces()
	}
}

// Pin keeps what the cache has of a torrent from eviction, and what comes to it, or no longer. The error is
// ErrUnknown where nothing is known of it, or cache.ErrNoDisk or cache.ErrTooManyPins.
func (s *Session) Pin(ih metainfo.InfoHash, on bool) error {
	if !on {
		return s.store.Unpin(ih)
	}
	if err := s.store.Pin(ih); !errors.Is(err, cache.ErrMiss) {
		return err
	}
	return ErrUnknown
}

// Evict drops what the cache has of a torrent, save for what is being read. Its metadata stays. The error is
// ErrUnknown or cache.ErrPinned, or the disk's.
func (s *Session) Evict(ctx context.Context, ih metainfo.InfoHash) error {
	held, err := s.holding(ctx, ih, asker{})
	if err != nil {
		return err
	}
	defer held.release()
	return held.stored.Evict()
}

// Checked says what came of verifying what the cache has of a torrent, in pieces.
type Checked struct {
	Right   int `json:"right"`
	Wrong   int `json:"wrong"`   // they were dropped, and are fetched again when they are asked for
	Unknown int `json:"unknown"` // their hashes are not known yet (v2 by infohash alone)
}

// VerifyCached verifies what the cache has of a torrent on disk, one piece at a time, until ctx ends. The error is ErrUnknown,
// ctx's, or the disk's.
func (s *Session) VerifyCached(ctx context.Context, ih metainfo.InfoHash) (Checked, error) {
	var done Checked
	held, err := s.holding(ctx, ih, asker{})
	if err != nil {
		return done, err
	}
	defer held.release()
	held.stored.Doubt()
	have := held.stored.Have()
	for i := range held.info.NumPieces() {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		if !have.Has(i) {
			continue
		}
		select {
		case s.provers <- struct{}{}:
		case <-ctx.Done():
			return done, ctx.Err()
		case <-s.ctx.Done():
			return done, ErrClosed
		}
		err := held.stored.Check(i)
		<-s.provers
		switch {
		case err == nil:
			done.Right++
		case errors.Is(err, cache.ErrNoHash):
			done.Unknown++
		case damaged(err) && errors.Is(err, cache.ErrMiss):
			done.Wrong++
		case errors.Is(err, cache.ErrMiss): // evicted meanwhile
		default:
			return done, err
		}
	}
	return done, nil
}

// unpin forgets the pin of a torrent that is removed.
func (s *Session) unpin(ih metainfo.InfoHash) {
	if err := s.store.Unpin(ih); err != nil {
		s.log.Warn("a removed torrent is still pinned", "infohash", ih, "error", err)
	}
}

// EvictAll evicts everything that is not pinned and that nobody reads, until ctx ends. It returns how many torrents
// it evicted from. What is of torrents without metadata makes way by itself.
func (s *Session) EvictAll(ctx context.Context) (torrents int, err error) {
	for _, c := range s.store.Contents() {
		if c.Pinned || c.Held == 0 {
			continue
		}
		switch err := s.Evict(ctx, c.Hash); {
		case err == nil:
			torrents++
		case unknown(err), errors.Is(err, cache.ErrPinned):
		default:
			return torrents, err
		}
	}
	return torrents, nil
}

// CacheStats returns what the cache holds, and what it has done so far.
func (s *Session) CacheStats() cache.Stats { return s.store.Stats() }
