package gateway

import (
	"bytes"
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
// connection's first request and after others.
func TestMalformedRequests(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 50_000)
	path := hash.Path() + "/a.bin"
	host := "Host: " + g.addr + "\n"
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
		"a space in the path": {"GET /a b HTTP/1.1\n" + host + "\n", 400, "not a request"},
		"too much":            {"GET / HTTP/1.1\n" + host + "X: " + strings.Repeat("x", 40<<10) + "\n\n", 431, "longer than 16.0 KiB"},
		"another coding":      {"GET / HTTP/1.1\n" + host + "Transfer-Encoding: gzip\n\n", 501, "transfer coding"},
		"another version":     {"GET / HTTP/3.0\n" + host + "\n", 505, "HTTP/1.1"},
		"another expectation": {"GET / HTTP/1.1\n" + host + "Expect: tea\n\n", 417, "100-continue"},
	} {
		t.Run(name, func(t *testing.T) {
			before := fmt.Sprintf("GET %s HTTP/1.1\n%sRange: bytes=0-99\n\n", path, host)
			for _, first := range []string{"", before, before + before} {
				conn, err := net.Dial("tcp", g.addr)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
				go func() { _, _ = io.WriteString(conn, strings.ReplaceAll(first+row.request, "\n", "\r\n")) }() // it may be too much to be taken
				all, _ := io.ReadAll(conn)                                                                       // a reset after the answer: what was sent was not read
				at := bytes.LastIndex(all, []byte(fmt.Sprintf("HTTP/1.1 %d ", row.status)))
				if n := strings.Count(first, "GET"); bytes.Count(all, data[:100]) != n || at < 0 {
					t.Fatalf("after %d requests: %q", n, all)
				}
				a := parseAnswer(t, all[at:], false)
				if a.status != row.status || a.cut || a.get("Content-Type") != "application/problem+json" || a.get("Content-Length") == "" ||
					a.get("Cache-Control") != "no-store" || a.get("Connection") != "close" || a.get("Date") == "" ||
					a.get("X-Content-Type-Options") != "nosniff" || a.get("Access-Control-Allow-Origin") != "*" || !strings.Contains(string(a.body), row.says) {
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
	g := serve(t, nil)
	text := "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"
	data := []byte(strings.Repeat(text+strings.Repeat(" ", 256-len(text)), 1000)) // at every multiple of 256
	hash := g.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": data})
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	request := "GET " + hash.Path() + "/a.bin HTTP/1.1\nHost: " + g.addr + "\n"
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, strings.ReplaceAll(strings.Repeat(request+"\n", 3)+request+"Connection: close\n\n", "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(conn)
	if err != nil || bytes.Count(all, data) != 4 || bytes.Count(all, []byte("HTTP/1.1 200 OK\r\n")) != 4 || bytes.Contains(all, []byte("problem")) {
		t.Errorf("%d bytes of four times %d, %v", len(all), len(data), err)
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
