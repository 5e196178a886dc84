package clients

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// FreePort returns a port that is free for TCP and UDP on 127.0.0.1. Nobody else gets
// it until the test ends, not even another process: a program opens its port only some
// time after it is told it.
func FreePort(tb testing.TB) int {
	tb.Helper()
	for range lastPort - firstPort {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		lock, err := lockPort(port)
		if err != nil {
			tb.Fatalf("a free port: %v", err)
		}
		if lock == nil {
			continue
		}
		if !isFree(loopback(port)) {
			lock.Close()
			continue
		}
		tb.Cleanup(func() { lock.Close() })
		return port
	}
	tb.Fatalf("no free port from %d to %d", firstPort, lastPort)
	return 0
}

// Nobody gives an address of this machine, host:port, where nobody listens before the
// test ends. The well-known ports will not do: other tests and programs may be there.
func Nobody(tb testing.TB) string {
	tb.Helper()
	return loopback(FreePort(tb))
}

// lockPort takes the lock of a port; nil if another test has it. Its file stays:
// a file that is removed while another waits for it would be locked twice.
func lockPort(port int) (*os.File, error) {
	name := fmt.Sprintf("btgw-test-%d-%d.lock", os.Getuid(), port)
	f, err := os.OpenFile(filepath.Join(os.TempDir(), name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if !tryLock(f) {
		f.Close()
		return nil, nil
	}
	return f, nil
}

func isFree(address string) bool {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return false
	}
	defer l.Close()
	pc, err := net.ListenPacket("udp", address)
	if err != nil {
		return false
	}
	pc.Close()
	return true
}

// loopback gives the address of a port of this machine.
func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
