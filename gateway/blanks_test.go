package gateway

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRawBlanks(t *testing.T) {
	g := serve(t, nil)
	data := random(1, 5000)
	hash := g.backend.add(t, "my films", 1, map[string][]byte{"one two  three.mkv": data, "a": data[:5]})
	path := hash.Path() + "/my films/one two  three.mkv"
	const head = "\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	for line, status := range map[string]string{
		"GET " + path + " HTTP/1.1":                         "200",
		"HEAD " + path + " HTTP/1.1":                        "200",
		"GET " + path + " HTTP/1.0":                         "200",
		"GET " + path + "?filename=x y&dn=a b HTTP/1.1":     "200",
		"GET " + hash.Path() + "/my films/ HTTP/1.1":        "200",
		"GET " + hash.Path() + "/my none here HTTP/1.1":     "404",
		"GET " + path + "  HTTP/1.1":                        "400", // a blank at its end, or two before the version
		"GET  " + path + " HTTP/1.1":                        "400",
		"GET " + path + " HTTP/1.1 HTTP/1.1":                "400",
		"GET " + path + " HTTP/2.0":                         "400",
		"GET " + path:                                       "400",
		"GET a b HTTP/1.1":                                  "400",
		"POST " + path + " HTTP/1.1":                        "400",
		"GET http://localhost" + path + " HTTP/1.1":         "400",
		"GET\t" + path + " HTTP/1.1":                        "400",
		"GET " + strings.Repeat("/a b", 1500) + " HTTP/1.1": "404", // longer than what is read at once
	} {
		if strings.Contains(line, "/a b/a b") {
			status = "400" // then it is not certain that the rest is of the same line
		}
		if got := g.rawText(t, line+head); len(got) < 12 || got[9:12] != status {
			t.Errorf("%.80q: %.60q, not %s", line, got, status)
		}
	}
	// One after the other on a connection, and many at once; with TLS the same code reads.
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	in := bufio.NewReader(conn)
	for range 200 {
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 || !bytes.Equal(body, data) {
			t.Fatalf("%d, %d bytes, %v", res.StatusCode, len(body), err)
		}
	}
}

// Blanks make a line longer than the buffer that it was read into.
func TestLineReader(t *testing.T) {
	for _, early := range []bool{false, true} {
		request := "GET /" + strings.Repeat("a b", 1000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
		want := "GET /" + strings.Repeat("a%20b", 1000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
		in := strings.NewReader(request)
		var l lineReader
		var got []byte
		if early {
			l.within.Store(true)
			one := make([]byte, 1)
			if n, err := l.read(one, in.Read); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			got = append(got, one...)
			l.next()
		}
		for p := make([]byte, 4096); ; {
			n, err := l.read(p, in.Read)
			got = append(got, p[:n]...)
			if err == io.EOF {
				break
			}
		}
		if string(got) != want {
			t.Errorf("early %t: %d bytes, not %d: %.40q", early, len(got), len(want), got)
		}
	}
}

// FuzzEscapeBlanks: only blanks of the target change, and net/http takes what comes out.
func FuzzEscapeBlanks(f *testing.F) {
	f.Add([]byte("GET /a b HTTP/1.1\r"))
	f.Add([]byte("HEAD /a  b?c d HTTP/1.0"))
	f.Add([]byte("GET /a HTTP/1.1 b HTTP/1.1"))
	f.Fuzz(func(t *testing.T, line []byte) {
		before := bytes.Clone(line)
		out := escapeBlanks(line)
		if !bytes.Equal(line, before) {
			t.Error("the line was changed in its place")
		}
		if out == nil {
			return
		}
		if bytes.Count(out, []byte(" ")) != 2 {
			t.Errorf("%q", out)
		}
		method, target, _ := bytes.Cut(line, []byte(" "))
		end := bytes.LastIndexByte(target, ' ')
		want := string(method) + " " + strings.ReplaceAll(string(target[:end]), " ", "%20") + string(target[end:])
		if string(out) != want {
			t.Errorf("%q became %q", line, out)
		}
	})
}
