package fetch

import (
	"context"

	"github.com/btgw/btgw/metainfo"
)

// Held says how much of a range is here, verified, before anybody is asked.
type Held struct {
	Any, All bool
	// Coming says that what is missing first is being fetched already, for
	// another reader.
	Coming bool
}

// Known returns the metadata of a torrent if it is here: no torrent is begun and
// no peer asked for it.
func (s *Session) Known(ih metainfo.InfoHash) (*metainfo.Info, bool) {
	ctx, cancel := context.WithTimeout(s.ctx, beginTime)
	defer cancel()
	h, err := s.holding(ctx, ih, asker{})
	if err != nil {
		return nil, false
	}
	defer h.release()
	return h.info, true
}

// Cached says how much is here of n bytes at off of a file, n > 0. Like Known it
// begins nothing. A piece of an earlier run counts, although its first use may
// show that it was damaged since.
func (s *Session) Cached(ih metainfo.InfoHash, f *metainfo.File, off, n int64) Held {
	h, err := s.holding(s.ctx, ih, asker{})
	if err != nil {
		return Held{}
	}
	defer h.release()
	first, last := h.info.Pieces(f, off, n)
	held := Held{}
	var missing int
	if held.Any, held.All, missing = h.stored.Range(first, last); held.All {
		return held
	}
	if t := h.owner.Load(); t != nil {
		t.mu.Lock()
		held.Coming = t.core != nil && t.core.Flights[missing] != nil
		t.mu.Unlock()
	}
	return held
}
