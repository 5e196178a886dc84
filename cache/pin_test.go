package cache

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

const pinned16 = 16 << 10

// keepMetainfo has a store know a torrent.
func (f *fixture) keepMetainfo(t *testing.T, s *Store) {
	t.Helper()
	if err := s.PutMetainfo(f.tor); err != nil {
		t.Fatal(err)
	}
}

// What is pinned stays, however much comes besides, over a restart too, and until it is unpinned.
func TestPinKeeps(t *testing.T) {
	kept, other := single(t, pinned16, 1, 4*pinned16), single(t, pinned16, 2, 20*pinned16)
	dir := t.TempDir()
	s := coldStore(t, dir, 8*pinned16+64<<10)
	if err := s.Pin(kept.info.ID()); !errors.Is(err, ErrMiss) {
		t.Fatalf("a torrent of which nothing is known: %v", err)
	}
	a, b := kept.open(t, s, nil), other.open(t, s, nil)
	kept.store(t, a)
	if err := s.Pin(kept.info.ID()); err != nil {
		t.Fatal(err)
	}
	other.store(t, b)
	if n := a.Have().Count(4); n != 4 {
		t.Fatalf("%d pinned pieces are left", n)
	}
	if st := s.Stats(); st.PinnedTorrents != 1 || st.PinnedBytes != 4*pinned16 || st.Degraded {
		t.Fatalf("%+v", st)
	}
	closeStore(t, s)

	s = coldStore(t, dir, 8*pinned16+64<<10)
	if !s.Pinned(kept.info.ID()) || s.Pinned(other.info.ID()) {
		t.Fatal("the pin did not outlive a restart")
	}
	a, b = kept.open(t, s, nil), other.open(t, s, nil)
	other.store(t, b)
	other.store(t, b)
	for i := range 4 {
		kept.mustRead(t, a, i)
	}
	if c := s.Contents(); len(c) != 2 || c[1].Hash != kept.info.ID() || !c[1].Pinned || c[1].Held != 4 || c[1].Pieces != 4 || c[1].Bytes != 4*pinned16 || !c[1].Open || c[0].Pinned {
		t.Fatalf("%+v", c)
	}
	if err := s.Unpin(kept.info.ID()); err != nil {
		t.Fatal(err)
	}
	for range 5 { // each use saves a piece from one eviction
		other.store(t, b)
	}
	if n := a.Have().Count(4); n != 0 {
		t.Fatalf("%d pieces are left that nobody pins", n)
	}
	closeStore(t, s)
}

// A piece that is leased, or written, while its torrent is pinned or unpinned ends where it belongs.
func TestPinWhileLeased(t *testing.T) {
	f := single(t, pinned16, 1, 4*pinned16)
	s := coldStore(t, t.TempDir(), 1<<20)
	tor := f.open(t, s, nil)
	f.store(t, tor, 0, 1)
	listed := func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.order.trial.len + s.order.main.len
	}
	for _, step := range []struct {
		name     string
		set      func(metainfo.InfoHash) error
		released int
	}{{"pin", s.Pin, 0}, {"unpin", s.Unpin, 3}} {
		l, err := tor.Get(0)
		if err != nil {
			t.Fatal(err)
		}
		if err := step.set(f.info.ID()); err != nil {
			t.Fatal(err)
		}
		f.store(t, tor, 2)
		if n := listed(); n != max(0, step.released-1) {
			t.Errorf("%s: %d pieces in the order of eviction while one is leased", step.name, n)
		}
		l.Release()
		if n := listed(); n != step.released {
			t.Errorf("%s: %d pieces in the order of eviction", step.name, n)
		}
	}
	closeStore(t, s)
}

// A pin needs a disk and a place among the pins. A damaged file of pins pins nothing.
func TestPinRefused(t *testing.T) {
	f := single(t, pinned16, 1, pinned16)
	s := openStore(t, Config{MemoryBytes: 1 << 20})
	f.keepMetainfo(t, s)
	if err := s.Pin(f.info.ID()); !errors.Is(err, ErrNoDisk) {
		t.Errorf("without a disk: %v", err)
	}
	closeStore(t, s)

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pins"), []byte("#btgw other 1\nxx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s = coldStore(t, dir, 1<<20)
	f.keepMetainfo(t, s)
	if n := s.Stats().PinnedTorrents; n != 0 {
		t.Errorf("%d pins of a file of another kind", n)
	}
	s.mu.Lock()
	for i := range MaxPins {
		s.pins[string([]byte{byte(i), byte(i >> 8)})+"123456789012345678"] = true
	}
	s.mu.Unlock()
	if err := s.Pin(f.info.ID()); !errors.Is(err, ErrTooManyPins) {
		t.Errorf("one too many: %v", err)
	}
	closeStore(t, s)
}

// The metainfo of a pinned torrent does not make way for others'.
func TestPinKeepsMetainfo(t *testing.T) {
	kept := single(t, pinned16, 1, pinned16)
	s := coldStore(t, t.TempDir(), metainfoShare*3*4096) // room for three
	kept.keepMetainfo(t, s)
	if err := s.Pin(kept.info.ID()); err != nil {
		t.Fatal(err)
	}
	for i := range uint64(10) {
		single(t, pinned16, 2+i, pinned16).keepMetainfo(t, s)
	}
	if n := len(s.List()); n > 4 {
		t.Fatalf("%d torrents are kept: none made way", n)
	}
	if _, ok := s.Metainfo(kept.info.ID()); !ok {
		t.Error("the pinned torrent's metainfo is gone")
	}
	closeStore(t, s)
}

// Evict frees the disk at once, and leaves alone what is read and what is pinned.
func TestEvictTorrent(t *testing.T) {
	f := single(t, pinned16, 1, 4*pinned16)
	dir := t.TempDir()
	s := coldStore(t, dir, 1<<20)
	n := newNotices()
	tor := f.open(t, s, n.evicted)
	f.store(t, tor)
	if err := s.Pin(f.info.ID()); err != nil {
		t.Fatal(err)
	}
	if err := tor.Evict(); !errors.Is(err, ErrPinned) {
		t.Fatalf("a pinned torrent: %v", err)
	}
	if err := s.Unpin(f.info.ID()); err != nil {
		t.Fatal(err)
	}
	l, err := tor.Get(2)
	if err != nil {
		t.Fatal(err)
	}
	if err := tor.Evict(); err != nil {
		t.Fatal(err)
	}
	n.wait(t, 3)
	if have := tor.Have(); have.Count(4) != 1 || !have.Has(2) || blocksOf(t, dir) != pinned16 || s.Stats().DiskBytes != pinned16 {
		t.Errorf("left: %08b, %d bytes, %+v", have, blocksOf(t, dir), s.Stats())
	}
	l.Release()
	f.mustRead(t, tor, 2)
	if err := tor.Evict(); err != nil || blocksOf(t, dir) != 0 {
		t.Errorf("%v, %d bytes are left", err, blocksOf(t, dir))
	}
	f.store(t, tor)
	for i := range 4 {
		f.mustRead(t, tor, i)
	}
	closeStore(t, s)
	if err := tor.Evict(); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed store: %v", err)
	}

	s = openStore(t, Config{MemoryBytes: 1 << 20})
	tor = f.open(t, s, nil)
	f.putAll(tor)
	if err := tor.Evict(); err != nil || tor.Have().Count(4) != 0 {
		t.Errorf("in memory: %v, %d pieces are left", err, tor.Have().Count(4))
	}
	closeStore(t, s)
}

// A piece that is only on its way into the memory tier is dropped like the others.
func TestDropOnTheWay(t *testing.T) {
	t.Parallel()
	s := openStore(t, Config{MemoryBytes: 1 << 20})
	f := single(t, 16<<10, 1, 16<<10)
	tor := f.open(t, s, nil)
	f.putAll(tor)
	s.mu.Lock()
	p := tor.c.pieces[0]
	b := p.buf
	s.unkeep(p)
	h := &hotPiece{p: p, buf: b}
	p.buf, p.hot = nil, h
	s.mu.Unlock()
	s.hot.drop([]*hotPiece{h})
	s.hot.set(h) // as heat does, which was between the two
	if tor.Has(0) {
		t.Error("it is still held")
	}
}

// After Doubt, what is on disk is verified before it is used.
func TestDoubt(t *testing.T) {
	f := single(t, pinned16, 1, 4*pinned16)
	s := coldStore(t, t.TempDir(), 1<<20)
	tor := f.open(t, s, nil)
	f.store(t, tor)
	if tor.Unproven() != nil {
		t.Fatal("pieces of this run are to be verified")
	}
	tor.Doubt()
	if u := tor.Unproven(); u == nil || u.Count(4) != 4 {
		t.Fatalf("to be verified: %08b", u)
	}
	for i := range 4 {
		if err := tor.Check(i); err != nil {
			t.Fatal(err)
		}
	}
	if tor.Unproven() != nil {
		t.Error("what was verified is to be verified")
	}
	closeStore(t, s)
}

// Whatever goes on meanwhile, a pinned torrent's pieces are in no list, and others' are.
func TestPinsConcurrently(t *testing.T) {
	t.Parallel()
	a, b := single(t, pinned16, 1, 8*pinned16), single(t, pinned16, 2, 24*pinned16)
	s := coldStore(t, t.TempDir(), 12*pinned16)
	ta, tb := a.open(t, s, nil), b.open(t, s, nil)
	a.store(t, ta)
	var all sync.WaitGroup
	each := func(fn func(i int) error) {
		all.Go(func() {
			for i := range 40 {
				if err := fn(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	each(func(int) error { return s.Pin(a.info.ID()) })
	each(func(int) error { return s.Unpin(a.info.ID()) })
	each(func(int) error {
		if err := ta.Evict(); !errors.Is(err, ErrPinned) {
			return err
		}
		return nil
	})
	each(func(i int) error { a.put(ta, i%8); return nil })
	each(func(i int) error { b.put(tb, i%24); return nil })
	each(func(i int) error { a.read(t, ta, i%8); return nil })
	each(func(int) error { ta.Doubt(); s.Contents(); s.Stats(); return nil })
	all.Wait()
	flush(t, ta)
	s.mu.Lock()
	listed := 0
	for p := range s.order.all {
		if listed++; p.c.pinned || p.dead || p.held == 0 {
			t.Errorf("%s is in the order of eviction", p.name())
		}
	}
	want := 0
	for _, c := range s.contents {
		for _, r := range c.runs {
			if r.held > 0 && r.leases == 0 && !c.pinned {
				want++
			}
		}
	}
	s.mu.Unlock()
	if listed != want {
		t.Errorf("%d runs in the order of eviction, %d on disk that are not pinned", listed, want)
	}
	for i := range 8 {
		a.read(t, ta, i) // right or absent
	}
	closeStore(t, s)
}
