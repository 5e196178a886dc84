package cache

import (
	"errors"
	"fmt"

	"github.com/btgw/btgw/metainfo"
)

// An Origin has all pieces of a torrent outside the cache, in files that belong to
// somebody else. It is a source beside the tiers: nothing of it is copied there. Its
// pieces are believed as little as those of an earlier run: each is hashed before its
// first use, and again when its files changed. The Store calls its methods without
// locks, and several at once.
type Origin interface {
	// Version identifies the state of the files that piece i is in: it differs when any
	// of them changed. It returns 0 where a later change could go unseen, or where
	// there is no file.
	Version(piece int) uint64
	// ReadAt fills p with the bytes of piece i from off on. It returns the version that
	// the files had before and after, and fails where they changed meanwhile.
	ReadAt(piece int, p []byte, off int64) (version uint64, err error)
	// Lost tells the Origin that the Store does not offer piece i any more, and why.
	Lost(piece int, err error)
}

// origin is what the Store knows of an Origin. All fields but the first are protected by
// Store.mu.
type origin struct {
	Origin
	offers  metainfo.Bitfield
	proven  map[int]uint64        // pieces that had their hash, with the version that their files had
	proving map[int]chan struct{} // pieces that are being hashed; closed when that is done
}

// SetOrigin makes o a source of a torrent's pieces until DropOrigin. A caller that has
// the torrent open by then does not learn of it.
func (s *Store) SetOrigin(info *metainfo.Info, o Origin) {
	geo := geometryOf(info)
	offers := metainfo.NewBitfield(geo.pieces)
	for i := range geo.pieces {
		offers.Set(i)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.origins == nil {
		s.origins = make(map[string]*origin)
	}
	s.origins[geo.hash] = &origin{Origin: o, offers: offers, proven: make(map[int]uint64), proving: make(map[int]chan struct{})}
	if c := s.contents[geo.hash]; c != nil && c.geo.same(geo) {
		s.attachOrigin(c)
	}
}

// DropOrigin takes an Origin away. Reads under way are finished.
func (s *Store) DropOrigin(info *metainfo.Info) {
	geo := geometryOf(info)
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.origins[geo.hash]
	delete(s.origins, geo.hash)
	c := s.contents[geo.hash]
	if o == nil || c == nil || c.origin != o {
		return
	}
	for i := range geo.pieces {
		s.withdraw(c, i)
	}
	c.origin = nil
}

// attachOrigin makes a content's Origin, if it has one, a source of its pieces. The
// caller holds s.mu.
func (s *Store) attachOrigin(c *content) {
	c.origin = s.origins[c.geo.hash]
	for i := 0; c.origin != nil && i < c.geo.pieces; i++ {
		if c.origin.offers.Has(i) {
			c.have.Set(i)
		}
	}
}

// offered reports whether an Origin has piece i. Store.mu is held.
func (c *content) offered(i int) bool { return c.origin != nil && c.origin.offers.Has(i) }

// withdraw offers piece i of the Origin no more. s.mu is held.
func (s *Store) withdraw(c *content, i int) {
	if !c.offered(i) {
		return
	}
	c.origin.offers.Clear(i)
	delete(c.origin.proven, i)
	s.recall(c, i)
	if c.held(i) {
		return
	}
	c.have.Clear(i)
	if t := c.handle; t != nil && t.evicted != nil && !s.closing {
		s.notices.add(notice{t, i})
	}
}

// fromOrigin leases piece i of the Origin, which is in no tier. The first lease hashes it.
func (t *Torrent) fromOrigin(i int) (*Lease, error) {
	s := t.s
	for {
		s.mu.Lock()
		o := t.c.origin
		switch {
		case t.closed || s.closing || !t.c.offered(i):
			s.mu.Unlock()
			return nil, ErrMiss
		case o.proving[i] != nil:
			wait := o.proving[i]
			s.mu.Unlock()
			<-wait
			continue
		}
		version := o.proven[i]
		s.mu.Unlock()
		l := &Lease{s: s, origin: o, c: t.c, index: i, size: t.info.PieceSize(i), version: version}
		if version != 0 && o.Version(i) == version {
			s.fromDisk()
			return l, nil
		}
		s.mu.Lock()
		if o.proving[i] != nil || o.proven[i] != version { // somebody was faster
			s.mu.Unlock()
			continue
		}
		done := make(chan struct{})
		o.proving[i] = done
		s.mu.Unlock()
		err := t.proveOrigin(l)
		s.mu.Lock()
		delete(o.proving, i)
		close(done)
		if err != nil && !errors.Is(err, ErrNoHash) {
			s.count.VerifyFailures++
			s.withdraw(t.c, i)
		}
		s.mu.Unlock()
		switch {
		case err == nil:
			s.fromDisk()
			return l, nil
		case !errors.Is(err, ErrNoHash):
			o.Lost(i, err)
		}
		return nil, fmt.Errorf("%w: %w", ErrMiss, err)
	}
}

// proveOrigin reads a piece into memory, where the lease has it, and hashes it there.
func (t *Torrent) proveOrigin(l *Lease) error {
	s := t.s
	s.mu.Lock()
	v, known := t.info.NewVerifier(l.index, t.layers)
	s.mu.Unlock()
	if !known {
		return fmt.Errorf("piece %d: %w", l.index, ErrNoHash)
	}
	s.verifySlots <- struct{}{}
	defer func() { <-s.verifySlots }()
	b := s.pool.Get(l.size)
	version, err := l.origin.ReadAt(l.index, b.Bytes(), 0)
	if err == nil {
		_, _ = v.Write(b.Bytes())
		if !v.OK() {
			err = fmt.Errorf("piece %d %w", l.index, errMismatch)
		}
	}
	if err != nil {
		b.Release()
		return err
	}
	l.buf, l.version = b, version
	s.mu.Lock()
	defer s.mu.Unlock()
	if version != 0 {
		l.origin.proven[l.index] = version
	} else {
		delete(l.origin.proven, l.index)
	}
	return nil
}

// readOrigin fills p from an Origin, and fails unless its files are as they were when
// the piece was hashed.
func (l *Lease) readOrigin(p []byte, off int64) error {
	version, err := l.origin.ReadAt(l.index, p, off)
	if err == nil && version == l.version {
		return nil
	}
	l.s.mu.Lock()
	if l.origin.proven[l.index] == l.version {
		delete(l.origin.proven, l.index)
	}
	l.s.mu.Unlock()
	if err == nil {
		err = errNotOurs
	}
	return fmt.Errorf("%w: %w", ErrLost, err)
}

// unmiss takes a miss back that will be counted again.
func (s *Store) unmiss() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count.Misses--
}

// fromDisk counts a miss of the tiers as a hit on disk.
func (s *Store) fromDisk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count.Misses--
	s.count.DiskHits++
}

// RecheckOrigin hashes piece i of a torrent's Origin if its files changed since it was
// hashed last. A piece that turns out wrong is not offered any more.
func (s *Store) RecheckOrigin(info *metainfo.Info, i int) {
	s.mu.Lock()
	c := s.contents[geometryOf(info).hash]
	if c == nil || c.handle == nil || !c.offered(i) {
		s.mu.Unlock()
		return
	}
	t := c.handle
	s.mu.Unlock()
	if l, err := t.fromOrigin(i); err == nil {
		l.Release()
		s.unhit() // it was no use
	}
}
