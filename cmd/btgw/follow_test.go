package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// followOn starts `btgw follow` on free ports.
func followOn(t *testing.T, cacheDir string, args ...string) *gatewayProcess {
	t.Helper()
	p := start(t, append([]string{"follow", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--peer-listen=127.0.0.1:0", "--allow-private", "--no-lsd",
		"--cache-dir=" + cacheDir, "--cache-size=1GiB", "--memory=256MiB", "--every=1s"}, args...)...)
	g := &gatewayProcess{process: p}
	if _, err := fmt.Sscanf(p.line(), "btgw serves %s (admin %s", &g.url, &g.admin); err != nil {
		t.Fatal(err)
	}
	g.url, _, _ = strings.Cut(g.url, "/btih/")
	g.admin = strings.TrimSuffix(g.admin, ",")
	return g
}

// held reports whether a file has this content.
func held(name, content string) bool {
	b, err := os.ReadFile(name)
	return err == nil && string(b) == content
}

// hashOf is the infohash in the URL of a page.
func hashOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, _ := strings.Cut(page, "/btih/")
	hash, _, _ := strings.Cut(rest, "/")
	if _, err := metainfo.ParseInfoHash(hash); err != nil {
		t.Fatal(page)
	}
	return hash
}

// TestFollow mirrors a feed: what it offers, what comes to it, and not what is gone from it or too large. After kill -9 the mirror
// serves what it has without the origin.
func TestFollow(t *testing.T) {
	t.Parallel()
	one, two, three := randomText(1, 300<<10), randomText(2, 100<<10), randomText(3, 50<<10)
	root := writeTree(t, map[string]string{"one/film.mkv": one, "one/empty": "", "two.bin": two, "huge.bin": randomText(4, 2<<20)})
	origin := publishOn(t, t.TempDir(), "--watch="+root)
	pages := make(map[string]string)
	for range 3 {
		pub := origin.next()
		pages[filepath.Base(pub.path)] = hashOf(t, pub.page)
	}
	dir, cacheDir := filepath.Join(t.TempDir(), "mirror"), t.TempDir()
	args := []string{"--no-dht", "--to=" + dir, "--gone=drop", "--max-size=1MiB", origin.url + "/feed"}
	mirror := followOn(t, cacheDir, args...)
	at := func(hash, name string) string { return filepath.Join(dir, hash, name) }
	serves := func(url, hash, name, content string) func() bool {
		return func() bool {
			answer, body := get(t, url+"/btih/"+hash+"/"+name)
			return answer.StatusCode == http.StatusOK && string(body) == content
		}
	}
	until(t, "all that is small is there", func() bool {
		return held(at(pages["one"], "one/film.mkv"), one) && held(at(pages["one"], "one/empty"), "") && held(at(pages["two.bin"], "two.bin"), two)
	})
	until(t, "it says what it leaves out", func() bool { return strings.Contains(mirror.stderr.String(), "--max-size") })
	if _, err := os.Stat(filepath.Join(dir, pages["huge.bin"])); err == nil {
		t.Error("what is too large is there")
	}
	until(t, "its own feed offers both", func() bool {
		_, body := get(t, mirror.url+"/feed")
		return strings.Count(string(body), "<entry>") == 2
	})
	if err := os.WriteFile(filepath.Join(root, "three.txt"), []byte(three), 0o644); err != nil {
		t.Fatal(err)
	}
	third := hashOf(t, origin.next().page)
	until(t, "what is new is there", func() bool { return held(at(third, "three.txt"), three) })
	if err := os.Remove(filepath.Join(root, "two.bin")); err != nil {
		t.Fatal(err)
	}
	until(t, "what is gone is dropped", func() bool {
		_, err := os.Stat(filepath.Join(dir, pages["two.bin"]))
		_, file := os.Stat(filepath.Join(dir, pages["two.bin"]+".torrent"))
		return os.IsNotExist(err) && os.IsNotExist(file)
	})
	until(t, "what stays is served", serves(mirror.url, third, "three.txt", three))

	mirror.signal(syscall.SIGKILL)
	mirror.status()
	origin.signal(syscall.SIGKILL)
	origin.status()
	if err := os.RemoveAll(cacheDir); err != nil { // what it serves is in its folder alone
		t.Fatal(err)
	}
	mirror = followOn(t, cacheDir, args...)
	until(t, "it is served without the origin", serves(mirror.url, pages["one"], "one/film.mkv", one))
	until(t, "it says that the origin is gone", func() bool { return strings.Contains(mirror.stderr.String(), "cannot be looked at") })
	if !held(at(third, "three.txt"), three) {
		t.Error("what is mirrored is gone with the origin")
	}
}

// TestFollowTwins has several sources offer one torrent at the same time. It is brought once, and stays when one of them lets go of it.
func TestFollowTwins(t *testing.T) {
	t.Parallel()
	film := randomText(1, 2<<20)
	root := writeTree(t, map[string]string{"one/film.mkv": film, "one/notes": "a note"})
	origin := publishOn(t, t.TempDir(), "--watch="+root)
	hash := hashOf(t, origin.next().page)
	_, feed := get(t, origin.url+"/feed")
	empty := []byte(`<feed xmlns="http://www.w3.org/2005/Atom"></feed>`)
	var gone, looks atomic.Int64
	var sources []string
	for i := range 4 {
		source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if i == 0 {
				looks.Add(1)
			}
			if int64(i) < gone.Load() {
				_, _ = w.Write(empty)
				return
			}
			_, _ = w.Write(feed)
		}))
		defer source.Close()
		sources = append(sources, source.URL)
	}
	dir := filepath.Join(t.TempDir(), "mirror")
	mirror := followOn(t, t.TempDir(), append([]string{"--no-dht", "--gone=drop", "--to=" + dir}, sources...)...)
	whole := func() bool {
		return held(filepath.Join(dir, hash, "one", "film.mkv"), film) && held(filepath.Join(dir, hash, "one", "notes"), "a note")
	}
	until(t, "it is there", whole)
	until(t, "it is offered", func() bool {
		_, body := get(t, mirror.url+"/feed")
		return strings.Contains(string(body), hash)
	})
	gone.Store(3)
	from := looks.Load()
	until(t, "the others were looked at some more", func() bool { return looks.Load() >= from+5 })
	if !whole() {
		t.Error("what a source still offers was dropped")
	}
	if text := mirror.stderr.String(); strings.Contains(text, "not mirrored") || strings.Contains(text, "was deleted") || strings.Contains(text, "looked through again") {
		t.Error(text)
	}
}

// TestFollowRepairs damages what a mirror serves: while it runs, while it does not, and when its source does not answer any more.
// Each time the files are what they were again, and served; what was right is not fetched anew.
func TestFollowRepairs(t *testing.T) {
	t.Parallel()
	film, notes := randomText(1, 700<<10), randomText(2, 5000)
	root := writeTree(t, map[string]string{"one/film.mkv": film, "one/empty": "", "one/notes": notes})
	origin := publishOn(t, t.TempDir(), "--watch="+root)
	hash := hashOf(t, origin.next().page)
	_, feed := get(t, origin.url+"/feed")
	var gone atomic.Bool
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if gone.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write(feed)
	}))
	defer source.Close()

	dir, cacheDir := filepath.Join(t.TempDir(), "mirror"), t.TempDir()
	args := []string{"--no-dht", "--to=" + dir, source.URL}
	mirror := followOn(t, cacheDir, args...)
	at := func(name string) string { return filepath.Join(dir, hash, "one", name) }
	right := func() bool {
		return held(at("film.mkv"), film) && held(at("empty"), "") && held(at("notes"), notes)
	}
	served := func() bool {
		_, feed := get(t, mirror.url+"/feed")
		answer, err := http.Get(mirror.url + "/btih/" + hash + "/one/film.mkv")
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body) // it is cut where what is repaired takes its place just now
		return err == nil && strings.Contains(string(feed), hash) && answer.StatusCode == http.StatusOK && string(body) == film
	}
	until(t, "all is there", right)
	until(t, "it is served", served)

	damage := func() {
		t.Helper()
		f, err := os.OpenFile(at("film.mkv"), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteAt([]byte("not what it was"), 100_000)
		if err = errors.Join(err, f.Close(), os.Remove(at("empty")), os.Truncate(at("notes"), 17)); err != nil {
			t.Fatal(err)
		}
	}
	before := payload(t, mirror.admin)
	damage()
	until(t, "it is repaired", right)
	until(t, "it is served again", served)
	if fetched := payload(t, mirror.admin) - before; fetched > 100<<10 {
		t.Errorf("%d bytes were fetched to repair two pieces", fetched)
	}

	gone.Store(true)
	mirror.signal(syscall.SIGKILL)
	mirror.status()
	damage()
	mirror = followOn(t, cacheDir, args...)
	until(t, "it is repaired without its source", right)
	until(t, "it is served after that", served)
	damage()
	until(t, "it is repaired once more", right)
}

// TestFollowName mirrors what a name stands for, of each new version only what changed, and keeps the old ones. `get`, `ls` and
// `inspect` take the name too.
func TestFollowName(t *testing.T) {
	t.Parallel()
	nodes := clients.StartDHT(t, 10)
	same := randomText(1, 300<<10)
	root := writeTree(t, map[string]string{"same": same, "notes": "first"})
	p := start(t, append([]string{"publish", "--no-qr", "--name=n", root}, inDHT(nodes, t.TempDir())...)...)
	page := p.awaitLine("  page    ")
	p.awaitLine("  name    ")
	magnet := strings.TrimSpace(p.line())
	dir := filepath.Join(t.TempDir(), "mirror")
	bootstrap := "--dht-bootstrap=" + nodes.Addrs()[0] + "," + nodes.Addrs()[1]
	mirror := followOn(t, t.TempDir(), bootstrap, "--to="+dir, magnet)
	first := hashOf(t, page)
	until(t, "the first version is there", func() bool {
		return held(filepath.Join(dir, first, "content", "notes"), "first") && held(filepath.Join(dir, first, "content", "same"), same)
	})
	until(t, "it is served", func() bool { return strings.Contains(mirror.stderr.String(), "msg=published") })

	network := []string{"--allow-private", "--peer-listen=127.0.0.1:0", "--no-lsd", bootstrap}
	out := filepath.Join(t.TempDir(), "notes")
	if status, _, stderr := result(t, append(append([]string{"get", "-o", out}, network...), magnet, "notes")...); status != exitOK || !held(out, "first") {
		t.Errorf("get: status %d, %s", status, stderr)
	}
	if status, stdout, stderr := result(t, append(append([]string{"ls"}, network...), magnet)...); status != exitOK || stdout != "notes\nsame\n" {
		t.Errorf("ls: status %d, %q, %s", status, stdout, stderr)
	}

	before := payload(t, mirror.admin)
	if err := os.WriteFile(filepath.Join(root, "notes"), []byte("second"), 0o644); err != nil {
		t.Fatal(err)
	}
	second := hashOf(t, p.awaitLine("  page    "))
	until(t, "the second version is there", func() bool {
		return held(filepath.Join(dir, second, "content", "notes"), "second") && held(filepath.Join(dir, second, "content", "same"), same)
	})
	if n := payload(t, mirror.admin) - before; n > 64<<10 {
		t.Errorf("%d bytes were fetched for a change of 6", n)
	}
	if !held(filepath.Join(dir, first, "content", "notes"), "first") {
		t.Error("the old version is not kept")
	}
	mirror.signal(syscall.SIGTERM)
	if status := mirror.status(); status != exitOK {
		t.Errorf("status %d", status)
	}
}

// TestFollowFails says why.
func TestFollowFails(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("ab", 32)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"http://127.0.0.1:1/feed"}, "--to"},
		{[]string{"--to=x"}, "source"},
		{[]string{"--to=x", "ftp://127.0.0.1/feed"}, "neither the URL of a feed nor a name"},
		{[]string{"--to=x", "--gone=perhaps", "http://127.0.0.1:1/feed"}, "--gone"},
		{[]string{"--to=x", "--max-size=much", "http://127.0.0.1:1/feed"}, "--max-size"},
		{[]string{"--to=x", "--no-dht", "magnet:?xs=urn:btpk:" + key}, "names are found in the DHT"},
		{[]string{"--to=x", "magnet:?xs=urn:btpk:abc"}, "64 hexadecimal digits"},
	} {
		status, _, stderr := result(t, append([]string{"follow", "--listen=127.0.0.1:0", "--admin-listen=none", "--peer-listen=none", "--cache-size=0"}, tt.args...)...)
		if status != exitUsage || !strings.Contains(stderr, tt.want) {
			t.Errorf("%q: status %d, %q", tt.args, status, stderr)
		}
	}
}
