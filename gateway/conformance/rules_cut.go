package conformance

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// received sends a request and reads what comes until the connection ends. A body that is
// shorter than its length is no error here; one that goes on after it is.
func (p *probe) received(r request) (a *answer, length int64, err error) {
	ctx, cancel := context.WithTimeout(p.ctx, exchangeTime)
	defer cancel()
	conn, err := p.dial(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	r = p.below(r)
	if err := r.write(conn, p.url.Host); err != nil {
		return nil, 0, err
	}
	in := bufio.NewReader(io.LimitReader(conn, maxAnswer))
	if a, err = readHead(in); err != nil {
		return nil, 0, err
	}
	if length, err = strconv.ParseInt(a.get("Content-Length"), 10, 64); err != nil || a.chunked {
		return nil, 0, fmt.Errorf("status %d without a Content-Length", a.status)
	}
	var body bytes.Buffer
	_, _ = io.Copy(&body, in) // a reset is as good an end as another
	a.body = body.Bytes()
	if ctx.Err() != nil {
		return nil, 0, fmt.Errorf("%d bytes came, and then nothing, not even an end", len(a.body))
	}
	if int64(len(a.body)) > length {
		return nil, 0, fmt.Errorf("%d bytes for a length of %d", len(a.body), length)
	}
	return a, length, nil
}

// cut sends a request and checks that its body begins, and ends before its length.
func (p *probe) cut(status int, r request) (*answer, error) {
	a, length, err := p.received(r)
	switch {
	case err != nil:
		return nil, err
	case a.status != status:
		return nil, fmt.Errorf("status %d, not %d", a.status, status)
	case int64(len(a.body)) == length:
		return nil, fmt.Errorf("all %d bytes came", length)
	case len(a.body) == 0:
		return nil, errors.New("a body that never began")
	}
	return a, nil
}

func (p *probe) dyingLength() (n int64, etag string, err error) {
	a, err := p.do(http.MethodHead, p.dying)
	if err := first(err, func() error { return a.wants(200, "Accept-Ranges", "bytes") }); err != nil {
		return 0, "", err
	}
	n, err = strconv.ParseInt(a.get("Content-Length"), 10, 64)
	return n, a.get("Etag"), err
}

// unavailable checks the answer for what the swarm does not have.
func unavailable(a *answer) error {
	if a.status != 502 && a.status != 503 && a.status != 504 {
		return fmt.Errorf("status %d", a.status)
	}
	if n, err := strconv.Atoi(a.get("Retry-After")); err != nil || n < 1 {
		return fmt.Errorf("Retry-After %q", a.get("Retry-After"))
	}
	return errors.Join(a.has("Cache-Control", "no-store"),
		a.wants(a.status, "Content-Type", "application/problem+json", "Etag", "", "Content-Range", "", "Accept-Ranges", ""))
}

func cutRules() []Rule {
	const section = "http.md errors"
	dies := func(id, source, what string, check func(*probe) error) Rule {
		return Rule{ID: id, Source: source, What: what, needs: dying, check: check, together: true}
	}
	return []Rule{
		dies("cut-head", section, "HEAD of a file that cannot be had whole: its length, from the metadata", func(p *probe) error {
			_, _, err := p.dyingLength()
			return err
		}),
		dies("cut-length", "RFC 9112 8", "a body that cannot go on is cut short of its Content-Length", func(p *probe) error {
			_, err := p.cut(200, request{method: http.MethodGet, path: p.dying})
			return err
		}),
		dies("cut-keep-alive", "RFC 9112 9.6", "and the connection with it, kept alive or not", func(p *probe) error {
			_, err := p.cut(200, request{method: http.MethodGet, path: p.dying, keep: true})
			return err
		}),
		dies("cut-http10", section, "over HTTP/1.0 too", func(p *probe) error {
			_, err := p.cut(200, request{method: http.MethodGet, path: p.dying, proto: "HTTP/1.0"})
			return err
		}),
		dies("cut-http2", "RFC 9113 8.1", "over HTTP/2 the stream is reset, and the connection goes on", (*probe).resetStream),
		dies("cut-range", section, "a range is cut like a whole file", func(p *probe) error {
			a, err := p.cut(206, request{method: http.MethodGet, path: p.dying, lines: []string{"Range: bytes=1-"}})
			return first(err, func() error {
				if got := a.get("Content-Range"); !strings.HasPrefix(got, "bytes 1-") {
					return fmt.Errorf("Content-Range %q", got)
				}
				return nil
			})
		}),
		dies("cut-ranges", section, "several ranges have no end when one cannot be had", func(p *probe) error {
			a, _, err := p.received(request{method: http.MethodGet, path: p.dying, lines: []string{"Range: bytes=0-0,-1"}})
			return first(err, func() error {
				if a.status != 206 {
					return unavailable(a)
				}
				if bytes.HasSuffix(bytes.TrimSpace(a.body), []byte("--")) {
					return errors.New("they end as if they were whole")
				}
				return nil
			})
		}),
		dies("cut-archive", section, "an archive of it is cut too", func(p *probe) error {
			torrent, _ := split(p.dying)
			a, length, err := p.received(request{method: http.MethodGet, path: torrent + "/?format=tar"})
			return first(err, func() error {
				if int64(len(a.body)) == length {
					return fmt.Errorf("all %d bytes came", length)
				}
				return a.wants(200)
			})
		}),
		dies("cut-resume", "RFC 9110 13.1.5", "what came stands: it is there again by range, and the rest is 206 or an error that says when to try again", (*probe).resumes),
		dies("cut-dead", section, "a range that cannot be had at all is an error, and not stored", func(p *probe) error {
			a, err := p.get(p.dying, "Range: bytes=-1")
			return first(err, func() error { return unavailable(a) })
		}),
		dies("cut-cached-only", "RFC 9111 5.2.1.7", "only-if-cached of the whole file is 504 at once, without a first part", func(p *probe) error {
			a, err := p.get(p.dying, "Cache-Control: only-if-cached")
			return first(err, func() error {
				if a.took > promptTime {
					return fmt.Errorf("after %v", a.took)
				}
				return errors.Join(a.wants(504), a.has("Cache-Control", "no-store"))
			})
		}),
	}
}

// resetStream gets the file over HTTP/2, and then another thing on the same connection.
func (p *probe) resetStream() error {
	c := p.overHTTP2()
	defer c.CloseIdleConnections()
	res, body, err := c.send(p, request{method: http.MethodGet, path: p.dying})
	if res == nil {
		return err
	}
	if err == nil || res.StatusCode != 200 || res.ProtoMajor != 2 || len(body) == 0 {
		return fmt.Errorf("%s %d, %d bytes: %w", res.Proto, res.StatusCode, len(body), err)
	}
	after, _, err := c.send(p, request{method: http.MethodHead, path: p.dying})
	if err == nil && after.StatusCode != 200 {
		err = fmt.Errorf("status %d after it", after.StatusCode)
	}
	return err
}

// resumes goes on where a cut body ended.
func (p *probe) resumes() error {
	n, etag, err := p.dyingLength()
	if err != nil {
		return err
	}
	came, err := p.cut(200, request{method: http.MethodGet, path: p.dying})
	if err != nil {
		return err
	}
	if err := came.wants(200, "Etag", etag); err != nil {
		return err
	}
	had := len(came.body)
	again, err := p.get(p.dying, bounded(0, had), "If-Range: "+etag)
	if err := first(err, func() error { return errors.Join(again.wants(206, "Etag", etag), again.bytes(came.body)) }); err != nil {
		return fmt.Errorf("what came, again: %w", err)
	}
	rest, _, err := p.received(request{method: http.MethodGet, path: p.dying, lines: []string{fmt.Sprintf("Range: bytes=%d-", had), "If-Range: " + etag}})
	if err == nil && rest.status == 206 {
		return rest.wants(206, "Etag", etag, "Content-Range", fmt.Sprintf("bytes %d-%d/%d", had, n-1, n))
	}
	return first(err, func() error { return unavailable(rest) })
}
