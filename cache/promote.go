package cache

import "fmt"

// promote moves a leased piece from disk to the memory tier once reads of it have cost
// many times its length (promoteReads). Reading the whole piece once more is then a
// small part of that. Afterwards the lease reads from memory. Whether the piece stays
// there is up to the policy.
func (l *Lease) promote() error {
	s, r, i := l.s, l.r, l.index
	if l.file == nil || l.reads < promoteReads*readUnits || int64(l.size) > s.hot.bytes/promoteShare {
		return nil
	}
	b := s.pool.Get(l.size)
	if err := l.read(b.Bytes(), 0); err != nil {
		b.Release()
		return fmt.Errorf("to memory: %w", err)
	}
	s.disk.files.release(l.file)
	l.file, l.buf = nil, b
	s.mu.Lock()
	l.served.Store(0)
	if r.has(i) {
		*r.place(i) &= 1<<readsShift - 1
	}
	if l.c.pieces[i] != nil || !r.has(i) || s.closing {
		s.mu.Unlock()
		return nil
	}
	p := &piece{c: l.c, index: i, size: l.size}
	p.hot = &hotPiece{p: p, buf: b}
	l.c.add(p)
	b.Retain()
	h := p.hot
	s.mu.Unlock()
	s.hot.set(h)
	return nil
}
