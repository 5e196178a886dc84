package cache

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"
)

// errRange means that a range is not within the piece.
var errRange = errors.New("cache: range outside the piece")

// A Lease gives the bytes of one piece and keeps its run from being evicted. Its
// reads, except ReadAhead, are safe for concurrent use. The caller calls Release after
// the last of them.
type Lease struct {
	s        *Store
	c        *content
	index    int
	size     int
	buf      *Buffer // nil: on disk
	released atomic.Bool

	r       *run          // keeps it from being evicted; nil: it is in memory or an origin alone
	file    *dataFile     // that of r, while it is read
	age     uint64        // of the run's guard, when the piece was believed
	reads   int           // of the piece, before the lease, in parts of readUnits
	served  atomic.Int64  // bytes read from the file
	paged   atomic.Int64  // bytes of it that went out as pages
	proving chan struct{} // this lease is to verify the piece; to be closed then

	ahead    *Buffer // what ReadAhead read; nil: nothing
	aheadAt  int64   // where in the piece that is
	aheadLen int     // bytes that are of use

	origin  *origin // where it comes from in place of the tiers
	version uint64  // of the origin's files, when the piece was hashed
}

// Len returns the piece's length in bytes.
func (l *Lease) Len() int { return l.size }

// Bytes returns the piece's content where it is in memory, else nil. The caller must
// not change it, nor use it after Release.
func (l *Lease) Bytes() []byte {
	if l.buf == nil {
		return nil
	}
	return l.buf.Bytes()
}

// ReadAt reads from the piece as io.ReaderAt does. It returns ErrLost where the disk
// fails.
func (l *Lease) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errRange
	}
	if off >= int64(l.size) {
		return 0, io.EOF
	}
	want := min(int64(len(p)), int64(l.size)-off)
	var n int
	if l.buf != nil {
		n = copy(p, l.buf.Bytes()[off:])
	} else if ahead := l.readAhead(off, want); ahead != nil {
		n = copy(p, ahead)
	} else if err := l.read(p[:want], off); err != nil {
		return 0, err
	} else {
		n = int(want)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// read fills p from the file. It gives the piece up where the disk fails.
func (l *Lease) read(p []byte, off int64) error {
	if l.origin != nil {
		return l.readOrigin(p, off)
	}
	n, err := l.file.f.ReadAt(p, l.r.offset(l.index)+off)
	switch {
	case n == len(p) && l.intact():
		l.served.Add(int64(n))
		return nil
	case n == len(p):
		err = errNotOurs
	case errors.Is(err, io.EOF):
		l.s.disk.distrust(l.r, l.age)
	default:
		l.lost(err)
	}
	return fmt.Errorf("%w: %w", ErrLost, err)
}

// WriteRange writes the n bytes from off on to w and returns how many it wrote. The
// error is w's, or ErrLost where the disk failed. In the second case the bytes written
// before are right, and the piece is gone from the cache.
//
// From disk a PageWriter takes what it can. The rest is read and written through a buffer.
func (l *Lease) WriteRange(w io.Writer, off, n int64) (int64, error) {
	if off < 0 || n < 0 || off+n > int64(l.size) {
		return 0, fmt.Errorf("%w: %d bytes at %d of %d", errRange, n, off, l.size)
	}
	if l.buf != nil {
		return writeAll(w, l.buf.Bytes()[off:off+n])
	}
	written, err := l.writePages(w, off, n)
	if err != nil || written == n {
		return written, err
	}
	copied, err := l.copyRange(w, off+written, n-written)
	return written + copied, err
}

// writeAll writes memory in parts, so that a writer's deadline can be set anew.
func writeAll(w io.Writer, p []byte) (written int64, err error) {
	for len(p) > 0 {
		n, err := w.Write(p[:min(len(p), maxMemoryWrite)])
		written += int64(n)
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

// copyRange writes from the file.
func (l *Lease) copyRange(w io.Writer, off, n int64) (written int64, err error) {
	b := l.s.copyBufs.Get(int(min(n, copyBytes)))
	defer b.Release()
	for written < n {
		part := b.Bytes()[:min(int64(b.Len()), n-written)]
		if err := l.read(part, off+written); err != nil {
			return written, err
		}
		m, err := w.Write(part)
		written += int64(m)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// Release ends the lease; further calls do nothing.
func (l *Lease) Release() {
	if l.released.Swap(true) {
		return
	}
	l.dropAhead()
	if l.buf != nil {
		l.buf.Release()
	}
	s, r := l.s, l.r
	if r == nil {
		return
	}
	if l.file != nil {
		s.disk.files.release(l.file)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	served, paged := l.served.Load(), l.paged.Load()
	if served+paged > 0 {
		s.disk.readAgain(r, l.index, int64(l.size))
	}
	r.read(l.index, served, int64(l.size))
	r.page(l.index, paged, int64(l.size))
	if r.leases--; r.leases > 0 || r.dead {
		return
	}
	if r.held > 0 {
		s.order.add(r)
	} else {
		s.disk.push(op{kind: opClear, r: r})
	}
}

// lost gives up a piece that the disk failed to read.
func (l *Lease) lost(err error) {
	s := l.s
	s.mu.Lock()
	s.count.ReadErrors++
	s.lose(l.r, l.index)
	s.mu.Unlock()
	s.disk.report("reading a cached piece", err)
}
