package cache

import (
	"bytes"
	"io"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// Pages of a file that a socket was given do not change when their run is evicted, or when a
// piece beside them is given up and written again, whatever the file system.
func TestSlowClientOfSendfile(t *testing.T) {
	const size, n = 256 << 10, 32 << 10 // twice n is as much as the sockets surely take
	dirs := map[string]string{"temporary": t.TempDir()}
	if dir, ok := smallFS(t, "8m"); ok {
		dirs["tmpfs"] = dir
	}
	for name, dir := range dirs {
		t.Run(name, func(t *testing.T) {
			f := single(t, size, 1, 8*size)
			s := openStore(t, Config{Dir: dir, DiskBytes: 4 * size, MemoryBytes: 4, runBytes: 2 * size})
			tor := f.open(t, s, nil)
			f.store(t, tor, 0, 1, 2, 3)
			l, err := tor.Get(1)
			if err != nil {
				t.Fatal(err)
			}
			client, server := sockets(t)
			sent := sendfile(t, server, l, 4096, n)
			l.lost(unix.EIO) // it is given up, and comes back
			l.Release()
			f.store(t, tor, 1)
			l, err = tor.Get(0)
			if err != nil {
				t.Fatal(err)
			}
			sent = append(sent, sendfile(t, server, l, 4096, n)...)
			l.Release()
			f.store(t, tor, 4, 5, 6, 7)
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
func sockets(t *testing.T) (client, server net.Conn) {
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
	if server, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return client, server
}

// sendfile has the kernel send bytes of a lease, and returns what they have to be.
func sendfile(t *testing.T, server net.Conn, l *Lease, off int64, n int) []byte {
	t.Helper()
	want := make([]byte, n)
	if _, err := l.ReadAt(want, off); err != nil {
		t.Fatal(err)
	}
	raw, err := server.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	at, left := l.r.offset(l.index)+off, n
	var failed error
	err = raw.Write(func(fd uintptr) bool {
		for left > 0 {
			m, err := unix.Sendfile(int(fd), int(l.file.f.(osFile).Fd()), &at, left)
			if err == unix.EAGAIN {
				return false
			}
			if err != nil {
				failed = err
				return true
			}
			left -= m
		}
		return true
	})
	if err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	return want
}
