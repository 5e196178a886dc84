package book

import (
	"net/netip"
	"testing"
)

func TestNetworks(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.255", true},
		{"192.0.2.1", "::ffff:192.0.2.7", true},
		{"192.0.2.1", "192.0.3.1", false},
		{"2001:db8:1::1", "2001:db8:1:ffff::1", true},
		{"2001:db8:1::1", "2001:db8:2::1", false},
		{"192.0.2.1", "2001:db8::1", false},
	} {
		a, b := Subnet(netip.MustParseAddr(tt.a)), Subnet(netip.MustParseAddr(tt.b))
		if !a.IsValid() || !b.IsValid() || (a == b) != tt.same {
			t.Errorf("%s is of %v, %s of %v", tt.a, a, tt.b, b)
		}
	}
	p := NewQuota(0, 1)
	for _, a := range []string{"127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "fd00::1", "fe80::1", "169.254.1.1", "::ffff:127.0.0.1"} {
		addr := netip.MustParseAddr(a)
		for range 1000 {
			p.Take(addr)
		}
		if p.Full(addr) {
			t.Errorf("%s has a limit", a)
		}
		p.Leave(addr)
	}
	if a := netip.MustParseAddr("192.0.2.1"); p.Full(a) {
		t.Error("full without any")
	} else if p.Take(a); !p.Full(netip.MustParseAddr("192.0.2.2")) || p.Full(netip.MustParseAddr("192.0.3.1")) {
		t.Error("not full with one of one, or full for another network")
	} else if p.Leave(a); p.Full(a) || len(p.taken) != 0 {
		t.Errorf("%v left", p.taken)
	}
}

// The book keeps its share of one network's addresses: one more of it takes the
// place of one that failed, or was less trusted, and of no other network's.
func TestNetworksOfTheBook(t *testing.T) {
	b := New(new(Room))
	near := func(n int) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{99, 9, 9, 9}), uint16(n+1))
	}
	far := netip.MustParseAddrPort("12.0.0.1:1")
	failed := b.Add(epoch, SourceDHT, far)
	failed.failures = 5
	for i := range 2 * maxKnown {
		b.Add(epoch, SourcePEX, near(i))
	}
	const most = maxKnown / SubnetShare
	if len(b.order) != most+1 || b.byAddr[near(most-1)] == nil || b.byAddr[near(most)] != nil {
		t.Fatalf("%d addresses, or not the first", len(b.order))
	}
	b.byAddr[near(7)].failures = 1
	if b.Add(epoch, SourcePEX, near(most)) == nil || b.byAddr[near(7)] != nil {
		t.Error("one that failed keeps its place")
	}
	if b.Add(epoch, SourceTracker, near(most+1)) == nil || b.Add(epoch, SourceDHT, near(most+2)) != nil {
		t.Error("trust does not decide")
	}
	if len(b.order) != most+1 || b.byAddr[far] != failed {
		t.Errorf("%d addresses, or another network's went", len(b.order))
	}
	for i := range maxKnown {
		b.Add(epoch, SourceTracker, addrN(i+1)) // private: no limit of its own
	}
	if len(b.order) != maxKnown {
		t.Errorf("%d addresses", len(b.order))
	}
}
