package attacks

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

var hintedRanges = flag.Int("attacks.ranges", 100_000, "how many ranges TestHintedRanges asks for")

const (
	// hintedGrowth is how many bytes of the heap a range may leave behind: fewer than one address of a tracker takes.
	hintedGrowth = 16
	hintedConns  = 4
)

// TestHintedRanges: memory does not grow with ranges of what is cached whose URL names
// twenty trackers.
func TestHintedRanges(t *testing.T) {
	w := makeWorld(t, 0)
	g := startBtgw(t, 64, 0, "--client-requests=0", "--client-streams=0", "--pprof")
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
	before := g.heap()
	next.Store(all / 5)
	read(all)
	after := g.heap()
	t.Logf("%d KiB in use after %d ranges, %d KiB after %d", before>>10, all/5, after>>10, all)
	if perRange := (after - before) / (all - all/5); perRange > hintedGrowth {
		t.Errorf("the heap grew by %d bytes a range", perRange)
	}
}

// heap gives the bytes of the heap that are in use, garbage left out. It needs --pprof.
func (g *btgw) heap() int64 {
	g.t.Helper()
	resp, err := http.Get(adminURL + "/debug/pprof/heap?gc=1&debug=1")
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	found := heapInUse.FindSubmatch(text)
	if found == nil {
		g.t.Fatalf("%s: no such figure in %.300s", heapInUse, text)
	}
	n, err := strconv.ParseInt(string(found[1]), 10, 64)
	if err != nil {
		g.t.Fatal(err)
	}
	return n
}

// heapInUse finds the figure of the runtime in the text of a profile.
var heapInUse = regexp.MustCompile(`(?m)^# HeapAlloc = (\d+)$`)
