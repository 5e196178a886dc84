package clients

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// Exchange is a request for a file and what it was answered.
type Exchange struct {
	Range  string // what was asked for; "" is all
	Status int
	Offset int64 // where the body begins in the file
	Length int64 // of the body, in bytes
	Read   int64 // how many of them the player took
}

// Recorder stands between a player and a gateway. It notes each request for a file, and
// compares the header of each answer and each byte of its body with the file.
// Goroutines of the test may call its methods at once.
type Recorder struct {
	// URL is the file's, for the player.
	URL string

	path string // of the file on disk
	size int64

	mu        sync.Mutex
	exchanges []*Exchange
	wrong     []string
}

// Record passes requests for a file of a payload on to its URL at a gateway, until
// the end of the test.
func Record(tb testing.TB, p *Payload, file *metainfo.File, target string) *Recorder {
	tb.Helper()
	to, err := url.Parse(target)
	if err != nil {
		tb.Fatal(err)
	}
	r := &Recorder{path: p.Path(file), size: file.Length}
	transport := &http.Transport{DisableCompression: true}
	tb.Cleanup(transport.CloseIdleConnections)
	base := serveTest(tb, &httputil.ReverseProxy{
		Transport:      transport,
		FlushInterval:  -1,
		Rewrite:        func(pr *httputil.ProxyRequest) { pr.Out.URL, pr.Out.Host = to, to.Host },
		ModifyResponse: r.answered,
		ErrorHandler: func(w http.ResponseWriter, req *http.Request, err error) {
			if req.Context().Err() == nil {
				r.complain("%s: %v", req.Header.Get("Range"), err)
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	})
	r.URL = base + to.EscapedPath()
	return r
}

// Exchanges gives those so far, in the order of the answers.
func (r *Recorder) Exchanges() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]Exchange, len(r.exchanges))
	for i, x := range r.exchanges {
		all[i] = *x
	}
	return all
}

// Check fails the test unless every answer fits its request, and the player read an
// answer that begins between two places, as fractions of the file. Those are around the
// place that it sought to.
func (r *Recorder) Check(tb testing.TB, from, to float64) {
	tb.Helper()
	r.mu.Lock()
	wrong := strings.Join(r.wrong, "; ")
	r.mu.Unlock()
	if wrong != "" {
		tb.Errorf("wrong answers: %s", wrong)
	}
	exchanges := r.Exchanges()
	if !slices.ContainsFunc(exchanges, func(x Exchange) bool {
		at := float64(x.Offset) / float64(r.size)
		return x.Read > 0 && at >= from && at < to
	}) {
		tb.Errorf("nothing was asked from %.0f %% to %.0f %% of the file: %+v", 100*from, 100*to, exchanges)
	}
}

func (r *Recorder) complain(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrong = append(r.wrong, fmt.Sprintf(format, args...))
}

// answered notes an exchange and has its body compared.
func (r *Recorder) answered(resp *http.Response) error {
	x := &Exchange{Range: resp.Request.Header.Get("Range"), Status: resp.StatusCode, Length: resp.ContentLength}
	r.mu.Lock()
	r.exchanges = append(r.exchanges, x)
	r.mu.Unlock()
	begin, end := r.span(x.Range)
	want := fmt.Sprintf("bytes %d-%d/%d", begin, end, r.size)
	got := resp.Header.Get("Content-Range")
	switch {
	case resp.StatusCode == http.StatusOK && x.Range == "" && resp.ContentLength == r.size:
	case resp.StatusCode == http.StatusPartialContent && x.Range != "" && got == want && resp.ContentLength == end-begin+1:
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && begin >= r.size && got == fmt.Sprintf("bytes */%d", r.size):
		return nil
	default:
		r.complain("%q: status %d, Content-Range %q, Content-Length %d; the range is %s", x.Range, resp.StatusCode, got, resp.ContentLength, want)
		return nil
	}
	if resp.Request.Method == http.MethodHead {
		return nil
	}
	x.Offset = begin
	file, err := os.Open(r.path)
	if err != nil {
		return err
	}
	resp.Body = &compared{recorder: r, exchange: x, body: resp.Body, file: file, ctx: resp.Request.Context()}
	return nil
}

// span gives the first and the last byte that a player's Range asks for: all of
// those here ask for one range with a start.
func (r *Recorder) span(header string) (begin, end int64) {
	end = r.size - 1
	if n, err := fmt.Sscanf(header, "bytes=%d-%d", &begin, &end); n < 1 && header != "" {
		r.complain("a range of another form, %q: %v", header, err)
	}
	return begin, min(end, r.size-1)
}

// compared is a body that has to be what the file has.
type compared struct {
	recorder *Recorder
	exchange *Exchange
	body     io.ReadCloser
	file     *os.File
	ctx      context.Context // of the request: done when the player has gone
	want     []byte
}

// Read reads and compares.
func (c *compared) Read(b []byte) (int, error) {
	n, err := c.body.Read(b)
	c.want = append(c.want[:0], b[:n]...)
	at := c.exchange.Offset + c.exchange.Read
	if _, fileErr := c.file.ReadAt(c.want, at); fileErr != nil || string(c.want) != string(b[:n]) {
		c.recorder.complain("%q: other bytes than the file's from %d", c.exchange.Range, at)
	}
	c.recorder.mu.Lock()
	c.exchange.Read += int64(n)
	c.recorder.mu.Unlock()
	if err != nil && err != io.EOF && c.ctx.Err() == nil {
		c.recorder.complain("%q: cut after %d bytes: %v", c.exchange.Range, c.exchange.Read, err)
	}
	return n, err
}

// Close closes both.
func (c *compared) Close() error {
	c.file.Close()
	return c.body.Close()
}
