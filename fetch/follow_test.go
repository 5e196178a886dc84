package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// A mirror is a torrent of many small files, out of four peers that are 50 ms away and give
// 8 MB/s in all.
type mirror struct {
	*sim
	files int
}

const mirrorFile = 20 << 10

func newMirror(t *testing.T, files int, name string, piece int64) *mirror {
	fs := fstest.MapFS{}
	content := make([]byte, files*mirrorFile)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(content)
	for i := range files {
		fs["mirror/"+fmt.Sprintf(name, i)] = &fstest.MapFile{Data: content[i*mirrorFile : (i+1)*mirrorFile]}
	}
	mt, err := metainfo.Make(context.Background(), metainfo.MakeOptions{FS: fs, Root: "mirror", Version: metainfo.V1, PieceLength: piece})
	if err != nil {
		t.Fatal(err)
	}
	s := &sim{t: t, net: simnet.New(simnet.Config{RTT: 50 * ms, SendBuffer: 500 << 10}), torrent: mt}
	s.content = make([]byte, len(content)) // in the torrent's order
	for i := range files {
		copy(s.content[fileNamed(t, mt.Info, fmt.Sprintf(name, i)).Offset:], content[i*mirrorFile:(i+1)*mirrorFile])
	}
	s.gate = s.node(simnet.HostConfig{})
	for range 4 {
		s.script(simRate, simnet.Libtorrent())
	}
	s.know()
	return &mirror{sim: s, files: files}
}

func fileNamed(t *testing.T, info *metainfo.Info, name string) *metainfo.File {
	node, err := info.Lookup([]string{info.Name, name})
	if err != nil {
		t.Fatal(err)
	}
	return node.File
}

// get reads one file.
func (m *mirror) get(f *metainfo.File) {
	c, err := m.gate.session.Open(context.Background(), m.hash(), m.hints(), f, 0, f.Length)
	if err != nil {
		m.t.Error(err)
		return
	}
	defer c.Close()
	var b bytes.Buffer
	for {
		if err = c.Wait(context.Background()); err != nil {
			break
		}
		c.WriteNext(&b)
	}
	if err != io.EOF || sha256.Sum256(b.Bytes()) != sha256.Sum256(m.content[f.Offset:f.Offset+f.Length]) {
		m.t.Errorf("file at %d: %d bytes, %v", f.Offset, b.Len(), err)
	}
}

// read has so many clients read files of the listing, each the next one, and returns how long
// that took.
func (m *mirror) read(clients int, order []int) time.Duration {
	var all []*metainfo.File
	for node := range m.torrent.Info.Top().Children() {
		all = append(all, node.File)
	}
	var next atomic.Int64
	var done sync.WaitGroup
	start := time.Now()
	for range clients {
		done.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(order); i = int(next.Add(1)) - 1 {
				m.get(all[order[i]])
			}
		})
	}
	done.Wait()
	return time.Since(start)
}

// fetched is how many bytes came.
func (m *mirror) fetched() int64 {
	time.Sleep(time.Second) // what was on its way arrives
	st, _ := m.gate.session.Status(m.hash())
	return st.Downloaded
}

// pieces is how many bytes the pieces have that hold these files of the listing.
func (m *mirror) pieces(order []int) (n int64) {
	seen := map[int]bool{}
	info := m.torrent.Info
	for _, i := range order {
		f, _ := info.Ranked(i)
		first, last := info.Pieces(f, 0, f.Length)
		for p := first; p <= last; p++ {
			if !seen[p] {
				seen[p] = true
				n += int64(info.PieceSize(p))
			}
		}
	}
	return n
}

func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// Small files that are read one after another come at what the peers give, whatever their
// names are sorted by in the torrent.
func TestFilesInOrder(t *testing.T) {
	for _, x := range []struct {
		name    string
		piece   int64
		clients int
	}{{"%05d.bin", 64 << 10, 1}, {"%05d.bin", 16 << 10, 16}, {"%05d.bin", 64 << 10, 16}, {"%d.bin", 64 << 10, 16}, {"%05d.bin", 1 << 20, 16}} {
		files := 2000
		if raced {
			files = 800
		}
		if raced && x.name != "%d.bin" {
			continue
		}
		t.Run(fmt.Sprintf("%s,%d,%d", x.name, x.piece, x.clients), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				m := newMirror(t, files, x.name, x.piece)
				took := m.read(x.clients, inOrder(m.files))
				rate := float64(len(m.content)) / took.Seconds() / mb
				fetched := float64(m.fetched()) / float64(len(m.content))
				t.Logf("%.2f MB/s, %.3f bytes fetched a byte served", rate, fetched)
				if rate < 7 {
					t.Errorf("%.2f MB/s of 8", rate)
				}
				if fetched > 1.01 {
					t.Errorf("%.3f bytes fetched a byte", fetched)
				}
			})
		})
	}
}

// Of files that are read in no order nothing is fetched but their pieces.
func TestFilesInNoOrder(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		m := newMirror(t, 2000, "%05d.bin", 64<<10)
		order := rand.New(rand.NewPCG(1, 2)).Perm(m.files)[:300]
		m.read(16, order)
		most, fetched := m.pieces(order)*11/10, m.fetched()
		t.Logf("%d bytes fetched, %d without what is ahead", fetched, m.pieces(order))
		if fetched > most {
			t.Errorf("%d bytes fetched, %d may be", fetched, most)
		}
	})
}

// What is ahead of files that were read in order is let be when another one is opened.
func TestOrderIsBroken(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		m := newMirror(t, 2000, "%05d.bin", 64<<10)
		order := inOrder(40)
		m.read(1, order)
		time.Sleep(10 * ms)
		m.read(1, []int{1500})
		order = append(order, 1500)
		most, fetched := m.pieces(order)+sched.MinWindow, m.fetched()
		t.Logf("%d bytes fetched, %d for what was read", fetched, m.pieces(order))
		if fetched > most {
			t.Errorf("%d bytes fetched, %d may be", fetched, most)
		}
	})
}
