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
	s, p := t.s, l.p
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
	close(p.verifying)
	p.verifying = nil
	switch {
	case err == nil && p.gone:
		return ErrMiss
	case err == nil:
		age, _, _ := p.c.guard.now()
		if p.proven = age == l.age; !p.proven {
			err = errNotOurs
		}
	case err == opened || errors.Is(err, ErrNoHash) || errors.Is(err, errNotOurs):
	default:
		s.count.VerifyFailures++
		s.discard(p)
	}
	return err
}

// verify reads a piece and hashes it on the way.
func (t *Torrent) verify(l *Lease) error {
	s, p := t.s, l.p
	if p.size != t.info.PieceSize(p.index) {
		return fmt.Errorf("piece %d %w", p.index, errMismatch)
	}
	s.mu.Lock()
	v, known := t.info.NewVerifier(p.index, t.layers)
	s.mu.Unlock()
	if !known {
		return fmt.Errorf("piece %d: %w", p.index, ErrNoHash)
	}
	buf := s.copyBufs.Get(copyBytes)
	defer buf.Release()
	r := io.NewSectionReader(l.file.f, p.c.offset(p.index), int64(p.size))
	if n, err := io.CopyBuffer(onlyWriter{v}, r, buf.Bytes()); err != nil || n < int64(p.size) {
		return fmt.Errorf("piece %d: %d of %d bytes read: %w", p.index, n, p.size, cmp.Or(err, io.ErrUnexpectedEOF))
	}
	p.served.Add(int64(p.size))
	if !v.OK() {
		return fmt.Errorf("piece %d %w", p.index, errMismatch)
	}
	return nil
}

// onlyWriter hides all methods of a writer but Write.
type onlyWriter struct{ io.Writer }

// discard gives up a piece whose disk copy is wrong, unreadable or no longer of use.
// Leases of it stay as they are. The caller holds s.mu.
func (s *Store) discard(p *piece) {
	if p.gone {
		return
	}
	s.order.remove(p)
	s.unlist(p)
	if t := p.c.handle; t != nil && !p.c.offered(p.index) {
		s.notices.add(notice{t, p.index})
	}
	s.disk.enqueueDrop(p)
}

// unhit counts a piece as a miss that was counted as a hit on disk before.
func (s *Store) unhit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count.DiskHits--
	s.count.Misses++
}
