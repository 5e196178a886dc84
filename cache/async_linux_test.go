package cache

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/btgw/btgw/internal/bubble"
)

// directFile is a file in a folder of its own, opened past the page cache.
func directFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "data"), os.O_RDWR|os.O_CREATE|directFlag, filePerm)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func startAsync(t *testing.T) *asyncWriter {
	t.Helper()
	w := newAsyncWriter()
	if w == nil {
		t.Fatal("the test wants a kernel with asynchronous I/O")
	}
	t.Cleanup(w.close)
	return w
}

// aligned is n random bytes where a direct write can have them.
func aligned(t *testing.T, n int) []byte {
	t.Helper()
	b := make([]byte, n+directAlign)
	at := directAlign - int(uintptr(unsafe.Pointer(&b[0]))%directAlign)
	copy(b[at:], single(t, 16<<10, 1, n).span)
	return b[at : at+n : at+n]
}

// Parts of all lengths, before and beyond the end of the file, come where they belong,
// and the writer can be used again after an error.
func TestAsyncWriter(t *testing.T) {
	if size := unsafe.Sizeof(iocb{}); size != 64 {
		t.Fatalf("struct iocb has %d bytes", size)
	}
	w, f := startAsync(t), directFile(t)
	data := aligned(t, 1<<20)
	want := make([]byte, 5<<20)
	write := func(off int64, parts ...[]byte) {
		t.Helper()
		n, at := 0, off
		for _, p := range parts {
			n, at = n+copy(want[at:], p), at+int64(len(p))
		}
		if got, err := w.write(f, parts, off); got != n || err != nil {
			t.Fatalf("%d of %d bytes written: %v", got, n, err)
		}
	}
	write(3<<20, data, data)
	write(1<<20, data[64<<10:], data[:directAlign], data[128<<10:192<<10])
	if err := grow(f, 4<<20, 9<<20); err != nil {
		t.Fatal(err)
	}
	if info, err := f.Stat(); err != nil || info.Size() != 5<<20 {
		t.Fatalf("a file that is long enough grew: %d bytes, %v", info.Size(), err)
	}
	if _, err := w.write(f, [][]byte{data[1:4097]}, 0); !notDirect(err) {
		t.Errorf("memory that is not aligned: %v", err)
	}
	write(0, data)
	got, err := os.ReadFile(f.Name())
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes in the file of %d, error %v, or they are others", len(got), len(want), err)
	}
}

// What goes wrong is said, and by its name.
func TestAsyncWriterErrors(t *testing.T) {
	w, f := startAsync(t), directFile(t)
	data := aligned(t, 64<<10)
	readOnly, err := os.OpenFile(f.Name(), os.O_RDONLY|directFlag, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer readOnly.Close()
	if _, err := w.write(readOnly, [][]byte{data}, 0); !errors.Is(err, unix.EBADF) {
		t.Errorf("a file that is not for writing: %v", err)
	}
	if err := readOnly.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.write(readOnly, [][]byte{data}, 0); err == nil {
		t.Error("a file that is closed was written")
	}
}

// A file grows ahead of what is written, not beyond its content, and not on disk.
func TestGrow(t *testing.T) {
	f := directFile(t)
	for _, step := range []struct{ end, span, want int64 }{
		{1 << 20, 1 << 30, 1<<20 + growBytes},
		{1<<20 + growBytes, 1 << 30, 1<<20 + growBytes},
		{2<<20 + growBytes, 3<<20 + growBytes, 3<<20 + growBytes},
	} {
		if err := grow(f, step.end, step.span); err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil || info.Size() != step.want || blocks(info) != 0 {
			t.Errorf("%d bytes for %d of %d, %d on disk, error %v", info.Size(), step.end, step.span, blocks(info), err)
		}
	}
}

// What is written without a thread that waits and what is with one is the same.
func TestWritesOfBothKinds(t *testing.T) {
	f := single(t, 1<<20, 4, 4<<20+1000)
	for _, async := range []bool{true, false} {
		dir := t.TempDir()
		s := openStore(t, Config{Dir: dir, DiskBytes: 1 << 30, MemoryBytes: 64 << 20})
		tor := f.open(t, s, nil)
		f.store(t, tor, 0)
		if !async { // the writer is waiting, and sees it with what comes next
			s.disk.endAsync()
		}
		f.putAll(tor)
		flush(t, tor)
		if s.disk.buffered.Load() {
			t.Error("it was written through the page cache")
		}
		got, err := os.ReadFile(dataFilePath(dir, f))
		if err != nil || !bytes.Equal(got, f.span) {
			t.Errorf("asynchronous: %v: %d bytes in the file, error %v, or they are others", async, len(got), err)
		}
	}
}

// blocks is how many bytes a file takes on disk.
func blocks(info os.FileInfo) int64 { return info.Sys().(*syscall.Stat_t).Blocks * 512 }

// A kernel that does not say what became of a write is not asked for another: the next result would
// be of the one before.
func TestAsyncWriterThatIsNotTold(t *testing.T) {
	w := startAsync(t)
	ctx := w.ctx
	w.ctx = 1
	_, err := w.wait()
	w.ctx = ctx
	if !errors.Is(err, errNoAsync) {
		t.Errorf("the error is %v", err)
	}
}

// After asynchronous writes failed they are tried again, though not at once, and what was written
// meanwhile is right.
func TestAsyncWritesComeBack(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 1 << 20
		f := single(t, size, 5, 4*size)
		dir := t.TempDir()
		s := openStore(t, Config{Dir: dir, MemoryBytes: 4 * size})
		tor := f.open(t, s, nil)
		f.store(t, tor, 0)
		s.disk.endAsync() // the writer is waiting, and sees it with what comes next
		f.store(t, tor, 1)
		f.store(t, tor, 2)
		if s.disk.async != nil {
			t.Error("asynchronous writes are tried again at once")
		}
		time.Sleep(asyncRetry)
		f.store(t, tor, 3)
		if s.disk.async == nil || s.disk.buffered.Load() {
			t.Error("writes are not asynchronous again")
		}
		got, err := os.ReadFile(dataFilePath(dir, f))
		if err != nil || !bytes.Equal(got, f.span) {
			t.Errorf("%d bytes in the file, error %v, or they are others", len(got), err)
		}
		closeStore(t, s)
	})
}
