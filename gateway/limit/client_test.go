package limit

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestClientPrefix(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.4:55": "192.0.2.4/32", "[2001:db8:1:2ff::1]:55": "2001:db8:1:200::/56", "[::ffff:192.0.2.4]:1": "192.0.2.4/32",
		"192.0.2.4": "192.0.2.4/32", "[fe80::1%eth0]:9": "fe80::/56",
	} {
		if got := PrefixOf(AddrOf(remote)); got != netip.MustParsePrefix(want) {
			t.Errorf("%q: %v", remote, got)
		}
	}
	if got := PrefixOf(AddrOf("@")); got != Unknown || !got.IsValid() {
		t.Errorf("a socket without an address counts for %v", got)
	}
}

// Whatever a proxy writes, its request counts for somebody.
func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{"", "unknown", `for="[::1]:80"`, "1.2.3.4, [::1", ";;for=,=", "[::ffff:1.2.3.4%x]:1"} {
		f.Add(seed)
	}
	p, err := NewProxies([]string{"127.0.0.1"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, forwarded string) {
		got := p.Client(&http.Request{RemoteAddr: "127.0.0.1:1", Header: http.Header{"X-Forwarded-For": {forwarded}}})
		last := hopAddr(forwarded[strings.LastIndexByte(forwarded, ',')+1:])
		if !got.Prefix.IsValid() || got.Local && !last.IsLoopback() {
			t.Fatalf("%q counts for %v", forwarded, got)
		}
	})
}
