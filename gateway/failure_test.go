package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

const browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// document is a problem document.
type document struct {
	Type, Title, Detail, InfoHash, Stage string
	Status                               int
	Tried                                map[string]int
	RetryAfter                           int `json:"retry_after"`
}

func (a *answer) document(t testing.TB) document {
	t.Helper()
	var d document
	if err := json.Unmarshal(a.body, &d); err != nil || a.get("Content-Type") != "application/problem+json" || d.Status != a.status {
		t.Fatalf("%d %q: %v", a.status, a.body, err)
	}
	return d
}

// What the backend says before the header, and what the client is told.
func TestBackendErrors(t *testing.T) {
	swarm := fetch.Status{Unchoked: 2, HashFailures: 5, Swarm: fetch.SwarmStats{TrackersAsked: 3, TrackersFailed: 1, Known: 9, Connected: 4}}
	tests := []struct {
		name         string
		err          error
		status       int
		kind         string
		says         string
		cache, retry string
	}{
		{"no metadata", &fetch.UnavailableError{Stage: fetch.StageMetadata, Status: swarm}, 504, "no-metadata", "metadata", "no-store", "30"},
		{"no peers at all", &fetch.UnavailableError{Stage: fetch.StageMetadata}, 504, "no-peers", "No peer was found", "no-store", "30"},
		{"no peers", &fetch.UnavailableError{Stage: fetch.StagePeers, Status: swarm, Holders: 2}, 504, "no-peers", "lets us download", "no-store", "30"},
		{"no peer has it", &fetch.UnavailableError{Stage: fetch.StagePeers, Status: swarm, NoSources: true}, 504, "no-peers", "No connected peer has this part", "no-store", "30"},
		{"no peer has the metadata", &fetch.UnavailableError{Stage: fetch.StageMetadata, Status: swarm, NoSources: true}, 504, "no-metadata", "metadata", "no-store", "30"},
		{"nobody is known", &fetch.UnavailableError{Stage: fetch.StagePeers}, 504, "no-peers", "No peer was found", "no-store", "30"},
		{"nobody is connected", &fetch.UnavailableError{Stage: fetch.StagePeers, Status: fetch.Status{Swarm: fetch.SwarmStats{Known: 2}}}, 504, "no-peers", "none is connected", "no-store", "30"},
		{"private, and nobody is connected", &fetch.UnavailableError{Stage: fetch.StagePeers, Status: fetch.Status{Private: true}, NoSources: true}, 504, "private", "private (BEP 27)", "no-store", "30"},
		{"private, and nobody has it", &fetch.UnavailableError{Stage: fetch.StagePeers, Status: fetch.Status{Private: true, Swarm: fetch.SwarmStats{Connected: 1}}}, 504, "no-peers", "No connected peer has this part", "no-store", "30"},
		{"no piece", &fetch.UnavailableError{Stage: fetch.StagePiece, Status: swarm}, 504, "no-piece", "did not come in time", "no-store", "30"},
		{"exhausted", &fetch.UnavailableError{Stage: fetch.StagePeers, Status: swarm, Exhausted: true}, 504, "no-peers", "super-seeds (BEP 16)", "no-store", "30"},
		{"no hashes", &fetch.UnavailableError{Stage: fetch.StageHashes, Status: swarm, Holders: 1}, 504, "no-hashes", "hashes of this v2", "no-store", "30"},
		{"bad data", &fetch.UnavailableError{Stage: fetch.StagePiece, Status: swarm, Bad: true}, 502, "bad-data", "hashes", "no-store", "30"},
		{"wrapped", fmt.Errorf("open: %w", &fetch.UnavailableError{Stage: fetch.StagePeers, Status: swarm}), 504, "no-peers", "", "no-store", "30"},
		{"over a limit", &metainfo.InvalidError{Field: "info.files", Reason: metainfo.ReasonLimit}, 422, "torrent-refused", "info.files", "public, max-age=3600", ""},
		{"private", fetch.ErrPrivate, 422, "needs-upload", "private torrent", "no-store", ""},
		{"no piece layers", fetch.ErrNoLayers, 422, "needs-upload", "v2 torrent", "no-store", ""},
		{"busy", fetch.ErrBusy, 503, "busy", "", "no-store", "5"},
		{"closed", fetch.ErrClosed, 503, "draining", "", "no-store", "10"},
		{"unknown", fetch.ErrUnknown, 504, "unavailable", "", "no-store", "30"},
		{"other", errors.New("secret detail"), 500, "internal", "log", "no-store", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := serve(t, nil)
			hash, _ := g.single(t, "a.bin", 1000)
			for _, stage := range []string{"Info", "Wait"} {
				setHook(g.backend, &g.backend.onInfo, nil)
				setHook(g.backend, &g.backend.onOpen, nil)
				if stage == "Info" {
					setHook(g.backend, &g.backend.onInfo, func(context.Context, metainfo.InfoHash) error { return test.err })
				} else {
					setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) { c.wait = func(context.Context, int) error { return test.err } })
				}
				a := g.get(t, hash.Path()+"/a.bin", "Range: bytes=5-9")
				d := a.document(t)
				if a.status != test.status || d.Type != problemType+test.kind || !strings.Contains(d.Detail, test.says) {
					t.Errorf("%s: %d %+v", stage, a.status, d)
				}
				if a.get("Cache-Control") != test.cache || a.get("Retry-After") != test.retry || a.get("Vary") != "Accept" || d.InfoHash != hash.String() {
					t.Errorf("%s: %v", stage, a.header)
				}
				for _, name := range []string{"Etag", "Content-Range", "Accept-Ranges", "Content-Disposition"} {
					if a.get(name) != "" {
						t.Errorf("%s: the error has %s %q", stage, name, a.get(name))
					}
				}
				if strings.Contains(string(a.body), "secret") {
					t.Errorf("%s: the error tells %s", stage, a.body)
				}
				page := g.get(t, hash.Path()+"/a.bin", browser)
				if page.status != test.status || page.get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(string(page.body), d.Title) ||
					!strings.Contains(page.get("Content-Security-Policy"), "default-src 'none'") {
					t.Errorf("%s: page %d %v", stage, page.status, page.header)
				}
				if head := g.request(t, "HEAD", hash.Path()+"/a.bin"); stage == "Info" && (head.status != test.status || len(head.body) != 0) {
					t.Errorf("HEAD: %d, %d bytes", head.status, len(head.body))
				}
			}
		})
	}
}

// Who has the piece is told once it is known which piece is missing.
func TestUnavailableTellsWhoHasThePiece(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "a.bin", 1000)
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.wait = func(context.Context, int) error {
			return &fetch.UnavailableError{Stage: fetch.StagePeers, Holders: 3}
		}
	})
	a := g.get(t, hash.Path()+"/a.bin")
	if d := a.document(t); a.status != 504 || d.Stage != "peers" || d.Tried["peers_with_piece"] != 3 {
		t.Errorf("%d %+v", a.status, d)
	}
	page := string(g.get(t, hash.Path()+"/a.bin", browser).body)
	if row := "<td>Connected peers that have the piece</td><td>3</td>"; !strings.Contains(page, row) {
		t.Errorf("the page lacks %q:\n%s", row, page)
	}
}

func TestUnavailableTellsWhatWasTried(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.FirstByteTimeout = 30 * time.Millisecond })
	hash := metainfo.NewV1([20]byte{1, 2, 3})
	a := g.get(t, hash.Path()+"/x")
	d := a.document(t)
	want := map[string]int{"trackers_asked": 3, "trackers_failed": 2, "dht_answers": 0, "peers_known": 7, "peers_connected": 4, "peers_dialing": 0, "peers_with_metadata": 0, "seeds": 0, "peers_unchoked": 1, "web_seeds": 0, "web_seeds_failing": 0, "pieces_have": 0, "hash_failures": 0}
	if a.status != 504 || d.Stage != "metadata" || fmt.Sprint(d.Tried) != fmt.Sprint(want) || d.RetryAfter != retryUnavailable {
		t.Errorf("%d %+v", a.status, d)
	}
	page := string(g.get(t, hash.Path()+"/x", browser).body)
	for _, text := range []string{"504 Not available in time", "<td>Trackers asked</td><td>3</td>", "<td>Peers connected</td><td>4</td>", hash.String(), "30 seconds"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q:\n%s", text, page)
		}
	}
}

// The first byte has one budget, metadata and piece together.
func TestFirstByteTooLate(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.FirstByteTimeout = 50 * time.Millisecond })
	hash, _ := g.single(t, "a.bin", 1000)
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.wait = func(ctx context.Context, _ int) error {
			<-ctx.Done()
			return late(ctx, fetch.StagePiece)
		}
	})
	if a := g.get(t, hash.Path()+"/a.bin"); a.status != 504 || a.document(t).Stage != "piece" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := g.get(t, hash.Path()+"/a.bin", "Range: bytes=0-1,500-600"); a.status != 504 {
		t.Errorf("several ranges: %d", a.status)
	}
}

// After the header a failure is a short transfer, whatever it is.
func TestCuts(t *testing.T) {
	const size = 3 << 20
	after := func(n int, err error) func(*fakeContent) {
		return func(c *fakeContent) {
			c.wait = func(ctx context.Context, pos int) error {
				if pos < n {
					return nil
				}
				if err != nil {
					return err
				}
				<-ctx.Done()
				return late(ctx, fetch.StagePiece)
			}
		}
	}
	small := func(c *fakeContent) {
		c.chunk = 100
		after(300, nil)(c)
	}
	tests := []struct {
		name   string
		change func(*fakeContent)
		got    int // bytes that arrive
	}{
		{"stall", after(1<<20, nil), 1 << 20},
		{"stall with little sent", small, 300},
		{"end of content", after(2<<20, io.EOF), 2 << 20},
		{"closed", after(1<<20, fetch.ErrClosed), 1 << 20},
		{"read error", func(c *fakeContent) {
			c.fail = func(pos int) error {
				if pos >= 1<<20 {
					return errors.New("disk")
				}
				return nil
			}
		}, 1 << 20},
		{"a disk that loses everything", func(c *fakeContent) { c.lose = func(pos int) bool { return pos >= 1<<20 } }, 1 << 20},
		{"panic", func(c *fakeContent) {
			c.fail = func(pos int) error {
				if pos >= 1<<20 {
					panic("a bug")
				}
				return nil
			}
		}, 1 << 20},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := serve(t, func(cfg *Config) { cfg.StallTimeout = 50 * time.Millisecond })
			hash, data := g.single(t, "a.bin", size)
			setHook(g.backend, &g.backend.onOpen, test.change)
			a := g.get(t, hash.Path()+"/a.bin")
			if a.status != 200 || !a.cut || a.get("Content-Length") != fmt.Sprint(size) {
				t.Fatalf("%d, cut %t, %v", a.status, a.cut, a.header)
			}
			a.wantBody(t, data[:test.got])
			a = g.get(t, hash.Path()+"/a.bin", "Range: bytes=0-2999999,3000500-3000600")
			if a.status != 206 || !a.cut {
				t.Errorf("several ranges: %d, cut %t", a.status, a.cut)
			}
		})
	}
}

// What the cache loses between a wait and its write is waited for anew.
func TestLostPieces(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 3<<20)
	lost := map[int]int{}
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.lose = func(pos int) bool {
			lost[pos]++
			return lost[pos] <= 3
		}
	})
	a := g.get(t, hash.Path()+"/a.bin")
	if a.cut || len(lost) != 3 {
		t.Errorf("cut %t, lost at %v", a.cut, lost)
	}
	a.wantBody(t, data)
}

// A panic before the header is a 500 and the server lives.
func TestPanicBeforeHeader(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "a.bin", 10)
	setHook(g.backend, &g.backend.onInfo, func(context.Context, metainfo.InfoHash) error { panic("a bug") })
	if a := g.get(t, hash.Path()+"/a.bin"); a.status != 500 || a.document(t).Type != problemType+"internal" || a.get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := g.get(t, "/"); a.status != 200 {
		t.Errorf("afterwards: %d", a.status)
	}
}

// What was sent before a wait is with the client during the wait.
func TestNothingWaitsInABuffer(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 1000)
	proceed := make(chan struct{})
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.chunk = 100
		c.wait = func(ctx context.Context, pos int) error {
			if pos == 100 {
				<-proceed
			}
			return nil
		}
	})
	res, err := http.Get("http://" + g.addr + hash.Path() + "/a.bin")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	first := make([]byte, 100)
	if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != string(data[:100]) {
		t.Fatal(err)
	}
	close(proceed)
	rest, err := io.ReadAll(res.Body)
	if err != nil || string(rest) != string(data[100:]) {
		t.Errorf("%d bytes, %v", len(rest), err)
	}
	http.DefaultClient.CloseIdleConnections()
}

// A client that hangs up frees its content, be it waiting or being written to.
func TestClientHangsUp(t *testing.T) {
	for _, where := range []string{"metadata", "first piece", "later piece", "write"} {
		t.Run(where, func(t *testing.T) {
			g := serve(t, nil)
			hash, _ := g.single(t, "a.bin", 16<<20)
			waiting, ended := make(chan struct{}), make(chan struct{})
			hang := func(ctx context.Context) error {
				close(waiting)
				<-ctx.Done()
				close(ended)
				return ctx.Err()
			}
			switch where {
			case "metadata":
				setHook(g.backend, &g.backend.onInfo, func(ctx context.Context, _ metainfo.InfoHash) error { return hang(ctx) })
			case "write":
				setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
					c.chunk = 16 << 20
					c.block = func() {
						if c.pos == 0 {
							close(waiting)
						}
					}
				})
				close(ended)
			default:
				setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
					c.wait = func(ctx context.Context, pos int) error {
						if pos == 0 && where == "later piece" {
							return nil
						}
						return hang(ctx)
					}
				})
			}
			conn, err := net.Dial("tcp", g.addr)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "GET %s/a.bin HTTP/1.1\r\nHost: localhost\r\n\r\n", hash.Path())
			if where == "later piece" {
				if _, err := io.CopyN(io.Discard, conn, 1<<20); err != nil {
					t.Fatal(err)
				}
			}
			<-waiting
			conn.Close()
			<-ended
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := g.inflight.wait(ctx); err != nil {
				t.Fatal(err)
			}
			if streams, _ := g.streams.Counts(); g.backend.open.Load() != 0 || streams != 0 {
				t.Errorf("%d contents open, %d streams", g.backend.open.Load(), streams)
			}
		})
	}
}

// A client that takes nothing for too long is cut. (Slow ones, which are not,
// are in TestClocks.)
func TestPausedClient(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.ClientTimeout = 150 * time.Millisecond })
	hash, _ := g.single(t, "a.bin", 16<<20)
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.(*net.TCPConn).SetReadBuffer(64 << 10)
	fmt.Fprintf(conn, "GET %s/a.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", hash.Path())
	if _, err := io.ReadFull(conn, make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := g.inflight.wait(ctx); err != nil {
		t.Fatal("a client that reads nothing was not cut")
	}
}
