package cache

import (
	"io"
	"os"
)

// A PageWriter takes bytes of a file without copying them: their pages in the page cache go to a socket
// (splice, sendfile).
type PageWriter interface {
	// WritePages writes the n bytes of f from off on, and returns how many it wrote. It asks intact each time
	// that it has taken pages, before it sends any of them, and does not send them if the answer is false. It may
	// write fewer without an error: those that follow are then read, and written by Write.
	WritePages(f *os.File, off, n int64, intact func() bool) (int64, error)
}

// writePages writes bytes of the run's file as its pages, as far as w takes them.
//
// Pages that wait in a socket go out as they are then, not as they were. We never change
// them: a run's bytes are written once, or again as they were, and its file is deleted whole.
// Somebody else's changes are seen as with reads: the file is looked at before the lease, and
// between the file and the socket. A change in place of pages that wait in a socket comes too
// late for that.
func (l *Lease) writePages(w io.Writer, off, n int64) (int64, error) {
	to, ok := w.(PageWriter)
	if !ok || n < minPages || l.origin != nil {
		return 0, nil
	}
	f, ok := l.file.f.(osFile)
	if !ok {
		return 0, nil
	}
	written, err := to.WritePages(f.File, l.r.offset(l.index)+off, n, l.intact)
	l.paged.Add(written)
	return written, err
}
