package cache

import "fmt"

// promote moves a piece that is leased from disk to the memory tier, if it is read
// from disk so much that reading it once more as a whole is a small part of that.
// The lease is one from memory afterwards. Whether the piece stays there is up to
// the policy.
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
