package cache

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// Two torrents may have content in common: a new version of a torrent has most files of the
// old one. What one of them holds the other one need not fetch. A piece that is held nowhere
// and has the hash of one that another torrent holds, or is in a file with the same root,
// counts as held: it is a twin. Its first use reads it there, hashes it as this torrent wants
// it, and puts it. A twin goes when what it is read from goes.
//
// With Config.OwnContent there are none. Nothing of a private torrent is lent: who knows its hashes need not be one who may have it.

// A spot is a piece of a content.
type spot struct {
	c *content
	i int
}

// A twin names bytes of another content that a piece has too. Behind them the piece has
// zeros.
type twin struct {
	c       *content
	off, n  int64         // in c's byte space
	copying chan struct{} // somebody reads it; closed when that is done
}

// A twinIndex finds held pieces by what they hash to. Store.mu guards it. What it says may
// be out of date: a caller checks that the piece is still held.
type twinIndex struct {
	at  map[uint64]spot
	max int
}

// rootKey tells keys of files from those of pieces.
const rootKey = 0x9e3779b97f4a7c15

// keyOf is the key of a hash; false where there is none.
func keyOf(hash []byte) (uint64, bool) {
	if len(hash) < 8 {
		return 0, false
	}
	return binary.BigEndian.Uint64(hash), true
}

// add says where a piece is. What was found by its key before is forgotten if it is not held
// any more, and where there is no room anything.
func (x *twinIndex) add(key uint64, p spot) {
	old, ok := x.at[key]
	if ok && old.c != p.c && !old.c.dead && old.c.holds(old.i) {
		return
	}
	if !ok && len(x.at) >= x.max {
		for k := range x.at {
			delete(x.at, k)
			break
		}
	}
	x.at[key] = p
}

// holds reports whether a piece is held here and not merely a twin. Store.mu is held.
func (c *content) holds(i int) bool { return c.held(i) || c.offered(i) }

// index has a held piece of a torrent found by its hash, and its file by its root. s.mu is held.
func (s *Store) index(c *content, info *metainfo.Info, layers metainfo.PieceLayers, i int) {
	if info.Private || s.twins.max == 0 {
		return
	}
	if key, ok := keyOf(info.PieceSum(i, layers)); ok {
		s.twins.add(key, spot{c, i})
	}
	if f, root, ok := info.FileRoot(i); ok {
		if key, ok := keyOf(root[:]); ok {
			s.twins.add(key^rootKey, spot{c, int(f.Offset / info.PieceLength)})
		}
	}
}

// meetTwins has pieces that the torrent lacks count as held where another one has them, and
// those that it holds found by others.
func (t *Torrent) meetTwins() {
	s, pieces := t.s, t.c.geo.pieces
	if s.twins.max == 0 {
		return
	}
	if wait := time.Until(s.scanBy); wait > 0 && !t.whole() {
		select {
		case <-s.scanned:
		case <-time.After(wait):
		}
	}
	for from := 0; from < pieces; from += twinBatch {
		s.mu.Lock()
		for i := from; i < min(from+twinBatch, pieces) && !t.closed; i++ {
			if t.c.holds(i) {
				s.index(t.c, t.info, t.layers, i)
			} else {
				t.meetTwin(i)
			}
		}
		s.mu.Unlock()
	}
}

// whole reports whether nothing is missing.
func (t *Torrent) whole() bool {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.c.have.Count(t.c.geo.pieces) == t.c.geo.pieces
}

// meetTwin looks for the twin of a piece that is not held. s.mu is held.
func (t *Torrent) meetTwin(i int) {
	size := int64(t.info.PieceSize(i))
	if key, ok := keyOf(t.info.PieceSum(i, t.layers)); ok {
		if at, ok := t.s.twins.at[key]; ok && t.lend(i, at.c, at.c.geo.offset(at.i), size) {
			return
		}
	}
	f, root, ok := t.info.FileRoot(i)
	if !ok {
		return
	}
	key, _ := keyOf(root[:])
	if at, ok := t.s.twins.at[key^rootKey]; ok {
		in := t.info.PieceOffset(i) - f.Offset
		t.lend(i, at.c, at.c.geo.offset(at.i)+in, min(size, f.Length-in))
	}
}

// lend has bytes of another content be a piece's, if it holds them. s.mu is held.
func (t *Torrent) lend(i int, from *content, off, n int64) bool {
	s := t.s
	first, last := int(off/from.geo.pieceLen), int((off+n-1)/from.geo.pieceLen)
	if from == t.c || from.dead || last >= from.geo.pieces || s.twinCount+last-first >= maxTwins {
		return false
	}
	for j := first; j <= last; j++ {
		if !from.holds(j) {
			return false
		}
	}
	if t.c.twins == nil {
		t.c.twins = make(map[int]*twin)
	}
	if from.lent == nil {
		from.lent = make(map[int][]spot)
	}
	for j := first; j <= last; j++ {
		from.lent[j] = append(from.lent[j], spot{t.c, i})
	}
	s.twinCount += last - first + 1
	t.c.twins[i] = &twin{c: from, off: off, n: n}
	t.c.have.Set(i)
	return true
}

// part ends that a piece has a twin. Where it is not held itself it is held no more. s.mu is
// held.
func (s *Store) part(c *content, i int) {
	tw := c.twins[i]
	if tw == nil {
		return
	}
	delete(c.twins, i)
	for j := int(tw.off / tw.c.geo.pieceLen); j <= int((tw.off+tw.n-1)/tw.c.geo.pieceLen); j++ {
		lent := tw.c.lent[j]
		if n := slices.Index(lent, spot{c, i}); n >= 0 {
			lent = slices.Delete(lent, n, n+1)
			s.twinCount--
		}
		if tw.c.lent[j] = lent; len(lent) == 0 {
			delete(tw.c.lent, j)
		}
	}
	if c.holds(i) {
		return
	}
	c.have.Clear(i)
	if t := c.handle; t != nil && t.evicted != nil && !s.closing {
		s.notices.add(notice{t, i})
	}
}

// partAll ends all twins of a torrent that is closed. s.mu is held.
func (s *Store) partAll(c *content) {
	for i := range c.twins {
		s.part(c, i)
	}
}

// recall ends the twins that are read from a piece, if it is not held any more. s.mu is held.
func (s *Store) recall(c *content, i int) {
	for len(c.lent[i]) > 0 && !c.holds(i) {
		to := c.lent[i][0]
		s.part(to.c, to.i)
	}
}

// isTwin reports whether a piece is held by another torrent alone.
func (t *Torrent) isTwin(i int) bool {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return !t.closed && t.c.twins[i] != nil && !t.c.holds(i)
}

// fromTwin takes a piece over from where another torrent has it. No lease and no error means
// that it may be held by now.
func (t *Torrent) fromTwin(i int) (*Lease, error) {
	s := t.s
	s.mu.Lock()
	tw := t.c.twins[i]
	switch {
	case t.closed || s.closing:
		s.mu.Unlock()
		return nil, ErrMiss
	case t.c.held(i): // somebody was faster
		s.mu.Unlock()
		return nil, nil
	case tw == nil || t.c.offered(i):
		s.mu.Unlock()
		return nil, ErrMiss
	}
	if wait := tw.copying; wait != nil {
		s.mu.Unlock()
		<-wait
		return nil, nil
	}
	v, known := t.info.NewVerifier(i, t.layers)
	if !known {
		s.mu.Unlock()
		return nil, fmt.Errorf("%w: piece %d: %w", ErrMiss, i, ErrNoHash)
	}
	done := make(chan struct{})
	tw.copying = done
	s.mu.Unlock()

	b, err := s.copyTwin(tw, v, t.info.PieceSize(i))
	if err == nil {
		if waiting, limit := s.Backlog(); waiting < limit {
			t.Put(i, b)
		}
	}
	s.mu.Lock()
	tw.copying = nil
	close(done)
	if err != nil {
		if errors.Is(err, errMismatch) {
			s.count.VerifyFailures++
		}
		if t.c.twins[i] == tw {
			s.part(t.c, i)
		}
	}
	s.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("%w: piece %d of another torrent: %w", ErrMiss, i, err)
	}
	return &Lease{s: s, size: b.Len(), buf: b}, nil
}

// copyTwin reads a piece where another torrent has it, and checks it.
func (s *Store) copyTwin(tw *twin, v *metainfo.Verifier, size int) (*Buffer, error) {
	s.verifySlots <- struct{}{}
	defer func() { <-s.verifySlots }()
	b := s.pool.Get(size)
	err := s.readTwin(tw, b.Bytes()[:tw.n])
	if err == nil {
		clear(b.Bytes()[tw.n:])
		if _, _ = v.Write(b.Bytes()); !v.OK() {
			err = errMismatch
		}
	}
	if err != nil {
		b.Release()
		return nil, err
	}
	return b, nil
}

// readTwin reads the bytes of a twin, from each of the pieces that they are in.
func (s *Store) readTwin(tw *twin, p []byte) error {
	for off := tw.off; len(p) > 0; {
		i := int(off / tw.c.geo.pieceLen)
		in := off - tw.c.geo.offset(i)
		n := min(int64(len(p)), tw.c.geo.pieceLen-in)
		if err := s.readSpot(spot{tw.c, i}, p[:n], in); err != nil {
			return err
		}
		p, off = p[n:], off+n
	}
	return nil
}

// readSpot reads from a piece of a content, open or not, that nobody has verified perhaps.
func (s *Store) readSpot(at spot, p []byte, off int64) error {
	s.mu.Lock()
	o := at.c.origin
	if !at.c.held(at.i) || s.closing {
		offered := at.c.offered(at.i) && !s.closing
		s.mu.Unlock()
		if !offered {
			return ErrMiss
		}
		_, err := o.ReadAt(at.i, p, off)
		return err
	}
	l := s.grant(at.c, at.i, int(off)+len(p)) // its size is not known here
	if l.r != nil {
		s.order.use(l.r)
	}
	s.claim(at.c, at.i)
	s.mu.Unlock()
	defer l.Release()
	if _, err := l.open(); err != nil {
		return err
	}
	_, err := l.ReadAt(p, off)
	return err
}

// scanKept has what earlier runs left found by its hashes, the torrents used last first. It
// takes half of one core at most.
func (s *Store) scanKept() {
	defer close(s.scanned)
	l := s.library
	l.mu.Lock()
	files := l.kept.Values()
	l.mu.Unlock()
	for _, k := range slices.Backward(files) {
		begun := time.Now()
		if !s.scanFile(k) {
			continue
		}
		select {
		case <-time.After(time.Since(begun)):
		case <-s.closed:
			return
		}
	}
}

// scanFile indexes what is held of one torrent; false where it has not read anything.
func (s *Store) scanFile(k keptFile) bool {
	s.mu.Lock()
	c := s.contents[string(k.hashes[0].Bytes())]
	skip := c == nil || c.count() == 0 || k.size > maxScanned || len(s.twins.at) >= s.twins.max || s.closing
	s.mu.Unlock()
	if skip {
		return false
	}
	mt, err := s.library.parse(k)
	if err != nil || !c.geo.same(geometryOf(mt.Info)) {
		return true // whoever opens it is told
	}
	for from := 0; from < c.geo.pieces; from += twinBatch {
		s.mu.Lock()
		for i := from; i < min(from+twinBatch, c.geo.pieces); i++ {
			if c.holds(i) {
				s.index(c, mt.Info, mt.Layers, i)
			}
		}
		s.mu.Unlock()
	}
	return true
}
