package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
)

const linkKeys = "main hmac-sha256 MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\nnginx secure-link correct-horse-battery\n"

// signing starts a server that wants signed links, and gives its keys.
func signing(t *testing.T, change func(*Config)) (*gatewayTest, *reload.File[*access.Keys]) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(name, []byte(linkKeys), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := reload.Open(name, access.MaxKeyFile, access.ParseKeys)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, func(cfg *Config) {
		cfg.LinkKeys = keys
		if change != nil {
			change(cfg)
		}
	}), keys
}

// signed makes a link.
func signed(t *testing.T, keys *reload.File[*access.Keys], l access.Link, key string) access.Params {
	t.Helper()
	if l.Expires.IsZero() {
		l.Expires = time.Now().Add(time.Hour)
	}
	p, err := keys.Load().Sign(l, key)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Without a link that holds nothing is looked up; with one, in each of its forms, content comes.
func TestSignedLinks(t *testing.T) {
	g, keys := signing(t, nil)
	one, content := g.single(t, "one two.mkv", 100)
	many := g.backend.add(t, "many", metainfo.V1, map[string][]byte{"a/b.mkv": random(1, 50), "c": random(2, 5)})
	path := one.Path() + "/one%20two.mkv"
	file := signed(t, keys, access.Link{Path: path}, "")
	simple := signed(t, keys, access.Link{Path: path}, "nginx")
	whole := signed(t, keys, access.Link{Path: one.Path(), Below: true}, "")
	dir := signed(t, keys, access.Link{Path: many.Path() + "/many/a", Below: true}, "")
	old := signed(t, keys, access.Link{Path: path, Expires: time.Now().Add(-time.Second)}, "")
	away := signed(t, keys, access.Link{Path: path, Net: netip.MustParsePrefix("192.0.2.0/24")}, "")
	here := signed(t, keys, access.Link{Path: path, Net: netip.MustParsePrefix("127.0.0.0/8")}, "")
	forged := file
	forged.Expires = "9" + forged.Expires
	in := func(p access.Params, path string) string { return "/s/" + p.Token() + path }
	for _, c := range []struct {
		name, path string
		lines      []string
		status     int
		slug       string
	}{
		{"no link", path, nil, 403, "link-needed"},
		{"no link for a torrent", many.Path() + "/", nil, 403, "link-needed"},
		{"no link in another spelling", "/btih/" + strings.ToUpper(one.String()) + "/one%20two.mkv", nil, 403, "link-needed"},
		{"a query", path + "?" + file.Query(), nil, 200, ""},
		{"a query among others", path + "?download=1&" + file.Query() + "&tr=http%3A%2F%2F192.0.2.1%2F", nil, 200, ""},
		{"another escape of the name", one.Path() + "/%6fne%20two.mkv?" + file.Query(), nil, 200, ""},
		{"the whole torrent", path + "?" + whole.Query(), nil, 200, ""},
		{"the form of nginx", path + "?" + simple.Query(), nil, 200, ""},
		{"a path", in(file, path), nil, 200, ""},
		{"a cookie", path, []string{"Cookie: a=b; btgw=" + file.Token()}, 200, ""},
		{"a bad query and a good cookie", path + "?" + forged.Query(), []string{"Cookie: btgw=" + file.Token()}, 200, ""},
		{"an address", path + "?" + here.Query(), nil, 200, ""},
		{"a directory, below", in(dir, many.Path()+"/many/a/b.mkv"), nil, 200, ""},
		{"a directory itself", in(dir, many.Path()+"/many/a/"), nil, 200, ""},
		{"beside the directory", in(dir, many.Path()+"/many/c"), nil, 403, "link-refused"},
		{"above the directory", in(dir, many.Path()+"/"), nil, 403, "link-refused"},
		{"another torrent", in(whole, many.Path()+"/many/c"), nil, 403, "link-refused"},
		{"forged", path + "?" + forged.Query(), nil, 403, "link-refused"},
		{"forged in the path", in(forged, path), nil, 403, "link-refused"},
		{"expired", path + "?" + old.Query(), nil, 403, "link-expired"},
		{"another address", path + "?" + away.Query(), nil, 403, "link-bound"},
		{"an unknown torrent", "/btih/" + strings.Repeat("a", 40) + "/", nil, 403, "link-needed"},
		{"no token", "/s/nonsense" + path, nil, 404, "no-such-page"},
	} {
		begun := g.backend.infos
		for _, method := range []string{"GET", "HEAD"} {
			a := g.request(t, method, c.path, append(c.lines, "Accept: application/json")...)
			if a.status != c.status {
				t.Errorf("%s, %s: %d, not %d: %.200s", c.name, method, a.status, c.status, a.body)
			}
			if method == "HEAD" || c.slug == "" {
				continue
			}
			var doc struct{ Type string }
			if err := json.Unmarshal(a.body, &doc); err != nil || doc.Type != problemType+c.slug {
				t.Errorf("%s: %s, not %s", c.name, doc.Type, c.slug)
			}
			if c.status == 403 && a.get("Cache-Control") != cacheNone {
				t.Errorf("%s: Cache-Control %q", c.name, a.get("Cache-Control"))
			}
		}
		if c.status == 403 && g.backend.infos != begun {
			t.Errorf("%s: a refused request asked the swarm", c.name)
		}
	}
	if a := g.get(t, in(file, path)); !bytes.Equal(a.body, content) {
		t.Error("other bytes")
	}
	// The start page and its redirects hold no content.
	if a := g.get(t, "/"); a.status != 200 {
		t.Errorf("/: %d", a.status)
	}
}

// Relative links, playlists and redirects go on with the link that they came by.
func TestSignedLinksGoOn(t *testing.T) {
	g, keys := signing(t, nil)
	many := g.backend.add(t, "many", metainfo.V1, map[string][]byte{"a/b.mkv": random(1, 50), "c": random(2, 5)})
	p := signed(t, keys, access.Link{Path: many.Path(), Below: true}, "")
	by := "/s/" + p.Token()
	if a := g.get(t, by+many.Path()+"/many/a"); a.status != 301 || a.get("Location") != by+many.Path()+"/many/a/" {
		t.Errorf("%d %q", a.status, a.get("Location"))
	}
	if a := g.get(t, by+many.Path()+"/?format=m3u8"); !strings.Contains(string(a.body), "\nhttp://"+g.addr+by+many.Path()+"/many/a/b.mkv\n") {
		t.Errorf("%s", a.body)
	}
	if a := g.get(t, many.Path()+"/?format=m3u8&"+p.Query()); !strings.Contains(string(a.body), "/many/a/b.mkv?"+p.Query()+"\n") {
		t.Errorf("%s", a.body)
	}
	var torrent TorrentListing
	if err := json.Unmarshal(g.get(t, by+many.Path()+"/?format=json").body, &torrent); err != nil || torrent.Files[0].Href != by+many.Path()+"/many/a/b.mkv" {
		t.Errorf("%+v, %v", torrent, err)
	}
	// Behind a proxy that has the gateway below a prefix, that comes first.
	g, keys = signing(t, func(cfg *Config) { cfg.PathPrefix = "/bt" })
	many = g.backend.add(t, "many", metainfo.V1, map[string][]byte{"a/b.mkv": random(1, 50), "c": random(2, 5)})
	p = signed(t, keys, access.Link{Path: many.Path(), Below: true}, "")
	by = "/bt/s/" + p.Token()
	if a := g.get(t, by+many.Path()+"/many/a"); a.status != 301 || a.get("Location") != by+many.Path()+"/many/a/" {
		t.Errorf("%d %q", a.status, a.get("Location"))
	}
}

// No cache keeps an answer longer than its link holds, and none that others share where the link is
// not in the URL, or is an address's.
func TestSignedLinksInCaches(t *testing.T) {
	g, keys := signing(t, nil)
	one, _ := g.single(t, "a.mkv", 100)
	path := one.Path() + "/a.mkv"
	soon := time.Now().Add(time.Minute)
	file := signed(t, keys, access.Link{Path: path, Expires: soon}, "")
	here := signed(t, keys, access.Link{Path: path, Expires: soon, Net: netip.MustParsePrefix("127.0.0.1/32")}, "")
	whole := signed(t, keys, access.Link{Path: one.Path(), Below: true, Expires: time.Now().Add(1000 * 24 * time.Hour)}, "")
	for _, c := range []struct {
		name, path string
		lines      []string
		scope      string
		most       int
		rest       string
	}{
		{"a file", path + "?" + file.Query(), nil, "public", 60, ", immutable, no-transform"},
		{"a path", "/s/" + file.Token() + path, nil, "public", 60, ", immutable, no-transform"},
		{"a cookie", path, []string{"Cookie: btgw=" + file.Token()}, "private", 60, ", immutable, no-transform"},
		{"an address", path + "?" + here.Query(), nil, "private", 60, ", immutable, no-transform"},
		{"a listing", one.Path() + "/?" + whole.Query(), nil, "public", 604800, ""},
		{"no such path", one.Path() + "/b?" + whole.Query(), nil, "public", 300, ""},
	} {
		a := g.get(t, c.path, c.lines...)
		var scope, rest string
		var age int
		value := strings.Replace(a.get("Cache-Control"), ",", " ,", 1)
		if _, err := fmt.Sscanf(value, "%s , max-age=%d", &scope, &age); err != nil {
			t.Errorf("%s: %d %q: %v", c.name, a.status, value, err)
		}
		_, rest, _ = strings.Cut(a.get("Cache-Control"), fmt.Sprintf("max-age=%d", age))
		if scope != c.scope || age > c.most || age < c.most-2 || rest != c.rest {
			t.Errorf("%s: Cache-Control %q", c.name, a.get("Cache-Control"))
		}
	}
}

// A link's rate is that of all who use it, together.
func TestSignedRate(t *testing.T) {
	g, keys := signing(t, nil)
	one, _ := g.single(t, "a.mkv", 600_000)
	p := signed(t, keys, access.Link{Path: one.Path() + "/a.mkv", Rate: 1_000_000}, "")
	begun := time.Now()
	done := make(chan int, 2)
	for range 2 {
		go func() { done <- len(g.get(t, one.Path()+"/a.mkv?"+p.Query()).body) }()
	}
	if n := <-done + <-done; n != 1_200_000 {
		t.Errorf("%d bytes", n)
	}
	// 1.2 MB at 1 MB/s, of which a tenth of a second is free. More than that is this machine's.
	if took := time.Since(begun); took < 1090*time.Millisecond {
		t.Errorf("1.2 MB took %v", took)
	}
}

// nginx computes the same sum.
func TestSecureLinkOfNginx(t *testing.T) {
	g, keys := signing(t, nil)
	one, content := g.single(t, "one two ä.mkv", 100)
	path := one.Path() + "/one%20two%20%C3%A4.mkv"
	f := nginxAs(t, g, "location ~ ^/bt[im]h/ {", `location ~ ^/bt[im]h/ {
            secure_link $arg_s,$arg_e;
            secure_link_md5 "$secure_link_expires$uri correct-horse-battery";
            if ($secure_link = "") { return 460; }
            if ($secure_link = "0") { return 461; }`)
	good := signed(t, keys, access.Link{Path: path}, "nginx")
	old := signed(t, keys, access.Link{Path: path, Expires: time.Now().Add(-time.Minute)}, "nginx")
	bad := good
	bad.Expires += "0"
	for name, c := range map[string]struct {
		p      access.Params
		status int
	}{"good": {good, 200}, "expired": {old, 461}, "forged": {bad, 460}} {
		a := f.get(t, path+"?"+c.p.Query())
		if a.status != c.status || c.status == 200 && !bytes.Equal(a.body, content) {
			t.Errorf("%s: %d, not %d", name, a.status, c.status)
		}
	}
}
