package cache

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"

	"github.com/btgw/btgw/internal/statefile"
	"github.com/btgw/btgw/metainfo"
)

var (
	// ErrPinned means that a torrent is pinned, so that nothing of it is evicted.
	ErrPinned = errors.New("cache: the torrent is pinned")
	// ErrTooManyPins means that MaxPins torrents are pinned.
	ErrTooManyPins = errors.New("cache: too many torrents are pinned")
	// ErrNoDisk means that nothing is kept on disk.
	ErrNoDisk = errors.New("cache: there is no disk")
)

// Pin keeps what is on disk of a torrent there, now and over restarts, until Unpin or
// Torrent.Remove. It takes either infohash. It returns ErrMiss if nothing is known of the torrent,
// ErrNoDisk, ErrTooManyPins, or the error of the file of pins.
//
// A run of a pinned torrent is in no list of the order of eviction. Pins count within Config.DiskBytes. Where
// they take all of it, other pieces are kept in memory alone.
func (s *Store) Pin(ih metainfo.InfoHash) error {
	if s.disk == nil {
		return ErrNoDisk
	}
	s.pinning.Lock()
	defer s.pinning.Unlock()
	hash := s.hashOf(ih)
	s.mu.Lock()
	known, was, n := s.contents[hash] != nil, s.pins[hash], len(s.pins)
	s.mu.Unlock()
	if _, kept := s.Kept(ih); !known && !kept {
		return ErrMiss
	}
	if was {
		return nil
	}
	if n >= MaxPins {
		return ErrTooManyPins
	}
	return s.setPin(hash, true)
}

// Unpin lets a torrent be evicted again. One that is not pinned stays so.
func (s *Store) Unpin(ih metainfo.InfoHash) error {
	s.pinning.Lock()
	defer s.pinning.Unlock()
	hash := s.hashOf(ih)
	if !s.isPinned(hash) {
		return nil
	}
	return s.setPin(hash, false)
}

// Pinned reports whether a torrent is pinned, by either infohash.
func (s *Store) Pinned(ih metainfo.InfoHash) bool { return s.isPinned(s.hashOf(ih)) }

func (s *Store) isPinned(hash string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pins[hash]
}

// hashOf returns the key of a torrent's content, by either infohash.
func (s *Store) hashOf(ih metainfo.InfoHash) string {
	if hashes, ok := s.Kept(ih); ok {
		ih = hashes[0]
	}
	return string(ih.Bytes())
}

// setPin changes the file first, so that a pin that was granted lasts. The caller holds s.pinning.
func (s *Store) setPin(hash string, on bool) error {
	s.mu.Lock()
	pins := maps.Clone(s.pins)
	s.mu.Unlock()
	if on {
		pins[hash] = true
	} else {
		delete(pins, hash)
	}
	var text []byte
	for _, h := range slices.Sorted(maps.Keys(pins)) {
		text = append(hex.AppendEncode(text, []byte(h)), '\n')
	}
	if err := s.pinFile().Save(text); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pins = pins
	c := s.contents[hash]
	if c == nil {
		return nil
	}
	c.pinned = on
	for _, r := range c.runs {
		s.order.remove(r)
		if r.held > 0 && r.leases == 0 {
			s.order.add(r) // which leaves pinned ones out
		}
	}
	return nil
}

func (s *Store) pinFile() statefile.File {
	return statefile.File{Path: filepath.Join(s.cfg.Dir, "pins"), Kind: "pins", Version: 1, MaxSize: maxPinsFile}
}

// loadPins reads what is pinned. Where the file is of no use, nothing is.
func (s *Store) loadPins() {
	text, _, err := s.pinFile().Load()
	if err != nil {
		s.log.Warn("cache: what was pinned is not known", slog.Any("err", err))
	}
	for line := range bytes.Lines(text) {
		hash, err := hex.DecodeString(string(bytes.TrimSpace(line)))
		if err == nil && (len(hash) == 20 || len(hash) == 32) && len(s.pins) < MaxPins {
			s.pins[string(hash)] = true
		}
	}
}

// Evict drops what is held of the torrent, save for pieces that are being read or written. Their
// room on disk is free when it returns. It returns ErrPinned, ErrClosed, or the disk's error.
func (t *Torrent) Evict() error {
	s := t.s
	s.mu.Lock()
	switch {
	case t.closed || s.closing || s.disk != nil && s.disk.stopping:
		s.mu.Unlock()
		return ErrClosed
	case t.c.pinned:
		s.mu.Unlock()
		return ErrPinned
	}
	var hot []*hotPiece
	for _, p := range t.c.pieces {
		if p.hot != nil {
			hot = append(hot, p.hot)
		}
		if p.recent != nil {
			s.unkeep(p)
			p.buf.Release()
			p.buf = nil
			s.leave(p)
		}
	}
	var done chan error
	if s.disk != nil {
		done = make(chan error, 1)
		s.disk.push(op{kind: opEvict, c: t.c, done: done})
	}
	s.mu.Unlock()
	s.hot.drop(hot)
	if done == nil {
		return nil
	}
	return <-done
}

// evictContent evicts the runs of a content that are in the order of eviction. Only the writer
// calls it.
func (d *disk) evictContent(c *content) error {
	s := d.s
	s.mu.Lock()
	var victims []*run
	for _, r := range c.runs {
		if r.newer == nil { // leased, pinned, or empty
			continue
		}
		d.empty(r)
		victims = append(victims, r)
	}
	s.mu.Unlock()
	return d.evict(victims)
}

// Doubt has every piece on disk verified again before its next use. Check verifies one at once.
func (t *Torrent) Doubt() {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.closed {
		return
	}
	for _, r := range t.c.runs {
		r.doubt()
	}
}

// A Content says what the Store holds of one torrent.
type Content struct {
	Hash   metainfo.InfoHash // Info.ID of the torrent
	Pieces int               // of the torrent; 0: not known
	Held   int               // pieces, in whatever tier
	Bytes  int64             // of disk
	Pinned bool
	Open   bool // it is in use
}

// Contents returns all torrents of which something is held, and those that are pinned, the largest
// on disk first.
func (s *Store) Contents() []Content {
	s.mu.Lock()
	all := make([]Content, 0, len(s.contents))
	for hash, c := range s.contents {
		if n := c.count(); n > 0 || c.pinned {
			all = append(all, Content{infoHash(hash), c.geo.pieces, n, c.charged, c.pinned, c.handle != nil})
		}
	}
	for hash := range s.pins {
		if s.contents[hash] == nil {
			all = append(all, Content{Hash: infoHash(hash), Pinned: true})
		}
	}
	s.mu.Unlock()
	slices.SortFunc(all, func(a, b Content) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Hash.String(), b.Hash.String()))
	})
	return all
}

// infoHash is the infohash whose bytes are the key of a content.
func infoHash(hash string) metainfo.InfoHash {
	if len(hash) == 20 {
		return metainfo.NewV1([20]byte([]byte(hash)))
	}
	return metainfo.NewV2([32]byte([]byte(hash)))
}
