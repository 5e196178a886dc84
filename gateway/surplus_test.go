package gateway

import (
	"fmt"
	"testing"

	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// Tiny ranges out of many pieces use a client's budget up; reading on, pieces
// that are here, and this machine do not.
func TestSurplus(t *testing.T) {
	const piece = 16 << 10
	g := serve(t, func(cfg *Config) {
		cfg.SurplusPerClient = piece / 8 // 8 pieces at once
		cfg.TrustedProxies = []string{"127.0.0.1"}
	})
	hash, data := g.single(t, "film.mkv", 100*piece)
	path := hash.Path() + "/film.mkv"
	setHook(g.backend, &g.backend.holds, func(int) bool { return false })
	tiny := func(client string, n int) *answer {
		return g.get(t, path, "X-Forwarded-For: "+client, fmt.Sprintf("Range: bytes=%d-%d", n*piece, n*piece))
	}
	n, a := 0, tiny("192.0.2.1", 0)
	for ; a.status == 206 && n < 99; a = tiny("192.0.2.1", n) { // a slow machine is given another in 8 s
		n++
	}
	if n < 8 || a.status != 429 || a.get("Retry-After") != "10" || a.get("Cache-Control") != "no-store" || a.get("Cache-Status") != "" {
		t.Errorf("range %d: %d %v", n, a.status, a.header)
	}
	opened := len(g.backend.opens)
	if a := g.get(t, path, "X-Forwarded-For: 192.0.2.1", "Range: bytes=5-5,50000-50000"); a.status != 429 {
		t.Errorf("two of them: %d", a.status)
	}
	if len(g.backend.opens) != opened {
		t.Error("a refused range was opened")
	}
	if a := tiny("192.0.2.2", 9); a.status != 206 {
		t.Errorf("another client: %d", a.status)
	}
	a = g.get(t, path, "X-Forwarded-For: 192.0.2.1")
	if a.status != 200 {
		t.Errorf("all of the file: %d", a.status)
	}
	a.wantBody(t, data)
	if a := g.request(t, "HEAD", path, "X-Forwarded-For: 192.0.2.1"); a.status != 200 {
		t.Errorf("HEAD: %d", a.status)
	}
	setHook(g.backend, &g.backend.holds, nil)
	if a := tiny("192.0.2.1", 9); a.status != 206 {
		t.Errorf("a piece that is here: %d", a.status)
	}
	setHook(g.backend, &g.backend.holds, func(int) bool { return false })
	g = serve(t, func(cfg *Config) { cfg.SurplusPerClient = piece / 8 }) // no proxy between
	hash, _ = g.single(t, "film.mkv", 100*piece)
	path = hash.Path() + "/film.mkv"
	setHook(g.backend, &g.backend.holds, func(int) bool { return false })
	for n := range 20 {
		if a := g.get(t, path, fmt.Sprintf("Range: bytes=%d-%d", n*piece, n*piece)); a.status != 206 {
			t.Fatalf("this machine, range %d: %d", n, a.status)
		}
	}
}

func TestFileSurplus(t *testing.T) {
	b := newFakeBackend()
	info := b.torrents[b.add(t, "dir", metainfo.V1, map[string][]byte{"a": random(1, 20_000), "b": random(2, 50_000)})].Info
	second := &info.Files[1]
	for _, test := range []struct {
		r    httprange.Range
		want int64
	}{
		{httprange.Range{Off: 0, N: 50_000}, 3616},             // what the first file has of its piece
		{httprange.Range{Off: 0, N: 1}, 16<<10 - 1},            // within one piece
		{httprange.Range{Off: 12_767, N: 2}, 2*16<<10 - 2},     // across two
		{httprange.Range{Off: 49_999, N: 1}, 70_000%16384 - 1}, // the last piece is short
	} {
		if got := fileSurplus(info, second, test.r); got != test.want {
			t.Errorf("%v: %d, not %d", test.r, got, test.want)
		}
	}
}
