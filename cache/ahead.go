package cache

import (
	"fmt"
	"os"
)

// ReadAhead tells the lease that its caller is about to read the n bytes from off on,
// in parts. Where it pays, ReadAhead reads them at once, past the page cache. ReadAt
// then serves them from memory until the next ReadAhead or Release. It is a hint: if it
// achieves nothing, ReadAt reads from the file as ever. It must not run at the same
// time as another method of the lease.
//
// Bytes that were written past the page cache are not in it. A piece that is read once
// needs no place there: each copy would take a page, and push out pages that others
// use. A piece that is read again goes through the page cache.
//
// Through the page cache, reads of 16 KiB from a file outside it cost 1.0 to 3.2
// CPU-s/GB. Past it, 1 MiB at a time costs 0.1, 256 KiB 0.4 and 64 KiB 0.8.
func (l *Lease) ReadAhead(off int64, n int) {
	l.dropAhead()
	n = int(min(int64(n), maxAhead, int64(l.size)-off))
	if off < 0 || n < minDirect || l.file == nil || l.readBefore() >= int64(l.size) {
		return
	}
	s, at := l.s, l.r.offset(l.index)+off
	if at%directAlign != 0 || directFlag == 0 || s.disk.buffered.Load() {
		return
	}
	b := s.pool.Get((n + directAlign - 1) / directAlign * directAlign)
	l.ahead, l.aheadAt, l.aheadLen = b, off, n
	if s.aheadBytes.Add(int64(b.Len())) > s.cfg.MemoryBytes/aheadShare {
		l.dropAhead()
		return
	}
	if err := s.disk.readDirect(l.file, l.r, b.Bytes(), at, n); err != nil {
		s.disk.buffered.CompareAndSwap(false, notDirect(err))
		l.dropAhead()
		return // ReadAt sees what is wrong
	}
	if !l.intact() {
		l.dropAhead()
		return // likewise
	}
	l.served.Add(int64(n))
}

// readBefore returns how many bytes of the piece were read from disk.
func (l *Lease) readBefore() int64 {
	return int64(l.reads)*int64(l.size)/readUnits + l.served.Load()
}

// dropAhead gives up what was read ahead.
func (l *Lease) dropAhead() {
	if l.ahead == nil {
		return
	}
	l.s.aheadBytes.Add(-int64(l.ahead.Len()))
	l.ahead.Release()
	l.ahead = nil
}

// readAhead returns the n bytes from off on if they were read ahead, else nil.
func (l *Lease) readAhead(off, n int64) []byte {
	at := off - l.aheadAt
	if l.ahead == nil || at < 0 || at+n > int64(l.aheadLen) {
		return nil
	}
	return l.ahead.Bytes()[at : at+n]
}

// readDirect fills at least the first n bytes of p from a run's file, past the page
// cache. p may reach beyond the end of the file.
func (d *disk) readDirect(f *dataFile, r *run, p []byte, at int64, n int) error {
	direct, err := d.files.openDirect(f, r)
	if err != nil {
		return err
	}
	if got, err := direct.ReadAt(p, at); got < n {
		return fmt.Errorf("cache: %d of %d bytes read: %w", got, n, err)
	}
	return nil
}

// openDirect returns a second descriptor of a run's file, which reads and writes
// past the page cache. The caller holds the file; the descriptor is closed with it.
func (fs *dataFiles) openDirect(d *dataFile, r *run) (file, error) {
	fs.mu.Lock()
	direct := d.direct
	fs.mu.Unlock()
	if direct != nil {
		return direct, nil
	}
	f, err := fs.dir.OpenFile(r.name(), os.O_RDWR|directFlag)
	if err != nil {
		return nil, fmt.Errorf("cache: opening a data file: %w", err)
	}
	if err := sameFile(f, d.f); err != nil {
		_ = f.Close()
		return nil, err
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if d.direct != nil { // somebody was faster
		_ = f.Close()
	} else {
		d.direct = f
	}
	return d.direct, nil
}

// sameFile returns an error if two descriptors opened by one name show different files.
// The first file was then removed, and its content came again.
func sameFile(a, b file) error {
	x, err := a.Stamp()
	if err != nil {
		return err
	}
	y, err := b.Stamp()
	if err != nil {
		return err
	}
	if !x.same(y) {
		return os.ErrNotExist
	}
	return nil
}
