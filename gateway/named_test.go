package gateway

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish/names"
)

// fakeNames know what they are told.
type fakeNames struct {
	mu    sync.Mutex
	known map[names.Name]metainfo.InfoHash
	asked []names.Ask
}

func (f *fakeNames) Resolve(_ context.Context, n names.Name, ask names.Ask) (names.Target, error) {
	f.mu.Lock()
	f.asked = append(f.asked, ask)
	f.mu.Unlock()
	if target, ok := f.Known(n); ok {
		return target, nil
	}
	return names.Target{}, names.ErrUnknown
}

func (f *fakeNames) Known(n names.Name) (names.Target, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	hash, ok := f.known[n]
	return names.Target{Hash: hash, Seq: 1}, ok
}

func (f *fakeNames) set(n names.Name, hash metainfo.InfoHash) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known[n] = hash
}

func (f *fakeNames) lookups() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.asked)
}

var (
	filmsName  = names.Name{Key: [32]byte(bytes.Repeat([]byte{0xab}, 32)), Salt: "my films"}
	noSaltName = names.Name{Key: filmsName.Key}
)

// serveNamed starts a server with names.
func serveNamed(t *testing.T, change func(*Config)) (*gatewayTest, *fakeNames) {
	t.Helper()
	f := &fakeNames{known: make(map[names.Name]metainfo.InfoHash)}
	return serve(t, func(cfg *Config) {
		cfg.Names = f
		if change != nil {
			change(cfg)
		}
	}), f
}

// What a name stands for has the bytes and the ETag of its torrent, for a minute, and says which URL is
// forever.
func TestNamed(t *testing.T) {
	g, f := serveNamed(t, nil)
	one, content := g.single(t, "one two.mkv", 1000)
	two, other := g.single(t, "one two.mkv", 2000)
	many := g.backend.add(t, "many", metainfo.V1, map[string][]byte{"a/b.mkv": random(1, 50), "c": random(2, 5)})
	base := filmsName.Path()
	f.set(filmsName, one)
	own := g.get(t, one.Path()+"/one%20two.mkv")
	wants := func(path string, body []byte, hash metainfo.InfoHash, lines ...string) *answer {
		t.Helper()
		a := g.get(t, path, lines...)
		a.wantBody(t, body)
		if a.get("Cache-Control") != "public, max-age=60" || a.get("Link") != "<"+hash.Path()+"/one%20two.mkv>; rel=\"canonical\"" || a.get("X-Btgw-Infohash") != hash.String() {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		return a
	}
	a := wants(base+"/one%20two.mkv", content, one)
	if a.status != 200 || a.get("Etag") != own.get("Etag") || a.get("Content-Type") != own.get("Content-Type") || a.get("Content-Security-Policy") != own.get("Content-Security-Policy") {
		t.Errorf("%d %v, not as by its infohash: %v", a.status, a.header, own.header)
	}
	if a := wants(base+"/one%20two.mkv", content[10:20], one, "Range: bytes=10-19"); a.status != 206 {
		t.Error(a.status)
	}
	if a := wants(base+"/one%20two.mkv", nil, one, "If-None-Match: "+own.get("Etag")); a.status != 304 {
		t.Error(a.status)
	}
	f.set(filmsName, two)
	if a := wants(base+"/one%20two.mkv", other, two, "If-None-Match: "+own.get("Etag"), "Cache-Control: no-cache"); a.status != 200 {
		t.Error(a.status)
	}
	if last := f.asked[len(f.asked)-1]; !last.Anew || f.asked[0].Anew {
		t.Error("a client that wants it anew did not have it asked anew, or another one did")
	}
	f.set(filmsName, many)
	f.set(noSaltName, many)
	for _, c := range []struct {
		path, location string
		status         int
	}{
		{base + "/many/c", "", 200},
		{base + "/?format=json", "", 200},
		{base + "/many/?format=m3u8", "", 200},
		{base + "/?format=tar", "", 200},
		{base + "/?format=torrent", "", 200},
		{noSaltName.Path() + "/many/a/b.mkv", "", 200},
		{base, base + "/", 301},
		{base + "/many/a", base + "/many/a/", 301},
		{"/btpk/" + filmsName.KeyText(), noSaltName.Path() + "/", 301},
		{"/btpk/" + filmsName.KeyText() + "/", noSaltName.Path() + "/", 301},
		{"/btpk/" + strings.ToUpper(filmsName.KeyText()) + "/my%20films/many/c?x=1", base + "/many/c?x=1", 301},
		{"/btpk/" + filmsName.KeyText() + "/m%79%20films", base, 301},
		{base + "/./many//c", base + "/many/c", 301},
		{base + "/many/?view=1", many.Path() + "/many/?view=1", 302},
		{base + "/many/d", "", 404},
		{"/btpk/" + filmsName.KeyText() + "/other/many/c", "", 504},
		{"/btpk/abc/x/", "", 400},
		{"/btpk/" + filmsName.KeyText() + "/" + strings.Repeat("x", 65) + "/", "", 400},
	} {
		a := g.get(t, c.path)
		if a.status != c.status || a.get("Location") != c.location {
			t.Errorf("%s: %d %q, want %d %q: %.100s", c.path, a.status, a.get("Location"), c.status, c.location, a.body)
		}
		if cache := a.get("Cache-Control"); a.status == 200 && cache != "public, max-age=60" || strings.Contains(cache, "immutable") {
			t.Errorf("%s: Cache-Control %q", c.path, cache)
		}
	}
	if a := g.get(t, base+"/?format=json"); !bytes.Contains(a.body, []byte(many.String())) {
		t.Errorf("%s", a.body)
	}
	for _, link := range []string{"/magnet?uri=" + url.QueryEscape(filmsName.Magnet()), "/magnet?" + strings.TrimPrefix(filmsName.Magnet(), "magnet:?")} {
		if a := g.get(t, link); a.status != 302 || a.get("Location") != base+"/" {
			t.Errorf("%s: %d %q", link, a.status, a.get("Location"))
		}
	}
	if a := g.request(t, "PROPFIND", base+"/many/", "Depth: 1"); a.status != 207 || !bytes.Contains(a.body, []byte(base+"/many/a/")) {
		t.Errorf("PROPFIND: %d %s", a.status, a.body)
	}
	before := f.lookups()
	if a := g.get(t, base+"/many/c", "Cache-Control: only-if-cached"); a.status != 200 || f.lookups() != before {
		t.Errorf("only-if-cached: %d, %d lookups", a.status, f.lookups()-before)
	}
	if a := g.get(t, "/btpk/"+filmsName.KeyText()+"/other/", "Cache-Control: only-if-cached"); a.status != 504 || f.lookups() != before {
		t.Errorf("only-if-cached of what is not known: %d, %d lookups", a.status, f.lookups()-before)
	}
}

// Without names the path is none.
func TestNoNames(t *testing.T) {
	g := serve(t, nil)
	if a := g.get(t, filmsName.Path()+"/"); a.status != 404 {
		t.Error(a.status)
	}
}

// Who may read a name is decided before it is looked up, and what it stands for is decided on too.
func TestNamedPolicy(t *testing.T) {
	list := func(text string) string {
		t.Helper()
		name := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	deniedName := names.Name{Key: filmsName.Key, Salt: "denied"}
	var keys *reload.File[*access.Keys]
	for _, c := range []struct {
		what    string
		change  func(*Config)
		path    func(one metainfo.InfoHash) string
		status  int
		lookups int
	}{
		{"a denied name", func(cfg *Config) {
			var err error
			cfg.Denylist, err = OpenDenylist(list(deniedName.Path() + "\n"))
			must(err)
		}, func(metainfo.InfoHash) string { return deniedName.Path() + "/x" }, 410, 0},
		{"a name that is on no allowlist", func(cfg *Config) {
			var err error
			cfg.Allowlist, err = OpenAllowlist(list(deniedName.Path() + "\n"))
			must(err)
		}, func(metainfo.InfoHash) string { return filmsName.Path() + "/x" }, 403, 0},
		{"a name that is on the allowlist", func(cfg *Config) {
			var err error
			cfg.Allowlist, err = OpenAllowlist(list(filmsName.Path() + "\n"))
			must(err)
		}, func(metainfo.InfoHash) string { return filmsName.Path() + "/x" }, 200, 1},
		{"no link", func(cfg *Config) {
			var err error
			keys, err = reload.Open(list(linkKeys), access.MaxKeyFile, access.ParseKeys)
			must(err)
			cfg.LinkKeys = keys
		}, func(metainfo.InfoHash) string { return filmsName.Path() + "/x" }, 403, 0},
		{"a link", func(cfg *Config) { cfg.LinkKeys = keys }, func(metainfo.InfoHash) string {
			path, err := CanonicalPath(filmsName.Path() + "/x")
			must(err)
			p, err := keys.Load().Sign(access.Link{Path: path, Expires: time.Now().Add(time.Hour)}, "")
			must(err)
			return filmsName.Path() + "/x?" + p.Query()
		}, 200, 1},
		{"a denied torrent", func(cfg *Config) {
			var err error
			b := newFakeBackend()
			cfg.Backend = b
			one := b.add(t, "x", metainfo.V1, map[string][]byte{"": []byte("content")})
			cfg.Denylist, err = OpenDenylist(list(one.Path() + " reason=legal\n"))
			must(err)
		}, func(metainfo.InfoHash) string { return filmsName.Path() + "/x" }, 451, 1},
	} {
		g, f := serveNamed(t, c.change)
		one := g.backend.add(t, "x", metainfo.V1, map[string][]byte{"": []byte("content")})
		f.set(filmsName, one)
		infos := g.backend.infos
		a := g.get(t, c.path(one))
		if a.status != c.status || f.lookups() != c.lookups || a.status != 200 && g.backend.infos != infos {
			t.Errorf("%s: %d after %d lookups, want %d after %d: %s", c.what, a.status, f.lookups(), c.status, c.lookups, a.body)
		}
	}
}
