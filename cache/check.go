package cache

import (
	"errors"
	"fmt"

	"github.com/btgw/btgw/metainfo"
)

// Unproven returns the set of held pieces that have to be verified before their next
// use, or nil if there are none. An earlier run wrote them, or somebody else changed
// their file since they were verified, or another torrent has them.
func (t *Torrent) Unproven() metainfo.Bitfield {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.closed {
		return nil
	}
	var set metainfo.Bitfield
	add := func(i int) {
		if set == nil {
			set = metainfo.NewBitfield(t.c.geo.pieces)
		}
		set.Set(i)
	}
	for _, r := range t.c.runs {
		for k := range r.places {
			if i := r.first() + k; t.c.unproven(i) {
				add(i)
			}
		}
	}
	for i := range t.c.twins {
		add(i)
	}
	return set
}

// Check verifies piece i ahead of its first use, if that is still to be done. It does
// not count as a use. The error is ErrMiss where the piece is not held, or was dropped
// because it turned out wrong. Any other error means that the piece could not be judged
// now.
func (t *Torrent) Check(i int) error {
	for changes := 0; ; {
		if t.isTwin(i) {
			l, err := t.fromTwin(i)
			if l != nil {
				l.Release()
			}
			if l == nil && err == nil {
				continue
			}
			return err
		}
		l, newer, wait, err := t.leaseUnproven(i)
		if wait != nil {
			<-wait
			continue
		}
		if l == nil {
			return err
		}
		_, err = l.open()
		if err != nil && !tooManyFiles(err) && !errors.Is(err, errNotOurs) {
			l.lost(err)
		}
		err = t.prove(l, err)
		l.Release()
		t.s.rank(l.r, newer)
		if changes++; !errors.Is(err, errNotOurs) || changes > maxChanges {
			if err != nil && !t.Has(i) {
				err = fmt.Errorf("%w: %w", ErrMiss, err)
			}
			return err
		}
	}
}

// leaseUnproven leases a piece for its verification. newer is the piece that is next to
// its run in the order of use. Without a lease and an error there is nothing to do, or
// somebody else is verifying the piece: then wait is not nil, and closed at the end.
func (t *Torrent) leaseUnproven(i int) (l *Lease, newer *run, wait <-chan struct{}, err error) {
	s := t.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r := t.c.runOf(i)
	switch {
	case t.closed || s.closing || !t.c.held(i):
		return nil, nil, nil, ErrMiss
	case !t.c.onDisk(i) || r.is(i, placeProven):
		return nil, nil, nil, nil
	case t.c.proving[i] != nil:
		return nil, nil, t.c.proving[i], nil
	}
	newer = r.newer
	l = s.grant(t.c, i, t.info.PieceSize(i))
	if l.buf != nil { // what is on disk is verified, whatever is in memory
		l.buf.Release()
		l.buf = nil
	}
	l.proving = make(chan struct{})
	t.c.prove(i, l.proving)
	return l, newer, nil, nil
}

// rank puts a run back to its former place in the order of use, unless one of the two was read meanwhile and is spare no more.
func (s *Store) rank(r, newer *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if newer != nil && newer.newer != nil && r.newer != nil && newer.spare == r.spare {
		s.order.remove(r)
		s.order.insert(r, newer)
	}
}
