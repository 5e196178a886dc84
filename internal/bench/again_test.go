package bench

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/internal/cputime"
)

// BenchmarkAgain reads 1 GiB that nobody has cached, and at once the same twice more: as a whole, and
// from another gateway as random ranges of 64 KiB on 64 connections. How near the first of the two
// comes to the second tells how much of what was just downloaded is in memory. What btgw reads from the
// disk meanwhile, and what its client takes, tell what the rest is.
func BenchmarkAgain(b *testing.B) {
	const size = 1 << 30
	p := clients.MakePayload(b, clients.Spec{Name: "again.bin", Seed: 1, PieceLength: piece, Size: size})
	var peers []string
	for range 2 {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		peers = append(peers, l.Addr())
	}
	sum := p.SHA256(&p.Info.Files[0], 0, size)
	for _, tt := range []struct {
		name, unit string
		again      func(b *testing.B, url string) (rate float64)
	}{
		{"stream", "MB/s", func(b *testing.B, url string) float64 {
			_, all := (&gateway{b: b}).get(url, "", "")
			return size / 1e6 / all.Seconds()
		}},
		{"ranges", "requests/s", func(b *testing.B, url string) float64 {
			r := wrk(b, url)
			return r.requests / r.took.Seconds()
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			var cold, coldCPU float64
			var rates, cpus, clientCPUs, disk [2]float64
			for b.Loop() {
				g := startGateway(b, "--client-requests", "1000000")
				before := g.cpu()
				_, all := g.get(g.url(p, peers...), "", "")
				cold += size / 1e6 / all.Seconds()
				coldCPU += (g.cpu() - before).Seconds() / (size / 1e9)
				for i := range rates {
					before, client, read, start := g.cpu(), cputime.Used(), g.diskRead(), time.Now()
					rates[i] += tt.again(b, g.url(p))
					cpus[i] += (g.cpu() - before).Seconds() / time.Since(start).Seconds()
					clientCPUs[i] += (cputime.Used() - client).Seconds()
					disk[i] += float64(g.diskRead()-read) / 1e6
				}
				g.get(g.url(p), "", sum)
				g.stop()
			}
			n := float64(b.N)
			b.ReportMetric(cold/n, "cold-MB/s")
			b.ReportMetric(coldCPU/n, "cold-CPU-s/GB")
			b.ReportMetric(rates[0]/n, "first-"+tt.unit)
			b.ReportMetric(rates[1]/n, "second-"+tt.unit)
			b.ReportMetric(rates[0]/rates[1], "first-of-second")
			b.ReportMetric(cpus[0]/n, "first-CPUs")
			b.ReportMetric(cpus[1]/n, "second-CPUs")
			b.ReportMetric(disk[0]/n, "first-disk-MB")
			b.ReportMetric(disk[1]/n, "second-disk-MB")
			if tt.name == "stream" { // whose client is this process
				b.ReportMetric(clientCPUs[0]/n, "first-client-s")
				b.ReportMetric(clientCPUs[1]/n, "second-client-s")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// diskRead is how many bytes the process has had read from disks.
func (g *gateway) diskRead() (n int64) {
	g.b.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(g.cmd.Process.Pid) + "/io")
	if err != nil {
		g.b.Fatal(err)
	}
	_, line, ok := bytes.Cut(text, []byte("\nread_bytes:"))
	if _, err := fmt.Sscan(string(line), &n); !ok || err != nil {
		g.b.Fatalf("/proc says %q", text)
	}
	return n
}
