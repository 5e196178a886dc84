package bench

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkBrowser has Chromium and Firefox play a film of two minutes at
// 3 Mbit/s in a page, seek ten times, every other time back, and play 3 s after
// each; four seeders at 50 ms give 1.5 times its rate together. The first frame is
// counted from the moment the page names the film, which nobody has asked for
// before. The picture is small, so that what is measured is no decoder; the pieces
// are as long as btgw makes them.
func BenchmarkBrowser(b *testing.B) {
	const (
		seconds = 120
		rate    = 3_000_000
	)
	seeks := []float64{60, 20, 90, 40, 110, 10, 75, 30, 100, 50}
	for _, name := range []string{"film.mp4", "film.webm"} {
		p := clients.MakeFilm(b, clients.FilmSpec{Name: name, Seconds: seconds, Size: "320x180", Rate: rate})
		var peers []string
		for range seeders {
			l := clients.StartLibtorrent(b, clients.LibtorrentOptions{UploadRate: int(1.5 * float64(p.Info.Files[0].Length) / seconds / seeders)})
			l.Seed(p, true)
			peers = append(peers, clients.DelayProxy(b, l.Addr(), clients.ProxyOptions{RTT: delay}))
		}
		for _, browser := range clients.Browsers {
			b.Run(browser.Name+"/"+name, func(b *testing.B) {
				var first, stalled float64
				var stalls int
				var sought []float64
				for b.Loop() {
					g := startGateway(b)
					ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
					v := browser.Watch(ctx, b, clients.Film{URL: g.url(p, peers...), Seeks: seeks, Play: 3})
					cancel()
					first += v.FirstFrame
					sought = append(sought, v.Seeks...)
					stalls += len(v.Stalls)
					for _, ms := range v.Stalls {
						stalled += ms / 1000
					}
					b.Logf("%+v", v)
					g.stop()
				}
				slices.Sort(sought)
				n := float64(b.N)
				b.ReportMetric(first/n, "ms-first-frame")
				b.ReportMetric((sought[(len(sought)-1)/2]+sought[len(sought)/2])/2, "ms-seek-median")
				b.ReportMetric(sought[len(sought)-1], "ms-seek-max")
				b.ReportMetric(float64(stalls)/n, "stalls")
				b.ReportMetric(stalled/n, "s-stalled")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
