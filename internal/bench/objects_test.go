package bench

import (
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkObjectStore reads half a gibibyte by a gateway that has nothing from a store that has
// all of it, without a peer, and from a swarm of one peer without a store.
func BenchmarkObjectStore(b *testing.B) {
	const size = 512 << 20
	p := clients.MakePayload(b, clients.Spec{Name: "objects.bin", Seed: 21, PieceLength: piece, Size: size})
	sum := p.SHA256(&p.Info.Files[0], 0, size)
	seeder := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	seeder.Seed(p, true)
	store := clients.StartVersity(b)
	for _, v := range store.Env() {
		name, value, _ := strings.Cut(v, "=")
		b.Setenv(name, value)
	}
	flag := "--object-store=" + store.URL()
	g := startGateway(b, flag)
	for range 2 {
		g.get(g.url(p, seeder.Addr()), "", sum)
	}
	for end := time.Now().Add(time.Minute); store.Size(b) < size; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			b.Fatalf("the store has %d bytes of %d", store.Size(b), size)
		}
	}
	g.stop()
	read := func(url func(g *gateway) string, flags ...string) (rate, cpu float64, first time.Duration) {
		g := startGateway(b, flags...)
		idle := g.cpu()
		first, all := g.get(url(g), "", "")
		cpu = (g.cpu() - idle).Seconds() / (size / 1e9)
		g.get(url(g), "", sum) // from the cache, to see that it was right
		g.stop()
		return size / 1e6 / all.Seconds(), cpu, first
	}
	var rate, cpu, swarmRate, swarmCPU float64
	var first time.Duration
	for b.Loop() {
		r, c, f := read(func(g *gateway) string { return g.url(p) }, flag)
		rate, cpu, first = rate+r, cpu+c, first+f
		r, c, _ = read(func(g *gateway) string { return g.url(p, seeder.Addr()) })
		swarmRate, swarmCPU = swarmRate+r, swarmCPU+c
	}
	n := float64(b.N)
	b.ReportMetric(rate/n, "MB/s")
	b.ReportMetric(cpu/n, "CPU-s/GB")
	b.ReportMetric(first.Seconds()*1e3/n, "first-ms")
	b.ReportMetric(swarmRate/n, "swarm-MB/s")
	b.ReportMetric(swarmCPU/n, "swarm-CPU-s/GB")
	b.ReportMetric(cpu/swarmCPU, "CPU-of-swarm")
	b.ReportMetric(0, "ns/op")
}
