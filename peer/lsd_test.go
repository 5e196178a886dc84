package peer

import (
	"net/netip"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// Who says on the local network that it has a torrent is a peer of it, unless
// the torrent is private (BEP 27).
func TestFoundLocally(t *testing.T) {
	t.Parallel()
	h := newTestHost(t, HostConfig{Network: loopback{}})
	public, _ := content(t, 100_000, 16<<10)
	private, _ := content(t, 200_000, 16<<10, func(o *metainfo.MakeOptions) { o.Private = true })
	for _, c := range []struct {
		tor  *metainfo.Torrent
		want int
	}{{public, 1}, {private, 0}} {
		s := swarm(t, h, c.tor, leech(c.tor.Info))
		h.foundLocally(c.tor.Info.ID().Wire(), netip.MustParseAddrPort("192.168.1.2:7001"))
		if got := s.Stats().Known; got != c.want {
			t.Errorf("private %v: %d peers known, want %d", c.tor.Info.Private, got, c.want)
		}
	}
	h.foundLocally([20]byte{1}, netip.MustParseAddrPort("192.168.1.2:7001")) // of no torrent of ours
}
