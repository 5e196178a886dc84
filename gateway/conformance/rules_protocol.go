package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

func protocolRules() []Rule {
	return []Rule{
		{ID: "http10", Source: "RFC 9112 C.2", What: "HTTP/1.0 gets a length and no chunks", check: func(p *probe) error {
			a, err := p.one(request{method: "GET", path: p.file, proto: "HTTP/1.0"})
			return first(err, func() error {
				return errors.Join(a.wants(200, "Content-Length", fmt.Sprint(p.size()), "Transfer-Encoding", ""), a.bytes(p.data))
			})
		}},
		{ID: "http10-no-host", Source: "RFC 9112 3.2", What: "HTTP/1.0 needs no Host", check: func(p *probe) error {
			a, err := p.one(request{method: "GET", path: p.file, proto: "HTTP/1.0", host: "-", lines: []string{"Range: bytes=10-19"}})
			return first(err, func() error { return errors.Join(a.wants(206), a.bytes(p.data[10:20])) })
		}},
		{ID: "keep-alive", Source: "RFC 9112 9.3", What: "a connection takes a HEAD, a range and an error one after the other", check: func(p *probe) error {
			answers, err := p.exchange(p.ctx,
				request{method: "HEAD", path: p.file, keep: true},
				request{method: "GET", path: p.file, keep: true, lines: []string{"Range: bytes=10-19"}},
				request{method: "GET", path: p.file, keep: true, lines: []string{"Range: bytes=5-2"}},
				request{method: "GET", path: p.file, lines: []string{"Range: bytes=0-9"}})
			return first(err, func() error {
				return errors.Join(answers[0].wants(200), answers[1].wants(206), answers[1].bytes(p.data[10:20]), answers[2].wants(416), answers[3].bytes(p.data[:10]))
			})
		}},
		{ID: "h2c", Source: "RFC 9113 3.3", What: "HTTP/2 without TLS, by prior knowledge", needs: func(p *probe) bool { return overHTTP2(p) && p.url.Scheme == "http" }, check: func(p *probe) error { return p.http2("", 200, p.data) }},
		{ID: "http2-range", Source: "RFC 9113", What: "a range over HTTP/2", needs: overHTTP2, check: func(p *probe) error { return p.http2("bytes=10-19", 206, p.data[10:20]) }},
		{ID: "http2-range-bad", Source: "RFC 9113", What: "one that is none", needs: overHTTP2, check: func(p *probe) error { return p.http2("bytes=5-2", 416, nil) }},
		{ID: "http2-head", Source: "RFC 9110 9.3.2", What: "HEAD over HTTP/2: the length, no body", needs: overHTTP2, check: func(p *probe) error {
			c := p.overHTTP2()
			defer c.CloseIdleConnections()
			res, body, err := c.ask(p, http.MethodHead, "")
			if err == nil && (res.ProtoMajor != 2 || res.StatusCode != 200 || res.ContentLength != int64(p.size()) || len(body) > 0) {
				err = fmt.Errorf("%s %d, length %d", res.Proto, res.StatusCode, res.ContentLength)
			}
			return err
		}},
		{ID: "http2-paused", Source: "http.md clients", What: "a stream that is not read holds up no other on its connection", needs: overHTTP2, check: (*probe).pausedStream},
	}
}

// pausedStream leaves one stream unread while another is read to its end.
func (p *probe) pausedStream() error {
	c := p.overHTTP2()
	defer c.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(p.ctx, exchangeTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url.Scheme+"://"+p.url.Host+p.prefix+p.file, nil)
	if err != nil {
		return err
	}
	paused, err := c.RoundTrip(req)
	if err != nil {
		return err
	}
	defer paused.Body.Close()
	start := make([]byte, glance(p.size()))
	if _, err := io.ReadFull(paused.Body, start); err != nil || !bytes.Equal(start, p.data[:len(start)]) {
		return fmt.Errorf("%d bytes of the first stream: %v", len(start), err)
	}
	for range 4 {
		res, body, err := c.ask(p, http.MethodGet, "bytes=0-")
		if err == nil && (res.ProtoMajor != 2 || res.StatusCode != 206 || !bytes.Equal(body, p.data)) {
			err = fmt.Errorf("beside it: %s %d, %d bytes", res.Proto, res.StatusCode, len(body))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// An http2Client asks over HTTP/2 alone.
type http2Client struct{ *http.Transport }

func (p *probe) overHTTP2() *http2Client {
	transport := &http.Transport{Protocols: new(http.Protocols), TLSClientConfig: p.tls.Clone(), DisableCompression: true}
	transport.Protocols.SetHTTP2(true)
	transport.Protocols.SetUnencryptedHTTP2(true)
	return &http2Client{transport}
}

// ask asks for the file, or a range of it, and reads the answer.
func (c *http2Client) ask(p *probe, method, ranged string) (*http.Response, []byte, error) {
	r := request{method: method, path: p.file}
	if ranged != "" {
		r.lines = []string{"Range: " + ranged}
	}
	return c.send(p, r)
}

// send sends a request and reads the answer. Where the body ends in an error, both are returned.
func (c *http2Client) send(p *probe, r request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(p.ctx, exchangeTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, p.url.Scheme+"://"+p.url.Host+p.prefix+r.path, nil)
	if err != nil {
		return nil, nil, err
	}
	req.Host = r.host
	for _, line := range r.lines {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	res, err := c.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return res, body, err
}

// http2 gets the file over HTTP/2.
func (p *probe) http2(ranged string, status int, want []byte) error {
	c := p.overHTTP2()
	defer c.CloseIdleConnections()
	res, body, err := c.ask(p, http.MethodGet, ranged)
	if err == nil && (res.ProtoMajor != 2 || res.StatusCode != status || want != nil && !bytes.Equal(body, want)) {
		err = fmt.Errorf("%s %d, %d bytes", res.Proto, res.StatusCode, len(body))
	}
	return err
}
