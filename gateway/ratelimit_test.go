package gateway

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/metainfo"
)

// Each 429 says when to come again, and which bound it is.
func TestRateLimitFields(t *testing.T) {
	t.Parallel()
	g := keyed(t, func(cfg *Config) {
		cfg.RequestsPerClient, cfg.TrustedProxies = 2, []string{"127.0.0.1"}
	}, userLine("alice", "a", "requests=1"))
	one, _ := g.single(t, "a.mkv", 100)
	path, key := one.Path()+"/a.mkv", "Authorization: Bearer a"
	check := func(name string, a *answer, retry, policy, now string) {
		t.Helper()
		if a.status != 429 || a.get("Retry-After") != retry || a.get("Ratelimit-Policy") != policy || a.get("Ratelimit") != now {
			t.Errorf("%s: %d, Retry-After %q, RateLimit-Policy %q, RateLimit %q", name, a.status, a.get("Retry-After"), a.get("Ratelimit-Policy"), a.get("Ratelimit"))
		}
	}
	// refused asks until there is no room, however slowly that goes.
	refused := func(ask func(i int) *answer) (a *answer) {
		for i := range 250 {
			if a = ask(i); a.status != 200 {
				break
			}
		}
		return a
	}
	check("requests of a key", refused(func(i int) *answer {
		return g.get(t, path, key, fmt.Sprintf("X-Forwarded-For: 192.0.2.%d", i))
	}), "1", `"requests";q=4;w=4`, `"requests";r=0;t=1`)
	check("requests of an address", refused(func(int) *answer {
		return g.get(t, "/robots.txt", "X-Forwarded-For: 198.51.100.1")
	}), "1", `"requests";q=8;w=4`, `"requests";r=0;t=1`)
	check("requests of a /56", refused(func(i int) *answer {
		return g.get(t, "/robots.txt", fmt.Sprintf("X-Forwarded-For: 2001:db8:0:%x::1", i))
	}), "1", `"requests";q=8;w=4`, `"requests";r=0;t=1`)

	s := serve(t, func(cfg *Config) { cfg.MaxStreams = 1 })
	two, _ := s.single(t, "b.mkv", 100)
	entered, release := make(chan struct{}), make(chan struct{})
	setHook(s.backend, &s.backend.onInfo, func(context.Context, metainfo.InfoHash) error {
		entered <- struct{}{}
		<-release
		return nil
	})
	done := make(chan int)
	go func() { done <- s.get(t, two.Path()+"/b.mkv").status }()
	<-entered
	check("streams", s.get(t, two.Path()+"/b.mkv"), "5", `"streams";q=1;qu="concurrent-requests"`, `"streams";r=0`)
	close(release)
	if status := <-done; status != 200 {
		t.Errorf("the one that had the place: %d", status)
	}
}

// What one client gets is bounded in all its transfers together; others and this machine are not held up.
func TestClientRate(t *testing.T) {
	t.Parallel()
	const rate = 1_000_000
	g := serve(t, func(cfg *Config) { cfg.RatePerClient, cfg.TrustedProxies = rate, []string{"127.0.0.1"} })
	one, content := g.single(t, "a.mkv", 600_000)
	path := one.Path() + "/a.mkv"
	begun := time.Now()
	done := make(chan *answer, 2)
	for range 2 {
		go func() { done <- g.get(t, path, "X-Forwarded-For: 192.0.2.1") }()
	}
	for range 2 {
		if a := <-done; a.status != 200 || !bytes.Equal(a.body, content) {
			t.Errorf("%d, %d bytes", a.status, len(a.body))
		}
	}
	// A tenth of a second is free.
	if took := time.Since(begun); took < 1090*time.Millisecond {
		t.Errorf("1.2 MB took %v", took)
	}
	if p := g.bounds.Load().Paces.Of(clientAt("192.0.2.2")); p == nil || p == g.bounds.Load().Paces.Of(clientAt("192.0.2.1")) {
		t.Error("another client has no rate of its own")
	}
	if here := (limit.Client{Prefix: clientAt("127.0.0.1").Prefix, Local: true}); g.bounds.Load().Paces.Of(here) != nil {
		t.Error("this machine has a bound")
	}
}

// A proxy that is not believed is told of, once an hour, and has the bounds of a client though it is on
// this machine.
func TestUnproxied(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	g := serve(t, func(cfg *Config) { cfg.RequestsPerClient, cfg.Log = 1, slog.New(slog.NewTextHandler(&log, nil)) })
	status := 200
	for i := 0; status == 200; i++ {
		if status = g.get(t, "/robots.txt", "X-Forwarded-For: 192.0.2.1").status; i > 100 {
			t.Fatal("the proxy is exempt, as if its clients were here")
		}
	}
	if a := g.get(t, "/robots.txt"); a.status != 200 {
		t.Errorf("a program on this machine: %d", a.status)
	}
	if text := log.String(); strings.Count(text, "X-Forwarded-For") != 1 || !strings.Contains(text, "address=127.0.0.1") || strings.Contains(text, "192.0.2.1") {
		t.Errorf("%s", text)
	}
	log.Reset()
	g = serve(t, func(cfg *Config) {
		cfg.TrustedProxies, cfg.Log = []string{"127.0.0.1"}, slog.New(slog.NewTextHandler(&log, nil))
	})
	if g.get(t, "/robots.txt", "X-Forwarded-For: 192.0.2.1"); log.Len() != 0 {
		t.Errorf("a trusted proxy: %s", &log)
	}
}

// spyBackend counts what is asked of it.
type spyBackend struct {
	*fakeBackend
	calls atomic.Int64
}

func (b *spyBackend) Info(ctx context.Context, hash metainfo.InfoHash, hints fetch.Hints) (*metainfo.Info, error) {
	b.calls.Add(1)
	return b.fakeBackend.Info(ctx, hash, hints)
}

func (b *spyBackend) Known(hash metainfo.InfoHash) (*metainfo.Info, bool) {
	b.calls.Add(1)
	return b.fakeBackend.Known(hash)
}

func (b *spyBackend) Cached(hash metainfo.InfoHash, f *metainfo.File, off, n int64) fetch.Held {
	b.calls.Add(1)
	return b.fakeBackend.Cached(hash, f, off, n)
}

func (b *spyBackend) Status(hash metainfo.InfoHash) (fetch.Status, bool) {
	b.calls.Add(1)
	return b.fakeBackend.Status(hash)
}

// leaks are the requests by which others find out what a cache has.
var leaks = []struct {
	method string
	lines  []string
}{
	{"GET", nil},
	{"HEAD", nil},
	{"GET", []string{"Range: bytes=0-0"}},
	{"GET", []string{"Cache-Control: only-if-cached"}},
	{"HEAD", []string{"If-None-Match: *"}},
	{"PROPFIND", []string{"Depth: 0"}},
}

// comparableAnswer is an answer without what differs between any two.
func comparableAnswer(a *answer, hash metainfo.InfoHash) string {
	h := a.header.Clone()
	h.Del("Date")
	return strings.ReplaceAll(fmt.Sprint(a.status, h, string(a.body)), hash.String(), "HASH")
}

// Who is refused learns nothing of what is here: the answers are the same, and the backend, which
// would take its time, is asked nothing.
func TestRefusalsTellNothingOfTheCache(t *testing.T) {
	t.Parallel()
	unknown, err := metainfo.ParseInfoHash(strings.Repeat("5e", 20))
	if err != nil {
		t.Fatal(err)
	}
	list := func(t *testing.T, lines ...string) string {
		name := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	_, keys := signing(t, nil)
	for name, c := range map[string]struct {
		status int
		serve  func(t *testing.T, backend *spyBackend, here metainfo.InfoHash) *gatewayTest
	}{
		"keys": {401, func(t *testing.T, b *spyBackend, _ metainfo.InfoHash) *gatewayTest {
			return keyed(t, func(cfg *Config) { cfg.Backend = b }, userLine("alice", "a", ""))
		}},
		"signed": {403, func(t *testing.T, b *spyBackend, _ metainfo.InfoHash) *gatewayTest {
			return serve(t, func(cfg *Config) { cfg.Backend, cfg.LinkKeys = b, keys })
		}},
		"allowlist": {403, func(t *testing.T, b *spyBackend, _ metainfo.InfoHash) *gatewayTest {
			l, err := OpenAllowlist(list(t, "/btih/"+strings.Repeat("a", 40)))
			if err != nil {
				t.Fatal(err)
			}
			return serve(t, func(cfg *Config) { cfg.Backend, cfg.Allowlist = b, l })
		}},
		"denylist": {410, func(t *testing.T, b *spyBackend, here metainfo.InfoHash) *gatewayTest {
			l, err := OpenDenylist(list(t, here.Path(), unknown.Path()))
			if err != nil {
				t.Fatal(err)
			}
			return serve(t, func(cfg *Config) { cfg.Backend, cfg.Denylist = b, l })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := &spyBackend{fakeBackend: newFakeBackend()}
			here := b.add(t, "a.mkv", metainfo.V1, map[string][]byte{"a.mkv": random(1, 400_000)})
			g := c.serve(t, b, here)
			for _, leak := range leaks {
				known := g.request(t, leak.method, here.Path()+"/a.mkv", leak.lines...)
				other := g.request(t, leak.method, unknown.Path()+"/a.mkv", leak.lines...)
				if known.status != c.status {
					t.Errorf("%s %q: %d", leak.method, leak.lines, known.status)
				}
				if a, b := comparableAnswer(known, here), comparableAnswer(other, unknown); a != b {
					t.Errorf("%s %q of what is here:\n%s\nand of what is not:\n%s", leak.method, leak.lines, a, b)
				}
			}
			if n := b.calls.Load(); n != 0 {
				t.Errorf("the backend was asked %d times", n)
			}
		})
	}
}

// With HideCacheState answers without a body are the same whether the content is here or has yet to
// be fetched.
func TestHiddenCacheState(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *Config) { cfg.HideCacheState = true })
	hash, _ := g.single(t, "a.mkv", 400_000)
	tag := g.request(t, http.MethodHead, hash.Path()+"/a.mkv").get("Etag")
	ask := func() (all []string) {
		for i, leak := range leaks {
			if leak.method == http.MethodGet && i < 4 {
				continue // it has a body
			}
			all = append(all, comparableAnswer(g.request(t, leak.method, hash.Path()+"/a.mkv", leak.lines...), hash))
		}
		return append(all, comparableAnswer(g.get(t, hash.Path()+"/a.mkv", "If-None-Match: "+tag), hash))
	}
	held := ask()
	setHook(g.backend, &g.backend.holds, func(int) bool { return false })
	for i, answer := range ask() {
		if answer != held[i] {
			t.Errorf("here:\n%s\nnot here:\n%s", held[i], answer)
		}
	}
}
