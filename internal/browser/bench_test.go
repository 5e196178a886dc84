package browser

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// seenScript keeps when something was there first, in ms since the epoch, as window.seen by its selector. The page's
// elements are looked at with each frame.
const seenScript = `window.seen = {};
(function look() {
	for (const s of [".steps li", ".rows li", ".primary"]) if (!(s in seen) && document.querySelector(s)) seen[s] = Date.now();
	requestAnimationFrame(look);
})();`

// BenchmarkColdPage is the page of a torrent that is not known yet: from its opening to what it says of the search, and
// from the metadata's coming to the torrent's page with Play on it.
func BenchmarkColdPage(b *testing.B) {
	g := serve(b, nil)
	data := random(1, 1<<20)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, b)
	browser.Before(seenScript)
	var said, turned float64
	n := 0
	for b.Loop() {
		release := make(chan struct{})
		g.hide(release)
		film := g.add(b, fmt.Sprintf("film %d.mkv", n), map[string][]byte{"": data})
		n++
		begun := time.Now()
		browser.Open(g.url + film.path() + "?view=1")
		browser.Until(`".steps li" in seen`)
		known := time.Now()
		close(release)
		browser.Until(`".primary" in seen`)
		var at map[string]float64
		browser.Evaluate(`seen`, &at)
		said += at[".steps li"] - ms(begun)
		turned += at[".primary"] - ms(known)
	}
	b.ReportMetric(said/float64(n), "ms-said")
	b.ReportMetric(turned/float64(n), "ms-turned")
	b.ReportMetric(0, "ns/op")
}

func ms(t time.Time) float64 { return float64(t.UnixMicro()) / 1000 }

// BenchmarkLargePage is the page of a torrent of 20,000 files: from its opening to its rows, and how long a filter takes,
// with the frame that shows what it found.
func BenchmarkLargePage(b *testing.B) {
	g := serve(b, nil)
	files := make(map[string][]byte)
	for i := range 20_000 {
		files[fmt.Sprintf("folder %d/a file of an ordinary name %d.txt", i/1000, i)] = []byte("x")
	}
	large := g.add(b, "Large", files)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, b)
	browser.Before(seenScript)
	var usable, filtered float64
	n := 0
	for b.Loop() {
		n++
		begun := time.Now()
		browser.Open(g.url + large.path() + "?view=1")
		browser.Until(`".rows li" in seen`)
		var at map[string]float64
		browser.Evaluate(`seen`, &at)
		usable += at[".rows li"] - ms(begun)
		var took float64
		browser.Evaluate(`(async () => {
			const input = document.querySelector("#filter"), begun = performance.now();
			input.value = "name 1999"; input.dispatchEvent(new Event("input"));
			await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
			return performance.now() - begun;
		})()`, &took)
		filtered += took
	}
	b.ReportMetric(usable/float64(n), "ms-usable")
	b.ReportMetric(filtered/float64(n), "ms-filter")
	b.ReportMetric(0, "ns/op")
}
