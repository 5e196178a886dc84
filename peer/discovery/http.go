package discovery

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// httpClient announces one torrent to one HTTP or HTTPS tracker over one family (BEP 3).
type httpClient struct {
	shared *Announcer
	family string // "4", "6", or "" for an address that is written out
	url    *url.URL
	place  contact.Key
	roots  *x509.CertPool // nil: the system's
}

var _ client = (*httpClient)(nil)

// announce implements client.
func (c *httpClient) announce(ctx context.Context, r *request) (*answer, error) {
	u := *c.url
	u.RawQuery = announceQuery(u.RawQuery, r)
	var a *answer
	err := c.get(ctx, &u, r.ask, func(status int, body []byte) (err error) {
		a, err = parseAnswer(body)
		if status != http.StatusOK && !errors.As(err, new(*refusal)) && (err != nil || !a.listed) {
			return fmt.Errorf("HTTP status %d", status)
		}
		return err
	})
	return a, err
}

// get sends a request when it is its turn, and has the answer read. The URL is used as it
// stands. Everybody learns how the tracker did: a *refusal is an answer, any other error of
// read says that it is not what was asked for.
func (c *httpClient) get(ctx context.Context, u *url.URL, ask contact.Ask, read func(status int, body []byte) error) error {
	d := &contact.Dialer{Network: c.shared.network, Gate: c.shared.gate, Ask: ask, Family: c.family}
	d.Ask.Keys, d.Ask.Open = []contact.Key{c.place}, true
	defer d.End()
	if err := d.Begin(ctx, contact.Target(u.Scheme, u.Host)); err != nil {
		return err
	}
	timed, cancel := context.WithTimeout(ctx, announceTimeout)
	defer cancel()
	status, body, err := c.exchange(timed, d, u)
	garbled := status != 0
	if err == nil {
		err = read(status, body)
	}
	switch {
	case err == nil, errors.As(err, new(*refusal)):
		d.Answered(c.place)
	case ctx.Err() == nil:
		d.Failed(err, garbled, c.place)
	}
	return err
}

// exchange is one request and its answer; the status is 0 where there was none.
func (c *httpClient) exchange(ctx context.Context, d *contact.Dialer, u *url.URL) (status int, body []byte, err error) {
	client := netguard.HTTPClient(d)
	transport := client.Transport.(*netguard.HTTPTransport)
	transport.MaxBody, transport.RootCAs = maxAnswer, c.roots
	resp, err := client.Do((&http.Request{
		Method: http.MethodGet,
		URL:    u,
		Host:   u.Host,
		Header: http.Header{"User-Agent": {defaultUserAgent}, "Accept-Encoding": {"gzip"}},
	}).WithContext(ctx))
	if resp == nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	if err == nil {
		body, err = readAnswer(resp)
	}
	return resp.StatusCode, body, err
}

// readAnswer reads a response's body, at most maxAnswer bytes of it as sent, by
// the transport's bound, and as unpacked. Whether it is packed its own first bytes say:
// labels are forgotten, and left on what was unpacked on its way. A body that is cut is
// what came of it.
func readAnswer(resp *http.Response) ([]byte, error) {
	sent, err := io.ReadAll(resp.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	var unpacker io.Reader
	switch encoding := strings.ToLower(resp.Header.Get("Content-Encoding")); {
	case bytes.HasPrefix(sent, []byte("\x1f\x8b")):
		unpacker, err = gzip.NewReader(bytes.NewReader(sent))
	case bytes.HasPrefix(sent, []byte("d")) || encoding != "deflate":
		return sent, nil
	default:
		if unpacker, err = zlib.NewReader(bytes.NewReader(sent)); err != nil {
			unpacker, err = flate.NewReader(bytes.NewReader(sent)), nil // as some servers take the word
		}
	}
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(unpacker, maxAnswer+1))
	switch {
	case len(body) > maxAnswer:
		return nil, &netguard.TooLargeError{What: "body", Max: maxAnswer}
	case len(body) > 0:
		return body, nil
	}
	return body, err
}

// announceQuery adds the parameters of an announce (BEP 3, 7, 23) to the query
// that the announce URL has, which stays as it is.
func announceQuery(query string, r *request) string {
	var sb strings.Builder
	sb.WriteString(query)
	add := func(name, value string) {
		if sb.Len() > 0 {
			sb.WriteByte('&')
		}
		sb.WriteString(name + "=" + value)
	}
	add("info_hash", escapeBytes(r.infoHash[:]))
	add("peer_id", escapeBytes(r.peerID[:]))
	add("port", strconv.Itoa(r.port))
	add("uploaded", strconv.FormatInt(r.uploaded, 10))
	add("downloaded", strconv.FormatInt(r.downloaded, 10))
	add("left", strconv.FormatInt(r.left, 10))
	add("key", fmt.Sprintf("%08X", r.key))
	if r.event != eventNone {
		add("event", r.event.String())
	}
	add("numwant", strconv.Itoa(r.numWant))
	add("compact", "1")
	add("no_peer_id", "1")
	if r.trackerID != "" {
		add("trackerid", escapeBytes([]byte(r.trackerID)))
	}
	return sb.String()
}

// escapeBytes percent-encodes all but the unreserved characters of RFC 3986
// section 2.3: net/url would write a space as "+", which some trackers take
// for a plus.
func escapeBytes(b []byte) string {
	const hex = "0123456789ABCDEF"
	var sb strings.Builder
	for _, c := range b {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("-._~", c) >= 0 {
			sb.WriteByte(c)
			continue
		}
		sb.WriteByte('%')
		sb.WriteByte(hex[c>>4])
		sb.WriteByte(hex[c&15])
	}
	return sb.String()
}
