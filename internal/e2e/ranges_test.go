package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// span is a range of a file.
type span struct {
	file   *metainfo.File
	off, n int64
}

// spans are some of all the files of a torrent at random, each at most so long.
func spans(p *clients.Payload, seed uint64, count int, longest int64) []span {
	r := rand.New(rand.NewPCG(seed, 1))
	var all []span
	for len(all) < count {
		f := files(p)[r.IntN(len(files(p)))]
		if f.Length > 0 {
			off := r.Int64N(f.Length)
			all = append(all, span{f, off, 1 + r.Int64N(min(longest, f.Length-off))})
		}
	}
	return all
}

// TestRandomRanges compares 200 ranges with the file, four requests at a time.
func TestRandomRanges(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{
		Name: "ranges", Seed: 51, PieceLength: 128 << 10,
		Files: []clients.FileSpec{{Path: []string{"1.bin"}, Size: 10<<20 + 1}, {Path: []string{"2.bin"}, Size: 200_000}, {Path: []string{"3.bin"}, Size: 5 << 20}},
	})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	query := hints(nil, l.Addr())
	work := make(chan span)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for s := range work {
				g.wantsRange(t, p, s.file, s.off, s.n, query)
			}
		})
	}
	for _, s := range spans(p, 51, 200, 400_000) {
		work <- s
	}
	close(work)
	workers.Wait()
	if st := g.status(p.Hash); st.Downloaded > st.Size+st.Size/20 {
		t.Errorf("downloaded %d bytes of %d", st.Downloaded, st.Size)
	}
}

// TestManyReaders reads at 50 random positions at once.
func TestManyReaders(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "read by many.bin", Seed: 52, PieceLength: 512 << 10, Size: 32<<20 - 7})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	query := hints(nil, l.Addr())
	var readers sync.WaitGroup
	for _, s := range spans(p, 52, 50, 2<<20) {
		readers.Go(func() { g.wantsRange(t, p, s.file, s.off, s.n, query) })
	}
	readers.Wait()
	st := g.status(p.Hash)
	if st.Downloaded > st.Size+st.Size/20 || st.Readers != 0 || st.HashFailures != 0 {
		t.Errorf("downloaded %d bytes of %d, %d readers are left, %d pieces failed", st.Downloaded, st.Size, st.Readers, st.HashFailures)
	}
}

// TestParallelHTTP lets aria2 get a file over eight connections.
func TestParallelHTTP(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "in parallel.bin", Seed: 53, PieceLength: 256 << 10, Size: 24<<20 + 11})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	out := filepath.Join(t.TempDir(), p.Info.Name)
	clients.Aria2HTTP(t, g.urlOf(p, files(p)[0], hints(nil, l.Addr())), 8, out)
	p.CheckCopy(t, filepath.Dir(out))
	st := g.status(p.Hash)
	if st.Downloaded > st.Size+st.Size/20 {
		t.Errorf("downloaded %d bytes of %d, wasted %d", st.Downloaded, st.Size, st.Wasted)
	}
}

// TestRangeIsEnough: a range costs the pieces that it touches and what is read
// ahead of it, no more, and nothing of a file that is not there.
func TestRangeIsEnough(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "in part.bin", Seed: 54, PieceLength: 256 << 10, Size: 16 << 20})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	f, query := files(p)[0], hints(nil, l.Addr())
	g.wantsRange(t, p, f, 5<<20+100, 300_000, query) // three pieces at most
	if st := g.status(p.Hash); st.Downloaded > 3*256<<10 || st.PiecesHave > 3 {
		t.Errorf("downloaded %d bytes, %d pieces, for three", st.Downloaded, st.PiecesHave)
	}
	head, err := g.http.Head(g.urlOf(p, f, query))
	if err != nil {
		t.Fatal(err)
	}
	head.Body.Close()
	if head.StatusCode != http.StatusOK || head.ContentLength != f.Length {
		t.Errorf("HEAD: %d, %d bytes", head.StatusCode, head.ContentLength)
	}
	a := g.get(g.urlOf(p, f, query), "Range", fmt.Sprintf("bytes=%d-", f.Length))
	if a.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("past the end: %d", a.status)
	}
	if st := g.status(p.Hash); st.PiecesHave > 3 {
		t.Errorf("%d pieces after questions that need none", st.PiecesHave)
	}
}
