package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestV2Layers gets v2 torrents with files longer than a piece by their infohash and a
// peer alone: what verifies their pieces has to come from the peer too (BEP 52).
func TestV2Layers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		spec clients.Spec
	}{
		{"single", clients.Spec{Name: "film.mkv", Seed: 34, PieceLength: 64 << 10, Version: metainfo.V2, Size: 5<<20 + 4321}},
		{"files", clients.Spec{Name: "files", Seed: 35, PieceLength: 32 << 10, Version: metainfo.V2, Files: []clients.FileSpec{
			{Path: []string{"1.bin"}, Size: 3<<20 + 5}, {Path: []string{"2.bin"}, Size: 32 << 10}, {Path: []string{"3.bin"}, Size: 32<<10 + 1},
			{Path: []string{"4"}, Size: 0}, {Path: []string{"dir", "5.bin"}, Size: 700_001},
		}}},
		{"long layers", clients.Spec{Name: "long.bin", Seed: 36, PieceLength: 16 << 10, Version: metainfo.V2, Size: 2*512*16<<10 + 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, c.spec)
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			l.Seed(p, false)
			g := start(t, options{})
			f := files(p)[0]
			g.wantsRange(t, p, f, f.Length/2, 99_999, hints(nil, l.Addr()))
			g.wants(t, p, hints(nil, l.Addr()))
			if st := g.status(p.Hash); st.HashFailures != 0 || st.Swarm.Banned != 0 {
				t.Errorf("%d pieces failed, %d bans", st.HashFailures, st.Swarm.Banned)
			}
			a := g.get(g.url + p.Hash.Path() + "/?format=torrent")
			made, err := metainfo.ParseTorrent(a.body)
			if a.status != http.StatusOK || err != nil || made.Info.ID() != p.Hash {
				t.Errorf("?format=torrent: %d, %v", a.status, err)
			}
		})
	}
}

// TestV2Leecher: a client that has the v2 magnet link alone gets everything from btgw,
// which had it by infohash alone too.
func TestV2Leecher(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{5<<20 + 4321, 512*16<<10 + 1} { // a layer of two runs, the second of one hash
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, clients.Spec{Name: "passed on.bin", Seed: 37, PieceLength: 16 << 10, Version: metainfo.V2, Size: size})
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			l.Seed(p, false)
			o := options{dir: t.TempDir(), listen: ownAddress(t)}
			g := start(t, o)
			g.wants(t, p, hints(nil, l.Addr()))
			l.Kill()
			g.stop()
			g = start(t, o) // what was learned is kept
			leecher := leeches(t, g, p)
			g2 := start(t, options{}) // and back, from one that never had the .torrent
			g2.wants(t, p, hints(nil, leecher.Addr()))
			if st := g.status(p.Hash); st.Uploaded < st.Size {
				t.Errorf("btgw uploaded %d bytes of %d", st.Uploaded, st.Size)
			}
		})
	}
}

func leeches(t *testing.T, g *btgw, p *clients.Payload) *clients.Libtorrent {
	t.Helper()
	dir := t.TempDir()
	leecher := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	leecher.DownloadMagnet(magnet(p.Hash), dir, g.peer)
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()
	leecher.WaitFinished(ctx)
	p.CheckCopy(t, dir)
	if s := leecher.Stats(); s.HashFailures != 0 {
		t.Errorf("%d pieces failed their hash", s.HashFailures)
	}
	return leecher
}

// TestV2Get: `btgw get` of a v2 torrent by its infohash verifies what is on disk already.
func TestV2Get(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "got.bin", Seed: 38, PieceLength: 64 << 10, Version: metainfo.V2, Size: 3<<20 + 99})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	f := files(p)[0]
	there, err := os.ReadFile(p.Path(f))
	if err != nil {
		t.Fatal(err)
	}
	there[2<<20] ^= 1
	out := filepath.Join(t.TempDir(), "out.bin")
	get := func() ([]byte, error) {
		m := metainfo.Magnet{Hashes: []metainfo.InfoHash{p.Hash}, Peers: []string{l.Addr()}}
		cmd := exec.CommandContext(t.Context(), program, "get", "--allow-private", "--peer-listen=none", "-o", out, m.String())
		cmd.Env = environment()
		return cmd.CombinedOutput()
	}
	if err := os.WriteFile(out+".part", there[:5<<19], 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := get(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	got, err := os.ReadFile(out)
	if sum := fmt.Sprintf("%x", sha256.Sum256(got)); err != nil || sum != p.SHA256(f, 0, -1) {
		t.Errorf("%d bytes, %s, %v", len(got), sum, err)
	}
	if s := l.Stats(); s.Uploaded > 1<<20 {
		t.Errorf("%d bytes were fetched for what was missing", s.Uploaded)
	}
	if err := os.WriteFile(out, there, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := get(); err == nil || !bytes.Contains(text, []byte("differs")) {
		t.Errorf("over another file: %v: %s", err, text)
	}
}

// TestV2LeecherAmongLiars: a client that had wrong blocks of somebody else asks btgw for the
// hashes of a piece's blocks, to find which they are.
func TestV2LeecherAmongLiars(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "true.bin", Seed: 39, PieceLength: 256 << 10, Version: metainfo.V2, Size: 6<<20 + 4321})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	g.wants(t, p, hints(nil, l.Addr()))
	l.Kill()
	liar := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	liar.Seed(p.CorruptEvery(t, 40), true)

	dir := t.TempDir()
	leecher := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	leecher.DownloadMagnet(magnet(p.Hash), dir, g.peer, liar.Addr())
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()
	leecher.WaitFinished(ctx)
	p.CheckCopy(t, dir)
}
