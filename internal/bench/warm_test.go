package bench

import (
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkWarm serves 1 GiB that is cached, beside nginx which serves the same
// from a file: as whole streams, and by random 64 KiB on 64 connections. A stream has a bare
// loop of sendfile(2) beside it too. What the clients use is not counted.
func BenchmarkWarm(b *testing.B) {
	const size = 1 << 30
	p := clients.MakePayload(b, clients.Spec{Name: "warm.bin", Seed: 6, PieceLength: piece, Size: size})
	sum := p.SHA256(&p.Info.Files[0], 0, size)
	l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
	l.Seed(p, true)
	g := startGateway(b, "--client-requests", "1000000")
	for range 2 { // of what the disk did not follow with once something may be missing
		g.get(g.url(p, l.Addr()), "", sum)
	}
	l.Kill()
	ngx := clients.StartNginx(b, p.Dir)
	floorURL, floorPid := startFloor(b, filepath.Join(p.Dir, p.Info.Name))
	floor := server{floorURL, func() time.Duration { return cpuOf(b, floorPid) }}
	ours := server{g.url(p), func() time.Duration { return g.cpu() }}
	theirs := server{ngx.URL(p.Info.Name), func() (cpu time.Duration) {
		for _, pid := range ngx.Pids() {
			cpu += cpuOf(b, pid)
		}
		return cpu
	}}

	g.get(theirs.url, "", sum) // both are right, and in the kernel's cache
	g.get(ours.url, "", sum)
	for _, read := range []int{8 << 10, 32 << 10, 1 << 20} { // what the client reads at once
		b.Run(fmt.Sprintf("stream/read=%dKiB", read>>10), func(b *testing.B) {
			const streams = 3 // in turn: CPU time is told in 10 ms
			take := func(s server) (rate, cpu float64) {
				before, start := s.cpu(), time.Now()
				for range streams {
					drain(b, s.url, size, read)
				}
				return streams * size / 1e6 / time.Since(start).Seconds(), (s.cpu() - before).Seconds() / (streams * size / 1e9)
			}
			var rate, cpu, nginxRate, nginxCPU, floorCPU float64
			for b.Loop() {
				_, c := take(floor)
				floorCPU += c
				r, c := take(theirs)
				nginxRate, nginxCPU = nginxRate+r, nginxCPU+c
				r, c = take(ours)
				rate, cpu = rate+r, cpu+c
			}
			n := float64(b.N)
			b.ReportMetric(rate/n, "MB/s")
			b.ReportMetric(nginxRate/n, "nginx-MB/s")
			b.ReportMetric(cpu/n, "CPU-s/GB")
			b.ReportMetric(nginxCPU/n, "nginx-CPU-s/GB")
			b.ReportMetric(floorCPU/n, "sendfile-CPU-s/GB")
			b.ReportMetric(cpu/nginxCPU, "CPU-of-nginx")
			b.ReportMetric(cpu/floorCPU, "CPU-of-sendfile")
			b.ReportMetric(0, "ns/op")
		})
	}
	// The URLs that people have: /magnet carries a link's trackers along.
	for _, trackers := range []int{1, 10, 20} {
		b.Run(fmt.Sprintf("hints=%d", trackers), func(b *testing.B) {
			hinted := ours.url
			for i := range trackers {
				hinted += map[bool]string{true: "?", false: "&"}[i == 0] + "tr=udp%3A%2F%2F127.0.0.1%3A" + strconv.Itoa(9000+i)
			}
			var rate, plainRate float64
			for b.Loop() {
				plainRate += wrk(b, ours.url).rate()
				rate += wrk(b, hinted).rate()
			}
			n := float64(b.N)
			b.ReportMetric(rate/n, "requests/s")
			b.ReportMetric(plainRate/n, "plain-requests/s")
			b.ReportMetric(rate/plainRate, "requests-of-plain")
			b.ReportMetric(0, "ns/op")
		})
	}
	b.Run("ranges", func(b *testing.B) {
		ask := func(s server) (ranges, float64) {
			before := s.cpu()
			r := wrk(b, s.url)
			return r, (s.cpu() - before).Seconds() * 1e6 / r.requests
		}
		var rate, cpu, p99, nginxRate, nginxCPU, nginxP99 float64
		for b.Loop() {
			r, c := ask(theirs)
			nginxRate, nginxCPU, nginxP99 = nginxRate+r.rate(), nginxCPU+c, nginxP99+r.p99.Seconds()
			r, c = ask(ours)
			rate, cpu, p99 = rate+r.rate(), cpu+c, p99+r.p99.Seconds()
		}
		n := float64(b.N)
		b.ReportMetric(rate/n, "requests/s")
		b.ReportMetric(nginxRate/n, "nginx-requests/s")
		b.ReportMetric(rate/nginxRate, "requests-of-nginx")
		b.ReportMetric(cpu/n, "CPU-us/request")
		b.ReportMetric(nginxCPU/n, "nginx-CPU-us/request")
		b.ReportMetric(cpu/nginxCPU, "CPU-of-nginx")
		b.ReportMetric(1e3*p99/n, "ms-p99")
		b.ReportMetric(p99/nginxP99, "p99-of-nginx")
		b.ReportMetric(0, "ns/op")
	})
}

// server serves the file of BenchmarkWarm.
type server struct {
	url string
	cpu func() time.Duration // what its processes have used
}

// drain reads a file of a server, as much at once as read says.
func drain(b *testing.B, url string, size int64, read int) {
	b.Helper()
	body, err := open(b.Context(), http.DefaultClient, url, "0-")
	if err != nil {
		b.Fatal(err)
	}
	defer body.Close()
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, body, make([]byte, read))
	if n != size || err != nil {
		b.Fatalf("%s: %d bytes of %d, %v", url, n, size, err)
	}
}

// ranges are what wrk got.
type ranges struct {
	requests  float64
	took, p99 time.Duration
}

// rate is how many it got a second.
func (r ranges) rate() float64 { return r.requests / r.took.Seconds() }

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in ([\d.]+s), `)
	wrkP99      = regexp.MustCompile(`\s99%\s+([\d.]+[mu]?s)`)
	wrkFailures = regexp.MustCompile(`Non-2xx[^\n]*|Socket errors[^\n]*`)
)

// wrk asks for random ranges for 5 s and tells how many were answered, all of
// them well.
func wrk(b *testing.B, url string) (r ranges) {
	b.Helper()
	out, err := exec.Command("wrk", "-t2", "-c64", "-d5s", "--latency", "-s", "ranges.lua", url).CombinedOutput()
	if err != nil {
		b.Fatalf("wrk (Debian package wrk): %v: %s", err, out)
	}
	if bad := wrkFailures.Find(out); bad != nil {
		b.Errorf("wrk: %s", bad)
	}
	found, late := wrkRequests.FindSubmatch(out), wrkP99.FindSubmatch(out)
	if found == nil || late == nil {
		b.Fatalf("wrk says %s", out)
	}
	r.requests, _ = strconv.ParseFloat(string(found[1]), 64)
	r.took, _ = time.ParseDuration(string(found[2]))
	r.p99, _ = time.ParseDuration(string(late[1]))
	return r
}
