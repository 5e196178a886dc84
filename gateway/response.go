package gateway

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/gateway/h1"
	"github.com/btgw/btgw/gateway/limit"
)

// A response is net/http's ResponseWriter with what telemetry needs and gin's
// own writer hides: the bytes that really went out, those of pages
// included. Body bytes are written to it directly, past gin.
type response struct {
	http.ResponseWriter
	from    io.ReaderFrom // the same writer; nil on HTTP/2
	conn    *h1.Conn      // nil where a header cannot be joined to its body
	control *http.ResponseController

	common    headerSet         // goes with every answer
	lines     []byte            // goes in its place, and of some lines more: as bytes, past the map
	learn     func(head []byte) // sees the head that goes out with lines; nil: nobody does
	client    limit.Client      // whom the request counts for
	query     *query            // what it asks for; nil of what is no content
	subdomain bool              // the host is a torrent's own
	canonical string            // of what is under a name: the URL that is forever; "" for others
	prefix    string            // in front of each path, as the client knows it

	token      access.Params // of a signed link, in the path
	linkPrefix string        // the part of prefix that has it
	pace       *rate.Limiter // what all transfers of the client share; nil: no bound
	grant      *grant        // what a signed link permits; nil where none was needed

	paid     bool  // the fast lane counted the request for its client, before it left it
	draining bool  // the server takes no new work
	status   int   // 0 until the header is written
	bytes    int64 // of body that the connection took
	unsent   error // the first failure to write: the client is gone or too slow

	infohash string    // of what it asks for, as it is understood; "" of what is no content
	source   string    // where the content was: cache, part, swarm; "" of other answers
	answered time.Time // when the header was written; the zero Time until then, or where nobody looks

	timed  bool   // somebody looks
	reason string // why the body was cut; error.type of telemetry
}

var (
	_ http.ResponseWriter = (*response)(nil)
	_ cache.PageWriter    = (*response)(nil)
)

// reset makes r write to w, in answer to req.
func (r *response) reset(w http.ResponseWriter, req *http.Request) {
	from, _ := w.(io.ReaderFrom)
	*r = response{ResponseWriter: w, from: from, control: http.NewResponseController(w)}
	r.conn = h1.Handling(req)
	r.paid = takePaid(r.conn)
}

// Unwrap serves http.ResponseController.
func (r *response) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// fixed sends lines with the header, common ones among them, and reports whether it
// can: if not, the caller sets them as others. What a grant limits is not among them. Of twenty lines in an answer most are
// always the same. Each costs net/http two entries in a map, a turn in its sorting, and
// a check of its bytes.
func (r *response) fixed(lines []byte) bool {
	if r.conn == nil || r.canonical != "" { // whose answers are kept for less time
		return false
	}
	r.lines = lines
	return true
}

// WriteHeader notes the status.
func (r *response) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
		if r.timed {
			r.answered = time.Now()
		}
		if r.lines != nil {
			r.conn.InsertLines(r.lines)
			r.conn.Learn(r.learn)
		} else {
			r.common.set(r.Header())
		}
		r.grant.limit(r.Header())
		if r.canonical != "" {
			limitNamed(r.Header(), status, r.canonical)
		}
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes that went out.
func (r *response) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	if r.bytes == 0 && r.conn != nil {
		r.conn.Cork()
	}
	n, err := r.ResponseWriter.Write(p)
	if r.bytes == 0 && r.conn != nil {
		err = errors.Join(err, r.conn.Uncork())
	}
	r.bytes += int64(n)
	if err != nil && r.unsent == nil {
		r.unsent = err
	}
	return n, err
}

// within has what is written fail after a time from now.
func (r *response) within(after time.Duration) error {
	if fast, ok := r.ResponseWriter.(*fastWriter); ok {
		return fast.conn.WriteWithin(after)
	}
	return r.control.SetWriteDeadline(time.Now().Add(after))
}

// paced reports whether bytes may have to wait before they go out.
func (r *response) paced() bool { return r.pace != nil || r.grant != nil && r.grant.pace != nil }

// pages reports whether WritePages can write anything.
func (r *response) pages() bool {
	if r.conn != nil {
		return r.from != nil
	}
	_, ok := r.ResponseWriter.(*fastWriter)
	return ok
}

// WritePages implements cache.PageWriter.
func (r *response) WritePages(f *os.File, off, n int64, intact func() bool) (wrote int64, err error) {
	if fast, ok := r.ResponseWriter.(*fastWriter); ok {
		wrote, err = fast.WritePages(f, off, n, intact)
	} else {
		wrote, err = r.pagesBelow(&h1.Pages{File: f, Off: off, N: n, Intact: intact})
	}
	r.bytes += wrote
	if err != nil && r.unsent == nil {
		r.unsent = err
	}
	return wrote, err
}

// pagesBelow has net/http hand pages to the connection, which it has write the header before.
func (r *response) pagesBelow(p *h1.Pages) (int64, error) {
	if r.bytes > 0 {
		return r.from.ReadFrom(p)
	}
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	r.conn.Cork()
	if err := r.control.Flush(); err != nil {
		return 0, err
	}
	n, err := r.from.ReadFrom(p)
	return n, errors.Join(err, r.conn.Uncork())
}

// responseOf finds the response under gin's writer.
func responseOf(c *gin.Context) *response {
	var w http.ResponseWriter = c.Writer
	for {
		if r, ok := w.(*response); ok {
			return r
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			panic("gateway: a handler runs outside of its server")
		}
		w = u.Unwrap()
	}
}
