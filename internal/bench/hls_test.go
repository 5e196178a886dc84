package bench

import (
	"bufio"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkHLS has ffmpeg play a cold film of 4 s segments, as it plays from one to the
// next, while four seeders at 50 ms give one and a half times what the film has. A stall is
// where the film falls a quarter of a second further behind the clock than it was.
func BenchmarkHLS(b *testing.B) {
	const seconds = 60
	p := clients.MakeHLS(b, clients.FilmSpec{
		Name: "series", Seconds: seconds, Size: "640x360", Rate: 4_000_000, Filled: true, PieceLength: 256 << 10,
	}, 4)
	size := 0.0
	for i := range p.Info.Files {
		size += float64(p.Info.Files[i].Length)
	}
	peers := delayedSeeders(b, p, 1.5*size/seconds/seeders)
	var stalls int
	var stalled, began time.Duration
	var waste float64
	for b.Loop() {
		g := startGateway(b)
		n, lost, first := playHLS(b, g.fileURL(p, []string{"index.m3u8"}, peers...), seconds)
		stalls, stalled, began = stalls+n, stalled+lost, began+first
		waste += g.downloaded(p) / size
		g.stop()
	}
	n := float64(b.N)
	b.ReportMetric(float64(stalls)/n, "stalls")
	b.ReportMetric(stalled.Seconds()/n, "s-stalled")
	b.ReportMetric(began.Seconds()/n, "s-start")
	b.ReportMetric(size*8/seconds/1e6, "Mbit/s")
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
