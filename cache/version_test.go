package cache

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// versionPieces are the pieces that the folders in testdata hold, by the torrent's infohash. One
// was evicted. Those of version 1, which had one file for each torrent, are dropped.
var versionPieces = map[int]map[string][]int{
	1: {},
	2: {
		"be9894d92ebd7874709197f9f1769a4e159be2b5":                         {0, 1, 3},
		"8e100a5dcf9d01b65f21def683ae199fcf65d95bfa2d60dd2407b5b8753df10a": {0, 1},
	},
}

// A folder of each version that a release has written is taken over, or what is dropped of it is
// said, once.
func TestOlderVersions(t *testing.T) {
	t.Parallel()
	for v := 1; v <= journalVersion; v++ {
		dir := filepath.Join(t.TempDir(), "cache")
		if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", fmt.Sprintf("v%d", v)))); err != nil {
			t.Fatal(err)
		}
		want := versionPieces[v]
		for run := range 2 { // as it was, and as this release leaves it
			var logs bytes.Buffer
			s := openStore(t, Config{Dir: dir, Log: slog.New(slog.NewTextHandler(&logs, nil))})
			if got := rightPieces(t, s); !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("version %d: the pieces %v are there, not %v", v, got, want)
			}
			closeStore(t, s)
			if dropped := strings.Contains(logs.String(), "its pieces are dropped"); dropped != (run == 0 && len(want) == 0) || !dropped && logs.Len() > 0 {
				t.Errorf("version %d: %s", v, logs.String())
			}
			if left := blocksOf(t, dir); (left > 0) != (len(want) > 0) {
				t.Errorf("version %d: %d bytes are left on disk", v, left)
			}
		}
	}
}

// rightPieces returns the pieces that a store has, each of which fits its hash.
func rightPieces(t *testing.T, s *Store) map[string][]int {
	t.Helper()
	pieces := make(map[string][]int)
	for _, ih := range s.List() {
		mt, ok := s.Metainfo(ih)
		if !ok {
			t.Fatalf("the metainfo of %v is gone", ih)
		}
		tor, err := s.Torrent(mt.Info, mt.Layers, nil)
		if err != nil {
			t.Fatal(err)
		}
		name := hex.EncodeToString(ih.Bytes())
		for i := range mt.Info.NumPieces() {
			if l, err := tor.Get(i); err == nil { // the first use hashes it
				pieces[name] = append(pieces[name], i)
				l.Release()
			}
		}
	}
	return pieces
}

// A folder that a later release wrote is left as it is, and its release finds all.
func TestNewerVersion(t *testing.T) {
	t.Parallel()
	f := odd(t, 3_000, 31, 4*3_000-1)
	dir := filepath.Join(t.TempDir(), "cache")
	s := openStore(t, Config{Dir: dir})
	f.store(t, f.open(t, s, nil))
	if err := s.PutMetainfo(f.tor); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	setVersion := func(v uint32) {
		rewriteFile(t, filepath.Join(dir, journalName), func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[8:], v)
			return append(seal(slices.Clone(b[:wideLen-4]), 0), b[wideLen:]...)
		})
	}
	setVersion(journalVersion + 1)
	before := filesIn(t, dir)

	var logs bytes.Buffer
	s = openStore(t, Config{Dir: dir, Log: slog.New(slog.NewTextHandler(&logs, nil))})
	tor := f.open(t, s, nil)
	f.putAll(tor)
	flush(t, tor)
	f.mustRead(t, tor, 0)
	if err := s.PutMetainfo(f.tor); err != nil {
		t.Error(err)
	}
	closeStore(t, s)
	if !strings.Contains(logs.String(), fmt.Sprintf("version %d", journalVersion+1)) || !strings.Contains(logs.String(), "memory only") {
		t.Errorf("the log says %q", logs.String())
	}
	if after := filesIn(t, dir); !slices.Equal(before, after) {
		t.Errorf("the folder is not as it was: %q, before %q", after, before)
	}
	setVersion(journalVersion)
	s = openStore(t, Config{Dir: dir})
	tor = f.open(t, s, nil)
	for i := range f.info.NumPieces() {
		f.mustRead(t, tor, i)
	}
	closeStore(t, s)
}

// filesIn lists the files of a cache folder with what they hold, but for the lock.
func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && e.Name() != lockName {
			var b []byte
			b, err = os.ReadFile(path)
			files = append(files, path+" "+string(b))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
