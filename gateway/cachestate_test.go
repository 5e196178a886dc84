package gateway

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dunglas/httpsfv"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

func TestCacheStatus(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "film.mkv", 100_000)
	path := hash.Path() + "/film.mkv"
	first := func(p int) bool { return p == 0 }
	tests := []struct {
		name  string
		holds func(int) bool
		lines []string
		want  string
	}{
		{"all held", nil, nil, "btgw; hit"},
		{"one piece of all", first, nil, "btgw; fwd=partial; stored"},
		{"the piece that is held", first, []string{"Range: bytes=0-9"}, "btgw; hit"},
		{"another piece", first, []string{"Range: bytes=20000-20009"}, "btgw; fwd=uri-miss; stored"},
		{"two ranges, one held", first, []string{"Range: bytes=0-9,20000-20009"}, "btgw; fwd=partial; stored"},
		{"metadata alone", first, []string{"If-None-Match: *"}, "btgw; hit"},
		{"to the end", first, []string{"Range: bytes=0-"}, "btgw; fwd=partial; stored"},
		{"the end of the piece that is held", first, []string{"Range: bytes=16383-16383"}, "btgw; hit"},
		{"a byte beyond it", first, []string{"Range: bytes=16383-16384"}, "btgw; fwd=partial; stored"},
		{"the last bytes", func(p int) bool { return p == 6 }, []string{"Range: bytes=-1000"}, "btgw; hit"},
		{"the last bytes and one more piece", func(p int) bool { return p == 6 }, []string{"Range: bytes=-2000"}, "btgw; fwd=partial; stored"},
		{"an end that is clamped", func(p int) bool { return p == 6 }, []string{"Range: bytes=99000-999999"}, "btgw; hit"},
		{"all, for the range is of another version", first, []string{"Range: bytes=0-9", `If-Range: "x"`}, "btgw; fwd=partial; stored"},
		{"all, for the unit is another", first, []string{"Range: pages=0-9"}, "btgw; fwd=partial; stored"},
		{"two ranges that are held", first, []string{"Range: bytes=0-9,900-16000"}, "btgw; hit"},
		{"from what is not held", first, []string{"Range: bytes=16384-"}, "btgw; fwd=uri-miss; stored"},
	}
	for _, test := range tests {
		setHook(g.backend, &g.backend.holds, test.holds)
		a := g.get(t, path, test.lines...)
		if a.get("Cache-Status") != test.want {
			t.Errorf("%s: %d %q", test.name, a.status, a.get("Cache-Status"))
		}
	}
	for _, test := range []struct {
		holds func(int) bool
		want  string
	}{{nil, "btgw; hit"}, {first, "btgw; fwd=partial"}, {func(int) bool { return false }, "btgw; fwd=uri-miss"}} {
		setHook(g.backend, &g.backend.holds, test.holds)
		for _, line := range []string{"X: y", "Range: bytes=0-9", "Range: bytes=0-"} { // HEAD has no ranges
			if a := g.request(t, "HEAD", path, line); a.get("Cache-Status") != test.want {
				t.Errorf("HEAD, %s: %q, not %q", line, a.get("Cache-Status"), test.want)
			}
		}
		if a := g.request(t, "HEAD", hash.Path()+"/?format=tar"); a.get("Cache-Status") != test.want {
			t.Errorf("HEAD of an archive: %q, not %q", a.get("Cache-Status"), test.want)
		}
	}
	setHook(g.backend, &g.backend.holds, first)
	if a := g.get(t, hash.Path()+"/?format=tar", "Range: bytes=0-600"); a.get("Cache-Status") != "btgw; hit" {
		t.Errorf("the head of an archive: %d %q", a.status, a.get("Cache-Status"))
	}
	for _, test := range []struct {
		held fetch.Held
		want string
	}{
		{fetch.Held{Coming: true}, "btgw; fwd=uri-miss; collapsed"},
		{fetch.Held{Any: true, Coming: true}, "btgw; fwd=partial; collapsed"},
	} {
		if got := cacheStatus(test.held); got != test.want {
			t.Errorf("%+v: %s", test.held, got)
		}
		if list, err := httpsfv.UnmarshalList([]string{test.want}); err != nil || len(list) != 1 {
			t.Errorf("%s is no structured list: %v", test.want, err)
		}
	}
	if a := g.get(t, hash.Path()+"/?format=tar"); a.get("Cache-Status") != "btgw; fwd=partial; stored" && a.get("Cache-Status") != "btgw; hit" {
		t.Errorf("an archive: %q", a.get("Cache-Status"))
	}
	if a := g.get(t, path, "Range: bytes=5-2"); a.get("Cache-Status") != "" {
		t.Errorf("416: %q", a.get("Cache-Status"))
	}
	setHook(g.backend, &g.backend.unknown, true)
	if a := g.get(t, hash.Path()+"/?format=json"); a.get("Cache-Status") != "btgw; fwd=uri-miss; stored" {
		t.Errorf("a listing that was not here: %q", a.get("Cache-Status"))
	}
}

func TestServerTiming(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "film.mkv", 100_000)
	cached := regexp.MustCompile(`^metadata;dur=\d+\.\d{3}, piece;dur=\d+\.\d{3}$`)
	if a := g.get(t, hash.Path()+"/film.mkv"); !cached.MatchString(a.get("Server-Timing")) {
		t.Errorf("cached: %q", a.get("Server-Timing"))
	}
	form := regexp.MustCompile(`^metadata;dur=\d+\.\d{3}, peers;dur=20\.000;desc="\d+ connected, \d+ ready", piece;dur=\d+\.\d{3}$`)
	setHook(g.backend, &g.backend.holds, func(int) bool { return false })
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.lone = 20 * time.Millisecond
		c.wait = func(context.Context, int) error {
			time.Sleep(c.lone)
			return nil
		}
	})
	if a := g.get(t, hash.Path()+"/film.mkv"); !form.MatchString(a.get("Server-Timing")) {
		t.Errorf("%q", a.get("Server-Timing"))
	}
	if a := g.request(t, "HEAD", hash.Path()+"/film.mkv"); !strings.HasPrefix(a.get("Server-Timing"), "metadata;dur=") || strings.Contains(a.get("Server-Timing"), "piece") {
		t.Errorf("HEAD: %q", a.get("Server-Timing"))
	}
}

// One switch turns both headers off.
func TestHideCacheState(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.HideCacheState = true })
	hash, _ := g.single(t, "film.mkv", 100_000)
	for _, path := range []string{"/film.mkv", "/", "/?format=tar"} {
		if a := g.get(t, hash.Path()+path); a.status != 200 || a.get("Cache-Status") != "" || a.get("Server-Timing") != "" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	}
}

// only-if-cached is answered from what is here, or at once with 504: then no
// torrent is begun and nothing is opened.
func TestOnlyIfCached(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "film.mkv", 100_000)
	path := hash.Path() + "/film.mkv"
	setHook(g.backend, &g.backend.onInfo, func(context.Context, metainfo.InfoHash) error {
		t.Error("a torrent was begun")
		return nil
	})
	setHook(g.backend, &g.backend.holds, func(p int) bool { return p == 1 })
	only := "Cache-Control: no-cache, Only-If-Cached"
	a := g.get(t, path, only, "Range: bytes=16384-32767")
	if a.status != 206 || a.get("Cache-Status") != "btgw; hit" {
		t.Errorf("a piece that is held: %d %v", a.status, a.header)
	}
	a.wantBody(t, data[16384:32768])
	if a := g.request(t, "HEAD", path, only); a.status != 200 {
		t.Errorf("HEAD: %d", a.status)
	}
	if a := g.get(t, hash.Path()+"/", only); a.status != 200 {
		t.Errorf("a listing: %d", a.status)
	}
	opened := len(g.backend.opens)
	for _, lines := range [][]string{{only}, {only, "Range: bytes=0-0"}, {only, "Range: bytes=16384-16385,40000-40001"}} {
		a := g.get(t, path, lines...)
		if a.status != 504 || a.get("Cache-Control") != "no-store" || !strings.Contains(string(a.body), `"urn:btgw:problem:not-cached"`) || a.get("Cache-Status") != "" {
			t.Errorf("%v: %d %v %s", lines, a.status, a.header, a.body)
		}
	}
	if len(g.backend.opens) != opened {
		t.Error("content was opened")
	}
	unknown := metainfo.NewV1([20]byte{1})
	if a := g.get(t, unknown.Path()+"/x", only); a.status != 504 || !strings.Contains(string(a.body), "not-cached") {
		t.Errorf("an unknown torrent: %d %s", a.status, a.body)
	}
	if a := g.get(t, hash.Path()+"/?format=tar", only); a.status != 504 {
		t.Errorf("an archive of which a piece is held: %d", a.status)
	}
}

func TestOnlyIfCachedDirective(t *testing.T) {
	for line, want := range map[string]bool{
		"only-if-cached": true, "ONLY-IF-CACHED": true, "max-age=0, only-if-cached": true, "only-if-cached=1": true, " ,only-if-cached ,": true,
		"": false, "no-cache": false, "max-age=0": false, `x="a, only-if-cached"`: false, `x="\", only-if-cached", only-if-cached`: true,
		"xonly-if-cached": false,
	} {
		if got := onlyIfCached(map[string][]string{"Cache-Control": {line}}); got != want {
			t.Errorf("%q: %t", line, got)
		}
	}
	if !onlyIfCached(map[string][]string{"Cache-Control": {"no-cache", "only-if-cached"}}) {
		t.Error("a second line")
	}
}
