package attacks

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo/bencode"
)

// cachedTorrents is how many torrents the honest client has read before.
const cachedTorrents = 6

// world is those who attack nobody: torrents, a seeder (libtorrent) that has an
// address for each, and the tracker that knows them.
type world struct {
	cached, cold []*clients.Payload
	seeders      map[[20]byte]string // host:port, by what they have
}

// makeWorld has torrents enough for attacks that last d.
func makeWorld(t *testing.T, d time.Duration) *world {
	t.Helper()
	w := &world{seeders: map[[20]byte]string{}}
	var listen []string
	payload := func(seed int, size int64) *clients.Payload {
		p := clients.MakePayload(t, clients.Spec{Name: fmt.Sprintf("honest-%d.bin", seed), Seed: uint64(seed), Size: size, PieceLength: 64 << 10})
		addr := seederAddr(len(listen))
		addAddr(t, addr) // libtorrent listens at addresses of interfaces alone
		w.seeders[p.Hash.Wire()] = addr + ":6881"
		listen = append(listen, addr+":6881")
		return p
	}
	for i := range cachedTorrents {
		w.cached = append(w.cached, payload(1000+i, 4<<20))
	}
	for i := range int(d/coldEvery) + 2 {
		w.cold = append(w.cold, payload(2000+i, coldSize))
	}
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{Settings: map[string]any{
		"listen_interfaces": strings.Join(listen, ","), "enable_outgoing_tcp": false,
	}})
	for _, p := range slices.Concat(w.cached, w.cold) {
		l.Seed(p, true)
	}
	serveHTTP(t, trackerAddr+":80", w.announce)
	return w
}

// announce is what the tracker says.
func (w *world) announce(rw http.ResponseWriter, r *http.Request) {
	var torrent [20]byte
	copy(torrent[:], r.URL.Query().Get("info_hash"))
	addr, known := w.seeders[torrent]
	if !known {
		http.NotFound(rw, r)
		return
	}
	seeder := netip.MustParseAddrPort(addr)
	peers := binary.BigEndian.AppendUint16(seeder.Addr().AsSlice(), seeder.Port())
	answer, _ := bencode.Append(nil, map[string]any{"interval": int64(1800), "peers": string(peers)})
	_, _ = rw.Write(answer)
}

// serveHTTP serves until the end of the test.
func serveHTTP(t *testing.T, addr string, h http.HandlerFunc) {
	t.Helper()
	s := &http.Server{Addr: addr, Handler: h}
	ended := make(chan error, 1)
	go func() { ended <- s.ListenAndServe() }()
	t.Cleanup(func() {
		s.Close()
		if err := <-ended; err != http.ErrServerClosed {
			t.Errorf("%s: %v", addr, err)
		}
	})
}

// urlOf is where the file of a payload is, with its seeder or its tracker as a
// hint.
func (w *world) urlOf(p *clients.Payload, byTracker bool) string {
	hint := "x.pe=" + url.QueryEscape(w.seeders[p.Hash.Wire()])
	if byTracker {
		hint = "tr=" + url.QueryEscape("http://"+trackerAddr+"/announce")
	}
	return contentURL + p.Hash.Path() + "/" + p.Info.Name + "?" + hint
}

// honest is the client that reads while others attack.
type honest struct {
	t    *testing.T
	w    *world
	addr string
	http *http.Client

	mu           sync.Mutex
	cached, cold []time.Duration // forever where a read failed
	works        int             // that the control did
	worked       time.Duration   // that they took
	failures     map[string]int
}

// forever is the time of a read that failed.
const forever = time.Duration(math.MaxInt64)

func newHonest(t *testing.T, w *world, addr string) *honest {
	h := &honest{t: t, w: w, addr: addr, failures: map[string]int{}}
	h.http = clientFrom(addr)
	return h
}

// clientFrom is an HTTP client with an address, and a connection a request.
func clientFrom(addr string) *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: dialFrom(addr).DialContext, DisableKeepAlives: true, DisableCompression: true}}
}

// warm reads what is to be cached.
func (h *honest) warm() {
	h.t.Helper()
	for _, p := range h.w.cached {
		if err := h.read(h.t.Context(), p, 0, p.Info.Files[0].Length, false); err != nil {
			h.t.Fatalf("before the attack: %v", err)
		}
	}
}

// read gets a range and compares it.
func (h *honest) read(ctx context.Context, p *clients.Payload, off, n int64, byTracker bool) error {
	ctx, cancel := context.WithTimeout(ctx, honestWait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.w.urlOf(p, byTracker), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", off, off+n-1))
	resp, err := h.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusPartialContent {
		problem, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return fmt.Errorf("status %d: %s", resp.StatusCode, problem)
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.LimitReader(resp.Body, n+1)); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != p.SHA256(&p.Info.Files[0], off, n) {
		h.t.Errorf("wrong bytes of %s", p.Info.Name)
	}
	return nil
}

// run reads until the context ends, and waits for what it asked for.
func (h *honest) run(ctx context.Context) {
	var reads sync.WaitGroup
	defer reads.Wait()
	random := rand.New(rand.NewPCG(1, 2))
	begun := time.Now()
	for i := 0; ctx.Err() == nil; i++ {
		p := h.w.cached[i%(len(h.w.cached)-1)] // the last one waits for late
		off := random.Int64N(p.Info.Files[0].Length - cachedSize)
		reads.Go(func() { h.measure(&h.cached, p, off, cachedSize, i%2 == 0) })
		reads.Go(h.compare)
		if next := int(time.Since(begun) / coldEvery); next < len(h.w.cold) && i%(int(coldEvery/cachedEvery)+1) == 0 {
			reads.Go(func() { h.measure(&h.cold, h.w.cold[next], 0, coldSize, next%2 == 0) })
		}
		select {
		case <-ctx.Done():
		case <-time.After(cachedEvery):
		}
	}
}

// late reads what nobody has read since before the attack.
func (h *honest) late() {
	h.measure(&h.cached, h.w.cached[len(h.w.cached)-1], 0, cachedSize, false)
}

// measure reads and notes the time.
func (h *honest) measure(to *[]time.Duration, p *clients.Payload, off, n int64, byTracker bool) {
	begun := time.Now()
	err := h.read(context.Background(), p, off, n, byTracker)
	took := time.Since(begun)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		took = forever
		h.failures[brief(err)]++
	}
	*to = append(*to, took)
}

// p95 is the time within which 95 % of reads were done.
func p95(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return forever
	}
	times = slices.Sorted(slices.Values(times))
	return times[int(math.Ceil(0.95*float64(len(times))))-1]
}

// failed counts reads that failed.
func failed(times []time.Duration) (n int) {
	for _, d := range times {
		if d == forever {
			n++
		}
	}
	return n
}

// brief is an error without its URL.
func brief(err error) string {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	return err.Error()
}
