package bench

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// libtorrentMakes makes a .torrent of a file with libtorrent: argv is the file, the .torrent, and the version.
const libtorrentMakes = `
import os, sys, libtorrent as lt
path, out, version = sys.argv[1:]
files = lt.file_storage()
lt.add_files(files, path)
t = lt.create_torrent(files, 1 << 20, lt.create_torrent.v1_only if version == 'v1' else 0)
lt.set_piece_hashes(t, os.path.dirname(path))
open(out, 'wb').write(lt.bencode(t.generate()))
`

// torfMakes makes a .torrent of v1 with torf: argv is the file and the .torrent.
const torfMakes = `
import sys, torf
t = torf.Torrent(path=sys.argv[1], piece_size=1 << 20)
t.generate(threads=2)
t.write(sys.argv[2])
`

var makeSize = flag.Int64("make.gib", 2, "of how many GiB BenchmarkMake makes torrents; they must fit in the page cache")

// BenchmarkMake makes torrents of 2 GiB that are in the page cache, in pieces of 1 MiB on two threads: a hybrid by btgw and by
// libtorrent, and one of v1 by both, by mktorrent, and by torf if scripts/install-partners put it into BTGW_PARTNERS. The figures
// are wall-clock times, and the processor's of btgw.
func BenchmarkMake(b *testing.B) {
	size := *makeSize << 30
	p := clients.MakePayload(b, clients.Spec{Name: "large.bin", Seed: 3, PieceLength: 1 << 20, Size: size})
	path := p.Path(&p.Info.Files[0])
	n := 0
	run := func(name string, args ...string) (wall, cpu float64) {
		b.Helper()
		cmd := exec.Command(name, args...)
		begun := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%s: %v\n%s", name, err, out)
		}
		wall = time.Since(begun).Seconds()
		return wall, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	}
	out := func() string {
		n++
		return filepath.Join(b.TempDir(), fmt.Sprint(n, ".torrent"))
	}
	for b.Loop() {
		hybrid, cpu := run(binary, "make", "--piece-length=1MiB", "--output", out(), path)
		v1, cpuV1 := run(binary, "make", "--v1", "--piece-length=1MiB", "--output", out(), path)
		lt, _ := run("/usr/bin/python3", "-c", libtorrentMakes, path, out(), "hybrid")
		ltV1, _ := run("/usr/bin/python3", "-c", libtorrentMakes, path, out(), "v1")
		mk, _ := run("mktorrent", "-t", "2", "-l", "20", "-o", out(), path)
		if partners := os.Getenv(clients.PartnersVariable); partners != "" {
			torf, _ := run("/usr/bin/env", "PYTHONPATH="+filepath.Join(partners, "torf"), "/usr/bin/python3", "-c", torfMakes, path, out())
			b.ReportMetric(v1/torf, "v1-of-torf")
		}
		b.ReportMetric(hybrid, "hybrid-s")
		b.ReportMetric(cpu/float64(size)*1e9, "hybrid-CPU-s/GB")
		b.ReportMetric(hybrid/lt, "hybrid-of-libtorrent")
		b.ReportMetric(v1, "v1-s")
		b.ReportMetric(cpuV1/float64(size)*1e9, "v1-CPU-s/GB")
		b.ReportMetric(v1/ltV1, "v1-of-libtorrent")
		b.ReportMetric(v1/mk, "v1-of-mktorrent")
		b.ReportMetric(0, "ns/op")
	}
}
