package fetch

import "github.com/btgw/btgw/metainfo"

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
	s.mu.Lock()
	t := s.torrents[ih]
	s.mu.Unlock()
	if t != nil {
		select {
		case <-t.resolved:
			return t.info, t.refused == nil
		default:
		}
	}
	mt, ok := s.store.Metainfo(ih)
	if !ok {
		return nil, false
	}
	return mt.Info, true
}

// Cached says how much is here of n bytes at off of a file, n > 0. Like Known it
// begins nothing. A piece of an earlier run counts, although its first use may
// show that it was damaged since.
func (s *Session) Cached(ih metainfo.InfoHash, f *metainfo.File, off, n int64) Held {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.torrents[ih]; t != nil {
		return t.cached(f, off, n)
	}
	mt, ok := s.store.Metainfo(ih)
	if !ok {
		return Held{}
	}
	stored, err := s.store.Torrent(mt.Info, mt.Layers, nil)
	if err != nil {
		return Held{} // it is just being begun by its other infohash
	}
	defer stored.Close()
	held, _ := heldOf(mt.Info, stored.Have(), f, off, n)
	return held
}

// cached is Cached of a torrent in use.
func (t *Torrent) cached(f *metainfo.File, off, n int64) Held {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.core == nil {
		return Held{}
	}
	held, missing := heldOf(t.info, t.core.have, f, off, n)
	held.Coming = !held.All && t.core.flights[missing] != nil
	return held
}

// heldOf compares a range with the pieces that are held, and names the first
// that is not.
func heldOf(info *metainfo.Info, have metainfo.Bitfield, f *metainfo.File, off, n int64) (held Held, missing int) {
	held.All = true
	first, last := info.Pieces(f, off, n)
	for p := first; p <= last && (held.All || !held.Any); p++ {
		switch {
		case have.Has(p):
			held.Any = true
		case held.All:
			held.All, missing = false, p
		}
	}
	return held, missing
}
