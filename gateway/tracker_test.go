package gateway

import (
	"net/http"
	"net/netip"
	"testing"
)

// echoTracker answers with what it was asked.
type echoTracker struct{}

func (echoTracker) Announce(query string, from netip.Addr) []byte {
	return []byte(query + " from " + from.String())
}

func (echoTracker) ServeWebSocket(w http.ResponseWriter, _ *http.Request, from netip.Addr) {
	http.Error(w, from.String(), http.StatusTeapot)
}

func (echoTracker) Scrape(query string) []byte { return []byte("scrape " + query) }

// TestTracker has announces from this machine, through a proxy that is trusted, and through one
// that does not say for whom.
func TestTracker(t *testing.T) {
	for _, tt := range []struct {
		proxies []string
		request string
		status  int
		want    string
	}{
		{nil, "GET /announce?a=%20b HTTP/1.1\nHost: localhost\nConnection: close\n\n", 200, "a=%20b from 127.0.0.1"},
		{nil, "GET /announce?a HTTP/1.1\nHost: localhost\nX-Forwarded-For: 192.0.2.7\nConnection: close\n\n", 200, "a from 127.0.0.1"},
		{[]string{"127.0.0.1"}, "GET /announce?a HTTP/1.1\nHost: localhost\nX-Forwarded-For: 198.51.100.1, 192.0.2.7\nConnection: close\n\n", 200, "a from 192.0.2.7"},
		{[]string{"127.0.0.1"}, "GET /announce?a HTTP/1.1\nHost: localhost\nX-Forwarded-For: unknown\nConnection: close\n\n", 200, "a from invalid IP"},
		{nil, "GET /scrape?x HTTP/1.1\nHost: localhost\nConnection: close\n\n", 200, "scrape x"},
		{nil, "GET /announce?a HTTP/1.0\n\n", 200, "a from 127.0.0.1"},
		{nil, "DELETE /announce HTTP/1.1\nHost: localhost\nConnection: close\n\n", 405, ""},
	} {
		g := serve(t, func(cfg *Config) { cfg.Tracker, cfg.TrustedProxies = echoTracker{}, tt.proxies })
		a := g.raw(t, tt.request)
		if a.status != tt.status || tt.want != "" && string(a.body) != tt.want {
			t.Errorf("%q: %d %q, want %d %q", tt.request, a.status, a.body, tt.status, tt.want)
		}
		if a.status == 200 && (a.get("Cache-Control") != cacheNone || a.get("Content-Length") == "") {
			t.Errorf("%q: %v", tt.request, a.header)
		}
	}
	g := serve(t, nil)
	if a := g.raw(t, "GET /announce?a HTTP/1.1\nHost: localhost\nConnection: close\n\n"); a.status != 404 {
		t.Errorf("%d without a tracker", a.status)
	}
}
