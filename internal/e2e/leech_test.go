package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// leechTime is how long a client may take to get a few megabytes from btgw.
const leechTime = 3 * time.Minute

// TestLeechers: after btgw has everything and the seeder is gone, other clients
// get all of it from btgw alone, the metadata included.
func TestLeechers(t *testing.T) {
	t.Parallel()
	p := several(t, 41)
	tr := newTracker(t)
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	g.wants(t, p, hints([]string{tr.url()}, l.Addr()))
	l.Kill()
	await(t, "btgw has announced itself", func() bool { return tr.knows(g.peer) })
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()

	dir := t.TempDir()
	leecher := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	leecher.DownloadMagnet(magnet(p.Hash), dir, g.peer)
	leecher.WaitFinished(ctx)
	p.CheckCopy(t, dir)
	if s := leecher.Stats(); s.HashFailures != 0 {
		t.Errorf("%d pieces failed their hash", s.HashFailures)
	}
	leecher.Kill() // so that it is not whom aria2 finds

	dir = t.TempDir()
	a := clients.LeechAria2(t, magnet(p.Hash, tr.url()), dir)
	a.WaitFinished(ctx)
	p.CheckCopy(t, dir)

	if st := g.status(p.Hash); st.Uploaded < 2*st.Size {
		t.Errorf("btgw uploaded %d bytes, for two copies of %d", st.Uploaded, st.Size)
	}
}

// TestLeechAfterAFastRead: what was read at full speed, with little memory, is all there.
// A second reading fetches nothing, and clients get all of it from btgw alone.
func TestLeechAfterAFastRead(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "fast.bin", Seed: 43, PieceLength: 256 << 10, Size: 157<<20 + 77})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{args: []string{"--memory", "64MiB"}})
	g.wants(t, p, hints(nil, l.Addr()))
	first := g.status(p.Hash)
	g.wants(t, p, "")
	if st := g.status(p.Hash); st.PiecesHave != st.Pieces || st.Downloaded != first.Downloaded {
		t.Errorf("%d of %d pieces held; the second reading fetched %d bytes", st.PiecesHave, st.Pieces, st.Downloaded-first.Downloaded)
	}
	l.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()
	dir := t.TempDir()
	leecher := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	leecher.DownloadMagnet(magnet(p.Hash), dir, g.peer)
	leecher.WaitFinished(ctx)
	p.CheckCopy(t, dir)
}

// TestLeechWhileServing: a leecher that finds btgw while it serves, and gets what
// there is of it meanwhile.
func TestLeechWhileServing(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "passed on.bin", Seed: 42, PieceLength: 256 << 10, Size: 12 << 20})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 4 << 20})
	l.Seed(p, false)
	g := start(t, options{})
	s := g.open(t.Context(), g.urlOf(p, files(p)[0], hints(nil, l.Addr())))
	defer s.close()
	s.read(256 << 10)

	dir := t.TempDir()
	leecher := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	leecher.DownloadMagnet(magnet(p.Hash), dir, g.peer)
	s.readAll()
	s.is(t, "meanwhile", 200, p.SHA256(files(p)[0], 0, -1), 12<<20)
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()
	leecher.WaitFinished(ctx)
	p.CheckCopy(t, dir)
}
