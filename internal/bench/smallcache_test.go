package bench

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkSmallCache has 20 readers read four files of 1 GiB at once, whole, through a cache
// of 64 MiB. The five readers of a file begin a fifth of it apart, so that hardly any
// can use what another one fetched: fetched/served is 1 where nothing is fetched in vain. It
// fails where a byte is wrong or a reader stands still for 30 s.
func BenchmarkSmallCache(b *testing.B) {
	const files, starts, size, part = 4, 5, 1 << 30, 1 << 30 / 5
	seeder := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	var all []*clients.Payload
	var sums [files][starts]string
	for i := range files {
		p := clients.MakePayload(b, clients.Spec{Name: fmt.Sprintf("large %d.bin", i), Seed: uint64(60 + i), PieceLength: piece, Size: size})
		seeder.Seed(p, true)
		for k := range starts {
			off, n := partOf(k, part, size, starts)
			sums[i][k] = p.SHA256(&p.Info.Files[0], off, n)
		}
		all = append(all, p)
	}
	var served, fetched, cpu, rss, seconds float64
	for b.Loop() {
		g := startGateway(b, "--cache-size", "64MiB")
		idle, start := g.cpu(), time.Now()
		var reading sync.WaitGroup
		for i, p := range all {
			for first := range starts {
				reading.Go(func() {
					client := clientFrom(i*starts + first)
					for k := range starts {
						k = (first + k) % starts
						off, n := partOf(k, part, size, starts)
						if err := readSpan(client, g.url(p, seeder.Addr()), off, n, sums[i][k]); err != nil {
							b.Errorf("reader %d of %s: %v", first, p.Info.Name, err)
							return
						}
					}
				})
			}
		}
		reading.Wait()
		seconds += time.Since(start).Seconds()
		cpu += (g.cpu() - idle).Seconds()
		rss = max(rss, g.peak())
		for _, p := range all {
			fetched += g.downloaded(p)
		}
		served += files * starts * size
		g.stop()
	}
	b.ReportMetric(fetched/served, "fetched/served")
	b.ReportMetric(served/1e6/seconds, "MB/s")
	b.ReportMetric(cpu/(served/1e9), "CPU-s/GB")
	b.ReportMetric(rss/(1<<20), "MiB-RSS")
	b.ReportMetric(0, "ns/op")
}

// partOf is the k-th part of a file; the last one has what is left.
func partOf(k int, part, size int64, parts int) (off, n int64) {
	off = int64(k) * part
	if k == parts-1 {
		return off, size - off
	}
	return off, part
}

// readSpan reads n bytes from off on and compares their SHA-256. It gives up where nothing comes for 30 s.
func readSpan(client *http.Client, url string, off, n int64, sum string) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	stands := time.AfterFunc(30*time.Second, func() { cancel(errors.New("nothing came for 30 s")) })
	defer stands.Stop()
	body, err := open(ctx, client, url, fmt.Sprintf("%d-%d", off, off+n-1))
	if err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	defer body.Close()
	hash, buf := sha256.New(), make([]byte, 256<<10)
	for left := n; left > 0; {
		got, err := body.Read(buf)
		hash.Write(buf[:got])
		left -= int64(got)
		stands.Reset(30 * time.Second)
		if err != nil && left > 0 {
			return fmt.Errorf("%d bytes before the end: %w", left, cmp.Or(context.Cause(ctx), err))
		}
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return fmt.Errorf("the bytes are wrong: %s, not %s", got, sum)
	}
	return nil
}
