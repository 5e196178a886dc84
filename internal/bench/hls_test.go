package bench

import (
	"bufio"
	"context"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkHLS has ffmpeg, and hls.js in Chromium, play a cold film of 4 s segments, as they play from one to the
// next, while four seeders at 50 ms give one and a half times what the film has. A stall of
// ffmpeg's is where the film falls a quarter of a second further behind the clock than it was, one of hls.js where
// the browser waits for data.
func BenchmarkHLS(b *testing.B) {
	p, peers, size := hlsFilm(b)
	b.Run("ffmpeg", func(b *testing.B) {
		playsHLS(b, p, size, func(g *gateway) (int, time.Duration, time.Duration) {
			return playHLS(b, g.fileURL(p, []string{"index.m3u8"}, peers...), hlsSeconds)
		})
	})
	b.Run("hls.js", func(b *testing.B) {
		playsHLS(b, p, size, func(g *gateway) (int, time.Duration, time.Duration) {
			ctx, cancel := context.WithTimeout(b.Context(), 3*hlsSeconds*time.Second)
			defer cancel()
			v := clients.Browsers[0].Watch(ctx, b, clients.Film{
				URL: g.fileURL(p, []string{"index.m3u8"}, peers...), HLS: true, Play: hlsSeconds - 2,
			})
			b.Logf("%+v", v)
			stalled := 0.0
			for _, ms := range v.Stalls {
				stalled += ms
			}
			return len(v.Stalls), time.Duration(stalled * float64(time.Millisecond)), time.Duration(v.FirstFrame * float64(time.Millisecond))
		})
	})
}

// hlsSeconds is how long the film is.
const hlsSeconds = 60

// hlsFilm is the film, those who seed it, and its size.
func hlsFilm(b *testing.B) (p *clients.Payload, peers []string, size float64) {
	p = clients.MakeHLS(b, clients.FilmSpec{
		Name: "series", Seconds: hlsSeconds, Size: "640x360", Rate: 4_000_000, Filled: true, PieceLength: 256 << 10,
	}, 4)
	for i := range p.Info.Files {
		size += float64(p.Info.Files[i].Length)
	}
	return p, delayedSeeders(b, p, 1.5*size/hlsSeconds/seeders), size
}

// playsHLS has a player play the film, and reports what came of it.
func playsHLS(b *testing.B, p *clients.Payload, size float64, play func(*gateway) (stalls int, stalled, began time.Duration)) {
	var stalls int
	var stalled, began time.Duration
	var waste float64
	for b.Loop() {
		g := startGateway(b)
		n, lost, first := play(g)
		stalls, stalled, began = stalls+n, stalled+lost, began+first
		waste += g.downloaded(p) / size
		g.stop()
	}
	n := float64(b.N)
	b.ReportMetric(float64(stalls)/n, "stalls")
	b.ReportMetric(stalled.Seconds()/n, "s-stalled")
	b.ReportMetric(began.Seconds()/n, "s-start")
	b.ReportMetric(size*8/hlsSeconds/1e6, "Mbit/s")
	b.ReportMetric(waste/n, "fetched/served")
	b.ReportMetric(0, "ns/op")
}

// playHLS plays a film at its own pace. What comes of it is thrown away undecoded: what it
// waits for is the network. It returns the stalls, how long they were in all, and when
// the film began.
func playHLS(b *testing.B, url string, seconds float64) (stalls int, stalled, began time.Duration) {
	cmd := exec.CommandContext(b.Context(), "ffmpeg", "-v", "error", "-nostdin", "-re", "-i", url, "-c", "copy", "-f", "null", "-progress", "pipe:1", "-stats_period", "0.1", "-")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	var said strings.Builder
	cmd.Stderr = &said
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	var behind time.Duration // the clock, of the film
	played := 0.0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		us, ok := strings.CutPrefix(lines.Text(), "out_time_us=")
		n, err := strconv.ParseInt(us, 10, 64)
		if !ok || err != nil || n <= 0 {
			continue
		}
		played = float64(n) / 1e6
		late := time.Since(start) - time.Duration(n)*time.Microsecond
		switch {
		case behind == 0:
			behind, began = late, time.Since(start)
		case late > behind+250*time.Millisecond:
			stalls++
			stalled += late - behind
			behind = late
		}
	}
	if err := cmd.Wait(); err != nil || said.Len() > 0 || played < seconds-1 {
		b.Errorf("ffmpeg played %.1f s: %v, %s", played, err, said.String())
	}
	return stalls, stalled, began
}
