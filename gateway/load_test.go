package gateway

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/metainfo"
)

func TestTooManyStreams(t *testing.T) {
	g := serve(t, func(cfg *Config) {
		cfg.MaxStreamsPerClient = 2
		cfg.TrustedProxies = []string{"127.0.0.1"} // this machine itself has no such bound
	})
	hash, _ := g.single(t, "a.bin", 1000)
	proceed, waiting := make(chan struct{}), make(chan struct{}, 2)
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.wait = func(context.Context, int) error {
			waiting <- struct{}{}
			<-proceed
			return nil
		}
	})
	answers := make(chan *answer, 2)
	for range 2 {
		go func() { answers <- g.get(t, hash.Path()+"/a.bin") }()
		<-waiting
	}
	if a := g.get(t, hash.Path()+"/a.bin"); a.status != 429 || a.get("Retry-After") != "5" || a.get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := g.get(t, "/"); a.status != 200 {
		t.Errorf("the start page is no stream: %d", a.status)
	}
	close(proceed)
	for range 2 {
		if a := <-answers; a.status != 200 || a.cut {
			t.Errorf("%d", a.status)
		}
	}
	setHook(g.backend, &g.backend.onOpen, nil)
	if a := g.get(t, hash.Path()+"/a.bin"); a.status != 200 {
		t.Errorf("afterwards: %d", a.status)
	}
}

// Behind a trusted proxy the forwarded address counts; else it does not.
func TestForwardedAddress(t *testing.T) {
	for _, trusted := range []bool{false, true} {
		g := serve(t, func(cfg *Config) {
			cfg.MaxStreamsPerClient = 1
			if trusted {
				cfg.TrustedProxies = []string{"127.0.0.0/8"}
			}
		})
		hash, _ := g.single(t, "a.bin", 1000)
		proceed, waiting := make(chan struct{}), make(chan struct{}, 1)
		setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
			c.wait = func(context.Context, int) error {
				waiting <- struct{}{}
				<-proceed
				return nil
			}
		})
		done := make(chan *answer)
		go func() { done <- g.get(t, hash.Path()+"/a.bin", "X-Forwarded-For: 192.0.2.1") }()
		<-waiting
		setHook(g.backend, &g.backend.onOpen, nil)
		want := map[bool]int{false: 429, true: 200}[trusted] // a proxy that is not trusted is one client
		if a := g.get(t, hash.Path()+"/a.bin", "X-Forwarded-For: 192.0.2.2"); a.status != want {
			t.Errorf("trusted %t, another client: %d", trusted, a.status)
		}
		if a := g.get(t, hash.Path()+"/a.bin", "X-Forwarded-For: 192.0.2.1"); a.status != 429 {
			t.Errorf("trusted %t, the same client: %d", trusted, a.status)
		}
		if !trusted {
			if a := g.get(t, hash.Path()+"/a.bin"); a.status != 200 {
				t.Errorf("a program on this machine: %d", a.status)
			}
		}
		close(proceed)
		<-done
	}
}

func TestShutdownDrains(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 3<<20)
	proceed, waiting := make(chan struct{}), make(chan struct{}, 1)
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.wait = func(_ context.Context, pos int) error {
			if pos == 1<<20 {
				waiting <- struct{}{}
				<-proceed
			}
			return nil
		}
	})
	idle, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	done := make(chan *answer)
	go func() { done <- g.get(t, hash.Path()+"/a.bin") }()
	<-waiting
	if err := g.Ready(); err != nil {
		t.Fatal(err)
	}
	shut := make(chan error)
	go func() { shut <- g.Shutdown(context.Background()) }()
	for g.Ready() == nil {
		time.Sleep(time.Millisecond)
	}
	for _, a := range []*answer{g.get(t, hash.Path()+"/a.bin"), exchange(t, idle, "GET / HTTP/1.1\nHost: localhost\n\n")} {
		if a.status != 503 || a.get("Retry-After") != "10" || a.get("Connection") != "close" {
			t.Errorf("while draining: %d %v", a.status, a.header)
		}
	}
	close(proceed)
	a := <-done
	if a.cut {
		t.Error("the transfer under way was cut")
	}
	a.wantBody(t, data)
	if err := <-shut; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if conn, err := net.Dial("tcp", g.addr); err == nil {
		conn.Close()
		t.Error("the listener is still open")
	}
}

// When the time for draining is over, what still runs is cut.
func TestShutdownCuts(t *testing.T) {
	g := serve(t, nil)
	hash, _ := g.single(t, "a.bin", 3<<20)
	waiting := make(chan struct{})
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		c.wait = func(ctx context.Context, pos int) error {
			if pos == 0 {
				return nil
			}
			close(waiting)
			<-ctx.Done()
			return ctx.Err()
		}
	})
	done := make(chan *answer)
	go func() { done <- g.get(t, hash.Path()+"/a.bin") }()
	<-waiting
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := g.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown: %v", err)
	}
	if a := <-done; !a.cut {
		t.Error("the transfer ended as if it were whole")
	}
}

// TestShutdownAnswers: a request that still waits for its first byte when the time for draining is over is told so.
func TestShutdownAnswers(t *testing.T) {
	for _, stage := range []string{"metadata", "content"} {
		t.Run(stage, func(t *testing.T) {
			g := serve(t, nil)
			hash, _ := g.single(t, "a.bin", 3<<20)
			waiting := make(chan struct{})
			wait := func(ctx context.Context) error {
				close(waiting)
				<-ctx.Done()
				return ctx.Err()
			}
			if stage == "metadata" {
				setHook(g.backend, &g.backend.unknown, true)
				setHook(g.backend, &g.backend.onInfo, func(ctx context.Context, _ metainfo.InfoHash) error { return wait(ctx) })
			} else {
				setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) { c.wait = func(ctx context.Context, _ int) error { return wait(ctx) } })
			}
			done := make(chan *answer)
			go func() { done <- g.get(t, hash.Path()+"/a.bin") }()
			<-waiting
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			defer cancel()
			if err := g.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Shutdown: %v", err)
			}
			if a := <-done; a.status != 503 || a.get("Retry-After") != "10" || a.get("Connection") != "close" {
				t.Errorf("%d %v", a.status, a.header)
			}
		})
	}
}

// A client has so many requests a second, by its own address where a trusted
// proxy tells it; this machine has no such bound.
func TestTooManyRequests(t *testing.T) {
	g := serve(t, func(cfg *Config) {
		cfg.RequestsPerClient = 1
		cfg.TrustedProxies = []string{"127.0.0.1"}
	})
	n, a := g.refusedAt(t, "192.0.2.1")
	if n < limit.RequestBurst || a.status != 429 || a.get("Retry-After") != "1" || a.get("Cache-Control") != "no-store" {
		t.Errorf("request %d: %d %v", n, a.status, a.header)
	}
	for _, lines := range [][]string{{"X-Forwarded-For: 192.0.2.2"}, {"X-Forwarded-For: 192.0.2.1, 192.0.2.3"}, nil, {"X-Forwarded-For: nonsense"}} {
		if a := g.get(t, "/robots.txt", lines...); a.status != 200 {
			t.Errorf("%v: %d", lines, a.status)
		}
	}
}

// refusedAt asks for a client until there is no room, however slowly that goes, and gives
// how many were answered before.
func (g *gatewayTest) refusedAt(t *testing.T, client string) (n int, a *answer) {
	t.Helper()
	for ; n < 100; n++ {
		if a = g.get(t, "/robots.txt", "X-Forwarded-For: "+client); a.status != 200 {
			break
		}
	}
	return n, a
}

// What a trusted proxy says where an address should be counts for the proxy.
func TestHopsWithoutAddress(t *testing.T) {
	for _, line := range []string{
		"unknown", "_hidden", "for=unknown", `for="_gazonk"`, "", "  ", "192.0.2.7,", "192.0.2.7, ", "192.0.2.7, unknown", "-", "999.1.1.1",
		"[2001:db8::1", "192.0.2.7\nX-Forwarded-For: unknown", "proto=http;by=192.0.2.7", "\"\"",
	} {
		g := serve(t, func(cfg *Config) {
			cfg.RequestsPerClient = 1
			cfg.TrustedProxies = []string{"127.0.0.1"}
		})
		if n, a := g.refusedAt(t, line); a.status != 429 {
			t.Errorf("%q: request %d: %d", line, n, a.status)
		}
	}
}

func TestForwarded(t *testing.T) {
	p, err := limit.NewProxies([]string{"10.0.0.0/8", "2001:db8::1", "::ffff:192.0.2.9", "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		remote    string
		forwarded []string
		proto     string
		client    string
		scheme    string
	}{
		{"198.51.100.1:5", []string{"1.2.3.4"}, "https", "198.51.100.1", "http"},
		{"10.1.1.1:5", []string{"1.2.3.4"}, "https", "1.2.3.4", "https"},
		{"10.1.1.1:5", []string{"6.6.6.6, 1.2.3.4, 10.9.9.9"}, "", "1.2.3.4", "http"},
		{"10.1.1.1:5", []string{"6.6.6.6, 1.2.3.4", "10.9.9.9"}, "", "1.2.3.4", "http"},
		{"10.1.1.1:5", []string{"6.6.6.6", "1.2.3.4"}, "", "1.2.3.4", "http"},
		{"10.1.1.1:5", []string{"6.6.6.6, x, 10.9.9.9"}, "javascript", "10.9.9.9", "http"},
		{"10.1.1.1:5", []string{"6.6.6.6", ""}, "", "10.1.1.1", "http"},
		{"10.1.1.1:5", nil, "", "10.1.1.1", "http"},
		{"127.0.0.1:5", []string{"unknown"}, "", "127.0.0.1", "http"},
		{"127.0.0.1:5", []string{"unknown, 127.0.0.1"}, "", "127.0.0.1", "http"},
		{"10.1.1.1:5", []string{"127.0.0.1"}, "", "127.0.0.1", "http"},
		{"[2001:db8::1]:5", []string{"[2001:db8:2::7]:99"}, "", "2001:db8:2::7", "http"},
		{"[2001:db8::1]:5", []string{"[2001:db8:2::7]"}, "", "2001:db8:2::7", "http"},
		{"[2001:db8::1]:5", []string{` "[2001:db8:2::7]:99" `}, "", "2001:db8:2::7", "http"},
		{"[2001:db8::1]:5", []string{`for="[2001:db8:2::7]:_port";proto=http;by=203.0.113.43`}, "", "2001:db8:2::7", "http"},
		{"[2001:db8::1]:5", []string{`proto=http; For=192.0.2.60:8080`}, "", "192.0.2.60", "http"},
		{"[2001:db8::1]:5", []string{"fe80::1%eth0"}, "", "fe80::1", "http"},
		{"[2001:db8::1]:5", []string{"::ffff:192.0.2.60"}, "", "192.0.2.60", "http"},
		{"192.0.2.9:1", []string{"1.2.3.4:80"}, "", "1.2.3.4", "http"},
	}
	for _, test := range tests {
		r := &http.Request{RemoteAddr: test.remote, Header: http.Header{}}
		r.Header["X-Forwarded-For"] = test.forwarded
		r.Header.Set("X-Forwarded-Proto", test.proto)
		if got := p.Client(r); got != clientAt(test.client) {
			t.Errorf("%+v: client %v", test, got)
		}
		if got := schemeBy(p, r); got != test.scheme {
			t.Errorf("%+v: scheme %s", test, got)
		}
	}
	for _, forwarded := range [][]string{{"127.0.0.1"}, {"6.6.6.6, [::1]:80"}} {
		if got := p.Client(&http.Request{RemoteAddr: "127.0.0.1:9", Header: http.Header{"X-Forwarded-For": forwarded}}); !got.Local {
			t.Errorf("%q from a proxy here: %v", forwarded, got)
		}
	}
	for _, remote := range []string{"127.0.0.2:9", "[::1]:9", "[::ffff:127.1.1.1]:9"} {
		if got := p.Client(&http.Request{RemoteAddr: remote}); !got.Local {
			t.Errorf("%s is not this machine: %v", remote, got)
		}
	}
	if got := p.Client(&http.Request{RemoteAddr: "@"}); got != (limit.Client{Prefix: limit.Unknown}) {
		t.Errorf("a Unix socket: %v", got)
	}
	if _, err := limit.NewProxies([]string{"proxy.example"}); err == nil {
		t.Error("a name is no address")
	}
}
