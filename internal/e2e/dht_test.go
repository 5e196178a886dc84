package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestDHT gets a torrent by its bare infohash: no tracker, no peer, nothing but
// a DHT of 30 nodes of libtorrent. The seeder is in it, and so is btgw
// afterwards: a leecher that comes when the seeder is gone finds it there.
func TestDHT(t *testing.T) {
	t.Parallel()
	findsByDHT(t, clients.StartDHT(t, 30), false)
}

// TestDHT6 is TestDHT over IPv6 (BEP 32): everybody is on ::1, and nowhere else.
func TestDHT6(t *testing.T) {
	t.Parallel()
	findsByDHT(t, clients.StartDHT6(t, 30), true)
}

func findsByDHT(t *testing.T, net *clients.DHT, v6 bool) {
	t.Helper()
	p := clients.MakePayload(t, clients.Spec{Name: "found by hash.bin", Seed: 51, Size: 3<<20 + 5, PieceLength: 256 << 10})
	client := clients.LibtorrentOptions{IPv6: v6, Settings: map[string]any{"enable_dht": true}}
	l := clients.StartLibtorrent(t, client)
	l.Seed(p, false)
	l.JoinDHT(net)
	await(t, "libtorrent is announced in the DHT", func() bool { return inDHT(t, net, p.Hash, l.Addr()) })

	args := []string{"--dht-bootstrap=" + strings.Join(net.Addrs()[:3], ",")}
	if v6 {
		args = append(args, "--peer-listen=[::1]:0")
	}
	g := start(t, options{args: args})
	if v6 {
		g.peer = strings.Replace(g.peer, "127.0.0.1", "[::1]", 1)
	}
	f := files(p)[0]
	var got answer
	await(t, "the torrent is found", func() bool { // on a busy machine packets are lost, and a lookup is repeated
		got = g.get(g.urlOf(p, f, ""))
		return got.status == http.StatusOK
	})
	got.is(t, "a bare infohash", http.StatusOK, p.SHA256(f, 0, -1), f.Length)
	t.Logf("first verified byte after %v", got.first)
	await(t, "btgw is announced in the DHT", func() bool { return inDHT(t, net, p.Hash, g.peer) })

	l.Kill()
	dir := t.TempDir()
	leecher := clients.StartLibtorrent(t, client)
	leecher.DownloadMagnet(p.Magnet(), dir)
	leecher.JoinDHT(net)
	ctx, cancel := context.WithTimeout(t.Context(), leechTime)
	defer cancel()
	leecher.WaitFinished(ctx)
	p.CheckCopy(t, dir)
}

// inDHT reports whether any node knows a peer of an infohash.
func inDHT(t *testing.T, net *clients.DHT, ih metainfo.InfoHash, peer string) bool {
	t.Helper()
	for _, node := range net.Addrs() {
		for _, known := range clients.DHTPeers(t, node, ih.Wire()) {
			if known == peer {
				return true
			}
		}
	}
	return false
}
