package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkSeeksBesideAStream seeks 20 times, at places that nobody has read,
// beside a film that plays at 1 MB/s out of the 8 MB/s that four seeders at 50 ms
// give. Every other seek is open-ended and closed after its first MiB, as a
// browser's. The floor is that of BenchmarkSeek.
func BenchmarkSeeksBesideAStream(b *testing.B) {
	const (
		seeks  = 20
		behind = 64 << 20 // what the film is ahead of all seeks
		apart  = 9 << 20
		pause  = 300 * time.Millisecond // between a seek's end and the next
	)
	p, peers := delayedOf(b, behind+seeks*apart)
	floor := delay.Seconds() + piece/float64(seeders*seedRate)
	rng := rand.New(rand.NewPCG(1, 2))
	var times []time.Duration
	var failures, stalls int
	for b.Loop() {
		g := startGateway(b)
		ctx, cancel := context.WithCancel(context.Background())
		film := newPlayer(&http.Client{})
		var playing sync.WaitGroup
		playing.Go(func() { film.play(ctx, g.url(p, peers...), 0, behind) })
		select {
		case <-film.began:
		case <-time.After(20 * time.Second):
			b.Fatal("the film does not begin")
		}
		for i, slot := range rng.Perm(seeks) {
			off := behind + int64(slot)*apart + rng.Int64N(piece)
			span := fmt.Sprintf("%d-%d", off, off+piece-1)
			if i%2 > 0 {
				span = fmt.Sprintf("%d-", off)
			}
			first, err := readPart(ctx, &http.Client{}, g.url(p, peers...), span, p.SHA256(&p.Info.Files[0], off, piece), 0)
			if err != nil {
				b.Logf("seek to %s: %v", span, err)
				failures++
				continue
			}
			times = append(times, first)
			time.Sleep(pause)
		}
		cancel()
		playing.Wait()
		if film.err != nil {
			b.Logf("the film: %v", film.err)
			failures++
		}
		stalls += film.stalls
		g.stop()
	}
	p90 := quantile(times, 0.9)
	b.ReportMetric(quantile(times, 0.5), "ms-p50")
	b.ReportMetric(p90, "ms-p90")
	b.ReportMetric(quantile(times, 1), "ms-max")
	b.ReportMetric(p90/1000/floor, "p90-of-floor")
	b.ReportMetric(float64(failures)/float64(b.N), "failures")
	b.ReportMetric(float64(stalls)/float64(b.N), "stalls")
	b.ReportMetric(0, "ns/op")
}

// readPart reads the first MiB of a range, all of which has to have the given
// SHA-256, and then closes. Where pause is more than 0 it stops for as long after
// 64 KiB.
func readPart(ctx context.Context, client *http.Client, url, span, sum string, pause time.Duration) (first time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	start := time.Now()
	body, err := open(ctx, client, url, span)
	if err != nil {
		return 0, err
	}
	defer body.Close()
	hash := sha256.New()
	if _, err := io.CopyN(hash, body, 1); err != nil {
		return 0, err
	}
	first = time.Since(start)
	left := int64(piece - 1)
	if pause > 0 {
		n, err := io.CopyN(hash, body, 64<<10)
		if err != nil {
			return first, err
		}
		left -= n
		time.Sleep(pause)
	}
	if _, err := io.CopyN(hash, body, left); err != nil {
		return first, err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return 0, fmt.Errorf("the bytes are wrong: %s, not %s", got, sum)
	}
	return first, nil
}

// BenchmarkFiftyStreams plays 50 films at 1 MB/s for 20 s, each from another
// place and address, out of four seeders that give some 60 MB/s in all: evenly, each
// through a proxy with a rate; and in bursts, as libtorrent's own limiter has them of
// what is 70 MB/s by its settings. What a libtorrent client gets in the same run is
// reported too. The pieces at both ends of a film make some 55 MB/s of its 50.
func BenchmarkFiftyStreams(b *testing.B) {
	p := clients.MakePayload(b, clients.Spec{Name: "films.bin", Seed: 3, PieceLength: piece, Size: 1 << 30})
	b.Run("even", func(b *testing.B) {
		fiftyStreams(b, p, func() string {
			l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
			l.Seed(p, true)
			return clients.DelayProxy(b, l.Addr(), clients.ProxyOptions{Rate: 60_000_000 / seeders})
		})
	})
	b.Run("bursts", func(b *testing.B) {
		fiftyStreams(b, p, func() string {
			l := clients.StartLibtorrent(b, clients.LibtorrentOptions{UploadRate: 70_000_000 / seeders})
			l.Seed(p, true)
			return l.Addr()
		})
	})
}

// fiftyStreams plays the films out of seeders that seeder starts.
func fiftyStreams(b *testing.B, p *clients.Payload, seeder func() string) {
	const (
		streams = 50
		size    = 1 << 30
		length  = 20 * playRate
	)
	var peers []string
	for range seeders {
		peers = append(peers, seeder())
	}
	var viewing viewing
	var cpu, rss, served, waste, able float64
	for b.Loop() {
		able += seedersGive(b, p, peers)
		g := startGateway(b)
		idle := g.cpu()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		var playing sync.WaitGroup
		players := make([]*player, streams)
		for i := range players {
			players[i] = newPlayer(clientFrom(i))
			playing.Go(func() {
				players[i].play(ctx, g.url(p, peers...), int64(i)*(size/streams), length)
			})
		}
		playing.Wait()
		if ctx.Err() != nil {
			b.Log("not all of it was played within a minute")
			viewing.failures++
		}
		cancel()
		viewing.add(b, players)
		cpu += (g.cpu() - idle).Seconds()
		rss = max(rss, g.peak())
		served += streams * length
		waste += g.downloaded(p) / (streams * length)
		g.stop()
	}
	n := float64(b.N)
	viewing.report(b)
	b.ReportMetric(cpu/(served/1e9), "CPU-s/GB")
	b.ReportMetric(rss/(1<<20), "MiB-RSS")
	b.ReportMetric(waste/n, "fetched/served")
	b.ReportMetric(able/n, "libtorrent-MB/s")
	b.ReportMetric(0, "ns/op")
}

// seedersGive is what a libtorrent client gets from seeders for 5 s, after the
// first, in MB/s.
func seedersGive(b *testing.B, p *clients.Payload, peers []string) float64 {
	l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	defer l.Kill()
	l.Download(p.Torrent, b.TempDir(), peers...)
	time.Sleep(time.Second)
	before, start := l.Stats().Downloaded, time.Now()
	time.Sleep(5 * time.Second)
	return float64(l.Stats().Downloaded-before) / 1e6 / time.Since(start).Seconds()
}
