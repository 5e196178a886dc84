package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkManyFiles has 16 clients of one address read 2,000 files of 20 KiB out of the
// four seeders of the latency figures, 8 MB/s in all: in the order of the torrent, as who
// mirrors it or reads the chunks of an array does; and in a random one.
func BenchmarkManyFiles(b *testing.B) {
	const files, size = 2000, 20 << 10
	spec := clients.Spec{Name: "chunks", Seed: 5, PieceLength: 256 << 10}
	for i := range files {
		spec.Files = append(spec.Files, clients.FileSpec{Path: []string{fmt.Sprintf("%04d.bin", i)}, Size: size})
	}
	p := clients.MakePayload(b, spec)
	peers := delayedSeeders(b, p, seedRate)
	order := make([]int, files)
	for i := range order {
		order[i] = i
	}
	b.Run("in-order", func(b *testing.B) { readFiles(b, p, peers, order) })
	b.Run("random", func(b *testing.B) {
		readFiles(b, p, peers, rand.New(rand.NewPCG(1, 2)).Perm(files))
	})
}

// readFiles reads the files of a payload in an order, each as soon as one of the clients is
// free for it.
func readFiles(b *testing.B, p *clients.Payload, peers []string, order []int) {
	const atOnce = 16
	var rate, cpu, waste float64
	for b.Loop() {
		g := startGateway(b)
		idle := g.cpu()
		next := make(chan int)
		var readers sync.WaitGroup
		start := time.Now()
		for range atOnce {
			readers.Go(func() {
				client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
				defer client.CloseIdleConnections()
				for i := range next {
					f := &p.Info.Files[i]
					got, err := sumOf(client, g.fileURL(p, p.Info.Path(f), peers...))
					if want := p.SHA256(f, 0, f.Length); err != nil || got != want {
						b.Errorf("%v: %s, want %s, %v", p.Info.Path(f), got, want, err)
					}
				}
			})
		}
		total := 0.0
		for _, i := range order {
			next <- i
			total += float64(p.Info.Files[i].Length)
		}
		close(next)
		readers.Wait()
		rate += total / 1e6 / time.Since(start).Seconds()
		cpu += (g.cpu() - idle).Seconds() / (total / 1e9)
		waste += g.downloaded(p) / total
		g.stop()
	}
	n := float64(b.N)
	b.ReportMetric(rate/n, "MB/s")
	b.ReportMetric(cpu/n, "CPU-s/GB")
	b.ReportMetric(waste/n, "fetched/served")
	b.ReportMetric(0, "ns/op")
}

// sumOf is the SHA-256 of what is at a URL.
func sumOf(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, resp.Body); err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %s", resp.Status)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// fileURL is a file of a torrent of many, with peers.
func (g *gateway) fileURL(p *clients.Payload, path []string, peers ...string) string {
	return "http://" + g.http + p.Hash.Path() + "/" + p.Info.Name + "/" + strings.Join(path, "/") + "?x.pe=" + strings.Join(peers, "&x.pe=")
}
