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

// OpenHeld opens n > 0 bytes of a file from off, by the file's index. All of them have to be here, and the first
// piece of them is ready to be written then. Otherwise it reports false, and Open tells what can be done. It begins no
// torrent and waits for nobody. A piece that is lost later is fetched, as with Open.
func (s *Session) OpenHeld(ih metainfo.InfoHash, h Hints, file int, off, n int64) (Content, bool) {
	held := s.lookHolding(ih, h.Client)
	if held == nil {
		return nil, false
	}
	f := held.fileAt(file)
	if f == nil || off < 0 || n <= 0 || off > f.Length-n || !s.enterReader() {
		held.release()
		return nil, false
	}
	c := newContent(held, ih, h, f, off, n)
	if c.allHeld(f, off, n) {
		if ok, err := c.hold(); ok && err == nil {
			c.readHeld(f, off)
			return c, true
		}
	}
	c.Close()
	return nil, false
}

// fileAt is the file with an index; nil: there is none.
func (h *holding) fileAt(i int) *metainfo.File {
	if i < 0 || i >= len(h.info.Files) {
		return nil
	}
	return &h.info.Files[i]
}

// enterReader takes a place among the readers, if there is one.
func (s *Session) enterReader() bool {
	if s.readers.Add(1) > s.maxReaders {
		s.readers.Add(-1)
		return false
	}
	return true
}

// allHeld reports whether the cache has all of the range.
func (c *content) allHeld(f *metainfo.File, off, n int64) bool {
	first, last := c.info.Pieces(f, off, n)
	_, all, _ := c.h.stored.Range(first, last)
	return all
}

// readHeld tells who is concerned that a range is read which the cache has.
func (c *content) readHeld(f *metainfo.File, off int64) {
	c.h.readAlone()
	c.h.hint(c.hints)
	if t := c.h.owner.Load(); t != nil {
		t.follow(c, f, off, false)
	}
}
