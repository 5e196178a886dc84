package webseed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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
	if err := checkAnswer(resp, a.file, first, a.left); err != nil {
		return err
	}
	if resp.StatusCode == http.StatusOK {
		_, err = io.CopyN(io.Discard, resp.Body, first)
	}
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
	return s.client.http.Do(req)
}

// checkAnswer reports why an answer does not bring n bytes from first of the file.
func checkAnswer(resp *http.Response, f *metainfo.File, first, n int64) error {
	if e := resp.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return &finalError{errors.New("the server encodes its answers unasked")}
	}
	otherSize := &missingError{file: f, reason: "the server's file has another size"}
	switch resp.StatusCode {
	case http.StatusPartialContent:
		start, size, ok := contentRange(resp.Header.Get("Content-Range"))
		switch {
		case !ok || start != first:
			return &finalError{errors.New("the server answers another range than it was asked for")}
		case size >= 0 && size != f.Length:
			return otherSize
		}
		return nil
	case http.StatusOK:
		switch {
		case resp.ContentLength >= 0 && resp.ContentLength != f.Length:
			return otherSize
		case n < f.Length && f.Length > maxUnranged:
			return &finalError{errors.New("the server does not serve ranges")}
		}
		return nil
	}
	return refusal(resp, f)
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
