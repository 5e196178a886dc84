package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/btgw/btgw/internal/clients"
)

// ownAddress gives an address for one btgw: no connection out of 127.0.0.1 is given
// it as its own, and no other test has the number that it is made of, in other
// processes neither. A btgw that is started anew gets the same one for sure.
func ownAddress(t *testing.T) string {
	t.Helper()
	n := clients.FreePort(t)
	return fmt.Sprintf("127.64.%d.%d:8080", n>>8, n&255)
}

// curl runs it, and gives its exit status.
func curl(t *testing.T, args ...string) int {
	t.Helper()
	out, err := curlCommand(args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("curl: %v", err)
	}
	if exit != nil {
		t.Logf("curl: %v: %s", err, out)
		return exit.ExitCode()
	}
	return 0
}

func curlCommand(args ...string) *exec.Cmd {
	return exec.Command("curl", append([]string{"-q", "--silent", "--show-error", "--noproxy", "*"}, args...)...)
}

// curlPartial is its exit status after a short transfer.
const curlPartial = 18

// TestCurlResumes: btgw ends in the middle of a download, is started anew with
// the same cache, and the same curl command gets the rest. What was cached is
// not fetched twice.
func TestCurlResumes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		signal syscall.Signal
	}{
		{"after SIGTERM", syscall.SIGTERM}, // streams have 20 s, then they are cut
		{"after a crash", syscall.SIGKILL},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := clients.MakePayload(t, clients.Spec{Name: "resumed.bin", Seed: 61, PieceLength: 256 << 10, Size: 160<<20 + 99})
			l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
			l.Seed(p, false)
			o := options{dir: t.TempDir(), listen: ownAddress(t)}
			g := start(t, o)
			out := filepath.Join(t.TempDir(), p.Info.Name)
			args := []string{"-C", "-", "-o", out, g.urlOf(p, files(p)[0], hints(nil, l.Addr()))}

			first := curlCommand(append(args, "--limit-rate", "1M")...)
			if err := first.Start(); err != nil {
				t.Fatal(err)
			}
			await(t, "curl has some of it", func() bool { return size(out) >= 3<<20 })
			g.signal(c.signal)
			err := first.Wait()
			if first.ProcessState.ExitCode() != curlPartial {
				t.Errorf("curl ended with %v after the stream was cut, want status %d", err, curlPartial)
			}
			if c.signal == syscall.SIGTERM {
				g.stopped()
			} else {
				g.kill()
			}

			had := size(out)
			if had >= p.Info.Size() {
				t.Fatal("curl has it all: nothing was cut")
			}
			g = start(t, o)
			if status := curl(t, args...); status != 0 {
				t.Errorf("the second curl ended with %d", status)
			}
			p.CheckCopy(t, filepath.Dir(out))
			st := g.status(p.Hash)
			if limit := p.Info.Size() - had + 1<<20; st.Downloaded > limit {
				t.Errorf("downloaded %d bytes, after %d of %d had been served", st.Downloaded, had, p.Info.Size())
			}
		})
	}
}

// size is that of a file, 0 where there is none.
func size(path string) int64 {
	s, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return s.Size()
}

// TestCachedAfterRestart: with no peer alive a new btgw serves all that the last
// one had, and seeds it.
func TestCachedAfterRestart(t *testing.T) {
	t.Parallel()
	p := several(t, 62)
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	g.wants(t, p, hints(nil, l.Addr()))
	g.stop()
	l.Kill()

	again := start(t, options{dir: g.dir})
	again.wants(t, p, "")
	if a := again.get(again.url + p.Hash.Path() + "/?format=json"); a.status != http.StatusOK {
		t.Errorf("the listing: %d", a.status)
	}
	st := again.status(p.Hash)
	if st.Downloaded != 0 || st.Swarm.Connected != 0 || st.PiecesHave != st.Pieces {
		t.Errorf("downloaded %d bytes of %d peers, has %d of %d pieces", st.Downloaded, st.Swarm.Connected, st.PiecesHave, st.Pieces)
	}
}

// TestSeedsAfterRestart: what is kept is uploaded to whoever asks, without a
// request for it since the start.
func TestSeedsAfterRestart(t *testing.T) {
	t.Parallel()
	p := several(t, 63)
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	g.wants(t, p, hints(nil, l.Addr()))
	g.stop()
	l.Kill()

	again := start(t, options{dir: g.dir})
	dir := t.TempDir()
	leecher := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	leecher.DownloadMagnet(magnet(p.Hash), dir, again.peer)
	leecher.WaitFinished(t.Context())
	p.CheckCopy(t, dir)
}

// TestSIGTERMDrains: the stream under way ends whole, new requests and /readyz
// are refused, the tracker hears that btgw has left, and the status is 0.
func TestSIGTERMDrains(t *testing.T) {
	t.Parallel()
	p := clients.MakePayload(t, clients.Spec{Name: "drained.bin", Seed: 64, PieceLength: 256 << 10, Size: 16 << 20})
	tr := newTracker(t)
	l := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	l.Seed(p, false)
	g := start(t, options{})
	url := g.urlOf(p, files(p)[0], hints([]string{tr.url()}, l.Addr()))
	s := g.open(t.Context(), url)
	defer s.close()
	s.read(1 << 20)
	await(t, "btgw has announced itself", func() bool { return tr.knows(g.peer) })

	g.signal(syscall.SIGTERM)
	await(t, "/readyz refuses", func() bool { return g.get(g.admin+"/readyz").status == http.StatusServiceUnavailable })
	if a := g.get(url); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("a new request: %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
	}
	s.readAll()
	s.is(t, "the stream under way", http.StatusOK, p.SHA256(files(p)[0], 0, -1), 16<<20)
	g.stopped()

	events := tr.events(g.peer)
	if len(events) < 2 || events[0] != "started" || events[len(events)-1] != "stopped" {
		t.Errorf("the tracker heard %q", events)
	}
	if n := count(events, "completed"); n > 1 {
		t.Errorf("completed %d times", n)
	}
	if tr.knows(g.peer) {
		t.Error("the tracker still tells others of btgw")
	}
}

func count(events []string, event string) int {
	return len(events) - len(slices.DeleteFunc(slices.Clone(events), func(e string) bool { return e == event }))
}
