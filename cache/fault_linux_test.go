package cache

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// logBuffer is a log that tests can read.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) lines(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), part)
}

// swapFile puts another file in the place of a torrent's open data file: writes
// to it fail with EBADF, syncs with EINVAL. The function it returns undoes that, once
// the writer has done with the file what it does about the failure.
func swapFile(t *testing.T, tor *Torrent) (restore func()) {
	t.Helper()
	bad, err := os.OpenFile("/dev/zero", os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	files := tor.s.disk.files
	r := tor.c.runOf(0)
	d, err := files.acquire(r, true)
	if err != nil {
		t.Fatal(err)
	}
	good := d.f
	d.f = osFile{File: bad}
	r.watch().forget()
	return func() {
		_ = tor.Flush() // behind the drops of what failed
		d.f = good
		r.watch().forget()
		files.release(d)
		_ = bad.Close()
	}
}

// retryNow ends the time for which a failing disk is left alone.
func retryNow(s *Store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disk.fault.until = time.Time{}
	s.disk.limitEnd = time.Time{}
}

// When the disk fails pieces stay in memory, readers see nothing of it, the log
// says it once; when it works again pieces are written again.
func TestDiskFails(t *testing.T) {
	f := single(t, 16<<10, 1, 64*16<<10)
	var logs logBuffer
	s := openStore(t, Config{Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(&logs, nil))})
	s.disk.buffered.Store(true)
	tor := f.open(t, s, nil)
	f.store(t, tor, 0)
	restore := swapFile(t, tor)
	for i := 1; i < 20; i++ {
		f.put(tor, i)
		f.mustRead(t, tor, i)
	}
	if err := tor.Flush(); !errors.Is(err, syscall.EBADF) {
		t.Fatalf("Flush: %v", err)
	}
	for i := range 20 {
		f.mustRead(t, tor, i)
	}
	st := s.Stats()
	if !st.Degraded || st.WriteErrors == 0 || logs.lines("writing a piece failed") != 1 {
		t.Fatalf("stats %+v, log:\n%s", st, logs.b.String())
	}
	before := st.WriteErrors
	for i := 20; i < 30; i++ {
		f.put(tor, i)
	}
	_ = tor.Flush()
	if got := s.Stats().WriteErrors; got != before {
		t.Fatalf("%d more errors: the disk is not left alone", got-before)
	}
	restore()
	retryNow(s)
	for i := 30; i < 40; i++ {
		f.put(tor, i)
	}
	flush(t, tor)
	if st := s.Stats(); st.Degraded || st.DiskPieces < 10 || logs.lines("works again") != 1 {
		t.Fatalf("stats %+v, log:\n%s", st, logs.b.String())
	}
	closeStore(t, s)
}

// Pieces whose sync fails are gone: nobody knows what the disk has of them.
func TestSyncFails(t *testing.T) {
	f := single(t, 16<<10, 1, 4*16<<10)
	dir := t.TempDir()
	s := coldStore(t, dir, 1<<30)
	n := newNotices()
	tor := f.open(t, s, n.evicted)
	f.store(t, tor, 0)
	s.mu.Lock()
	s.disk.since = time.Now().Add(time.Hour) // no sync for now
	s.mu.Unlock()
	f.put(tor, 1)
	for s.Stats().WrittenBytes < 2*16<<10 {
		time.Sleep(time.Millisecond)
	}
	restore := swapFile(t, tor)
	if err := tor.Flush(); !errors.Is(err, syscall.EINVAL) {
		t.Fatalf("Flush: %v", err)
	}
	restore()
	if got := n.wait(t, 1); got[0] != 1 || tor.Has(1) || f.read(t, tor, 1) {
		t.Fatalf("notices %v, held %v", got, tor.Has(1))
	}
	f.mustRead(t, tor, 0)
	retryNow(s)
	f.store(t, tor, 1, 2)
	f.mustRead(t, tor, 1)
	closeStore(t, s)
	s = coldStore(t, dir, 1<<30)
	if tor = f.open(t, s, nil); tor.Have()[0] != 0xe0 {
		t.Fatalf("after a restart: %08b", tor.Have()[0])
	}
	closeStore(t, s)
}

// When the journal cannot be written nothing is evicted and nothing claimed, and
// later both are.
func TestJournalFails(t *testing.T) {
	f := single(t, 16<<10, 1, 16*16<<10)
	dir := t.TempDir()
	s := coldStore(t, dir, 4*16<<10)
	tor := f.open(t, s, nil)
	f.store(t, tor, 0, 1)
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	swap := func(to file) (old file) {
		s.disk.journal.mu.Lock()
		defer s.disk.journal.mu.Unlock()
		old, s.disk.journal.f = s.disk.journal.f, to
		return old
	}
	good := swap(osFile{File: full})
	f.put(tor, 2)
	if err := tor.Flush(); !noSpace(err) {
		t.Fatalf("Flush: %v", err)
	}
	f.mustRead(t, tor, 2) // written, though not claimed
	retryNow(s)
	f.put(tor, 3)
	_ = tor.Flush()
	retryNow(s)
	f.put(tor, 4) // would need one to be evicted
	if err := tor.Flush(); !noSpace(err) {
		t.Fatalf("Flush: %v", err)
	}
	if used := blocksOf(t, dir); used != 4*16<<10 {
		t.Fatalf("%d bytes on disk", used)
	}
	swap(good)
	retryNow(s)
	f.store(t, tor, 5, 6)
	held := tor.Have()
	if st := s.Stats(); st.Degraded || st.DiskBytes > 4*16<<10 || !held.Has(5) || !held.Has(6) {
		t.Fatalf("stats %+v, held %08b", st, held)
	}
	for i := range 16 {
		if held.Has(i) {
			f.mustRead(t, tor, i)
		}
	}
	closeStore(t, s)
	s = coldStore(t, dir, 4*16<<10)
	tor = f.open(t, s, nil)
	for i := range 16 {
		if tor.Has(i) != held.Has(i) || f.read(t, tor, i) != held.Has(i) {
			t.Fatalf("after a restart: %08b, before %08b", tor.Have(), held)
		}
	}
	closeStore(t, s)
}

// smallFS mounts a file system of n bytes, where that is allowed.
func smallFS(t *testing.T, n string) (dir string, ok bool) {
	dir = filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+n); err != nil {
		return "", false
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	return dir, true
}

// A file system that fills up, from us or from others, makes the cache smaller,
// and never fails a reader; with space again it grows again.
func TestFileSystemFull(t *testing.T) {
	dir, ok := smallFS(t, "1m")
	if !ok {
		// Not ours to mount: a file size limit in place of a full disk.
		fileSizeLimited(t)
		return
	}
	f := single(t, 16<<10, 1, 128*16<<10)
	s := openStore(t, Config{Dir: dir, DiskBytes: 1 << 30, MemoryBytes: 64 << 10})
	tor := f.open(t, s, nil)
	for i := range 128 {
		f.put(tor, i)
		if !f.read(t, tor, i) {
			t.Fatalf("piece %d is not there at once", i)
		}
		_ = tor.Flush()
	}
	st := s.Stats()
	if st.Degraded || st.DiskPieces < 40 || st.DiskLimit >= 1<<20 {
		t.Fatalf("stats %+v", st)
	}
	for i := range 128 {
		f.readHeld(t, tor, i)
	}
	// Others take what there is, and more.
	ballast := filepath.Join(dir, "ballast")
	_ = os.WriteFile(ballast, make([]byte, 1<<20), 0o600)
	for i := range 64 {
		retryNow(s)
		f.put(tor, i)
		_ = tor.Flush()
		f.readHeld(t, tor, i)
	}
	_ = os.Remove(ballast)
	retryNow(s)
	f.store(t, tor)
	if !tor.Has(127) || s.Stats().Degraded {
		t.Fatalf("stats %+v", s.Stats())
	}
	closeStore(t, s)
	s = openStore(t, Config{Dir: dir, DiskBytes: 1 << 30})
	tor = f.open(t, s, nil)
	if n := tor.Have().Count(128); n < 40 {
		t.Fatalf("%d pieces after a restart", n)
	}
	for i := range 128 {
		f.readHeld(t, tor, i)
	}
	closeStore(t, s)
}

// fileSizeLimited has the disk fail beyond an offset.
func fileSizeLimited(t *testing.T) {
	f := single(t, 16<<10, 1, 128*16<<10)
	s := openStore(t, Config{Dir: t.TempDir()})
	tor := f.open(t, s, nil)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	limit := old
	limit.Cur = 40 * 16 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	f.putAll(tor)
	err := tor.Flush()
	if e := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); e != nil {
		t.Fatal(e)
	}
	if !errors.Is(err, syscall.EFBIG) {
		t.Fatalf("Flush: %v", err)
	}
	for i := range 128 {
		f.mustRead(t, tor, i)
	}
	retryNow(s)
}

// A new cache folder on a full file system: in memory, then.
func TestOpenOnFullFileSystem(t *testing.T) {
	dir, ok := smallFS(t, "64k")
	if !ok {
		return // TestFileSystemFull has shown what can be shown here
	}
	_ = os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, 1<<20), 0o600)
	s := openStore(t, Config{Dir: filepath.Join(dir, "cache")})
	f := single(t, 16<<10, 1, 20_000)
	tor := f.open(t, s, nil)
	f.putAll(tor)
	f.mustRead(t, tor, 1)
	if err := s.PutMetainfo(f.tor); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Metainfo(f.info.ID()); !ok {
		t.Fatal("no metainfo")
	}
	closeStore(t, s)
}

func TestOpenErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, cfg := range []Config{{Dir: file}, {Dir: filepath.Join(file, "sub")}, {DiskBytes: -1}, {MemoryBytes: -1}} {
		if s, err := Open(cfg); err == nil {
			_ = s.Close()
			t.Errorf("Open(%+v) works", cfg)
		}
	}
}

// What was put while the disk failed, or had no room, is written when it works again: as
// long as it is in memory, in its tier or not.
func TestCatchUpAfterAFault(t *testing.T) {
	f := single(t, 16<<10, 1, 64*16<<10)
	s := openStore(t, Config{Dir: t.TempDir(), MemoryBytes: 128 * 16 << 10})
	s.disk.buffered.Store(true)
	tor := f.open(t, s, nil)
	f.store(t, tor, 0)
	restore := swapFile(t, tor)
	for i := 1; i < 64; i++ {
		f.put(tor, i)
		if i == 1 {
			_ = tor.Flush()
		}
	}
	s.hot.cache.Wait()
	if st := s.Stats(); !st.Degraded || st.WrittenBytes != 16<<10 || st.Pieces != 64 || st.MemoryBytes == 0 {
		t.Fatalf("while it fails: %+v", st)
	}
	restore()
	retryNow(s)
	stored(t, tor, 64)
	for i := range 64 {
		f.mustRead(t, tor, i)
	}
	closeStore(t, s)
}
