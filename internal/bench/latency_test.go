package bench

import (
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// The swarm of the latency figures: four seeders of 2 MB/s at 50 ms.
const (
	delay    = 50 * time.Millisecond
	seedRate = 2_000_000
	seeders  = 4
	piece    = 1 << 20
)

func delayed(b *testing.B) (*clients.Payload, []string) { return delayedOf(b, 64<<20) }

// delayedOf has a payload of size bytes.
func delayedOf(b *testing.B, size int64) (*clients.Payload, []string) {
	p := clients.MakePayload(b, clients.Spec{Name: "film.bin", Seed: 2, PieceLength: piece, Size: size})
	return p, delayedSeeders(b, p, seedRate)
}

// delayedSeeders are that swarm of a payload, with another rate of each.
func delayedSeeders(b *testing.B, p *clients.Payload, rate float64) (peers []string) {
	for range seeders {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		peers = append(peers, clients.DelayProxy(b, l.Addr(), clients.ProxyOptions{RTT: delay, Rate: rate}))
	}
	return peers
}

// BenchmarkFirstByte asks a gateway that knows nothing for the first piece, by
// infohash and peers alone. The floor is four round trips and the piece's time.
func BenchmarkFirstByte(b *testing.B) {
	p, peers := delayed(b)
	sum := p.SHA256(&p.Info.Files[0], 0, piece)
	floor := 4*delay.Seconds() + piece/float64(seeders*seedRate)
	var total float64
	for b.Loop() {
		g := startGateway(b)
		first, _ := g.get(g.url(p, peers...), fmt.Sprintf("0-%d", piece-1), sum)
		total += first.Seconds()
		g.stop()
	}
	report(b, total, floor)
}

// BenchmarkFirstByteNear is the same without distance or limits: what is left is time of
// ours and of the seeders.
func BenchmarkFirstByteNear(b *testing.B) {
	p := clients.MakePayload(b, clients.Spec{Name: "film.bin", Seed: 2, PieceLength: piece, Size: 64 << 20})
	var peers []string
	for range seeders {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		peers = append(peers, l.Addr())
	}
	sum := p.SHA256(&p.Info.Files[0], 0, piece)
	var total float64
	for b.Loop() {
		g := startGateway(b)
		first, _ := g.get(g.url(p, peers...), fmt.Sprintf("0-%d", piece-1), sum)
		total += first.Seconds()
		g.stop()
	}
	b.ReportMetric(total/float64(b.N)*1000, "ms-first-byte")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSeek asks for a piece in the middle of a torrent that is open and
// whose peers are connected. The floor is one round trip and the piece's time.
func BenchmarkSeek(b *testing.B) {
	p, peers := delayed(b)
	floor := delay.Seconds() + piece/float64(seeders*seedRate)
	g := startGateway(b)
	g.get(g.url(p, peers...), fmt.Sprintf("0-%d", 2*piece-1), "")
	at := int64(8)
	var total float64
	for b.Loop() {
		off := at % 60 * piece
		at += 7
		if at > 60 { // every piece once
			b.StopTimer()
			g.stop()
			g = startGateway(b)
			g.get(g.url(p, peers...), fmt.Sprintf("0-%d", 2*piece-1), "")
			at = 8
			off = 8 * piece
			b.StartTimer()
		}
		first, _ := g.get(g.url(p, peers...), fmt.Sprintf("%d-%d", off, off+piece-1), p.SHA256(&p.Info.Files[0], off, piece))
		total += first.Seconds()
	}
	report(b, total, floor)
}

func report(b *testing.B, total, floor float64) {
	mean := total / float64(b.N)
	b.ReportMetric(mean*1000, "ms-first-byte")
	b.ReportMetric(floor*1000, "ms-floor")
	b.ReportMetric(mean/floor, "of-floor")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFirstByteMetadata is BenchmarkFirstByteNear, of a torrent whose metadata has
// 2.1 MB, from one libtorrent: near, and at 50 ms.
func BenchmarkFirstByteMetadata(b *testing.B) {
	p := clients.MakePayload(b, clients.Spec{Name: "film.bin", Seed: 2, PieceLength: piece, Size: 8 << 20, Metadata: 2_100_000})
	l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	l.Seed(p, true)
	sum := p.SHA256(&p.Info.Files[0], 0, piece)
	for _, at := range []struct {
		name string
		addr string
	}{{"near", l.Addr()}, {"50ms", clients.DelayProxy(b, l.Addr(), clients.ProxyOptions{RTT: delay})}} {
		b.Run(at.name, func(b *testing.B) {
			var total float64
			n := 0
			for b.Loop() {
				g := startGateway(b)
				first, _ := g.get(g.url(p, at.addr), fmt.Sprintf("0-%d", piece-1), sum)
				total += first.Seconds()
				n++
				g.stop()
			}
			b.ReportMetric(total/float64(n)*1000, "ms-first-byte")
			b.ReportMetric(0, "ns/op")
		})
	}
}
