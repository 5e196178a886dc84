package gateway

import (
	"maps"
	"net/http"
	"testing"
)

// What goes past net/http's map of header lines over HTTP/1 is what goes through it
// over HTTP/2, on a host of the torrent's own too.
func TestHeadersOfBothVersions(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.Subdomains = "gateway.example" })
	hash, _ := g.single(t, "a.bin", 100_000)
	two := new(http.Protocols)
	two.SetUnencryptedHTTP2(true)
	clients := []*http.Client{{Transport: &http.Transport{}}, {Transport: &http.Transport{Protocols: two}}}
	ask := func(c *http.Client, method, host, path string, header ...string) http.Header {
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+g.addr+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		resp.Header.Del("Date")
		resp.Header.Del("Server-Timing") // times
		return resp.Header
	}
	own := labels.EncodeToString(hash.Bytes()) + ".gateway.example"
	for _, r := range [][]string{
		{"GET", "localhost", hash.Path() + "/a.bin"},
		{"GET", "localhost", hash.Path() + "/a.bin", "Range", "bytes=0-9"},
		{"GET", "localhost", hash.Path() + "/a.bin", "Range", "bytes=5000-90000"},
		{"GET", "localhost", hash.Path() + "/a.bin", "If-None-Match", "*"},
		{"GET", "localhost", hash.Path() + "/a.bin", "Range", "bytes=100000-"},
		{"HEAD", "localhost", hash.Path() + "/a.bin"},
		{"GET", own, "/a.bin"},
		{"HEAD", own, "/a.bin"},
	} {
		one, other := ask(clients[0], r[0], r[1], r[2], r[3:]...), ask(clients[1], r[0], r[1], r[2], r[3:]...)
		if !maps.EqualFunc(one, other, func(a, b []string) bool { return len(a) == 1 && len(b) == 1 && a[0] == b[0] }) {
			t.Errorf("%v: over HTTP/1.1\n%v\nover HTTP/2\n%v", r, one, other)
		}
		if one.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%v: %v", r, one)
		}
	}
	for _, c := range clients {
		c.CloseIdleConnections()
	}
}
