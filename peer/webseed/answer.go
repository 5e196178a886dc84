package webseed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// An answer reads a part of the torrent's byte space from the server, by a request for each
// file that has some of it. Padding is zeros that nobody is asked for (BEP 47).
type answer struct {
	seed     *Seed
	ctx      context.Context
	from, to int64     // what is still to be read
	body     io.Reader // of the file's part that is open; nil: none is
	close    func() error
	left     int64 // bytes of it
	file     *metainfo.File
	short    int // answers that had less than was asked for
}

// read fills p, which lies within what is still to be read.
func (a *answer) read(p []byte) error {
	for len(p) > 0 {
		if a.left == 0 {
			if err := a.open(); err != nil {
				return err
			}
		}
		n, err := io.ReadFull(a.body, p[:min(int64(len(p)), a.left)])
		a.from, a.left, p = a.from+int64(n), a.left-int64(n), p[n:]
		if err != nil {
			return err
		}
	}
	return nil
}

// open begins with the file that is next.
func (a *answer) open() error {
	a.end()
	a.file = fileAt(a.seed.info, a.from)
	first := a.from - a.file.Offset
	a.left = min(a.to, a.file.Offset+a.file.Length) - a.from
	if a.file.Pad {
		a.body = zeros{}
		return nil
	}
	resp, err := a.seed.get(a.ctx, a.file, first, a.left)
	if err != nil {
		return err
	}
	a.body, a.close = resp.Body, resp.Body.Close
	start, end, err := checkAnswer(resp, a.file, first, a.left)
	if err != nil {
		return err
	}
	if end < first+a.left { // what is left of it is asked for next
		if a.short++; a.short > maxShort {
			return io.ErrUnexpectedEOF
		}
		a.left = end - first
	}
	_, err = io.CopyN(io.Discard, resp.Body, first-start)
	return err
}

// end closes what is open; a body that was read to its end leaves its connection to the
// next request.
func (a *answer) end() {
	if a.close != nil {
		_ = a.close()
		a.close = nil
	}
}

// get asks for n bytes from first of a file.
func (s *Seed) get(ctx context.Context, f *metainfo.File, first, n int64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fileURL(s.base, s.info, f), nil)
	if err != nil {
		return nil, &finalError{errors.New("the URL cannot be asked for")}
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", first, first+n-1))
	req.Header.Set("Accept-Encoding", "identity")
	req.Header.Set("User-Agent", "btgw")
	req.Header.Set(loopHeader, s.client.mark)
	resp, err := s.do(req)
	if wrapped := (*url.Error)(nil); final(err) && errors.As(err, &wrapped) && !s.asked(wrapped.URL) {
		return nil, &missingError{file: f, reason: cause(err)} // a redirect of this file leads where none may
	}
	return resp, err
}

// asked reports whether a URL is of the server that the seed names.
func (s *Seed) asked(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Host == s.base.Host
}

// encodings are the content codings that change the bytes of an answer (RFC 9110 section 18.6): any other
// label ("UTF-8", "none", "aws-chunked") changes none of them.
var encodings = []string{"gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi"}

// checkAnswer says which bytes of a file an answer to a request for n from first brings: those from start,
// some of which may come before first, up to end. Where its labels are wrong and
// its lengths are right it is taken: the hash decides. The error is why it is of no use, and costs the file.
func checkAnswer(resp *http.Response, f *metainfo.File, first, n int64) (start, end int64, err error) {
	useless := func(reason string) (int64, int64, error) { return 0, 0, &missingError{file: f, reason: reason} }
	size := resp.ContentLength
	label := resp.Header.Get("Content-Range")
	from, total, labelled := contentRange(label)
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch partial := resp.StatusCode == http.StatusPartialContent; {
	case !partial && resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNonAuthoritativeInfo:
		return 0, 0, refusal(resp, f)
	case labelled && (partial || size == lastOf(label)+1-from && size != f.Length): // by what it has, whatever it calls itself
		start, end, size = from, lastOf(label)+1, total
	case !partial, size == f.Length:
		end = f.Length
	case kind != "multipart/byteranges" && (size == n || size < 0): // it says nothing that can be read, and may be right
		start, end, size = first, first+n, f.Length
	default:
		return useless("the server answers another range than it was asked for")
	}
	encoded := slices.Contains(encodings, strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))))
	switch {
	case encoded && size != f.Length: // with the file's length it is a label of the file itself, as of a .gz
		return useless("the server encodes its answers unasked")
	case size >= 0 && size != f.Length:
		return useless("the server's file has another size")
	case start > first || end <= first:
		return useless("the server answers another range than it was asked for")
	case first-start > maxUnranged, start == 0 && end == f.Length && n < f.Length && f.Length > maxUnranged:
		return useless("the server does not serve ranges")
	}
	return start, end, nil
}

// contentRange reads "bytes 0-99/1000" (RFC 9110 section 14.4); size is -1 for "*".
func contentRange(value string) (first, size int64, ok bool) {
	unit, value, _ := strings.Cut(value, " ")
	span, total, _ := strings.Cut(value, "/")
	from, to, _ := strings.Cut(span, "-")
	first, err := parseCount(from)
	last, err2 := parseCount(to)
	if size = -1; total != "*" {
		var err3 error
		if size, err3 = parseCount(total); err3 != nil || last >= size {
			return 0, 0, false
		}
	}
	return first, size, strings.EqualFold(unit, "bytes") && err == nil && err2 == nil && first <= last
}

// lastOf is the last position of a Content-Range that is one.
func lastOf(value string) int64 {
	span, _, _ := strings.Cut(value, "/")
	last, _ := parseCount(span[strings.LastIndexByte(span, '-')+1:])
	return last
}

// parseCount reads a number without a sign.
func parseCount(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err
}

// zeros is padding.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
