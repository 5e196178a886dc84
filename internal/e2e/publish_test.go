package e2e

import (
	"crypto/sha256"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

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
