package h1

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Only a head that is certain is for the fast lane.
func TestHead(t *testing.T) {
	const before = "GET /a?b HTTP/1.1\r\nHost: h\r\n"
	for text, want := range map[string]bool{
		before + "\r\n": true,
		"HEAD / HTTP/1.1\r\nhOsT: h:80\r\nRANGE: bytes=0-1\r\nif-range: \"x\"\r\n\r\n":                                     true,
		before + "Accept: */*\r\nAccept: a/b\r\nConnection: Keep-Alive\r\nCache-Control: no-cache\r\nOrigin: null\r\n\r\n": true,
		before: false, before + "\r": false, before + "\r\n\r\n": false, before + "\r\nG": false, "": false, "\r\n\r\n": false,
		"GET /a HTTP/1.1\r\n\r\n":                               false, // no Host
		"GET /a HTTP/1.0\r\nHost: h\r\n\r\n":                    false,
		"GET  /a HTTP/1.1\r\nHost: h\r\n\r\n":                   false,
		"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n":                  false,
		"GET http://h/a HTTP/1.1\r\nHost: h\r\n\r\n":            false,
		"POST /a HTTP/1.1\r\nHost: h\r\n\r\n":                   false,
		"get /a HTTP/1.1\r\nHost: h\r\n\r\n":                    false,
		"GET /\xc3 HTTP/1.1\r\nHost: h\r\n\r\n":                 false,
		"GET /a HTTP/1.1\nHost: h\r\n\r\n":                      false,
		"GET /a HTTP/1.1\r\nHost: h\n\r\n":                      false,
		"GET /a HTTP/1.1\r\nHost: h\r\n\n":                      false,
		"\r\n" + before + "\r\n":                                false,
		before + "Host: h\r\n\r\n":                              false, // twice
		before + "Range: bytes=0-1\r\nrange: bytes=0-1\r\n\r\n": false,
		before + "Content-Length: 0\r\n\r\n":                    false,
		before + "Transfer-Encoding: chunked\r\n\r\n":           false,
		before + "Authorization: Bearer x\r\nCookie: x\r\n\r\n": true,
		before + "Cookie: x\r\ncookie: y\r\n\r\n":               false,
		before + "Authorization: x\r\nAuthorization: x\r\n\r\n": false,
		before + "Proxy-Authorization: Bearer x\r\n\r\n":        false,
		before + "If-None-Match: \"x\"\r\n\r\n":                 false,
		before + "X-Forwarded-For: 1.2.3.4, 5.6.7.8\r\nVia: 1.1 a\r\nvia: 1.1 b\r\nX-Real-IP: 1.2.3.4\r\nCDN-Loop: a\r\n\r\n": true,
		before + "X-Forwarded-For: 1.2.3.4\r\nx-forwarded-for: 5.6.7.8\r\n\r\n":                                               false,
		before + "X-Forwarded-Prefix: /a\r\nX-Forwarded-Prefix: /b\r\n\r\n":                                                   false,
		before + "CDN-Loop: a\r\nCDN-Loop: b\r\n\r\n":                                                                         false,
		before + "Forwarded: for=a\r\nForwarded: for=b\r\n\r\n":                                                               false,
		before + "X-Forwarded-For:\t1.2.3.4\r\n\r\n":                                                                          false,
		before + "X-Forwarded-For: 1.2.3.4\r\n , 5.6.7.8\r\n\r\n":                                                             false,
		before + "X-Forwarded-Foo: 1.2.3.4\r\n\r\n":                                                                           false,
		before + "Expect: 100-continue\r\n\r\n":                                                                               false,
		before + "Connection: close\r\n\r\n":                                                                                  false,
		before + "Connection: keep-alive, Range\r\n\r\n":                                                                      false,
		before + "Cache-Control: only-if-cached\r\n\r\n":                                                                      false,
		before + "User-Agent:x\r\n\r\n":                                                                                       false,
		before + "User-Agent:  x\r\n\r\n":                                                                                     false,
		before + "User-Agent: x \r\n\r\n":                                                                                     false,
		before + "User-Agent: \r\n\r\n":                                                                                       false,
		before + "User-Agent : x\r\n\r\n":                                                                                     false,
		before + "User-Agent: x\r\n y\r\n\r\n":                                                                                false,
		before + "User-Agent: x\ty\r\n\r\n":                                                                                   false,
		before + "User-Agent: x\ry\r\n\r\n":                                                                                   false,
		before + "User-Agent: \xe9\r\n\r\n":                                                                                   false,
		before + " Accept: x\r\n\r\n":                                                                                         false,
		before + ": x\r\n\r\n":                                                                                                false,
		before + strings.Repeat("A", 100) + ": x\r\n\r\n":                                                                     false,
	} {
		var h Head
		if got := h.read([]byte(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	var h Head
	text := []byte("HEAD /x HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\nIf-Range: \"e\"\r\nUser-Agent: a b\r\nReferer: r\r\n" +
		"X-Forwarded-For: f, g\r\nForwarded: for=h\r\nX-Forwarded-Prefix: /p\r\nCDN-Loop: l\r\nAuthorization: k\r\nCookie: c\r\n\r\n")
	if !h.read(text) || !h.Alone || string(h.Target) != "/x" || string(h.Host) != "h" || string(h.Range) != "bytes=1-2" ||
		string(h.IfRange) != `"e"` || string(h.Agent) != "a b" || string(h.Referer) != "r" ||
		string(h.ForwardedFor) != "f, g" || string(h.Forwarded) != "for=h" || string(h.ForwardedPrefix) != "/p" || string(h.Loop) != "l" ||
		string(h.Authorization) != "k" || string(h.Cookie) != "c" {
		t.Errorf("%q is read as %+v", text, h)
	}
}

// FuzzHead: what is for the fast lane net/http reads as the same request, without a body and with nothing behind it.
func FuzzHead(f *testing.F) {
	f.Add([]byte("GET /a?b HTTP/1.1\r\nHost: h\r\nRange: bytes=0-1\r\nConnection: keep-alive\r\n\r\n"))
	f.Add([]byte("HEAD /%41 HTTP/1.1\r\nhost: h\r\nUser-Agent: x\r\nCache-Control: max-age=0\r\nReferer: y\r\nIf-Range: z\r\n\r\n"))
	f.Add([]byte("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1, unknown\r\nForwarded: for=x\r\nX-Forwarded-Prefix: /p\r\nCDN-Loop: a\r\nVia: 1.1 a\r\n\r\n"))
	f.Add([]byte("GET / HTTP/1.1\r\nHost: h\r\nauthorization: Basic x\r\nCookie: a=b; c=d\r\n\r\n"))
	f.Add([]byte("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var h Head
		before := bytes.Clone(text)
		ok := h.read(text)
		if !bytes.Equal(text, before) {
			t.Fatal("the bytes were changed in their place")
		}
		if !ok {
			return
		}
		if !endsHead(text) {
			t.Fatalf("%q does not end with its head", text)
		}
		in := bufio.NewReader(bytes.NewReader(text))
		r, err := http.ReadRequest(in)
		if err != nil {
			if strings.Contains(err.Error(), "invalid URI") || strings.Contains(err.Error(), "invalid URL escape") || strings.Contains(err.Error(), "parse ") {
				return // no answer for such a target is known
			}
			t.Fatalf("%q: %v", text, err)
		}
		if rest, _ := io.ReadAll(in); len(rest) > 0 || r.Body != http.NoBody || r.Close {
			t.Fatalf("%q: %d bytes left, or a body, or close", text, len(rest))
		}
		if (r.Method == "HEAD") != h.Alone || r.RequestURI != string(h.Target) || r.Host != string(h.Host) || !r.ProtoAtLeast(1, 1) {
			t.Fatalf("%q is %s %s of %s, and %+v", text, r.Method, r.RequestURI, r.Host, h)
		}
		for name, value := range map[string][]byte{"Range": h.Range, "If-Range": h.IfRange, "User-Agent": h.Agent, "Referer": h.Referer,
			"X-Forwarded-For": h.ForwardedFor, "X-Forwarded-Prefix": h.ForwardedPrefix, "Forwarded": h.Forwarded, "CDN-Loop": h.Loop,
			"Authorization": h.Authorization, "Cookie": h.Cookie} {
			if r.Header.Get(name) != string(value) || len(r.Header[name]) > 1 {
				t.Fatalf("%q: %s is %q and %q", text, name, r.Header[name], value)
			}
		}
	})
}
