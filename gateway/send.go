package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/access"
)

// A windowWriter is the body as fetch writes to it. Each deadlineWindow bytes get a
// write deadline of their own. So a client may be slow for as long as it likes, and may
// not stand still for longer than timeout.
type windowWriter struct {
	to      *response
	ctx     context.Context // the request's
	timeout time.Duration
	began   atomic.Pointer[time.Time] // of the window that is being written; nil where nobody looks
	kept    bool                      // somebody looks (keep.go)
	spare   int                       // bytes that next has let go out, and that did not
}

var _ cache.PageWriter = (*windowWriter)(nil)

// Write writes p window by window.
func (w *windowWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		window, err := w.next(len(p))
		if err != nil {
			return n, err
		}
		m, err := w.to.Write(p[:window])
		n += m
		if err != nil {
			return n, err
		}
		p = p[m:]
	}
	return n, nil
}

// WritePages implements cache.PageWriter, window by window.
func (w *windowWriter) WritePages(f *os.File, off, n int64, intact func() bool) (wrote int64, err error) {
	if !w.to.pages() {
		return 0, nil
	}
	for wrote < n {
		window, err := w.next(int(min(n-wrote, deadlineWindow)))
		if err != nil {
			return wrote, err
		}
		m, err := w.to.WritePages(f, off+wrote, int64(window), intact)
		wrote += m
		if w.spare = window - int(m); err != nil || w.spare > 0 {
			return wrote, err
		}
	}
	return wrote, nil
}

// next gives how many of n bytes may be written now, and sets the deadline for them.
func (w *windowWriter) next(n int) (int, error) {
	n, err := w.permitted(min(n, deadlineWindow))
	if err != nil {
		return 0, err
	}
	if w.kept {
		began := time.Now()
		w.began.Store(&began)
	}
	if err := w.to.within(w.timeout); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err // not supported: a writer of a test, without a connection
	}
	return n, nil
}

// permitted waits until bytes may go out by what bounds the client, and gives how many of n.
func (w *windowWriter) permitted(n int) (int, error) {
	if w.spare > 0 {
		n = min(n, w.spare)
		w.spare -= n
		return n, nil
	}
	if w.to.pace != nil {
		n = min(n, w.to.pace.Burst())
	}
	n, err := w.to.grant.next(n)
	if err == nil && w.to.pace != nil {
		err = w.to.pace.WaitN(w.ctx, n)
	}
	return n, err
}

// A streamer sends content in answer to one request, within a span.
type streamer struct {
	server *Server
	ctx    context.Context // the request's
	out    *response
	span   trace.Span
	window windowWriter

	watch func() (stop func()) // ends ctx when the client leaves, until stop; nil: somebody else does so
}

// streamer begins to send.
func (s *Server) streamer(a *fileAnswer) *streamer {
	ctx, span := s.spans.begin(a.c.Request.Context(), "send")
	return &streamer{server: s, ctx: ctx, out: responseOf(a.c), span: span}
}

// end ends the span, after a cut too.
func (s *streamer) end() {
	if s.span.IsRecording() {
		s.span.SetAttributes(semconv.HTTPResponseBodySize(int(s.out.bytes)))
	}
	s.span.End()
}

// writer begins what is written next.
func (s *streamer) writer() *windowWriter {
	s.window = windowWriter{to: s.out, ctx: s.ctx, timeout: s.server.clientTimeout}
	return &s.window
}

// body writes the n bytes of content. ready says that its first bytes have been
// waited for. A write of nothing means that the cache lost what was there, and
// it is waited for anew. When it cannot go on it cuts the connection and does not return:
// the length was promised, and only a short transfer tells the client.
func (s *streamer) body(content fetch.Content, n int64, ready bool) {
	w := s.writer()
	if s.server.maxPause > s.server.clientTimeout && n > deadlineWindow {
		w.kept = true
		defer s.server.keep(w)()
	}
	if s.watch != nil && s.out.paced() {
		stop := s.watch()
		s.watch = nil
		defer stop()
	}
	for empty := 0; n > 0; {
		if !ready {
			s.wait(content)
		}
		ready = false
		m, err := content.WriteNext(w)
		n -= m
		if empty++; m > 0 {
			empty = 0
		}
		if n > 0 {
			runtime.Gosched() // writes that do not wait would keep the processor from who comes
		}
		switch {
		case err != nil:
			s.cut(s.reason(err), err)
		case n < 0, empty > maxEmptyWrites:
			s.cut(reasonRead, io.ErrUnexpectedEOF)
		}
	}
}

// reason tells why a body ends with an error.
func (s *streamer) reason(err error) string {
	var quota *access.QuotaError
	switch {
	case errors.As(err, &quota):
		return reasonQuota
	case s.out.unsent != nil || s.ctx.Err() != nil:
		return reasonClient
	}
	return reasonRead
}

// text writes what stands around content.
func (s *streamer) text(text string) {
	if _, err := s.writer().Write([]byte(text)); err != nil {
		s.cut(reasonClient, err)
	}
}

// wait is the swarm's clock within a body. What is small enough to sit in a
// buffer goes out first.
func (s *streamer) wait(content fetch.Content) {
	if err := s.out.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		s.cut(reasonClient, err)
	}
	if s.watch != nil {
		defer s.watch()()
	}
	start := time.Now()
	clock := newDeadline(s.ctx, s.server.stallTimeout)
	err := clock.patiently(stallMost, func() error { return content.Wait(clock) })
	clock.end()
	s.server.telemetry.waited(s.ctx, time.Since(start), err)
	switch {
	case err == nil:
	case s.ctx.Err() != nil:
		s.cut(reasonClient, err)
	case errors.Is(err, io.EOF):
		s.cut(reasonRead, io.ErrUnexpectedEOF)
	default:
		s.cut(reasonStall, err)
	}
}

// Why a body was cut.
const (
	reasonClient = "client_gone" // it closed, or took nothing for too long
	reasonStall  = "swarm_stall" // the next piece did not come in time
	reasonQuota  = "quota"       // the user has had what it may have
	reasonRead   = "read_failed" // verified data could not be read after all
)

// cut ends the connection in the middle of a body.
func (s *streamer) cut(reason string, err error) {
	s.out.reason = reason
	s.server.log.Debug("response cut", "reason", reason, "bytes", s.out.bytes, "error", err)
	panic(http.ErrAbortHandler)
}
