package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// BenchmarkFlashCrowd publishes 200 MiB at 4 MB/s, and has 30 libtorrent clients that take and give 2 MB/s each come at once with
// the magnet link. The figures are how long the last one took, beside the least that the rates allow, and how many copies btgw sent.
// Beside them are what 30 readers get over HTTP of the same 4 MB/s, of whom none has anything of another, in half a minute: the one
// that gets least, and how long all of them would take.
func BenchmarkFlashCrowd(b *testing.B) {
	const (
		size, readers       = 200 << 20, 30
		each, publisherRate = 2_000_000, 4_000_000
	)
	ideal := max(size/float64(each), size/float64(publisherRate), readers*size/float64(readers*each+publisherRate))
	p := clients.MakePayload(b, clients.Spec{Name: "popular.bin", Seed: 5, PieceLength: 256 << 10, Size: size})
	for b.Loop() {
		web, admin, peers := freeAddr(b), freeAddr(b), freeAddr(b)
		cmd := exec.Command(binary, "publish", "--no-qr", "--allow-private", "--listen", web, "--admin-listen", admin, "--peer-listen", peers,
			"--cache-dir", b.TempDir(), "--no-dht", "--no-lsd", "--no-portmap", "--upload-rate", fmt.Sprint(publisherRate), "--piece-length=256KiB", filepath.Join(p.Dir, p.Info.Name))
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
		magnet := ""
		for lines := bufio.NewScanner(out); magnet == "" && lines.Scan(); {
			_, magnet, _ = strings.Cut(lines.Text(), "  magnet  ")
		}
		m, err := metainfo.ParseMagnet(magnet)
		if err != nil {
			b.Fatal(err)
		}
		m.WebSeeds = nil // peers alone
		crowd := make([]*clients.Libtorrent, readers)
		for i := range crowd {
			crowd[i] = clients.StartLibtorrent(b, clients.LibtorrentOptions{DownloadRate: each, UploadRate: each, PEX: true})
		}
		ctx, cancel := context.WithTimeout(b.Context(), 10*time.Minute)
		begun := time.Now()
		var work sync.WaitGroup
		for _, l := range crowd {
			dir := b.TempDir()
			work.Go(func() {
				l.DownloadMagnet(m.String(), dir)
				l.WaitFinished(ctx)
			})
		}
		work.Wait()
		took := time.Since(begun).Seconds()
		cancel()
		g := &gateway{b: b, cmd: cmd, admin: admin}
		sent := float64(g.statusOf(m.Hashes[0]).Uploaded)
		for _, l := range crowd {
			l.Kill()
		}
		least, total := readersOf(b, throttled(b, web, publisherRate), m.Hashes[0].Path()+"/"+p.Info.Name, readers)
		_ = cmd.Process.Signal(syscall.SIGTERM)
		b.ReportMetric(took, "s")
		b.ReportMetric(took/ideal, "of-ideal")
		b.ReportMetric(sent/size, "copies-sent")
		b.ReportMetric(least/1e3, "least-HTTP-kB/s")
		b.ReportMetric(readers*size/total, "HTTP-s")
		b.ReportMetric(0, "ns/op")
	}
}

// throttled is where a server is reached by a line that carries so many bytes a second to all clients together.
func throttled(b *testing.B, server string, bytes int) (addr string) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	const chunk = 16 << 10
	line := rate.NewLimiter(rate.Limit(bytes), chunk)
	var work sync.WaitGroup
	carry := func(client net.Conn) {
		defer client.Close()
		up, err := net.Dial("tcp", server)
		if err != nil {
			return
		}
		defer up.Close()
		work.Go(func() {
			_, _ = io.Copy(up, client) // requests are short
			up.Close()
		})
		buf := make([]byte, chunk)
		for {
			n, err := up.Read(buf)
			if line.WaitN(b.Context(), n) != nil {
				return
			}
			if _, w := client.Write(buf[:n]); w != nil || err != nil {
				return
			}
		}
	}
	work.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() { carry(client) })
		}
	})
	b.Cleanup(func() { l.Close(); work.Wait() })
	return l.Addr().String()
}

// readersOf has n clients read a file for half a minute, and returns the bytes a second of the one that got least, and of all.
func readersOf(b *testing.B, addr, path string, n int) (least, total float64) {
	b.Helper()
	const duration = 30 * time.Second
	ctx, cancel := context.WithTimeout(b.Context(), duration)
	defer cancel()
	got := make([]float64, n)
	var work sync.WaitGroup
	for i := range got {
		work.Go(func() {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, nil)
			if err != nil {
				b.Error(err)
				return
			}
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			answer, err := client.Do(request)
			if err != nil {
				return // it got nothing in time
			}
			defer answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				b.Errorf("%s: %s", path, answer.Status)
			}
			read, _ := io.Copy(io.Discard, answer.Body)
			got[i] = float64(read) / duration.Seconds()
		})
	}
	work.Wait()
	for _, v := range got {
		total += v
	}
	return slices.Min(got), total
}
