package rawtcp

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"
)

// pair is both ends of a connection, one accepted and one dialled.
func pair(t testing.TB) (accepted, dialled net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	nc, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err = Listener{ln}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close(); accepted.Close() })
	return accepted, Wrap(nc)
}

// random is the n bytes that a seed makes.
func random(n int) []byte {
	p := make([]byte, n)
	src := rand.NewChaCha8([32]byte{1})
	_, _ = src.Read(p)
	return p
}

// What is written comes whole and in order, in writes larger than a socket's buffer,
// both ways at once, and then the end.
func TestBytes(t *testing.T) {
	a, b := pair(t)
	data := random(9<<20 + 17)
	want := sha256.Sum256(data)
	var wg sync.WaitGroup
	for _, ends := range [][2]net.Conn{{a, b}, {b, a}} {
		wg.Go(func() {
			if n, err := ends[0].Write(data); n != len(data) || err != nil {
				t.Errorf("wrote %d of %d: %v", n, len(data), err)
			}
			if err := ends[0].(*Conn).CloseWrite(); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			h := sha256.New()
			n, err := io.CopyBuffer(h, struct{ io.Reader }{ends[1]}, make([]byte, 100_000))
			if err != nil || [32]byte(h.Sum(nil)) != want {
				t.Errorf("%d of %d bytes, error %v, or they are others", n, len(data), err)
			}
		})
	}
	wg.Wait()
}

func TestNothing(t *testing.T) {
	a, _ := pair(t)
	if n, err := a.Read(nil); n != 0 || err != nil {
		t.Errorf("read of no bytes: %d, %v", n, err)
	}
	if n, err := a.Write(nil); n != 0 || err != nil {
		t.Errorf("write of no bytes: %d, %v", n, err)
	}
}

// Writes of several goroutines do not mix.
func TestConcurrentWrites(t *testing.T) {
	a, b := pair(t)
	const size, writers = 1 << 20, 8
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			if _, err := a.Write(bytes.Repeat([]byte{byte(i)}, size)); err != nil {
				t.Error(err)
			}
		})
	}
	buf := make([]byte, size)
	for range writers {
		if _, err := io.ReadFull(b, buf); err != nil {
			t.Fatal(err)
		}
		if i := bytes.IndexFunc(buf, func(r rune) bool { return r != rune(buf[0]) }); i >= 0 {
			t.Fatalf("byte %d is %d, after %d", i, buf[i], buf[0])
		}
	}
	wg.Wait()
}

// Two buffers come as one, whatever their lengths, also where there is no room for all at once, and a deadline
// leaves what was written.
func TestWriteBoth(t *testing.T) {
	a, b := pair(t)
	for _, lengths := range [][2]int{{0, 0}, {0, 10}, {10, 0}, {10, 100_000}, {3 << 20, 7 << 20}, {100, maxCall + 1}} {
		all := random(lengths[0] + lengths[1])
		done := make(chan struct{})
		go func() {
			defer close(done)
			if n, err := a.(*Conn).WriteBoth(all[:lengths[0]], all[lengths[0]:]); n != len(all) || err != nil {
				t.Errorf("%v: wrote %d: %v", lengths, n, err)
			}
		}()
		got := make([]byte, len(all))
		if _, err := io.ReadFull(b, got); err != nil || sha256.Sum256(got) != sha256.Sum256(all) {
			t.Errorf("%v: %v, or other bytes came", lengths, err)
		}
		<-done
	}
	_ = a.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
	all := random(64 << 20)
	wrote, err := a.(*Conn).WriteBoth(all[:10], all[10:])
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%v is not a timeout", err)
	}
	a.Close()
	h := sha256.New()
	if got, err := io.Copy(h, b); err != nil || got != int64(wrote) || [32]byte(h.Sum(nil)) != sha256.Sum256(all[:wrote]) {
		t.Errorf("%d bytes came of %d, or others: %v", got, wrote, err)
	}
}

// Deadlines end what waits, in the way that net/http asks for, and what was written
// until then counts.
func TestDeadlines(t *testing.T) {
	a, b := pair(t)
	_ = a.SetDeadline(time.Now().Add(20 * time.Millisecond))
	n, rerr := a.Read(make([]byte, 1))
	if n != 0 {
		t.Errorf("read %d bytes", n)
	}
	wrote, werr := a.Write(random(64 << 20))
	for _, err := range []error{rerr, werr} {
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%v is not a timeout", err)
		}
	}
	a.Close()
	if got, err := io.Copy(io.Discard, b); err != nil || got != int64(wrote) {
		t.Errorf("%d bytes came of %d: %v", got, wrote, err)
	}
}

// Close ends what waits in both directions.
func TestClose(t *testing.T) {
	a, b := pair(t)
	errs := make(chan error, 2)
	go func() { _, err := a.Read(make([]byte, 1)); errs <- err }()
	go func() { _, err := a.Write(random(64 << 20)); errs <- err }()
	if _, err := io.ReadFull(b, make([]byte, 1)); err != nil { // the writer is at work
		t.Fatal(err)
	}
	a.Close()
	for range 2 {
		if err := <-errs; !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v, not %v", err, net.ErrClosed)
		}
	}
}

// An error of the system is named as net names it.
func TestReset(t *testing.T) {
	a, b := pair(t)
	if err := b.(*Conn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	b.Close()
	_, err := a.Read(make([]byte, 1))
	var op *net.OpError
	if !errors.Is(err, syscall.ECONNRESET) || !errors.As(err, &op) || op.Op != "read" || op.Addr.String() != a.RemoteAddr().String() {
		t.Errorf("read of a reset connection: %v", err)
	}
	if _, err := a.Write([]byte{1}); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("write to a reset connection: %v", err)
	}
}

// Neither direction makes garbage.
func TestAllocations(t *testing.T) {
	a, b := pair(t)
	p := make([]byte, 1000)
	if n := testing.AllocsPerRun(100, func() {
		_, _ = a.Write(p)
		_, _ = io.ReadFull(b, p)
		_, _ = a.(*Conn).WriteBoth(p[:100], p[100:])
		_, _ = io.ReadFull(b, p)
	}); n > raceCopies {
		t.Errorf("%v allocations a write and a read", n)
	}
}

// BenchmarkTransfer moves 64 KiB at a time, as net does it and as a Conn does.
func BenchmarkTransfer(b *testing.B) {
	unwrapped := func(nc net.Conn) net.Conn { return nc.(*Conn).TCPConn }
	same := func(nc net.Conn) net.Conn { return nc }
	for name, choose := range map[string]func(net.Conn) net.Conn{"net": unwrapped, "rawtcp": same} {
		b.Run(name, func(b *testing.B) {
			from, to := pair(b)
			from, to = choose(from), choose(to)
			const size = 64 << 10
			b.SetBytes(size)
			done := make(chan struct{})
			go func() {
				defer close(done)
				buf := make([]byte, size)
				for {
					if _, err := to.Read(buf); err != nil {
						return
					}
				}
			}()
			buf := make([]byte, size)
			var before, after syscall.Rusage
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
			n := 0
			for b.Loop() {
				if _, err := from.Write(buf); err != nil {
					b.Fatal(err)
				}
				n++
			}
			from.Close()
			<-done
			_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
			used := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
			b.ReportMetric(float64(used)/float64(n*size), "CPU-s/GB")
		})
	}
}
