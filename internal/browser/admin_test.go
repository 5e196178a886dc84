package browser

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// An operated gateway is what the operator's page shows: a torrent that is read by one client more with each look, and what
// is cached of it.
type operated struct {
	gateway.Backend
	gateway.Cache
	mu     sync.Mutex
	looks  int64               // guarded by mu
	cached fetch.CachedTorrent // guarded by mu
}

func newOperated() *operated {
	hash := metainfo.NewV1([20]byte{1})
	return &operated{cached: fetch.CachedTorrent{InfoHash: hash, Hash: hash.String(), Name: "A <b>film</b> & more", Size: 3 << 30,
		Pieces: 3072, PiecesHave: 1024, DiskBytes: 1 << 30, InUse: true}}
}

// admin serves it for holders of a token, and returns the URL of the page.
func (o *operated) admin(t *testing.T, token string) string {
	t.Helper()
	a, err := gateway.NewAdmin(gateway.AdminConfig{Backend: o, Cache: o, Clients: o.clients, Token: token, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + clients.Serve(t, a, true) + "/"
}

// List counts a look: 8 MiB were served since the last.
func (o *operated) List() []fetch.Status {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.looks++
	return []fetch.Status{{
		InfoHash: o.cached.InfoHash, Hash: o.cached.Hash, Name: o.cached.Name, Size: o.cached.Size, HaveInfo: true, Pieces: o.cached.Pieces,
		PiecesHave: o.cached.PiecesHave, Readers: int(o.looks), Downloaded: o.looks << 20, Served: o.looks << 23,
		Swarm: peer.SwarmStats{Known: 40, Connected: 12, Seeds: 3},
	}}
}

func (o *operated) clients() []gateway.ClientStatus {
	o.mu.Lock()
	defer o.mu.Unlock()
	return []gateway.ClientStatus{{Client: "192.0.2.7", Streams: int(o.looks)}, {Client: "2001:db8::/56", Streams: 1}}
}

func (o *operated) CacheStats() cache.Stats {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := cache.Stats{Torrents: 1, Pieces: 1024, DiskBytes: 1 << 30, DiskLimit: 10 << 30}
	s.MemoryHits, s.DiskHits, s.Misses = 1, 2, 1
	if o.cached.Pinned {
		s.PinnedTorrents, s.PinnedBytes = 1, s.DiskBytes
	}
	return s
}

func (o *operated) CachedTorrents() []fetch.CachedTorrent {
	o.mu.Lock()
	defer o.mu.Unlock()
	return []fetch.CachedTorrent{o.cached}
}

func (o *operated) Pin(_ metainfo.InfoHash, on bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cached.Pinned = on
	return nil
}

func (o *operated) Evict(context.Context, metainfo.InfoHash) error { return cache.ErrPinned }

func (o *operated) VerifyCached(context.Context, metainfo.InfoHash) (fetch.Checked, error) {
	return fetch.Checked{Right: 1023, Wrong: 1}, nil
}

func (o *operated) ObjectStats() (object.Stats, bool) { return object.Stats{}, false }

// adminShows is true once the page shows what it is about, and rates between two looks.
const adminShows = `/\d [KM]iB\/s/.test(document.querySelector("#torrents tbody")?.textContent)`

// streams is how many the first client has, as the page shows it.
const streams = `+document.querySelector("#clients tbody td:nth-child(2)").textContent`

// TestAdmin has an operator use the page: it asks for the token, shows torrents, rates, the cache and clients, and goes on
// showing them as they change. Its buttons do what they say, and say what went wrong.
func TestAdmin(t *testing.T) {
	t.Parallel()
	for name, start := range browsers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute) // of a slow machine
			defer cancel()
			url := newOperated().admin(t, "secret")
			browser := start(ctx, t)
			browser.Open(url)
			browser.Until(`!document.querySelector("#login").hidden`)
			browser.Evaluate(`{ document.querySelector("#token").value = "wrong"; 1 }`, nil)
			browser.Click("#login button")
			browser.Until(`document.querySelector("#error").textContent.includes("token is expected") && document.querySelector("#all").hidden`)
			browser.Evaluate(`{ document.querySelector("#token").value = "secret"; 1 }`, nil)
			browser.Click("#login button")
			browser.Until(adminShows)

			var is struct {
				Torrent, Clients, Cache string
				Tags                    int
			}
			const look = `({ torrent: document.querySelector("#torrents tbody tr").textContent, clients: document.querySelector("#clients tbody").textContent,
				cache: document.querySelector("#line").textContent,
				tags: document.querySelectorAll("td b").length })`
			browser.Evaluate(look, &is)
			for _, want := range []string{"A <b>film</b> & more", "33 %", "12"} {
				if !strings.Contains(is.Torrent, want) {
					t.Errorf("the torrent is %q, without %q", is.Torrent, want)
				}
			}
			if is.Tags != 0 || !strings.Contains(is.Clients, "192.0.2.7") || !strings.Contains(is.Clients, "2001:db8::/56") || !strings.HasPrefix(is.Cache, "1.0 GiB of 10 GiB on disk") {
				t.Errorf("%+v", is)
			}
			goesOn := func() { // by itself
				t.Helper()
				browser.Evaluate(`{ window.streams = `+streams+`; 1 }`, nil)
				browser.Until(streams + ` > window.streams + 1`)
			}
			press := func(button string) { // in one go: each look makes new ones
				t.Helper()
				browser.Until(`[...document.querySelectorAll('#cache button:enabled')].filter(b => b.textContent === "` + button + `").map(b => b.click()).length`)
			}
			goesOn()
			press("Pin")
			browser.Until(`document.querySelector("#cache button").textContent === "Unpin" && document.querySelector("#line").textContent.includes("1.0 GiB of it pinned")`)
			press("Verify")
			browser.Until(`document.querySelector("#state").textContent.includes("1023 pieces are right, 1 were wrong")`)
			const complains = `!document.querySelector("#error").hidden && document.querySelector("#error").textContent.includes("unpin it first")`
			press("Evict")
			browser.Until(complains)
			goesOn()
			var still bool
			if browser.Evaluate(complains, &still); !still {
				t.Error("what went wrong is taken away again before it is read")
			}
			press("Unpin")
			browser.Until(`document.querySelector("#error").hidden`)
		})
	}
}

// Nobody gets what the page shows without the token.
func TestAdminToken(t *testing.T) {
	t.Parallel()
	url := newOperated().admin(t, "secret")
	for path, want := range map[string]int{"": 200, "api/v1/torrents": 401, "api/v1/clients": 401, "api/v1/cache": 401} {
		a, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(a.Body)
		a.Body.Close()
		if err != nil || a.StatusCode != want || strings.Contains(string(body), "film") {
			t.Errorf("/%s: %s, %v: %s", path, a.Status, err, body)
		}
	}
}
