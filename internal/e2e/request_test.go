package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

const (
	// keptBody is how much of a body an answer keeps: pages and documents.
	keptBody = 1 << 20
	// requestTime bounds a request, first byte and body together.
	requestTime = 2 * time.Minute
)

// answer is what a request got.
type answer struct {
	status int
	header http.Header
	length int64         // Content-Length
	body   []byte        // its first bytes
	n      int64         // bytes of it
	sum    string        // SHA-256 of it, in hexadecimal
	first  time.Duration // from the request to the header, which comes with the first bytes
	err    error         // whatever cut it
	url    string        // after redirects
}

// get asks for a URL; header has pairs of name and value. It may be called from
// any goroutine.
func (g *btgw) get(url string, header ...string) answer {
	ctx, cancel := context.WithTimeout(g.t.Context(), requestTime)
	defer cancel()
	s := g.open(ctx, url, header...)
	defer s.close()
	s.readAll()
	return s.answer
}

// stream is a body that is being read.
type stream struct {
	answer
	body io.ReadCloser
	hash hash.Hash
	end  context.CancelFunc
}

// open asks for a URL and returns when the header is there.
func (g *btgw) open(ctx context.Context, url string, header ...string) *stream {
	ctx, cancel := context.WithCancel(ctx)
	s := &stream{hash: sha256.New(), end: cancel, body: http.NoBody}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		s.err = err
		return s
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	begun := time.Now()
	resp, err := g.http.Do(req)
	s.first = time.Since(begun)
	if err != nil {
		s.err = err
		return s
	}
	s.status, s.header, s.length, s.body = resp.StatusCode, resp.Header, resp.ContentLength, resp.Body
	s.url = resp.Request.URL.String()
	return s
}

// read reads n more bytes.
func (s *stream) read(n int64) { s.copy(io.LimitReader(s.body, n)) }

// readAll reads the rest and sums all of it up.
func (s *stream) readAll() {
	s.copy(s.body)
	s.sum = hex.EncodeToString(s.hash.Sum(nil))
}

func (s *stream) copy(r io.Reader) {
	if s.err != nil {
		return
	}
	kept := &prefix{to: &s.answer.body}
	n, err := io.Copy(io.MultiWriter(s.hash, kept), r)
	s.n += n
	s.err = err
}

// close hangs up.
func (s *stream) close() {
	s.end()
	s.body.Close()
}

// prefix keeps the first keptBody bytes.
type prefix struct{ to *[]byte }

// Write never fails.
func (p *prefix) Write(b []byte) (int, error) {
	room := max(0, keptBody-len(*p.to))
	*p.to = append(*p.to, b[:min(room, len(b))]...)
	return len(b), nil
}

// is checks a whole answer: its status, its length and its bytes.
func (a answer) is(t *testing.T, what string, status int, sum string, n int64) {
	t.Helper()
	if a.err != nil || a.status != status || a.n != n || a.length != n || a.sum != sum {
		t.Errorf("%s: status %d, Content-Length %d, %d bytes, SHA-256 %s, error %v; want %d, %d bytes, %s; %s",
			what, a.status, a.length, a.n, a.sum, a.err, status, n, sum, excerpt(a))
	}
}

// excerpt is what an error says.
func excerpt(a answer) string {
	if a.status < 400 {
		return ""
	}
	return string(bytes.TrimSpace(a.body[:min(len(a.body), 2000)]))
}

// hints is a query that names trackers ("tr") and peers ("x.pe").
func hints(trackers []string, peers ...string) string {
	var q []string
	for _, tr := range trackers {
		q = append(q, "tr="+url.QueryEscape(tr))
	}
	for _, pe := range peers {
		q = append(q, "x.pe="+url.QueryEscape(pe))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + strings.Join(q, "&")
}

// urlOf is where a file of a torrent is.
func (g *btgw) urlOf(p *clients.Payload, f *metainfo.File, query string) string {
	segments := []string{url.PathEscape(p.Info.Name)}
	for _, name := range p.Info.Path(f) {
		segments = append(segments, url.PathEscape(name))
	}
	return g.url + p.Hash.Path() + "/" + strings.Join(segments, "/") + query
}

// files are those of a torrent that have a URL.
func files(p *clients.Payload) []*metainfo.File {
	var all []*metainfo.File
	for i := range p.Info.Files {
		if f := &p.Info.Files[i]; !f.Pad {
			all = append(all, f)
		}
	}
	return all
}

// wants gets every file of a torrent and expects its bytes.
func (g *btgw) wants(t *testing.T, p *clients.Payload, query string) {
	t.Helper()
	for _, f := range files(p) {
		a := g.get(g.urlOf(p, f, query))
		a.is(t, fmt.Sprintf("%q", p.Info.Path(f)), http.StatusOK, p.SHA256(f, 0, -1), f.Length)
	}
}

// wantsRange gets n bytes of a file from off and expects them.
func (g *btgw) wantsRange(t *testing.T, p *clients.Payload, f *metainfo.File, off, n int64, query string) {
	t.Helper()
	a := g.get(g.urlOf(p, f, query), "Range", fmt.Sprintf("bytes=%d-%d", off, off+n-1))
	a.is(t, fmt.Sprintf("%q from %d", p.Info.Path(f), off), http.StatusPartialContent, p.SHA256(f, off, n), n)
	want := fmt.Sprintf("bytes %d-%d/%d", off, off+n-1, f.Length)
	if got := a.header.Get("Content-Range"); got != want {
		t.Errorf("Content-Range %q, want %q", got, want)
	}
}

// problem is a problem document (RFC 9457).
type problem struct {
	Type       string           `json:"type"`
	Status     int              `json:"status"`
	Detail     string           `json:"detail"`
	Stage      string           `json:"stage"`
	Tried      map[string]int64 `json:"tried"`
	RetryAfter int              `json:"retry_after"`
}

// problem reads the document that an error's body is.
func (a answer) problem(t *testing.T) problem {
	t.Helper()
	var doc problem
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("Content-Type %q: %s", got, a.body)
	}
	if err := json.Unmarshal(a.body, &doc); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return doc
}
