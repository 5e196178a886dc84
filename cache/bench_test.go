package cache

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/cputime"
	"github.com/btgw/btgw/internal/rawtcp"
	"github.com/btgw/btgw/metainfo"
)

// perGB reports CPU seconds and bytes per second of what a benchmark moved.
func perGB(b *testing.B, cpu time.Duration, bytes int64) {
	b.ReportMetric(cpu.Seconds()/(float64(bytes)/1e9), "CPU-s/GB")
	b.ReportMetric(float64(bytes)/1e6/b.Elapsed().Seconds(), "MB/s")
}

// hugeInfo is a torrent of so many pieces whose hashes fit nothing.
func hugeInfo(tb testing.TB, pieceLen int64, pieces int) *metainfo.Info {
	raw := fmt.Sprintf("d6:lengthi%de4:name1:t12:piece lengthi%de6:pieces%d:", pieceLen*int64(pieces), pieceLen, 20*pieces)
	info, err := metainfo.ParseInfo(append(append([]byte(raw), make([]byte, 20*pieces)...), 'e'))
	if err != nil {
		tb.Fatal(err)
	}
	return info
}

// BenchmarkPut writes through to disk as fast as the disk takes it, within a
// budget that is reached: what it costs to keep what is downloaded.
func BenchmarkPut(b *testing.B) {
	for _, size := range []int64{256 << 10, 4 << 20} {
		for name, budget := range map[string]int64{"room": 64 << 30, "evicting": 512 << 20, "memory": 0} {
			b.Run(fmt.Sprintf("%s/%dKiB", name, size>>10), func(b *testing.B) {
				cfg := Config{Dir: b.TempDir(), DiskBytes: budget}
				if budget == 0 {
					cfg.Dir = ""
				}
				s := openStore(b, cfg)
				const pieces = 8000
				tor, err := s.Torrent(hugeInfo(b, size, int(int64(pieces)*(256<<10)/size)), nil, nil)
				if err != nil {
					b.Fatal(err)
				}
				n := tor.c.geo.pieces
				b.SetBytes(size)
				cpu := cputime.Used()
				i := 0
				for b.Loop() {
					for waiting, limit := s.Backlog(); waiting+size > limit; waiting, limit = s.Backlog() {
						time.Sleep(time.Millisecond)
					}
					if i%n == 0 && i > 0 {
						tor.Remove()
						if tor, err = s.Torrent(tor.info, nil, nil); err != nil {
							b.Fatal(err)
						}
					}
					buf := s.pool.Get(int(size))
					tor.Put(i%n, buf)
					buf.Release()
					i++
				}
				if err := tor.Flush(); err != nil {
					b.Fatal(err)
				}
				perGB(b, cputime.Used()-cpu, int64(i)*size)
				b.ReportMetric(float64(s.Stats().Overflows), "overflows")
			})
		}
	}
}

// BenchmarkSend sends ranges of held pieces over TCP on loopback: out of memory, out
// of files by a copy, and out of files by their pages.
func BenchmarkSend(b *testing.B) {
	for _, n := range []int64{64 << 10, 1 << 20} {
		for name, memory := range map[string]int64{"memory": 256 << 20, "disk": 4, "pages": 4} {
			b.Run(fmt.Sprintf("%s/%dKiB", name, n>>10), func(b *testing.B) {
				s := openStore(b, Config{Dir: b.TempDir(), MemoryBytes: memory})
				f := single(b, 1<<20, 1, 64<<20)
				tor := f.open(b, s, nil)
				f.store(b, tor)
				conn, done := drain(b)
				var w io.WriteCloser = conn
				if name == "pages" {
					w = &pageConn{Conn: rawtcp.New(conn)}
				}
				b.SetBytes(n)
				b.ReportAllocs()
				cpu := cputime.Used()
				i := 0
				for b.Loop() {
					l, err := tor.Get(i * 7 % 64)
					if err != nil || (l.Bytes() != nil) != (name == "memory") {
						b.Fatal(err, name)
					}
					if _, err := l.WriteRange(w, 0, n); err != nil {
						b.Fatal(err)
					}
					l.Release()
					i++
				}
				_ = w.Close()
				<-done
				perGB(b, cputime.Used()-cpu, int64(i)*n)
			})
		}
	}
}

// BenchmarkReadAgain sends what was just written three times over, as whole pieces: the first
// time none of it is in the page cache.
func BenchmarkReadAgain(b *testing.B) {
	const pieces, size = 256, 1 << 20
	var cpus [3]time.Duration
	var took [3]time.Duration
	n, memory := 0, 0
	for b.Loop() {
		s := openStore(b, Config{Dir: b.TempDir(), MemoryBytes: 64 << 20})
		tor, err := s.Torrent(hugeInfo(b, size, pieces), nil, nil)
		if err != nil {
			b.Fatal(err)
		}
		for i := range pieces {
			buf := s.pool.Get(size)
			tor.Put(i, buf)
			buf.Release()
			if i%8 == 7 {
				flush(b, tor)
			}
		}
		w, done := drain(b)
		for reading := range cpus {
			cpu, start := cputime.Used(), time.Now()
			for i := range pieces {
				l, err := tor.Get(i)
				if err != nil {
					b.Fatal(err)
				}
				if l.buf != nil {
					memory++
				}
				if _, err := l.WriteRange(w, 0, size); err != nil {
					b.Fatal(err)
				}
				l.Release()
			}
			cpus[reading], took[reading] = cpus[reading]+cputime.Used()-cpu, took[reading]+time.Since(start)
		}
		_ = w.Close()
		<-done
		closeStore(b, s)
		n++
	}
	bytes := float64(n*pieces*size) / 1e9
	for reading, name := range []string{"1st", "2nd", "3rd"} {
		b.ReportMetric(cpus[reading].Seconds()/bytes, name+"-CPU-s/GB")
		b.ReportMetric(bytes*1e3/took[reading].Seconds(), name+"-MB/s")
	}
	b.ReportMetric(float64(memory)/float64(n*len(cpus)*pieces), "of-memory")
	b.ReportMetric(0, "ns/op")
}

// drain is a TCP connection whose other end reads all and throws it away.
func drain(b *testing.B) (*net.TCPConn, <-chan struct{}) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	w, err := ln.Accept()
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer c.Close()
		buf := make([]byte, 256<<10)
		for {
			if _, err := c.Read(buf); err != nil {
				return
			}
		}
	}()
	return w.(*net.TCPConn), done
}

// BenchmarkOpen opens a cache of 500,000 pieces in 500 torrents.
func BenchmarkOpen(b *testing.B) {
	const torrents, pieces = 500, 1000
	dir := b.TempDir()
	if err := os.Mkdir(filepath.Join(dir, piecesDir), 0o700); err != nil {
		b.Fatal(err)
	}
	journal := appendHeader(nil)
	for id := range uint32(torrents) {
		geo := geometry{hash: fmt.Sprintf("%020d", id), pieceLen: 16 << 10, pieces: pieces, span: pieces * 16 << 10, runPieces: pieces}
		journal = record{kind: recordTorrent, id: id, geo: geo}.appendTo(journal)
		journal = record{kind: recordPut, id: id, count: pieces}.appendTo(journal)
		name := filepath.Join(dir, piecesDir, runName(geo.hash, 0))
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			b.Fatal(err)
		}
		if err := os.Truncate(name, geo.span); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, journalName), journal, 0o600); err != nil {
		b.Fatal(err)
	}
	var opening time.Duration
	for b.Loop() {
		began := time.Now()
		s := openStore(b, Config{Dir: dir})
		opening += time.Since(began)
		if n := s.Stats().Pieces; n != torrents*pieces {
			b.Fatalf("%d pieces", n)
		}
		closeStore(b, s)
	}
	b.ReportMetric(float64(opening.Milliseconds())/float64(b.N), "ms/open")
}

// BenchmarkGet leases and releases a piece.
func BenchmarkGet(b *testing.B) {
	for name, memory := range map[string]int64{"memory": 64 << 20, "disk": 4} {
		b.Run(name, func(b *testing.B) {
			s := openStore(b, Config{Dir: b.TempDir(), MemoryBytes: memory})
			f := single(b, 16<<10, 1, 64*16<<10)
			tor := f.open(b, s, nil)
			f.store(b, tor)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					l, err := tor.Get(i % 64)
					if err != nil {
						b.Fatal(err)
					}
					l.Release()
				}
			})
		})
	}
}
