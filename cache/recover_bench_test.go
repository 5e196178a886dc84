package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/cputime"
)

// BenchmarkRecover opens a folder that claims so many pieces, after a crash: its time, the CPU time of
// the process, which other programs do not change, and the memory that the index then takes. In the one case a hundred torrents have them, in the other
// each hundred pieces are a torrent's, whose metainfo is kept.
func BenchmarkRecover(b *testing.B) {
	for _, c := range []struct{ torrents, pieces int }{{100, 1_000_000}, {100, 10_000_000}, {100_000, 10_000_000}} {
		b.Run(fmt.Sprintf("%d/%d", c.pieces, c.torrents), func(b *testing.B) {
			dir := b.TempDir()
			claimPieces(b, dir, c.torrents, c.pieces/c.torrents)
			var cpu time.Duration
			for b.Loop() {
				before, used := heapBytes(), cputime.Used()
				s, err := Open(Config{Dir: dir, DiskBytes: 1 << 50, MemoryBytes: 1 << 40})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				cpu += cputime.Used() - used
				if st := s.Stats(); st.DiskPieces != c.pieces || c.torrents > 100 && len(s.List()) != c.torrents {
					b.Fatalf("%d pieces, %d torrents", st.DiskPieces, len(s.List()))
				}
				b.ReportMetric(float64(heapBytes()-before)/float64(c.pieces), "B/piece")
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(cpu.Seconds()/float64(b.N), "CPU-s")
		})
	}
}

// heapBytes is how many bytes are in use.
func heapBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// claimPieces writes a journal that claims pieces of 256 KiB in empty files of the right lengths.
// Where torrents are many, they have metainfo files, which are empty too.
func claimPieces(b *testing.B, dir string, torrents, pieces int) {
	b.Helper()
	const length = 256 << 10
	const inRun = int(maxRunBytes / length)
	for _, sub := range []string{piecesDir, metainfoDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), dirPerm); err != nil {
			b.Fatal(err)
		}
	}
	write := func(name string, size int64) {
		if err := os.WriteFile(name, nil, filePerm); err != nil {
			b.Fatal(err)
		}
		if err := os.Truncate(name, size); err != nil {
			b.Fatal(err)
		}
	}
	journal := appendHeader(nil)
	for id := range torrents {
		hash := fmt.Sprintf("%020d", id)
		geo := geometry{hash: hash, pieceLen: length, pieces: pieces, span: int64(pieces) * length, runPieces: inRun}
		journal = record{kind: recordTorrent, id: uint32(id + 1), geo: geo}.appendTo(journal)
		for i := 0; i < pieces; i += inRun {
			n := min(inRun, pieces-i)
			journal = record{kind: recordPut, id: uint32(id + 1), piece: i, count: n}.appendTo(journal)
			write(filepath.Join(dir, piecesDir, runName(hash, i/inRun)), int64(n)*length)
		}
		if torrents > 100 {
			write(filepath.Join(dir, metainfoDir, fmt.Sprintf("%x%s", hash, metainfoSuffix)), 0)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, journalName), journal, filePerm); err != nil {
		b.Fatal(err)
	}
}
