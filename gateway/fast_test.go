package gateway

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/gateway/conformance"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/metainfo"
)

// A lanes is a server with the fast lane and one without, over one backend, and a connection to each.
type lanes struct {
	backend    *fakeBackend
	fast, slow *gatewayTest
	conns      [2]*keptConn
}

func newLanes(t testing.TB, change func(*Config)) *lanes {
	t.Helper()
	l := &lanes{backend: newFakeBackend()}
	start := func(slowOnly bool) *gatewayTest {
		return serve(t, func(cfg *Config) {
			if change != nil {
				change(cfg)
			}
			cfg.Backend, cfg.slowOnly = l.backend, slowOnly
		})
	}
	l.fast, l.slow = start(false), start(true)
	l.conns = [2]*keptConn{keep(t, l.fast.addr), keep(t, l.slow.addr)}
	return l
}

// A keptConn is a connection that is asked again and again.
type keptConn struct {
	net.Conn
	in  *bufio.Reader
	got bytes.Buffer // what came since the last request
}

func keep(t testing.TB, addr string) *keptConn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	k := &keptConn{Conn: conn}
	k.in = bufio.NewReader(io.TeeReader(conn, &k.got))
	return k
}

// ask sends a request and gives the answer, each byte as it came. ok is false where the connection ended within it.
func (k *keptConn) ask(t testing.TB, request string) (answer []byte, ok bool) {
	t.Helper()
	_ = k.SetDeadline(time.Now().Add(time.Minute))
	k.got.Reset()
	if _, err := io.WriteString(k, request); err != nil {
		return nil, false
	}
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(request)))
	if err != nil {
		r = &http.Request{Method: "GET"}
	}
	a, err := http.ReadResponse(k.in, r)
	if err == nil {
		defer a.Body.Close()
		_, err = io.Copy(io.Discard, a.Body)
	}
	return bytes.Clone(k.got.Bytes()), err == nil && !a.Close
}

var (
	dateLine = regexp.MustCompile(`\r\nDate: [^\r\n]{29}\r\n`)
	duration = regexp.MustCompile(`;dur=\d+\.\d{3}`)
	boundary = regexp.MustCompile(`; boundary=([A-Z2-7]{26})\r\n`)
)

// timeless is an answer without what tells of time, or is of chance.
func timeless(answer []byte) string {
	head, body, _ := bytes.Cut(answer, []byte("\r\n\r\n"))
	head = dateLine.ReplaceAll(append(bytes.Clone(head), "\r\n"...), []byte("\r\nDate: -\r\n"))
	text := string(duration.ReplaceAll(head, []byte(";dur=-"))) + "\r\n" + string(body)
	if found := boundary.FindSubmatch(head); found != nil {
		text = strings.ReplaceAll(text, string(found[1]), "-")
	}
	return text
}

// prime asks until the fast lane answers a request for a file.
func (l *lanes) prime(t testing.TB, request string) {
	t.Helper()
	prime(t, l.fast, l.conns[0], request)
}

func prime(t testing.TB, g *gatewayTest, k *keptConn, request string) {
	t.Helper()
	// net/http may have read a byte of the next request already: then that is its own.
	for before, i := g.fast.answers.Load(), 0; g.fast.answers.Load() == before; i++ {
		if i == 1000 {
			t.Fatalf("%q never comes to the fast lane", request)
		}
		if a, ok := k.ask(t, request); !ok {
			t.Fatalf("%q: the connection ended with %.300q", request, a)
		}
	}
}

// same asks both servers, and fails unless they answer the same. It returns the answer, and whether the fast lane
// gave it.
func (l *lanes) same(t testing.TB, request string) (answer string, byFast bool) {
	t.Helper()
	before := l.fast.fast.answers.Load()
	var got [2]string
	for i, k := range l.conns {
		a, _ := k.ask(t, request)
		got[i] = strings.ReplaceAll(timeless(a), k.RemoteAddr().String(), "addr")
	}
	if got[0] != got[1] {
		t.Fatalf("%q: with the fast lane\n%.2000q\nwithout\n%.2000q", request, got[0], got[1])
	}
	return got[0], l.fast.fast.answers.Load() > before
}

// A request for bytes of a file that is known and here is answered by the fast lane, byte for byte as without it; what
// is not certain is left to net/http.
func TestFastLane(t *testing.T) {
	l := newLanes(t, func(cfg *Config) { cfg.Subdomains = "gw.example" })
	film := random(1, 4000)
	hash := l.backend.add(t, "films", metainfo.Hybrid, map[string][]byte{"a b.mkv": film, "page.html": random(2, 3000), "empty": nil})
	single := l.backend.add(t, "one.bin", metainfo.V1, map[string][]byte{"": random(3, 3500)})
	base := hash.Path() + "/films"
	etag := fileETag(l.backend.torrents[hash].Info, fileNamed(l.backend.torrents[hash].Info, "a b.mkv"))
	for _, file := range []string{base + "/a%20b.mkv", base + "/page.html", base + "/a%20b.mkv?download=1&filename=x%22.mkv", single.Path(), single.Path() + "/one.bin",
		l.backend.torrents[hash].Info.Hashes()[1].Path() + "/films/page.html"} {
		for _, test := range []struct {
			method, lines string
			fast          bool
		}{
			{"GET", "", true},
			{"GET", "Range: bytes=0-0\r\n", true},
			{"GET", "Range: bytes=100-1999\r\n", true},
			{"GET", "Range: bytes=2900-\r\n", true},
			{"GET", "Range: bytes=-100\r\n", true},
			{"GET", "Range: bytes=5-999999999999999999999\r\n", true},
			{"GET", "Range: bytes= 0-1 ,\r\n", true},
			{"GET", "Range: bytes=0-1,2-3\r\n", true}, // one range when joined
			{"GET", "Range: bytes=0-1,2000-2001\r\n", false},
			{"GET", "Range: bytes=9999999-\r\n", false},
			{"GET", "Range: bytes=2-1\r\n", false},
			{"GET", "Range: lines=1-2\r\n", false},
			{"GET", "Range: bytes=1-2\r\nIf-Range: \"other\"\r\n", false},
			{"HEAD", "", true},
			{"HEAD", "Range: bytes=0-0\r\n", true},
			{"GET", "If-None-Match: " + etag + "\r\n", false},
			{"GET", "If-Match: \"x\"\r\n", false},
			{"GET", "Accept: text/html\r\nAccept-Encoding: gzip, br\r\nUser-Agent: curl/8\r\nReferer: http://x/y\r\nOrigin: http://x\r\nCache-Control: no-cache\r\n", true},
			{"GET", "Cache-Control: only-if-cached\r\n", false},
			{"GET", "Cookie: a=b\r\nAuthorization: Bearer a\r\n", true}, // nobody asks for them here
			{"GET", "X-Forwarded-For: 192.0.2.1\r\n", false},
			{"GET", "X-Forwarded-Prefix: /x\r\n", false},
			{"GET", "Prefer: whole\r\n", false},
			{"GET", "getcontentFeatures.dlna.org: 1\r\n", false},
			{"GET", "Service-Worker: script\r\n", false},
			{"OPTIONS", "", false},
		} {
			head := func(method string) string { return method + " " + file + " HTTP/1.1\r\nHost: localhost\r\n" }
			l.prime(t, head("GET")+"Range: bytes=0-0\r\n\r\n")
			answer, fast := l.same(t, head(test.method)+test.lines+"\r\n")
			if fast != test.fast {
				t.Errorf("%s %s %q: in the fast lane %t: %.100q", test.method, file, test.lines, fast, answer)
			}
		}
	}
	// If-Range names this version; the host is the torrent's own; another host, which is none of this server's.
	own := labels.EncodeToString(hash.Bytes()) + ".gw.example"
	l.prime(t, "GET "+base+"/a%20b.mkv HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if a, fast := l.same(t, "GET "+base+"/a%20b.mkv HTTP/1.1\r\nHost: localhost\r\nRange: bytes=7-8\r\nIf-Range: "+etag+"\r\n\r\n"); !fast || !strings.HasPrefix(a, "HTTP/1.1 206 ") || !strings.HasSuffix(a, "\r\n\r\n"+string(film[7:9])) {
		t.Errorf("If-Range: in the fast lane %t, %q", fast, a)
	}
	l.prime(t, "GET /films/page.html HTTP/1.1\r\nHost: "+own+"\r\n\r\n")
	if a, fast := l.same(t, "GET /films/page.html HTTP/1.1\r\nHost: "+own+"\r\n\r\n"); !fast || !strings.HasPrefix(a, "HTTP/1.1 200 ") {
		t.Errorf("a host of its own: in the fast lane %t, %.300q", fast, a)
	}
	if a, fast := l.same(t, "GET "+base+"/a%20b.mkv HTTP/1.1\r\nHost: evil.example\r\n\r\n"); fast || !strings.HasPrefix(a, "HTTP/1.1 421 ") {
		t.Errorf("another host: in the fast lane %t, %.300q", fast, a)
	}
}

// fileNamed is the file of a torrent whose last name is that.
func fileNamed(info *metainfo.Info, name string) *metainfo.File {
	for i := range info.Files {
		if path := info.Path(&info.Files[i]); path[len(path)-1] == name {
			return &info.Files[i]
		}
	}
	return nil
}

// What was decided once may no longer hold: lists, what is here, the torrent itself, and bounds.
func TestFastLaneAsksAgain(t *testing.T) {
	deny := denyFile(t, "")
	list, err := OpenDenylist(deny)
	if err != nil {
		t.Fatal(err)
	}
	l := newLanes(t, func(cfg *Config) { cfg.Denylist, cfg.FirstByteTimeout = list, 50*time.Millisecond })
	hash := l.backend.add(t, "d", metainfo.V1, map[string][]byte{"a.bin": random(1, 100_000)})
	request := "GET " + hash.Path() + "/d/a.bin HTTP/1.1\r\nHost: localhost\r\nRange: bytes=40000-50000\r\n\r\n"
	status := func(want string) {
		t.Helper()
		if a, fast := l.same(t, request); fast != (want == "206") || !strings.HasPrefix(a, "HTTP/1.1 "+want+" ") {
			t.Errorf("in the fast lane %t: %.60q, not %s", fast, a, want)
		}
	}
	l.prime(t, request)
	status("206")
	setHook(l.backend, &l.backend.holds, func(piece int) bool { return piece != 2 })
	if a, fast := l.same(t, request); fast || !strings.Contains(a, "Cache-Status: btgw; fwd=partial; stored\r\n") {
		t.Errorf("a piece is missing: in the fast lane %t: %.300q", fast, a)
	}
	setHook(l.backend, &l.backend.holds, nil)
	l.prime(t, request)
	setHook(l.backend, &l.backend.unknown, true)
	if _, fast := l.same(t, request); fast {
		t.Error("the torrent is not known")
	}
	setHook(l.backend, &l.backend.unknown, false)
	l.prime(t, request)
	l.backend.mu.Lock()
	kept := l.backend.torrents[hash]
	delete(l.backend.torrents, hash)
	l.backend.mu.Unlock()
	status("504")
	l.backend.mu.Lock()
	l.backend.torrents[hash] = kept
	l.backend.mu.Unlock()
	l.prime(t, request)
	if err := os.WriteFile(deny, []byte(hash.Path()+"/d/a.bin\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := list.rules.Reload(true); err != nil {
		t.Fatal(err)
	}
	status("410")
}

// The fast lane counts what the other one does, in the log, the metrics and the spans.
func TestFastLaneTells(t *testing.T) {
	o := observe(t)
	var access lockedBuffer
	g := serve(t, func(cfg *Config) { cfg.AccessLog = NewAccessLog(&access, false) })
	for _, g := range []*gatewayTest{o.gatewayTest, g} {
		hash, _ := g.single(t, "a.bin", 3<<20)
		k := keep(t, g.addr)
		request := "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nRange: bytes=5-14\r\nUser-Agent: agent\r\nReferer: http://from/x\r\n\r\n"
		prime(t, g, k, request)
		if g != o.gatewayTest {
			continue
		}
		o.settle(t)
		o.spans.Reset()
		requests := requestsOf(o, t)
		prime(t, g, k, request)
		o.settle(t)
		var names []string
		for _, span := range o.spans.GetSpans() {
			names = append(names, span.Name)
		}
		if got := strings.Join(names, ", "); got != "metadata, wait for the first piece, send, GET /btih/*path" {
			t.Errorf("spans: %s", got)
		}
		if n := requestsOf(o, t); n != requests+1 {
			t.Errorf("%d requests, then %d", requests, n)
		}
	}
	if err := g.inflight.wait(t.Context()); err != nil { // a client has its answer before
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(access.String()), "\n")
	times := regexp.MustCompile(`"time":"[^"]*"|_seconds":[^,]*|"seconds":[^,}]*`)
	first := times.ReplaceAllString(lines[0], "-")
	for _, line := range lines {
		if times.ReplaceAllString(line, "-") != first {
			t.Errorf("the log has %s beside %s", line, lines[0])
		}
	}
	if !strings.Contains(first, `"range":"bytes=5-14","status":206,"bytes":10,"source":"cache"`) || len(lines) < 2 {
		t.Errorf("%d lines, with %s", len(lines), first)
	}
}

func requestsOf(o *observed, t *testing.T) (n uint64) {
	t.Helper()
	for _, p := range o.metrics(t)["http.server.request.duration"].Data.(metricdata.Histogram[float64]).DataPoints {
		n += p.Count
	}
	return n
}

// The first request of a connection is answered in the fast lane where another connection had the answer, and each
// connection is told of and counted as in the other lane.
func TestFastLaneFirst(t *testing.T) {
	l := newProxiedLanes(t, nil)
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 100_000)})
	file := "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\n"
	l.prime(t, file+"\r\n")
	for lines, fast := range map[string]bool{
		"": true, "Range: bytes=5-14\r\n": true, "Range: bytes=100000-\r\n": false, "Prefer: whole\r\n": false, "Connection: close\r\n": false, "Content-Length: 0\r\n": false,
		"X-Forwarded-For: 192.0.2.1\r\n": true,
	} {
		for _, k := range l.conns {
			k.Close()
		}
		l.conns = [2]*keptConn{keep(t, l.fast.addr), keep(t, l.slow.addr)}
		if a, _, byFast := l.same(t, file+lines+"\r\n"); byFast != fast {
			t.Errorf("%q: in the fast lane %t: %.100q", lines, byFast, a)
		}
		if lines == "Connection: close\r\n" {
			continue
		}
		if a, _, _ := l.same(t, file+"\r\n"); !strings.HasPrefix(a, "HTTP/1.1 200 ") {
			t.Errorf("behind %q: %.100q", lines, a)
		}
	}
	if total, lingering := l.fast.streams.Counts(); total != 0 || lingering != 0 {
		t.Errorf("%d places are taken, %d linger", total, lingering)
	}
}

// A first request is remembered by its own answer: the next connection has it in the fast lane.
func TestFastLaneFirstIsRemembered(t *testing.T) {
	l := newLanes(t, nil)
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 100)})
	request := "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for _, want := range []bool{false, true} {
		l.conns = [2]*keptConn{keep(t, l.fast.addr), keep(t, l.slow.addr)}
		if _, fast := l.same(t, request); fast != want {
			t.Errorf("in the fast lane %t, want %t", fast, want)
		}
	}
}

// A bound of a client holds for both lanes together, and is taken once for a request.
func TestFastLaneRequests(t *testing.T) {
	const perSecond = 50
	g := serve(t, func(cfg *Config) {
		cfg.RequestsPerClient = perSecond
		cfg.TrustedProxies = []string{"127.0.0.0/8"} // who names no client is one
	})
	hash, _ := g.single(t, "a.bin", 1000)
	k := keep(t, g.addr)
	begun, answered, refused := time.Now(), 0, false
	// net/http may have read a byte of each next request already, as prime says: then it goes on.
	for !refused || g.fast.answers.Load() == 0 {
		a, ok := k.ask(t, "GET "+hash.Path()+"/a.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
		switch {
		case bytes.HasPrefix(a, []byte("HTTP/1.1 200 ")):
			answered++
		case bytes.HasPrefix(a, []byte("HTTP/1.1 429 ")):
			refused = true
		default:
			t.Fatalf("%.200q", a)
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("%d answers, %d of them in the fast lane, refused: %v", answered, g.fast.answers.Load(), refused)
		}
		if !ok {
			k = keep(t, g.addr)
		}
	}
	most := limit.RequestBurst*perSecond + int(perSecond*time.Since(begun).Seconds()) + 1
	if answered < limit.RequestBurst*perSecond || answered > most {
		t.Errorf("%d answers, want %d to %d", answered, limit.RequestBurst*perSecond, most)
	}
}

// A server that drains takes no request in the fast lane, and waits for those that are under way there.
func TestFastLaneDrains(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 1000)
	k, other, idle := keep(t, g.addr), keep(t, g.addr), keep(t, g.addr)
	request := "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\n\r\n"
	prime(t, g, k, request)
	prime(t, g, other, request)
	prime(t, g, idle, request) // its only one: net/http takes it for a new connection
	proceed, writing := make(chan struct{}), make(chan struct{})
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.block = func() { close(writing); <-proceed }
	})
	before := g.fast.answers.Load()
	done := make(chan []byte)
	go func() {
		a, _ := k.ask(t, request)
		done <- a
	}()
	<-writing
	setHook(g.backend, &g.backend.onOpen, nil)
	if g.fast.answers.Load() == before {
		t.Log("net/http answers it") // it may have read a byte early: the rest holds as well
	}
	shut := make(chan error)
	go func() { shut <- g.Shutdown(context.Background()) }()
	for g.Ready() == nil {
		time.Sleep(time.Millisecond)
	}
	if a, ok := other.ask(t, request); ok || !bytes.HasPrefix(a, []byte("HTTP/1.1 503 ")) {
		t.Errorf("while it drains: %.200q", a)
	}
	close(proceed)
	if a := <-done; !bytes.HasSuffix(a, data) {
		t.Errorf("the answer under way has %d bytes", len(a))
	}
	begun := time.Now()
	if _, err := idle.in.ReadByte(); err != io.EOF {
		t.Errorf("an idle connection: %v", err)
	}
	if took := time.Since(begun); took > 4*time.Second { // net/http keeps a new connection for 5 s
		t.Errorf("it was closed after %v", took)
	}
	if err := <-shut; err != nil {
		t.Error(err)
	}
}

// A client that reads nothing is cut when its time is over, and one that is gone is not waited for; what is lost while
// it is sent is waited for, and cut where it does not come.
func TestFastLaneCuts(t *testing.T) {
	for name, test := range map[string]struct {
		reason string
		hook   func(c *fakeContent)
		after  func(g *gatewayTest, k *keptConn)
	}{
		"reads nothing":           {"client_gone", nil, func(*gatewayTest, *keptConn) {}},
		"reads nothing of a file": {"client_gone", nil, func(*gatewayTest, *keptConn) {}},
		"resets": {"client_gone", nil, func(_ *gatewayTest, k *keptConn) {
			_, _ = k.in.ReadByte()
			_ = k.Conn.(*net.TCPConn).SetLinger(0)
			k.Close()
		}},
		"lost": {"swarm_stall", func(c *fakeContent) {
			c.chunk = 1000
			c.lose = func(pos int) bool {
				if pos == 0 || c.wait != nil {
					return false
				}
				c.wait = func(ctx context.Context, _ int) error {
					<-ctx.Done()
					return late(ctx, fetch.StagePiece)
				}
				return true
			}
		}, nil},
		"not read": {"read_failed", func(c *fakeContent) { c.fail = func(int) error { return io.ErrUnexpectedEOF } }, nil},
		"panics":   {"panic", func(c *fakeContent) { c.block = func() { panic("a fault") } }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // it waits
			var access lockedBuffer
			g := serve(t, func(cfg *Config) {
				cfg.AccessLog, cfg.MaxPause, cfg.StallTimeout = NewAccessLog(&access, false), time.Millisecond, 50*time.Millisecond
			})
			hash, data := g.single(t, "a.bin", fastBytes)
			head := "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\n"
			k := keep(t, g.addr)
			_ = k.Conn.(*net.TCPConn).SetReadBuffer(4 << 10)
			prime(t, g, k, head+"Range: bytes=0-9\r\n\r\n")
			primed := g.fast.answers.Load()
			if strings.HasPrefix(name, "reads nothing") {
				g.clientTimeout = 50 * time.Millisecond // the answers before had all the time that they took
			}
			if setHook(g.backend, &g.backend.onOpen, test.hook); name == "reads nothing of a file" {
				onDisk(t, g.backend, data, nil)
			}
			if _, err := io.WriteString(k, head+"\r\n"); err != nil {
				t.Fatal(err)
			}
			if test.after != nil {
				test.after(g, k)
			} else if n, _ := io.Copy(io.Discard, k.in); n >= fastBytes {
				t.Errorf("%d bytes came", n)
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			for !strings.Contains(access.String(), `"cut":"`+test.reason+`"`) {
				if ctx.Err() != nil {
					t.Fatalf("not cut (%d answers): %s", g.fast.answers.Load()-primed, access.String())
				}
				time.Sleep(time.Millisecond)
			}
			if n := g.fast.answers.Load(); n != primed+1 {
				t.Errorf("%d answers of the fast lane, then %d", primed, n)
			}
		})
	}
}

// A client that leaves while its answer waits is noticed at once: while a lost piece is fetched anew, and while the rate of its
// user has no more bytes for it.
func TestFastLaneClientLeaves(t *testing.T) {
	for name, hook := range map[string]func(c *fakeContent){
		"a piece is lost": func(c *fakeContent) {
			c.chunk = 1000
			c.lose = func(pos int) bool {
				if pos == 0 || c.wait != nil {
					return false
				}
				c.wait = func(ctx context.Context, _ int) error {
					<-ctx.Done()
					return ctx.Err()
				}
				return true
			}
		},
		"the rate is used up": nil,
	} {
		t.Run(name, func(t *testing.T) {
			l := newClosedLanes(t, func(cfg *Config) { cfg.StallTimeout = time.Hour }, userLine("alice", "a", ""), userLine("slow", "s", "rate=1"))
			hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 100_000)})
			request := func(key string) string {
				return "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n"
			}
			l.prime(t, request("a"))
			l.settle(t)
			l.logs[0].take()
			key := "a"
			if setHook(l.backend, &l.backend.onOpen, hook); hook == nil {
				key = "s"
			}
			before := l.fast.fast.answers.Load()
			if _, err := io.WriteString(l.conns[0], request(key)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.CopyN(io.Discard, l.conns[0].in, 1000); err != nil {
				t.Fatal(err)
			}
			l.conns[0].Close()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := l.fast.inflight.wait(ctx); err != nil {
				t.Fatal("it goes on without its client")
			}
			if line := l.logs[0].take(); !strings.Contains(line, `"cut":"client_gone"`) || l.fast.fast.answers.Load() != before+1 {
				t.Errorf("%d answers of the fast lane, %s", l.fast.fast.answers.Load()-before, line)
			}
			if total, lingering := l.fast.streams.Counts(); total != 0 || lingering != 0 {
				t.Errorf("%d places are taken, %d linger", total, lingering)
			}
		})
	}
}

// The text of a Date is made once a second.
func TestDateText(t *testing.T) {
	var d dateText
	at := time.Unix(1_700_000_000, 0)
	for _, now := range []time.Time{at, at.Add(time.Second - 1), at.Add(time.Second), at.In(time.FixedZone("", 3600)), time.Unix(0, 0)} {
		if got, want := string(d.of(now)), now.UTC().Format(http.TimeFormat); got != want {
			t.Errorf("%v: %q, not %q", now, got, want)
		}
	}
	before := &d.of(at)[0]
	if after := &d.of(at.Add(1))[0]; before != after {
		t.Error("another text within a second")
	}
	if n := testing.AllocsPerRun(100, func() { at = at.Add(time.Second); d.of(at) }); n > 0 {
		t.Errorf("%v pieces of memory a second", n)
	}
}

// A warm range takes few pieces of memory in the fast lane, also for a user. The backend of the test has a part of them.
func TestFastLaneAllocates(t *testing.T) {
	const requests = 500
	l := newClosedLanes(t, nil, userLine("alice", "a", ""))
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 100_000)})
	open := serve(t, func(cfg *Config) { cfg.Backend = l.backend })
	for name, test := range map[string]struct {
		to    *gatewayTest
		lines string
		most  float64 // a request
	}{"open": {open, "", 26}, "a user": {l.fast, "Authorization: Bearer a\r\n", 44}} {
		k := keep(t, test.to.addr)
		request := []byte("GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nRange: bytes=10-65545\r\n" + test.lines + "\r\n")
		prime(t, test.to, k, string(request))
		answer, _ := k.ask(t, string(request))
		before := test.to.fast.answers.Load()
		n := testing.AllocsPerRun(requests, func() {
			if _, err := k.Write(request); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(k.Conn, answer); err != nil {
				t.Fatal(err)
			}
		})
		if t.Logf("%s: %.0f pieces of memory a request", name, n); n > test.most {
			t.Errorf("%s: more than %.0f", name, test.most)
		}
		if n := test.to.fast.answers.Load() - before; n != requests+1 {
			t.Errorf("%s: %d answers of the fast lane", name, n)
		}
	}
}

// What is remembered is bounded. Not every answer is remembered: net/http may have begun to read the request.
func TestFastLaneForgets(t *testing.T) {
	l := newLanes(t, nil)
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 100)})
	known, full := l.fast.fast.known, 0
	for i := 0; full < 100 && i < 20*maxRemembered; i++ {
		l.conns[0].ask(t, fmt.Sprintf("GET %s/a.bin?filename=%d HTTP/1.1\r\nHost: localhost\r\n\r\n", hash.Path(), i))
		if n := known.Len(); n > maxRemembered {
			t.Fatalf("%d are remembered", n)
		} else if n == maxRemembered {
			full++
		}
	}
	if full < 100 {
		t.Errorf("%d are remembered", known.Len())
	}
}

// FuzzLanes: whatever comes, through a proxy too, both lanes answer it and tell of it the same, and the fast lane answers what net/http reads as one request
// without a body alone.
func FuzzLanes(f *testing.F) {
	change := func(cfg *Config) { cfg.FirstByteTimeout = time.Millisecond }
	open, closed := newProxiedLanes(f, change), newClosedLanes(f, change, userLine("alice", "a", ""))
	hash := open.backend.add(f, "d", metainfo.V1, map[string][]byte{"a.bin": random(1, 3000)})
	closed.backend.add(f, "d", metainfo.V1, map[string][]byte{"a.bin": random(1, 3000)})
	file := hash.Path() + "/d/a.bin"
	link := closed.link(f, access.Link{Path: file})
	const host = "\r\nHost: localhost\r\n"
	for _, seed := range []string{
		"GET " + file + " HTTP/1.1" + host + "Range: bytes=5-9\r\n\r\n",
		"HEAD " + file + " HTTP/1.1" + host + "\r\n",
		"GET " + file + " HTTP/1.1" + host + "Range: bytes=-0\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "If-Range: \"x\"\r\nRange: bytes=5-9\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "Content-Length: 1\r\n\r\nx",
		"GET " + file + " HTTP/1.1" + host + "\r\nGET " + file + " HTTP/1.1" + host + "\r\n",
		"GET " + file + "?download=1 HTTP/1.1" + host + "Accept: text/html\r\n\r\n",
		"GET " + file + " HTTP/1.0\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "X-Forwarded-For: 192.0.2.1, [2001:db8::1]:80, 198.51.100.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: a.example\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "X-Forwarded-For: unknown\r\nForwarded: for=192.0.2.1\r\nVia: 1.1 a\r\nX-Real-IP: 192.0.2.2\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\nRange: bytes=1-\r\n\r\n",
		"GET /p" + file + " HTTP/1.1" + host + "X-Forwarded-Prefix: /p\r\nX-Forwarded-For: ::1\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "CDN-Loop: a, btgw-mark\r\n\r\n",
		"GET " + hash.Path() + "/ HTTP/1.1" + host + "\r\n",
		"GET " + file + " HTTP/1.1" + host + "Authorization: Bearer a\r\nRange: bytes=5-9\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "authorization: Basic YWxpY2U6YQ==\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "Authorization: Bearer b\r\nCookie: btgw=" + link.Token() + "\r\n\r\n",
		"GET " + file + " HTTP/1.1" + host + "Cookie: x=\"y\"; btgw=\"" + link.Token() + "\";; btgw=\r\n\r\n",
		"GET " + file + "?" + link.Query() + " HTTP/1.1" + host + "\r\n",
	} {
		f.Add([]byte(seed))
	}
	prime := "GET " + file + " HTTP/1.1" + host
	f.Fuzz(func(t *testing.T, text []byte) {
		in := bufio.NewReader(bytes.NewReader(text))
		r, err := http.ReadRequest(in)
		rest, _ := io.ReadAll(in)
		one := err == nil && len(rest) == 0 && r.Body == http.NoBody && !r.Close && r.ProtoAtLeast(1, 1) && r.Method != "CONNECT"
		open.fuzz(t, prime+"\r\n", text, one)
		closed.fuzz(t, prime+"Authorization: Bearer a\r\n\r\n", text, one)
	})
}

// fuzz sends text behind a request that primes. one says that it is one request without a body.
func (p *proxiedLanes) fuzz(t *testing.T, prime string, text []byte, one bool) {
	p.conns = [2]*keptConn{keep(t, p.fast.addr), keep(t, p.slow.addr)}
	defer p.conns[0].Close()
	defer p.conns[1].Close()
	p.prime(t, prime)
	_, _ = p.conns[1].ask(t, prime)
	if one {
		p.same(t, string(text))
		for i, g := range []*gatewayTest{p.fast, p.slow} { // and as the first of a connection
			p.conns[i].Close()
			p.conns[i] = keep(t, g.addr)
		}
		p.same(t, string(text))
		return
	}
	before := p.fast.fast.answers.Load()
	first := keep(t, p.fast.addr)
	defer first.Close()
	for _, k := range []*keptConn{p.conns[0], first} {
		_, _ = k.Write(text)
		_ = k.Conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, k.in)
	}
	if n := p.fast.fast.answers.Load() - before; n > 0 {
		t.Errorf("%q has %d answers of the fast lane", text, n)
	}
}

// Every request that the conformance suite sends has the same answer from both lanes, and so has each that a proxy hands on, and
// each of a user.
func TestFastLaneConforms(t *testing.T) {
	change := func(cfg *Config) { cfg.FirstByteTimeout, cfg.Subdomains = 10*time.Millisecond, "gw.example" }
	l, closed := newProxiedLanes(t, change), newClosedLanes(t, change, userLine("alice", "a", ""))
	hash := l.backend.add(t, "suite", metainfo.V1, suiteFiles())
	closed.backend.add(t, "suite", metainfo.V1, suiteFiles())
	relay := newRelay(t, l.slow.addr)
	conform(t, conformance.Config{URL: "http://" + relay.addr, InfoHash: hash, Subdomains: "gw.example"})
	requests := relay.requests(t)
	const proxied = "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: gw.example\r\nVia: 1.1 proxy\r\nCDN-Loop: proxy\r\n\r\n"
	const user = "Authorization: Bearer a\r\n\r\n"
	fast, firsts, handedOn, users := 0, 0, 0, 0
	for _, request := range requests {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(request)))
		if err != nil {
			t.Fatal(err)
		}
		first := "GET " + r.RequestURI + " HTTP/1.1\r\nHost: " + r.Host + "\r\nRange: bytes=0-0\r\n"
		l.anew(t, first+"\r\n")
		closed.anew(t, first+user)
		request = strings.Replace(request, "Connection: close\r\n", "", 1)
		if _, _, byFast := l.same(t, request); byFast {
			fast++
		}
		if _, _, byFast := l.same(t, strings.TrimSuffix(request, "\r\n")+proxied); byFast {
			handedOn++
		}
		if !strings.Contains(request, "\nAuthorization: ") {
			request = strings.TrimSuffix(request, "\r\n") + user
		}
		if _, _, byFast := closed.same(t, request); byFast {
			users++
		}
		for _, k := range append(l.conns[:], closed.conns[:]...) {
			k.Close()
		}
		l.conns = [2]*keptConn{keep(t, l.fast.addr), keep(t, l.slow.addr)}
		if _, _, byFast := l.same(t, request); byFast {
			firsts++
		}
	}
	told := fmt.Sprintf("%d requests, in the fast lane %d of them, %d as the first of a connection, %d that were handed on, and %d of a user", len(requests), fast, firsts, handedOn, users)
	if t.Log(told); len(requests) < 200 || fast < 20 || firsts < 20 || handedOn < 20 || users < 20 {
		t.Error(told)
	}
}

// anew has new connections, and has the fast lane know the answer to a request for bytes of a file.
func (l *lanes) anew(t testing.TB, request string) {
	t.Helper()
	l.conns = [2]*keptConn{keep(t, l.fast.addr), keep(t, l.slow.addr)}
	if a, _ := l.conns[1].ask(t, request); bytes.HasPrefix(a, []byte("HTTP/1.1 206 ")) {
		for range 4 { // net/http has to come to rest, and to answer once
			_, _ = l.conns[0].ask(t, request)
		}
	}
}

// A relay hands bytes on, and keeps those of clients.
type relay struct {
	addr string
	mu   sync.Mutex
	came []*bytes.Buffer // guarded by mu, as what is in them
}

func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{addr: ln.Addr().String()}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			client, err := ln.Accept()
			if err != nil {
				return
			}
			work.Go(func() { r.carry(client.(*net.TCPConn), to) })
		}
	})
	t.Cleanup(func() { ln.Close(); work.Wait() })
	return r
}

func (r *relay) carry(client *net.TCPConn, to string) {
	defer client.Close()
	server, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer server.Close()
	came := new(bytes.Buffer)
	r.mu.Lock()
	r.came = append(r.came, came)
	r.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(server, io.TeeReader(client, writerFunc(func(p []byte) (int, error) {
			r.mu.Lock()
			defer r.mu.Unlock()
			return came.Write(p)
		})))
		_ = server.(*net.TCPConn).CloseWrite()
	}()
	_, _ = io.Copy(client, server)
	client.Close()
	<-done
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// requests are those of HTTP/1 without a body that came.
func (r *relay) requests(t *testing.T) (all []string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, came := range r.came {
		for rest := came.Bytes(); ; {
			end := bytes.Index(rest, []byte("\r\n\r\n")) + 4
			if end < 4 {
				break
			}
			one, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(rest[:end])))
			if err != nil || one.Body != http.NoBody || one.Method == "PRI" {
				break
			}
			all = append(all, string(rest[:end]))
			rest = rest[end:]
		}
	}
	return all
}
