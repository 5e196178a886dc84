package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/internal/cputime"
)

// BenchmarkAgain reads 1 GiB that nobody has cached, and at once the same twice more: as a whole, and
// from another gateway as random ranges of 64 KiB on 64 connections. How near the first of the two
// comes to the second tells how much of what was just downloaded is in memory. What btgw reads from the
// disk meanwhile, and what its client takes, tell what the rest is. So do two more streams. Before the
// one the client has read as much from nginx: its own memory was used, and that of its sockets. Before
// the other one byte of each page of the cached files was read, by nobody who serves or is served.
func BenchmarkAgain(b *testing.B) {
	const size = 1 << 30
	p := clients.MakePayload(b, clients.Spec{Name: "again.bin", Seed: 1, PieceLength: piece, Size: size})
	var peers []string
	for range 2 {
		l := clients.StartLibtorrent(b, clients.LibtorrentOptions{})
		l.Seed(p, true)
		peers = append(peers, l.Addr())
	}
	sum := p.SHA256(&p.Info.Files[0], 0, size)
	other := clients.StartNginx(b, p.Dir).URL(p.Info.Name)
	stream := func(b *testing.B, url string) float64 {
		_, all := (&gateway{b: b}).get(url, "", "")
		return size / 1e6 / all.Seconds()
	}
	stream(b, other)
	for _, tt := range []struct {
		name, unit string
		before     func(b *testing.B, g *gateway)
		again      func(b *testing.B, url string) (rate float64)
	}{
		{"stream", "MB/s", func(*testing.B, *gateway) {}, stream},
		{"stream/client-in-use", "MB/s", func(b *testing.B, _ *gateway) { stream(b, other) }, stream},
		{"stream/pages-touched", "MB/s", touch, stream},
		{"ranges", "requests/s", func(*testing.B, *gateway) {}, func(b *testing.B, url string) float64 { return wrk(b, url).rate() }},
	} {
		b.Run(tt.name, func(b *testing.B) {
			var cold, coldCPU float64
			var rates, cpus, clientCPUs, disk [2]float64
			for b.Loop() {
				g := startGateway(b, "--client-requests", "1000000")
				before := g.cpu()
				_, all := g.get(g.url(p, peers...), "", "")
				cold += size / 1e6 / all.Seconds()
				coldCPU += (g.cpu() - before).Seconds() / (size / 1e9)
				tt.before(b, g)
				for i := range rates {
					before, client, read, start := g.cpu(), cputime.Used(), g.diskRead(), time.Now()
					rates[i] += tt.again(b, g.url(p))
					cpus[i] += (g.cpu() - before).Seconds() / time.Since(start).Seconds()
					clientCPUs[i] += (cputime.Used() - client).Seconds()
					disk[i] += float64(g.diskRead()-read) / 1e6
				}
				g.get(g.url(p), "", sum)
				g.stop()
			}
			n := float64(b.N)
			b.ReportMetric(cold/n, "cold-MB/s")
			b.ReportMetric(coldCPU/n, "cold-CPU-s/GB")
			b.ReportMetric(rates[0]/n, "first-"+tt.unit)
			b.ReportMetric(rates[1]/n, "second-"+tt.unit)
			b.ReportMetric(rates[0]/rates[1], "first-of-second")
			b.ReportMetric(cpus[0]/n, "first-CPUs")
			b.ReportMetric(cpus[1]/n, "second-CPUs")
			b.ReportMetric(disk[0]/n, "first-disk-MB")
			b.ReportMetric(disk[1]/n, "second-disk-MB")
			if tt.unit == "MB/s" { // whose client is this process
				b.ReportMetric(clientCPUs[0]/n, "first-client-s")
				b.ReportMetric(clientCPUs[1]/n, "second-client-s")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
	b.Run("stream/nginx", func(b *testing.B) {
		var rates, clientCPUs [2]float64
		for b.Loop() {
			readAnew(b, p.Path(&p.Info.Files[0]))
			for i := range rates {
				client := cputime.Used()
				rates[i] += stream(b, other)
				clientCPUs[i] += (cputime.Used() - client).Seconds()
			}
		}
		n := float64(b.N)
		b.ReportMetric(rates[0]/n, "first-MB/s")
		b.ReportMetric(rates[1]/n, "second-MB/s")
		b.ReportMetric(rates[0]/rates[1], "first-of-second")
		b.ReportMetric(clientCPUs[0]/n, "first-client-s")
		b.ReportMetric(clientCPUs[1]/n, "second-client-s")
		b.ReportMetric(0, "ns/op")
	})
}

// readAnew drops a file from the page cache and has the kernel read it from the disk, as btgw does with what it wrote.
func readAnew(b *testing.B, path string) {
	b.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	sink, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer sink.Close()
	if err := f.Sync(); err != nil { // pages that are not on the disk stay
		b.Fatal(err)
	}
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		b.Fatal(err)
	}
	for at, sent := int64(0), 1; sent > 0; {
		if sent, err = unix.Sendfile(int(sink.Fd()), int(f.Fd()), &at, 8<<20); err != nil {
			b.Fatal(err)
		}
	}
}

// touch reads one byte of each page of the files in a gateway's cache, twice, and tells how long a page takes. Where the
// first takes microseconds, the host of a virtual machine maps the page only then.
func touch(b *testing.B, g *gateway) {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(g.dir, "*", "*.run"))
	if err != nil || len(files) == 0 {
		b.Fatalf("%d files in the cache: %v", len(files), err)
	}
	var took [2]time.Duration
	pages, sum := 0, byte(0)
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			b.Fatal(err)
		}
		p, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED|unix.MAP_POPULATE)
		if err != nil {
			b.Fatal(err)
		}
		_ = f.Close()
		for i := range took {
			start := time.Now()
			for at := 0; at < len(p); at += os.Getpagesize() {
				sum += p[at]
			}
			took[i] += time.Since(start)
		}
		pages += len(p) / os.Getpagesize()
		_ = unix.Munmap(p)
	}
	b.ReportMetric(float64(took[0])/float64(pages), "ns/page-first-touch")
	b.ReportMetric(float64(took[1])/float64(pages), "ns/page-second-touch")
	runtime.KeepAlive(sum)
}

// diskRead is how many bytes the process has had read from disks.
func (g *gateway) diskRead() (n int64) {
	g.b.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(g.cmd.Process.Pid) + "/io")
	if err != nil {
		g.b.Fatal(err)
	}
	_, line, ok := bytes.Cut(text, []byte("\nread_bytes:"))
	if _, err := fmt.Sscan(string(line), &n); !ok || err != nil {
		g.b.Fatalf("/proc says %q", text)
	}
	return n
}
