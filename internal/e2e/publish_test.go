package e2e

import (
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// publishedFile writes a file to publish, and gives its hash and the torrent that btgw makes of it.
func publishedFile(t *testing.T, size int) (path string, sum [32]byte, torrent *metainfo.Torrent) {
	t.Helper()
	b := make([]byte, size)
	random := rand.NewChaCha8([32]byte{byte(size)})
	_, _ = random.Read(b)
	path = filepath.Join(t.TempDir(), "published.bin")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	torrent, err := metainfo.Make(t.Context(), metainfo.MakeOptions{Root: path})
	if err != nil {
		t.Fatal(err)
	}
	return path, sha256.Sum256(b), torrent
}

// TestPublishedIsFoundByTrackerAlone has clients get what btgw published, and nothing tells them
// of it but its tracker, over HTTP and UDP: by a magnet link, and by a .torrent.
func TestPublishedIsFoundByTrackerAlone(t *testing.T) {
	t.Parallel()
	path, sum, torrent := publishedFile(t, 3<<20+5)
	g := start(t, options{args: []string{"--publish=" + path, "--no-dht"}})
	page := g.url + torrent.Info.ID().Path() + "/"
	var file answer
	await(t, "it is published", func() bool {
		file = g.get(page + "?format=torrent")
		return file.status == http.StatusOK
	})
	given, err := metainfo.ParseTorrent(file.body)
	if err != nil || len(given.Trackers) != 3 || len(given.WebSeeds) != 1 || given.WebSeeds[0] != page {
		t.Fatalf("trackers %q, web seeds %q: %v", given.Trackers, given.WebSeeds, err)
	}
	same := func(t *testing.T, dir string) {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(dir, filepath.Base(path)))
		if err != nil || sha256.Sum256(b) != sum {
			t.Errorf("%d bytes, not what was published: %v", len(b), err)
		}
	}
	for name, announce := range map[string]string{"HTTP": given.Trackers[0][0], "UDP": given.Trackers[2][0]} {
		if !strings.HasPrefix(announce, strings.ToLower(name)+":") {
			t.Fatalf("trackers %q", given.Trackers)
		}
		magnet := (&metainfo.Magnet{Hashes: torrent.Info.Hashes(), Trackers: []string{announce}}).String()
		one := *torrent
		one.Trackers = [][]string{{announce}}
		t.Run(name+"/libtorrent", func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), leechTime) // of its own: it may have to wait for its turn
			defer cancel()
			byMagnet, byFile := clients.StartLibtorrent(t, clients.LibtorrentOptions{}), clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			dirs := []string{t.TempDir(), t.TempDir()}
			byMagnet.DownloadMagnet(magnet, dirs[0])
			byFile.Download(one.Encode(), dirs[1])
			byMagnet.WaitFinished(ctx)
			byFile.WaitFinished(ctx)
			same(t, dirs[0])
			same(t, dirs[1])
		})
	}
}

// TestPublishedIsNotMadeAgain starts a btgw once more on what it published, after kill -9.
func TestPublishedIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	path, sum, torrent := publishedFile(t, 1<<20)
	dir := t.TempDir()
	page := torrent.Info.ID().Path() + "/" + filepath.Base(path)
	first := start(t, options{dir: dir, args: []string{"--publish=" + path, "--no-dht"}})
	await(t, "it is published", func() bool { return sha256.Sum256(first.get(first.url+page).body) == sum })
	first.kill()
	second := start(t, options{dir: dir, args: []string{"--publish=" + path, "--no-dht"}})
	await(t, "it is published again", func() bool { return sha256.Sum256(second.get(second.url+page).body) == sum })
	if kept, err := filepath.Glob(filepath.Join(dir, "published", "*")); err != nil || len(kept) != 1 {
		t.Errorf("%q, %v", kept, err)
	}
}
