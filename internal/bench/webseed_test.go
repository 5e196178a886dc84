package bench

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// BenchmarkWebSeed reads 1 GiB that nobody has cached from an nginx alone, by BEP 19.
// What nginx itself takes for it, and how fast the same comes from nginx without btgw
// and without a check, is reported beside.
func BenchmarkWebSeed(b *testing.B) {
	const size = 1 << 30
	p := clients.MakePayload(b, clients.Spec{Name: "gigabyte.bin", Seed: 1, PieceLength: 1 << 20, Size: size})
	web := clients.StartNginx(b, p.Dir)
	torrent, err := metainfo.ParseTorrent(p.Torrent)
	if err != nil {
		b.Fatal(err)
	}
	torrent.WebSeeds = []string{web.URL("")}
	sum := p.SHA256(&p.Info.Files[0], 0, size)
	nginx := func() (t time.Duration) {
		for _, pid := range web.Pids() {
			t += cpuOf(b, pid)
		}
		return t
	}
	var ours, theirs, rate, plain, rss, waste float64
	for b.Loop() {
		g := startGateway(b)
		g.upload(torrent.Encode())
		idle, before := g.cpu(), nginx()
		_, all := g.get(g.url(p), "", "")
		ours += (g.cpu() - idle).Seconds()
		theirs += (nginx() - before).Seconds()
		rate += size / 1e6 / all.Seconds()
		rss = max(rss, g.peak())
		waste += g.downloaded(p) / size
		// Once more, from the cache, to see that it was right.
		g.get(g.url(p), "", sum)
		_, all = g.get(web.URL("gigabyte.bin"), "", "")
		plain += size / 1e6 / all.Seconds()
		g.stop()
	}
	n := float64(b.N)
	gb := n * size / 1e9
	b.ReportMetric(ours/gb, "CPU-s/GB")
	b.ReportMetric(theirs/gb, "nginx-CPU-s/GB")
	b.ReportMetric(rate/n, "MB/s")
	b.ReportMetric(plain/n, "nginx-MB/s")
	b.ReportMetric(rss/(1<<20), "MiB-RSS")
	b.ReportMetric(waste/n, "fetched/served")
	b.ReportMetric(0, "ns/op")
}

// upload gives the gateway a .torrent.
func (g *gateway) upload(torrent []byte) {
	g.b.Helper()
	resp, err := http.Post("http://"+g.admin+"/api/v1/torrents", "application/x-bittorrent", bytes.NewReader(torrent))
	if err != nil {
		g.b.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		g.b.Fatalf("%s: %s", resp.Status, body)
	}
}
