package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkDHT asks a gateway that has just started for the first piece of a torrent, by
// its bare infohash: no tracker, no peer, nothing but a DHT of 30 nodes of libtorrent, of
// which it is told three. The seeder is a libtorrent too. It is bound to take no more
// than 1.5 s.
func BenchmarkDHT(b *testing.B) {
	const runs = 15
	for _, v6 := range []bool{false, true} {
		name, start := "IPv4", clients.StartDHT
		if v6 {
			name, start = "IPv6", clients.StartDHT6
		}
		b.Run(name, func(b *testing.B) {
			net := start(b, 30)
			p := clients.MakePayload(b, clients.Spec{Name: "film.bin", Seed: 7, PieceLength: 256 << 10, Size: 4 << 20})
			seed := clients.StartLibtorrent(b, clients.LibtorrentOptions{IPv6: v6, Settings: map[string]any{"enable_dht": true}})
			seed.Seed(p, true)
			seed.JoinDHT(net)
			announced := func() bool {
				for _, node := range net.Addrs() {
					if slices.Contains(clients.DHTPeers(b, node, p.Hash.Wire()), seed.Addr()) {
						return true
					}
				}
				return false
			}
			for end := time.Now().Add(20 * time.Second); !announced(); time.Sleep(50 * time.Millisecond) {
				if time.Now().After(end) {
					b.Fatal("libtorrent is not announced in the DHT")
				}
			}
			flags := []string{"--no-dht=false", "--dht-bootstrap=" + strings.Join(net.Addrs()[:3], ",")}
			if v6 {
				flags = append(flags, "--peer-listen=[::1]:0")
			}
			sum := p.SHA256(&p.Info.Files[0], 0, p.Info.PieceLength)
			var firsts []time.Duration
			for b.Loop() {
				for range runs {
					g := startGateway(b, flags...)
					first, _ := g.get(g.url(p), fmt.Sprintf("0-%d", p.Info.PieceLength-1), sum)
					firsts = append(firsts, first)
					g.stop()
				}
			}
			slices.Sort(firsts)
			b.ReportMetric(firsts[len(firsts)/2].Seconds()*1000, "ms-first-byte-p50")
			b.ReportMetric(firsts[len(firsts)-1].Seconds()*1000, "ms-first-byte-max")
			b.ReportMetric(0, "ns/op")
		})
	}
}
