package e2e

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestHangUp: clients that hang up in the middle leave no goroutine and no
// demand behind. btgw begins goroutines for reasons of its own too, so that half as many as
// there are clients may be new. The seeder needs a minute for half of the content: who is
// held up for seconds reads no more of it than who is not.
func TestHangUp(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "left.bin", Seed: 91, PieceLength: 256 << 10, Size: 128 << 20})
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{UploadRate: 1 << 20})
	l.Seed(p, false)
	g := start(t, options{})
	f, query := files(p)[0], hints(nil, l.Addr())
	g.wantsRange(t, p, f, 0, 1000, query) // so that what a torrent needs is there
	await(t, "the request is over", func() bool { return g.status(p.Hash).Readers == 0 })
	before := g.settled(t)

	const leaving = 10
	var readers sync.WaitGroup
	for i := range leaving {
		readers.Go(func() {
			s := g.open(t.Context(), g.urlOf(p, f, query), "Range", "bytes="+[]string{"0-", "30000000-", "60000000-"}[i%3])
			defer s.close()
			s.read(256 << 10)
			if s.err != nil || s.status != http.StatusPartialContent {
				t.Errorf("status %d, error %v", s.status, s.err)
			}
		})
	}
	readers.Wait()
	await(t, "no reader is left", func() bool { return g.status(p.Hash).Readers == 0 })
	g.still(t, p.Hash)
	await(t, "their goroutines have ended", func() bool { return g.goroutines() < before+leaving/2 })
	if st := g.status(p.Hash); st.Downloaded > st.Size/2 {
		t.Errorf("downloaded %d bytes of %d for readers who left early", st.Downloaded, st.Size)
	}
}

// TestHangUpWhileWaiting: clients that hang up before they get anything.
func TestHangUpWhileWaiting(t *testing.T) {
	t.Parallel()
	g := start(t, options{})
	ih := metainfo.NewV1([20]byte{92})
	// A hint is always tried: without one the answer may be 504 at once, since nobody was
	// found a while ago.
	url := g.url + ih.Path() + "/name" + hints(nil, clients.Nobody(t))
	ask := func(n int) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		var leaving sync.WaitGroup
		for range n {
			leaving.Go(func() {
				s := g.open(ctx, url)
				defer s.close()
				if s.err == nil {
					t.Errorf("status %d", s.status)
				}
			})
		}
		leaving.Wait()
	}
	// The torrent stays a while, with its own goroutines.
	ctx, hangUp := context.WithCancel(t.Context())
	var first sync.WaitGroup
	first.Go(func() { g.open(ctx, url).close() })
	await(t, "the torrent is begun", func() bool {
		return g.get(g.admin+"/api/v1/torrents/"+ih.String()).status == http.StatusOK
	})
	hangUp()
	first.Wait()
	before := g.settled(t)
	const askers = 20
	ask(askers)
	await(t, "their goroutines have ended", func() bool { return g.goroutines() < before+askers/2 })
}

// settled counts the goroutines once their number does not change any more.
func (g *btgw) settled(t *testing.T) int {
	t.Helper()
	const same = 10
	last, seen := 0, 0
	await(t, "the number of goroutines settles", func() bool {
		n := g.goroutines()
		if n != last {
			last, seen = n, 0
		}
		seen++
		return seen >= same
	})
	return last
}

// still expects that nothing more is downloaded, soon.
func (g *btgw) still(t *testing.T, ih metainfo.InfoHash) {
	t.Helper()
	const quiet = 500 * time.Millisecond
	last, since := int64(-1), time.Now()
	await(t, "nothing more is downloaded", func() bool {
		if n := g.status(ih).Downloaded; n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > quiet
	})
}
