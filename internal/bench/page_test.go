package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// clickScript keeps when a page was clicked, and when the film on the next one had its first frame, in ms since the
// epoch; and how often the film stood still while it was to play.
const clickScript = `addEventListener("click", () => { sessionStorage.clicked = Date.now(); }, true);
window.stalls = 0; window.steady = false;
(function look() {
	const video = document.querySelector("video");
	if (!video) { requestAnimationFrame(look); return; }
	video.requestVideoFrameCallback(() => { window.firstFrame = Date.now(); });
	video.addEventListener("waiting", () => { if (window.steady) window.stalls++; });
})();`

// watchPage plays 3 s, goes to ten places and plays 3 s at each.
const watchPage = `(async () => {
	const video = document.querySelector("video"), seeks = [];
	const until = async (ok) => { while (!ok()) await new Promise((done) => setTimeout(done, 5)); };
	const play = async (to) => { window.steady = true; await until(() => video.currentTime >= to); window.steady = false; };
	await until(() => window.firstFrame && video.currentTime > 0.2 && document.querySelector("#said").textContent === "");
	const first = window.firstFrame - sessionStorage.clicked;
	await play(3);
	for (const at of [60, 20, 90, 40, 110, 10, 75, 30, 100, 50]) {
		const begun = performance.now();
		video.currentTime = at;
		await new Promise((done) => { const look = (_, shown) => { if (Math.abs(shown.mediaTime - at) < 1.1) done(); else video.requestVideoFrameCallback(look); }; video.requestVideoFrameCallback(look); });
		seeks.push(performance.now() - begun);
		await play(at + 3);
	}
	const context = new AudioContext(), analyser = context.createAnalyser(), samples = new Float32Array(analyser.fftSize);
	context.createMediaElementSource(video).connect(analyser);
	analyser.connect(context.destination);
	let rms = 0;
	const end = performance.now() + 5000;
	await until(() => { analyser.getFloatTimeDomainData(samples); rms = Math.sqrt(samples.reduce((a, s) => a + s * s, 0) / samples.length); return rms > 0.01 || performance.now() > end; });
	return {First: first, Seeks: seeks, Stalls: window.stalls, RMS: rms, Muted: video.muted};
})()`

// BenchmarkPlayerPage clicks on Play on a torrent's page in Chromium: from the click to the first frame, ten seeks, and
// how often it stood still; an MP4, and the same film as Matroska with AC-3, whose sound the page repairs. The swarm is
// BenchmarkBrowser's.
func BenchmarkPlayerPage(b *testing.B) {
	for _, spec := range []clients.FilmSpec{{Name: "film.mp4"}, {Name: "film.mkv"}, {Name: "ac3.mkv", Sound: "ac3"}} {
		b.Run(spec.Name, func(b *testing.B) {
			spec.Seconds, spec.Size, spec.Rate = filmSeconds, "320x180", filmRate
			p := clients.MakeFilm(b, spec)
			peers := filmSeeders(b, p)
			var first float64
			var stalls int
			var sought []float64
			for b.Loop() {
				g := startGateway(b)
				ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
				browser := clients.StartChromium(ctx, b)
				browser.Before(clickScript)
				browser.Open("http://" + g.http + p.Hash.Path() + "/?view=1&x.pe=" + strings.Join(peers, "&x.pe="))
				browser.Until(`document.querySelector(".primary")`)
				browser.Click(".primary")
				browser.Until(`document.querySelector("#said")`)
				var v struct {
					First  float64
					Seeks  []float64
					Stalls int
					RMS    float64
					Muted  bool
				}
				browser.Evaluate(watchPage, &v)
				cancel()
				browser.Close()
				g.stop()
				if v.RMS < 0.001 || v.Muted {
					b.Fatalf("it plays without sound: %+v", v)
				}
				b.Logf("%+v", v)
				first, stalls = first+v.First, stalls+v.Stalls
				sought = append(sought, v.Seeks...)
			}
			slices.Sort(sought)
			b.ReportMetric(first/float64(b.N), "ms-first-frame")
			b.ReportMetric((sought[(len(sought)-1)/2]+sought[len(sought)/2])/2, "ms-seek-median")
			b.ReportMetric(sought[len(sought)-1], "ms-seek-max")
			b.ReportMetric(float64(stalls)/float64(b.N), "stalls")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkRepair is what it costs the gateway that a page repairs a film's sound: its CPU time a gigabyte sent, beside
// that of the same bytes read by plain ranges, all of them cached. The film is so short that the page takes all of it.
func BenchmarkRepair(b *testing.B) {
	p := clients.MakeFilm(b, clients.FilmSpec{Name: "ac3.mkv", Seconds: 28, Size: "320x180", Rate: 36_000_000, Filled: true, Sound: "ac3"})
	l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	l.Seed(p, true)
	g := startGateway(b)
	size := p.Info.Files[0].Length
	g.get(g.url(p, l.Addr()), "", p.SHA256(&p.Info.Files[0], 0, -1))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, b)
	var page, plain, requests float64
	for b.Loop() {
		before := g.runtime()
		g.plainly(p, size)
		plain += g.runtime() - before

		browser.Open("http://" + g.http + p.Hash.Path() + "/?view=1")
		browser.Until(`document.querySelector(".primary")`)
		before = g.runtime()
		browser.Click(".primary")
		browser.Until(`document.querySelector("#said") && document.querySelector("video").buffered.length === 1 && document.querySelector("video").buffered.end(0) > 27`)
		page += g.runtime() - before
		var n float64
		browser.Evaluate(`performance.getEntriesByType("resource").filter((r) => r.name.endsWith(".mkv")).length`, &n)
		requests += n
	}
	gigabytes := float64(b.N) * float64(size) / 1e9
	b.ReportMetric(page/gigabytes, "page-CPU-s/GB")
	b.ReportMetric(plain/gigabytes, "plain-CPU-s/GB")
	b.ReportMetric(page/plain, "page/plain")
	b.ReportMetric(requests/float64(b.N), "requests")
	b.ReportMetric(0, "ns/op")
}

// plainly reads a file as it is, in one range.
func (g *gateway) plainly(p *clients.Payload, size int64) {
	body, err := open(context.Background(), http.DefaultClient, g.url(p), fmt.Sprintf("0-%d", size-1))
	if err != nil {
		g.b.Fatal(err)
	}
	defer body.Close()
	if n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, body, make([]byte, 64<<10)); err != nil || n != size {
		g.b.Fatalf("%d of %d bytes: %v", n, size, err)
	}
}

// runtime is the time that the process's threads have run, in seconds: finer than cpu.
func (g *gateway) runtime() (seconds float64) {
	g.b.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", g.cmd.Process.Pid))
	if err != nil {
		g.b.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			g.b.Fatal(err)
		}
		ns, _, _ := strings.Cut(string(raw), " ")
		n, err := strconv.ParseInt(ns, 10, 64)
		if err != nil {
			g.b.Fatal(err)
		}
		seconds += float64(n) / 1e9
	}
	return seconds
}
