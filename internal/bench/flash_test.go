package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// BenchmarkFlashCrowd publishes 200 MiB at 4 MB/s, and has 30 libtorrent clients that take and give 2 MB/s each come at once with
// the magnet link. The figures are how long the last one took, beside the least that the rates allow, and how many copies btgw sent.
func BenchmarkFlashCrowd(b *testing.B) {
	const (
		size, readers       = 200 << 20, 30
		rate, publisherRate = 2_000_000, 4_000_000
	)
	ideal := max(size/float64(rate), size/float64(publisherRate), readers*size/float64(readers*rate+publisherRate))
	p := clients.MakePayload(b, clients.Spec{Name: "popular.bin", Seed: 5, PieceLength: 256 << 10, Size: size})
	for b.Loop() {
		http, admin, peers := freeAddr(b), freeAddr(b), freeAddr(b)
		cmd := exec.Command(binary, "publish", "--no-qr", "--allow-private", "--listen", http, "--admin-listen", admin, "--peer-listen", peers,
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
			crowd[i] = clients.StartLibtorrent(b, clients.LibtorrentOptions{DownloadRate: rate, UploadRate: rate, PEX: true})
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
		_ = cmd.Process.Signal(syscall.SIGTERM)
		b.ReportMetric(took, "s")
		b.ReportMetric(took/ideal, "of-ideal")
		b.ReportMetric(sent/size, "copies-sent")
		b.ReportMetric(0, "ns/op")
	}
}
