package rawtcp

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// dataFile is a file with bytes.
func dataFile(t testing.TB, p []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, p, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func always() bool { return true }

// received reads all that comes.
func received(c net.Conn) <-chan []byte {
	got := make(chan []byte, 1)
	go func() {
		p, _ := io.ReadAll(struct{ io.Reader }{c})
		got <- p
	}()
	return got
}

// A head and a part of a file come as one, wherever the part lies, also where the socket takes
// them bit by bit, and in order with what is written before and after.
func TestWritePages(t *testing.T) {
	data := random(5<<20 + 77)
	f := dataFile(t, data)
	for _, test := range []struct{ head, off, n int }{
		{0, 0, 1}, {10, 0, 1}, {300, 4096, 64 << 10}, {300, 1, 64 << 10}, {0, 4095, pipeBytes + 2}, {8 << 10, 5, 5 << 20}, {4 << 20, 0, 4 << 20},
		{10, 5 << 20, 77},
	} {
		a, b := pair(t)
		got := received(b)
		head := random(test.head)
		want := append(append([]byte("before"), head...), data[test.off:test.off+test.n]...)
		if _, err := a.Write([]byte("before")); err != nil {
			t.Fatal(err)
		}
		n, err := a.(*Conn).WritePages(head, f, int64(test.off), int64(test.n), always)
		if err != nil || n != int64(test.head+test.n) {
			t.Errorf("%v: %d bytes, %v", test, n, err)
		}
		if _, err := a.Write([]byte("after")); err != nil {
			t.Fatal(err)
		}
		a.Close()
		if p := <-got; sha256.Sum256(p) != sha256.Sum256(append(want, "after"...)) {
			t.Errorf("%v: %d bytes came of %d, or others", test, len(p), len(want)+5)
		}
	}
}

// What is taken after the file was changed is not sent, nor what the file no longer has. The rest goes out in another
// way, and the head with it.
func TestWritePagesShort(t *testing.T) {
	data := random(3 * pipeBytes)
	f := dataFile(t, data)
	closed := dataFile(t, nil)
	closed.Close()
	asked := 0
	after := func(n int) func() bool {
		return func() bool { asked++; return asked <= n }
	}
	for name, test := range map[string]struct {
		f      *os.File
		off, n int64
		intact func() bool
		want   int64 // of the file
	}{
		"changed before":    {f, 0, 3 * pipeBytes, after(0), 0},
		"changed meanwhile": {f, 0, 3 * pipeBytes, after(2), 2 * pipeBytes},
		"short":             {f, 2 * pipeBytes, 2 * pipeBytes, always, pipeBytes},
		"beyond the end":    {f, 3 * pipeBytes, 10, always, 0},
		"closed":            {closed, 0, 10, always, 0},
	} {
		asked = 0
		a, b := pair(t)
		got := received(b)
		head := []byte("head")
		n, err := a.(*Conn).WritePages(head, test.f, test.off, test.n, test.intact)
		want := []byte{}
		if test.want > 0 {
			want = append(head, data[test.off:test.off+test.want]...)
		}
		if err != nil || n != int64(len(want)) {
			t.Errorf("%s: %d bytes in place of %d, %v", name, n, len(want), err)
		}
		a.Close()
		if p := <-got; !bytes.Equal(p, want) {
			t.Errorf("%s: %d bytes came in place of %d, or others", name, len(p), len(want))
		}
	}
}

// Where the socket takes no more before the deadline, what was written has come, and what was taken of the file and not
// written comes to nobody. So it is where the other end closes.
func TestWritePagesCut(t *testing.T) {
	data := random(64 << 20)
	f := dataFile(t, data)
	for range 3 { // a pipe with a rest would serve the next
		a, b := pair(t)
		_ = a.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
		n, err := a.(*Conn).WritePages(nil, f, 0, int64(len(data)), always)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%d bytes, %v is not a timeout", n, err)
		}
		a.Close()
		if p := <-received(b); sha256.Sum256(p) != sha256.Sum256(data[:n]) {
			t.Errorf("%d bytes came of %d, or others", len(p), n)
		}
		a, b = pair(t)
		b.Close()
		for range 2 { // the first may go into the socket
			_, err = a.(*Conn).WritePages(nil, f, 0, int64(len(data)), always)
		}
		if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%v is not the end of the connection", err)
		}
	}
}

// Many connections at once each have their own bytes.
func TestWritePagesAtOnce(t *testing.T) {
	const conns, size = maxIdlePipes + 4, 2 * pipeBytes
	data := random(size + conns*4097)
	f := dataFile(t, data)
	var wg sync.WaitGroup
	for i := range conns {
		a, b := pair(t)
		got := received(b)
		wg.Go(func() {
			off := i * 4097
			for range 2 {
				if n, err := a.(*Conn).WritePages([]byte{byte(i)}, f, int64(off), size, always); n != 1+size || err != nil {
					t.Errorf("%d bytes, %v", n, err)
				}
			}
			a.Close()
			one := append([]byte{byte(i)}, data[off:off+size]...)
			if p := <-got; !bytes.Equal(p, bytes.Repeat(one, 2)) {
				t.Errorf("%d: %d bytes came, or others", i, len(p))
			}
		})
	}
	wg.Wait()
}

// What is in the page cache as a whole is taken without telling the scheduler, and nothing else is: no part of what is on
// the disk alone, nothing beyond the end, and nothing of what is no file.
func TestResident(t *testing.T) {
	const size = 1<<20 + 10
	f := dataFile(t, random(size))
	s := &pageSend{file: int(f.Fd())}
	resident := func(off, n int64) bool {
		s.off = off
		return s.resident(n)
	}
	if err := unix.Cachestat(uint(s.file), &unix.CachestatRange{}, new(unix.Cachestat_t), 0); err != nil {
		if resident(0, 1) {
			t.Error("the system does not tell, and it is resident")
		}
		return
	}
	for _, r := range []struct {
		off, n int64
		want   bool
	}{{0, 1, true}, {0, size, true}, {4095, 2, true}, {size - 1, 1, true}, {0, 0, false}, {2 << 20, 1, false}, {0, 2 << 20, false}} {
		s.doubt = 0
		if got := resident(r.off, r.n); got != r.want || s.doubt > 0 == r.want {
			t.Errorf("%d bytes at %d: %v, %d doubts", r.n, r.off, got, s.doubt)
		}
	}
	for i := doubts; i > 0; i-- {
		if s.doubt != i || !resident(0, size) {
			t.Fatalf("%d doubts after %d looks, or it is not resident", s.doubt, doubts-i)
		}
	}
	if s.doubt != 0 {
		t.Errorf("%d doubts are left", s.doubt)
	}
	if s.doubt = 1; resident(size-1, 2) || s.doubt != 0 {
		t.Error("a byte that the file does not have has arrived")
	}
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := unix.Fadvise(s.file, 0, 0, unix.FADV_DONTNEED); err != nil {
		t.Fatal(err)
	}
	for off := int64(0); off < size; off += pageSize {
		var is unix.Cachestat_t
		n := min(pageSize, size-off)
		if err := unix.Cachestat(uint(s.file), &unix.CachestatRange{Off: uint64(off), Len: uint64(n)}, &is, 0); err != nil {
			t.Fatal(err)
		}
		if is.Cache == 0 && (resident(off, n) || resident(0, size) || s.doubt != doubts) {
			t.Errorf("the page at %d was dropped, and is resident", off)
		}
	}
	a, _ := pair(t)
	raw, err := a.(*Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) {
		if cached(int(fd), 0, 1) || arrived(int(fd), 0) {
			t.Error("a socket is resident")
		}
	})
}
