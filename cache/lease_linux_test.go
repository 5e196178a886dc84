package cache

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/btgw/btgw/internal/rawtcp"
)

// A piece that goes out as pages stays on disk, however often: the page cache has it, and a copy in memory gains nothing. It
// counts as read before. Read into a buffer as often, it moves to memory.
func TestPagesStay(t *testing.T) {
	const size = 64 << 10
	f := single(t, size, 1, size)
	dir := t.TempDir()
	s := openStore(t, Config{Dir: dir})
	f.store(t, f.open(t, s, nil))
	closeStore(t, s)
	s = openStore(t, Config{Dir: dir, stayCold: true})
	tor := f.open(t, s, nil)
	client, server := sockets(t)
	go func() { _, _ = io.Copy(io.Discard, client) }()
	w := &pageConn{Conn: server}
	for i := range 4 * promoteReads {
		l, err := tor.Get(0)
		if err != nil {
			t.Fatal(err)
		}
		if l.Bytes() != nil {
			t.Fatalf("in memory after it went out %d times", i)
		}
		if want := min(i, 1) * pagedReads; l.reads != want { // it was read to check it
			t.Fatalf("%d reads counted after %d, not %d", l.reads, i, want)
		}
		if n, err := l.WriteRange(w, 0, size); n != size || err != nil {
			t.Fatalf("%d bytes, %v", n, err)
		}
		l.Release()
	}
	if w.paged != 4*promoteReads*size {
		t.Fatalf("%d bytes went out as pages", w.paged)
	}
	for range promoteReads {
		f.mustRead(t, tor, 0)
	}
	if l, err := tor.Get(0); err != nil || l.Bytes() == nil {
		t.Errorf("not in memory after as many reads: %v", err)
	} else {
		l.Release()
	}
	closeStore(t, s)
}

// folders are one of the temporary folder, and one of each other file system that is ours to mount.
func folders(t *testing.T) map[string]string {
	t.Helper()
	dirs := map[string]string{"temporary": t.TempDir()}
	if dir, ok := smallFS(t, "8m"); ok {
		dirs["tmpfs"] = dir
	}
	for _, kind := range []string{"ext4", "xfs"} {
		if dir, ok := imageFS(t, kind); ok {
			dirs[kind] = dir
		}
	}
	return dirs
}

// imageFS mounts a file system that lies in a file; false where the system does not let us.
func imageFS(t *testing.T, kind string) (dir string, ok bool) {
	t.Helper()
	home := t.TempDir()
	image, dir := filepath.Join(home, "image"), filepath.Join(home, "mounted")
	if err := errors.Join(os.WriteFile(image, nil, 0o600), os.Truncate(image, 320<<20), os.Mkdir(dir, 0o700)); err != nil {
		t.Fatal(err)
	}
	if exec.Command("mkfs."+kind, "-q", image).Run() != nil || exec.Command("mount", "-o", "loop", image, dir).Run() != nil {
		return "", false
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	return dir, true
}

// Pages of a file that a socket was given do not change when their run is evicted, when a piece beside them is written
// for the first time, or when one is given up and written again, whatever the file system.
func TestSlowClientOfPages(t *testing.T) {
	const size, n = 256 << 10, 32 << 10 // twice n is as much as the sockets surely take
	for name, dir := range folders(t) {
		t.Run(name, func(t *testing.T) {
			f := single(t, size, 1, 8*size)
			s := openStore(t, Config{Dir: dir, DiskBytes: 4 * size, MemoryBytes: 4, runBytes: 2 * size})
			tor := f.open(t, s, nil)
			client, server := sockets(t)
			var sent []byte
			send := func(i int) *Lease {
				l, err := tor.Get(i)
				if err != nil {
					t.Fatalf("piece %d: %v", i, err)
				}
				w := &pageConn{Conn: server}
				if m, err := l.WriteRange(w, size-n, n); m != n || w.paged != n || err != nil {
					t.Fatalf("%d bytes of piece %d, %d as pages, %v", m, i, w.paged, err)
				}
				sent = append(sent, f.piece(i)[size-n:]...)
				return l
			}
			f.store(t, tor, 0)
			send(0).Release() // and the file goes no further
			f.store(t, tor, 1)
			l := send(1)
			l.lost(unix.EIO) // it is given up, and comes back
			l.Release()
			f.store(t, tor, 1, 2, 3, 4, 5, 6, 7)
			if tor.Has(0) || tor.Has(1) {
				t.Fatal("not evicted")
			}
			if err := server.Close(); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(client)
			if err != nil || !bytes.Equal(got, sent) {
				t.Errorf("%d bytes of %d, error %v, or they are others", len(got), len(sent), err)
			}
			closeStore(t, s)
		})
	}
}

// sockets are both ends of a TCP connection.
func sockets(t *testing.T) (client net.Conn, server *rawtcp.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if client, err = net.Dial("tcp", ln.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	accepted, err := rawtcp.Listener{Listener: ln}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { accepted.Close() })
	return client, accepted.(*rawtcp.Conn)
}

// What somebody else changes of a file between the lease and the socket is not sent, and the lease says that it is lost.
// What was sent before is right.
func TestPagesOfDamagedFile(t *testing.T) {
	const size = 1 << 20
	for name, damage := range map[string]func(*os.File) error{
		"cut to nothing":    func(f *os.File) error { return f.Truncate(0) },
		"cut in the piece":  func(f *os.File) error { return f.Truncate(size + 300<<10) },
		"overwritten":       func(f *os.File) error { _, err := f.WriteAt([]byte("other bytes"), 2*size-100); return err },
		"replaced, and cut": func(f *os.File) error { return errors.Join(os.Remove(f.Name()), f.Truncate(size)) },
		"removed, and other": func(f *os.File) error {
			_, err := f.WriteAt(make([]byte, 10), 2*size-100)
			return errors.Join(os.Remove(f.Name()), err)
		},
	} {
		for _, after := range []int{0, 1, 3} { // chunks that were sent
			f := single(t, size, 1, 2*size)
			dir := t.TempDir()
			s := coldStore(t, dir, 1<<30)
			tor := f.open(t, s, nil)
			f.store(t, tor)
			l, err := tor.Get(1)
			if err != nil {
				t.Fatal(err)
			}
			client, server := sockets(t)
			got := make(chan []byte, 1)
			go func() {
				b, _ := io.ReadAll(client)
				got <- b
			}()
			w := &pageConn{Conn: server}
			w.taken = func(n int) {
				if n != after {
					return
				}
				other, err := os.OpenFile(dataFilePath(dir, f), os.O_RDWR, 0)
				if err == nil {
					err = errors.Join(damage(other), other.Close())
				}
				if err != nil {
					t.Error(err)
				}
			}
			m, err := l.WriteRange(w, 0, size)
			if !errors.Is(err, ErrLost) || m != int64(after)*(256<<10) || w.paged != m {
				t.Errorf("%s after %d: %d bytes, %d as pages, %v", name, after, m, w.paged, err)
			}
			l.Release()
			server.Close()
			if b := <-got; !bytes.Equal(b, f.piece(1)[:m]) {
				t.Errorf("%s after %d: %d bytes came of %d, or others", name, after, len(b), m)
			}
			closeStore(t, s)
		}
	}
}
