package book

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestGoodPeersAreBounded(t *testing.T) {
	g, err := OpenRemembered("")
	if err != nil {
		t.Fatal(err)
	}
	hash := [20]byte{1}
	for i := range 2 * maxPeersOfOne {
		g.Add(hash, []*Entry{{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{11, 0, 0, byte(i)}), 1)}, {Name: "example.org:1"}})
	}
	addrs := g.Of(hash)
	if len(addrs) != maxPeersOfOne || addrs[0].Addr() != netip.AddrFrom4([4]byte{11, 0, 0, 2*maxPeersOfOne - 1}) {
		t.Errorf("%d addresses, the first one %v", len(addrs), addrs[0])
	}
	for i := range 2 * maxRemembered {
		g.Add([20]byte{2, byte(i), byte(i >> 8)}, []*Entry{{Addr: addrs[0]}})
	}
	if n := g.byHash.Len(); n != maxRemembered {
		t.Errorf("%d torrents are remembered", n)
	}
}

// A file that somebody else wrote gives what is right of it.
func TestGoodPeersFile(t *testing.T) {
	hash := strings.Repeat("ab", 20)
	file := filepath.Join(t.TempDir(), "peers")
	lines := []string{
		"", "nonsense", strings.Repeat("zz", 20) + " 1.2.3.4:5", hash,
		hash + " 1.2.3.4:5 nonsense 0.0.0.0:1 1.2.3.4:0 [2001:db8::1]:6881",
		strings.Repeat("cd", 20) + strings.Repeat(" 1.1.1.1:1", 3*maxPeersOfOne),
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := OpenRemembered(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []netip.AddrPort{netip.MustParseAddrPort("1.2.3.4:5"), netip.MustParseAddrPort("[2001:db8::1]:6881")}
	if got := g.Of([20]byte(bytes.Repeat([]byte{0xab}, 20))); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if n := len(g.Of([20]byte(bytes.Repeat([]byte{0xcd}, 20)))); n != maxPeersOfOne || g.byHash.Len() != 2 {
		t.Errorf("%d addresses, %d torrents", n, g.byHash.Len())
	}
	if err := g.Save(); err != nil {
		t.Fatal(err)
	}
	again, err := OpenRemembered(file)
	if err != nil || fmt.Sprint(again.byHash.Keys()) != fmt.Sprint(g.byHash.Keys()) {
		t.Errorf("%v, %v", again.byHash.Keys(), err)
	}
}
