package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// testTime bounds everything that a test waits for.
const testTime = 60 * time.Second

// killTime is how long a process that hangs has to say where.
const killTime = 5 * time.Second

// binaryVariable hands the path of the binary that TestMain built to the tests.
const binaryVariable = "BTGW_TEST_BINARY"

// TestMain builds the binary that the tests run, and sees to it that nothing is left running in this process.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "btgw-test-")
	if err != nil {
		panic(err)
	}
	binary := filepath.Join(dir, "btgw")
	build := exec.Command("go", append(append([]string{"build"}, buildFlags()...), "-o", binary, ".")...)
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v: %s", err, out))
	}
	os.Setenv(binaryVariable, binary)
	// Under nohup a process is born with SIGHUP ignored, and so is what it starts, unless it listens itself.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	os.Setenv("GORACE", "atexit_sleep_ms=0") // the race detector's second at each end
	goleak.VerifyTestMain(m, goleak.Cleanup(func(status int) {
		os.RemoveAll(dir)
		os.Exit(status)
	}))
}

// process is the binary at work.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	lines  chan string // of its standard output
	stderr lockedBuffer
	ended  chan struct{}
}

// lockedBuffer is a buffer that is written and read at once.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start runs the binary; what is left of it ends with the test.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(os.Getenv(binaryVariable), args...), lines: make(chan string, 1000), ended: make(chan struct{})}
	p.cmd.Stderr = &p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		for scan := bufio.NewScanner(stdout); scan.Scan(); {
			p.lines <- scan.Text()
		}
		close(p.lines)
		p.cmd.Wait() // the status is in ProcessState
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("%s: standard error:\n%s", strings.Join(args, " "), p.stderr.String())
		}
	})
	return p
}

// line returns the next line of standard output.
func (p *process) line() string {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		if !ok {
			p.t.Fatalf("it ended: %s", p.stderr.String())
		}
		return line
	case <-time.After(testTime):
		p.t.Fatal("no line in time")
	}
	return ""
}

// signal sends a signal.
func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// status waits for the end and gives the exit status.
func (p *process) status() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(testTime):
		p.t.Fatal("it does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// result runs the binary to its end.
func result(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Getenv(binaryVariable), args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) } // it hangs: where?
	cmd.WaitDelay = killTime
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// gatewayProcess is `btgw serve` at work.
type gatewayProcess struct {
	*process
	url, admin string
}

// serveOn starts `btgw serve` on free ports over a cache folder.
func serveOn(t *testing.T, cacheDir string, args ...string) *gatewayProcess {
	t.Helper()
	p := start(t, append([]string{
		"serve", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--peer-listen=127.0.0.1:0",
		"--allow-private", "--cache-dir=" + cacheDir, "--cache-size=1GiB", "--memory=256MiB",
	}, args...)...)
	g := &gatewayProcess{process: p}
	greeting := p.line()
	if _, err := fmt.Sscanf(greeting, "btgw serves %s (admin %s", &g.url, &g.admin); err != nil {
		t.Fatalf("%q: %v", greeting, err)
	}
	g.url, _, _ = strings.Cut(g.url, "/btih/")
	g.admin = strings.TrimSuffix(g.admin, ",")
	return g
}

// swarm is a demo's swarm without its gateway: a tracker and seeders in this process.
type swarm struct {
	announce string
	tracker  *demoTracker
	torrent  *demoTorrent
	seeders  []*demoSeeder
}

// newSwarm starts seeders of a torrent of files called name, each of rate bytes a second (0: no bound).
func newSwarm(t *testing.T, seeders int, rate int64, name string, files ...demoFile) *swarm {
	t.Helper()
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &swarm{announce: "http://" + at.Addr().String() + "/announce"}
	s.torrent, err = makeDemoTorrent(t.Context(), name, files, s.announce)
	if err != nil {
		t.Fatal(err)
	}
	s.tracker = newDemoTracker(s.torrent.Info.Hashes())
	server := &http.Server{Handler: s.tracker}
	served := make(chan struct{})
	go func() { defer close(served); server.Serve(at) }()
	t.Cleanup(func() { server.Close(); <-served })
	for range seeders {
		seeder, err := newDemoSeeder([]*demoTorrent{s.torrent}, rate, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		s.seeders = append(s.seeders, seeder)
		t.Cleanup(seeder.end)
	}
	return s
}

// end closes the seeder; twice does no harm.
func (s *demoSeeder) end() {
	ctx, cancel := context.WithTimeout(context.Background(), testTime)
	defer cancel()
	s.close(ctx)
}

// known is how many peers the tracker knows.
func (s *swarm) known() int {
	s.tracker.mu.Lock()
	defer s.tracker.mu.Unlock()
	wire := s.torrent.Info.ID().Wire()
	return len(s.tracker.swarms[string(wire[:])])
}

// get fetches a URL through a client without a pool of connections.
func get(t *testing.T, url string) (*http.Response, []byte) {
	t.Helper()
	answer := open(t, url)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, body
}

// open fetches a URL and leaves the body to the caller.
func open(t *testing.T, url string) *http.Response {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: testTime}
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// until polls what has no event to wait for: the state of another process.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(testTime)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
