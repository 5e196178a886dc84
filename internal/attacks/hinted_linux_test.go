package attacks

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

var hintedRanges = flag.Int("attacks.ranges", 100_000, "how many ranges TestHintedRanges asks for")

const (
	// hintedGrowth is how much memory may grow by while most of the ranges are read.
	hintedGrowth = 16 << 20
	hintedConns  = 4
)

// TestHintedRanges: memory does not grow with ranges of what is cached whose URL names
// twenty trackers.
func TestHintedRanges(t *testing.T) {
	w := makeWorld(t, 0)
	g := startBtgw(t, 64, 0, "--client-requests=0", "--client-streams=0")
	newHonest(t, w, honestAddr).warm()
	p := w.cached[0]
	url := w.urlOf(p, false) + "&" + repeat(20, "tr", func(i int) string { return fmt.Sprintf("http://%s/announce", hostileAddr(i)) })
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: hintedConns}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	read := func(until int64) {
		var readers sync.WaitGroup
		for range hintedConns {
			readers.Go(func() {
				for n := next.Add(1); n <= until; n = next.Add(1) {
					req, _ := http.NewRequest(http.MethodGet, url, nil)
					req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", n%1000*4096, n%1000*4096+4095))
					resp, err := client.Do(req)
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
					if resp.StatusCode != http.StatusPartialContent {
						t.Errorf("status %d", resp.StatusCode)
						return
					}
				}
			})
		}
		readers.Wait()
	}
	all := int64(*hintedRanges)
	read(all / 5)
	before, err := g.usage()
	if err != nil {
		t.Fatal(err)
	}
	next.Store(all / 5)
	read(all)
	after, err := g.usage()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MiB after %d ranges, %d MiB after %d", before.rss/mebibyte, all/5, after.rss/mebibyte, all)
	if after.rss-before.rss > hintedGrowth {
		t.Errorf("memory grew by %d MiB", (after.rss-before.rss)/mebibyte)
	}
}
