package gateway

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// Rows of the HTTP contract, each by a raw request over a socket.

func TestRanges(t *testing.T) {
	g := serve(t, nil)
	const size = 100_000
	hash, data := g.single(t, "film.mkv", size)
	path := hash.Path() + "/film.mkv"
	etag := g.get(t, path, "Range: bytes=0-0").get("Etag")

	type row struct {
		name    string
		lines   []string
		status  int
		content string // Content-Range
		from    int    // of the body
		to      int
	}
	rows := []row{
		{"whole", nil, 200, "", 0, size},
		{"a-b", []string{"Range: bytes=10-19"}, 206, "bytes 10-19/100000", 10, 20},
		{"a-", []string{"Range: bytes=99990-"}, 206, "bytes 99990-99999/100000", 99990, size},
		{"-n", []string{"Range: bytes=-5"}, 206, "bytes 99995-99999/100000", 99995, size},
		{"unit in any case", []string{"Range: BYTES=0-1"}, 206, "bytes 0-1/100000", 0, 2},
		{"end past the last byte", []string{"Range: bytes=5-99999999999999999999999"}, 206, "bytes 5-99999/100000", 5, size},
		{"suffix longer than the file", []string{"Range: bytes=-100001"}, 206, "bytes 0-99999/100000", 0, size},
		{"Safari's probe", []string{"Range: bytes=0-1"}, 206, "bytes 0-1/100000", 0, 2},
		{"one byte", []string{"Range: bytes=0-0"}, 206, "bytes 0-0/100000", 0, 1},
		{"open from 0", []string{"Range: bytes=0-"}, 206, "bytes 0-99999/100000", 0, size},
		{"start at the end", []string{"Range: bytes=100000-"}, 416, "bytes */100000", 0, 0},
		{"empty suffix", []string{"Range: bytes=-0"}, 416, "bytes */100000", 0, 0},
		{"start too large to be a number", []string{"Range: bytes=99999999999999999999-"}, 416, "bytes */100000", 0, 0},
		{"unknown unit", []string{"Range: lines=1-2"}, 200, "", 0, size},
		{"backwards", []string{"Range: bytes=5-2"}, 416, "bytes */100000", 0, 0},
		{"no numbers", []string{"Range: bytes=abc"}, 416, "bytes */100000", 0, 0},
		{"spaces inside", []string{"Range: bytes=0 - 1"}, 416, "bytes */100000", 0, 0},
		{"several that join", []string{"Range: bytes=0-9,10-19,200-299"}, 206, "bytes 0-299/100000", 0, 300},
		{"two header lines", []string{"Range: bytes=0-1", "Range: bytes=2-3"}, 400, "", 0, 0},

		{"If-Range with the tag", []string{"Range: bytes=1-2", "If-Range: " + etag}, 206, "bytes 1-2/100000", 1, 3},
		{"If-Range with another", []string{"Range: bytes=1-2", `If-Range: "x"`}, 200, "", 0, size},
		{"If-Range with a weak one", []string{"Range: bytes=1-2", "If-Range: W/" + etag}, 200, "", 0, size},
		{"If-Range with a date", []string{"Range: bytes=1-2", "If-Range: Wed, 21 Oct 2015 07:28:00 GMT"}, 200, "", 0, size},
		{"If-Range before a bad range", []string{"Range: bytes=5-2", `If-Range: "x"`}, 200, "", 0, size},

		{"If-Match", []string{"Range: bytes=1-2", "If-Match: " + etag}, 206, "bytes 1-2/100000", 1, 3},
		{"If-Match *", []string{"If-Match: *"}, 200, "", 0, size},
		{"If-Match with another", []string{"Range: bytes=1-2", `If-Match: "x"`}, 412, "", 0, 0},
		{"If-Match with a weak one", []string{"If-Match: W/" + etag}, 412, "", 0, 0},
		{"If-None-Match with another", []string{`If-None-Match: "x"`}, 200, "", 0, size},
	}
	for _, inm := range []string{etag, "W/" + etag, "*", `"x", ` + etag} {
		rows = append(rows, row{"If-None-Match " + inm, []string{"If-None-Match: " + inm, "Range: bytes=5-2"}, 304, "", 0, 0})
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			a := g.get(t, path, row.lines...)
			if a.status != row.status || a.get("Content-Range") != row.content {
				t.Fatalf("%d, Content-Range %q", a.status, a.get("Content-Range"))
			}
			if a.chunked || a.cut || a.proto != "HTTP/1.1" {
				t.Errorf("%s, chunked %t, cut %t", a.proto, a.chunked, a.cut)
			}
			switch row.status {
			case 200, 206, 304:
				want := map[string]string{"Etag": etag, "Accept-Ranges": "bytes", "Cache-Control": cacheFile, "Vary": "", "Last-Modified": ""}
				if row.status != 304 {
					want["Content-Length"] = fmt.Sprint(row.to - row.from)
					want["Content-Type"] = "video/x-matroska"
				}
				for name, value := range want {
					if a.get(name) != value {
						t.Errorf("%s: %q, want %q", name, a.get(name), value)
					}
				}
				a.wantBody(t, data[row.from:row.to])
			default:
				if a.get("Cache-Control") != "no-store" || a.get("Content-Type") != "application/problem+json" {
					t.Errorf("%v", a.header)
				}
				if (row.status == 416 || row.status == 412) && a.get("Etag") != etag {
					t.Errorf("ETag %q", a.get("Etag"))
				}
			}
		})
	}
}

func TestMultipartRanges(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.txt", 3<<20)
	path := hash.Path() + "/a.txt"
	tests := []struct {
		header string
		want   []httprange.Range
	}{
		{"bytes=0-0,-1", []httprange.Range{{Off: 0, N: 1}, {Off: 3<<20 - 1, N: 1}}},
		{"bytes=2000000-2000999,0-9", []httprange.Range{{Off: 2000000, N: 1000}, {Off: 0, N: 10}}},
		{"bytes=0-1500000,1600000-3000000", []httprange.Range{{Off: 0, N: 1500001}, {Off: 1600000, N: 1400001}}},
	}
	for _, test := range tests {
		a := g.get(t, path, "Range: "+test.header)
		kind, params, err := mime.ParseMediaType(a.get("Content-Type"))
		if a.status != 206 || kind != "multipart/byteranges" || err != nil || a.cut || a.chunked || a.get("Content-Range") != "" {
			t.Fatalf("%s: %d %v", test.header, a.status, a.header)
		}
		if a.get("Content-Length") != fmt.Sprint(len(a.body)) {
			t.Errorf("%s: Content-Length %s of %d bytes", test.header, a.get("Content-Length"), len(a.body))
		}
		r := multipart.NewReader(bytes.NewReader(a.body), params["boundary"])
		for _, want := range test.want {
			part, err := r.NextPart()
			if err != nil {
				t.Fatalf("%s: %v", test.header, err)
			}
			body, err := io.ReadAll(part)
			if err != nil || !bytes.Equal(body, data[want.Off:want.End()]) {
				t.Errorf("%s: part %v is wrong (%v)", test.header, want, err)
			}
			if part.Header.Get("Content-Range") != want.ContentRange(3<<20) || part.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("%s: part header %v", test.header, part.Header)
			}
		}
		if _, err := r.NextPart(); err != io.EOF {
			t.Errorf("%s: after the parts: %v", test.header, err)
		}
	}
	var specs []string
	for i := range httprange.MaxRanges + 1 {
		specs = append(specs, fmt.Sprintf("%d-%d", i*1000, i*1000+1))
	}
	if a := g.get(t, path, "Range: bytes="+strings.Join(specs, ",")); a.status != 416 {
		t.Errorf("%d ranges: %d", len(specs), a.status)
	}
}

func TestMethods(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "film.mkv", 70_000)
	path := hash.Path() + "/film.mkv"
	full := g.get(t, path)

	head := g.request(t, "HEAD", path, "Range: bytes=5-2")
	if head.status != 200 || len(head.body) != 0 {
		t.Errorf("HEAD: %d with %d bytes", head.status, len(head.body))
	}
	for name := range full.header {
		if name != "Date" && name != "Server-Timing" && head.get(name) != full.get(name) {
			t.Errorf("HEAD has %s %q, GET %q", name, head.get(name), full.get(name))
		}
	}
	if len(g.backend.opens) != 1 {
		t.Errorf("HEAD asked for content: %v", g.backend.opens)
	}
	if a := g.request(t, "HEAD", path, "Range: bytes=0-1", "Range: bytes=0-1"); a.status != 200 {
		t.Errorf("HEAD with two Range lines: %d", a.status)
	}
	if a := g.request(t, "HEAD", path, "If-None-Match: *"); a.status != 304 {
		t.Errorf("HEAD with If-None-Match: %d", a.status)
	}

	options := g.request(t, "OPTIONS", path, "Origin: http://player.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: range")
	for name, want := range map[string]string{
		"Allow": allowed, "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
		"Access-Control-Allow-Headers": "Range, If-Range, If-None-Match, Authorization", "Access-Control-Max-Age": "86400",
	} {
		if options.get(name) != want {
			t.Errorf("OPTIONS: %s: %q", name, options.get(name))
		}
	}
	if options.status != 204 {
		t.Errorf("OPTIONS: %d", options.status)
	}

	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPPATCH", "get"} {
		for _, p := range []string{path, "/", "/magnet", hash.Path()} {
			a := g.request(t, method, p)
			if a.status != 405 || a.get("Allow") != allowed || a.get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %d %v", method, p, a.status, a.header)
			}
		}
	}
	if a := g.request(t, "POST", path, "Content-Length: 100000000"); a.status != 405 || a.get("Connection") != "close" {
		t.Errorf("POST with a body that never comes: %d %v", a.status, a.header)
	}
	if a := g.request(t, "GET", path, "Content-Length: 5"); a.status != 400 {
		t.Errorf("GET with a body: %d", a.status)
	}
}

func TestCommonHeaders(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "film.mkv", 100)
	for _, path := range []string{"/", "/nowhere", hash.Path() + "/", hash.Path() + "/film.mkv", hash.Path() + "/nothing", "/btih/x", "/robots.txt", "/magnet"} {
		a := g.get(t, path)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex", "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin",
			"Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, Content-Disposition, ETag, Server-Timing, Cache-Status, Retry-After",
		} {
			if a.get(name) != want {
				t.Errorf("%s: %s: %q", path, name, a.get(name))
			}
		}
		if a.get("Content-Length") == "" || a.chunked {
			t.Errorf("%s: no Content-Length", path)
		}
		if strings.HasPrefix(path, hash.Path()) && a.get("X-Btgw-Infohash") != hash.String() {
			t.Errorf("%s: X-Btgw-Infohash %q", path, a.get("X-Btgw-Infohash"))
		}
	}
	g = serve(t, func(cfg *Config) { cfg.AllowOrigin = "none" })
	if a := g.get(t, "/"); a.get("Access-Control-Allow-Origin") != "" {
		t.Errorf("CORS turned off: %v", a.header)
	}
}

func TestHTTP10(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "film.mkv", 100_000)
	path := hash.Path() + "/film.mkv"
	for _, lines := range []string{"", "Host: " + g.addr + "\n"} {
		a := g.raw(t, "GET "+path+" HTTP/1.0\n"+lines+"\n")
		if a.status != 200 || a.proto != "HTTP/1.0" || a.chunked || a.get("Content-Length") != "100000" {
			t.Errorf("%s %d %v", a.proto, a.status, a.header)
		}
		a.wantBody(t, data)
		a = g.raw(t, "GET "+path+" HTTP/1.0\n"+lines+"Range: bytes=5-9\n\n")
		if a.status != 206 || a.get("Content-Range") != "bytes 5-9/100000" {
			t.Errorf("%d %v", a.status, a.header)
		}
		a.wantBody(t, data[5:10])
	}
	if a := g.raw(t, "HEAD "+path+" HTTP/1.0\n\n"); a.status != 200 || len(a.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", a.status, len(a.body))
	}
	if a := g.raw(t, "GET "+hash.Path()+"/?format=html HTTP/1.0\n\n"); a.status != 200 || a.chunked || a.cut {
		t.Errorf("listing: %d", a.status)
	}
}

func TestHTTP2(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "film.mkv", 3<<20)
	client := &http.Client{Transport: &http.Transport{Protocols: new(http.Protocols)}}
	client.Transport.(*http.Transport).Protocols.SetUnencryptedHTTP2(true)
	defer client.CloseIdleConnections()
	get := func(value string) (*http.Response, []byte, error) {
		req, err := http.NewRequest("GET", "http://"+g.addr+hash.Path()+"/film.mkv", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Range", value)
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		return res, body, err
	}
	res, body, err := get("bytes=1-2000000")
	if err != nil || res.ProtoMajor != 2 || res.StatusCode != 206 || !bytes.Equal(body, data[1:2000001]) {
		t.Errorf("%s %d, %d bytes, %v", res.Proto, res.StatusCode, len(body), err)
	}
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.fail = func(pos int) error {
			if pos > 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
	})
	res, body, err = get("bytes=0-")
	if err == nil || res.StatusCode != 206 || len(body) > 1<<20 {
		t.Errorf("a body that fails: %d, %d bytes, %v", res.StatusCode, len(body), err)
	}
}

func TestEmptyFile(t *testing.T) {
	g := serve(t, nil)
	hash := g.backend.add(t, "dir", metainfo.V1, map[string][]byte{"empty.txt": nil, "one.txt": {1}})
	for _, lines := range [][]string{nil, {"Range: bytes=0-"}, {"Range: bytes=5-2"}, {"Range: bytes=-1"}} {
		a := g.get(t, hash.Path()+"/dir/empty.txt", lines...)
		if a.status != 200 || a.get("Content-Length") != "0" || len(a.body) != 0 || a.get("Etag") == "" || a.get("Accept-Ranges") != "bytes" {
			t.Errorf("%v: %d %v", lines, a.status, a.header)
		}
	}
	if len(g.backend.opens) != 0 {
		t.Error("an empty file asked for content")
	}
}
