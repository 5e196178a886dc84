package gateway

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/gateway/limit"
)

// A trusted proxy may ask for a range as a whole ("Prefer: whole", RFC 7240): it
// is answered when all of it is there, or with the error that another answer
// would have been cut with. nginx needs it: of an answer that it makes of slices
// it leaves out the rest of one that is cut, and goes on with the next, so that
// its client gets a body with a hole. An error makes it cut its own answer.
//
// Such ranges are held in memory: they are of at most wholeBytes, and wholeSlots
// of them at once. Others are answered as usual.

// wholes has the buffers of whole ranges, and counts them.
type wholes struct {
	slots   chan struct{}
	buffers sync.Pool // of *bytes.Buffer
}

func newWholes() *wholes {
	return &wholes{slots: make(chan struct{}, wholeSlots), buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
}

// enter takes a place if there is one; leave gives it back.
func (w *wholes) enter() bool {
	select {
	case w.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

func (w *wholes) leave() { <-w.slots }

// asksWhole reports whether a request is from a trusted proxy that asks for a
// range as a whole.
func (s *Server) asksWhole(r *http.Request) bool {
	if len(r.Header["Prefer"]) == 0 || !s.proxies.Trusts(limit.AddrOf(r.RemoteAddr)) {
		return false
	}
	for _, line := range r.Header["Prefer"] {
		for preference := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(preference), "whole") {
				return true
			}
		}
	}
	return false
}

// sendWhole sends one range as the whole body once all of it is there. content
// is begun.
func (s *Server) sendWhole(a *fileAnswer, content fetch.Content, status int, r httprange.Range) {
	buffer := s.wholes.buffers.Get().(*bytes.Buffer)
	defer s.wholes.buffers.Put(buffer)
	buffer.Reset()
	buffer.Grow(int(r.N))
	for empty := 0; int64(buffer.Len()) < r.N; {
		n, err := content.WriteNext(buffer)
		if empty++; n > 0 {
			empty = 0
		}
		if err == nil && empty > maxEmptyWrites {
			err = io.ErrUnexpectedEOF
		}
		if err == nil && int64(buffer.Len()) < r.N {
			err = content.Wait(a.deadline)
		}
		if err != nil {
			s.fail(a.c, a.target.hash, err)
			return
		}
	}
	a.c.Writer.Header()["Preference-Applied"] = []string{"whole"}
	a.setRange(s, status, r)
	if _, err := s.writer(a.c).Write(buffer.Bytes()); err != nil {
		responseOf(a.c).reason = reasonClient
		panic(http.ErrAbortHandler)
	}
}
