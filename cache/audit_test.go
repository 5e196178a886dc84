package cache

import (
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// A slowWalk has a test decide when a listing of the data files goes on.
type slowWalk struct {
	folder
	next   func() // called before each part of a listing
	remove func(name string)
	open   *atomic.Int64 // listings that were not closed
}

// config is that of a store whose data files are listed slowly.
func (w slowWalk) config(dir string) Config {
	return Config{Dir: dir, MemoryBytes: 4 << 20, openFolder: func(dir string) (folder, error) {
		f, err := openFolder(dir)
		return slowRoot{f, w}, err
	}}
}

type slowRoot struct {
	folder
	w slowWalk
}

func (r slowRoot) Folder(name string) (folder, error) {
	f, err := r.folder.Folder(name)
	if err == nil && name == piecesDir {
		r.w.folder = f
		f = r.w
	}
	return f, err
}

func (w slowWalk) Walk() (walk, error) {
	l, err := w.folder.Walk()
	if w.open != nil {
		w.open.Add(1)
	}
	return slowList{l, w}, err
}

func (w slowWalk) Remove(name string) error {
	if w.remove != nil {
		w.remove(name)
	}
	return w.folder.Remove(name)
}

type slowList struct {
	walk
	w slowWalk
}

func (l slowList) Next(n int) ([]fileInfo, error) {
	l.w.next()
	return l.walk.Next(min(n, 4))
}

func (l slowList) Close() error {
	if l.w.open != nil {
		l.w.open.Add(-1)
	}
	return l.walk.Close()
}

// keep makes a cache folder with pieces of torrents.
func keep(t *testing.T, cfg Config, fixtures ...*fixture) {
	t.Helper()
	cfg.openFolder = nil
	s := openStore(t, cfg)
	for _, f := range fixtures {
		f.store(t, f.open(t, s, nil))
	}
	closeStore(t, s)
}

// start opens a store that has not audited its files yet.
func (w slowWalk) start(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(w.config(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// A start waits for no listing of the data files. Meanwhile what is there is read, and what is not
// is a miss; both are put again.
func TestStartBeforeListing(t *testing.T) {
	f, g := single(t, 16<<10, 1, 8*16<<10), single(t, 16<<10, 2, 8*16<<10)
	bubble.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		listed := make(chan struct{})
		w := slowWalk{next: func() { <-listed }}
		keep(t, w.config(dir), f, g)
		if err := os.Remove(dataFilePath(dir, g)); err != nil {
			t.Fatal(err)
		}
		s := w.start(t, dir)
		a, b := f.open(t, s, nil), g.open(t, s, nil)
		for i := range 8 {
			f.mustRead(t, a, i)
		}
		if g.read(t, b, 3) || b.Has(3) || !b.Has(4) {
			t.Errorf("of a file that is not there %08b is held", b.Have())
		}
		g.put(b, 3)
		g.mustRead(t, b, 3)
		close(listed)
		flush(t, b)
		if have := b.Have(); have[0] != 0x10 {
			t.Errorf("%08b is held of a file that is not there", have)
		}
		if st := s.Stats(); st.DiskPieces != 9 || st.DiskBytes < 9*16<<10 || st.DiskBytes > 10*16<<10 || blocksOf(t, dir) > st.DiskBytes {
			t.Errorf("%+v, %d bytes on disk", st, blocksOf(t, dir))
		}
		g.putAll(b)
		closeStore(t, s)
		s = openStore(t, Config{Dir: dir})
		b = g.open(t, s, nil)
		for i := range 8 {
			g.mustRead(t, b, i)
		}
		closeStore(t, s)
	})
}

// The writer writes between the parts of an audit, and Close does not wait for the rest of them.
func TestAuditInParts(t *testing.T) {
	f, g := single(t, 16<<10, 1, 200*16<<10), single(t, 16<<10, 2, 8*16<<10)
	bubble.Test(t, func(t *testing.T) {
		var parts int
		var open atomic.Int64
		w := slowWalk{next: func() { parts++; time.Sleep(15 * time.Millisecond) }, open: &open}
		dir := t.TempDir()
		cfg := w.config(dir)
		cfg.runBytes = 1 // a file each
		keep(t, cfg, f)
		s := w.start(t, dir)
		tor := g.open(t, s, nil)
		g.put(tor, 0)
		time.Sleep(100 * time.Millisecond) // the time is virtual
		if st := s.Stats(); st.DiskPieces != 201 {
			t.Errorf("%d pieces on disk while the audit goes on", st.DiskPieces)
		}
		closeStore(t, s)
		if parts < 2 || parts > 20 || open.Load() != 0 {
			t.Errorf("%d parts of 50, %d listings open", parts, open.Load())
		}
	})
}

// No file is deleted while the journal claims it, also where its torrent is removed before it was
// looked at. What is missing is withdrawn from the journal.
func TestAuditOfRemoved(t *testing.T) {
	f, g := single(t, 16<<10, 1, 8*16<<10), single(t, 16<<10, 2, 8*16<<10)
	bubble.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		listed, deleted := make(chan struct{}), []string(nil)
		w := slowWalk{next: func() { <-listed }, remove: func(name string) {
			deleted = append(deleted, name)
			if slices.Contains(claimsIn(t, dir), name) {
				t.Errorf("%s is deleted, the journal claims it", name)
			}
		}}
		keep(t, w.config(dir), f, g)
		if err := os.Remove(dataFilePath(dir, g)); err != nil {
			t.Fatal(err)
		}
		s := w.start(t, dir)
		tor := f.open(t, s, nil)
		done := make(chan struct{})
		go func() {
			defer close(done)
			tor.Remove()
		}()
		synctest.Wait() // its removal waits behind the audit
		close(listed)
		<-done
		flush(t, g.open(t, s, nil))
		if name := filepath.Base(dataFilePath(dir, f)); !slices.Contains(deleted, name) {
			t.Errorf("%q were deleted, not %s", deleted, name)
		}
		if claims := claimsIn(t, dir); len(claims) != 0 {
			t.Errorf("the journal claims %q", claims)
		}
		if st := s.Stats(); st.DiskPieces != 0 || st.DiskBytes != 0 {
			t.Errorf("%+v", st)
		}
		closeStore(t, s)
	})
}

// claimsIn are the data files that the journal of a folder claims pieces of.
func claimsIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	root, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	res, err := readJournal(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range res.runs {
		if slices.ContainsFunc(c.places, func(p place) bool { return p&placeHeld != 0 }) {
			names = append(names, runName(res.torrents[c.id].hash, c.index))
		}
	}
	return names
}
