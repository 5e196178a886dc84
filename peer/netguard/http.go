package netguard

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
)

// HTTPClient returns a client for the small documents that swarm text points
// to. It differs from http.DefaultClient:
//
//   - Every connection goes through n.
//   - It follows at most [MaxRedirects] redirects, and sends no Referer to their
//     targets, since an announce URL holds a passkey.
//   - It speaks http and https alone, and heeds no proxy variable.
//   - It keeps no cookie and no idle connection.
//   - [HTTPTimeout], [MaxHTTPHeader] and [MaxHTTPBody] bound an exchange.
//
// It leaves no goroutine behind once a body is closed.
//
// The error is a [*ForbiddenError] when an address is refused and a
// [*TooLargeError] when a response is over its bound (by errors.As). The
// *url.Error around it names the URL: take it off before it is shown.
func HTTPClient(n Network) *http.Client {
	return &http.Client{Transport: &HTTPTransport{Network: n}, CheckRedirect: checkRedirect}
}

// checkRedirect bounds the chain of redirects and keeps URLs to themselves.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > MaxRedirects {
		return fmt.Errorf("more than %d redirects", MaxRedirects)
	}
	req.Header.Del("Referer")
	return nil
}

// UntilMagnet is a policy for redirects that ends them at a magnet link: indexers have one behind
// the URL of a .torrent. [MagnetLink] gives it. Of all others follow decides.
func UntilMagnet(follow func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(to *http.Request, via []*http.Request) error {
		if to.URL.Scheme == magnetScheme {
			return http.ErrUseLastResponse
		}
		return follow(to, via)
	}
}

// MagnetLink is the magnet link that a response redirects to, or "" where it redirects to none.
func MagnetLink(r *http.Response) string {
	link := r.Header.Get("Location")
	if scheme, _, ok := strings.Cut(link, ":"); r.StatusCode/100 != 3 || !ok || !strings.EqualFold(scheme, magnetScheme) {
		return ""
	}
	return link
}

const magnetScheme = "magnet"

// TooLargeError says that a response was larger than its bound.
type TooLargeError struct {
	What string // "header" or "body"
	Max  int64  // bytes
}

// Error implements error.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the response's %s is over %d bytes", e.What, e.Max)
}

// HTTPTransport is the http.RoundTripper of [HTTPClient]: one connection a
// request, closed with the response's body. Requests have no body. It is safe
// for concurrent use as long as its fields are not changed.
type HTTPTransport struct {
	Network Network
	RootCAs *x509.CertPool // authorities trusted for https; nil means the system's
	MaxBody int64          // bytes; 0 means MaxHTTPBody
}

var _ http.RoundTripper = (*HTTPTransport)(nil)

// RoundTrip implements http.RoundTripper.
func (t *HTTPTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		req.Body.Close()
		return nil, errors.New("netguard: a request with a body")
	}
	address, err := dialAddress(req.URL)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), HTTPTimeout)
	resp, err := t.exchange(ctx, cancel, req, address)
	if err != nil {
		err = because(ctx, err)
		cancel()
		return nil, err
	}
	return resp, nil
}

// exchange dials, sends the request and reads up to the response's body, which
// owns the connection and cancel when err is nil.
func (t *HTTPTransport) exchange(ctx context.Context, cancel context.CancelFunc, req *http.Request, address string) (*http.Response, error) {
	raw, err := t.Network.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	// The raw connection is what is closed: TLS would wait to say goodbye.
	unhook := context.AfterFunc(ctx, func() { raw.Close() })
	resp, err := t.talk(ctx, raw, req)
	if err == nil && resp.ContentLength > t.maxBody() {
		err = &TooLargeError{What: "body", Max: t.maxBody()}
	}
	if err != nil {
		unhook()
		raw.Close()
		return nil, err
	}
	resp.Body = &body{ctx: ctx, r: resp.Body, left: t.maxBody(), max: t.maxBody(), end: func() {
		unhook()
		raw.Close()
		cancel()
	}}
	return resp, nil
}

func (t *HTTPTransport) maxBody() int64 {
	if t.MaxBody > 0 {
		return t.MaxBody
	}
	return MaxHTTPBody
}

// talk sends the request and reads the response's header, over TLS for https.
func (t *HTTPTransport) talk(ctx context.Context, raw net.Conn, req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" {
		return transfer(raw, req)
	}
	secure := tls.Client(raw, &tls.Config{
		ServerName: req.URL.Hostname(),
		RootCAs:    t.RootCAs,
		NextProtos: []string{"http/1.1"},
	})
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return transfer(secure, req)
}

// transfer writes the request and reads the header of the final response.
func transfer(conn net.Conn, req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.Close = true
	out.URL.RawQuery = escapeQuery(out.URL.RawQuery)
	if err := out.Write(conn); err != nil {
		return nil, err
	}
	limit := &io.LimitedReader{R: conn, N: MaxHTTPHeader}
	br := bufio.NewReader(limit)
	for range maxInterim + 1 {
		resp, err := http.ReadResponse(br, out)
		if err != nil {
			if limit.N <= 0 {
				return nil, &TooLargeError{What: "header", Max: MaxHTTPHeader}
			}
			return nil, unquoted(err)
		}
		if resp.StatusCode >= 200 {
			limit.N = math.MaxInt64 // the body has a bound of its own
			resp.Request = req
			return resp, checkLocation(resp)
		}
	}
	return nil, fmt.Errorf("more than %d interim responses", maxInterim)
}

// unquoted replaces a parser's error, which quotes what the server sent: that may
// be a URL with a passkey. Errors of the connection stay.
func unquoted(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe) || errors.As(err, new(net.Error)) {
		return err
	}
	return errors.New("a malformed HTTP response")
}

// checkLocation refuses a redirect that http.Client could not parse, whose
// error would quote it.
func checkLocation(resp *http.Response) error {
	if location := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && location != "" {
		if _, err := resp.Request.URL.Parse(location); err != nil {
			return errors.New("a redirect to an invalid URL")
		}
	}
	return nil
}

// body bounds what is read and ends the exchange when it is closed.
type body struct {
	ctx       context.Context
	r         io.ReadCloser
	left, max int64
	end       func()
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one more than allowed, to tell the end from too much
	}
	n, err := b.r.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), &TooLargeError{What: "body", Max: b.max}
	}
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		err = because(b.ctx, err)
	}
	return n, err
}

// Close implements io.Closer. What was not read is thrown away with the
// connection.
func (b *body) Close() error {
	b.end()
	return nil
}

// because gives the context's end as the reason of the error that it caused.
func because(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	return err
}
