package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rsc.io/qr"

	"github.com/btgw/btgw/metainfo"
)

// publisher is `btgw publish` at work.
type publisher struct {
	*process
	url string
}

// published is what it prints of a publication.
type published struct{ path, page, magnet, curl string }

// publishOn starts `btgw publish` on free ports over a cache folder.
func publishOn(t *testing.T, cacheDir string, args ...string) *publisher {
	t.Helper()
	p := start(t, append([]string{
		"publish", "--listen=127.0.0.1:0", "--admin-listen=none", "--peer-listen=127.0.0.1:0",
		"--allow-private", "--no-dht", "--cache-dir=" + cacheDir, "--cache-size=1GiB", "--memory=256MiB",
	}, args...)...)
	greeting := p.line()
	url, _, ok := strings.Cut(strings.TrimPrefix(greeting, "btgw serves "), "/btih/")
	if !ok {
		t.Fatal(greeting)
	}
	return &publisher{p, url}
}

// next waits for the next publication.
func (p *publisher) next() (pub published) {
	p.t.Helper()
	var ok bool
	if pub.path, ok = strings.CutPrefix(p.line(), "published "); !ok {
		p.t.Fatal("something else is printed")
	}
	for _, field := range []struct {
		name string
		to   *string
	}{{"  page    ", &pub.page}, {"  magnet  ", &pub.magnet}, {"  curl    ", &pub.curl}} {
		if *field.to, ok = strings.CutPrefix(p.line(), field.name); !ok {
			p.t.Fatalf("no line of the %s", field.name)
		}
	}
	return pub
}

// TestPublish publishes a folder, gets it in each way that is printed, changes a file of it,
// and starts again.
func TestPublish(t *testing.T) {
	t.Parallel()
	film := strings.Repeat("0123456789abcdef", 1<<16)
	root := writeTree(t, map[string]string{"film.mkv": film, "notes/a b.txt": "hello", "empty": ""})
	cacheDir := t.TempDir()
	p := publishOn(t, cacheDir, root)
	pub := p.next()
	if _, body := get(t, pub.page+"content/film.mkv"); string(body) != film {
		t.Errorf("%d bytes over HTTP", len(body))
	}
	if _, body := get(t, pub.page+"content/notes/a%20b.txt"); string(body) != "hello" {
		t.Errorf("%q over HTTP", body)
	}
	// Another process has nothing but the magnet link: once with the web seed, once without.
	m, err := metainfo.ParseMagnet(pub.magnet)
	if err != nil || len(m.Hashes) != 1 || m.Hashes[0].IsV2() || len(m.Peers) != 1 || len(m.WebSeeds) != 1 || m.WebSeeds[0] != pub.page {
		t.Fatalf("%s: %v", pub.magnet, err)
	}
	m.WebSeeds = nil
	for _, magnet := range []string{pub.magnet, m.String()} {
		out := t.TempDir()
		status, _, stderr := result(t, "get", "--allow-private", "--no-dht", "--peer-listen=none", "-o", out, magnet)
		got, err := os.ReadFile(filepath.Join(out, "content", "film.mkv"))
		if status != exitOK || err != nil || string(got) != film {
			t.Errorf("status %d, %d bytes: %v\n%s", status, len(got), err, stderr)
		}
	}
	// A closed terminal, or who has files read again, does not end it.
	p.signal(syscall.SIGHUP)
	until(t, "it has read its files again", func() bool { return strings.Contains(p.stderr.String(), "msg=reloaded") })
	if _, body := get(t, pub.page+"content/film.mkv"); string(body) != film {
		t.Errorf("%d bytes over HTTP after SIGHUP", len(body))
	}
	// Nothing was copied.
	if data, _ := filepath.Glob(filepath.Join(cacheDir, "pieces", "*")); len(data) != 0 {
		t.Errorf("%q", data)
	}
	p.signal(syscall.SIGTERM)
	if status := p.status(); status != exitOK {
		t.Errorf("status %d", status)
	}

	// What was hashed is not hashed again: a wrong byte that nobody can see by names, lengths
	// and times is found when it is read, not before.
	again := publishOn(t, cacheDir, root)
	if got := again.next(); got.page[len(again.url):] != pub.page[len(p.url):] {
		t.Errorf("%s after %s", got.page, pub.page)
	}
	if strings.Contains(again.stderr.String(), "hashing anew") {
		t.Error(again.stderr.String())
	}
}

// TestPublisherCallsWhoAnnounces: a leecher that announces to the tracker of what is published, and does not connect, is dialled.
func TestPublisherCallsWhoAnnounces(t *testing.T) {
	t.Parallel()
	p := publishOn(t, t.TempDir(), writeTree(t, map[string]string{"a": "hello"}))
	m, err := metainfo.ParseMagnet(p.next().magnet)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	hash := m.Hashes[0].Wire()
	query := url.Values{
		"info_hash": {string(hash[:])}, "peer_id": {"-XX0000-aaaaaaaaaaaa"}, "left": {"1"}, "compact": {"1"},
		"port": {strconv.Itoa(l.Addr().(*net.TCPAddr).Port)},
	}
	if answer, body := get(t, p.url+"/announce?"+query.Encode()); answer.StatusCode != http.StatusOK || !strings.Contains(string(body), "8:intervali") {
		t.Fatalf("%s: %q", answer.Status, body)
	}
	if err := l.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	nc, err := l.Accept()
	if err != nil {
		t.Fatal("the leecher is not called:", err)
	}
	nc.Close()
}

// TestPublishSeesChanges changes a file that is served.
func TestPublishSeesChanges(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"a": strings.Repeat("a", 100<<10), "b": strings.Repeat("b", 100<<10)})
	p := publishOn(t, t.TempDir(), "--piece-length=16KiB", root)
	pub := p.next()
	if _, body := get(t, pub.page+"content/a"); len(body) != 100<<10 {
		t.Fatalf("%d bytes", len(body))
	}
	damage(t, filepath.Join(root, "a"), 50<<10)
	// Without a look at the files: what is asked for is checked.
	if answer, body := get(t, pub.page+"content/b"); answer.StatusCode != 200 || string(body) != strings.Repeat("b", 100<<10) {
		t.Errorf("%s, %d bytes of the file that stays", answer.Status, len(body))
	}
	answer := open(t, pub.page+"content/a")
	defer answer.Body.Close()
	var got bytes.Buffer
	n, err := got.ReadFrom(answer.Body)
	if answer.StatusCode == 200 && (err == nil || n > 48<<10) {
		t.Errorf("%s, %d bytes, %v: the changed piece is served", answer.Status, n, err)
	}
	until(t, "it says so", func() bool { return strings.Contains(p.stderr.String(), "a published file changed") })
}

// TestPublishSurvivesKill ends a publisher by kill -9 while it hashes, as it keeps what it made, and when it has published: at first,
// and of files that have become others. The next one offers what the files are, and nothing else.
func TestPublishSurvivesKill(t *testing.T) {
	t.Parallel()
	root, cacheDir, before := t.TempDir(), t.TempDir(), ""
	film := filepath.Join(root, "film.mkv")
	kept := func() string {
		names, err := filepath.Glob(filepath.Join(cacheDir, "published", "*.published"))
		if err != nil || len(names) > 1 {
			t.Fatal(names, err)
		}
		if len(names) == 0 {
			return ""
		}
		b, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	kill := func(p *publisher) {
		p.signal(syscall.SIGKILL)
		p.status()
	}
	for i, c := range []struct {
		name string
		wait func(p *publisher, last string)
	}{
		{"while it hashes", func(*publisher, string) {}}, // it begins with that when it has said where it serves
		{"as it keeps what it made", func(_ *publisher, last string) { until(t, "it is kept", func() bool { return kept() != last }) }},
		{"when it has published", func(p *publisher, _ string) { p.next() }},
		{"while it hashes again", func(*publisher, string) {}},
	} {
		content := randomText(byte(i), 8<<20)
		if err := os.WriteFile(film, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		last := kept()
		p := publishOn(t, cacheDir, film)
		c.wait(p, last)
		kill(p)
		p = publishOn(t, cacheDir, film)
		page := p.next().page
		if answer, body := get(t, page+"film.mkv"); answer.StatusCode != http.StatusOK || string(body) != content {
			t.Errorf("killed %s: %s, %d bytes that are not the file's", c.name, answer.Status, len(body))
		}
		if before != "" {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/btih/"+before+"/film.mkv", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Cache-Control", "only-if-cached")
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusGatewayTimeout {
				t.Errorf("killed %s: what the file was is answered with %s", c.name, answer.Status)
			}
		}
		before = hashOf(t, page)
		kill(p)
	}
}

// TestPublishTerabyte publishes a sparse file of 1 TiB, of which only the last bytes are there, and starts again on it: neither start
// reads what are holes, and the second one hashes a few pieces. (docs/lab/performance.md has the time without the race detector.)
func TestPublishTerabyte(t *testing.T) {
	t.Parallel()
	const size = 1 << 40
	cacheDir, disk := t.TempDir(), filepath.Join(t.TempDir(), "disk.img")
	f, err := os.Create(disk)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte("the end"), size-7)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	first := ""
	for range 2 {
		begun := time.Now()
		p := publishOn(t, cacheDir, disk)
		page := p.next().page
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page+"disk.img", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Range", "bytes=-9")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusPartialContent || string(body) != "\x00\x00the end" {
			t.Errorf("%s, %q: %v", answer.Status, body, err)
		}
		t.Logf("the end of %d bytes came %v after the start", int64(size), time.Since(begun))
		if hash := hashOf(t, page); first != "" && hash != first {
			t.Errorf("%s, and %s before", hash, first)
		} else {
			first = hash
		}
		p.signal(syscall.SIGKILL)
		p.status()
	}
}

// TestPublishWatch has entries come to a folder, change and go.
func TestPublishWatch(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"one/a": "first", ".hidden": "x", "two.part": "x"})
	p := publishOn(t, t.TempDir(), "--watch="+root)
	pub := p.next()
	if pub.path != filepath.Join(root, "one") {
		t.Error(pub.path)
	}
	if err := os.WriteFile(filepath.Join(root, "three.txt"), []byte("third"), 0o644); err != nil {
		t.Fatal(err)
	}
	third := p.next()
	if _, body := get(t, third.page+"three.txt"); string(body) != "third" {
		t.Errorf("%q", body)
	}
	if err := os.WriteFile(filepath.Join(root, "one", "a"), []byte("second"), 0o644); err != nil {
		t.Fatal(err)
	}
	changed := p.next()
	if _, body := get(t, changed.page+"one/a"); string(body) != "second" || changed.page == pub.page {
		t.Errorf("%q at %s", body, changed.page)
	}
	if err := os.Remove(filepath.Join(root, "three.txt")); err != nil {
		t.Fatal(err)
	}
	until(t, "it ends", func() bool { return strings.Contains(p.stderr.String(), "published no more") })
}

// TestPublishFails says why, and ends.
func TestPublishFails(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"empty": ""})
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{root}, exitFailed, "no file with content"},
		{nil, exitUsage, "nothing to publish"},
		{[]string{root + "/none"}, exitUsage, "no such file"},
		{[]string{"--watch=" + root + "/empty"}, exitUsage, "is no folder"},
		{[]string{"--public-url=ftp://x/", root}, exitUsage, "--public-url"},
	} {
		args := append([]string{"publish", "--listen=127.0.0.1:0", "--admin-listen=none", "--peer-listen=none", "--no-dht", "--cache-size=0"}, tt.args...)
		if status, _, stderr := result(t, args...); status != tt.status || !strings.Contains(stderr, tt.want) {
			t.Errorf("publish %q: status %d, %q; want %d, %q", tt.args, status, stderr, tt.status, tt.want)
		}
	}
}

// TestQR draws a code that has the size of one, with a light margin.
func TestQR(t *testing.T) {
	t.Parallel()
	code, err := qr.Encode("https://get.example.org/btih/0123456789abcdef0123456789abcdef01234567/", qr.L)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawQR(code), "\n"), "\n")
	if want := (code.Size + 8 + 1) / 2; len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	for _, line := range lines {
		if n := len([]rune(line)); n != code.Size+8 {
			t.Errorf("%d columns, want %d", n, code.Size+8)
		}
	}
	// The finder's corner: black, above white.
	if corner := string([]rune(lines[2])[4:7]); strings.Contains(corner, "█") {
		t.Errorf("%q", corner)
	}
}

// TestPublishByAPI publishes by the admin listener, finds it in the feed, and ends it.
func TestPublishByAPI(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"a.txt": "by the API"})
	g := serveOn(t, t.TempDir())
	do := func(method, path, body string) (int, string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), method, g.admin+"/api/v1/publications"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: testTime}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(text)
	}
	status, text := do(http.MethodPost, "", `{"path": "`+root+`"}`)
	var pub struct{ Href, Infohash string }
	if err := json.Unmarshal([]byte(text), &pub); err != nil || status != http.StatusCreated {
		t.Fatalf("%d %s: %v", status, text, err)
	}
	if _, body := get(t, g.url+pub.Href+"content/a.txt"); string(body) != "by the API" {
		t.Errorf("%q", body)
	}
	if answer, body := get(t, g.url+"/feed"); answer.StatusCode != 200 || !strings.Contains(string(body), "<torrent:infoHash>"+pub.Infohash) || !strings.Contains(string(body), "magnet:?xt=") {
		t.Errorf("%s %s", answer.Status, body)
	}
	if status, text := do(http.MethodDelete, "?path="+url.QueryEscape(root), ""); status != http.StatusNoContent {
		t.Errorf("%d %s", status, text)
	}
	if _, body := get(t, g.url+"/feed"); strings.Contains(string(body), pub.Infohash) {
		t.Errorf("it is in the feed still: %s", body)
	}
}
