package netguard

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"code.dny.dev/ssrf"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// always is what no policy opens.
var always = map[string]string{
	"0.0.0.0":                "unspecified address",
	"0.255.255.255":          "unspecified address",
	"::":                     "unspecified address",
	"::ffff:0.0.0.0":         "unspecified address",
	"224.0.0.0":              "multicast address",
	"239.192.152.143":        "multicast address",
	"239.255.255.255":        "multicast address",
	"ff02::1":                "multicast address",
	"ff0e::1%eth0":           "multicast address",
	"::ffff:239.1.1.1":       "multicast address",
	"255.255.255.255":        "broadcast address",
	"169.254.169.254":        "cloud metadata service",
	"::ffff:169.254.169.254": "cloud metadata service",
	"169.254.170.2":          "cloud metadata service",
	"169.254.170.23":         "cloud metadata service",
	"fd00:ec2::254":          "cloud metadata service",
	"fd00:ec2::23":           "cloud metadata service",
	"fd20:ce::254":           "cloud metadata service",
	"100.100.100.200":        "cloud metadata service",
	"168.63.129.16":          "cloud metadata service",
	"192.0.0.0":              "not a global unicast address", // IETF protocol assignments
	"192.0.0.192":            "not a global unicast address", // Oracle's metadata service
	"192.0.0.255":            "not a global unicast address",
	"192.0.2.0":              "not a global unicast address", // TEST-NET-1
	"192.0.2.255":            "not a global unicast address",
	"192.31.196.1":           "not a global unicast address", // AS112
	"192.52.193.1":           "not a global unicast address", // AMT
	"192.88.99.1":            "not a global unicast address", // 6to4 relay
	"192.175.48.1":           "not a global unicast address", // AS112
	"198.18.0.0":             "not a global unicast address", // benchmarking
	"198.19.255.255":         "not a global unicast address",
	"198.51.100.7":           "not a global unicast address", // TEST-NET-2
	"203.0.113.7":            "not a global unicast address", // TEST-NET-3
	"240.0.0.0":              "not a global unicast address", // reserved
	"255.255.255.254":        "not a global unicast address",
	"::7f00:1":               "not a global unicast address", // IPv4-compatible loopback
	"::ffff:0:7f00:1":        "not a global unicast address", // IPv4-translated (SIIT)
	"64:ff9b::7f00:1":        "not a global unicast address", // NAT64 of loopback
	"64:ff9b::808:808":       "not a global unicast address", // NAT64 of 8.8.8.8
	"64:ff9b:1::a00:1":       "not a global unicast address", // local-use NAT64
	"100::1":                 "not a global unicast address", // discard
	"2001::1":                "not a global unicast address", // Teredo
	"2001:20::1":             "not a global unicast address", // ORCHIDv2
	"2001:db8::1":            "not a global unicast address", // documentation
	"2002:7f00:1::1":         "not a global unicast address", // 6to4 of loopback
	"2002:808:808::1":        "not a global unicast address", // 6to4 of 8.8.8.8
	"2620:4f:8000::1":        "not a global unicast address", // AS112
	"3fff::1":                "not a global unicast address", // documentation
	"4000::1":                "not a global unicast address", // beyond 2000::/3
	"5f00::1":                "not a global unicast address", // SRv6
	"fec0::1":                "not a global unicast address", // site-local, deprecated
}

// local is what AllowPrivate opens.
var local = map[string]string{
	"127.0.0.0":              "loopback address",
	"127.0.0.1":              "loopback address",
	"127.255.255.255":        "loopback address",
	"::ffff:127.0.0.1":       "loopback address",
	"::1":                    "loopback address",
	"::1%lo":                 "loopback address",
	"10.0.0.0":               "private address",
	"10.255.255.255":         "private address",
	"::ffff:10.1.2.3":        "private address",
	"172.16.0.0":             "private address",
	"172.31.255.255":         "private address",
	"192.168.0.0":            "private address",
	"192.168.255.255":        "private address",
	"fc00::":                 "private address",
	"fdff:ffff:ffff:ffff::1": "private address",
	"100.64.0.0":             "carrier-grade NAT address",
	"100.127.255.255":        "carrier-grade NAT address",
	"169.254.0.0":            "link-local address",
	"169.254.255.255":        "link-local address",
	"fe80::1":                "link-local address",
	"fe80::1%eth0":           "link-local address",
	"febf::1":                "link-local address",
}

// public is what every policy lets through: among others the neighbours of the
// ranges above.
var public = []string{
	"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
	"128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
	"192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "8.8.8.8",
	"::ffff:8.8.8.8", "2000::", "2001:200::1", "2606:4700::1111", "2a00:1450::1", "3ffe::1", "2003::1",
}

func TestCheck(t *testing.T) {
	strict, open := New(Policy{}), New(Policy{AllowPrivate: true})
	for addr, reason := range always {
		wantRefused(t, strict, addr, reason)
		wantRefused(t, open, addr, reason)
	}
	for addr, reason := range local {
		wantRefused(t, strict, addr, reason)
		wantAllowed(t, open, addr)
	}
	for _, addr := range public {
		wantAllowed(t, strict, addr)
		wantAllowed(t, open, addr)
	}
}

func wantRefused(t *testing.T, g *Guard, addr, reason string) {
	t.Helper()
	ap := netip.AddrPortFrom(netip.MustParseAddr(addr), 6881)
	var forbidden *ForbiddenError
	if err := g.Check(ap); !errors.As(err, &forbidden) {
		t.Errorf("Check(%s) = %v, want a ForbiddenError (allow private: %v)", ap, err, g.policy.AllowPrivate)
	} else if forbidden.Reason != reason {
		t.Errorf("Check(%s): reason %q, want %q", ap, forbidden.Reason, reason)
	}
}

func wantAllowed(t *testing.T, g *Guard, addr string) {
	t.Helper()
	if err := g.Check(netip.AddrPortFrom(netip.MustParseAddr(addr), 6881)); err != nil {
		t.Errorf("Check(%s) = %v, want nil (allow private: %v)", addr, err, g.policy.AllowPrivate)
	}
}

func TestCheckPortAndInvalid(t *testing.T) {
	g := New(Policy{AllowPrivate: true})
	for _, ap := range []netip.AddrPort{
		netip.MustParseAddrPort("8.8.8.8:0"),
		netip.MustParseAddrPort("[::1]:0"),
		{},
		netip.AddrPortFrom(netip.Addr{}, 80),
	} {
		var forbidden *ForbiddenError
		if err := g.Check(ap); !errors.As(err, &forbidden) {
			t.Errorf("Check(%v) = %v, want a ForbiddenError", ap, err)
		}
	}
	err := g.Check(netip.MustParseAddrPort("[::ffff:8.8.8.8]:0"))
	if got, want := err.Error(), "8.8.8.8:0 is refused: port 0"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

// TestCheckTables holds every prefix of the library's tables against Check, at
// both of its ends: an update of the library is an update of the policy.
func TestCheckTables(t *testing.T) {
	g := New(Policy{})
	for _, p := range append(ssrf.IPv4DeniedPrefixes, ssrf.IPv6DeniedPrefixes...) {
		for _, addr := range []netip.Addr{p.Masked().Addr(), lastAddr(p)} {
			if g.Check(netip.AddrPortFrom(addr, 80)) == nil {
				t.Errorf("%s of %s is let through", addr, p)
			}
		}
	}
}

func lastAddr(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	addr, _ := netip.AddrFromSlice(b)
	return addr
}

// TestCheckProperties: what the standard library knows to be local is never let
// through by the strict policy, a mapped address is judged as what it maps, and
// AllowPrivate only ever opens.
func TestCheckProperties(t *testing.T) {
	strict, open := New(Policy{}), New(Policy{AllowPrivate: true})
	rapid.Check(t, func(t *rapid.T) {
		var addr netip.Addr
		if rapid.Bool().Draw(t, "v4") {
			addr = netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "addr")))
		} else {
			addr = netip.AddrFrom16([16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "addr")))
		}
		ap := netip.AddrPortFrom(addr, rapid.Uint16().Draw(t, "port"))
		allowed := strict.Check(ap) == nil
		plain := addr.Unmap()
		if allowed && (!plain.IsGlobalUnicast() || plain.IsPrivate() || plain.IsLoopback() || ap.Port() == 0) {
			t.Fatalf("%s is let through", ap)
		}
		if allowed && open.Check(ap) != nil {
			t.Fatalf("AllowPrivate closes %s", ap)
		}
		if addr.Is4() {
			mapped := netip.AddrPortFrom(netip.AddrFrom16(addr.As16()), ap.Port())
			if (strict.Check(mapped) == nil) != allowed {
				t.Fatalf("%s and %s are judged differently", ap, mapped)
			}
		}
	})
}

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
	if _, err := New(Policy{}).DialContext(ctx, "tcp", "8.8.8.8:53"); !errors.Is(err, context.Canceled) && err == nil {
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

func BenchmarkCheck(b *testing.B) {
	g := New(Policy{})
	ap := netip.MustParseAddrPort("[2a00:1450::1]:6881")
	b.ReportAllocs()
	for b.Loop() {
		if g.Check(ap) != nil {
			b.Fatal("refused")
		}
	}
}
