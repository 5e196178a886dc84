package e2e

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

var faultTable = flag.String("faults", "", "TestFailingCalls fails each call with each errno, and writes its table to this file")

// The calls that the cache makes while btgw runs, and how they may fail. close is not among them:
// the file is closed whatever it says.
var (
	failingCalls = []string{
		"openat", "pread64", "splice", "sendfile", "fstat", "statfs",
		"io_submit", "io_getevents", "pwrite64", "ftruncate", "fallocate", "fdatasync", "fsync", "renameat", "unlinkat", "utimensat",
	}
	failures = []string{"EIO", "ENOSPC", "EDQUOT", "EROFS", "EACCES", "EMFILE", "EINTR"}
	// These come once in a while: for a torrent that is new, for the metainfo of one that is asked for
	// again, for a journal that was opened anew.
	rareCalls = []string{"fallocate", "fsync", "renameat", "utimensat"}
)

// A faultCase is what fails in one run: each call once in each thread of btgw.
type faultCase struct {
	calls []string
	errno string
	when  int // the how manieth of a thread
}

// faultCases are some of all pairs, or all of them.
func faultCases() (all []faultCase) {
	if *faultTable == "" {
		return []faultCase{
			{failingCalls, "EIO", 1},
			{failingCalls, "ENOSPC", 3},
		}
	}
	for _, call := range failingCalls {
		for i, errno := range failures {
			when := 1 + i%3
			if slices.Contains(rareCalls, call) {
				when = 1
			}
			all = append(all, faultCase{[]string{call}, errno, when})
		}
	}
	return all
}

// TestFailingCalls: the kernel refuses calls of a btgw that downloads, serves and evicts (strace
// puts an error in place of the call). It goes on: all that readers get is right, and the disk is
// used again without a restart.
func TestFailingCalls(t *testing.T) {
	t.Parallel()
	const torrents, readers, size = 3, 3, 44 << 20
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	films := make(library, torrents)
	for i := range films {
		p := clients.MakePayload(t, clients.Spec{Name: fmt.Sprintf("film %d.bin", i), Seed: uint64(180 + i), PieceLength: 256 << 10, Size: size})
		seeder.Seed(p, false)
		content, err := os.ReadFile(p.Path(files(p)[0]))
		if err != nil {
			t.Fatal(err)
		}
		films[i] = volume{p, content}
	}
	query := hints(nil, seeder.Addr())
	o := options{dir: t.TempDir(), args: []string{"--cache-size=64MiB", "--memory=64MiB"}} // together less than there is to read
	g := start(t, o)
	films.known(t, g, query)
	var table strings.Builder
	for i, c := range faultCases() {
		if *faultTable != "" && i > 0 { // it opens its journal and metainfo anew, and makes asynchronous writes
			g.stop()
			g = start(t, o)
		}
		newcomer := clients.MakePayload(t, clients.Spec{Name: fmt.Sprintf("newcomer %d.bin", i), Seed: uint64(1000 + i), PieceLength: 256 << 10, Size: 1 << 20})
		seeder.Seed(newcomer, false)
		tracer := g.inject(c)
		ctx, end := context.WithCancel(t.Context())
		var reading sync.WaitGroup
		for k := range readers {
			reading.Go(func() {
				if films.read(ctx, t, g, rand.New(rand.NewPCG(uint64(i), uint64(k))), query); ctx.Err() == nil {
					t.Error("a request has no answer")
				}
			})
		}
		g.wants(t, newcomer, query)
		if *faultTable == "" || slices.Contains(rareCalls, c.calls[0]) {
			await(t, "a call is refused", func() bool { return tracer.refused(t) > 0 })
		}
		time.Sleep(time.Second) // for more of them
		end()
		reading.Wait()
		tracer.stop(t)
		refused := tracer.refused(t)
		begun := time.Now()
		await(t, "the disk is used again", func() bool {
			before := g.cacheStats().WrittenBytes
			for _, f := range films {
				g.wants(t, f.payload, query)
			}
			st := g.cacheStats()
			return !st.Degraded && st.WrittenBytes > before
		})
		t.Logf("%v of %v: %d calls refused, used again after %v", c.errno, c.calls, refused, time.Since(begun).Round(time.Millisecond))
		fmt.Fprintf(&table, "| `%s` | `%s` | %d | %.1f s |\n", strings.Join(c.calls, "`, `"), c.errno, refused, time.Since(begun).Seconds())
		if t.Failed() {
			return
		}
	}
	if *faultTable != "" {
		writeFaults(t, table.String())
	}
}

// known reads all once, so that it is known and connected.
func (l library) known(t *testing.T, g *btgw, query string) {
	t.Helper()
	for _, f := range l {
		g.wants(t, f.payload, query)
	}
}

// cacheStats is what the API says of the cache.
func (g *btgw) cacheStats() (st struct {
	WrittenBytes int64 `json:"written_bytes"`
	Degraded     bool  `json:"degraded"`
}) {
	g.t.Helper()
	if a := g.json(g.admin+"/api/v1/cache", &st); a.status != http.StatusOK {
		g.t.Fatalf("the API on the cache: %d", a.status)
	}
	return st
}

// A tracer is a strace of a btgw.
type tracer struct {
	cmd    *exec.Cmd
	log    string
	stderr output
}

// inject has calls of a btgw fail from now on.
func (g *btgw) inject(c faultCase) *tracer {
	var args []string
	for _, call := range c.calls {
		args = append(args, "-e", fmt.Sprintf("inject=%s:error=%s:when=%d", call, c.errno, c.when))
	}
	return g.trace(c.calls, args...)
}

// trace writes calls of a btgw down from now on.
func (g *btgw) trace(calls []string, args ...string) *tracer {
	t := g.t
	t.Helper()
	x := &tracer{log: filepath.Join(t.TempDir(), "strace")}
	args = append([]string{"-f", "-o", x.log, "-e", "trace=" + strings.Join(calls, ","), "-p", strconv.Itoa(g.cmd.Process.Pid)}, args...)
	x.cmd = exec.Command("strace", args...)
	x.cmd.SysProcAttr = clients.GroupOfItsOwn()
	x.cmd.Stderr = &x.stderr
	if err := x.cmd.Start(); err != nil {
		t.Fatalf("strace (Debian package strace): %v", err)
	}
	t.Cleanup(func() { _ = x.cmd.Process.Kill() })
	await(t, "strace is attached (as root, or with kernel.yama.ptrace_scope=0)", func() bool { return strings.Contains(x.stderr.String(), "attached") })
	return x
}

// stop lets the btgw go.
func (x *tracer) stop(t *testing.T) {
	t.Helper()
	if err := x.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = x.cmd.Wait() // it says 130
}

// refused returns how many calls were refused.
func (x *tracer) refused(t *testing.T) int {
	t.Helper()
	log, err := os.ReadFile(x.log)
	if err != nil {
		t.Fatalf("%v: strace says %s", err, x.stderr.String())
	}
	return strings.Count(string(log), "(INJECTED)")
}

// writeFaults writes the page of what was refused, and how long it took to use the disk again.
func writeFaults(t *testing.T, rows string) {
	t.Helper()
	const head = `# Calls that fail

` + "`make faults`" + ` writes this page. A btgw downloads, serves and evicts, with three readers attached. strace has one
call after the other fail: once in each thread of btgw, with each errno. Each time btgw was started anew, and a torrent that is new is read too. No byte was
wrong, and btgw never ended. The last column says how long it took until all was read once more, and the disk was written to again.

A 0 is a call that no thread made as often as the case has it: the first, second or third is the one that fails. After io_getevents
failed, btgw makes asynchronous writes again a minute later. The answers of btgw are in [operations.md](../operations.md).

| call | errno | refused | used again after |
|---|---|---|---|
`
	must(t, os.WriteFile(*faultTable, []byte(head+rows), 0o644))
}
