package webseed

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// A sink is a Download that keeps everything.
type sink struct {
	info *metainfo.Info
	kind chan peer.EventKind // what was reported, blocks left out
	came chan metainfo.Block

	mu   sync.Mutex
	data map[metainfo.Block][]byte
	left bool
}

func newSink(in *metainfo.Info) *sink {
	return &sink{info: in, kind: make(chan peer.EventKind, 1000), came: make(chan metainfo.Block, 1000), data: make(map[metainfo.Block][]byte)}
}

func (s *sink) Place(b metainfo.Block) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data[b] = make([]byte, b.Length)
	return s.data[b]
}

func (s *sink) Update(events []peer.Event) {
	for _, e := range events {
		if e.Kind == peer.Arrived {
			s.came <- e.Block
		} else {
			s.kind <- e.Kind
		}
	}
}

func (s *sink) Leave() { s.left = true }

// expect waits until this is the next that is reported.
func (s *sink) expect(t *testing.T, want peer.EventKind) {
	t.Helper()
	select {
	case got := <-s.kind:
		if got != want {
			t.Fatalf("event %d, want %d", got, want)
		}
	case <-time.After(patience):
		t.Fatalf("event %d does not come", want)
	}
}

// arrive waits for n blocks.
func (s *sink) arrive(t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-s.came:
		case <-time.After(patience):
			t.Fatal("a block does not come")
		}
	}
}

// patience is how long something may take that should happen at once.
const patience = 30 * time.Second

func open() netguard.Network { return netguard.New(netguard.Policy{AllowPrivate: true}) }

// running is a seed at work, and what ends it.
type running struct {
	*Seed
	sink *sink
	stop func()
}

// begin starts a seed through n and waits until it takes requests.
func begin(t *testing.T, n netguard.Network, url string, in *metainfo.Info) *running {
	t.Helper()
	client := NewClient(n, contact.NewGate())
	seed, err := client.NewSeed(url, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Seed: seed, sink: newSink(in)}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { seed.Run(ctx, r.sink) })
	r.stop = sync.OnceFunc(func() {
		cancel()
		done.Wait()
		client.Close()
		if !r.sink.left {
			t.Error("the seed has not left")
		}
	})
	t.Cleanup(r.stop)
	r.sink.expect(t, peer.HasAll)
	r.sink.expect(t, peer.Unchoked)
	return r
}

// askAll asks for every block and returns their number.
func (r *running) askAll() (n int) {
	var all []peer.Command
	for p := range r.info.NumPieces() {
		for b := range r.info.NumBlocks(p) {
			all = append(all, peer.Command{Op: peer.Request, Block: r.info.Block(p, b)})
		}
	}
	r.Send(all...)
	return len(all)
}

// state waits until the seed has one.
func (r *running) is(t *testing.T, want State, says string) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		st := r.Status()
		if st.State == want && strings.Contains(st.Error, says) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%+v, want %s because of %q", st, want, says)
		}
	}
}

// right compares all that came with the content.
func (r *running) right(t *testing.T, content []byte) {
	t.Helper()
	r.sink.mu.Lock()
	defer r.sink.mu.Unlock()
	for b, data := range r.sink.data {
		if from, to := place(r.info, b); !bytes.Equal(data, content[from:to]) {
			t.Errorf("other bytes in %v", b)
		}
	}
}

// one is a payload of one file of size bytes.
func one(t *testing.T, size int64) (*clients.Payload, []byte) {
	t.Helper()
	p := clients.MakePayload(t, clients.Spec{Name: "one.bin", Seed: 1, PieceLength: 64 << 10, Size: size})
	content, err := os.ReadFile(p.Path(&p.Info.Files[0]))
	if err != nil {
		t.Fatal(err)
	}
	return p, content
}

// serve starts a server and gives its URL, with a slash.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL + "/"
}

// TestRuns: what lies next to each other is one request, and the requests carry what they
// should.
func TestRuns(t *testing.T) {
	p, content := one(t, 4<<20+77)
	var mu sync.Mutex
	var ranges []string
	var mark string
	r := begin(t, open(), serve(t, func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		ranges, mark = append(ranges, req.Header.Get("Range")), req.Header.Get(loopHeader)
		mu.Unlock()
		http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content))
	}), p.Info)
	r.sink.arrive(t, r.askAll())
	r.right(t, content)
	mu.Lock()
	defer mu.Unlock()
	if len(ranges) != 5 { // of runLength each, and the rest
		t.Errorf("%q", ranges)
	}
	if mark != r.client.Mark() || !strings.HasPrefix(mark, "btgw-") {
		t.Errorf("mark %q", mark)
	}
	if st := r.Status(); st.Downloaded != int64(len(content)) || st.State != Ready {
		t.Errorf("%+v", st)
	}
}

// TestFinal: answers after which a seed is not tried again.
func TestFinal(t *testing.T) {
	p, content := one(t, 5<<20) // over maxUnranged
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"no ranges": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) }, "does not serve ranges"},
		"another range": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 1-9/%d", len(content)))
			w.WriteHeader(http.StatusPartialContent)
		}, "another range"},
		"multipart": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "multipart/byteranges; boundary=x")
			w.WriteHeader(http.StatusPartialContent)
		}, "another range"},
		"encoded": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
		}, "encodes"},
		"another size": {func(w http.ResponseWriter, req *http.Request) {
			http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content[1:]))
		}, "another size"},
		"not found": {http.NotFound, "404 Not Found"},
		"ourselves": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusLoopDetected) }, "this gateway"},
		"redirect loop": {func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, "/again?key=secret", http.StatusFound)
		}, "more than 3 redirects"},
	} {
		t.Run(name, func(t *testing.T) {
			r := begin(t, open(), serve(t, c.answer), p.Info)
			r.askAll()
			r.is(t, Failed, c.says)
			if st := r.Status(); st.Downloaded != 0 || strings.Contains(st.Error, "secret") {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestSmallFileWithoutRanges is read as a whole for each of its parts.
func TestSmallFileWithoutRanges(t *testing.T) {
	p, content := one(t, 1<<20)
	r := begin(t, open(), serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) }), p.Info)
	for _, piece := range []int{9, 3} {
		r.Send(peer.Command{Op: peer.Request, Block: p.Info.Block(piece, 2)})
		r.sink.arrive(t, 1)
	}
	r.right(t, content)
}

// front lets one address through that the guard would refuse: the position of a server
// outside.
type front struct {
	*netguard.Guard
	host string
}

func (n front) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if address == n.host {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return n.Guard.DialContext(ctx, network, address)
}

// TestPrivateAddress: neither a URL nor a redirect leads into our own network.
func TestPrivateAddress(t *testing.T) {
	p, _ := one(t, 1<<20)
	inside := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the request came through") })
	outside := serve(t, func(w http.ResponseWriter, req *http.Request) { http.Redirect(w, req, inside, http.StatusFound) })
	guard := netguard.New(netguard.Policy{})
	r := begin(t, guard, inside, p.Info)
	r.askAll()
	r.is(t, Failed, "loopback")
	r = begin(t, front{guard, strings.Trim(strings.TrimPrefix(outside, "http:"), "/")}, outside, p.Info)
	r.askAll()
	r.is(t, Failed, "loopback")
}

// TestRetries: a server that asks for patience is left alone for as long as it says, and a
// cut answer is gone on with.
func TestRetries(t *testing.T) {
	p, content := one(t, 1<<20)
	var mu sync.Mutex
	asked := 0
	var refused, again time.Time
	r := begin(t, open(), serve(t, func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		asked++
		n := asked
		if n == 1 {
			refused = time.Now()
		} else if n == 2 {
			again = time.Now()
		}
		mu.Unlock()
		if n == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content))
	}), p.Info)
	r.askAll()
	r.sink.expect(t, peer.Choked)
	r.is(t, Waiting, "503")
	r.sink.expect(t, peer.Unchoked)
	r.sink.arrive(t, r.askAll())
	r.right(t, content)
	mu.Lock()
	defer mu.Unlock()
	if d := again.Sub(refused); d < time.Second {
		t.Errorf("asked again after %v", d)
	}
	if st := r.Status(); st.State != Ready || st.Error != "" {
		t.Errorf("%+v", st)
	}
}

// TestCancel: what nobody wants any more ends its request, and a new one goes on.
func TestCancel(t *testing.T) {
	p, content := one(t, 1<<20)
	began, ended := make(chan struct{}), make(chan struct{})
	var first sync.Once
	r := begin(t, open(), serve(t, func(w http.ResponseWriter, req *http.Request) {
		stuck := false
		first.Do(func() { stuck = true })
		if stuck {
			close(began)
			<-req.Context().Done()
			close(ended)
			return
		}
		http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content))
	}), p.Info)
	a, b := p.Info.Block(0, 0), p.Info.Block(0, 1)
	r.Send(peer.Command{Op: peer.Request, Block: a}, peer.Command{Op: peer.Request, Block: b})
	<-began
	r.Send(peer.Command{Op: peer.Cancel, Block: b}, peer.Command{Op: peer.Cancel, Block: a})
	<-ended
	r.Send(peer.Command{Op: peer.Request, Block: b})
	r.sink.arrive(t, 1)
	r.right(t, content)
	if st := r.Status(); st.State != Ready || st.Error != "" {
		t.Errorf("%+v", st)
	}
}

// TestMissingFile: the pieces of a file that the server does not have are rejected and no
// longer had; the others come.
func TestMissingFile(t *testing.T) {
	p := clients.MakePayload(t, clients.Spec{Name: "two", Seed: 2, PieceLength: 64 << 10, Files: []clients.FileSpec{
		{Path: []string{"a"}, Size: 128<<10 + 5}, {Path: []string{"b"}, Size: 256 << 10},
	}})
	files := http.FileServer(http.Dir(p.Dir))
	r := begin(t, open(), serve(t, func(w http.ResponseWriter, req *http.Request) {
		if strings.HasSuffix(req.URL.Path, "/a") {
			http.NotFound(w, req)
			return
		}
		files.ServeHTTP(w, req)
	}), p.Info)
	n := r.askAll()
	r.sink.expect(t, peer.HasField)
	rejected := 3 * 4 // the blocks of pieces 0 to 2
	for range rejected {
		r.sink.expect(t, peer.Rejected)
	}
	r.sink.arrive(t, n-rejected)
	content, err := os.ReadFile(filepath.Join(p.Dir, "two", "a"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := os.ReadFile(filepath.Join(p.Dir, "two", "b"))
	if err != nil {
		t.Fatal(err)
	}
	r.right(t, append(content, more...))
}

// TestBan: a liar is not asked again.
func TestBan(t *testing.T) {
	p, content := one(t, 1<<20)
	r := begin(t, open(), serve(t, func(w http.ResponseWriter, req *http.Request) {
		http.ServeContent(w, req, "", time.Time{}, bytes.NewReader(content))
	}), p.Info)
	r.Ban("lies")
	r.stop()
	r.askAll()
	r.is(t, Banned, "lies")
	if len(r.sink.came) != 0 {
		t.Error("blocks came after a ban")
	}
}
