package discovery

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/btgw/btgw/peer/netguard"
)

// httpClient announces to one HTTP or HTTPS tracker over one family (BEP 3).
type httpClient struct {
	http  *http.Client
	url   *url.URL
	agent string
}

var _ announcer = (*httpClient)(nil)

// newHTTPClient returns a client whose connections are of the family of socket:
// "tcp", "tcp4" or "tcp6".
func newHTTPClient(cfg *Config, u *url.URL, socket string) *httpClient {
	client := netguard.HTTPClient(familyNetwork{cfg.Network, socket})
	transport := client.Transport.(*netguard.HTTPTransport)
	transport.MaxBody = maxAnswer
	transport.RootCAs = cfg.roots
	return &httpClient{http: client, url: u, agent: defaultUserAgent}
}

// announce implements announcer.
func (c *httpClient) announce(ctx context.Context, r *request) (*answer, error) {
	u := *c.url
	u.RawQuery = announceQuery(u.RawQuery, r)
	resp, err := c.get(ctx, &u)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := readAnswer(resp)
	if err != nil {
		return nil, err
	}
	a, err := parseAnswer(body)
	if refused := new(refusal); resp.StatusCode != http.StatusOK && !errors.As(err, &refused) {
		return nil, fmt.Errorf("HTTP status %d", resp.StatusCode)
	}
	return a, err
}

// get sends a request. The URL is used as it stands.
func (c *httpClient) get(ctx context.Context, u *url.URL) (*http.Response, error) {
	return c.http.Do((&http.Request{
		Method: http.MethodGet,
		URL:    u,
		Host:   u.Host,
		Header: http.Header{"User-Agent": {c.agent}, "Accept-Encoding": {"gzip"}},
	}).WithContext(ctx))
}

// readAnswer reads a response's body, at most maxAnswer bytes of it as sent, by
// the transport's bound, and as unpacked.
func readAnswer(resp *http.Response) ([]byte, error) {
	if !strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		return io.ReadAll(resp.Body)
	}
	unpacked, err := gzip.NewReader(resp.Body)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(unpacked, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = &netguard.TooLargeError{What: "body", Max: maxAnswer}
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

// familyNetwork dials TCP over one family alone.
type familyNetwork struct {
	netguard.Network
	socket string
}

// DialContext implements netguard.Network.
func (n familyNetwork) DialContext(ctx context.Context, _, address string) (net.Conn, error) {
	return n.Network.DialContext(ctx, n.socket, address)
}
