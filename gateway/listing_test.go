package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/cputime"
	"github.com/btgw/btgw/metainfo"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update writes it anew):\n%s", name, got)
	}
}

// oddFiles are names that strangers choose.
func oddFiles() map[string][]byte {
	return map[string][]byte{
		"Season 2/Episode 10.mkv":      random(1, 2048),
		"Season 2/Episode 9.mkv":       random(2, 20_000),
		"Season 10/extra/notes.txt":    random(3, 12),
		"<script>alert(1)</script>.js": random(4, 5),
		"100% C++ & \"quotes\".txt":    random(5, 6),
		"colon: or?#.html":             random(6, 7),
		"right\u202eto-left.txt":       random(7, 8),
		"new\nline.txt":                random(8, 9),
		"not utf-8 \xff\xfe.bin":       random(9, 10),
		"empty":                        nil,
	}
}

// oddTorrent is made by hand: a file system would refuse some of its names.
func oddTorrent(t testing.TB, g *gatewayTest) metainfo.InfoHash {
	t.Helper()
	files := oddFiles()
	var list strings.Builder
	for _, path := range []string{"100% C++ & \"quotes\".txt", "<script>alert(1)</script>.js", "Season 10/extra/notes.txt", "Season 2/Episode 10.mkv",
		"Season 2/Episode 9.mkv", "colon: or?#.html", "empty", "new\nline.txt", "not utf-8 \xff\xfe.bin", "right\u202eto-left.txt"} {
		fmt.Fprintf(&list, "d6:lengthi%de4:pathl", len(files[path]))
		for name := range strings.SplitSeq(path, "/") {
			fmt.Fprintf(&list, "%d:%s", len(name), name)
		}
		list.WriteString("ee")
	}
	raw := "d5:filesl" + list.String() + "e4:name9:A <b> & c12:piece lengthi16384e6:pieces40:" + strings.Repeat("x", 40) + "e"
	info, err := metainfo.ParseInfo([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return g.backend.keep(t, &metainfo.Torrent{Info: info}, files)
}

func TestListingGolden(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	for name, path := range map[string]string{
		"torrent.html": "/?format=html", "torrent.json": "/?format=json",
		"directory.html": "/A%20%3Cb%3E%20&%20c/Season%202/?format=html", "directory.json": "/A%20%3Cb%3E%20&%20c/Season%202/?format=json",
	} {
		a := g.on(t, "localhost", hash.Path()+path) // the host is on the page
		if a.status != 200 {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		golden(t, name, a.body)
	}
}

// Every link of every listing leads to its file.
func TestListingLinksLead(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	var torrent TorrentListing
	if err := json.Unmarshal(g.get(t, hash.Path()+"/?format=json").body, &torrent); err != nil {
		t.Fatal(err)
	}
	if len(torrent.Files) != len(oddFiles()) || torrent.InfoHash != hash.String() || torrent.Size != g.backend.torrents[hash].Info.Size() {
		t.Errorf("%+v", torrent)
	}
	for _, f := range torrent.Files {
		a := g.get(t, f.Href)
		if a.status != 200 || int64(len(a.body)) != f.Size || a.get("Content-Type") != f.Type {
			t.Errorf("%s: %d, %d bytes, %q", f.Href, a.status, len(a.body), a.get("Content-Type"))
		}
	}
	links := regexp.MustCompile(`href ?="([^":]*)"`)
	seen := map[string]bool{}
	for todo := []string{hash.Path() + "/"}; len(todo) > 0; todo = todo[1:] {
		if seen[todo[0]] {
			continue
		}
		seen[todo[0]] = true
		a := g.get(t, todo[0], browser)
		if a.status != 200 {
			t.Errorf("%s: %d", todo[0], a.status)
		}
		if !strings.HasPrefix(a.get("Content-Type"), "text/html; charset=utf-8") || !strings.HasSuffix(todo[0], "/") {
			continue
		}
		for _, match := range links.FindAllStringSubmatch(string(a.body), -1) {
			page, err := url.Parse(todo[0])
			if err != nil {
				t.Fatal(err)
			}
			link, err := page.Parse(match[1])
			if err != nil {
				t.Fatal(err)
			}
			todo = append(todo, link.EscapedPath())
		}
	}
	if len(seen) != len(oddFiles())+6 { // six directories
		t.Errorf("%d pages were reached: %v", len(seen), seen)
	}
}

func TestListingNegotiation(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	for accept, want := range map[string]string{
		"": "text/html; charset=utf-8", "*/*": "text/html; charset=utf-8", "application/json": "application/json",
		"text/plain": "text/plain; charset=utf-8", "application/json, text/plain, */*": "application/json", "text/*": "text/html; charset=utf-8",
		"application/*": "text/html; charset=utf-8", "application/*;q=0.9, text/*;q=0.1": "text/html; charset=utf-8", "image/webp, */*;q=0.1": "text/html; charset=utf-8",
		"video/mp4": "text/html; charset=utf-8", "*/*, application/json;q=0.1, text/html;q=0.1, text/plain;q=0.1": "text/html; charset=utf-8",
		"text/html": "text/html; charset=utf-8", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html; charset=utf-8",
		"application/json, text/html;q=0.5": "application/json", "text/html;q=0": "application/json", "TEXT/HTML; Q=0.3": "text/html; charset=utf-8",
		"text/html;q=x": "application/json",
	} {
		a := g.get(t, hash.Path()+"/", "Accept: "+accept)
		format := "json"
		if kind, ok := strings.CutPrefix(want, "text/"); ok {
			format, _, _ = strings.Cut(strings.Replace(kind, "plain", "text", 1), ";")
		}
		if a.get("Content-Type") != want || a.get("Vary") != "Accept, User-Agent" || a.get("Content-Location") != hash.Path()+"/?format="+format {
			t.Errorf("Accept %q: %v", accept, a.header)
		}
	}
	a := g.get(t, hash.Path()+"/?format=html", "Accept: application/json")
	if a.get("Content-Type") != "text/html; charset=utf-8" || a.get("Vary") != "" || a.get("Content-Location") != "" {
		t.Errorf("format wins: %v", a.header)
	}
	if a.get("Cache-Control") != cacheListing || !strings.Contains(a.get("Content-Security-Policy"), "style-src 'sha256-") {
		t.Errorf("%v", a.header)
	}
	for _, path := range []string{"/?format=html", "/?format=json", "/?format=torrent", "/A%20%3Cb%3E%20&%20c/?format=json"} {
		full := g.get(t, hash.Path()+path)
		again := g.get(t, hash.Path()+path, "If-None-Match: W/"+full.get("Etag"))
		if failed := g.get(t, hash.Path()+path, `If-Match: "x"`); failed.status != 412 || failed.get("Cache-Control") != "no-store" || failed.get("Content-Location") != "" {
			t.Errorf("%s: If-Match with another tag: %d", path, failed.status)
		}
		if a := g.get(t, hash.Path()+path, "If-Match: "+full.get("Etag")); a.status != 200 {
			t.Errorf("%s: If-Match: %d", path, a.status)
		}
		if again.status != 304 || again.get("Etag") != full.get("Etag") || len(again.body) != 0 {
			t.Errorf("%s: %d", path, again.status)
		}
		head := g.request(t, "HEAD", hash.Path()+path)
		if head.status != 200 || len(head.body) != 0 || head.get("Content-Length") != fmt.Sprint(len(full.body)) {
			t.Errorf("HEAD %s: %d, Content-Length %s", path, head.status, head.get("Content-Length"))
		}
	}
	if len(g.backend.opens) != 0 {
		t.Error("a listing asked for content")
	}
}

// A page loads nothing from anywhere and runs nothing.
func TestPagesAreSelfContained(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	for _, path := range []string{"/", "/nowhere", hash.Path() + "/", hash.Path() + "/A%20%3Cb%3E%20&%20c/"} {
		page := string(g.get(t, path, browser).body)
		for _, bad := range []string{"<script", " src=", "<link", "@import", "url(", "https://", " style=", " onclick", "ZgotmplZ"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %q", path, bad)
			}
		}
		for _, want := range []string{"<!doctype html>", `lang="en"`, "<title>", "<main>", "<h1>", "color-scheme: light dark", "</html>"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
	}
}

// A long listing is streamed, with its exact length, and is not held whole.
// manyFiles adds a torrent of n empty files and one of a byte.
func manyFiles(t testing.TB, g *gatewayTest, n int) metainfo.InfoHash {
	t.Helper()
	files := make(map[string][]byte, n)
	var list strings.Builder
	for i := range n {
		name := fmt.Sprintf("file number %d.mkv", i)
		files[name] = nil
		fmt.Fprintf(&list, "d6:lengthi0e4:pathl%d:%see", len(name), name)
	}
	files["last"] = []byte{1}
	info, err := metainfo.ParseInfo([]byte("d5:filesl" + list.String() + "d6:lengthi1e4:pathl4:lasteee4:name4:long12:piece lengthi16384e6:pieces20:" + strings.Repeat("x", 20) + "e"))
	if err != nil {
		t.Fatal(err)
	}
	return g.backend.keep(t, &metainfo.Torrent{Info: info}, files)
}

// timed gets a page and tells when its first byte and its last one came.
func (g *gatewayTest) timed(t testing.TB, path string) (first, last time.Duration) {
	t.Helper()
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	begun := time.Now()
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, g.addr); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	first = time.Since(begun)
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatal(err)
	}
	return first, time.Since(begun)
}

// 10,000 entries: 20 ms to the first byte and 150 ms in all are the aim
// (BenchmarkListingOverHTTP). A busy machine can make any wait long, so what is
// held here is the processor's time; the race detector gets ten times the aim.
func TestListingIsFast(t *testing.T) {
	g := serve(t, nil)
	hash := manyFiles(t, g, 10_000)
	for _, format := range []string{"html", "json"} {
		var first, least time.Duration = 0, time.Hour
		for range 3 {
			before := cputime.Used()
			first, _ = g.timed(t, hash.Path()+"/?format="+format)
			least = min(least, cputime.Used()-before)
		}
		if least > 1500*time.Millisecond {
			t.Errorf("%s: %v of the processor", format, least)
		}
		t.Logf("%s: first byte after %v, %v of the processor in all", format, first, least)
	}
}

func TestLongListing(t *testing.T) {
	g := serve(t, nil)
	hash := manyFiles(t, g, 12_000)
	info := g.backend.torrents[hash].Info
	for _, path := range []string{"/?format=html", "/?format=json", "/long/?format=html", "/long/?format=json"} {
		a := g.get(t, hash.Path()+path)
		if a.status != 200 || a.cut || a.chunked || len(a.body) < spoolBytes || a.get("Content-Length") != fmt.Sprint(len(a.body)) {
			t.Errorf("%s: %d, %d bytes, %v", path, a.status, len(a.body), a.header)
		}
		text := string(a.body)
		if nine, ten := strings.Index(text, "file number 9.mkv"), strings.Index(text, "file number 10.mkv"); nine < 0 || ten < nine {
			t.Errorf("%s: not in natural order", path)
		}
		n := len(a.body)
		for _, part := range []struct {
			lines    []string
			status   int
			from, to int
		}{
			{[]string{"Range: bytes=0-0"}, 206, 0, 1},
			{[]string{"Range: bytes=300001-400000", "If-Range: " + a.get("Etag")}, 206, 300_001, 400_001},
			{[]string{"Range: bytes=-77777"}, 206, n - 77_777, n},
			{[]string{fmt.Sprintf("Range: bytes=%d-", n)}, 416, 0, 0},
			{[]string{"Range: bytes=5-9", `If-Range: "x"`}, 200, 0, n},
			{[]string{"Range: bytes=0-0,9000-9001"}, 200, 0, n},
		} {
			b := g.get(t, hash.Path()+path, part.lines...)
			if b.status != part.status || b.cut || b.chunked || b.status < 300 && b.get("Accept-Ranges") != "bytes" {
				t.Errorf("%s, %v: %d %v", path, part.lines, b.status, b.header)
			}
			if want := fmt.Sprintf("bytes */%d", n); part.status == 416 && (b.get("Content-Range") != want || b.get("Accept-Ranges") != "") {
				t.Errorf("%s, %v: %v", path, part.lines, b.header)
			}
			if want := fmt.Sprintf("bytes %d-%d/%d", part.from, part.to-1, n); part.status == 206 && b.get("Content-Range") != want {
				t.Errorf("%s, %v: Content-Range %q", path, part.lines, b.get("Content-Range"))
			}
			if part.status < 300 {
				b.wantBody(t, a.body[part.from:part.to])
			}
		}
		if strings.HasSuffix(path, "json") && !json.Valid(a.body) {
			t.Errorf("%s: not JSON", path)
		}
	}
	var kept spool
	l := &listing{info: info, hash: hash, node: info.Tree(), types: g.types}
	if err := l.writeHTML(&kept); err != nil || !kept.over || kept.data != nil {
		t.Errorf("%d bytes kept, %v", len(kept.data), err)
	}
}

// What is missing of a .torrent is waited for.
func TestTorrentFormAwaitsLayers(t *testing.T) {
	layers := map[metainfo.InfoHash]metainfo.PieceLayers{}
	var g *gatewayTest
	var failure error
	g = serve(t, func(cfg *Config) {
		cfg.Layers = func(hash metainfo.InfoHash) (metainfo.PieceLayers, bool) {
			l, ok := layers[hash]
			return l, ok
		}
		cfg.AwaitLayers = func(_ context.Context, hash metainfo.InfoHash, h fetch.Hints) error {
			if failure == nil {
				layers[hash] = g.backend.torrents[hash].Layers
			}
			return failure
		}
	})
	hash := g.backend.add(t, "two", metainfo.V2, map[string][]byte{"": random(1, 50_000)})
	for _, c := range []struct {
		err    error
		status int
		kind   string
	}{
		{context.DeadlineExceeded, 503, "layers-unknown"}, {fetch.ErrNoLayers, 422, "needs-upload"}, {fetch.ErrClosed, 503, "draining"}, {nil, 200, ""},
	} {
		failure = c.err
		a := g.get(t, hash.Path()+"/?format=torrent")
		if a.status != c.status || c.kind != "" && a.document(t).Type != problemType+c.kind {
			t.Errorf("%v: %d", c.err, a.status)
		}
		if got := a.get("Cache-Control"); c.err != nil && got != "no-store" {
			t.Errorf("%v: Cache-Control %q", c.err, got)
		}
	}
}

func TestTorrentForm(t *testing.T) {
	layers := map[metainfo.InfoHash]metainfo.PieceLayers{}
	g := serve(t, func(cfg *Config) {
		cfg.Layers = func(hash metainfo.InfoHash) (metainfo.PieceLayers, bool) {
			l, ok := layers[hash]
			return l, ok
		}
	})
	for _, version := range []metainfo.Version{metainfo.V1, metainfo.V2, metainfo.Hybrid} {
		hash := g.backend.add(t, fmt.Sprintf("v%d", version), version, map[string][]byte{"": random(1, 50_000)})
		path := hash.Path() + "/?format=torrent"
		if version != metainfo.V1 {
			if a := g.get(t, path); a.status != 503 || a.document(t).Type != problemType+"layers-unknown" {
				t.Errorf("v%d without layers: %d", version, a.status)
			}
			if a := g.get(t, path, "Cache-Control: only-if-cached"); a.status != 504 || a.document(t).Type != problemType+"not-cached" {
				t.Errorf("v%d without layers, only if cached: %d", version, a.status)
			}
			if page := g.get(t, hash.Path()+"/", browser); page.status != 200 || bytes.Contains(page.body, []byte(`value="torrent"`)) {
				t.Errorf("v%d without layers: the page offers a .torrent", version)
			}
			layers[hash] = metainfo.PieceLayers{}
			if a := g.get(t, path); a.status != 503 {
				t.Errorf("v%d with too few layers: %d", version, a.status)
			}
			layers[hash] = g.backend.torrents[hash].Layers
		}
		a := g.get(t, path)
		torrent, err := metainfo.ParseTorrent(a.body)
		if a.status != 200 || err != nil || torrent.Info.ID() != hash {
			t.Fatalf("v%d: %d, %v", version, a.status, err)
		}
		if part := g.get(t, path, "Range: bytes=10-29"); part.status != 206 || !bytes.Equal(part.body, a.body[10:30]) {
			t.Errorf("v%d: a range of the .torrent: %d", version, part.status)
		}
		if page := g.get(t, hash.Path()+"/", browser); !bytes.Contains(page.body, []byte(`value="torrent"`)) {
			t.Errorf("v%d: the page offers no .torrent", version)
		}
		for below, status := range map[string]int{fmt.Sprintf("/v%d", version): 400, "/none": 404} {
			if a := g.get(t, hash.Path()+below+"?format=torrent"); a.status != status {
				t.Errorf("v%d: of %s: %d", version, below, a.status)
			}
		}
		if len(torrent.Trackers) != 0 || bytes.Contains(a.body, []byte("passkey")) {
			t.Errorf("v%d: trackers leave: %v", version, torrent.Trackers)
		}
		if a.get("Content-Type") != "application/x-bittorrent" || !strings.HasPrefix(a.get("Content-Disposition"), fmt.Sprintf(`attachment; filename="v%d.torrent"`, version)) {
			t.Errorf("v%d: %v", version, a.header)
		}
	}
}

func TestStartAndMagnet(t *testing.T) {
	g := serve(t, nil)
	text := g.get(t, "/", "Accept: */*")
	if text.get("Content-Type") != "text/plain; charset=utf-8" || !strings.Contains(string(text.body), "/btih/<infohash>/") ||
		!strings.Contains(string(text.body), "curl -OJ 'http://"+g.addr+"/btih/") {
		t.Errorf("%s", text.body)
	}
	page := g.get(t, "/", browser)
	if !strings.Contains(string(page.body), `<form action="magnet">`) || !strings.Contains(page.get("Content-Security-Policy"), "form-action 'self'") {
		t.Errorf("%s", page.body)
	}
	if a := g.raw(t, "GET / HTTP/1.1\nHost: localhost';rm -rf\nConnection: close\n\n"); a.status == 200 && strings.Contains(string(a.body), "rm -rf") {
		t.Error("the example repeats a hostile Host")
	}
	a := g.get(t, "/magnet?uri=magnet%3A%3Fxt%3Durn%3Abtih%3A"+strings.ToUpper(v1Hex)+"%26tr%3Dudp%253A%252F%252Ft.example%253A1%26dn%3Dx")
	if a.status != 302 || a.get("Location") != "/btih/"+v1Hex+"/?dn=x&tr=udp%3A%2F%2Ft.example%3A1" {
		t.Errorf("%d %q", a.status, a.get("Location"))
	}
	if a := g.get(t, "/magnet", browser); a.status != 400 || !strings.Contains(string(a.body), "A magnet link is expected") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := g.get(t, "/robots.txt"); string(a.body) != robotsText || !strings.Contains(robotsText, "\n\nUser-agent: *\nDisallow: /\n\n") {
		t.Errorf("%q", a.body)
	}
}

func TestShowSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 1<<20 - 1: "1.0 MiB", 1 << 20: "1.0 MiB", 5 << 30: "5.0 GiB", 16 << 40: "16.0 TiB"} {
		if got := showSize(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func BenchmarkListing(b *testing.B) {
	g := serve(b, nil)
	hash := oddTorrent(b, g)
	info := g.backend.torrents[hash].Info
	l := &listing{info: info, hash: hash, node: info.Tree(), types: g.types}
	for name, write := range map[string]func(*spool) error{
		"html": func(s *spool) error { return l.writeHTML(s) }, "json": func(s *spool) error { return l.writeJSON(s) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(new(spool)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
