package e2e

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// What happens to what lies on disk, beside a swarm that could give it again.

const (
	// damagedTimes is how many times as long as the first reading another may take
	// for which all has to come from the swarm again, and damagedSlack what it may
	// take besides: a few pieces are found to be bad before the others are suspect.
	damagedTimes = 3
	damagedSlack = 2 * time.Second
)

// TestReadWholeIsHeldWhole: a torrent that was read once, as fast as it goes and with
// less memory than it is large, is there to the last piece; another reading fetches
// nothing, and a client that has nobody but btgw gets all of it.
func TestReadWholeIsHeldWhole(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "whole.bin", Seed: 101, PieceLength: 256 << 10, Size: 256<<20 + 77})
	var peers []string
	var seeds []*clients.Libtorrent
	for range 2 {
		l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
		l.Seed(p, true)
		peers, seeds = append(peers, l.Addr()), append(seeds, l)
	}
	g := start(t, options{args: []string{"--memory=64MiB"}})
	f := files(p)[0]
	url := g.urlOf(p, f, hints(nil, peers...))
	g.get(url).is(t, "the first reading", http.StatusOK, p.SHA256(f, 0, -1), f.Length)
	st := g.status(p.Hash)
	if st.PiecesHave != st.Pieces {
		t.Errorf("%d of %d pieces are held", st.PiecesHave, st.Pieces)
	}
	first := st.Downloaded
	for _, l := range seeds {
		l.Kill()
	}
	g.get(url).is(t, "the second reading", http.StatusOK, p.SHA256(f, 0, -1), f.Length)
	if st := g.status(p.Hash); st.Downloaded != first {
		t.Errorf("the second reading fetched %d bytes", st.Downloaded-first)
	}
	dir := t.TempDir()
	leecher := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	leecher.DownloadMagnet(magnet(p.Hash), dir, g.peer)
	ctx, cancel := context.WithTimeout(t.Context(), requestTime)
	defer cancel()
	leecher.WaitFinished(ctx)
	p.CheckCopy(t, dir)
}

// TestDamagedFiles: whatever is done to the files of the cache, while btgw runs or
// between two runs, nobody sees a byte of it, and a reading is as good as a first.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	for i, c := range []struct {
		name    string
		restart bool
		damage  func(t *testing.T, path string)
	}{
		{"cut while it runs", false, cut},
		{"cut between two runs", true, cut},
		{"emptied while it runs", false, func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) }},
		{"cut and grown again while it runs", false, cutAndGrow},
		{"removed while it runs", false, func(t *testing.T, path string) { must(t, os.Remove(path)) }},
		{"removed between two runs", true, func(t *testing.T, path string) { must(t, os.Remove(path)) }},
		{"replaced while it runs", false, replace},
		{"written over while it runs", false, zero},
		{"written over between two runs", true, zero},
		{"written over in every third piece between two runs", true, zeroThirds},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, clients.Spec{Name: "damaged.bin", Seed: 110 + uint64(i), PieceLength: damagedPiece, Size: 64 << 20})
			// As shipped: a seed hangs up on another one.
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{Settings: map[string]any{"close_redundant_connections": true}})
			l.Seed(p, true)
			// Memory would answer for the disk if it held all of it.
			o := options{dir: t.TempDir(), args: []string{"--memory=64MiB"}}
			g := start(t, o)
			f := files(p)[0]
			read := func(what string) time.Duration {
				begun := time.Now()
				g.get(g.urlOf(p, f, hints(nil, l.Addr()))).is(t, what, http.StatusOK, p.SHA256(f, 0, -1), f.Length)
				return time.Since(begun)
			}
			cold := read("before")
			await(t, "all of it is on disk", func() bool { return onDisk(t, g.dir) >= f.Length })
			if c.restart {
				g.stop()
			}
			for _, path := range dataFiles(t, g.dir, p.Hash) {
				c.damage(t, path)
			}
			if c.restart {
				g = start(t, o)
			}
			after, again := read("after"), read("once more")
			t.Logf("cold %v, after it %v, and then %v", cold, after, again)
			if bound := damagedTimes*cold + damagedSlack; after > bound || again > bound {
				t.Errorf("more than %v", bound)
			}
		})
	}
}

// damagedPiece is the piece length of torrents that are damaged.
const damagedPiece = 256 << 10

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dataFiles finds the files of the cache that hold a torrent.
func dataFiles(t *testing.T, dir string, torrent metainfo.InfoHash) (paths []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
		if strings.HasPrefix(filepath.Base(p), torrent.String()+"-") && strings.HasSuffix(p, ".run") {
			paths = append(paths, p)
		}
		return err
	}))
	if len(paths) == 0 {
		t.Fatal("the cache has no file of it")
	}
	return paths
}

// onDisk is how many bytes the files of the cache hold.
func onDisk(t *testing.T, dir string) (n int64) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".run") {
			n += allocated(t, p)
		}
		return err
	}))
	return n
}

// cut leaves a fifth of a file.
func cut(t *testing.T, path string) {
	t.Helper()
	must(t, os.Truncate(path, size(path)/5))
}

// cutAndGrow leaves the size as it was.
func cutAndGrow(t *testing.T, path string) {
	t.Helper()
	was := size(path)
	must(t, os.Truncate(path, was/5))
	must(t, os.Truncate(path, was))
}

// replace puts another file of the same size in place of a file.
func replace(t *testing.T, path string) {
	t.Helper()
	was := size(path)
	must(t, os.WriteFile(path+".new", nil, 0o600))
	must(t, os.Truncate(path+".new", was))
	must(t, os.Rename(path+".new", path))
}

// zero writes zeros over all of a file.
func zero(t *testing.T, path string) {
	t.Helper()
	zeroEvery(t, path, 1)
}

// zeroThirds does it to one piece of three.
func zeroThirds(t *testing.T, path string) {
	t.Helper()
	zeroEvery(t, path, 3)
}

func zeroEvery(t *testing.T, path string, n int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	defer f.Close()
	zeros := make([]byte, damagedPiece)
	for off, end := int64(0), size(path); off < end; off += n * damagedPiece {
		_, err := f.WriteAt(zeros[:min(damagedPiece, end-off)], off)
		must(t, err)
	}
	must(t, f.Sync())
}
