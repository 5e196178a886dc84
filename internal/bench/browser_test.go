package bench

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// The film of the browsers' benchmark: two minutes at 3 Mbit/s. The picture is small,
// so that what is measured is no decoder; the pieces are as long as btgw makes them.
const (
	filmSeconds = 120
	filmRate    = 3_000_000 // bits/s
)

// films are those that browsers play: MP4 with its index last, as programs write it,
// and first, as it is made for the web; WebM has it last.
var films = []clients.FilmSpec{
	{Name: "film.mp4"},
	{Name: "faststart.mp4", FastStart: true},
	{Name: "film.webm"},
}

// BenchmarkBrowser has Chromium and Firefox play a film in a page, seek ten times,
// every other time back, and play 3 s after each; four seeders at 50 ms give 1.5
// times its rate together, evenly. The first frame is counted from the moment the
// page names the film, which nobody has asked for before.
func BenchmarkBrowser(b *testing.B) {
	for _, spec := range films {
		b.Run(spec.Name, func(b *testing.B) {
			spec.Seconds, spec.Size, spec.Rate = filmSeconds, "320x180", filmRate
			p := clients.MakeFilm(b, spec)
			peers := filmSeeders(b, p)
			for _, browser := range clients.Browsers {
				b.Run(browser.Name, func(b *testing.B) { watch(b, browser, p, peers) })
			}
		})
	}
}

// filmSeeders seed a film from four places 50 ms away, which together give it at 1.5 times its rate.
func filmSeeders(b *testing.B, p *clients.Payload) (peers []string) {
	b.Helper()
	each := 1.5 * float64(p.Info.Files[0].Length) / filmSeconds / seeders
	for range seeders {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		peers = append(peers, clients.DelayProxy(b, l.Addr(), clients.ProxyOptions{RTT: delay, Rate: each}))
	}
	return peers
}

// watch has a browser watch a film that a gateway fetches from peers.
func watch(b *testing.B, browser clients.Browser, p *clients.Payload, peers []string) {
	seeks := []float64{60, 20, 90, 40, 110, 10, 75, 30, 100, 50}
	var first, stalled float64
	var stalls int
	var sought []float64
	for b.Loop() {
		g := startGateway(b)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
		v := browser.Watch(ctx, b, clients.Film{URL: g.url(p, peers...), Seeks: seeks, Play: 3})
		cancel()
		g.stop()
		first += v.FirstFrame
		sought = append(sought, v.Seeks...)
		stalls += len(v.Stalls)
		for _, ms := range v.Stalls {
			stalled += ms / 1000
		}
		b.Logf("%+v", v)
	}
	slices.Sort(sought)
	n := float64(b.N)
	b.ReportMetric(first/n, "ms-first-frame")
	b.ReportMetric((sought[(len(sought)-1)/2]+sought[len(sought)/2])/2, "ms-seek-median")
	b.ReportMetric(sought[len(sought)-1], "ms-seek-max")
	b.ReportMetric(float64(stalls)/n, "stalls")
	b.ReportMetric(stalled/n, "s-stalled")
	b.ReportMetric(0, "ns/op")
}
