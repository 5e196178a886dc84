package gateway

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

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
		{one.Path() + "//", one.Path() + "/"},
		{many.Path() + "/many//a/b/c.txt?x=//&y=/./", many.Path() + "/many/a/b/c.txt?x=//&y=/./"},
		{many.Path() + "/many/./a/b/./c.txt", many.Path() + "/many/a/b/c.txt"},
		{many.Path() + "/many/%2e/a/%2E/", many.Path() + "/many/a/"},
		{many.Path() + "/many/a/.", many.Path() + "/many/a/"},
		{many.Path() + "/many/a/./../../many/a/b/c.txt?x=/../", many.Path() + "/many/a/b/c.txt?x=/../"}, // apt, of a repository whose packages lie elsewhere
		{many.Path() + "/many/a/%2e%2E/naïve.txt", many.Path() + "/many/na%C3%AFve.txt"},
		{many.Path() + "/many/a/.%2e", many.Path() + "/many/"},
		{many.Path() + "/many/../", many.Path() + "/"},
		{many.Path() + "/many/..//many/...", many.Path() + "/many/..."},
		{"/./btih/" + strings.ToUpper(one.String()) + "/a/..", one.Path() + "/"},
		{many.Path() + "///many/.//a///b///", many.Path() + "/many/a/b/"},
		{"//btih//" + strings.ToUpper(one.String()) + "/./x", one.Path() + "/x"},
		{"/./btmh/./" + multihash + "//v2/x.bin?a", v2.Path() + "/v2/x.bin?a"},
		{"//magnet?xt=urn:btih:" + one.String(), "/magnet?xt=urn:btih:" + one.String()},
		{"//", "/"},
		{"/.", "/"},
		{"/./robots.txt", "/robots.txt"},
	}
	for _, test := range redirects {
		a := g.get(t, test.path)
		if a.status != 301 || a.get("Location") != test.location {
			t.Errorf("%s: %d to %q", test.path, a.status, a.get("Location"))
		}
	}

	for path, want := range map[string]int{
		one.Path() + "/other":                          404,
		one.Path() + "/C++%20(2nd).mkv/":               404,
		one.Path() + "/../x":                           404,
		one.Path() + "/%2e%2e/%2e%2e/etc/passwd":       404,
		many.Path() + "/many/a/d/e.txt":                404,
		many.Path() + "/many/a/b/c.txt?format=html":    400,
		many.Path() + "/many/a/b/c.txt?format=m3u8":    400,
		many.Path() + "/?format=zip":                   400,
		"/btih/":                                       400,
		"/btih/nothash/x":                              400,
		"/btih":                                        404,
		"//nowhere":                                    404,
		"//evil.example/btih/" + one.String():          404,
		"/.//\\evil.example/":                          404,
		many.Path() + "/many/../../naïve.txt":          404,
		many.Path() + "/many/../../../" + many.Path():  404,
		"/x/.." + one.Path():                           404,
		many.Path() + "/many/.../x":                    404,
		"//btih//x":                                    400,
		"/nowhere":                                     404,
		one.Path() + "/%zz":                            400,
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
	for _, path := range []string{hash.Path() + "/a.bin", hash.Path() + "/?format=json", hash.Path() + "/?format=torrent"} {
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
