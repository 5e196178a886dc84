package check

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// patience is how long something may take that should happen at once.
const patience = time.Minute

// A balancer is a program in front of a fleet, with its configuration of deploy.
type balancer struct {
	name    string
	checks  bool // it asks gateways whether they are ready
	bounded bool // it bounds what one gateway is given
	fixed   bool // its ring does not depend on the gateways' addresses, which are others in each run
	// config has the configuration listen on addr, for servers. Files go into dir.
	config func(text, dir, addr string, servers []string) string
	args   func(dir, config string) []string
}

var (
	haproxyServers = regexp.MustCompile(`(?m)^    server gateway\d .*\n`)
	nginxServers   = regexp.MustCompile(`(?m)^        server 192.*\n`)
	envoyServers   = regexp.MustCompile(`(?m)^ *- endpoint: .*\n`)
)

// balancers are the balancers, by the name of their configuration.
var balancers = map[string]balancer{
	"haproxy.cfg": {
		name: "haproxy", checks: true, bounded: true, fixed: true,
		config: func(text, _, addr string, servers []string) string {
			text = haproxyServers.ReplaceAllLiteralString(text, "")
			for i, s := range servers {
				text += fmt.Sprintf("    server gateway%d %s check\n", i+1, s)
			}
			return strings.Replace(text, "bind :80", "bind "+addr, 1)
		},
		args: func(_, config string) []string { return []string{"-db", "-f", config} },
	},
	"nginx-fleet.conf": {
		name: "nginx",
		config: func(text, dir, addr string, servers []string) string {
			text = replaceAll(text, nginxServers, func(i int) string {
				return fmt.Sprintf("        server %s max_fails=1 fail_timeout=5s;\n", servers[i])
			}, len(servers))
			return strings.NewReplacer("listen 80 ", "listen "+addr+" ", "/run/nginx.pid", dir+"/pid", "worker_processes auto;", "worker_processes 1;\ndaemon off;").Replace(text)
		},
		args: func(dir, config string) []string { return []string{"-p", dir, "-e", "stderr", "-c", config} },
	},
	"envoy.yaml": {
		name: "envoy", checks: true, bounded: true,
		config: func(text, _, addr string, servers []string) string {
			host, port, _ := net.SplitHostPort(addr)
			text = replaceAll(text, envoyServers, func(i int) string {
				host, port, _ := net.SplitHostPort(servers[i])
				return fmt.Sprintf("              - endpoint: {address: {socket_address: {address: %s, port_value: %s}}}\n", host, port)
			}, len(servers))
			return strings.NewReplacer("address: 0.0.0.0, port_value: 80}", "address: "+host+", port_value: "+port+"}",
				"minimum_ring_size: 2000", fmt.Sprint("minimum_ring_size: ", 1000*len(servers))).Replace(text)
		},
		args: func(_, config string) []string {
			return []string{"-c", config, "--use-dynamic-base-id", "--concurrency", "1", "--log-level", "warn"}
		},
	},
}

// replaceAll puts n lines into the place of the first match of old, and nothing into those of the others.
func replaceAll(text string, old *regexp.Regexp, line func(i int) string, n int) string {
	first := true
	return old.ReplaceAllStringFunc(text, func(string) string {
		if !first {
			return ""
		}
		first = false
		var lines strings.Builder
		for i := range n {
			lines.WriteString(line(i))
		}
		return lines.String()
	})
}

// ownAddress gives an address that nobody else listens on: no other process has one of this number, no connection is
// given such an address as its own, and the port is none that the kernel chooses.
func ownAddress() string {
	pid := os.Getpid()
	return fmt.Sprintf("127.88.%d.%d:%d", pid>>8&255, pid&255, 8000+addresses.Add(1))
}

var addresses atomic.Int32

// start runs it in front of servers until the test ends, and returns its address. edited changes the configuration.
func (b balancer) start(t *testing.T, file string, edited *strings.Replacer, fleet ...*fakeGateway) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", file))
	if err != nil {
		t.Fatal(err)
	}
	var servers []string
	for _, g := range fleet {
		servers = append(servers, g.addr)
	}
	dir, addr := t.TempDir(), ownAddress()
	config := filepath.Join(dir, file)
	write(t, config, []byte(edited.Replace(b.config(string(text), dir, addr, servers))))
	program := b.name
	if path, err := exec.LookPath("/usr/sbin/" + program); err == nil { // which is not in everybody's PATH
		program = path
	}
	cmd := exec.Command(program, b.args(dir, config)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &out, 5*time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s (make test-deps installs it): %v", b.name, err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		if t.Failed() {
			t.Logf("%s:\n%s", b.name, out.String())
		}
	})
	seen := make(map[string]bool)
	for end := time.Now().Add(patience); len(seen) < len(fleet); time.Sleep(5 * time.Millisecond) {
		if status, at := get(addr, "", "/"); status == http.StatusOK {
			seen[at] = true
		}
		select {
		case <-ended:
			t.Fatalf("%s ended", b.name)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("%s serves with %d gateways of %d", b.name, len(seen), len(fleet))
		}
	}
	return addr
}

// A fakeGateway answers as a btgw does, with its name.
type fakeGateway struct {
	name, addr string
	server     *http.Server
	draining   atomic.Bool
	checked    atomic.Int32 // health checks
	posts      atomic.Int32
	loses      func(w http.ResponseWriter) bool // whether it ended a request for /lost without an answer
	held       chan struct{}                    // /held is answered with half a body, and the rest when this is closed
}

func startGateway(t *testing.T, name string) *fakeGateway {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &fakeGateway{name: name, addr: listener.Addr().String(), held: make(chan struct{})}
	g.server = &http.Server{Handler: g}
	serving := make(chan struct{})
	go func() { _ = g.server.Serve(listener); close(serving) }()
	t.Cleanup(func() { g.kill(); <-serving })
	return g
}

// kill ends its connections, and its listener.
func (g *fakeGateway) kill() { _ = g.server.Close() }

func (g *fakeGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/robots.txt" {
		g.checked.Add(1)
	}
	w.Header().Set("Gateway", g.name)
	switch {
	case r.Method == http.MethodPost: // an answer that never comes
		g.posts.Add(1)
		panic(http.ErrAbortHandler)
	case g.draining.Load():
		w.WriteHeader(http.StatusServiceUnavailable)
	case strings.HasSuffix(r.URL.Path, "/lost") && g.loses(w):
	case strings.HasSuffix(r.URL.Path, "/held"):
		w.Header().Set("Content-Length", "20")
		_, _ = io.WriteString(w, "0123456789")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-g.held:
			_, _ = io.WriteString(w, "0123456789")
		case <-r.Context().Done():
		}
	default:
		_, _ = io.WriteString(w, r.Header.Get("Range")+r.Header.Get("If-Range"))
	}
}

// client keeps no connection: each request is one that nothing is known of.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// get returns the status of an answer, and which gateway it came from. Status 0 is none.
func get(addr, host, path string) (status int, at string) {
	r, err := http.NewRequest(http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		panic(err)
	}
	r.Host = host
	a, err := client.Do(r)
	if err != nil {
		return 0, ""
	}
	defer a.Body.Close()
	_, _ = io.Copy(io.Discard, a.Body)
	return a.StatusCode, a.Header.Get("Gateway")
}

// hash is the number i as an infohash: 40 hexadecimal digits that look random.
func hash(i int) string {
	return fmt.Sprintf("%016x%016x%08x", uint64(i)*0x9e3779b97f4a7c15, ^uint64(i)*0xbf58476d1ce4e5b9, i)
}

// edit is what tests change in all configurations: a machine that is busy makes no gateway look dead.
func edit(pairs ...string) *strings.Replacer {
	return strings.NewReplacer(append(pairs, "    timeout connect 2s\n", "    timeout connect 30s\n    timeout check 30s\n", "- timeout: 2s\n", "- timeout: 30s\n")...)
}

var (
	asItIs = edit()
	// unbounded takes out what bounds one gateway's share, as for gateways that are no siblings: what is asked is where
	// torrents belong, and a request that has just ended may still count.
	unbounded = edit("    hash-balance-factor 150\n", "", "        consistent_hashing_lb_config: {hash_balance_factor: 150}\n", "")
	// often asks gateways often whether they are ready.
	often = edit("inter 1s", "inter 100ms", "interval: 1s", "interval: 0.1s")
)

// each runs a test with each balancer.
func each(t *testing.T, run func(t *testing.T, b balancer, file string)) {
	for file, b := range balancers {
		t.Run(b.name, func(t *testing.T) { run(t, b, file) })
	}
}

func startFleet(t *testing.T, n int) (fleet []*fakeGateway) {
	t.Helper()
	for i := range n {
		fleet = append(fleet, startGateway(t, fmt.Sprint("gateway ", i)))
	}
	return fleet
}

// A torrent is at one gateway in all forms that btgw does not redirect.
func TestBalancerPlaces(t *testing.T) {
	each(t, func(t *testing.T, b balancer, file string) {
		fleet := startFleet(t, 3)
		addr := b.start(t, file, unbounded, fleet...)
		torrents := make(map[string]int)
		for i := range 30 {
			h := hash(i)
			long, label := strings.Repeat("b", 20)+h[:32], strings.NewReplacer("0", "g", "1", "h", "8", "i", "9", "j").Replace(h)[:32]
			for _, forms := range [][]string{
				{"/btih/" + h + "/film.mkv", "/btih/" + h, "/btih/" + h + "/", "/btih/" + h + ".torrent", "/btih/" + h + "/?format=json&tr=http://t.example/btih/x/",
					"/btih/" + h + "/a/btih/b/c.mkv", "/bt/btih/" + h + "/film.mkv", "/s/e=1~k=k~p=%2F~s=s/btih/" + h + "/film.mkv"},
				{"/btmh/" + long + "/film.mkv", "/btmh/" + long + "/?view=1"},
				{"/btpk/" + h + h[:24] + "/-/film.mkv", "/btpk/" + h + h[:24] + "/salt/x"},
				{label + ".gw.example /film.mkv", label + ".gw.example /other/btih/x/film.mkv?format=tar"},
				{"/announce?info_hash=%12%34" + h[:18] + "&port=1", "/announce?port=2&info_hash=%12%34" + h[:18]},
			} {
				places := make(map[string][]string)
				for _, form := range forms {
					host, path, ok := strings.Cut(form, " ")
					if !ok {
						host, path = "", form
					}
					status, at := get(addr, host, path)
					if status != http.StatusOK {
						t.Errorf("%s: %d", form, status)
					}
					places[at] = append(places[at], form)
				}
				if len(places) != 1 {
					t.Errorf("one torrent is at %d gateways: %v", len(places), places)
				}
				for at := range places {
					torrents[at]++
				}
			}
		}
		if len(torrents) != len(fleet) {
			t.Errorf("torrents by gateway: %v", torrents)
		}
	})
}

// A gateway that comes takes its share of torrents, and no other torrent moves.
func TestBalancerAddsOne(t *testing.T) {
	each(t, func(t *testing.T, b balancer, file string) {
		const torrents = 1000
		fleet := startFleet(t, 4)
		before, after := b.start(t, file, unbounded, fleet[:3]...), b.start(t, file, unbounded, fleet...)
		moved, share := 0, make(map[string]int)
		for i := range torrents {
			path := "/btih/" + hash(i) + "/film.mkv"
			_, was := get(before, "", path)
			_, is := get(after, "", path)
			share[is]++
			if was == is {
				continue
			}
			moved++
			if is != fleet[3].name {
				t.Errorf("%s moved from %q to %q", path, was, is)
			}
		}
		t.Logf("%d torrents of %d moved to the fourth gateway; they are at %v", moved, torrents, share)
		most := torrents/4 + torrents/20
		if !b.fixed {
			most = torrents/4 + torrents/8
		}
		if moved > most || moved == 0 {
			t.Errorf("%d torrents moved, more than %d", moved, most)
		}
	})
}

// A gateway that drains is given nothing new, no request fails, and what it sends goes on to its end.
func TestBalancerDrain(t *testing.T) {
	each(t, func(t *testing.T, b balancer, file string) {
		fleet := startFleet(t, 3)
		addr := b.start(t, file, often, fleet...)
		a, err := client.Get("http://" + addr + "/btih/" + hash(1) + "/held")
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		g := named(fleet, a.Header.Get("Gateway"))
		g.draining.Store(true)
		asked := g.checked.Load()
		ask := func() {
			t.Helper()
			for i := range 20 {
				if status, at := get(addr, "", "/btih/"+hash(i)+"/film.mkv"); status != http.StatusOK || at == g.name {
					t.Errorf("a request while %s drains: %d by %q", g.name, status, at)
				}
			}
		}
		ask()
		if b.checks {
			await(t, "it was asked five times whether it is ready", func() bool { return g.checked.Load() >= asked+5 })
			ask()
		}
		close(g.held)
		if body, err := io.ReadAll(a.Body); err != nil || string(body) != "01234567890123456789" {
			t.Errorf("what was under way: %q %v", body, err)
		}
	})
}

func named(fleet []*fakeGateway, name string) *fakeGateway {
	for _, g := range fleet {
		if g.name == name {
			return g
		}
	}
	return nil
}

// A gateway that dies cuts what it sends, and the rest comes from another one. No other request fails, and none is made
// twice that may be made once only.
func TestBalancerDeath(t *testing.T) {
	each(t, func(t *testing.T, b balancer, file string) {
		fleet := startFleet(t, 3)
		addr := b.start(t, file, asItIs, fleet...)
		url := "http://" + addr + "/btih/" + hash(2)
		a, err := client.Get(url + "/held")
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		g := named(fleet, a.Header.Get("Gateway"))
		part := make([]byte, 10)
		if _, err := io.ReadFull(a.Body, part); err != nil {
			t.Fatal(err)
		}
		g.kill()
		if rest, err := io.ReadAll(a.Body); err == nil || len(rest) > 0 {
			t.Errorf("a body that was cut ends with %q, %v", rest, err)
		}
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url+"/film.mkv", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Range", "bytes=10-")
		r.Header.Set("If-Range", `"tag"`)
		if a, err := client.Do(r); err != nil || a.StatusCode != http.StatusOK {
			t.Errorf("the rest: %v %v", a, err)
		} else if body, _ := io.ReadAll(a.Body); string(body) != `bytes=10-"tag"` {
			t.Errorf("what another gateway was asked for: %q", body)
		} else {
			a.Body.Close()
		}
		for i := range 20 {
			if status, at := get(addr, "", "/btih/"+hash(i)+"/film.mkv"); status != http.StatusOK || at == g.name {
				t.Errorf("a request when %s is dead: %d by %q", g.name, status, at)
			}
		}
		res, err := client.Post(url+"/-/open", "text/plain", strings.NewReader("x"))
		if err != nil || res.StatusCode < 500 {
			t.Errorf("a POST without an answer: %v %v", res, err)
		} else {
			res.Body.Close()
		}
		if n := fleet[0].posts.Load() + fleet[1].posts.Load() + fleet[2].posts.Load(); n != 1 {
			t.Errorf("a POST was made %d times", n)
		}
	})
}

// A request that reached a gateway, and got no answer since that ended, is answered by another.
func TestBalancerLost(t *testing.T) {
	ends := map[string]func(w http.ResponseWriter) bool{
		"closed": func(http.ResponseWriter) bool { panic(http.ErrAbortHandler) },
		"reset": func(w http.ResponseWriter) bool {
			c, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			_ = c.(*net.TCPConn).SetLinger(0)
			c.Close()
			return true
		},
	}
	each(t, func(t *testing.T, b balancer, file string) {
		for how, end := range ends {
			t.Run(how, func(t *testing.T) {
				fleet := startFleet(t, 3)
				var lost atomic.Int32 // the first request alone
				for _, g := range fleet {
					g.loses = func(w http.ResponseWriter) bool { return lost.Add(1) == 1 && end(w) }
				}
				addr := b.start(t, file, asItIs, fleet...)
				if status, _ := get(addr, "", "/btih/"+hash(5)+"/lost"); status != http.StatusOK {
					t.Errorf("status %d", status)
				}
			})
		}
	})
}

// Where many want one torrent, its gateway is given no more than its bound, and others have the rest.
func TestBalancerBound(t *testing.T) {
	each(t, func(t *testing.T, b balancer, file string) {
		if !b.bounded {
			return
		}
		const readers = 12
		fleet := startFleet(t, 3)
		addr := b.start(t, file, asItIs, fleet...)
		count := make(map[string]int)
		var bodies sync.WaitGroup
		for range readers { // one after the other, and all are held
			a, err := client.Get("http://" + addr + "/btih/" + hash(3) + "/held")
			if err != nil {
				t.Fatal(err)
			}
			count[a.Header.Get("Gateway")]++
			bodies.Go(func() {
				defer a.Body.Close()
				if body, err := io.ReadAll(a.Body); err != nil || len(body) != 20 {
					t.Errorf("%q %v", body, err)
				}
			})
		}
		for _, g := range fleet {
			close(g.held)
		}
		bodies.Wait()
		// Half as much again as an even share, and one more that rounding makes.
		for at, n := range count {
			if n > readers/3*3/2+1 {
				t.Errorf("%s was given %d readers of %d: %v", at, n, readers, count)
			}
		}
	})
}

// Where no gateway is there, the answer is a problem document that nobody keeps.
func TestBalancerAlone(t *testing.T) {
	each(t, func(t *testing.T, b balancer, file string) {
		g := startGateway(t, "gateway")
		addr := b.start(t, file, asItIs, g)
		g.kill()
		a, err := client.Get("http://" + addr + "/btih/" + hash(4) + "/film.mkv")
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		if a.StatusCode != 502 && a.StatusCode != 503 || a.Header.Get("Content-Type") != "application/problem+json" || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Retry-After") == "" {
			t.Errorf("%d %v", a.StatusCode, a.Header)
		}
	})
}

func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: that %s", what)
		}
	}
}
