package peer

import (
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// What we ask of a peer that takes blocks slowly waits behind few of them: a
// socket's buffer could hold megabytes.
func TestLittleIsUnsent(t *testing.T) {
	tor, data := content(t, 8<<20, 256<<10)
	h := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	s := swarm(t, h, tor, seed(tor.Info, data))
	// Segments as of a real link: what the kernel takes is whole ones.
	small := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_MAXSEG, 1400) })
	}}
	nc, err := small.Dial("tcp", loopbackAddr(h).String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if err := nc.(*net.TCPConn).SetReadBuffer(64 << 10); err != nil {
		t.Fatal(err)
	}
	out := wire.AppendHandshake(nil, wire.NewHandshake(tor.Info.Hashes()[0].Wire(), [20]byte{1}))
	out = wire.AppendSimple(out, wire.Interested)
	for n := range 400 {
		out = append(out, request(tor.Info.Block(n/16, n%16))...)
	}
	if _, err := nc.Write(out); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(nc, make([]byte, wire.HandshakeLen)); err != nil {
		t.Fatal(err)
	}
	// It reads no more. When as much is queued as before for a while, the writer waits.
	queued, since := 0, time.Now()
	for end := time.Now().Add(time.Minute); outgoing(t, s, unix.SIOCOUTQNSD) == 0 || time.Since(since) < 200*time.Millisecond; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d bytes are queued, and still more", queued)
		}
		if n := outgoing(t, s, unix.SIOCOUTQ); n != queued {
			queued, since = n, time.Now()
		}
	}
	// One segment more may have been taken when there was room for a byte.
	if n := outgoing(t, s, unix.SIOCOUTQNSD); n == 0 || n > maxUnsent+uploadBatch+4*metainfo.BlockLen {
		t.Errorf("%d of %d bytes are unsent, and %d allowed", n, queued, maxUnsent)
	}
	// It reads again, slowly: once the writer knows, it keeps less ahead.
	most := 0
	for i := range 100 {
		time.Sleep(10 * time.Millisecond)
		if _, err := io.ReadFull(nc, make([]byte, metainfo.BlockLen)); err != nil {
			t.Fatal(err)
		}
		if i >= 60 {
			most = max(most, outgoing(t, s, unix.SIOCOUTQNSD))
		}
	}
	if most > slowUnsent+3*metainfo.BlockLen {
		t.Errorf("%d bytes are unsent to a slow reader, and %d allowed", most, slowUnsent)
	}
}

// outgoing asks the kernel for a count of the only connection's bytes; 0 while
// there is none.
func outgoing(t *testing.T, s *Swarm, request uint) (n int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		raw, err := c.nc.(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		if err := raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), request) }); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return n
}
