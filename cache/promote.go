package cache

import "fmt"

// promote moves a leased piece from disk to the memory tier once reads of it have cost
// many times its length (promoteReads). Reading the whole piece once more is then a
// small part of that. Afterwards the lease reads from memory. Whether the piece stays
// there is up to the policy.
func (l *Lease) promote() error {
	s, p := l.s, l.p
	if l.file == nil || p.served.Load() < promoteReads*int64(p.size) ||
		int64(p.size) > s.hot.bytes/promoteShare {
		return nil
	}
	p.served.Store(0)
	b := s.pool.Get(p.size)
	if err := l.read(b.Bytes(), 0); err != nil {
		b.Release()
		return fmt.Errorf("to memory: %w", err)
	}
	p.served.Store(0)
	s.disk.files.release(l.file)
	l.file, l.buf = nil, b
	s.mu.Lock()
	if p.gone || p.hot != nil || p.buf != nil || s.closing {
		s.mu.Unlock()
		return nil
	}
	h := &hotPiece{p: p, buf: b}
	p.hot = h
	b.Retain()
	s.mu.Unlock()
	s.hot.set(h)
	return nil
}
