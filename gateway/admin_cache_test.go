package gateway

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// fakeCache has one torrent.
type fakeCache struct {
	mu      sync.Mutex
	of      fetch.CachedTorrent // guarded by mu
	noPi    error               // what Pin says
	room    int64               // how much its disk has; guarded by mu
	objects bool                // there is an object store; guarded by mu
	purged  metainfo.InfoHash   // guarded by mu

	verifying chan struct{} // nil: at once; else one for each that verifies, before it waits for its client
}

func newFakeCache(hash metainfo.InfoHash) *fakeCache {
	return &fakeCache{of: fetch.CachedTorrent{InfoHash: hash, Hash: hash.String(), Name: "a <b>film</b>", Size: 9, Pieces: 3, PiecesHave: 2, DiskBytes: 5 << 30, InUse: true}, room: 10 << 30}
}

func (f *fakeCache) CacheStats() cache.Stats {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := cache.Stats{Torrents: 1, Pieces: 2, DiskBytes: 5 << 30, DiskLimit: f.room, PinnedBytes: 1 << 30, PinnedTorrents: 1}
	s.MemoryHits, s.DiskHits, s.Misses = 1, 2, 1
	return s
}

func (f *fakeCache) CachedTorrents() []fetch.CachedTorrent {
	f.mu.Lock()
	defer f.mu.Unlock()
	return []fetch.CachedTorrent{f.of}
}

func (f *fakeCache) CachedTorrent(hash metainfo.InfoHash) (fetch.CachedTorrent, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.of, hash == f.of.InfoHash
}

func (f *fakeCache) Pin(hash metainfo.InfoHash, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if hash != f.of.InfoHash {
		return fetch.ErrUnknown
	}
	f.of.Pinned = on
	return f.noPi
}

func (f *fakeCache) Evict(_ context.Context, hash metainfo.InfoHash) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case hash != f.of.InfoHash:
		return fetch.ErrUnknown
	case f.of.Pinned:
		return cache.ErrPinned
	}
	f.of.PiecesHave = 0
	return nil
}

func (f *fakeCache) Purge(ctx context.Context, hash metainfo.InfoHash) error {
	f.mu.Lock()
	objects := f.objects
	if objects {
		f.purged = hash
	}
	f.mu.Unlock()
	if !objects {
		return fetch.ErrNoObjects
	}
	return f.Evict(ctx, hash)
}

func (f *fakeCache) ObjectStats() (object.Stats, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return object.Stats{Up: true, LastError: "503", Gets: 7}, f.objects
}

func (f *fakeCache) EvictAll(ctx context.Context) (int, error) {
	f.mu.Lock()
	hash := f.of.InfoHash
	f.mu.Unlock()
	return 1, f.Evict(ctx, hash)
}

func (f *fakeCache) VerifyCached(ctx context.Context, hash metainfo.InfoHash) (fetch.Checked, error) {
	if hash != f.of.InfoHash {
		return fetch.Checked{}, fetch.ErrUnknown
	}
	if f.verifying != nil {
		f.verifying <- struct{}{}
		<-ctx.Done()
		return fetch.Checked{}, ctx.Err()
	}
	return fetch.Checked{Right: 1, Wrong: 2, Unknown: 3}, nil
}

// do sends a request to the admin server.
func (g *gatewayTest) do(t *testing.T, method, path, body string) *answer {
	t.Helper()
	return g.raw(t, fmt.Sprintf("%s %s HTTP/1.0\nHost: %s\nContent-Length: %d\n\n%s", method, path, g.addr, len(body), body))
}

// The API does what it says, and says why it does not.
func TestAdminCache(t *testing.T) {
	hash, other := metainfo.NewV1([20]byte{1}), metainfo.NewV1([20]byte{2})
	kept := newFakeCache(hash)
	g := serveAdmin(t, func(cfg *AdminConfig) { cfg.Cache = kept })
	one := cachePath + "/torrents/" + hash.String()
	for _, row := range []struct {
		method, path string
		status       int
		has          string
	}{
		{"GET", cachePath, 200, `"disk_limit":10737418240`},
		{"GET", cachePath + "/torrents", 200, `"infohash":"` + hash.String()},
		{"GET", one, 200, `"pinned":false`},
		{"PUT", one + "/pin", 204, ""},
		{"GET", one, 200, `"pinned":true`},
		{"DELETE", one, 409, "unpin it first"},
		{"DELETE", one + "/pin", 204, ""},
		{"POST", one + "/verify", 200, `{"right":1,"wrong":2,"unknown":3}`},
		{"DELETE", one + "?purge=true", 409, "no object store"},
		{"DELETE", one, 204, ""},
		{"DELETE", cachePath, 200, `{"evicted":1}`},
		{"GET", cachePath + "/torrents/x", 400, "infohash"},
		{"PUT", cachePath + "/torrents/" + other.String() + "/pin", 404, "no-such-torrent"},
		{"DELETE", cachePath + "/torrents/" + other.String(), 404, "no-such-torrent"},
		{"POST", cachePath + "/torrents/" + other.String() + "/verify", 404, "no-such-torrent"},
		{"DELETE", cachePath + "/torrents/" + other.String() + "/prefetch", 404, "no-such-torrent"},
		{"GET", "/api/v1/clients", 200, `{"clients":[]}`},
		{"GET", "/openapi.json", 200, `"openapi": "3.1.0"`},
	} {
		if a := g.do(t, row.method, row.path, ""); a.status != row.status || !strings.Contains(string(a.body), row.has) {
			t.Errorf("%s %s: %d %s", row.method, row.path, a.status, a.body)
		}
	}
	film := g.backend.add(t, "film", metainfo.V1, map[string][]byte{"a": random(1, 10), "season/b": random(2, 10)})
	for _, row := range []struct {
		hash   metainfo.InfoHash
		path   string
		status int
	}{
		{other, "../x", 400}, {other, "a/../../x", 400}, {other, "./a", 400}, {other, "a//b", 400}, {film, "..", 400},
		{film, "x", 404}, {film, "seaso", 404}, {film, "season/b/c", 404},
		{film, "season", 202}, {film, "/season/", 202}, {other, "x", 202},
	} {
		a := g.do(t, "POST", cachePath+"/torrents/"+row.hash.String()+"/prefetch", fmt.Sprintf(`{"path": %q}`, row.path))
		if a.status != row.status {
			t.Errorf("a prefetch of %q: %d %s", row.path, a.status, a.body)
		}
		if list := g.get(t, cachePath+"/prefetches"); row.status != 202 && string(list.body) != `{"prefetches":[]}` {
			t.Errorf("a prefetch of %q was refused, and there are %s", row.path, list.body)
		}
	}
	kept.mu.Lock()
	kept.objects = true
	kept.mu.Unlock()
	if a := g.do(t, "GET", cachePath, ""); a.status != 200 || !strings.Contains(string(a.body), `"object_store":{"up":true,"last_error":"503","gets":7,`) {
		t.Errorf("the cache with an object store: %d %s", a.status, a.body)
	}
	if a := g.do(t, "DELETE", one+"?purge=true", ""); a.status != 204 || kept.purged != hash {
		t.Errorf("a purge: %d %s, %v", a.status, a.body, kept.purged)
	}
	for err, says := range map[error]string{cache.ErrNoDisk: "in memory alone", cache.ErrTooManyPins: "As many"} {
		kept.mu.Lock()
		kept.noPi = err
		kept.mu.Unlock()
		if a := g.do(t, "PUT", one+"/pin", ""); a.status != 409 || !strings.Contains(string(a.body), says) {
			t.Errorf("%v: %d %s", err, a.status, a.body)
		}
	}
	if a := serveAdmin(t, nil).get(t, cachePath); a.status != 404 {
		t.Errorf("without a cache: %d", a.status)
	}
}

// Requests that go over all of the disk are bounded in number, and give their places back when their clients leave.
func TestAdminCacheWork(t *testing.T) {
	hash := metainfo.NewV1([20]byte{1})
	kept := newFakeCache(hash)
	kept.verifying = make(chan struct{})
	g := serveAdmin(t, func(cfg *AdminConfig) { cfg.Cache = kept })
	verify := cachePath + "/torrents/" + hash.String() + "/verify"
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var clients sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range maxCacheWork {
		clients.Go(func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+g.addr+verify, nil)
			if err != nil {
				t.Error(err)
				return
			}
			if a, err := client.Do(r); err == nil {
				t.Errorf("%s of a client that left", a.Status)
				a.Body.Close()
			}
		})
		<-kept.verifying
	}
	for _, row := range [][2]string{{"POST", verify}, {"DELETE", cachePath}} {
		if a := g.do(t, row[0], row[1], ""); a.status != 503 || a.get("Retry-After") == "" {
			t.Errorf("%s %s, one too many: %d %s", row[0], row[1], a.status, a.body)
		}
	}
	if a := g.do(t, "GET", cachePath, ""); a.status != 200 {
		t.Errorf("what costs little beside them: %d", a.status)
	}
	leave()
	clients.Wait()
	for end := time.Now().Add(60 * time.Second); g.do(t, "DELETE", cachePath, "").status != 200; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the places are not given back")
		}
	}
}

// The page and the API's document have nothing to hide, so they want no token; all else does. Names of other hosts get neither.
func TestAdminPage(t *testing.T) {
	g := serveAdmin(t, func(cfg *AdminConfig) { cfg.Token, cfg.Cache = "secret", newFakeCache(metainfo.NewV1([20]byte{1})) })
	for path, kind := range map[string]string{"/": "text/html", "/-/admin.css": "text/css", "/-/admin.js": "text/javascript", "/openapi.json": "application/json"} {
		a := g.get(t, path)
		if a.status != 200 || !strings.HasPrefix(a.get("Content-Type"), kind) || !strings.Contains(a.get("Content-Security-Policy"), "frame-ancestors 'none'") || len(a.body) == 0 {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		if a := g.raw(t, "GET "+path+" HTTP/1.1\nHost: evil.example\nConnection: close\n\n"); a.status != 421 {
			t.Errorf("%s of another name: %d", path, a.status)
		}
	}
	for _, path := range []string{cachePath, cachePath + "/torrents", cachePath + "/prefetches", "/api/v1/clients"} {
		if a := g.get(t, path); a.status != 401 {
			t.Errorf("%s without the token: %d", path, a.status)
		}
	}
}

// A prefetch reads all that is missing, one at a time for each torrent, and ends where the server does.
func TestPrefetch(t *testing.T) {
	backend := newFakeBackend()
	hash := backend.add(t, "two", metainfo.V1, map[string][]byte{"a": random(1, 40_000), "b/c": random(2, 50_000)})
	kept := newFakeCache(hash)
	a, err := NewAdmin(AdminConfig{Backend: backend, Cache: kept})
	if err != nil {
		t.Fatal(err)
	}
	p := a.prefetches
	t.Cleanup(a.EndPrefetches)
	ended := func(want Prefetch) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
			list := p.list()
			if got := list[len(list)-1]; got.State != prefetchRunning {
				if got.Error = ""; got != want {
					t.Errorf("%+v, not %+v", got, want)
				}
				return
			}
			if time.Now().After(end) {
				t.Fatalf("it does not end: %+v", list)
			}
		}
	}
	for path, want := range map[string]Prefetch{
		"":     {State: prefetchDone, Bytes: 90_000, Done: 90_000},
		"b":    {Path: "b", State: prefetchDone, Bytes: 50_000, Done: 50_000},
		"a":    {Path: "a", State: prefetchDone, Bytes: 40_000, Done: 40_000},
		"none": {Path: "none", State: prefetchFailed},
	} {
		want.Hash = hash.String()
		for _, here := range []bool{true, false} {
			setHook(backend, &backend.holds, func(int) bool { return here })
			if _, err := p.start(hash, path); err != nil {
				t.Fatal(err)
			}
			ended(want)
		}
	}
	if n := len(backend.opens); n != 4 {
		t.Errorf("%d files were read, of which nothing was here", n)
	}
	if n := len(p.list()); n != 1 {
		t.Errorf("%d prefetches of one torrent", n)
	}

	// What the cache cannot keep is not begun: pieces would push each other out.
	kept.mu.Lock()
	kept.room = 1<<30 + 89_999 // of which 1 GiB is pinned
	kept.mu.Unlock()
	if _, err := p.start(hash, ""); err != nil {
		t.Fatal(err)
	}
	ended(Prefetch{Hash: hash.String(), State: prefetchFailed, Bytes: 90_000})
	if n := len(backend.opens); n != 4 {
		t.Errorf("%d files were read, one too large for the cache", n)
	}

	// Searches that find nothing go on until they are ended.
	unknown := func(i int) metainfo.InfoHash { return metainfo.NewV1([20]byte{9, byte(i)}) }
	for i := range maxPrefetches {
		if one, err := p.start(unknown(i), ""); err != nil || one.State != prefetchRunning {
			t.Fatalf("%d: %+v, %v", i, one, err)
		}
	}
	if _, err := p.start(unknown(maxPrefetches), ""); err != fetch.ErrBusy {
		t.Errorf("one too many: %v", err)
	}
	if one, err := p.start(unknown(0), ""); err != nil || one.State != prefetchRunning {
		t.Errorf("the same again: %+v, %v", one, err)
	}
	if _, err := p.start(unknown(0), "other"); err != errPrefetching {
		t.Errorf("another part: %v", err)
	}
	if !p.cancel(unknown(0)) || p.cancel(unknown(0)) {
		t.Error("it is ended once")
	}
	if _, err := p.start(unknown(maxPrefetches), ""); err != nil {
		t.Errorf("after one ended: %v", err)
	}
	p.close()
	for _, one := range p.list() {
		if one.State == prefetchRunning {
			t.Errorf("%+v after the end", one)
		}
	}
	if _, err := p.start(hash, ""); err != fetch.ErrClosed {
		t.Errorf("after the end: %v", err)
	}
	for i := range 2 * maxPrefetchesKept {
		p.mu.Lock()
		p.forgetOld()
		one := &prefetchOf{Prefetch: Prefetch{Hash: fmt.Sprint(i), State: prefetchDone}}
		p.of[one.Hash], p.order = one, append(p.order, one)
		p.mu.Unlock()
	}
	if n, m := len(p.list()), len(p.of); n != maxPrefetchesKept || m != n {
		t.Errorf("%d are listed and %d known", n, m)
	}
}
