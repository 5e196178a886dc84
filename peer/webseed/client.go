package webseed

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// loopHeader names who a request went through (RFC 8586): proxies pass it on unchanged.
const loopHeader = "CDN-Loop"

// Client is what the seeds of a process share. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	network netguard.Network
	gate    *contact.Gate
	mark    string
}

// NewClient returns a client whose every connection goes through n. It speaks http and https
// alone, heeds no proxy variable, keeps no cookie, and follows at most
// netguard.MaxRedirects redirects. What is asked of a seed that a stranger named passes g.
func NewClient(n netguard.Network, g *contact.Gate) *Client {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // a connection a range: there is no head of line to wait for
	return &Client{
		network: n, gate: g,
		mark: "btgw-" + strings.ToLower(rand.Text()),
		http: &http.Client{
			CheckRedirect: checkRedirect,
			Transport: &http.Transport{
				DialContext: n.DialContext, Protocols: protocols,
				DisableCompression: true, ReadBufferSize: 64 << 10,
				MaxResponseHeaderBytes: netguard.MaxHTTPHeader, ResponseHeaderTimeout: headerTime,
				TLSHandshakeTimeout: tlsTime, IdleConnTimeout: idleTime, MaxIdleConnsPerHost: maxRequests, MaxIdleConns: maxIdle,
			},
		},
	}
}

// Mark is what every request says in its CDN-Loop header, unlike that of any other process.
func (c *Client) Mark() string { return c.mark }

// Close closes the connections that wait for a next request. The seeds have ended.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// checkRedirect bounds the chain of redirects and keeps URLs to themselves: they may hold
// keys.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > netguard.MaxRedirects {
		return &finalError{fmt.Errorf("more than %d redirects", netguard.MaxRedirects)}
	}
	req.Header.Del("Referer")
	return nil
}
