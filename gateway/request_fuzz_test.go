package gateway

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// Whatever arrives as a head, the answer is one of those of the contract, and
// its header is well-formed.
func FuzzRequest(f *testing.F) {
	backend := newFakeBackend()
	data := random(1, 3000)
	hash := backend.add(f, "d", metainfo.V1, map[string][]byte{"a.txt": data, "b/c.html": random(2, 20)})
	s, err := New(Config{Backend: backend, FirstByteTimeout: time.Millisecond, CheckAddr: noPrivate})
	if err != nil {
		f.Fatal(err)
	}
	path := hash.Path()
	for _, seed := range []string{
		"GET " + path + "/d/a.txt HTTP/1.1\nHost: localhost\nRange: bytes=5-9,1000-2000\nIf-Range: \"x\"",
		"HEAD " + path + "/d/b/ HTTP/1.1\nHost: localhost\nAccept: text/html",
		"GET " + path + "/d/a.txt?x.pe=203.0.113.1:1&filename=%0d%0a HTTP/1.0\n",
		"GET /magnet?xt=urn:btih:" + v1Hex + "&tr=http://t.example/ HTTP/1.1\nHost: localhost",
		"OPTIONS " + strings.ToUpper(path) + " HTTP/1.1\nHost: [::1]:80",
		"POST /btih/x HTTP/1.1\nHost: localhost\nContent-Length: 0",
		"HEAD /. HTTP/1.1\nHost: localhost",
		"GET /.//evil.example/.. HTTP/1.1\nHost: localhost",
	} {
		f.Add(seed)
	}
	statuses := map[int]bool{200: true, 204: true, 206: true, 301: true, 302: true, 304: true, 400: true, 404: true, 405: true, 412: true, 416: true, 421: true, 504: true}
	f.Fuzz(func(t *testing.T, head string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n")))
		if err != nil {
			return
		}
		r.RemoteAddr = "127.0.0.1:1" // a client of elsewhere has only so many requests a second
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if !statuses[w.Code] {
			t.Fatalf("status %d", w.Code)
		}
		for name, values := range w.Header() {
			for _, value := range values {
				if strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c >= 0x7f }) {
					t.Fatalf("%s: %q", name, value)
				}
			}
		}
		if n, err := strconv.Atoi(w.Header().Get("Content-Length")); err == nil && r.Method != "HEAD" && n != w.Body.Len() {
			t.Fatalf("Content-Length %d of %d bytes", n, w.Body.Len())
		}
		if location := w.Header().Get("Location"); location != "" && (location[0] != '/' || len(location) > 1 && (location[1] == '/' || location[1] == '\\')) {
			t.Fatalf("a redirect to %q", location)
		}
	})
}
