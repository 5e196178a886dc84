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
	ctx    context.Context // the request's
	open   func(*metainfo.File, httprange.Range) (fetch.Content, error)
	charge func(time.Duration) time.Duration // takes work of the client; how long it has to wait for that
	next   func() (member, bool)
	first  *member // of the range, until it is queued
	stop   func()
	r      httprange.Range // what is not yet a stretch
	queue  []stretch
	ahead  int64 // bytes of content in queue
	failed error // of opening the stretch after queue

	passed int       // files of the torrent that were gone over and charged
	rested time.Time // when the client may have more
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
func newArchiveReader(ctx context.Context, a *archive, r httprange.Range, open func(*metainfo.File, httprange.Range) (fetch.Content, error)) *archiveReader {
	t := &archiveReader{ctx: ctx, open: open, r: r}
	t.next, t.stop = iter.Pull(a.withTrailer())
	for m, ok := t.next(); ok; m, ok = t.next() {
		if m.end() > r.Off {
			t.first, t.passed = &m, m.at
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
		yield(member{&metainfo.File{}, len(a.info.Files), end, zeros[:]})
	}
}

// fill asks for as much as may be asked for ahead, and charges the client for it.
func (t *archiveReader) fill() {
	passed, queued := t.passed, len(t.queue)
	defer func() {
		work := time.Duration(t.passed-passed)*archivePass + time.Duration(len(t.queue)-queued)*archiveFile
		t.rested = time.Now().Add(t.charge(work))
	}()
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
	t.passed = m.at
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

// rest waits until the client may have more.
func (t *archiveReader) rest() error {
	wait := time.Until(t.rested)
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
}

// WriteNext implements fetch.Content. A client that had more than its part of CPU time waits here.
func (t *archiveReader) WriteNext(w io.Writer) (n int64, err error) {
	if err := t.rest(); err != nil {
		return 0, err
	}
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
