package fetch

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/webseed"
)

const webPort = 80

// web starts net/http's server on a host of its own, which serves the content at up
// bytes/s, and counts what it is asked. Of each answer it sends the first stall bytes, and
// then nothing more; 0 sends all.
func (s *sim) web(up int64, stall int) (url string, asked *atomic.Int64) {
	host := s.net.Host(simnet.HostConfig{Up: up})
	l, err := host.Listen(s.t.Context(), "tcp", ":80")
	if err != nil {
		s.t.Fatal(err)
	}
	asked = new(atomic.Int64)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		out := w
		if stall > 0 {
			out = &stalling{ResponseWriter: w, left: stall, until: r.Context()}
		}
		http.ServeContent(out, r, "", time.Time{}, bytes.NewReader(s.content))
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	s.t.Cleanup(func() {
		_ = server.Close()
		if err := <-served; err != http.ErrServerClosed {
			s.t.Error(err)
		}
	})
	return "http://" + host.AddrPort(webPort).String() + "/film.mkv", asked
}

// stalling sends so many bytes, and then waits for the client to go.
type stalling struct {
	http.ResponseWriter
	left  int
	until context.Context
}

func (w *stalling) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p[:min(len(p), w.left)])
	w.left -= n
	if err == nil && n < len(p) {
		err = http.NewResponseController(w.ResponseWriter).Flush()
		<-w.until.Done()
	}
	return n, cmp.Or(err, w.until.Err())
}

// longestWait reads n bytes from the start and returns how long that took, and what was the
// longest wait for a piece after the first.
func (s *sim) longestWait(n int64, h Hints) (took, longest time.Duration) {
	s.t.Helper()
	c, err := s.gate.session.Open(context.Background(), s.hash(), h, &s.torrent.Info.Files[0], 0, n)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	var got bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	start := time.Now()
	for {
		asked := time.Now()
		if err = c.Wait(ctx); err != nil {
			break
		}
		if got.Len() > 0 {
			longest = max(longest, time.Since(asked))
		}
		if _, err = c.WriteNext(&got); err != nil {
			break
		}
	}
	if err != io.EOF || sha256.Sum256(got.Bytes()) != sha256.Sum256(s.content[:n]) {
		s.t.Fatalf("%d bytes: %v", got.Len(), err)
	}
	return time.Since(start), longest
}

// TestSlowWebSeed: a reader waits for no web seed that is slow, or that falls silent in the
// middle of an answer, where a peer has the same: the whole takes a tenth longer at most
// than from the peer alone, and a piece as long as it takes to see that blocks are late
// (twice the longest that one took, which is some three round trips with the connection),
// to ask the peer for them too, and to get them. The web seed's own time-out is 30 s.
func TestSlowWebSeed(t *testing.T) {
	const size = 16 << 20
	play := func(t *testing.T, up int64, stall int) (took, longest time.Duration, requests int64, stats sched.Stats) {
		bubble.Test(t, func(t *testing.T) {
			s := newSim(t, simnet.Ideal, simRTT, 256<<10, size)
			s.seed(simRate, false)
			h := s.hints()
			if up > 0 {
				url, asked := s.web(up, stall)
				h.WebSeeds = []string{url}
				defer func() { requests = asked.Load() }()
			}
			s.know()
			took, longest = s.longestWait(size, h)
			tor := inUse(s.gate.session, s.hash())
			tor.mu.Lock()
			stats = tor.core.Stats
			tor.mu.Unlock()
		})
		return took, longest, requests, stats
	}
	alone, aloneWait, _, _ := play(t, 0, 0)
	t.Logf("the peer alone: %v, longest wait %v", alone, aloneWait)
	for _, c := range []struct {
		name  string
		up    int64
		stall int
	}{
		{"10 kB/s", 10_000, 0},
		{"100 kB/s", 100_000, 0},
		{"silent after a block", simRate, metainfo.BlockLen},
		{"silent after 300 kB", simRate, 300_000},
	} {
		if raced && c.up != 10_000 && c.stall < 300_000 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			took, longest, requests, stats := play(t, c.up, c.stall)
			t.Logf("%v, longest wait %v; %d requests to the web seed, %d blocks late, %d hedged, %d stolen, %d bytes in vain",
				took, longest, requests, stats.LateBlocks, stats.Hedged, stats.Stolen, stats.Wasted)
			if others := stats.Hedged + stats.Stolen; requests == 0 || others == 0 {
				t.Errorf("%d requests to the web seed, %d blocks of it asked of the peer", requests, others)
			}
			if took > alone*11/10 {
				t.Errorf("%v, from the peer alone it is %v", took, alone)
			}
			if most := 2*3*simRTT + simRTT + 3*transfer(256<<10, simRate) + sched.MinLateness; longest > most {
				t.Errorf("the reader waited for %v, more than %v", longest, most)
			}
		})
	}
}

// refuser is a web server that answers every request by an error, and notes when.
func (s *sim) refuser() (url string, asked func() []time.Time) {
	host := s.net.Host(simnet.HostConfig{})
	l, err := host.Listen(s.t.Context(), "tcp", ":80")
	if err != nil {
		s.t.Fatal(err)
	}
	var mu sync.Mutex
	var times []time.Time
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		times = append(times, time.Now())
		mu.Unlock()
		http.Error(w, "not here", http.StatusServiceUnavailable)
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	s.t.Cleanup(func() {
		_ = server.Close()
		<-served
	})
	return "http://" + host.AddrPort(webPort).String() + "/", func() []time.Time {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(times)
	}
}

// A host that clients name as a web seed sees five requests a second at most, few where it
// fails, and none once they have gone. One that sends right blocks is used as fast as it
// gives them, whoever named it.
func TestStrangersWebSeeds(t *testing.T) {
	client := netip.MustParsePrefix("192.0.2.1/32")
	t.Run("fails", func(t *testing.T) {
		bubble.Test(t, func(t *testing.T) {
			s := newSim(t, simnet.Ideal, simRTT, 256<<10, 4<<20)
			url, asked := s.refuser()
			s.know()
			h := Hints{Client: client}
			for i := range 16 {
				h.WebSeeds = append(h.WebSeeds, fmt.Sprint(url, i))
			}
			c, err := s.gate.session.Open(context.Background(), s.hash(), h, &s.torrent.Info.Files[0], 0, 4<<20)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			_ = c.Wait(ctx)
			time.Sleep(5 * time.Minute)
			times := asked()
			for i := contact.PerTarget; i < len(times); i++ {
				if d := times[i].Sub(times[i-contact.PerTarget]); d < time.Second-2*simRTT {
					t.Fatalf("%d requests in %v", contact.PerTarget+1, d)
				}
			}
			if n := len(times); n == 0 || n > 60 {
				t.Errorf("%d requests in five minutes to a host that fails", n)
			}
			c.Close()
			time.Sleep(2 * reapEvery)
			before := len(asked())
			time.Sleep(20 * time.Minute)
			if n := len(asked()); n > before {
				t.Errorf("%d requests after the client has gone", n-before)
			}
		})
	})
	for name, who := range map[string]netip.Prefix{"right, a stranger's": client, "right, our own": {}} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size = 16 << 20
				s := newSim(t, simnet.Ideal, simRTT, 256<<10, size)
				url, asked := s.web(simRate, 0)
				s.know()
				took, _ := s.longestWait(size, Hints{Client: who, WebSeeds: []string{url}})
				if ideal := time.Duration(size) * time.Second / simRate; took > ideal+2*time.Second {
					t.Errorf("took %v, at the server's rate it is %v", took, ideal)
				}
				t.Logf("%v, %d requests", took, asked.Load())
			})
		})
	}
	t.Run("another client", func(t *testing.T) {
		bubble.Test(t, func(t *testing.T) {
			s := newSim(t, simnet.Ideal, simRTT, 256<<10, 4<<20)
			url, asked := s.refuser()
			s.know()
			open := func(h Hints) Content {
				c, err := s.gate.session.Open(context.Background(), s.hash(), h, &s.torrent.Info.Files[0], 0, 4<<20)
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			other := open(Hints{Client: netip.MustParsePrefix("192.0.2.2/32")})
			defer other.Close()
			c := open(Hints{Client: client, WebSeeds: []string{url + "a"}})
			time.Sleep(time.Second)
			c.Close()
			time.Sleep(2 * reapEvery)
			before := len(asked())
			time.Sleep(10 * time.Minute)
			if n := len(asked()); before == 0 || n > before {
				t.Errorf("%d requests while its client waits, %d for another", before, n-before)
			}
			if st := s.gate.session.List()[0].WebSeeds[0].State; st != webseed.Resting {
				t.Errorf("it is %q", st)
			}
			c = open(Hints{Client: client, WebSeeds: []string{url + "a"}})
			time.Sleep(2 * time.Minute)
			if n := len(asked()); n == before {
				t.Error("it is not asked when its client is back")
			}
			c.Close()
		})
	})
}
