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
