package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestSeederDies: the only seeder dies in the middle of a body, another appears,
// and the body goes on.
func TestSeederDies(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "orphaned.bin", Seed: 71, PieceLength: 256 << 10, Size: 24 << 20})
	for _, c := range []struct {
		name   string
		appear func(t *testing.T, g *btgw, next *clients.Libtorrent)
	}{
		{"by another request", func(t *testing.T, g *btgw, next *clients.Libtorrent) {
			g.wantsRange(t, p, files(p)[0], 23<<20, 1000, hints(nil, next.Addr()))
		}},
		{"by connecting to btgw", func(_ *testing.T, g *btgw, next *clients.Libtorrent) { next.Connect(g.peer) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			only := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 4 << 20})
			only.Seed(p, false)
			next := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			next.Seed(p, false)
			g := start(t, options{})
			s := g.open(t.Context(), g.urlOf(p, files(p)[0], hints(nil, only.Addr())))
			defer s.close()
			s.read(4 << 20)
			only.Kill()
			await(t, "btgw has noticed", func() bool { return g.status(p.Hash).Swarm.Connected == 0 })
			c.appear(t, g, next)
			s.readAll()
			s.is(t, "the body", http.StatusOK, p.SHA256(files(p)[0], 0, -1), 24<<20)
		})
	}
}

// TestNeverUnchokes: a seeder that lets nobody download beside one that does
// costs nothing.
func TestNeverUnchokes(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "choked.bin", Seed: 72, PieceLength: 256 << 10, Size: 8 << 20})
	choker := clients.StartLibtorrent(t, clients.LibtorrentOptions{NeverUnchoke: true})
	choker.Seed(p, false)
	generous := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	generous.Seed(p, false)
	g := start(t, options{})
	query := hints(nil, choker.Addr(), generous.Addr())
	begun := time.Now()
	g.wants(t, p, query)
	if took := time.Since(begun); took > nobodyTime {
		t.Errorf("took %v", took)
	}
	await(t, "both are connected", func() bool { return g.status(p.Hash).Swarm.Connected == 2 })
	if st := g.status(p.Hash); st.Swarm.Banned != 0 {
		t.Error("somebody was banned")
	}
	if up := choker.Stats().Uploaded; up > 10*p.Info.PieceLength { // pieces allowed fast (BEP 6)
		t.Errorf("the choker uploaded %d bytes", up)
	}
}

// forsaken expects a 504 that says what was tried before the time of a request is over,
// since nobody is left to ask, or nobody who is connected has what is wanted.
func (a answer) forsaken(t *testing.T, kind, stage string, tried map[string]int64) {
	t.Helper()
	a.tells(t, kind, stage, tried)
	if a.first > nobodyTime {
		t.Errorf("after %v, want %v at most", a.first, nobodyTime)
	}
}

// unavailable expects a 504 in time that says what was tried.
func (a answer) unavailable(t *testing.T, kind, stage string, tried map[string]int64) {
	t.Helper()
	a.tells(t, kind, stage, tried)
	if a.first < gateway.FirstByteTimeout-100*time.Millisecond || a.first > gateway.FirstByteTimeout+5*time.Second {
		t.Errorf("after %v, want %v", a.first, gateway.FirstByteTimeout)
	}
}

// tells expects a 504 that says what was tried.
func (a answer) tells(t *testing.T, kind, stage string, tried map[string]int64) {
	t.Helper()
	if a.err != nil || a.status != http.StatusGatewayTimeout {
		t.Fatalf("status %d, error %v: %s", a.status, a.err, a.body)
	}
	if a.header.Get("Retry-After") == "" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("Retry-After %q, Cache-Control %q", a.header.Get("Retry-After"), a.header.Get("Cache-Control"))
	}
	doc := a.problem(t)
	if !strings.HasSuffix(doc.Type, ":"+kind) || doc.Stage != stage || doc.Detail == "" || doc.Status != a.status {
		t.Errorf("the body says %+v, want type %s and stage %s", doc, kind, stage)
	}
	for key, want := range tried {
		if got, ok := doc.Tried[key]; !ok || got != want {
			t.Errorf("%s: %d, want %d: %s", key, got, want, a.body)
		}
	}
}

// TestUnavailable: a 504 within its time for all that can be missing, and no
// torrent that waits is in the way of others.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	g := start(t, options{})
	none := func(seed byte) string { return g.url + metainfo.NewV1([20]byte{seed}).Path() + "/name" }
	t.Run("nobody", func(t *testing.T) {
		t.Parallel()
		g.get(none(1)).forsaken(t, "no-peers", "metadata", map[string]int64{"peers_known": 0, "trackers_asked": 0})
	})
	t.Run("dead tracker and dead peer", func(t *testing.T) {
		t.Parallel()
		dead := clients.Nobody(t)
		g.get(none(2)+hints([]string{"http://" + dead + "/announce", "udp://" + dead + "/announce"}, dead)).
			forsaken(t, "no-peers", "metadata", map[string]int64{"trackers_asked": 2, "trackers_failed": 2, "peers_known": 1, "peers_connected": 0})
	})
	t.Run("a tracker without peers", func(t *testing.T) {
		t.Parallel()
		g.get(none(3)+hints([]string{newTracker(t).url()})).
			forsaken(t, "no-peers", "metadata", map[string]int64{"trackers_asked": 1, "trackers_failed": 0, "peers_known": 0})
	})
	t.Run("metadata that never comes", func(t *testing.T) {
		t.Parallel()
		p := clients.MakePayload(t, clients.Spec{Seed: 73, Size: 1 << 20})
		clueless := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		clueless.DownloadMagnet(magnet(p.Hash), t.TempDir())
		g.get(g.urlOf(p, files(p)[0], hints(nil, clueless.Addr()))).
			forsaken(t, "no-metadata", "metadata", map[string]int64{"peers_known": 1, "peers_connected": 1, "peers_with_metadata": 0})
	})
	t.Run("a peer that has nothing", func(t *testing.T) {
		t.Parallel()
		p := clients.MakePayload(t, clients.Spec{Seed: 74, Size: 1 << 20})
		empty := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		empty.Download(p.Torrent, t.TempDir())
		g.get(g.urlOf(p, files(p)[0], hints(nil, empty.Addr()))).
			forsaken(t, "no-peers", "peers", map[string]int64{"peers_connected": 1, "seeds": 0})
	})
	t.Run("a peer that never unchokes", func(t *testing.T) {
		t.Parallel()
		p := clients.MakePayload(t, clients.Spec{Seed: 75, PieceLength: 256 << 10, Size: 64 << 20}) // more than is allowed fast
		choker := clients.StartLibtorrent(t, clients.LibtorrentOptions{NeverUnchoke: true, Settings: map[string]any{"allowed_fast_set_size": 0}})
		choker.Seed(p, false)
		g.get(g.urlOf(p, files(p)[0], hints(nil, choker.Addr()))).
			unavailable(t, "no-peers", "peers", map[string]int64{"peers_connected": 1, "seeds": 1, "peers_unchoked": 0})
	})
	t.Run("meanwhile", func(t *testing.T) {
		t.Parallel()
		p := clients.MakePayload(t, clients.Spec{Seed: 76, Size: 1 << 20})
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		l.Seed(p, false)
		g.wants(t, p, hints(nil, l.Addr()))
	})
}
