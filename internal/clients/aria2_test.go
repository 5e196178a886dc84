package clients

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// TestAria2Seeds: to libtorrent, which dials it.
func TestAria2Seeds(t *testing.T) {
	t.Parallel()
	p := MakePayload(t, mixed(21))
	seed, leech := SeedAria2(t, p), StartLibtorrent(t, LibtorrentOptions{})
	dir := t.TempDir()
	leech.DownloadMagnet(p.Magnet(), dir, seed.Addr())
	leech.WaitFinished(within(t))
	p.CheckCopy(t, dir)
	seed.Kill()
}

// TestAria2Leeches: from libtorrent, which a tracker tells it of.
func TestAria2Leeches(t *testing.T) {
	t.Parallel()
	tracker := StartOpentracker(t)
	spec := mixed(22)
	spec.Trackers = []string{tracker.HTTP()}
	p := MakePayload(t, spec)
	tracker.Allow(p.Hash)
	seed := StartLibtorrent(t, LibtorrentOptions{})
	seed.Seed(p, true)
	fromFile, fromMagnet := t.TempDir(), t.TempDir()
	a, b := LeechAria2(t, p.TorrentPath, fromFile), LeechAria2(t, p.Magnet(), fromMagnet)
	a.WaitFinished(within(t))
	b.WaitFinished(within(t))
	p.CheckCopy(t, fromFile)
	p.CheckCopy(t, fromMagnet)
}

// TestAria2HTTP: a file over several connections.
func TestAria2HTTP(t *testing.T) {
	t.Parallel()
	content, err := io.ReadAll(io.LimitReader(rand.NewChaCha8([32]byte{1}), 9<<20))
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}))
	defer server.Close()
	out := filepath.Join(t.TempDir(), "out.bin")
	Aria2HTTP(t, server.URL+"/file", 8, out)
	got, err := os.ReadFile(out)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes of %d, or others: %v", len(got), len(content), err)
	}
	if n := requests.Load(); n < 8 {
		t.Errorf("%d requests", n)
	}
}
