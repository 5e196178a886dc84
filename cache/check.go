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
	for i, p := range t.c.pieces {
		if p.unproven() {
			if set == nil {
				set = metainfo.NewBitfield(t.c.geo.pieces)
			}
			set.Set(i)
		}
	}
	for i := range t.c.twins {
		if set == nil {
			set = metainfo.NewBitfield(t.c.geo.pieces)
		}
		set.Set(i)
	}
	return set
}

// unproven reports whether the piece has to be verified before its next use. Store.mu is
// held.
func (p *piece) unproven() bool { return !p.proven && p.buf == nil && p.hot == nil }

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
			t.s.lost(l.p, err)
		}
		err = t.prove(l, err)
		l.Release()
		t.s.rank(l.p, newer)
		if changes++; !errors.Is(err, errNotOurs) || changes > maxChanges {
			if err != nil && !t.Has(i) {
				err = fmt.Errorf("%w: %w", ErrMiss, err)
			}
			return err
		}
	}
}

// leaseUnproven leases a piece for its verification. newer is the piece that is next to
// it in the order of use. Without a lease and an error there is nothing to do, or
// somebody else is verifying the piece: then wait is not nil, and closed at the end.
func (t *Torrent) leaseUnproven(i int) (l *Lease, newer *piece, wait <-chan struct{}, err error) {
	s := t.s
	s.mu.Lock()
	defer s.mu.Unlock()
	p := t.c.pieces[i]
	switch {
	case p == nil || t.closed || s.closing:
		return nil, nil, nil, ErrMiss
	case p.proven || !p.onDisk():
		return nil, nil, nil, nil
	case p.verifying != nil:
		return nil, nil, p.verifying, nil
	}
	p.verifying = make(chan struct{})
	newer = p.newer
	l = s.grant(p)
	if l.buf != nil { // what is on disk is verified, whatever is in memory
		l.buf.Release()
		l.buf = nil
	}
	return l, newer, nil, nil
}

// rank puts a piece back to its former place in the order of use.
func (s *Store) rank(p, newer *piece) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if newer != nil && newer.newer != nil && p.newer != nil {
		s.order.remove(p)
		s.order.insert(p, newer)
	}
}
