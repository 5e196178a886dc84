package bench

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkThousandReaders has 1,000 clients, each with an address of its own,
// read 1,000 different MiB of 1 GiB at once, with the default --memory 256MiB.
// In "paused" every client stops for 15 s after 64 KiB: what the gateway keeps
// for clients that take nothing has to stay bounded too.
func BenchmarkThousandReaders(b *testing.B) {
	b.Run("steady", func(b *testing.B) { thousandReaders(b, 0) })
	b.Run("paused", func(b *testing.B) { thousandReaders(b, 15*time.Second) })
}

func thousandReaders(b *testing.B, pause time.Duration) {
	const (
		readers = 1000
		size    = 1 << 30
	)
	p := clients.MakePayload(b, clients.Spec{Name: "archive.bin", Seed: 4, PieceLength: piece, Size: size})
	var peers []string
	for range 2 {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		peers = append(peers, l.Addr())
	}
	sums := make([]string, readers)
	for i := range sums {
		sums[i] = p.SHA256(&p.Info.Files[0], int64(i)*piece, piece)
	}
	var firsts []time.Duration
	var failures int
	var rss, rate, cpu float64
	for b.Loop() {
		g := startGateway(b)
		idle, start := g.cpu(), time.Now()
		var mu sync.Mutex // of what the readers tell
		var reading sync.WaitGroup
		for i := range readers {
			reading.Go(func() {
				span := fmt.Sprintf("%d-%d", i*piece, (i+1)*piece-1)
				first, err := readPart(context.Background(), clientFrom(i), g.url(p, peers...), span, sums[i], pause)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					firsts = append(firsts, first)
					return
				}
				if failures++; failures <= 3 {
					b.Logf("reader %d: %v", i, err)
				}
			})
		}
		reading.Wait()
		rate += readers * piece / 1e6 / (time.Since(start) - pause).Seconds()
		cpu += (g.cpu() - idle).Seconds()
		rss = max(rss, g.peak())
		g.stop()
	}
	n := float64(b.N)
	b.ReportMetric(float64(failures)/n, "failures")
	b.ReportMetric(rss/(1<<20), "MiB-RSS")
	b.ReportMetric(rss/(406<<20), "of-RSS-bound")
	b.ReportMetric(quantile(firsts, 0.5), "ms-p50")
	b.ReportMetric(quantile(firsts, 0.99), "ms-p99")
	b.ReportMetric(quantile(firsts, 1), "ms-max")
	b.ReportMetric(rate/n, "MB/s")
	b.ReportMetric(cpu/n/(readers*piece/1e9), "CPU-s/GB")
	b.ReportMetric(0, "ns/op")
}
