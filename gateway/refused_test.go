package gateway

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// What net/http refuses before it is a request is a problem as others are, on a
// connection's first request and after others: with TLS and without, and where
// the operator asks.
func TestMalformedRequests(t *testing.T) {
	g, admin := serve(t, nil), serveAdmin(t, nil)
	secure, pool := serveTLS(t)
	hash, data := g.single(t, "a.bin", 50_000)
	secure.single(t, "a.bin", 50_000)
	path := hash.Path() + "/a.bin"
	content := "access-control-allow-origin: *"
	t.Run("plain", func(t *testing.T) {
		malformed(t, g.addr, path, data[:100], content, func() (net.Conn, error) { return net.Dial("tcp", g.addr) })
	})
	t.Run("TLS", func(t *testing.T) {
		malformed(t, secure.addr, path, data[:100], content, func() (net.Conn, error) {
			return tls.Dial("tcp", secure.addr, &tls.Config{RootCAs: pool})
		})
	})
	t.Run("TLS with ALPN", func(t *testing.T) {
		malformed(t, secure.addr, path, data[:100], content, func() (net.Conn, error) {
			return tls.Dial("tcp", secure.addr, &tls.Config{RootCAs: pool, NextProtos: []string{"http/1.1"}})
		})
	})
	t.Run("admin", func(t *testing.T) {
		malformed(t, admin.addr, "/livez", []byte("ok\n"), "x-content-type-options: nosniff", func() (net.Conn, error) { return net.Dial("tcp", admin.addr) })
	})
}

// malformed sends what is no request, after requests for path, which are answered with body.
func malformed(t *testing.T, addr, path string, body []byte, common string, dial func() (net.Conn, error)) {
	host := "Host: " + addr + "\n"
	for name, row := range map[string]struct {
		request string
		status  int
		says    string
	}{
		"no Host":             {"GET / HTTP/1.1\n\n", 400, "missing required Host header"},
		"two Hosts":           {"GET / HTTP/1.1\n" + host + host + "\n", 400, "not a request"},
		"a Host that is none": {"GET / HTTP/1.1\nHost: a/b\n\n", 400, "malformed Host header"},
		"a space in a name":   {"GET / HTTP/1.1\n" + host + "Range : bytes=0-1\n\n", 400, "invalid header name"},
		"NUL in a value":      {"GET / HTTP/1.1\n" + host + "X: a\x00b\n\n", 400, "not a request"},
		"two lengths":         {"GET / HTTP/1.1\n" + host + "Content-Length: 1\nContent-Length: 2\n\n", 400, "not a request"},
		"HTTP/0.9":            {"GET /robots.txt\n\n", 400, "not a request"},
		"a stranger's text":   {"<script> <b> <i>\n\n", 400, "not a request"},
		"a bad escape":        {"GET /100%zz HTTP/1.1\n" + host + "\n", 400, "two hexadecimal digits follow every %"},
		"too much":            {"GET / HTTP/1.1\n" + host + "X: " + strings.Repeat("x", 40<<10) + "\n\n", 431, "longer than 16.0 KiB"},
		"another coding":      {"GET / HTTP/1.1\n" + host + "Transfer-Encoding: gzip\n\n", 501, "transfer coding"},
		"another version":     {"GET / HTTP/3.0\n" + host + "\n", 505, "HTTP/1.1"},
		"another expectation": {"GET / HTTP/1.1\n" + host + "Expect: tea\n\n", 417, "100-continue"},
	} {
		t.Run(name, func(t *testing.T) {
			before := fmt.Sprintf("GET %s HTTP/1.1\n%sRange: bytes=0-99\n\n", path, host)
			for _, first := range []string{"", before, before + before} {
				conn, err := dial()
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(time.Minute))
				go func() { _, _ = io.WriteString(conn, strings.ReplaceAll(first+row.request, "\n", "\r\n")) }() // it may be too much to be taken
				all, _ := io.ReadAll(conn)                                                                       // a reset after the answer: what was sent was not read
				at := bytes.LastIndex(all, []byte(fmt.Sprintf("HTTP/1.1 %d ", row.status)))
				if n := strings.Count(first, "GET"); bytes.Count(all, body) != n || at < 0 {
					t.Fatalf("after %d requests: %q", n, all)
				}
				a := parseAnswer(t, all[at:], false)
				if a.status != row.status || a.cut || a.get("Content-Type") != "application/problem+json" || a.get("Content-Length") == "" ||
					a.get("Cache-Control") != "no-store" || a.get("Connection") != "close" || a.get("Date") == "" ||
					a.get("X-Content-Type-Options") != "nosniff" || !strings.Contains(strings.ToLower(string(all[at:])), common) || !strings.Contains(string(a.body), row.says) {
					t.Errorf("%d %v %s", a.status, a.header, a.body)
				}
				if strings.Contains(string(all[at:]), "script") {
					t.Errorf("it repeats what was sent: %s", a.body)
				}
			}
		})
	}
}

// Content that reads like such an answer is content.
func TestContentLikeARefusal(t *testing.T) {
	text := "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"
	data := []byte(strings.Repeat(text+strings.Repeat(" ", 256-len(text)), 1000)) // at every multiple of 256
	plain := serve(t, nil)
	secure, pool := serveTLS(t)
	for _, g := range []*gatewayTest{plain, secure} {
		hash := g.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": data})
		conn, err := net.Dial("tcp", g.addr)
		if err != nil {
			t.Fatal(err)
		}
		if g == secure {
			conn = tls.Client(conn, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"})
		}
		defer conn.Close()
		request := "GET " + hash.Path() + "/a.bin HTTP/1.1\nHost: " + g.addr + "\n"
		_ = conn.SetDeadline(time.Now().Add(time.Minute))
		if _, err := io.WriteString(conn, strings.ReplaceAll(strings.Repeat(request+"\n", 3)+request+"Connection: close\n\n", "\n", "\r\n")); err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(conn)
		if err != nil || bytes.Count(all, data) != 4 || bytes.Count(all, []byte("HTTP/1.1 200 OK\r\n")) != 4 || bytes.Contains(all, []byte("problem")) {
			t.Errorf("%d bytes of four times %d, %v", len(all), len(data), err)
		}
	}
}

// Methods without a resource: the server as a whole, and tunnels.
func TestMethodsOfNothing(t *testing.T) {
	g := serve(t, nil)
	for request, status := range map[string]int{
		"OPTIONS * HTTP/1.1\nHost: " + g.addr:                 204,
		"OPTIONS * HTTP/1.1\nHost: attacker.example":          421,
		"OPTIONS /nowhere HTTP/1.1\nHost: " + g.addr:          404,
		"GET * HTTP/1.1\nHost: " + g.addr:                     404,
		"POST /nowhere HTTP/1.1\nHost: " + g.addr:             405,
		"CONNECT " + g.addr + " HTTP/1.1\nHost: " + g.addr:    405,
		"CONNECT evil.example:1 HTTP/1.1\nHost: evil.example": 421,
	} {
		a := g.raw(t, request+"\nConnection: close\n\n")
		if a.status != status || (status == 204 || status == 405) && a.get("Allow") != allowed || status == 405 && a.get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", request, a.status, a.header)
		}
	}
}

// Over HTTP/2 a body that is not wanted ends its own stream alone: the answer comes, and the
// connection goes on.
func TestBodyOverHTTP2(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 50_000)
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	reused := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		if c.Reused {
			reused++
		}
	}})
	for _, size := range []int{1, 100_000, 0} {
		method, status := http.MethodPost, http.StatusMethodNotAllowed
		if size == 0 {
			method, status = http.MethodGet, http.StatusOK
		}
		req, err := http.NewRequestWithContext(ctx, method, "http://"+g.addr+hash.Path()+"/a.bin", bytes.NewReader(make([]byte, size)))
		if err != nil {
			t.Fatal(err)
		}
		res, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.ProtoMajor != 2 || res.StatusCode != status || status == http.StatusOK && !bytes.Equal(body, data) {
			t.Errorf("a body of %d bytes: %s %d, %v", size, res.Proto, res.StatusCode, err)
		}
	}
	if reused != 2 {
		t.Errorf("%d of 3 requests were on a connection that was there", reused)
	}
}

// Over HTTP/2 net/http writes what many streams have to send through one buffer, so that a
// write may begin anywhere in content.
func TestContentLikeARefusalOverHTTP2(t *testing.T) {
	g := serve(t, nil)
	const text = "HTTP/1.1 400 Bad"
	whole := []byte(strings.Repeat(text, 12_000/len(text)))
	transport := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	get := func(url string, want []byte) error {
		res, err := (&http.Client{Transport: transport}).Get(url)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if got, err := io.ReadAll(res.Body); err != nil || !bytes.Equal(got, want) {
			return fmt.Errorf("status %d, %d bytes of %d, %v: %.300q", res.StatusCode, len(got), len(want), err, got)
		}
		return nil
	}
	failed := make(chan error)
	for shift := range MaxStreamsPerClient / 2 {
		data := whole[:len(whole)-shift*331]
		hash := g.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": data})
		url := "http://" + g.addr + hash.Path() + "/a.bin"
		go func() {
			var err error
			for n := 0; n < 30 && err == nil; n++ {
				err = get(url, data)
			}
			failed <- err
		}()
	}
	for range MaxStreamsPerClient / 2 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}

// One that does not end is not waited for.
func TestEndlessBodyOverHTTP2(t *testing.T) {
	g := serve(t, nil)
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	for _, sent := range []int{0, 100_000} {
		body, writer := io.Pipe()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+g.addr+"/magnet", body)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = writer.Write(make([]byte, sent)) }()
		begun := time.Now()
		res, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); res.StatusCode != http.StatusMethodNotAllowed || took < discardTime || took > readHeaderTimeout {
			t.Errorf("after %d bytes: %d after %v", sent, res.StatusCode, took)
		}
		res.Body.Close()
		writer.Close()
	}
}
