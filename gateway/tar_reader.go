package gateway

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// An archiveReader is a range of an archive as Content: stretches of headers, files and
// padding. A header goes out with the first bytes of its file. While one file is sent,
// the next ones are requested already, up to tarAhead bytes or tarAheadFiles of them.
// So small files do not cost a round trip each.
type archiveReader struct {
	open   func(*metainfo.File, httprange.Range) (fetch.Content, error)
	next   func() (member, bool)
	first  *member // of the range, until it is queued
	stop   func()
	r      httprange.Range // what is not yet a stretch
	queue  []stretch
	ahead  int64 // bytes of content in queue
	failed error // of opening the stretch after queue
}

// A stretch is what one member has within the range.
type stretch struct {
	head    []byte
	content fetch.Content // nil if n is 0
	n       int64         // bytes of content to go
	tail    int           // zeros after it
}

var _ fetch.Content = (*archiveReader)(nil)

// newArchiveReader goes over what is before the range.
func newArchiveReader(a *archive, r httprange.Range, open func(*metainfo.File, httprange.Range) (fetch.Content, error)) *archiveReader {
	t := &archiveReader{open: open, r: r}
	t.next, t.stop = iter.Pull(a.withTrailer())
	for m, ok := t.next(); ok; m, ok = t.next() {
		if m.end() > r.Off {
			t.first = &m
			break
		}
	}
	return t
}

// begin asks for the first files.
func (t *archiveReader) begin() (*archiveReader, error) {
	t.fill()
	if len(t.queue) == 0 && t.failed != nil {
		t.Close()
		return nil, t.failed
	}
	return t, nil
}

// withTrailer is members and, as one without content, what ends the archive.
func (a *archive) withTrailer() iter.Seq[member] {
	return func(yield func(member) bool) {
		var end int64
		for m := range a.members() {
			end = m.end()
			if !yield(m) {
				return
			}
		}
		yield(member{&metainfo.File{}, end, zeros[:]})
	}
}

// fill asks for as much as may be asked for ahead.
func (t *archiveReader) fill() {
	for t.r.N > 0 && t.failed == nil && len(t.queue) < tarAheadFiles && t.ahead < tarAhead {
		if t.first != nil {
			m := *t.first
			t.first = nil
			t.failed = t.add(m)
			continue
		}
		m, ok := t.next()
		if !ok {
			t.failed = io.ErrUnexpectedEOF // the range is within the archive
			return
		}
		t.failed = t.add(m)
	}
}

// add queues what m has of the range.
func (t *archiveReader) add(m member) error {
	within := func(off, end int64) (from, to int64) {
		from = max(off, t.r.Off)
		return from, max(from, min(end, t.r.End()))
	}
	var s stretch
	if from, to := within(m.off, m.content()); to > from {
		s.head = append(s.head, m.head[from-m.off:to-m.off]...)
	}
	if from, to := within(m.content(), m.padding()); to > from {
		content, err := t.open(m.file, httprange.Range{Off: from - m.content(), N: to - from})
		if err != nil {
			return err
		}
		s.content, s.n = content, to-from
	}
	from, to := within(m.padding(), m.end())
	s.tail = int(to - from)
	t.queue = append(t.queue, s)
	t.ahead += s.n
	end := min(m.end(), t.r.End())
	t.r = httprange.Range{Off: end, N: t.r.End() - end}
	return nil
}

// Wait implements fetch.Content.
func (t *archiveReader) Wait(ctx context.Context) error {
	switch {
	case len(t.queue) == 0 && t.failed != nil:
		return t.failed
	case len(t.queue) == 0:
		return io.EOF
	case t.queue[0].n > 0:
		return t.queue[0].content.Wait(ctx)
	}
	return nil
}

// WriteNext implements fetch.Content.
func (t *archiveReader) WriteNext(w io.Writer) (n int64, err error) {
	s := &t.queue[0]
	if len(s.head) > 0 {
		m, err := w.Write(s.head)
		n += int64(m)
		s.head = s.head[m:]
		if err != nil {
			return n, err
		}
	}
	if s.n > 0 {
		m, err := s.content.WriteNext(w)
		n += m
		s.n -= m
		t.ahead -= m
		if err != nil || s.n > 0 {
			return n, err
		}
	}
	if s.tail > 0 {
		m, err := w.Write(zeros[:s.tail])
		n += int64(m)
		s.tail -= m
		if err != nil {
			return n, err
		}
	}
	t.pop()
	t.fill()
	return n, nil
}

// Lone implements fetch.Content.
func (t *archiveReader) Lone() time.Duration {
	if len(t.queue) == 0 || t.queue[0].content == nil {
		return 0
	}
	return t.queue[0].content.Lone()
}

// pop lets go of the first stretch.
func (t *archiveReader) pop() {
	if c := t.queue[0].content; c != nil {
		c.Close()
	}
	copy(t.queue, t.queue[1:])
	t.queue[len(t.queue)-1] = stretch{}
	t.queue = t.queue[:len(t.queue)-1]
}

// Close implements fetch.Content.
func (t *archiveReader) Close() {
	t.stop()
	for len(t.queue) > 0 {
		t.pop()
	}
	t.r.N = 0
}
