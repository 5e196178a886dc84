package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// sameTorrent says whether two torrents are the same file.
func sameTorrent(a, b *metainfo.Torrent) bool {
	return slices.Equal(a.Encode(), b.Encode())
}

func TestMetainfo(t *testing.T) {
	v1, v2 := single(t, 16<<10, 1, 50_000), makeFixture(t, metainfo.V2, 16<<10, 2, 50_000)
	both := makeFixture(t, metainfo.Hybrid, 16<<10, 3, 50_000)
	fixtures := []*fixture{v1, v2, both}
	v1.tor.Trackers = [][]string{{"http://a.example/announce"}, {"udp://b.example:1"}}
	for _, dir := range []string{"", t.TempDir()} {
		s := openStore(t, Config{Dir: dir})
		check := func() {
			t.Helper()
			for _, f := range fixtures {
				for _, h := range f.info.Hashes() {
					if got, ok := s.Metainfo(h); !ok || !sameTorrent(got, f.tor) {
						t.Fatalf("in %q: %v by %v", dir, ok, h)
					}
				}
			}
			if got := s.List(); len(got) != 3 || !slices.Contains(got, both.info.ID()) {
				t.Fatalf("list %v", got)
			}
		}
		for _, f := range fixtures {
			if _, ok := s.Metainfo(f.info.ID()); ok {
				t.Fatal("there before it was put")
			}
			if err := s.PutMetainfo(f.tor); err != nil {
				t.Fatal(err)
			}
		}
		check()
		if err := s.PutMetainfo(&metainfo.Torrent{}); err == nil {
			t.Fatal("metainfo without info taken")
		}
		if dir != "" {
			closeStore(t, s)
			s = openStore(t, Config{Dir: dir})
			check()
			if st := s.Stats(); st.MetainfoBytes != 3*4096 || st.DiskBytes != 3*4096 {
				t.Fatalf("stats %+v", st)
			}
		}
		s.Forget(both.info.Hashes()[1])
		s.Forget(both.info.ID())
		for _, h := range both.info.Hashes() {
			if _, ok := s.Metainfo(h); ok {
				t.Fatal("there after Forget")
			}
		}
		if len(s.List()) != 2 || len(s.library.ids) != 2 {
			t.Fatalf("list %v, ids %v", s.List(), s.library.ids)
		}
		closeStore(t, s)
		if files, _ := os.ReadDir(filepath.Join(dir, metainfoDir)); dir != "" && len(files) != 2 {
			t.Fatalf("files %v", files)
		}
	}
}

// Metainfo from a swarm may lack piece layers; it is kept as far as it goes.
func TestMetainfoWithoutLayers(t *testing.T) {
	f := makeFixture(t, metainfo.V2, 16<<10, 2, 50_000)
	dir := t.TempDir()
	s := openStore(t, Config{Dir: dir})
	if err := s.PutMetainfo(&metainfo.Torrent{Info: f.info}); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	s = openStore(t, Config{Dir: dir})
	got, ok := s.Metainfo(f.info.ID())
	if !ok || got.Info.ID() != f.info.ID() || len(got.Layers) != 0 {
		t.Fatalf("%v: %+v", ok, got)
	}
	if err := s.PutMetainfo(f.tor); err != nil { // now they are known
		t.Fatal(err)
	}
	closeStore(t, s)
	s = openStore(t, Config{Dir: dir})
	if got, ok = s.Metainfo(f.info.ID()); !ok || !sameTorrent(got, f.tor) {
		t.Fatalf("%v: %+v", ok, got)
	}
	closeStore(t, s)
}

// What is kept never becomes less: the metainfo that came from a peer may be written after
// what came later.
func TestMetainfoNeverBecomesLess(t *testing.T) {
	v1, v2 := single(t, 16<<10, 1, 50_000), makeFixture(t, metainfo.V2, 16<<10, 2, 50_000)
	small := makeFixture(t, metainfo.V2, 64<<10, 4, 50_000) // a v2 torrent that needs no layers
	v1.tor.Trackers = [][]string{{"http://a.example/announce"}}
	small.tor.WebSeeds = []string{"http://a.example/"}
	for _, dir := range []string{"", t.TempDir()} {
		s := openStore(t, Config{Dir: dir})
		for _, f := range []*fixture{v1, v2, small} {
			for _, known := range []*metainfo.Torrent{{Info: f.info}, f.tor, {Info: f.info}} {
				if err := s.PutMetainfo(known); err != nil {
					t.Fatal(err)
				}
			}
			if got, ok := s.Metainfo(f.info.ID()); !ok || !sameTorrent(got, f.tor) {
				t.Errorf("in %q: %v: %+v", dir, ok, got)
			}
		}
		closeStore(t, s)
	}
}

func TestMetainfoDamage(t *testing.T) {
	a, b := single(t, 16<<10, 1, 50_000), single(t, 16<<10, 2, 50_000)
	dir := t.TempDir()
	s := openStore(t, Config{Dir: dir})
	for _, f := range []*fixture{a, b} {
		if err := s.PutMetainfo(f.tor); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, s)
	path := func(f *fixture) string {
		return filepath.Join(dir, metainfoDir, keptFile{hashes: f.info.Hashes()}.name())
	}
	rewriteFile(t, path(a), func(enc []byte) []byte { return enc[:len(enc)/2] })
	if err := os.WriteFile(path(b), a.tor.Encode(), 0o600); err != nil { // another's
		t.Fatal(err)
	}
	for _, name := range []string{"README.torrent", "." + filepath.Base(path(a)) + "77"} {
		if err := os.WriteFile(filepath.Join(dir, metainfoDir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s = openStore(t, Config{Dir: dir})
	for _, f := range []*fixture{a, b} {
		if _, ok := s.Metainfo(f.info.ID()); ok {
			t.Fatal("damaged metainfo is believed")
		}
	}
	if files, _ := os.ReadDir(filepath.Join(dir, metainfoDir)); len(files) != 1 || len(s.List()) != 0 {
		t.Fatalf("files %v", files)
	}
	if err := s.PutMetainfo(a.tor); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Metainfo(a.info.ID()); !ok {
		t.Fatal("not there after it was put again")
	}
	closeStore(t, s)
}

// many makes n small torrents' metainfo.
func many(t *testing.T, n int) (list []*metainfo.Torrent) {
	for i := range n {
		raw := fmt.Sprintf("d6:lengthi1e4:name4:%04d12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae", i)
		info, err := metainfo.ParseInfo([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, &metainfo.Torrent{Info: info})
	}
	return list
}

// In memory 256 are kept, those used last.
func TestMetainfoInMemoryBound(t *testing.T) {
	s := openStore(t, Config{})
	list := many(t, maxParsed+10)
	for _, tor := range list {
		if err := s.PutMetainfo(tor); err != nil {
			t.Fatal(err)
		}
		if _, ok := s.Metainfo(list[0].Info.ID()); !ok {
			t.Fatal("the one in use is gone")
		}
	}
	if n := len(s.List()); n != maxParsed || len(s.library.ids) != n {
		t.Fatalf("%d kept, %d names", n, len(s.library.ids))
	}
	if _, ok := s.Metainfo(list[5].Info.ID()); ok {
		t.Fatal("the oldest is still there")
	}
	var raw int64
	for _, tor := range s.library.parsed.Values() {
		raw += tor.MemorySize()
	}
	if raw != s.library.parsedBytes {
		t.Fatalf("%d bytes counted, %d there", s.library.parsedBytes, raw)
	}
	closeStore(t, s)
}

// On disk metainfo has an eighth of the budget, and takes it from the pieces; that
// of an open torrent stays.
func TestMetainfoBudget(t *testing.T) {
	t.Parallel()
	f := single(t, 16<<10, 1, 20*16<<10)
	dir := t.TempDir()
	s := openStore(t, Config{Dir: dir, DiskBytes: 20 * 16 << 10}) // 10 files of metainfo
	tor := f.open(t, s, nil)
	if err := s.PutMetainfo(f.tor); err != nil {
		t.Fatal(err)
	}
	f.store(t, tor)
	list := many(t, 30)
	for _, tor := range list {
		if err := s.PutMetainfo(tor); err != nil {
			t.Fatal(err)
		}
	}
	flush(t, tor)
	st := s.Stats()
	if st.MetainfoBytes != 10*4096 || st.DiskBytes > 20*16<<10 || st.DiskPieces != 17 {
		t.Fatalf("stats %+v", st)
	}
	if _, ok := s.Metainfo(f.info.ID()); !ok {
		t.Fatal("an open torrent's metainfo is gone")
	}
	// Which were used last outlives a restart.
	past := time.Now().Add(-time.Hour)
	name := keptFile{hashes: list[29].Info.Hashes()}.name()
	if err := os.Chtimes(filepath.Join(dir, metainfoDir, name), past, past); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	s = openStore(t, Config{Dir: dir, DiskBytes: 20 * 16 << 10})
	if err := s.PutMetainfo(list[0]); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Metainfo(list[29].Info.ID()); ok {
		t.Fatal("the oldest is still there")
	}
	if _, ok := s.Metainfo(list[28].Info.ID()); !ok || s.Stats().MetainfoBytes != 10*4096 {
		t.Fatalf("stats %+v", s.Stats())
	}
	closeStore(t, s)
}

func TestMetainfoConcurrent(t *testing.T) {
	t.Parallel()
	s := openStore(t, Config{Dir: t.TempDir()})
	list := many(t, 5)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 20 {
				tor := list[(i+g)%len(list)]
				switch g % 4 {
				case 0:
					if err := s.PutMetainfo(tor); err != nil {
						t.Error(err)
					}
				case 1:
					s.Forget(tor.Info.ID())
				default:
					if got, ok := s.Metainfo(tor.Info.ID()); ok && got.Info.ID() != tor.Info.ID() {
						t.Error("another torrent's metainfo")
					}
					s.List()
				}
			}
		})
	}
	wg.Wait()
	for _, tor := range list {
		if err := s.PutMetainfo(tor); err != nil {
			t.Fatal(err)
		}
	}
	if st := s.Stats(); len(s.List()) != 5 || st.MetainfoBytes != 5*4096 {
		t.Fatalf("%d kept, stats %+v", len(s.List()), st)
	}
	closeStore(t, s)
}
