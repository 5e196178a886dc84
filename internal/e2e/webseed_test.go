package e2e

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/webseed"
)

// withWebSeeds gives the same payload with a .torrent that names web seeds.
func withWebSeeds(t *testing.T, p *clients.Payload, urls ...string) *clients.Payload {
	t.Helper()
	torrent, err := metainfo.ParseTorrent(p.Torrent)
	if err != nil {
		t.Fatal(err)
	}
	torrent.WebSeeds = urls
	with := *p
	with.Torrent = torrent.Encode()
	return &with
}

// uploaded is upload of what is new.
func (g *btgw) uploaded(t *testing.T, p *clients.Payload) {
	t.Helper()
	if status := g.upload(t, p.Torrent, false); status != http.StatusCreated {
		t.Fatalf("POST: %d", status)
	}
}

// TestWebSeedAlone gets everything from nginx, whatever the torrent is like: pieces that
// cross files, padding that no server has, names to be escaped.
func TestWebSeedAlone(t *testing.T) {
	t.Parallel()
	tree := []clients.FileSpec{
		{Path: []string{"a large one #1?.bin"}, Size: 4<<20 + 4321},
		{Path: []string{"empty"}, Size: 0},
		{Path: []string{"folder", "inner", "100%.txt"}, Size: 99},
		{Path: []string{"folder", "second ü+.mkv"}, Size: 1<<20 + 1},
	}
	single := clients.Spec{Name: "single file.bin", Seed: 201, PieceLength: 64 << 10, Size: 3<<20 + 5}
	for _, c := range []struct {
		name string
		spec clients.Spec
		path string // of the URL
	}{
		{"v1", clients.Spec{Name: "tree", Seed: 202, PieceLength: 256 << 10, Files: tree}, ""},
		{"padded", clients.Spec{Name: "a padded tree", Seed: 203, PieceLength: 64 << 10, Files: tree, PadFiles: true}, ""},
		{"hybrid", clients.Spec{Name: "hybrid", Seed: 204, PieceLength: 32 << 10, Files: tree, Version: metainfo.Hybrid}, ""},
		{"v2", clients.Spec{Name: "v2", Seed: 205, PieceLength: 256 << 10, Files: tree, Version: metainfo.V2}, ""},
		{"single", single, "single%20file.bin"},
		{"single below a folder", single, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, c.spec)
			web := clients.StartNginx(t, p.Dir)
			g := start(t, options{})
			g.uploaded(t, withWebSeeds(t, p, web.URL(c.path)))
			g.wants(t, p, "")
			st := g.status(p.Hash)
			if len(st.WebSeeds) != 1 || st.HashFailures != 0 || st.Swarm.Connected != 0 {
				t.Fatalf("%+v", st)
			}
			seed := st.WebSeeds[0]
			if seed.State != webseed.Ready || seed.Error != "" || seed.Downloaded < p.Info.Size() {
				t.Errorf("%+v", seed)
			}
			if seed.Downloaded > p.Info.Span() {
				t.Errorf("%d bytes for %d", seed.Downloaded, p.Info.Span())
			}
		})
	}
}

// TestWebSeedByHint: the metadata comes from a peer that sends no content, all else from
// the URL's ws parameter.
func TestWebSeedByHint(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "hinted.bin", Seed: 206, PieceLength: 64 << 10, Size: 8<<20 + 1})
	web := clients.StartNginx(t, p.Dir)
	choker := clients.StartLibtorrent(t, clients.LibtorrentOptions{NeverUnchoke: true})
	choker.Seed(p, false)
	g := start(t, options{})
	g.wants(t, p, hints(nil, choker.Addr())+"&ws="+url.QueryEscape(web.URL("hinted.bin")))
	if st := g.status(p.Hash); len(st.WebSeeds) != 1 || st.WebSeeds[0].Downloaded == 0 {
		t.Errorf("%+v", st)
	}
}

// TestWebSeedIsKept: a web seed that a reader named, and that sent right bytes, is used
// after a restart for who names the infohash alone. One whose URL may hold a key is not.
func TestWebSeedIsKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		query string
		kept  bool
	}{"plain": {"", true}, "with a query": {"?key=secret", false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, clients.Spec{Name: "kept.bin", Seed: 212, PieceLength: 64 << 10, Size: 8<<20 + 1})
			web := clients.StartNginx(t, p.Dir)
			choker := clients.StartLibtorrent(t, clients.LibtorrentOptions{NeverUnchoke: true})
			choker.Seed(p, false)
			o := options{dir: t.TempDir()}
			g := start(t, o)
			f := files(p)[0]
			g.wantsRange(t, p, f, 0, 64<<10, hints(nil, choker.Addr())+"&ws="+url.QueryEscape(web.URL("kept.bin")+c.query))
			g.stop()
			choker.Kill()

			g = start(t, o)
			if !c.kept {
				g.get(g.urlOf(p, f, ""), "Range", "bytes=0-9") // it is in the cache
				if st := g.status(p.Hash); len(st.WebSeeds) != 0 {
					t.Errorf("%+v", st.WebSeeds)
				}
				return
			}
			g.wants(t, p, "")
			st := g.status(p.Hash)
			if len(st.WebSeeds) != 1 || st.WebSeeds[0].Downloaded == 0 || st.Swarm.Downloaded != 0 {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestWebSeedBesidePeers: a web seed and a peer share the work; when the server dies the
// peer does it alone. Until then both are so slow that most is left, however long the test is held up.
func TestWebSeedBesidePeers(t *testing.T) {
	t.Parallel()
	const slow = 256 << 10
	p := clients.MakePayload(t, clients.Spec{Name: "both.bin", Seed: 207, PieceLength: 256 << 10, Size: 48<<20 + 9})
	web := clients.StartNginx(t, p.Dir)
	slowed := clients.DelayProxy(t, strings.TrimSuffix(strings.TrimPrefix(web.URL(""), "http://"), "/"), clients.ProxyOptions{Rate: slow})
	peer := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: slow})
	peer.Seed(p, false)
	g := start(t, options{})
	g.uploaded(t, withWebSeeds(t, p, "http://"+slowed+"/"))
	f := files(p)[0]
	s := g.open(t.Context(), g.urlOf(p, f, hints(nil, peer.Addr())))
	defer s.close()
	await(t, "both have sent something", func() bool {
		s.read(64 << 10)
		st := g.status(p.Hash)
		return st.WebSeeds[0].Downloaded > 0 && st.Swarm.Downloaded > 0
	})
	web.Kill()
	peer.LimitUpload(0)
	if st := g.status(p.Hash); st.PiecesHave == p.Info.NumPieces() {
		t.Error("nothing was left for the peer to do alone")
	}
	s.readAll()
	s.is(t, "the body", http.StatusOK, p.SHA256(f, 0, -1), f.Length)
}

// TestWebSeedLies: a server with other content is found out by the hashes and banned, and
// what is served is right.
func TestWebSeedLies(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "false.bin", Seed: 208, PieceLength: 64 << 10, Size: 4 << 20})
	web := clients.StartNginx(t, p.Corrupt(t).Dir)
	t.Run("beside a peer", func(t *testing.T) {
		t.Parallel()
		peer := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 128 << 10}) // it needs half a minute alone
		peer.Seed(p, false)
		g := start(t, options{})
		g.uploaded(t, withWebSeeds(t, p, web.URL("")))
		f := files(p)[0]
		s := g.open(t.Context(), g.urlOf(p, f, hints(nil, peer.Addr())))
		defer s.close()
		await(t, "the web seed is found out", func() bool { return g.status(p.Hash).WebSeeds[0].State == webseed.Banned })
		peer.LimitUpload(0)
		s.readAll()
		s.is(t, "the body", http.StatusOK, p.SHA256(f, 0, -1), f.Length)
		if st := g.status(p.Hash); st.WebSeeds[0].State != webseed.Banned || st.Swarm.Banned != 0 {
			t.Errorf("%+v", st)
		}
	})
	t.Run("alone", func(t *testing.T) {
		t.Parallel()
		g := start(t, options{})
		g.uploaded(t, withWebSeeds(t, p, web.URL("")))
		a := g.get(g.urlOf(p, files(p)[0], ""))
		if doc := a.problem(t); a.status != http.StatusBadGateway || !strings.HasSuffix(doc.Type, ":bad-data") || doc.Tried["hash_failures"] == 0 {
			t.Errorf("status %d: %s", a.status, a.body)
		}
	})
}

// TestWebSeedWithAChangedFile: one file of the torrent has changed on the server, and pieces cross files. That costs
// the file, and the pieces that its neighbours share with it; nothing else of them, and not the seed.
func TestWebSeedWithAChangedFile(t *testing.T) {
	t.Parallel()
	const piece = 64 << 10
	p := clients.MakePayload(t, clients.Spec{Name: "one changed", Seed: 213, PieceLength: piece, Files: []clients.FileSpec{
		{Path: []string{"1 before.bin"}, Size: 1<<20 + 7}, {Path: []string{"2 changed.bin"}, Size: 1<<20 + 20_001},
		{Path: []string{"3 behind.bin"}, Size: 1<<20 + 5}, {Path: []string{"4 apart.bin"}, Size: 1<<20 + 3},
	}})
	all := files(p)
	bad := p.Corrupt(t)
	for i, f := range all {
		if i == 1 {
			continue
		}
		data, err := os.ReadFile(p.Path(f))
		if err == nil {
			err = os.WriteFile(bad.Path(f), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	web := clients.StartNginx(t, bad.Dir)
	t.Run("alone", func(t *testing.T) {
		t.Parallel()
		g := start(t, options{})
		g.uploaded(t, withWebSeeds(t, p, web.URL("")))
		for _, f := range []*metainfo.File{all[2], all[1]} { // its first piece is in part of the changed file; all of it is
			if a := g.get(g.urlOf(p, f, "")); a.status != http.StatusBadGateway {
				t.Fatalf("%q: status %d, %d bytes", p.Info.Path(f), a.status, len(a.body))
			}
		}
		g.wantsRange(t, p, all[0], 0, all[0].Length-piece, "")
		g.wantsRange(t, p, all[2], piece, all[2].Length-piece, "")
		g.wantsRange(t, p, all[3], 0, all[3].Length, "")
		if st := g.status(p.Hash); st.WebSeeds[0].State == webseed.Banned || st.WebSeeds[0].State == webseed.Failed {
			t.Errorf("%+v", st.WebSeeds)
		}
	})
	t.Run("beside a peer", func(t *testing.T) {
		t.Parallel()
		peer := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 1 << 20})
		peer.Seed(p, false)
		g := start(t, options{})
		g.uploaded(t, withWebSeeds(t, p, web.URL("")))
		g.wantsRange(t, p, all[3], 0, all[3].Length, "") // by the web seed, before it knows of the peer
		g.wants(t, p, hints(nil, peer.Addr()))
		if st := g.status(p.Hash); st.WebSeeds[0].State == webseed.Banned || st.WebSeeds[0].Downloaded < 1<<20 || st.Swarm.Banned != 0 {
			t.Errorf("%+v, %d peers banned", st.WebSeeds, st.Swarm.Banned)
		}
	})
}

// TestWebSeedFails: where nobody is left but a server that does not have the file, or is no
// longer there, the answer is 502 and says what was tried.
func TestWebSeedFails(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "not there.bin", Seed: 209, PieceLength: 64 << 10, Size: 1 << 20})
	web := clients.StartNginx(t, t.TempDir())
	for name, c := range map[string]struct {
		url    string
		states []webseed.State
		says   string
	}{
		"without the file": {web.URL(""), []webseed.State{webseed.Failed}, "404"},
		// Once its wait is over it is ready to be asked again.
		"gone": {"http://" + clients.Nobody(t) + "/", []webseed.State{webseed.Waiting, webseed.Ready}, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, options{})
			g.uploaded(t, withWebSeeds(t, p, c.url))
			a := g.get(g.urlOf(p, files(p)[0], ""))
			doc := a.problem(t)
			if a.status != http.StatusBadGateway || !strings.HasSuffix(doc.Type, ":web-seed-failed") {
				t.Fatalf("status %d: %s", a.status, a.body)
			}
			if doc.Tried["web_seeds"] != 1 || doc.Tried["web_seeds_failing"] != 1 {
				t.Errorf("the body says %s", a.body)
			}
			if seed := g.status(p.Hash).WebSeeds[0]; !slices.Contains(c.states, seed.State) || !strings.Contains(seed.Error, c.says) {
				t.Errorf("%+v", seed)
			}
		})
	}
}

// TestWebSeedIsOurselves: a torrent whose web seed is btgw's own URL gets nothing from it,
// and all from a peer.
func TestWebSeedIsOurselves(t *testing.T) {
	t.Parallel()
	p := several(t, 210)
	peer := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 8 << 20})
	peer.Seed(p, false)
	g := start(t, options{})
	g.uploaded(t, withWebSeeds(t, p, g.url+p.Hash.Path()+"/"))
	g.wants(t, p, hints(nil, peer.Addr()))
	seed := g.status(p.Hash).WebSeeds[0]
	if seed.State != webseed.Failed || seed.Downloaded != 0 || !strings.Contains(seed.Error, "this gateway") {
		t.Errorf("%+v", seed)
	}
}

// TestIsWebSeed: btgw's URL of a torrent is a web seed for others (BEP 19). A libtorrent
// that knows no peer gets everything from there.
func TestIsWebSeed(t *testing.T) {
	t.Parallel()
	for _, version := range []metainfo.Version{metainfo.V1, metainfo.Hybrid} {
		p := clients.MakePayload(t, clients.Spec{
			Name: "for others", Seed: 211, PieceLength: 64 << 10, Version: version,
			Files: []clients.FileSpec{{Path: []string{"1 one.bin"}, Size: 2<<20 + 3}, {Path: []string{"sub", "2.bin"}, Size: 700_001}},
		})
		seeder, leecher := clients.StartLibtorrent(t, clients.LibtorrentOptions{}), clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		seeder.Seed(p, false)
		g := start(t, options{})
		g.wants(t, p, hints(nil, seeder.Addr()))
		seeder.Kill()
		dir := t.TempDir()
		leecher.Download(withWebSeeds(t, p, g.url+p.Hash.Path()+"/").Torrent, dir)
		ctx, cancel := context.WithTimeout(t.Context(), leechTime)
		defer cancel()
		leecher.WaitFinished(ctx)
		p.CheckCopy(t, dir)
		if st := g.status(p.Hash); st.Uploaded != 0 {
			t.Errorf("%d bytes were uploaded to a peer", st.Uploaded)
		}
	}
}
