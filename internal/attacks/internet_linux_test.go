package attacks

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Who is where. Every address is this machine; these are those that have a part.
const (
	gatewayAddr = "44.0.0.1"
	honestAddr  = "45.0.0.1" // the client that reads
	trackerAddr = "51.0.0.1" // the tracker that it names
	// victimNet is where hosts are that attackers would have btgw contact, and
	// where contacts are counted.
	victimNet = "60.0.0.0/8"
)

// Addresses of attackers: clients in 46/8, each a client of its own to btgw, and
// peers in 11/8.
func strangerAddr(n int) string { return fmt.Sprintf("46.%d.%d.1", n>>8&255, n&255) }

// hostileAddr gives address number n of the attackers' peers, each in a /24 of
// its own.
func hostileAddr(n int) string { return fmt.Sprintf("11.%d.%d.7", n>>8&255, n&255) }

// seederAddr gives address number n of those of the honest peer.
func seederAddr(n int) string { return fmt.Sprintf("50.%d.%d.1", n>>8&255, n&255) }

// victimAddr gives address number n of hosts that have done nothing.
func victimAddr(n int) string { return fmt.Sprintf("60.0.%d.1", n&255) }

// makeInternet has every address lead to this machine.
func makeInternet() error {
	for _, args := range []string{
		"link set lo up",
		"addr add " + gatewayAddr + "/32 dev lo",
		"route add local default dev lo src " + gatewayAddr,
		"-6 route add local default dev lo",
	} {
		if err := runIP(args); err != nil {
			return err
		}
	}
	return nil
}

// runIP runs ip, which configures the network.
func runIP(args string) error {
	out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s (Debian package iproute2)", args, err, out)
	}
	return nil
}

// addAddr gives this machine an address.
func addAddr(t testing.TB, addr string) {
	t.Helper()
	if err := runIP("addr replace " + addr + "/32 dev lo"); err != nil {
		t.Fatal(err)
	}
}

// dialFrom gives the dialler of somebody with an address.
func dialFrom(addr string) *net.Dialer {
	ip := netip.MustParseAddr(addr)
	return &net.Dialer{
		LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)),
		Control: func(_, _ string, c syscall.RawConn) error {
			if ip.Is4() {
				return nil
			}
			var err error
			cerr := c.Control(func(fd uintptr) {
				err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IPV6, ipv6FreeBind, 1)
			})
			if cerr != nil {
				return cerr
			}
			return err
		},
	}
}

// ipv6FreeBind is IPV6_FREEBIND: the address need not be one of an interface.
const ipv6FreeBind = 78

// listen listens until the end of the test, and serves each connection in a
// goroutine of its own.
func listen(t testing.TB, addr string, serve func(net.Conn)) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	g := newGroup(t)
	context.AfterFunc(g.ctx, func() { l.Close() })
	g.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.Go(func() {
				defer c.Close()
				defer context.AfterFunc(g.ctx, func() { c.Close() })()
				serve(c)
			})
		}
	})
}

// listenNever has a port at which all addresses are silent: its queue of two
// connections is full, so that the kernel drops what comes.
func listenNever(t testing.TB, port int) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Port: port}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		d := net.Dialer{Timeout: silentWait}
		c, err := d.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			t.Cleanup(func() { c.Close() })
		}
	}
}
