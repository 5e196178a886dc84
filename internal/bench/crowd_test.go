package bench

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// The swarm of many slow seeders: as many libtorrents, each with its own limit.
const (
	crowdSize = 60
	crowdRate = 200_000 // bytes a second of each
)

// crowd starts the seeders of a payload. A gateway connects to all of them.
func crowd(b *testing.B, p *clients.Payload) (peers []string, flags []string) {
	for range crowdSize {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{UploadRate: crowdRate})
		l.Seed(p, true)
		peers = append(peers, l.Addr())
	}
	return peers, []string{"--torrent-connections", strconv.Itoa(2 * crowdSize)}
}

// BenchmarkSlowSeeders reads 1 GiB that nobody has cached from 60 libtorrents of 200 kB/s
// each, 12 MB/s in all. What a libtorrent client gets of the same seeders in the same run is reported
// too: they count the headers of TCP and IP in their limit, so that nobody gets 12 MB/s.
func BenchmarkSlowSeeders(b *testing.B) {
	const size = 1 << 30
	p := clients.MakePayload(b, clients.Spec{Name: "gigabyte.bin", Seed: 1, PieceLength: piece, Size: size})
	peers, flags := crowd(b, p)
	sum := p.SHA256(&p.Info.Files[0], 0, size)
	var cpu, rate, rss, waste, first float64
	for b.Loop() {
		g := startGateway(b, flags...)
		idle := g.cpu()
		began, all := g.get(g.url(p, peers...), "", sum)
		cpu += (g.cpu() - idle).Seconds()
		rate += size / 1e6 / all.Seconds()
		first += began.Seconds() * 1000
		rss = max(rss, g.peak())
		waste += g.downloaded(p) / size
		g.stop()
	}
	n := float64(b.N)
	able := crowdGives(b, p, peers)
	b.ReportMetric(rate/n, "MB/s")
	b.ReportMetric(able, "libtorrent-MB/s")
	b.ReportMetric(rate/n/able, "of-libtorrent")
	b.ReportMetric(cpu/(n*size/1e9), "CPU-s/GB")
	b.ReportMetric(first/n, "ms-first-byte")
	b.ReportMetric(rss/(1<<20), "MiB-RSS")
	b.ReportMetric(waste/n, "fetched/served")
	b.ReportMetric(0, "ns/op")
}

// crowdGives is what a libtorrent client gets that downloads a payload whole, in MB/s.
func crowdGives(b *testing.B, p *clients.Payload, peers []string) float64 {
	l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	defer l.Kill()
	ctx, cancel := context.WithTimeout(b.Context(), 5*time.Minute)
	defer cancel()
	start := time.Now()
	l.Download(p.Torrent, b.TempDir(), peers...)
	l.WaitFinished(ctx)
	return float64(p.Info.Files[0].Length) / 1e6 / time.Since(start).Seconds()
}

// BenchmarkSlowSeedersFiftyPlayers plays 50 films at 200 kB/s for 30 s, each from another
// place of one cold file and from another address, out of the same seeders. All begin at
// once; each begins at a piece, so that its ends cost it a twentieth and no more.
func BenchmarkSlowSeedersFiftyPlayers(b *testing.B) {
	const (
		streams = 50
		size    = 1 << 30
		length  = 30 * crowdRate
		apart   = size / streams / piece * piece
	)
	p := clients.MakePayload(b, clients.Spec{Name: "films.bin", Seed: 3, PieceLength: piece, Size: size})
	peers, flags := crowd(b, p)
	var viewing viewing
	var slowest time.Duration
	var cpu, rss, waste float64
	for b.Loop() {
		g := startGateway(b, flags...)
		idle := g.cpu()
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		var playing sync.WaitGroup
		var mu sync.Mutex
		players := make([]*player, streams)
		start := time.Now()
		for i := range players {
			players[i] = newPlayer(clientFrom(i))
			players[i].rate = crowdRate
			playing.Go(func() { players[i].play(ctx, g.url(p, peers...), int64(i)*apart, length) })
			playing.Go(func() {
				select {
				case <-players[i].began:
				case <-ctx.Done():
				}
				mu.Lock()
				defer mu.Unlock()
				slowest = max(slowest, time.Since(start))
			})
		}
		playing.Wait()
		cancel()
		viewing.add(b, players)
		cpu += (g.cpu() - idle).Seconds()
		rss = max(rss, g.peak())
		waste += g.downloaded(p) / (streams * length)
		g.stop()
	}
	n := float64(b.N)
	viewing.report(b)
	b.ReportMetric(slowest.Seconds(), "s-slowest-start")
	b.ReportMetric(cpu/(n*streams*length/1e9), "CPU-s/GB")
	b.ReportMetric(rss/(1<<20), "MiB-RSS")
	b.ReportMetric(waste/n, "fetched/served")
	b.ReportMetric(0, "ns/op")
}
