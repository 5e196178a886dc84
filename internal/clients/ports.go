package clients

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// freePort gives a port that is free for TCP and UDP on 127.0.0.1.
func freePort(tb testing.TB) int {
	tb.Helper()
	for range lastPort - firstPort {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		if isFree(loopback(port)) {
			return port
		}
	}
	tb.Fatalf("no free port from %d to %d", firstPort, lastPort)
	return 0
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
