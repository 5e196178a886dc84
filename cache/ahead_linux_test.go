package cache

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// aheadStore is a store whose pieces are on disk alone, and whose leases may read
// ahead so many bytes.
func aheadStore(t *testing.T, dir string, bytes int64) *Store {
	t.Helper()
	s := coldStore(t, dir, 1<<30)
	s.cfg.MemoryBytes = bytes * aheadShare
	return s
}

// inPageCache is how many bytes of a torrent's data file are in the page cache.
func inPageCache(t *testing.T, dir string, f *fixture) uint64 {
	t.Helper()
	file, err := os.Open(dataFilePath(dir, f))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var st unix.Cachestat_t
	if err := unix.Cachestat(uint(file.Fd()), &unix.CachestatRange{}, &st, 0); err != nil {
		t.Logf("not known what is in the page cache: %v", err)
		return 0
	}
	return st.Cache * uint64(os.Getpagesize())
}

// blocks reads a lease in blocks from off on, as an upload does.
func (f *fixture) blocks(t *testing.T, l *Lease, piece, off, n int) {
	t.Helper()
	got := make([]byte, n)
	for at := 0; at < n; at += minClass {
		if _, err := l.ReadAt(got[at:min(at+minClass, n)], int64(off+at)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, f.piece(piece)[off:off+n]) {
		t.Fatalf("piece %d: wrong bytes at %d", piece, off)
	}
}

// What is read ahead of the first use of a piece does not go through the page
// cache; the second use does, and finds it there from then on.
func TestReadAhead(t *testing.T) {
	f := single(t, 1<<20, 1, 2<<20)
	dir := t.TempDir()
	s := aheadStore(t, dir, 64<<20)
	tor := f.open(t, s, nil)
	f.store(t, tor)
	if s.disk.buffered.Load() {
		t.Fatal("the test wants a file system with direct reads")
	}
	for use := range 2 {
		for i := range f.info.NumPieces() {
			l, err := tor.Get(i)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range []int{256 << 10, 0} {
				n := 1<<20 - at
				l.ReadAhead(int64(at), n)
				if (l.ahead != nil) != (use == 0) {
					t.Errorf("piece %d, use %d, from %d on: read ahead: %v", i, use, at, l.ahead != nil)
				}
				f.blocks(t, l, i, at, n)
			}
			l.Release()
		}
		if n := inPageCache(t, dir, f); use == 0 && n > 0 {
			t.Errorf("%d bytes are in the page cache", n)
		}
	}
	if n := s.aheadBytes.Load(); n != 0 {
		t.Errorf("%d bytes are counted as read ahead", n)
	}
	closeStore(t, s)
}

// Reading ahead is right whatever the piece is: the last one, one that is not where
// direct reads can be, one that is in memory, and beyond what is wanted.
func TestReadAheadAnywhere(t *testing.T) {
	for _, f := range []*fixture{
		single(t, 1<<20, 1, 1<<20+300<<10+77),
		odd(t, 1<<20+100, 2, 3<<20),
	} {
		s := aheadStore(t, t.TempDir(), 64<<20)
		m := openStore(t, Config{})
		for _, tor := range []*Torrent{f.open(t, s, nil), f.open(t, m, nil)} {
			f.store(t, tor)
			for i := range f.info.NumPieces() {
				l, err := tor.Get(i)
				if err != nil {
					t.Fatal(err)
				}
				size := f.info.PieceSize(i)
				for _, r := range [][2]int{{-1, size}, {16 << 10, size}, {size, size}, {0, size / 2}, {0, 8 << 20}} {
					l.ReadAhead(int64(r[0]), r[1])
					f.blocks(t, l, i, 0, size)
				}
				l.Release()
			}
		}
		closeStore(t, s)
		closeStore(t, m)
	}
}

// All leases together read ahead no more than their part of the memory.
func TestReadAheadBound(t *testing.T) {
	f := single(t, 1<<20, 1, 8<<20)
	const bound = 3 << 20
	s := aheadStore(t, t.TempDir(), bound)
	tor := f.open(t, s, nil)
	f.store(t, tor)
	var all []*Lease
	ahead := 0
	for i := range f.info.NumPieces() {
		l, err := tor.Get(i)
		if err != nil {
			t.Fatal(err)
		}
		l.ReadAhead(0, 1<<20)
		if l.ahead != nil {
			ahead++
		}
		all = append(all, l)
	}
	if n := s.pool.Outstanding(); ahead != bound>>20 || n != bound {
		t.Errorf("%d leases read ahead, %d bytes", ahead, n)
	}
	for i, l := range all {
		f.blocks(t, l, i, 0, 1<<20)
		l.Release()
	}
	if n := s.aheadBytes.Load(); n != 0 {
		t.Errorf("%d bytes are counted as read ahead", n)
	}
	closeStore(t, s)
}

// A lease neither reads ahead nor at all of another file that has got the name of its own.
func TestReadAheadOfAnotherFile(t *testing.T) {
	f := single(t, 1<<20, 1, 1<<20)
	dir := t.TempDir()
	s := aheadStore(t, dir, 64<<20)
	tor := f.open(t, s, nil)
	f.store(t, tor)
	l, err := tor.Get(0)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.file.direct.Close()
	l.file.direct = nil // as if opened by a reader
	path := dataFilePath(dir, f)
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	l.ReadAhead(0, 1<<20)
	if n, err := l.ReadAt(make([]byte, 16<<10), 0); !errors.Is(err, ErrLost) {
		t.Fatalf("%d bytes, %v", n, err)
	}
	l.Release()
	if f.read(t, tor, 0) {
		t.Fatal("the other file has the piece")
	}
	closeStore(t, s)
}
