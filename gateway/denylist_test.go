package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
)

func denyFile(t *testing.T, lines ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "deny")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// denying starts a server that denies these lines.
func denying(t *testing.T, backend *fakeBackend, lines ...string) *gatewayTest {
	t.Helper()
	list, err := OpenDenylist(denyFile(t, lines...))
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, func(cfg *Config) { cfg.Backend, cfg.Denylist = backend, list })
}

// digest is a line that does not tell its path.
func digest(path string) string {
	sum := sha256.Sum256([]byte(path))
	return "//" + hex.EncodeToString(sum[:])
}

func TestDenylist(t *testing.T) {
	b := newFakeBackend()
	gone := b.add(t, "a.mkv", metainfo.V1, map[string][]byte{"": random(1, 10)})
	legal := b.add(t, "b.mkv", metainfo.V1, map[string][]byte{"": random(2, 10)})
	hidden := b.add(t, "c.mkv", metainfo.V1, map[string][]byte{"": random(3, 10)})
	part := b.add(t, "dir", metainfo.V1, map[string][]byte{"one/x y.txt": random(4, 10), "one/z.txt": random(5, 10), "two/w.txt": random(6, 10)})
	single := b.add(t, "e.mkv", metainfo.V1, map[string][]byte{"": random(7, 10)})
	hybrid := b.add(t, "f.mkv", metainfo.Hybrid, map[string][]byte{"": random(8, 40_000)})
	v2 := b.torrents[hybrid].Info.Hashes()[1]
	g := denying(t, b, "# what is not served", "", "/btih/"+strings.ToUpper(gone.String())+"//", legal.Path()+"/ reason=legal",
		digest(hidden.Path()), part.Path()+"/dir/one/x%20y.txt", digest(part.Path()+"/dir/two"), single.Path()+"/e.mkv", v2.Path())
	begun := b.infos
	for path, want := range map[string]int{
		gone.Path() + "/": 410, gone.Path() + "/a.mkv": 410, gone.Path(): 410, gone.Path() + "/?format=json": 410,
		"/btih/" + strings.ToUpper(gone.String()) + "/a.mkv": 410,
		legal.Path() + "/b.mkv":                              451, hidden.Path() + "/c.mkv": 410,
		part.Path() + "/dir/one/x%20y.txt": 410, part.Path() + "/dir/two/": 410, part.Path() + "/dir/two/w.txt": 410, v2.Path() + "/f.mkv": 410,
	} {
		a := g.get(t, path)
		if a.status != want || a.get("Cache-Control") != cacheRefused || a.get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
	}
	if b.infos != begun {
		t.Error("something was looked up for what is denied")
	}
	for path, want := range map[string]int{
		part.Path() + "/": 200, part.Path() + "/dir/one/": 200, part.Path() + "/dir/one/z.txt": 200,
		part.Path() + "/?format=tar": 410, part.Path() + "/dir/one/?format=tar": 410,
		single.Path(): 410, single.Path() + "/": 200, hybrid.Path() + "/f.mkv": 410, hybrid.Path() + "/": 410,
	} {
		if a := g.get(t, path); a.status != want {
			t.Errorf("%s: %d, not %d", path, a.status, want)
		}
	}
}

// A list is reloaded as it grows, and drops what it denies; a faulty one changes
// nothing.
func TestDenylistReload(t *testing.T) {
	name := denyFile(t, "# nothing yet")
	list, err := OpenDenylist(name)
	if err != nil {
		t.Fatal(err)
	}
	b := newFakeBackend()
	one := b.add(t, "a.mkv", metainfo.V1, map[string][]byte{"": random(1, 10)})
	two := b.add(t, "b.mkv", metainfo.V1, map[string][]byte{"": random(2, 10)})
	three := b.add(t, "c.mkv", metainfo.V1, map[string][]byte{"": random(3, 10)})
	bubble.Test(t, func(t *testing.T) {
		watcher := reload.NewWatcher(slog.New(slog.DiscardHandler))
		defer watcher.Close()
		list.Watch(watcher, b, slog.New(slog.DiscardHandler))
		write := func(text string) {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * reload.Interval)
			synctest.Wait()
		}
		write(one.Path() + "\n" + digest(two.Path()) + "\n" + three.Path() + "/c.mkv\n")
		for hash, want := range map[metainfo.InfoHash]bool{one: false, two: false, three: true} {
			if _, ok := b.Status(hash); ok != want {
				t.Errorf("%v is held: %t", hash, ok)
			}
		}
		denied := *b.sweep.Load()
		for hash, want := range map[metainfo.InfoHash]bool{one: true, two: true, three: false} { // only a file of it is
			if denied(hash) != want {
				t.Errorf("%v is swept from the object store: %t", hash, !want)
			}
		}
		write("nonsense\n" + three.Path() + "\n")
		if list.status(one.Path(), nil) != 410 || list.status(three.Path(), nil) != 0 {
			t.Error("a faulty list took force")
		}
	})
}

// slowRemovals is a backend whose torrents wait for a tracker when they are removed.
type slowRemovals struct {
	*fakeBackend
	atOnce, most atomic.Int32
}

func (b *slowRemovals) Remove(ctx context.Context, hash metainfo.InfoHash) error {
	now := b.atOnce.Add(1)
	for most := b.most.Load(); now > most && !b.most.CompareAndSwap(most, now); most = b.most.Load() {
	}
	time.Sleep(5 * time.Second)
	b.atOnce.Add(-1)
	return b.fakeBackend.Remove(ctx, hash)
}

// What a list takes out does not wait for one tracker after another, and does not ask all of them at once.
func TestListsDropSideBySide(t *testing.T) {
	for name, open := range map[string]func(t *testing.T, b *slowRemovals, hashes []string){
		"denylist": func(t *testing.T, b *slowRemovals, hashes []string) {
			list, err := OpenDenylist(denyFile(t, hashes...))
			if err != nil {
				t.Fatal(err)
			}
			list.drop(b, slog.New(slog.DiscardHandler))
		},
		"allowlist": func(t *testing.T, b *slowRemovals, _ []string) {
			list, err := OpenAllowlist(denyFile(t, metainfo.NewV1([20]byte{1}).Path()))
			if err != nil {
				t.Fatal(err)
			}
			list.drop(b, slog.New(slog.DiscardHandler))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := &slowRemovals{fakeBackend: newFakeBackend()}
			var hashes []string
			for i := range 2*maxDrops + 1 {
				hashes = append(hashes, b.add(t, "a", metainfo.V1, map[string][]byte{"": random(uint64(i), 10)}).Path())
			}
			bubble.Test(t, func(t *testing.T) {
				begun := time.Now()
				open(t, b, hashes)
				if took := time.Since(begun); took != 15*time.Second {
					t.Errorf("%d torrents took %v", len(hashes), took)
				}
			})
			if most := b.most.Load(); most != maxDrops || len(b.List()) != 0 {
				t.Errorf("%d at once, %d are left", most, len(b.List()))
			}
		})
	}
}

func TestDenylistErrors(t *testing.T) {
	for _, line := range []string{"x", "/btih/1234", "/btih/" + strings.Repeat("a", 40) + " because", "//abc", "/btih/" + strings.Repeat("a", 40) + "/%zz", "/nowhere/x"} {
		if _, err := OpenDenylist(denyFile(t, "# first", line)); err == nil || !strings.Contains(err.Error(), "line 2: ") {
			t.Errorf("%q: %v", line, err)
		}
	}
	if _, err := OpenDenylist(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("no file is no list")
	}
}

func FuzzDenylist(f *testing.F) {
	f.Add("/btih/" + strings.Repeat("a", 40) + "/x%20y reason=legal\n# c\n//" + strings.Repeat("0", 64))
	f.Add("btih/" + strings.Repeat("0", 40) + "//\n/btih/" + strings.Repeat("0", 40) + "/a//b/")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := parseDenylist(strings.NewReader(text))
		if err != nil {
			return
		}
		for path, status := range rules.plain {
			target, p := parseTarget(path)
			if p != nil {
				t.Fatalf("%q became %q, which is none: %s", text, path, p.detail)
			}
			if got := rules.status(target.where(), append(target.path, "below")); got == 0 {
				t.Fatalf("%q: %d, not %d", path, got, status)
			}
		}
	})
}
