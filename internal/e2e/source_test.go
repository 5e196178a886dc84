package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// sourceTime bounds what a client takes for a few small torrents from btgw alone:
// Transmission unchokes and turns to a web seed at its ticks.
const sourceTime = 4 * time.Minute

// shapes are torrents in which padding, or two versions, could trip a client up.
var shapes = []struct {
	name string
	spec clients.Spec
}{
	{"padded", clients.Spec{Name: "padded", Seed: 91, PadFiles: true}},
	{"BitComet's padding", clients.Spec{Name: "by BitComet", Seed: 92, BitComet: true}},
	{"hybrid", clients.Spec{Name: "hybrid", Seed: 93, Version: metainfo.Hybrid}},
	{"v2", clients.Spec{Name: "v2", Seed: 94, Version: metainfo.V2}},
}

// A leecher is a client that has torrents of each shape from btgw alone.
type leecher struct {
	name   string
	limits map[string]string // "peer, v2", and why it cannot
	start  func(t *testing.T) leeching
}

// leeching is one that runs.
type leeching struct {
	addr    string
	add     func(p *clients.Payload, dir string)
	wait    func(ctx context.Context) // until it has everything
	connect func(peer string)         // nil: it is dialled
}

var leechers = []leecher{
	{name: "libtorrent", start: func(t *testing.T) leeching {
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		return leeching{l.Addr(), func(p *clients.Payload, dir string) { l.Download(p.Torrent, dir) }, l.WaitFinished, func(a string) { l.Connect(a) }}
	}},
	{name: "qBittorrent", start: func(t *testing.T) leeching {
		q := clients.StartQBittorrent(t, clients.QBittorrentOptions{})
		return leeching{addr: q.Addr(), add: func(p *clients.Payload, dir string) { q.Download(p.Torrent, dir) }, wait: q.WaitFinished}
	}},
	{name: "Transmission", limits: map[string]string{
		"peer, hybrid": refusesHybrid, "web seed, hybrid": refusesHybrid, "peer, v2": noV2Known, "web seed, v2": noV2Known,
	}, start: func(t *testing.T) leeching {
		tr := clients.StartTransmission(t)
		return leeching{addr: tr.Addr(), add: func(p *clients.Payload, dir string) { tr.Download(p.Torrent, dir) }, wait: tr.WaitFinished}
	}},
	{name: "aria2", limits: map[string]string{
		"peer, hybrid": "aria2 1.36 drops dictionaries with an empty name, so that a hybrid has another infohash (aria2/aria2#1927)",
		"peer, v2":     noV2Known, "web seed, v2": noV2Known,
	}, start: func(t *testing.T) leeching {
		var last *clients.Aria2
		port := clients.FreePort(t)
		add := func(p *clients.Payload, dir string) {
			last = clients.LeechAria2At(t, port, p.TorrentPath, dir)
		}
		return leeching{addr: fmt.Sprintf("127.0.0.1:%d", port), add: add, wait: func(ctx context.Context) { last.WaitFinished(ctx) }}
	}},
}

const (
	refusesHybrid = "Transmission 3.00 refuses hybrid .torrent files (transmission/transmission#3386)"
	noV2Known     = "it does not know v2 (BEP 52)"
)

// onlySource starts a btgw that has all of each shape of torrent, and nobody else does.
func onlySource(t *testing.T) (g *btgw, payloads map[string]*clients.Payload) {
	t.Helper()
	g = start(t, options{})
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	payloads = make(map[string]*clients.Payload)
	for _, shape := range shapes {
		spec := shape.spec
		spec.PieceLength = 64 << 10
		spec.Files = []clients.FileSpec{
			{Path: []string{"a.bin"}, Size: 300_001}, {Path: []string{"b", "c & d.txt"}, Size: 99}, {Path: []string{"b", "e.bin"}, Size: 150_000},
		}
		p := clients.MakePayload(t, spec)
		seeder.Seed(p, false)
		g.upload(t, p.Torrent, false)
		g.wants(t, p, hints(nil, seeder.Addr()))
		payloads[shape.name] = p
	}
	seeder.Kill()
	return g, payloads
}

// TestOnlySource: each client has all of each shape of torrent from btgw alone, as a peer
// and as a web seed.
func TestOnlySource(t *testing.T) {
	t.Parallel()
	g, payloads := onlySource(t)
	t.Run("clients", func(t *testing.T) {
		for _, d := range leechers {
			for _, way := range []string{"peer", "web seed"} {
				t.Run(d.name+"/"+way, func(t *testing.T) {
					t.Parallel()
					d.leech(t, g, payloads, way)
				})
			}
		}
	})
}

// leech has a client download the shapes that it can.
func (d *leecher) leech(t *testing.T, g *btgw, payloads map[string]*clients.Payload, way string) {
	dirs := make(map[string]string)
	c := d.start(t)
	if way == "peer" && c.connect == nil {
		// btgw dials whom a reader of what it has names for two minutes after it got the last
		// of it, and this test may have waited for its turn for longer.
		g, payloads = onlySource(t)
	}
	ctx, cancel := context.WithTimeout(t.Context(), sourceTime)
	defer cancel()
	for _, shape := range shapes {
		if d.limits[way+", "+shape.name] != "" {
			continue
		}
		p, dir := payloads[shape.name], t.TempDir()
		dirs[shape.name] = dir
		if way == "web seed" {
			p = withWebSeeds(t, p, g.url+p.Hash.Path()+"/")
			p.TorrentPath = filepath.Join(t.TempDir(), "with.torrent")
			if err := os.WriteFile(p.TorrentPath, p.Torrent, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		c.add(p, dir)
		switch {
		case way == "web seed":
		case c.connect != nil:
			c.connect(g.peer)
		default:
			g.get(g.urlOf(p, files(p)[0], hints(nil, c.addr)))
		}
		if d.name == "aria2" {
			c.wait(ctx) // all have one port
		}
	}
	c.wait(ctx)
	for name, dir := range dirs {
		if payloads[name].CheckCopy(t, dir); t.Failed() {
			t.Fatalf("%s is not whole", name)
		}
	}
}
