package e2e

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

var (
	kills    = flag.Int("kills", 4, "how often TestKills kills btgw")
	killSeed = flag.Uint64("kills.seed", 1, "of the moments and reads of TestKills")
)

// TestKills: btgw is killed (SIGKILL) at random moments while it downloads, serves and evicts, with readers
// attached, and is started on the same cache each time. It always starts, and no reader ever gets a wrong
// byte. The cache holds less than half of what is read, so that it evicts all the time and writes its
// journal anew.
func TestKills(t *testing.T) {
	t.Parallel()
	const torrents, readers, size = 4, 6, 36 << 20
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	films := make(library, torrents)
	for i := range films {
		p := clients.MakePayload(t, clients.Spec{Name: fmt.Sprintf("film %d.bin", i), Seed: uint64(80 + i), PieceLength: 64 << 10, Size: size})
		seeder.Seed(p, false)
		content, err := os.ReadFile(p.Path(files(p)[0]))
		if err != nil {
			t.Fatal(err)
		}
		films[i] = volume{p, content}
	}
	random := rand.New(rand.NewPCG(*killSeed, 0))
	o := options{dir: t.TempDir(), args: []string{"--cache-size=64MiB", "--memory=64MiB"}}
	var right atomic.Int64
	var slowest time.Duration // start
	for range *kills {
		moment, seed := time.Duration(random.Int64N(int64(1500*time.Millisecond))), random.Uint64()
		t.Run("", func(t *testing.T) {
			begun := time.Now()
			g := start(t, o)
			slowest = max(slowest, time.Since(begun))
			ctx, end := context.WithCancel(t.Context())
			var reading sync.WaitGroup
			for i := range readers {
				reading.Go(func() {
					right.Add(films.read(ctx, t, g, rand.New(rand.NewPCG(seed, uint64(i))), hints(nil, seeder.Addr())))
				})
			}
			time.Sleep(moment) // which is what the test is about
			g.kill()
			end()
			reading.Wait()
		})
	}
	t.Logf("%d bytes were right, after %d kills; the slowest start took %v", right.Load(), *kills, slowest)
	if right.Load() == 0 {
		t.Error("no byte was read")
	}
	g := start(t, o)
	for _, f := range films {
		g.wants(t, f.payload, hints(nil, seeder.Addr()))
	}
	if st := g.status(films[0].payload.Hash); st.Swarm.Banned != 0 {
		t.Errorf("%d peers are banned", st.Swarm.Banned)
	}
}

// A volume is a torrent with what it holds.
type volume struct {
	payload *clients.Payload
	content []byte
}

type library []volume

// read reads one range after another of films, each from a place of its own, until ctx ends, and returns how many bytes
// were right. A transfer that is cut is none that is wrong.
func (l library) read(ctx context.Context, t *testing.T, g *btgw, random *rand.Rand, query string) (right int64) {
	buf := make([]byte, 64<<10)
	for ctx.Err() == nil {
		f := l[random.IntN(len(l))]
		at := random.IntN(len(f.content))
		end := min(len(f.content), at+1+random.IntN(8<<20))
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, g.urlOf(f.payload, files(f.payload)[0], query), nil)
		if err != nil {
			t.Error(err)
			return right
		}
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", at, end-1))
		a, err := g.http.Do(r)
		if err != nil {
			return right // it was killed
		}
		if a.StatusCode != http.StatusPartialContent {
			t.Errorf("bytes %d to %d of %s: status %d", at, end-1, f.payload.Info.Name, a.StatusCode)
		}
		for err == nil && a.StatusCode == http.StatusPartialContent {
			var n int
			n, err = a.Body.Read(buf)
			if at+n > end || !bytes.Equal(buf[:n], f.content[at:at+n]) {
				t.Errorf("%s: wrong bytes in %d to %d", f.payload.Info.Name, at, at+n)
				break
			}
			at, right = at+n, right+int64(n)
		}
		if err == io.EOF && at != end {
			t.Errorf("%s: a transfer ends at %d, before %d, as if it were whole", f.payload.Info.Name, at, end)
		}
		a.Body.Close()
	}
	return right
}
