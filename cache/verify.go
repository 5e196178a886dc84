package cache

import (
	"cmp"
	"errors"
	"fmt"
	"io"
)

// These are the reasons why a piece from an earlier run is not used.
var (
	errMismatch = errors.New("does not fit its hash")
)

// prove verifies a leased piece of an earlier run, unless opened says that its file
// could not be had, and tells the goroutines that wait for it. It drops a piece that
// turns out wrong or unreadable, and keeps one that cannot be judged for later.
func (t *Torrent) prove(l *Lease, opened error) error {
	s, r, i := t.s, l.r, l.index
	err := opened
	if err == nil {
		s.verifySlots <- struct{}{}
		err = t.verify(l)
		<-s.verifySlots
		if !l.intact() {
			err = errNotOurs // whatever was read
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	close(l.proving)
	still := l.c.proving[i] == l.proving // else it was given up, and may have come back
	if still {
		delete(l.c.proving, i)
	}
	switch {
	case err == nil && !still:
		return ErrMiss
	case err == nil:
		age, _, _ := r.watch().now()
		if age != l.age {
			return errNotOurs
		}
		*r.place(i) |= placeProven
	case err == opened || errors.Is(err, ErrNoHash) || errors.Is(err, errNotOurs):
	default:
		s.count.VerifyFailures++
		if still {
			s.lose(r, i)
		}
	}
	return err
}

// verify reads a piece and hashes it on the way.
func (t *Torrent) verify(l *Lease) error {
	s := t.s
	s.mu.Lock()
	v, known := t.info.NewVerifier(l.index, t.layers)
	s.mu.Unlock()
	if !known {
		return fmt.Errorf("piece %d: %w", l.index, ErrNoHash)
	}
	buf := s.copyBufs.Get(copyBytes)
	defer buf.Release()
	r := io.NewSectionReader(l.file.f, l.r.offset(l.index), int64(l.size))
	if n, err := io.CopyBuffer(onlyWriter{v}, r, buf.Bytes()); err != nil || n < int64(l.size) {
		return fmt.Errorf("piece %d: %d of %d bytes read: %w", l.index, n, l.size, cmp.Or(err, io.ErrUnexpectedEOF))
	}
	l.served.Add(int64(l.size))
	if !v.OK() {
		return fmt.Errorf("piece %d %w", l.index, errMismatch)
	}
	return nil
}

// onlyWriter hides all methods of a writer but Write.
type onlyWriter struct{ io.Writer }

// discard gives up a copy on disk that is wrong, unreadable or of no more use, if the run
// has it. Leases of it stay as they are. The caller holds s.mu.
func (s *Store) discard(r *run, i int) {
	if !r.has(i) {
		return
	}
	s.take(r, i)
	s.settle(r.c, i, false)
	s.disk.push(op{kind: opDrop, r: r, i: i})
}

// lose gives up a piece whose copy on disk is wrong or unreadable, in memory too. The caller
// holds s.mu.
func (s *Store) lose(r *run, i int) {
	if p := r.c.pieces[i]; p != nil && r.has(i) {
		s.unlist(p)
	}
	s.discard(r, i)
}

// take takes a piece off the disk's index. s.mu is held.
func (s *Store) take(r *run, i int) {
	r.drop(i)
	delete(r.c.proving, i)
	if r.held == 0 {
		s.order.remove(r)
	}
}

// unhit counts a piece as a miss that was counted as a hit on disk before.
func (s *Store) unhit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count.DiskHits--
	s.count.Misses++
}
