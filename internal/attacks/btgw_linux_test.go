package attacks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// btgw is one that runs, as shipped but for its memory.
type btgw struct {
	t      *testing.T
	cmd    *exec.Cmd
	memory int // --memory in MiB
	output tail
	ended  chan struct{}

	mu   sync.Mutex
	peak usage
}

// usage is what a process has.
type usage struct {
	rss int64 // bytes
	fds int
	cpu time.Duration // since its start
}

const (
	contentURL = "http://" + gatewayAddr + ":8080"
	adminURL   = "http://127.0.0.1:8081"
	peerPort   = "22069"
)

// startBtgw starts a gateway that is open to all; files is its limit of
// descriptors, 0 for the one of this process.
func startBtgw(t *testing.T, memory, files int, args ...string) *btgw {
	t.Helper()
	g := &btgw{t: t, memory: memory, ended: make(chan struct{})}
	limit := ""
	if files > 0 {
		limit = fmt.Sprintf("ulimit -n %d && ", files)
	}
	all := append([]string{"-c", limit + `exec "$0" "$@"`, program, "serve", "--mode=open", "--listen=:8080",
		fmt.Sprintf("--memory=%dMiB", memory), "--cache-dir=" + t.TempDir()}, args...)
	g.cmd = exec.Command("/bin/sh", all...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "BTGW_") && !strings.HasPrefix(v, "GO") {
			g.cmd.Env = append(g.cmd.Env, v)
		}
	}
	g.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	g.cmd.Stdout, g.cmd.Stderr = &g.output, &g.output
	if err := g.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = g.cmd.Wait()
		close(g.ended)
	}()
	t.Cleanup(g.finish)
	until(t, startTime, "btgw is ready", func() bool {
		resp, err := http.Get(adminURL + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	watching := newGroup(t)
	watching.Go(func() { g.watch(watching.ctx) })
	return g
}

// until waits for something.
func until(t *testing.T, wait time.Duration, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(wait); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: that %s", what)
		}
	}
}

// finish ends it, at once if it does not end by itself.
func (g *btgw) finish() {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	select {
	case <-g.ended:
		g.t.Error("btgw ended by itself")
	default:
		_ = g.cmd.Process.Signal(syscall.SIGTERM)
	}
	select {
	case <-g.ended:
	case <-time.After(endTime):
		g.t.Error("btgw does not end")
		_ = g.cmd.Process.Kill()
		<-g.ended
	}
	text := g.output.String()
	for _, bad := range []string{"panic", "level=ERROR", "fatal error:"} {
		if strings.Contains(text, bad) {
			g.t.Errorf("btgw printed %q", bad)
		}
	}
	if g.t.Failed() {
		g.t.Logf("btgw:\n%s", text)
	}
}

// watch notes the most that it has.
func (g *btgw) watch(ctx context.Context) {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		u, err := g.usage()
		if err == nil {
			g.mu.Lock()
			g.peak.rss, g.peak.fds, g.peak.cpu = max(g.peak.rss, u.rss), max(g.peak.fds, u.fds), u.cpu
			g.mu.Unlock()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// most gives the most that it had so far.
func (g *btgw) most() usage {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.peak
}

// usage gives what it has now.
func (g *btgw) usage() (u usage, err error) {
	proc := fmt.Sprintf("/proc/%d/", g.cmd.Process.Pid)
	fds, err := os.ReadDir(proc + "fd")
	if err != nil {
		return u, err
	}
	u.fds = len(fds)
	statm, err := os.ReadFile(proc + "statm")
	if err != nil {
		return u, err
	}
	if f := bytes.Fields(statm); len(f) > 1 {
		pages, _ := strconv.ParseInt(string(f[1]), 10, 64)
		u.rss = pages * int64(os.Getpagesize())
	}
	stat, err := os.ReadFile(proc + "stat")
	if err != nil {
		return u, err
	}
	if f := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:]); len(f) > 12 {
		user, _ := strconv.ParseInt(string(f[11]), 10, 64)
		system, _ := strconv.ParseInt(string(f[12]), 10, 64)
		u.cpu = time.Duration(user+system) * (time.Second / 100) // USER_HZ
	}
	return u, nil
}

// json gets a document of the API.
func (g *btgw) json(path string, doc any) {
	g.t.Helper()
	resp, err := http.Get(adminURL + path)
	if err != nil {
		g.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil {
		err = json.Unmarshal(body, doc)
	}
	if err != nil {
		g.t.Fatalf("%s: %d, %v: %.300s", path, resp.StatusCode, err, body)
	}
}

// tail keeps the last that is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if extra := len(t.b) - 2<<10; extra > 0 {
		t.b = append(t.b[:0], t.b[extra:]...)
	}
	return len(p), nil
}

// String gives it.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
