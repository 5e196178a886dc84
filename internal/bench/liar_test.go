package bench

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// lieEvery is in how many bytes a liar has one that is wrong.
const lieEvery = 4 << 10

// BenchmarkLiar reads 48 MiB from the swarm of BenchmarkFirstByte, then the same
// where one of the four seeders sends a wrong byte in every 4 KiB. Three honest
// seeders alone would take 4/3 of the time of four.
func BenchmarkLiar(b *testing.B) {
	const size = 48 << 20
	p := clients.MakePayload(b, clients.Spec{Name: "true.bin", Seed: 5, PieceLength: piece, Size: size})
	seed := func(p *clients.Payload) string {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		return clients.DelayProxy(b, l.Addr(), clients.ProxyOptions{RTT: delay, Rate: seedRate})
	}
	honest := []string{seed(p), seed(p), seed(p)}
	fourth, liar := seed(p), seed(p.CorruptEvery(b, lieEvery))
	sum := p.SHA256(&p.Info.Files[0], 0, size)

	var first, all, liedFirst, liedAll time.Duration
	var banned, hashFailures int
	for b.Loop() {
		g := startGateway(b, "--peer-listen", "none")
		f, a := g.get(g.url(p, append(slices.Clone(honest), fourth)...), "", sum)
		first, all = first+f, all+a
		g.stop()

		g = startGateway(b, "--peer-listen", "none")
		f, a = g.get(g.url(p, append(slices.Clone(honest), liar)...), "", sum)
		liedFirst, liedAll = liedFirst+f, liedAll+a
		ban, failed := g.lies(p)
		banned, hashFailures = banned+ban, hashFailures+failed
		g.stop()
	}
	n := float64(b.N)
	b.ReportMetric(first.Seconds()*1000/n, "honest-ms-first-byte")
	b.ReportMetric(liedFirst.Seconds()*1000/n, "ms-first-byte")
	b.ReportMetric(liedFirst.Seconds()/first.Seconds(), "first-of-honest")
	b.ReportMetric(all.Seconds()/n, "honest-s-48MiB")
	b.ReportMetric(liedAll.Seconds()/n, "s-48MiB")
	b.ReportMetric(liedAll.Seconds()/all.Seconds(), "48MiB-of-honest")
	b.ReportMetric(float64(banned)/n, "banned")
	b.ReportMetric(float64(hashFailures)/n, "pieces-failed")
	b.ReportMetric(0, "ns/op")
}

// lies tells how many peers of the torrent were banned, and how many pieces came
// with a wrong hash.
func (g *gateway) lies(p *clients.Payload) (banned, hashFailures int) {
	resp, err := http.Get("http://" + g.admin + "/api/v1/torrents/" + p.Hash.String())
	if err != nil {
		g.b.Fatal(err)
	}
	defer resp.Body.Close()
	var st struct {
		HashFailures int `json:"hash_failures"`
		Swarm        struct {
			Banned int `json:"banned"`
		} `json:"swarm"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&st); err != nil {
		g.b.Fatal(err)
	}
	return st.Swarm.Banned, st.HashFailures
}
