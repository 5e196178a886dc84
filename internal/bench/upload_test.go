package bench

import (
	"context"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkUpload has libtorrent download 1 GiB from btgw alone, which has it in
// its cache, and then the same from a libtorrent seeder alone.
func BenchmarkUpload(b *testing.B) {
	const size = 1 << 30
	p := clients.MakePayload(b, clients.Spec{Name: "gigabyte.bin", Seed: 1, PieceLength: 1 << 20, Size: size})
	seeder := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	seeder.Seed(p, true)
	g := startGateway(b)
	// What the disk did not take as fast as it came is not kept.
	for tries := 0; g.status(p).Have < p.Info.NumPieces(); tries++ {
		if tries == 10 {
			b.Fatal("btgw does not keep all pieces")
		}
		g.get(g.url(p, seeder.Addr()), "", p.SHA256(&p.Info.Files[0], 0, size))
		time.Sleep(time.Second) // what waits for the disk is written, or not
	}
	seeder.Kill()

	var ours, theirs, rate, theirRate float64
	for b.Loop() {
		before := g.cpu()
		rate += leech(b, p, size, g.peers)
		ours += (g.cpu() - before).Seconds()

		other := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		other.Seed(p, true)
		before = other.CPU()
		theirRate += leech(b, p, size, other.Addr())
		theirs += (other.CPU() - before).Seconds()
		other.Kill()
	}
	n := float64(b.N)
	gb := n * size / 1e9
	b.ReportMetric(ours/gb, "CPU-s/GB")
	b.ReportMetric(theirs/gb, "libtorrent-CPU-s/GB")
	b.ReportMetric(ours/theirs, "of-libtorrent")
	b.ReportMetric(rate/n, "MB/s")
	b.ReportMetric(theirRate/n, "libtorrent-MB/s")
	b.ReportMetric(0, "ns/op")
}

// leech is how many MB/s a libtorrent client downloads from one peer alone. It
// checks every piece itself.
func leech(b *testing.B, p *clients.Payload, size float64, peer string) float64 {
	b.Helper()
	l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	defer l.Kill()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	start := time.Now()
	l.Download(p.Torrent, b.TempDir(), peer)
	l.WaitFinished(ctx)
	return size / 1e6 / time.Since(start).Seconds()
}
