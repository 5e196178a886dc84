package gateway

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

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
		want   []byteRange
	}{
		{"bytes=0-0,-1", []byteRange{{0, 1}, {3<<20 - 1, 1}}},
		{"bytes=2000000-2000999,0-9", []byteRange{{2000000, 1000}, {0, 10}}},
		{"bytes=0-1500000,1600000-3000000", []byteRange{{0, 1500001}, {1600000, 1400001}}},
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
			if err != nil || !bytes.Equal(body, data[want.off:want.end()]) {
				t.Errorf("%s: part %v is wrong (%v)", test.header, want, err)
			}
			if part.Header.Get("Content-Range") != contentRange(want, 3<<20) || part.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("%s: part header %v", test.header, part.Header)
			}
		}
		if _, err := r.NextPart(); err != io.EOF {
			t.Errorf("%s: after the parts: %v", test.header, err)
		}
	}
	var specs []string
	for i := range MaxRanges + 1 {
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
		if name != "Date" && head.get(name) != full.get(name) {
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
		"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
		"Access-Control-Allow-Headers": "Range, If-Range, If-None-Match, Authorization", "Access-Control-Max-Age": "86400",
	} {
		if options.get(name) != want {
			t.Errorf("OPTIONS: %s: %q", name, options.get(name))
		}
	}
	if options.status != 204 {
		t.Errorf("OPTIONS: %d", options.status)
	}

	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get"} {
		for _, p := range []string{path, "/", "/magnet", hash.Path()} {
			a := g.request(t, method, p)
			if a.status != 405 || a.get("Allow") != "GET, HEAD, OPTIONS" || a.get("Content-Type") != "application/problem+json" {
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
	g.backend.onOpen = func(c *fakeContent) {
		c.fail = func(pos int) error {
			if pos > 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
	}
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

func TestURLs(t *testing.T) {
	g := serve(t, nil)
	one, data := g.single(t, "C++ (2nd).mkv", 20_000)
	files := map[string][]byte{"a/b/c.txt": random(3, 50), "a/d%2Fe.txt": random(4, 60), "naïve.txt": random(5, 70)}
	many := g.backend.add(t, "many", metainfo.V1, files)
	v2Files := map[string][]byte{"x.bin": random(6, 40_000), "y.bin": random(7, 30)}
	v2 := g.backend.add(t, "v2", metainfo.V2, v2Files)
	multihash := fmt.Sprintf("1220%x", v2.Bytes())

	serves := []struct {
		path string
		want []byte
	}{
		{one.Path() + "/C++%20(2nd).mkv", data},
		{one.Path() + "/C%2B%2B%20%282nd%29.mkv", data},
		{one.Path() + "/C++%20(2nd).mkv?x.pe=203.0.113.1:6881&tr=udp://t.example:1", data},
		{one.Path(), data},
		{many.Path() + "/many/a/b/c.txt", files["a/b/c.txt"]},
		{many.Path() + "/many/a/d%252Fe.txt", files["a/d%2Fe.txt"]},
		{many.Path() + "/many/na%C3%AFve.txt", files["naïve.txt"]},
		{many.Path() + "/many/na\xc3\xafve.txt", files["naïve.txt"]},
		{v2.Path() + "/v2/x.bin", v2Files["x.bin"]},
	}
	for _, test := range serves {
		if a := g.get(t, test.path); a.status != 200 {
			t.Errorf("%s: %d", test.path, a.status)
		} else {
			a.wantBody(t, test.want)
		}
	}
	if a := g.get(t, one.Path()); a.get("Content-Location") != one.Path()+"/C%2B%2B%20%282nd%29.mkv" ||
		a.get("Content-Disposition") != `inline; filename="C++ (2nd).mkv"; filename*=UTF-8''C++%20%282nd%29.mkv` {
		t.Errorf("bare infohash: %v", a.header)
	}

	redirects := []struct{ path, location string }{
		{"/btih/" + strings.ToUpper(one.String()) + "/x%2Fy?a=%20&b", one.Path() + "/x%2Fy?a=%20&b"},
		{"/btih/" + strings.ToUpper(one.String()), one.Path()},
		{"/btih/" + base32Of(one) + "/C++%20(2nd).mkv?tr=udp://t.example:1", one.Path() + "/C++%20(2nd).mkv?tr=udp://t.example:1"},
		{"/btmh/" + multihash + "/v2/x.bin", v2.Path() + "/v2/x.bin"},
		{"/btmh/" + strings.ToUpper(v2.String()) + "/", v2.Path() + "/"},
		{many.Path() + "?x.pe=203.0.113.1:1", many.Path() + "/?x.pe=203.0.113.1:1"},
		{many.Path() + "/many?format=html", many.Path() + "/many/?format=html"},
		{many.Path() + "/many/a/%62", many.Path() + "/many/a/%62/"},
		{one.Path() + "?format=json", one.Path() + "/?format=json"},
		{"/btih/" + strings.ToUpper(one.String()) + "/\xe9", one.Path() + "/%E9"},
	}
	for _, test := range redirects {
		a := g.get(t, test.path)
		if a.status != 301 || a.get("Location") != test.location {
			t.Errorf("%s: %d to %q", test.path, a.status, a.get("Location"))
		}
	}

	for path, want := range map[string]int{
		one.Path() + "/other":                       404,
		one.Path() + "/C++%20(2nd).mkv/":            404,
		one.Path() + "//":                           404,
		one.Path() + "/../x":                        404,
		one.Path() + "/%2e%2e/%2e%2e/etc/passwd":    404,
		many.Path() + "/many/a/d/e.txt":             404,
		many.Path() + "/many//a/b/c.txt":            404,
		many.Path() + "/many/a/b/c.txt?format=html": 400,
		many.Path() + "/many/a/b/c.txt?format=m3u8": 400,
		many.Path() + "/?format=zip":                400,
		many.Path() + "/many/a/b/c.txt?x.pe=none":   400,
		"/btih/":            400,
		"/btih/nothash/x":   400,
		"/btih":             404,
		"/nowhere":          404,
		one.Path() + "/%zz": 400,
		"/btih%2F" + one.String() + "/C++%20(2nd).mkv": 404,
	} {
		a := g.get(t, path)
		if a.status != want {
			t.Errorf("%s: %d, want %d", path, a.status, want)
		}
		if want == 404 && a.get("Cache-Control") != cacheMissing || want == 400 && a.get("Cache-Control") != "no-store" && path != one.Path()+"/%zz" {
			t.Errorf("%s: Cache-Control %q", path, a.get("Cache-Control"))
		}
	}
	absolute := g.raw(t, "GET http://"+g.addr+one.Path()+"/C++%20(2nd).mkv HTTP/1.1\nHost: "+g.addr+"\nConnection: close\n\n")
	if absolute.status != 200 {
		t.Errorf("absolute form: %d", absolute.status)
	}
}

// Hints reach the backend and change neither bytes nor validators.
func TestHintsChangeNothing(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "a.bin", 1000)
	for _, path := range []string{hash.Path() + "/a.bin", hash.Path() + "/?format=json", hash.Path() + "/?format=html", hash.Path() + "/?format=torrent"} {
		separator := "?"
		if strings.Contains(path, "?") {
			separator = "&"
		}
		plain, hinted := g.get(t, path), g.get(t, path+separator+"tr=http://t.example/a&x.pe=203.0.113.1:6881&dn=x")
		if plain.status != 200 || plain.get("Etag") == "" || plain.get("Etag") != hinted.get("Etag") || !bytes.Equal(plain.body, hinted.body) {
			t.Errorf("%s: %d %d", path, plain.status, hinted.status)
		}
	}
	var trackers []string
	for _, hints := range g.backend.hints {
		trackers = append(trackers, hints.Trackers...)
	}
	if !slices.Contains(trackers, "http://t.example/a") {
		t.Error("the tracker did not reach the backend")
	}
}

func TestDownloadParameters(t *testing.T) {
	g := serve(t, nil)
	hash := g.backend.add(t, "d", metainfo.V1, map[string][]byte{"page.html": []byte("<script>"), "x.svg": []byte("<svg/>"), "a.mp4": {1}})
	for path, want := range map[string]string{
		"/d/a.mp4":                             `inline; filename="a.mp4"; filename*=UTF-8''a.mp4`,
		"/d/a.mp4?download=1":                  `attachment; filename="a.mp4"; filename*=UTF-8''a.mp4`,
		"/d/a.mp4?download=0":                  `inline; filename="a.mp4"; filename*=UTF-8''a.mp4`,
		"/d/a.mp4?filename=b%0d%0a%22c.mp4":    `inline; filename="b___c.mp4"; filename*=UTF-8''b__%22c.mp4`,
		"/d/a.mp4?filename=my+film.mp4":        `inline; filename="my film.mp4"; filename*=UTF-8''my%20film.mp4`,
		"/d/page.html":                         `attachment; filename="page.html"; filename*=UTF-8''page.html`,
		"/d/page.html?download=0&filename=a.x": `attachment; filename="a.x"; filename*=UTF-8''a.x`,
		"/d/x.svg":                             `attachment; filename="x.svg"; filename*=UTF-8''x.svg`,
	} {
		a := g.get(t, hash.Path()+path)
		if a.status != 200 || a.get("Content-Disposition") != want {
			t.Errorf("%s: %d %s", path, a.status, a.get("Content-Disposition"))
		}
		if a.get("Content-Security-Policy") != fileCSP {
			t.Errorf("%s: CSP %q", path, a.get("Content-Security-Policy"))
		}
	}
	if a := g.get(t, hash.Path()+"/d/a.mp4?filename=x.html"); a.get("Content-Type") != "video/mp4" {
		t.Errorf("a file name of the query changed the type: %q", a.get("Content-Type"))
	}
	if a := g.get(t, hash.Path()+"/d/a.mp4", "Service-Worker: script"); a.status != 400 {
		t.Errorf("service worker: %d", a.status)
	}
}

func TestHostHeader(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.Hosts = []string{"gw.example.org"} })
	for host, want := range map[string]int{g.addr: 200, "localhost": 200, "gw.example.org:80": 200, "evil.example": 421, "": 421} {
		if a := g.raw(t, "GET / HTTP/1.1\nHost: "+host+"\nConnection: close\n\n"); a.status != want {
			t.Errorf("Host %q: %d", host, a.status)
		}
	}
	if a := g.raw(t, "GET / HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: localhost\nConnection: close\n\n"); a.status != 421 {
		t.Errorf("a forwarded host: %d", a.status)
	}
}

// base32Of is the other form of a v1 infohash.
func base32Of(hash metainfo.InfoHash) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var out []byte
	var bits, n uint
	for _, b := range hash.Bytes() {
		bits, n = bits<<8|uint(b), n+8
		for n >= 5 {
			n -= 5
			out = append(out, digits[bits>>n&31])
		}
	}
	return string(out)
}
