package bench

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// BenchmarkWarm serves 1 GiB that is cached, beside nginx which serves the same
// from a file: as whole streams, and by random 64 KiB on 64 connections. What the
// clients use is not counted.
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
	ours := server{g.url(p), func() time.Duration { return g.cpu() }}
	theirs := server{ngx.URL(p.Info.Name), func() (cpu time.Duration) {
		for _, pid := range ngx.Pids() {
			cpu += cpuOf(b, pid)
		}
		return cpu
	}}

	b.Run("stream", func(b *testing.B) {
		const streams = 3 // in turn: CPU time is told in 10 ms
		read := func(s server) (rate, cpu float64) {
			before, start := s.cpu(), time.Now()
			for range streams {
				g.get(s.url, "", "")
			}
			return streams * size / 1e6 / time.Since(start).Seconds(), (s.cpu() - before).Seconds() / (streams * size / 1e9)
		}
		g.get(theirs.url, "", sum) // both are right, and in the kernel's cache
		g.get(ours.url, "", sum)
		var rate, cpu, nginxRate, nginxCPU float64
		for b.Loop() {
			r, c := read(theirs)
			nginxRate, nginxCPU = nginxRate+r, nginxCPU+c
			r, c = read(ours)
			rate, cpu = rate+r, cpu+c
		}
		n := float64(b.N)
		b.ReportMetric(rate/n, "MB/s")
		b.ReportMetric(nginxRate/n, "nginx-MB/s")
		b.ReportMetric(cpu/n, "CPU-s/GB")
		b.ReportMetric(nginxCPU/n, "nginx-CPU-s/GB")
		b.ReportMetric(cpu/nginxCPU, "CPU-of-nginx")
		b.ReportMetric(0, "ns/op")
	})
	// The URLs that people have: /magnet carries a link's trackers along.
	for _, trackers := range []int{1, 10, 20} {
		b.Run(fmt.Sprintf("hints=%d", trackers), func(b *testing.B) {
			hinted := ours.url
			for i := range trackers {
				hinted += map[bool]string{true: "?", false: "&"}[i == 0] + "tr=udp%3A%2F%2F127.0.0.1%3A" + strconv.Itoa(9000+i)
			}
			var rate, plainRate float64
			for b.Loop() {
				requests, took := wrk(b, ours.url)
				plainRate += requests / took.Seconds()
				requests, took = wrk(b, hinted)
				rate += requests / took.Seconds()
			}
			n := float64(b.N)
			b.ReportMetric(rate/n, "requests/s")
			b.ReportMetric(plainRate/n, "plain-requests/s")
			b.ReportMetric(rate/plainRate, "requests-of-plain")
			b.ReportMetric(0, "ns/op")
		})
	}
	b.Run("ranges", func(b *testing.B) {
		ask := func(s server) (rate, cpu float64) {
			before := s.cpu()
			requests, took := wrk(b, s.url)
			return requests / took.Seconds(), (s.cpu() - before).Seconds() * 1e6 / requests
		}
		var rate, cpu, nginxRate, nginxCPU float64
		for b.Loop() {
			r, c := ask(theirs)
			nginxRate, nginxCPU = nginxRate+r, nginxCPU+c
			r, c = ask(ours)
			rate, cpu = rate+r, cpu+c
		}
		n := float64(b.N)
		b.ReportMetric(rate/n, "requests/s")
		b.ReportMetric(nginxRate/n, "nginx-requests/s")
		b.ReportMetric(rate/nginxRate, "requests-of-nginx")
		b.ReportMetric(cpu/n, "CPU-us/request")
		b.ReportMetric(nginxCPU/n, "nginx-CPU-us/request")
		b.ReportMetric(0, "ns/op")
	})
}

// server serves the file of BenchmarkWarm.
type server struct {
	url string
	cpu func() time.Duration // what its processes have used
}

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in ([\d.]+)s, `)
	wrkFailures = regexp.MustCompile(`Non-2xx[^\n]*|Socket errors[^\n]*`)
)

// wrk asks for random ranges for 5 s and tells how many were answered, all of
// them well.
func wrk(b *testing.B, url string) (requests float64, took time.Duration) {
	b.Helper()
	out, err := exec.Command("wrk", "-t2", "-c64", "-d5s", "-s", "ranges.lua", url).CombinedOutput()
	if err != nil {
		b.Fatalf("wrk (Debian package wrk): %v: %s", err, out)
	}
	if bad := wrkFailures.Find(out); bad != nil {
		b.Errorf("wrk: %s", bad)
	}
	found := wrkRequests.FindSubmatch(out)
	if found == nil {
		b.Fatalf("wrk says %s", out)
	}
	requests, _ = strconv.ParseFloat(string(found[1]), 64)
	seconds, _ := strconv.ParseFloat(string(found[2]), 64)
	return requests, time.Duration(seconds * float64(time.Second))
}
