package cache

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
)

// leases are a piece leased from memory and the same from disk.
func leases(t *testing.T, f *fixture, i int) map[string]*Lease {
	t.Helper()
	found := map[string]*Lease{}
	for name, s := range map[string]*Store{
		"memory": openStore(t, Config{}),
		"disk":   coldStore(t, t.TempDir(), 1<<30),
	} {
		tor := f.open(t, s, nil)
		f.put(tor, i)
		flush(t, tor)
		l, err := tor.Get(i)
		if err != nil || (l.Bytes() == nil) != (name == "disk") {
			t.Fatalf("%s: %v", name, err)
		}
		found[name] = l
		t.Cleanup(l.Release)
	}
	return found
}

func TestLeaseRanges(t *testing.T) {
	t.Parallel()
	f := single(t, 4<<20, 1, 4<<20+3<<20+77) // a last piece of 3 MiB + 77
	size := int64(f.info.PieceSize(1))
	for name, l := range leases(t, f, 1) {
		want := f.piece(1)
		for _, r := range [][2]int64{{0, size}, {0, 0}, {size, 0}, {5, 1}, {size - 1, 1}, {100, 1 << 20}, {7, size - 9}, {1 << 20, copyBytes}} {
			var b bytes.Buffer
			n, err := l.WriteRange(&b, r[0], r[1])
			if err != nil || n != r[1] || !bytes.Equal(b.Bytes(), want[r[0]:r[0]+r[1]]) {
				t.Errorf("%s: range %v: %d bytes, %v", name, r, n, err)
			}
			p := make([]byte, r[1])
			m, err := l.ReadAt(p, r[0])
			if r[1] > 0 && (err != nil || !bytes.Equal(p, want[r[0]:r[0]+r[1]])) {
				t.Errorf("%s: read %v: %d bytes, %v", name, r, m, err)
			}
		}
		for _, r := range [][2]int64{{-1, 1}, {0, -1}, {0, size + 1}, {size, 1}, {size + 1, 0}} {
			if n, err := l.WriteRange(io.Discard, r[0], r[1]); !errors.Is(err, errRange) || n != 0 {
				t.Errorf("%s: range %v: %d bytes, %v", name, r, n, err)
			}
		}
		p := make([]byte, 10)
		if n, err := l.ReadAt(p, size-4); n != 4 || err != io.EOF || !bytes.Equal(p[:4], want[size-4:]) {
			t.Errorf("%s: read over the end: %d bytes, %v", name, n, err)
		}
		if n, err := l.ReadAt(p, size); n != 0 || err != io.EOF {
			t.Errorf("%s: read at the end: %d bytes, %v", name, n, err)
		}
		if _, err := l.ReadAt(p, -1); err == nil {
			t.Errorf("%s: read before the start", name)
		}
		if l.Len() != int(size) {
			t.Errorf("%s: length %d", name, l.Len())
		}
	}
}

// parts records the sizes of writes, and fails after some bytes.
type parts struct {
	sizes []int
	left  int
}

func (w *parts) Write(p []byte) (int, error) {
	w.sizes = append(w.sizes, len(p))
	if len(p) > w.left {
		n := w.left
		w.left = 0
		return n, io.ErrClosedPipe
	}
	w.left -= len(p)
	return len(p), nil
}

func TestLeaseWrites(t *testing.T) {
	f := single(t, 4<<20, 1, 4<<20)
	for name, l := range leases(t, f, 0) {
		w := &parts{left: 1 << 30}
		if n, err := l.WriteRange(w, 1, 4<<20-1); err != nil || n != 4<<20-1 {
			t.Fatalf("%s: %d bytes, %v", name, n, err)
		}
		for _, n := range w.sizes {
			if n > maxMemoryWrite {
				t.Errorf("%s: a write of %d bytes", name, n)
			}
		}
		w = &parts{left: 3<<20 + 5}
		if n, err := l.WriteRange(w, 0, 4<<20); !errors.Is(err, io.ErrClosedPipe) || errors.Is(err, ErrLost) || n != 3<<20+5 {
			t.Errorf("%s: a writer that fails: %d bytes, %v", name, n, err)
		}
	}
}

// A data file that disappears takes its pieces with it, and nothing else.
func TestFileGone(t *testing.T) {
	f := single(t, 16<<10, 1, 2*16<<10)
	dir := t.TempDir()
	for _, proven := range []bool{true, false} {
		s := coldStore(t, dir, 1<<30)
		tor := f.open(t, s, nil)
		f.store(t, tor)
		if !proven {
			closeStore(t, s)
			s = coldStore(t, dir, 1<<30)
			tor = f.open(t, s, nil)
		}
		s.disk.files.close() // as if others had been used since
		if err := os.Remove(dataFilePath(dir, f)); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			if f.read(t, tor, i) || tor.Has(i) {
				t.Fatalf("piece %d is held", i)
			}
		}
		f.store(t, tor)
		f.mustRead(t, tor, 1)
		if st := s.Stats(); st.ReadErrors != 2 || st.DiskBytes != 2*16<<10 {
			t.Fatalf("stats %+v", st)
		}
		closeStore(t, s)
	}
}

// What a client has not taken yet when the lease ends does not change when the
// piece is evicted.
func TestSlowClientAfterEviction(t *testing.T) {
	f := single(t, 256<<10, 1, 8*256<<10)
	s := coldStore(t, t.TempDir(), 4*256<<10)
	tor := f.open(t, s, nil)
	f.store(t, tor, 0, 1, 2, 3)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	client, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	const n = 64 << 10 // as much as the sockets surely take
	l, err := tor.Get(1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.WriteRange(server, 4096, n); err != nil {
		t.Fatal(err)
	}
	l.Release()
	server.Close()
	f.store(t, tor, 4, 5, 6, 7)
	if tor.Has(1) {
		t.Fatal("not evicted")
	}
	got, err := io.ReadAll(client)
	if err != nil || !bytes.Equal(got, f.piece(1)[4096:4096+n]) {
		t.Fatalf("%d bytes, %v, right: %v", len(got), err, bytes.Equal(got, f.piece(1)[4096:4096+n]))
	}
	closeStore(t, s)
}

// A read of a file that was cut is ErrLost, for all that have it leased; what is gone shows
// at the next use, what is there stays.
func TestLost(t *testing.T) {
	f := single(t, 256<<10, 1, 2*256<<10)
	s := coldStore(t, t.TempDir(), 1<<30)
	n := newNotices()
	tor := f.open(t, s, n.evicted)
	f.store(t, tor)
	l, err := tor.Get(1)
	if err != nil {
		t.Fatal(err)
	}
	other, err := tor.Get(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.file.f.Truncate(256<<10 + 100<<10); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if m, err := l.WriteRange(&b, 0, 256<<10); !errors.Is(err, ErrLost) || m != 0 {
		t.Fatalf("%d bytes, %v", m, err)
	}
	if m, err := other.WriteRange(&b, 0, 100<<10); !errors.Is(err, ErrLost) || m != 0 {
		t.Fatalf("what is still there: %d bytes, %v", m, err)
	}
	if m, err := other.ReadAt(make([]byte, 9), 200<<10); !errors.Is(err, ErrLost) || m != 0 {
		t.Fatalf("%d bytes, %v", m, err)
	}
	l.Release()
	other.Release()
	if !tor.Has(1) || f.read(t, tor, 1) {
		t.Fatal("the piece is gone before it is looked at, or not after that")
	}
	if got := n.wait(t, 1); got[0] != 1 || tor.Has(1) {
		t.Fatalf("notices %v, held %v", got, tor.Has(1))
	}
	f.mustRead(t, tor, 0)
	f.store(t, tor, 1)
	f.mustRead(t, tor, 1)
	if st := s.Stats(); st.Distrusts != 1 || st.VerifyFailures != 1 || st.DiskBytes != 2*256<<10 {
		t.Fatalf("stats %+v", st)
	}
	closeStore(t, s)
}
