package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

const (
	// startTime is how long a btgw has until it says where it serves.
	startTime = time.Minute
	// endTime is how long it has to end after a signal: its own bounds for
	// streams (20 s) and for the rest, and a slow machine.
	endTime = 90 * time.Second
	// awaitTime is how long something may take that should happen at once.
	awaitTime = time.Minute
	// pollTime is the wait between two looks.
	pollTime = 10 * time.Millisecond
)

// options choose how a btgw is started. The zero value does for most tests.
type options struct {
	dir    string   // of the cache; "" is a new one
	listen string   // where content is served; "" is any port
	args   []string // more flags
	run    string   // the command; "" is serve
	env    []string // more variables of the environment
}

// btgw is one that runs.
type btgw struct {
	t     *testing.T
	dir   string // of its cache
	url   string // of content, as http://127.0.0.1:4000
	admin string // of the administration
	peer  string // host:port for peers
	http  *http.Client

	cmd    *exec.Cmd
	stderr output
	ended  chan struct{}
	err    error // how it ended; to be read after ended
	asked  bool  // the test has ended it, however
}

// greeting is what serve prints once it listens.
var greeting = regexp.MustCompile(`^btgw serves (http://\S+)/btih/<infohash>/<name>  \(admin (http://\S+), peers on port (\d+)\)\n$`)

// start starts a btgw and waits until it is ready. At the end of the test it is
// told to end, unless the test did, and everything that it should not have done
// fails the test.
func start(t *testing.T, o options) *btgw {
	t.Helper()
	g := &btgw{t: t, dir: o.dir, ended: make(chan struct{})}
	if g.dir == "" {
		g.dir = t.TempDir()
	}
	args := []string{cmp.Or(o.run, "serve"), "--allow-private", "--pprof", "--cache-dir=" + g.dir, "--listen=" + cmp.Or(o.listen, "127.0.0.1:0"),
		"--admin-listen=127.0.0.1:0", "--peer-listen=127.0.0.1:0", "--log-level=warn"}
	g.cmd = exec.Command(program, append(args, o.args...)...)
	g.cmd.Env = append(environment(), o.env...)
	g.cmd.SysProcAttr = clients.GroupOfItsOwn() // a ^C is for the tests, which end it
	g.cmd.Stderr = &g.stderr
	out := &firstLine{line: make(chan string, 1)}
	g.cmd.Stdout = out
	if err := g.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		g.err = g.cmd.Wait()
		close(g.ended)
	}()
	t.Cleanup(g.finish)
	g.greeted(out.line)
	g.http = &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	await(t, "btgw is ready", func() bool { return g.get(g.admin+"/readyz").status == http.StatusOK })
	return g
}

// greeted waits for the line that says where it serves.
func (g *btgw) greeted(lines <-chan string) {
	g.t.Helper()
	select {
	case line := <-lines:
		m := greeting.FindStringSubmatch(line)
		if m == nil {
			g.t.Fatalf("btgw printed %q", line)
		}
		g.url, g.admin, g.peer = m[1], m[2], "127.0.0.1:"+m[3]
	case <-g.ended:
		g.asked = true
		g.t.Fatalf("btgw ended: %v: %s", g.err, g.stderr.String())
	case <-time.After(startTime):
		g.t.Fatal("btgw does not say where it serves")
	}
}

// environment is ours without settings of btgw, of the race detector's and
// proxies.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "BTGW_") && !strings.HasPrefix(v, "OTEL_") && !strings.HasPrefix(v, "GORACE=") {
			env = append(env, v)
		}
	}
	return append(env, "GORACE=exitcode=66")
}

// signal sends it one.
func (g *btgw) signal(s syscall.Signal) {
	g.t.Helper()
	g.asked = true
	if err := g.cmd.Process.Signal(s); err != nil {
		g.t.Fatal(err)
	}
}

// stop tells it to end, and expects that it does in order.
func (g *btgw) stop() {
	g.t.Helper()
	g.signal(syscall.SIGTERM)
	g.stopped()
}

// stopped waits for the end that was asked for.
func (g *btgw) stopped() {
	g.t.Helper()
	select {
	case <-g.ended:
		if g.err != nil {
			g.t.Errorf("btgw ended with %v: %s", g.err, g.stderr.String())
		}
	case <-time.After(endTime):
		g.t.Error("btgw does not end")
		g.kill()
	}
}

// kill ends it at once.
func (g *btgw) kill() {
	g.asked = true
	select {
	case <-g.ended:
	default:
		_ = g.cmd.Process.Kill()
		<-g.ended
	}
}

// finish is the end of the test.
func (g *btgw) finish() {
	if !g.asked {
		select {
		case <-g.ended:
			g.t.Errorf("btgw ended by itself: %v", g.err)
		default:
			g.stop()
		}
	}
	g.kill()
	text := g.stderr.String()
	for _, bad := range []string{"WARNING: DATA RACE", "panic", "level=ERROR", "fatal error:"} {
		if strings.Contains(text, bad) {
			g.t.Errorf("btgw printed %q", bad)
		}
	}
	if g.t.Failed() && text != "" {
		g.t.Logf("btgw:\n%s", text)
	}
}

// status is what the API says of a torrent; it has to be known.
func (g *btgw) status(ih metainfo.InfoHash) gateway.TorrentStatus {
	g.t.Helper()
	var st gateway.TorrentStatus
	if a := g.json(g.admin+"/api/v1/torrents/"+ih.String(), &st); a.status != http.StatusOK {
		g.t.Fatalf("the API on %s: %d", ih, a.status)
	}
	return st
}

// json gets a document.
func (g *btgw) json(url string, doc any) answer {
	g.t.Helper()
	a := g.get(url)
	if a.err != nil {
		g.t.Fatalf("%s: %v", url, a.err)
	}
	if err := json.Unmarshal(a.body, doc); err != nil {
		g.t.Fatalf("%s: %v: %s", url, err, a.body)
	}
	return a
}

// goroutines counts those that btgw has.
func (g *btgw) goroutines() int {
	g.t.Helper()
	a := g.get(g.admin + "/debug/pprof/goroutine?debug=1")
	_, rest, _ := bytes.Cut(a.body, []byte("goroutine profile: total "))
	digits, _, _ := bytes.Cut(rest, []byte("\n"))
	n, err := strconv.Atoi(string(digits))
	if a.err != nil || err != nil {
		g.t.Fatalf("profile: %d %v %v", a.status, a.err, err)
	}
	return n
}

// await waits for something to become true.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(awaitTime); !holds(); time.Sleep(pollTime) {
		if time.Now().After(end) {
			t.Fatalf("in vain: that %s", what)
		}
	}
}

// output keeps what a process prints.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write keeps p.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

// String gives what was printed so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// firstLine passes the first line of what is written to it on.
type firstLine struct {
	b      []byte
	passed bool
	line   chan string // takes one without waiting
}

// Write takes p.
func (f *firstLine) Write(p []byte) (int, error) {
	if !f.passed {
		f.b = append(f.b, p...)
		if i := bytes.IndexByte(f.b, '\n'); i >= 0 {
			f.line <- string(f.b[:i+1])
			f.passed = true
		}
	}
	return len(p), nil
}
