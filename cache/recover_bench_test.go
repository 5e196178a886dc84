package cache

import (
	"encoding/hex"
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

// claimPieces writes a journal that claims pieces of 16 KiB in empty files of the right lengths.
func claimPieces(b *testing.B, dir string, torrents, pieces int) {
	b.Helper()
	const length = 16 << 10
	if err := os.MkdirAll(filepath.Join(dir, piecesDir), dirPerm); err != nil {
		b.Fatal(err)
	}
	journal := appendHeader(nil)
	for id := range torrents {
		hash := fmt.Sprintf("%020d", id)
		geo := geometry{hash: hash, pieceLen: length, pieces: pieces, span: int64(pieces) * length}
		journal = record{kind: recordTorrent, id: uint32(id + 1), geo: geo}.appendTo(journal)
		for i := range pieces {
			journal = record{kind: recordPut, id: uint32(id + 1), piece: i, length: length}.appendTo(journal)
		}
		name := filepath.Join(dir, piecesDir, hex.EncodeToString([]byte(hash))+dataSuffix)
		if err := os.WriteFile(name, nil, filePerm); err != nil {
			b.Fatal(err)
		}
		if err := os.Truncate(name, geo.span); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, journalName), journal, filePerm); err != nil {
		b.Fatal(err)
	}
}
