package netguard

import (
	"errors"
	"net/netip"
	"testing"

	"code.dny.dev/ssrf"
	"pgregory.net/rapid"
)

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
	if got, want := strict.Refused(), int64(len(always)+len(local)); got != want {
		t.Errorf("%d refusals are counted, want %d", got, want)
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
