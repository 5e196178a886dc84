package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// A fleet is gateways that are linked.
type fleet struct {
	b      *testing.B
	secret string
	list   string
	gates  []*gateway
}

func newFleet(b *testing.B) *fleet {
	f := &fleet{b: b, secret: filepath.Join(b.TempDir(), "secret"), list: "127.0.0.1:1"} // nobody is there
	if err := os.WriteFile(f.secret, []byte("what the fleet knows\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	return f
}

// join starts one more.
func (f *fleet) join() *gateway {
	f.b.Helper()
	g := startGateway(f.b, "--siblings="+f.list, "--sibling-secret-file="+f.secret)
	f.list += "," + g.peers
	f.gates = append(f.gates, g)
	for _, g := range f.gates {
		for end := time.Now().Add(time.Minute); g.siblings() != len(f.gates)-1; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				f.b.Fatalf("a gateway has %d siblings", g.siblings())
			}
		}
	}
	return g
}

// stop ends all of them.
func (f *fleet) stop() {
	for _, g := range f.gates {
		g.stop()
	}
}

// siblings is how many gateways it is linked with.
func (g *gateway) siblings() (n int) {
	resp, err := http.Get("http://" + g.admin + "/metrics")
	if err != nil {
		g.b.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		g.b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "btgw_fleet_siblings") {
			fmt.Sscan(line[strings.LastIndexByte(line, ' ')+1:], &n)
		}
	}
	return n
}

// outside is what the gateway received from others than its siblings, in bytes.
func (g *gateway) outside(p *clients.Payload) int64 {
	st := g.status(p)
	return st.Downloaded - st.Swarm.FromSiblings
}

// BenchmarkFleet has 1,000 readers of one file of a gibibyte at three gateways of a fleet. Each
// reads 4 MiB, of another place; together they read all of it four times.
func BenchmarkFleet(b *testing.B) {
	const (
		size    = 1 << 30
		readers = 1000
		length  = 4 << 20
	)
	p := clients.MakePayload(b, clients.Spec{Name: "fleet.bin", Seed: 22, PieceLength: piece, Size: size})
	var seeders []string
	for range 2 {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		seeders = append(seeders, l.Addr())
	}
	at := func(i int) int64 { return int64(i) * (size - length) / (readers - 1) }
	sums := make([]string, readers)
	for i := range sums {
		sums[i] = p.SHA256(&p.Info.Files[0], at(i), length)
	}
	var outside, rate float64
	for b.Loop() {
		f := newFleet(b)
		for range 3 {
			f.join()
		}
		start := time.Now()
		var reading sync.WaitGroup
		for i := range readers {
			reading.Go(func() {
				url := f.gates[i%len(f.gates)].url(p, seeders...)
				if got, err := read(clientFrom(i), url, at(i), length); err != nil || got != sums[i] {
					b.Errorf("reader %d: the bytes are %s, not %s: %v", i, got, sums[i], err)
				}
			})
		}
		reading.Wait()
		rate += readers * length / 1e6 / time.Since(start).Seconds()
		for _, g := range f.gates {
			outside += float64(g.outside(p))
		}
		f.stop()
	}
	n := float64(b.N)
	b.ReportMetric(outside/n/size, "outside/size")
	b.ReportMetric(rate/n, "MB/s")
	b.ReportMetric(0, "ns/op")
}

// read returns the SHA-256 of a range.
func read(c *http.Client, url string, off, n int64) (sum string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", off, off+n-1))
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusPartialContent {
		return "", fmt.Errorf("status %s", resp.Status)
	}
	h := sha256.New()
	_, err = io.Copy(h, resp.Body)
	return hex.EncodeToString(h.Sum(nil)), err
}

// BenchmarkSibling reads half a gibibyte by a gateway that has nothing from a sibling that has
// all of it, and from a swarm of one peer: what a byte costs the gateway that reads, and how
// soon the first byte of a piece comes that the sibling has.
func BenchmarkSibling(b *testing.B) {
	const size = 512 << 20
	p := clients.MakePayload(b, clients.Spec{Name: "sibling.bin", Seed: 23, PieceLength: piece, Size: size})
	sum := p.SHA256(&p.Info.Files[0], 0, size)
	var cpu, given, swarmCPU float64
	var first, best time.Duration
	for b.Loop() {
		seeder := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		seeder.Seed(p, true)
		fleet := newFleet(b)
		has := fleet.join()
		has.get(has.url(p, seeder.Addr()), "", sum)
		seeder.Kill() // the first would tell the second of it
		reads := fleet.join()
		reads.get(reads.url(p), "0-0", "")
		best = time.Hour
		for i := range 20 {
			at := int64(i+1) * (size / 32)
			took, _ := reads.get(reads.url(p), fmt.Sprintf("%d-%d", at, at), "")
			first += took / 20
			best = min(best, took)
		}
		idle, gave := reads.cpu(), has.cpu()
		reads.get(reads.url(p), "", "")
		cpu += (reads.cpu() - idle).Seconds() / (size / 1e9)
		given += (has.cpu() - gave).Seconds() / (size / 1e9)
		reads.get(reads.url(p), "", sum) // from the cache, to see that it was right
		if n := reads.outside(p); n != 0 {
			b.Errorf("%d bytes came from outside", n)
		}
		fleet.stop()
		seeder = clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		seeder.Seed(p, true)
		g := startGateway(b)
		g.get(g.url(p, seeder.Addr()), "0-0", "")
		for i := range 20 {
			at := int64(i+1) * (size / 32)
			g.get(g.url(p, seeder.Addr()), fmt.Sprintf("%d-%d", at, at), "")
		}
		idle = g.cpu()
		g.get(g.url(p, seeder.Addr()), "", "")
		swarmCPU += (g.cpu() - idle).Seconds() / (size / 1e9)
		g.stop()
	}
	n := float64(b.N)
	b.ReportMetric(first.Seconds()*1e3/n, "first-ms")
	b.ReportMetric(best.Seconds()*1e3, "best-first-ms")
	b.ReportMetric(cpu/n, "CPU-s/GB")
	b.ReportMetric(given/n, "CPU-s/GB-of-the-giver")
	b.ReportMetric(swarmCPU/n, "swarm-CPU-s/GB")
	b.ReportMetric(cpu/swarmCPU, "CPU-of-swarm")
	b.ReportMetric(0, "ns/op")
}
