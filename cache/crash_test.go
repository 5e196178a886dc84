package cache

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The environment of the test binary when it is run as another process.
const (
	crashDirVar = "BTGW_CACHE_CRASH_DIR"
	lockDirVar  = "BTGW_CACHE_LOCK_DIR"
)

// crashFixtures are two torrents of 64 pieces, the same in each process.
func crashFixtures(tb testing.TB) []*fixture {
	return []*fixture{single(tb, 16<<10, 11, 64*16<<10), odd(tb, 20_000, 12, 64*20_000)}
}

const (
	crashBudget = 80 * 16 << 10
	crashBegun  = 60 // pieces that were put and flushed when the writer says that it has begun
)

// crashWriter puts random pieces into a small cache, so that it writes, syncs,
// evicts and rewrites all the time, until it is killed. It says when it has begun: some
// pieces are safe then, however slow the disk is.
func crashWriter(dir string) {
	f := crashFixtures(fatalTB{})
	s, err := Open(Config{Dir: dir, DiskBytes: crashBudget, MemoryBytes: 1 << 20})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var tors []*Torrent
	for _, f := range f {
		t, err := s.Torrent(f.info, nil, nil)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		tors = append(tors, t)
	}
	s.disk.journal.mu.Lock()
	s.disk.journal.compact = 100
	s.disk.journal.mu.Unlock()
	for i := 0; ; i++ {
		if i == crashBegun {
			fmt.Println("begun")
		}
		k := rand.IntN(len(f))
		f[k].put(tors[k], rand.IntN(64))
		if i%20 == 19 {
			_ = tors[k].Flush()
		}
	}
}

// fatalTB stands in for a test in another process.
type fatalTB struct{ testing.TB }

func (fatalTB) Helper() {}
func (fatalTB) Fatal(args ...any) {
	fmt.Println(args...)
	os.Exit(1)
}

// lockHolder opens a cache folder and holds it until its input ends.
func lockHolder(dir string) {
	s, err := Open(Config{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("begun")
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = s.Close()
}

// begin runs the test binary as another process and waits for it to have begun.
func begin(t *testing.T, env, dir string) (cmd *exec.Cmd, stdin io.WriteCloser) {
	t.Helper()
	cmd = exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), env+"="+dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "begun\n" {
		t.Fatalf("%q, %v", line, err)
	}
	return cmd, stdin
}

// checkClaims opens a cache folder and checks that each piece it claims is right,
// that the budget holds and that it can go on. It returns how many it claims.
func checkClaims(t *testing.T, dir string) (claims int) {
	t.Helper()
	var logs bytes.Buffer
	s := openStore(t, Config{Dir: dir, DiskBytes: crashBudget, MemoryBytes: 1 << 20,
		Log: slog.New(slog.NewTextHandler(&logs, nil))})
	if strings.Contains(logs.String(), "journal") {
		t.Fatalf("a kill damages no journal: %s", logs.String())
	}
	for _, f := range crashFixtures(t) {
		tor := f.open(t, s, nil)
		flush(t, tor)
		held := tor.Have()
		for i := range f.info.NumPieces() {
			if held.Has(i) {
				claims++
				f.mustRead(t, tor, i)
			}
		}
	}
	if st := s.Stats(); st.VerifyFailures != 0 || st.ReadErrors != 0 || st.WriteErrors != 0 || st.DiskBytes > crashBudget {
		t.Fatalf("stats %+v", st)
	}
	if used := blocksOf(t, dir); used > crashBudget+2*4096 {
		t.Fatalf("%d bytes on disk", used)
	}
	closeStore(t, s)
	return claims
}

// A process that is killed at any moment of writing and evicting leaves a folder
// in which every piece that is claimed is right, and that the next one opens.
func TestKill(t *testing.T) {
	t.Parallel()
	dir, claims := t.TempDir(), 0
	for range 6 {
		cmd, _ := begin(t, crashDirVar, dir)
		time.Sleep(time.Duration(20+rand.IntN(150)) * time.Millisecond) // the moment is random on purpose
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		claims += checkClaims(t, dir)
	}
	if claims < 6*20 {
		t.Fatalf("only %d pieces outlived 6 runs", claims)
	}
}

// copyCache copies a cache folder as it is at the moment, the journal first: what
// it claims must be there then, and still be when the data is copied, unless it
// was evicted in between.
func copyCache(t *testing.T, from, to string) {
	t.Helper()
	files := []string{journalName}
	_ = filepath.WalkDir(filepath.Join(from, piecesDir), func(p string, d fs.DirEntry, _ error) error {
		if d != nil && d.Type().IsRegular() {
			rel, _ := filepath.Rel(from, p)
			files = append(files, rel)
		}
		return nil
	})
	if err := os.MkdirAll(filepath.Join(to, piecesDir), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A copy of the folder taken at any moment, without evictions, is a cache whose
// claims are right; with evictions, wrong ones are found out.
func TestCopyWhileWriting(t *testing.T) {
	t.Parallel()
	for name, budget := range map[string]int64{"roomy": 1 << 30, "tight": crashBudget} {
		t.Run(name, func(t *testing.T) {
			fixtures := crashFixtures(t)
			dir := t.TempDir()
			s := openStore(t, Config{Dir: dir, DiskBytes: budget, MemoryBytes: 1 << 20})
			var tors []*Torrent
			for _, f := range fixtures {
				tors = append(tors, f.open(t, s, nil))
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				for i := range 600 {
					fixtures[i%2].put(tors[i%2], rand.IntN(64))
					if i%10 == 9 {
						_ = tors[0].Flush()
					}
				}
			}()
			for i := 0; ; i++ {
				snap := filepath.Join(t.TempDir(), "snap")
				copyCache(t, dir, snap)
				checkCopy(t, snap, name == "roomy")
				select {
				case <-done:
					closeStore(t, s)
					return
				default:
				}
			}
		})
	}
}

func checkCopy(t *testing.T, dir string, exact bool) {
	t.Helper()
	s := openStore(t, Config{Dir: dir})
	for _, f := range crashFixtures(t) {
		tor := f.open(t, s, nil)
		held := tor.Have()
		for i := range f.info.NumPieces() {
			if ok := f.read(t, tor, i); exact && ok != held.Has(i) {
				t.Fatalf("piece %d: claimed %v, right %v", i, held.Has(i), ok)
			}
		}
	}
	closeStore(t, s)
}

// Pieces that are evicted before they were ever claimed leave nothing in the journal that
// makes no sense after a crash.
func TestEvictedBeforeClaimed(t *testing.T) {
	f := single(t, 16<<10, 1, 16*16<<10)
	g := single(t, 16<<10, 2, 16*16<<10)
	dir, after := t.TempDir(), t.TempDir()
	s := coldStore(t, dir, 4*16<<10)
	s.mu.Lock()
	s.disk.since = time.Now().Add(time.Hour) // no sync for now
	s.disk.unsynced = append(s.disk.unsynced, newRun(newContent(9, geometryOf(f.info)), 0))
	s.mu.Unlock()
	tor, other := f.open(t, s, nil), g.open(t, s, nil)
	written := int64(0)
	for i := range 8 {
		f.put(tor, i)
		for written += 16 << 10; s.Stats().WrittenBytes < written; {
			time.Sleep(time.Millisecond)
		}
	}
	if st := s.Stats(); st.Evictions < 4 || st.Syncs != 0 {
		t.Fatalf("stats %+v", st)
	}
	other.Remove() // which was never on disk
	copyCache(t, dir, after)
	before, err := os.Stat(filepath.Join(after, journalName))
	if err != nil {
		t.Fatal(err)
	}
	var logs bytes.Buffer
	again := openStore(t, Config{Dir: after, Log: slog.New(slog.NewTextHandler(&logs, nil))})
	now, err := os.Stat(filepath.Join(after, journalName))
	if err != nil || !os.SameFile(before, now) || logs.Len() > 0 {
		t.Fatalf("%v, the same file %v, log %q", err, os.SameFile(before, now), logs.String())
	}
	closeStore(t, again)
	closeStore(t, s)
}

func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd, _ := begin(t, lockDirVar, dir)
	_, err := Open(Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir) ||
		!strings.Contains(err.Error(), fmt.Sprintf("process %d", cmd.Process.Pid)) {
		t.Fatalf("second process: %v", err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	s := openStore(t, Config{Dir: dir})
	if _, err := Open(Config{Dir: dir}); !errors.Is(err, ErrInUse) {
		t.Fatalf("second store in a process: %v", err)
	}
	closeStore(t, s)
	cmd, stdin := begin(t, lockDirVar, dir)
	_ = stdin.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("a process that ends in order: %v", err)
	}
}
