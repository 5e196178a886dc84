package fetch

import (
	"context"
	"fmt"

	"github.com/btgw/btgw/metainfo"
)

// Open starts the demand for n bytes at off of a file, n > 0. The metadata must be known (Info). Open waits, until ctx
// ends, only for a torrent that is just being begun or ended; ctx does not bound the opened Content. A range that is
// here as a whole has no demand and needs no swarm. If there is a swarm all the same, it learns of the hints' peers,
// which may want pieces of it.
func (s *Session) Open(ctx context.Context, ih metainfo.InfoHash, h Hints, f *metainfo.File, off, n int64) (Content, error) {
	if off < 0 || n <= 0 || off > f.Length-n {
		return nil, fmt.Errorf("fetch: range of %d bytes at %d of a file of %d", n, off, f.Length)
	}
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	held, err := s.holding(ctx, ih, asker{client: h.Client})
	if err != nil {
		return nil, s.why(ih, err)
	}
	if !s.enterReader() {
		held.release()
		s.refusals.readers.Add(1)
		return nil, ErrBusy
	}
	c := new(content)
	c.reset(held, ih, h, f, off, n)
	if c.allHeld(f, off, n) {
		c.readHeld(f, off)
		return c, nil
	}
	t, err := c.begin(ctx)
	if err != nil {
		c.Close()
		return nil, err
	}
	if rank := c.rankOf(f, off); t.missing(c.pos, c.end) {
		c.join(f, rank)
	} else {
		t.follow(c, f, rank)
	}
	if s.mediaHints {
		t.hintMedia(f, off)
	}
	return c, nil
}

// why is the reason for which nothing is held of a torrent: it may be in use, and its
// metadata have been refused.
func (s *Session) why(ih metainfo.InfoHash, err error) error {
	if !unknown(err) {
		return err
	}
	s.mu.Lock()
	t := s.torrents[ih]
	s.mu.Unlock()
	if t == nil {
		return err
	}
	select {
	case <-t.resolved:
		if t.refused != nil && !t.joined() {
			return t.refused
		}
	default:
	}
	return err
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
	c := finished.Get().(*content)
	c.reset(held, ih, h, f, off, n)
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
	rank := c.rankOf(f, off)
	if t := c.h.owner.Load(); t != nil {
		t.follow(c, f, rank)
	}
}
