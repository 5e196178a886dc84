package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// BenchmarkRecover opens a folder that claims so many pieces, of a hundred torrents, after a
// crash: its time, and the memory that the index then takes.
func BenchmarkRecover(b *testing.B) {
	for _, pieces := range []int{1_000_000, 10_000_000} {
		b.Run(fmt.Sprint(pieces), func(b *testing.B) {
			dir := b.TempDir()
			claimPieces(b, dir, 100, pieces/100)
			for b.Loop() {
				before := heapBytes()
				s, err := Open(Config{Dir: dir, DiskBytes: 1 << 50, MemoryBytes: 1 << 40})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if st := s.Stats(); st.DiskPieces != pieces {
					b.Fatalf("%d pieces, not %d", st.DiskPieces, pieces)
				}
				b.ReportMetric(float64(heapBytes()-before)/float64(pieces), "B/piece")
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
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
func claimPieces(b *testing.B, dir string, torrents, pieces int) {
	b.Helper()
	const length = 256 << 10
	const inRun = int(maxRunBytes / length)
	if err := os.MkdirAll(filepath.Join(dir, piecesDir), dirPerm); err != nil {
		b.Fatal(err)
	}
	journal := appendHeader(nil)
	for id := range torrents {
		hash := fmt.Sprintf("%020d", id)
		geo := geometry{hash: hash, pieceLen: length, pieces: pieces, span: int64(pieces) * length, runPieces: inRun}
		journal = record{kind: recordTorrent, id: uint32(id + 1), geo: geo}.appendTo(journal)
		for i := 0; i < pieces; i += inRun {
			n := min(inRun, pieces-i)
			journal = record{kind: recordPut, id: uint32(id + 1), piece: i, count: n}.appendTo(journal)
			name := filepath.Join(dir, piecesDir, runName(hash, i/inRun))
			if err := os.WriteFile(name, nil, filePerm); err != nil {
				b.Fatal(err)
			}
			if err := os.Truncate(name, int64(n)*length); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, journalName), journal, filePerm); err != nil {
		b.Fatal(err)
	}
}
