package netguard

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestListenAndDial(t *testing.T) {
	g := New(Policy{AllowPrivate: true})
	l, err := g.Listen(t.Context(), "tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	for _, host := range []string{"127.0.0.1", "::1", "localhost"} { // one socket, both families
		conn, err := g.DialContext(t.Context(), "tcp", net.JoinHostPort(host, port))
		if err != nil {
			t.Fatalf("dial %s: %v", host, err)
		}
		peer, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		peer.Close()
		conn.Close()
	}
}

// TestDialRefused dials listening sockets, so that only the guard can be why it
// fails; "localhost" is a name that resolves to loopback.
func TestDialRefused(t *testing.T) {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	g := New(Policy{})
	for _, host := range []string{"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", "localhost", "", "0.0.0.0", "::"} {
		for _, network := range []string{"tcp", "udp"} {
			conn, err := g.DialContext(t.Context(), network, net.JoinHostPort(host, port))
			var forbidden *ForbiddenError
			if !errors.As(err, &forbidden) {
				t.Errorf("%s dial to %q: %v, want a ForbiddenError", network, host, err)
			}
			if conn != nil {
				conn.Close()
			}
		}
	}
	for _, host := range []string{"", "0.0.0.0", "::"} {
		_, err := New(Policy{AllowPrivate: true}).DialContext(t.Context(), "tcp", net.JoinHostPort(host, port))
		var forbidden *ForbiddenError
		if !errors.As(err, &forbidden) {
			t.Errorf("dial to %q with AllowPrivate: %v, want a ForbiddenError", host, err)
		}
	}
}

// TestRebinding: a name that is public at its first lookup and loopback at its
// second is refused at the second, and the addresses of one answer are judged
// one by one.
func TestRebinding(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	resolver := fakeDNS(t, map[string][][]string{
		"rebind.test.": {{"8.8.8.8"}, {"127.0.0.1"}},
		"mixed.test.":  {{"0.0.0.0", "224.0.0.1", "127.0.0.1"}},
	})
	if addrs, err := resolver.LookupHost(t.Context(), "rebind.test."); err != nil || addrs[0] != "8.8.8.8" {
		t.Fatalf("the first lookup gives %v, %v", addrs, err)
	}
	var forbidden *ForbiddenError
	_, err = New(Policy{Resolver: resolver}).DialContext(t.Context(), "tcp", "rebind.test.:"+port)
	if !errors.As(err, &forbidden) || forbidden.Reason != "loopback address" {
		t.Errorf("dial to a name that resolves to loopback: %v", err)
	}
	conn, err := New(Policy{Resolver: resolver, AllowPrivate: true}).DialContext(t.Context(), "tcp", "mixed.test.:"+port)
	if err != nil {
		t.Fatalf("the only allowed address of three is not dialled: %v", err)
	}
	conn.Close()
}

func TestDialNetworks(t *testing.T) {
	g := New(Policy{AllowPrivate: true})
	for _, network := range []string{"unix", "ip4:icmp", "unixgram", "", "tcp5"} {
		if _, err := g.DialContext(t.Context(), network, "127.0.0.1:1"); !errors.As(err, new(net.UnknownNetworkError)) {
			t.Errorf("dial %q: %v", network, err)
		}
		if _, err := g.ListenPacket(t.Context(), network, "127.0.0.1:0"); err == nil {
			t.Errorf("packets from %q are listened for", network)
		}
	}
	if _, err := g.Listen(t.Context(), "unix", t.TempDir()+"/s"); err == nil {
		t.Error("a unix socket is listened on")
	}
	if _, err := g.DialContext(t.Context(), "tcp", "no port"); err == nil {
		t.Error("an address without a port is dialled")
	}
}

func TestDialContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(Policy{}).DialContext(ctx, "tcp", "8.8.8.8:53"); !errors.Is(err, context.Canceled) {
		t.Errorf("dial with an ended context: %v", err)
	}
}

func TestPacketConn(t *testing.T) {
	g := New(Policy{AllowPrivate: true})
	a, b := listenPacket(t, g), listenPacket(t, g)
	deadline := time.Now().Add(5 * time.Second)
	if err := errors.Join(a.SetDeadline(deadline), b.SetReadDeadline(deadline), b.SetWriteDeadline(deadline),
		a.SetReadBuffer(64<<10), a.SetWriteBuffer(64<<10)); err != nil {
		t.Fatal(err)
	}
	to := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(b.LocalAddr().(*net.UDPAddr).Port))
	if _, err := a.WriteTo([]byte("one"), net.UDPAddrFromAddrPort(to)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.WriteToUDPAddrPort([]byte("two"), netip.AddrPortFrom(netip.AddrFrom16(to.Addr().As16()), to.Port())); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 16)
	n, from, err := b.ReadFromUDPAddrPort(buf)
	if err != nil || string(buf[:n]) != "one" || from.Addr() != to.Addr() {
		t.Fatalf("read %q from %v, %v", buf[:n], from, err)
	}
	if n, addr, err := b.ReadFrom(buf); err != nil || string(buf[:n]) != "two" || addr == nil {
		t.Fatalf("read %q from %v, %v", buf[:n], addr, err)
	}
}

// TestPacketConnRefused sends to a listening socket under the strict policy:
// nothing arrives, by no way of naming it.
func TestPacketConnRefused(t *testing.T) {
	strict := listenPacket(t, New(Policy{}))
	port := strict.LocalAddr().(*net.UDPAddr).Port
	for _, addr := range []net.Addr{
		&net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port},
		&net.UDPAddr{IP: net.IPv6loopback, Port: port},
		&net.UDPAddr{IP: net.IPv4zero, Port: port},
		&net.UDPAddr{Port: port}, // the net package would send it to loopback
		&net.UDPAddr{IP: net.IPv4(8, 8, 8, 8)},
	} {
		var forbidden *ForbiddenError
		if n, err := strict.WriteTo([]byte("x"), addr); !errors.As(err, &forbidden) || n != 0 {
			t.Errorf("WriteTo(%v) = %d, %v, want a ForbiddenError", addr, n, err)
		}
	}
	for _, addr := range []net.Addr{nil, (*net.UDPAddr)(nil), &net.TCPAddr{IP: net.IPv4(8, 8, 8, 8), Port: 1}} {
		if _, err := strict.WriteTo([]byte("x"), addr); err == nil {
			t.Errorf("WriteTo(%v) sends", addr)
		}
	}
	if err := strict.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if n, _, err := strict.ReadFromUDPAddrPort(make([]byte, 8)); err == nil {
		t.Errorf("%d bytes arrived", n)
	}
}

func listenPacket(t *testing.T, g *Guard) *PacketConn {
	t.Helper()
	pc, err := g.ListenPacket(t.Context(), "udp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	return pc.(*PacketConn)
}
