package peer

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Peers that gave us content are reached again after a restart, with nobody to
// ask for them.
func TestGoodPeersAreRememberedOverRestarts(t *testing.T) {
	t.Parallel()
	tor, data := content(t, 1<<20, 256<<10)
	a := newTestHost(t, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	swarm(t, a, tor, seed(tor.Info, data))
	file := filepath.Join(t.TempDir(), "peers")
	for run := range 2 {
		b := newTestHost(t, HostConfig{Network: loopback{}, PeersFile: file})
		down := leech(nil)
		s := swarm(t, b, tor, down)
		if run == 0 {
			s.AddPeers(SourceUser, loopbackAddr(a))
		}
		s.SetWanted(true)
		down.wait(t, time.Minute)
		if !bytes.Equal(down.data, data) {
			t.Fatal("other bytes came than were sent")
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		if err := b.Close(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
	}
	b := newTestHost(t, HostConfig{Network: loopback{}, PeersFile: file})
	b.ForgetPeers(tor.Info.ID().Wire())
	if st := swarm(t, b, tor, leech(nil)).Stats(); st.Known != 0 {
		t.Errorf("%d addresses of a torrent that was to be forgotten", st.Known)
	}
}

func TestGoodPeersAreBounded(t *testing.T) {
	g, err := openGood("")
	if err != nil {
		t.Fatal(err)
	}
	hash := [20]byte{1}
	for i := range 2 * maxGood {
		g.add(hash, []*entry{{addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{11, 0, 0, byte(i)}), 1)}, {name: "example.org:1"}})
	}
	addrs := g.of(hash)
	if len(addrs) != maxGood || addrs[0].Addr() != netip.AddrFrom4([4]byte{11, 0, 0, 2*maxGood - 1}) {
		t.Errorf("%d addresses, the first one %v", len(addrs), addrs[0])
	}
	for i := range 2 * maxRemembered {
		g.add([20]byte{2, byte(i), byte(i >> 8)}, []*entry{{addr: addrs[0]}})
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
		strings.Repeat("cd", 20) + strings.Repeat(" 1.1.1.1:1", 3*maxGood),
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := openGood(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []netip.AddrPort{netip.MustParseAddrPort("1.2.3.4:5"), netip.MustParseAddrPort("[2001:db8::1]:6881")}
	if got := g.of([20]byte(bytes.Repeat([]byte{0xab}, 20))); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if n := len(g.of([20]byte(bytes.Repeat([]byte{0xcd}, 20)))); n != maxGood || g.byHash.Len() != 2 {
		t.Errorf("%d addresses, %d torrents", n, g.byHash.Len())
	}
	if err := g.save(); err != nil {
		t.Fatal(err)
	}
	again, err := openGood(file)
	if err != nil || fmt.Sprint(again.byHash.Keys()) != fmt.Sprint(g.byHash.Keys()) {
		t.Errorf("%v, %v", again.byHash.Keys(), err)
	}
}
