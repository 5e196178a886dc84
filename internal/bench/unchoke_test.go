package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// transmissionTick is how often Transmission 3.00 decides whom it unchokes
// (RECHOKE_PERIOD_MSEC in libtransmission/peer-mgr.c).
const transmissionTick = 10 * time.Second

// BenchmarkUnchoke asks a gateway that knows nothing for the first piece, where
// every peer is a Transmission: the first byte waits for the tick of one of them.
// Each request comes at a random time between two ticks.
func BenchmarkUnchoke(b *testing.B) {
	const runs = 15
	for _, seeds := range []int{1, 8} {
		b.Run(fmt.Sprintf("seeds=%d", seeds), func(b *testing.B) {
			p := clients.MakePayload(b, clients.Spec{Name: "film.bin", Seed: 6, PieceLength: 256 << 10, Size: 4 << 20})
			draw := rand.New(rand.NewPCG(1, 1))
			chance := func() time.Duration { return time.Duration(draw.Int64N(int64(transmissionTick))) }
			var peers []string
			for range seeds {
				time.Sleep(chance() / 4) // daemons that start together would tick together
				seed := clients.StartTransmission(b)
				seed.Seed(p)
				peers = append(peers, seed.Addr())
			}
			sum := p.SHA256(&p.Info.Files[0], 0, p.Info.PieceLength)
			var firsts []time.Duration
			for b.Loop() {
				for range runs {
					time.Sleep(chance())
					g := startGateway(b)
					first, _ := g.get(g.url(p, peers...), fmt.Sprintf("0-%d", p.Info.PieceLength-1), sum)
					firsts = append(firsts, first)
					g.stop()
				}
			}
			slices.Sort(firsts)
			b.ReportMetric(firsts[len(firsts)/2].Seconds(), "s-first-byte-p50")
			b.ReportMetric(firsts[len(firsts)*9/10].Seconds(), "s-first-byte-p90")
			b.ReportMetric(firsts[0].Seconds(), "s-first-byte-min")
			b.ReportMetric(0, "ns/op")
		})
	}
}
