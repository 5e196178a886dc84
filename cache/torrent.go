package cache

import (
	"errors"
	"fmt"
	"maps"

	"github.com/btgw/btgw/metainfo"
)

// A Torrent is an open torrent's part of a Store. There is one at a time for each
// infohash. All methods are safe for concurrent use; after Close they find no piece.
type Torrent struct {
	s       *Store
	c       *content
	info    *metainfo.Info
	evicted func(piece int)

	layers metainfo.PieceLayers // protected by s.mu
	own    bool                 // layers is nobody else's; protected by s.mu
	closed bool                 // protected by s.mu
}

// AddLayers adds piece layers that have become known. The caller must not change them
// from then on.
func (t *Torrent) AddLayers(layers metainfo.PieceLayers) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if !t.own {
		t.layers, t.own = maps.Clone(t.layers), true
	}
	if t.layers == nil {
		t.layers = make(metainfo.PieceLayers)
	}
	maps.Copy(t.layers, layers)
}

// Have returns a copy of the set of pieces held. A piece from an earlier run is in it,
// although its first use may show that it does not fit its hash.
func (t *Torrent) Have() metainfo.Bitfield {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.closed {
		return metainfo.NewBitfield(t.c.geo.pieces)
	}
	return t.c.have.Clone()
}

// Has reports whether piece i is held.
func (t *Torrent) Has(i int) bool {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return !t.closed && t.c.have.Has(i)
}

// Range reports whether any and all of the pieces from first to last are held, and
// returns the first that is not.
func (t *Torrent) Range(first, last int) (anyHeld, all bool, missing int) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.closed {
		return false, false, first
	}
	all = true
	for i := first; i <= last && (all || !anyHeld); i++ {
		switch {
		case t.c.have.Has(i):
			anyHeld = true
		case all:
			all, missing = false, i
		}
	}
	return anyHeld, all, missing
}

// A MissCost says how dear it is to fetch pieces again that were evicted.
type MissCost uint8

const (
	// Ordinary is what several peers have, or of which nothing is known.
	Ordinary MissCost = iota
	// Cheap is what comes at once: from a web seed or an object store.
	Cheap
	// Dear is what hardly anybody has.
	Dear
)

// SetMissCost says how dear the torrent's pieces are. Of what is equally in demand, what is dear
// stays longer. It counts from the next use of each piece on, and until the Store closes or holds
// nothing of the torrent any more.
func (t *Torrent) SetMissCost(cost MissCost) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.c.missCost = cost
}

// Put stores piece i, which the caller has verified, and keeps a reference to b as long
// as it needs it. Get finds the piece at once. Put never waits: the writer writes
// behind, and the caller slows down by itself (Store.Backlog). Where the disk fails, or
// cannot follow, the piece stays in memory only, as long as there is room. It is
// written when the disk works again. For a piece that is held already Put counts a use.
// It panics if b has not the length of the piece.
func (t *Torrent) Put(i int, b *Buffer) { t.put(i, b, false) }

// PutSpare is Put for a piece that another gateway of the fleet keeps too. Where the disk is full, spare pieces go
// before all others. A row of pieces that are evicted together is spare while all of them are, until Get is called
// for one of them.
func (t *Torrent) PutSpare(i int, b *Buffer) { t.put(i, b, true) }

func (t *Torrent) put(i int, b *Buffer, spare bool) {
	if i < 0 || i >= t.c.geo.pieces || b.Len() != t.info.PieceSize(i) {
		panic(fmt.Sprintf("cache: %d bytes put as piece %d of %d", b.Len(), i, t.c.geo.pieces))
	}
	s := t.s
	s.mu.Lock()
	if t.closed || s.closing {
		s.mu.Unlock()
		return
	}
	if t.c.held(i) && !t.c.unproven(i) {
		if t.c.onDisk(i) {
			s.order.touch(t.c.runOf(i))
		}
		if !spare {
			s.claim(t.c, i)
		}
		s.mu.Unlock()
		return
	}
	p := &piece{c: t.c, index: i, size: b.Len(), spare: spare, buf: b}
	b.Retain()
	t.c.add(p)
	if t.c.onDisk(i) {
		s.discard(t.c.runOf(i), i) // of an earlier run, and no longer needed as such
	}
	t.c.have.Set(i)
	s.part(t.c, i)
	s.index(t.c, t.info, t.layers, i)
	cold := s.disk.weigh(s.now())
	if !s.disk.enqueue(p) {
		cold = append(cold, s.keepRecent(p)...)
	}
	s.mu.Unlock()
	s.heat(cold)
}

// keepRecent holds a piece in memory without writing it. It returns the pieces that
// have to give way to it, which go to the memory tier. The caller holds s.mu.
func (s *Store) keepRecent(p *piece) (cold []*piece) {
	if p.gone { // removed while it was being written
		return []*piece{p}
	}
	s.await(p)
	p.recent = s.recent.PushBack(p)
	s.recentBytes += int64(p.size)
	for s.recent.Len() > 0 && s.queueBytes+s.recentBytes > s.recentLimit() {
		old := s.recent.Front().Value.(*piece)
		s.unkeep(old)
		cold = append(cold, old)
	}
	return cold
}

// unkeep takes a piece out of those that are held in memory beside the memory tier. The
// caller holds s.mu.
func (s *Store) unkeep(p *piece) {
	s.recent.Remove(p.recent)
	p.recent = nil
	s.recentBytes -= int64(p.size)
}

// heat moves pieces from the index's own hold to the memory tier. s.mu is not
// held.
func (s *Store) heat(pieces []*piece) {
	for _, p := range pieces {
		s.mu.Lock()
		if p.queued || s.closing && p.unwritten != nil && !p.gone { // it is to be written after all
			s.mu.Unlock()
			continue
		}
		b := p.buf
		p.buf = nil
		if b == nil || p.gone || p.hot != nil || s.closing {
			s.leave(p)
			s.mu.Unlock()
			if b != nil {
				b.Release()
			}
			continue
		}
		h := &hotPiece{p: p, buf: b}
		p.hot = h
		s.mu.Unlock()
		s.hot.set(h)
	}
}

// claim takes in that a piece that is held is read here: it is not spare. s.mu is held.
func (s *Store) claim(c *content, i int) {
	if p := c.pieces[i]; p != nil {
		p.spare = false
	}
	if c.onDisk(i) {
		s.order.claim(c.runOf(i))
	}
}

// Get leases piece i. The first use of a piece from an earlier run reads and hashes it,
// and takes as long as that takes. The error is ErrMiss where the piece is not held, or
// does not fit its hash then.
func (t *Torrent) Get(i int) (*Lease, error) { return t.get(i, use{}) }

// GetAgain is Get for a caller that takes another lease when a read says ErrLost. A data file that was looked at within
// lookTime is not looked at once more. Each read is followed by a look, as always.
func (t *Torrent) GetAgain(i int) (*Lease, error) { return t.get(i, use{again: true}) }

// Lend is Get for an upload: a spare piece stays spare.
func (t *Torrent) Lend(i int) (*Lease, error) { return t.get(i, use{lend: true}) }

// A use says what a lease is for.
type use struct{ lend, again bool }

func (t *Torrent) get(i int, of use) (*Lease, error) {
	t.s.hot.countUse(t.c.id, i)
	for changes := 0; ; {
		l, first, wait := t.lease(i, of.lend)
		if wait != nil {
			<-wait
			continue
		}
		if l == nil {
			l, err := t.fromTwin(i)
			switch {
			case l != nil:
				t.s.fromDisk()
				return l, nil
			case err == nil:
				t.s.unmiss()
				continue
			case err != ErrMiss:
				return nil, err
			}
			return t.fromOrigin(i)
		}
		changed, err := l.openAgain(of.again)
		if err != nil && !tooManyFiles(err) && !errors.Is(err, errNotOurs) {
			l.lost(err)
		}
		switch {
		case first:
			err = t.prove(l, err)
		case err == nil && changed:
			err = errNotOurs
		case err == nil:
			err = l.promote()
		}
		if err == nil {
			return l, nil
		}
		t.s.unhit()
		l.Release()
		if changes++; !errors.Is(err, errNotOurs) || changes > maxChanges {
			return nil, fmt.Errorf("%w: %w", ErrMiss, err)
		}
	}
}

// lease takes a lease of piece i, if it is held. first means that the caller has to
// verify the piece. wait is not nil if somebody else is verifying it.
func (t *Torrent) lease(i int, lend bool) (l *Lease, first bool, wait <-chan struct{}) {
	s := t.s
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case t.closed || s.closing || !t.c.held(i):
		s.count.Misses++
		return nil, false, nil
	case t.c.pieces[i] == nil && t.c.proving[i] != nil:
		return nil, false, t.c.proving[i]
	}
	l = s.grant(t.c, i, t.info.PieceSize(i))
	if l.r != nil {
		s.order.use(l.r)
	}
	if !lend {
		s.claim(t.c, i)
	}
	if t.c.unproven(i) {
		l.proving = make(chan struct{})
		t.c.prove(i, l.proving)
		first = true
	}
	if l.buf != nil {
		s.count.MemoryHits++
	} else {
		s.count.DiskHits++
	}
	return l, first, nil
}

// grant makes a lease of a piece that is held, without its file. s.mu is held.
func (s *Store) grant(c *content, i, size int) *Lease {
	l := &Lease{s: s, c: c, index: i, size: size}
	if c.onDisk(i) {
		r := c.runOf(i)
		r.leases++
		s.order.remove(r)
		l.r, l.reads = r, s.order.readsOf(r, i)
		l.age, _, _ = r.watch().now()
	}
	if p := c.pieces[i]; p != nil {
		l.buf = p.buf
		if l.buf == nil {
			l.buf = p.hot.buf
		}
		l.buf.Retain()
	}
	return l
}

// Flush waits until the pieces that were Put before are on disk and in the journal, as
// far as the disk had room. It returns the disk's error, and nil in memory-only mode.
func (t *Torrent) Flush() error { return t.s.disk.flush() }

// Close ends the use of the handle. Held pieces stay held, and can be had again by
// opening the torrent anew. Leases stay valid.
func (t *Torrent) Close() {
	s := t.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.closed {
		return
	}
	t.closed = true
	if t.c.handle == t {
		t.c.handle = nil
		s.partAll(t.c)
		s.forget(t.c)
	}
}

// Remove closes the torrent and drops all its pieces, from memory at once and from disk
// before it returns. Leases stay readable, and the last of them frees the piece it
// holds.
func (t *Torrent) Remove() {
	s := t.s
	s.mu.Lock()
	if t.closed || s.closing {
		s.mu.Unlock()
		return
	}
	t.closed = true
	t.c.handle = nil
	s.partAll(t.c)
	hot, done := s.removeLocked(t.c)
	s.mu.Unlock()
	s.hot.drop(hot)
	if done != nil {
		<-done
	}
}

// removeLocked forgets a content and makes the writer remove its files. It returns the
// entries to drop from the memory tier, and a channel that tells when the file is gone,
// nil if there is none. The caller holds s.mu.
func (s *Store) removeLocked(c *content) (hot []*hotPiece, done <-chan error) {
	c.dead = true
	delete(s.contents, c.geo.hash)
	for _, r := range c.runs {
		for k := range r.places {
			s.take(r, r.first()+k)
		}
	}
	for _, p := range c.pieces {
		s.unlist(p)
		if p.hot != nil {
			hot = append(hot, p.hot)
		}
		if p.recent != nil {
			s.unkeep(p)
			p.buf.Release()
			p.buf = nil
		}
	}
	for i := range c.lent {
		s.recall(c, i)
	}
	return hot, s.disk.remove(c)
}
