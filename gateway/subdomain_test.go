package gateway

import (
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// on is a request to another Host.
func (g *gatewayTest) on(t *testing.T, host, path string, lines ...string) *answer {
	t.Helper()
	return g.raw(t, "GET "+path+" HTTP/1.1\nHost: "+host+"\nConnection: close\n"+strings.Join(append(lines, ""), "\n")+"\n")
}

func TestSubdomains(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.Subdomains, cfg.TrustedProxies = "gw.example", []string{"127.0.0.1"} })
	files := map[string][]byte{"a/page.html": random(1, 5000), "b.mkv": random(2, 50_000)}
	v1 := g.backend.add(t, "my dir", metainfo.V1, files)
	v2 := g.backend.add(t, "your dir", metainfo.V2, files)
	for hash, dir := range map[metainfo.InfoHash]string{v1: "/my%20dir/", v2: "/your%20dir/"} {
		label := labels.EncodeToString(hash.Bytes())
		if len(label) > 63 || len(label) != map[bool]int{false: 32, true: 52}[hash.IsV2()] {
			t.Fatalf("label %s", label)
		}
		host := label + ".gw.example:8080"
		a := g.on(t, strings.ToUpper(host), dir+"a/page.html")
		if a.status != 200 || a.get("Content-Security-Policy") != "" || !strings.HasPrefix(a.get("Content-Disposition"), "inline;") ||
			a.get("Content-Type") != "text/html; charset=utf-8" || a.get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("a page on its own host: %d %v", a.status, a.header)
		}
		a.wantBody(t, files["a/page.html"])
		a = g.on(t, host, dir+"b.mkv?download=1", "Range: bytes=5-9")
		if a.status != 206 || !strings.HasPrefix(a.get("Content-Disposition"), "attachment;") {
			t.Errorf("%d %v", a.status, a.header)
		}
		a.wantBody(t, files["b.mkv"][5:10])
		if a := g.on(t, host, "/none", browser); a.status != 404 || !strings.Contains(string(a.body), `<a href="./">The torrent</a>`) {
			t.Errorf("a page of an error: %d\n%s", a.status, a.body)
		}
		a = g.on(t, host, "/?format=html")
		if a.status != 200 || !strings.Contains(string(a.body), `<a href="`+dir[1:]+`b.mkv"`) {
			t.Errorf("listing: %d\n%s", a.status, a.body)
		}
		a = g.on(t, host, "/", "Accept: application/json")
		if a.get("Content-Location") != "/?format=json" || !strings.Contains(string(a.body), `"href":"`+dir+`a/page.html"`) {
			t.Errorf("JSON: %v\n%s", a.header, a.body)
		}
		if a := g.on(t, host, dir[:len(dir)-1]+"?tr=http://x.example/"); a.status != 301 || a.get("Location") != dir+"?tr=http://x.example/" {
			t.Errorf("a directory without its slash: %d %q", a.status, a.get("Location"))
		}
		if a := g.on(t, host, "/?format=m3u8"); !strings.Contains(string(a.body), "http://"+host+dir+"b.mkv\n") {
			t.Errorf("playlist:\n%s", a.body)
		}
		if a := g.on(t, host, dir+"b.mkv", "Service-Worker: script"); a.status != 400 {
			t.Errorf("a service worker: %d", a.status)
		}
		// The path form moves there, from the parent host alone.
		a = g.on(t, "gw.example:8080", hash.Path()+dir+"b.mkv?download=1&x=%20", "X-Forwarded-Proto: https")
		if a.get("Cache-Control") != cacheListing {
			t.Errorf("path form: %v", a.header)
		}
		if a.status != 301 || a.get("Location") != "https://"+host+dir+"b.mkv?download=1&x=%20" {
			t.Errorf("path form: %d %q", a.status, a.get("Location"))
		}
		if a := g.get(t, hash.Path()+dir+"b.mkv"); a.status != 200 || a.get("Content-Security-Policy") == "" {
			t.Errorf("path form by address: %d", a.status)
		}
	}
	if a := g.on(t, "gw.example", "/"); a.status != 200 {
		t.Errorf("the parent: %d", a.status)
	}
	for _, host := range []string{"www.gw.example", strings.Repeat("1", 32) + ".gw.example", strings.Repeat("a", 32) + ".evil.example", strings.Repeat("a", 32) + "gw.example", "x." + strings.Repeat("a", 32) + ".gw.example"} {
		if a := g.on(t, host, "/"); a.status != 421 {
			t.Errorf("%s: %d", host, a.status)
		}
	}
	for _, bad := range []string{"GW.example", "gw.example:80", "192.0.2.1"} {
		if _, err := New(Config{Backend: newFakeBackend(), Subdomains: bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Crawlers stay away from torrents' own hosts, of which none is looked up for them. A file of
// that name is where it always is on the path form.
func TestRobotsOnSubdomains(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.Subdomains = "gw.example" })
	data := random(1, 5000)
	hash := g.backend.add(t, "robots.txt", metainfo.V1, map[string][]byte{"": data})
	dir := g.backend.add(t, "dir", metainfo.V1, map[string][]byte{"robots.txt": data})
	looked := g.backend.infos
	for _, host := range []string{labels.EncodeToString(hash.Bytes()) + ".gw.example", strings.Repeat("a", 32) + ".gw.example"} {
		if a := g.on(t, host, "/robots.txt"); a.status != 200 || string(a.body) != robotsText {
			t.Errorf("%s: %d %q", host, a.status, a.body)
		}
	}
	if g.backend.infos != looked {
		t.Error("a torrent was looked up")
	}
	for host, path := range map[string]string{
		"gw.example": hash.Path() + "/robots.txt",
		labels.EncodeToString(hash.Bytes()) + ".gw.example": "/robots%2Etxt",
		labels.EncodeToString(dir.Bytes()) + ".gw.example":  "/dir/robots.txt",
	} {
		a := g.on(t, host, path)
		if a.status != 200 {
			t.Errorf("%s%s: %d", host, path, a.status)
		}
		a.wantBody(t, data)
	}
}
