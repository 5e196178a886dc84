package gateway

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// What a browser sends when a person opens a URL.
var navigation = []string{"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate"}

// A browser that is to show a torrent or a folder is sent to the page about it, at once; programs, parts of pages
// and who names a form get what they got.
func TestViewFirst(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	known := g.backend.add(t, "t", metainfo.V1, map[string][]byte{"a/b.mkv": random(1, 10)}).Path()
	unknown := metainfo.NewV1([20]byte{7}).Path()
	for _, test := range []struct {
		path, location string
		lines          []string
	}{
		{known + "/", known + "/?view=1", navigation},
		{known + "/t/a/", known + "/t/a/?view=1", navigation},
		{unknown + "/?tr=http://t.example/a%20b", unknown + "/?view=1&tr=http://t.example/a%20b", navigation},
		{known + "/", known + "/?view=1", []string{"Accept: text/html", "Upgrade-Insecure-Requests: 1"}},
	} {
		a := g.get(t, test.path, test.lines...)
		if a.status != http.StatusFound || a.get("Location") != test.location || a.get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d to %q", test.path, a.status, a.get("Location"))
		}
	}
	for _, lines := range [][]string{
		{"Accept: text/html"}, nil, {"Accept: text/html", "Sec-Fetch-Dest: empty", "Upgrade-Insecure-Requests: 1"},
		{"Accept: text/html", "Sec-Fetch-Dest: iframe"}, {"Accept: */*", "Sec-Fetch-Dest: document"},
	} {
		if a := g.get(t, known+"/", lines...); a.status != http.StatusOK || a.get("Vary") != "Accept, User-Agent" {
			t.Errorf("%q: %d, Vary %q", lines, a.status, a.get("Vary"))
		}
	}
	if a := g.get(t, known+"/?format=html", navigation...); a.status != http.StatusOK {
		t.Errorf("?format=html: %d", a.status)
	}
	if a := g.get(t, known+"/t/a/b.mkv", navigation...); a.status != http.StatusOK || a.get("Content-Security-Policy") != fileCSP {
		t.Errorf("the file itself: %d", a.status)
	}
}

// A page runs only the script with its nonce, which no other answer has, is of no other site's reach, and comes
// before anything is known.
func TestViewPolicy(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	hash := g.backend.add(t, "t", metainfo.V1, map[string][]byte{"<b>&\"'.mkv": random(1, 10), "x.txt": random(2, 10)}).Path()
	nonce := regexp.MustCompile(`script-src 'nonce-(\w{20,})' `)
	seen := make(map[string]bool)
	for _, path := range []string{"/", hash + "/?view=1", hash + "/t/%3Cb%3E%26%22%27.mkv?view=1", metainfo.NewV1([20]byte{7}).Path() + "/?view=1&dn=%3Cscript%3E"} {
		a := g.get(t, path, navigation...)
		csp := a.get("Content-Security-Policy")
		n := nonce.FindStringSubmatch(csp)
		if a.status != http.StatusOK || n == nil || seen[n[1]] {
			t.Fatalf("%s: %d, %q", path, a.status, csp)
		}
		seen[n[1]] = true
		for _, want := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: no %s in %q", path, want, csp)
			}
		}
		if strings.Contains(csp, "script-src 'self'") || strings.Contains(strings.Split(csp, "style-src")[0], "unsafe-inline") {
			t.Errorf("%s: %q", path, csp)
		}
		if got := strings.Count(string(a.body), "<script"); got != 1 || !strings.Contains(string(a.body), `nonce="`+n[1]+`"`) {
			t.Errorf("%s: %d scripts", path, got)
		}
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "Access-Control-Allow-Origin": "", "Cross-Origin-Resource-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff",
		} {
			if a.get(name) != want {
				t.Errorf("%s: %s: %q", path, name, a.get(name))
			}
		}
	}
	if a := g.get(t, hash+"/t/none.mkv?view=1"); a.status != http.StatusNotFound {
		t.Errorf("what the torrent does not have: %d", a.status)
	}
	if a := g.get(t, hash+"/t/x.txt?view=1"); a.status != http.StatusFound || a.get("Location") != hash+"/t/x.txt" {
		t.Errorf("what does not play: %d to %q", a.status, a.get("Location"))
	}
	if a := g.get(t, hash+"/t/x.txt?view=2"); a.status != http.StatusOK {
		t.Errorf("a view that there is not: %d", a.status)
	}
}

// Scripts are immutable under their names, packed for who takes that, and for pages of other sites too.
func TestAppFiles(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	total := 0
	script, err := g.app.files[g.app.script].plain()
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range g.app.files {
		plain := g.get(t, appPath+name)
		if plain.status != http.StatusOK || plain.get("Access-Control-Allow-Origin") != "*" || plain.get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d", name, plain.status)
		}
		want, err := f.plain()
		if err != nil {
			t.Fatal(err)
		}
		plain.wantBody(t, want)
		packed := g.get(t, appPath+name, "Accept-Encoding: br;q=1, gzip;q=0.5")
		r, err := gzip.NewReader(strings.NewReader(string(packed.body)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != string(want) || packed.get("Vary") != "Accept-Encoding" {
			t.Errorf("%s packed: %d bytes, %v", name, len(got), err)
		}
		if again := g.get(t, appPath+name, "If-None-Match: "+plain.get("Etag")); again.status != http.StatusNotModified {
			t.Errorf("%s again: %d", name, again.status)
		}
		if name == g.app.script || strings.HasSuffix(name, ".svg") || strings.Contains(string(script), `from"./`+name) {
			total += len(packed.body)
		}
	}
	if total > 150_000 {
		t.Errorf("before media are opened %d bytes are loaded", total)
	}
	if a := g.get(t, appPath+"../app.css"); a.status != http.StatusNotFound {
		t.Errorf("a file that is none: %d", a.status)
	}
}

// events reads a stream of events, until stop says so.
func (g *gatewayTest) events(t *testing.T, path string, stop func(name, data string) bool, lines ...string) {
	t.Helper()
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n%s\r\n", path, g.addr, strings.Join(append(lines, ""), "\r\n"))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil) // its Close would read to the end, which is an hour away
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Fatalf("%d, %v", resp.StatusCode, resp.Header)
	}
	name := ""
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if line := lines.Text(); strings.HasPrefix(line, "event: ") {
			name = line[len("event: "):]
		} else if strings.HasPrefix(line, "data: ") && stop(name, line[len("data: "):]) {
			return
		}
	}
	t.Fatal("the stream ended")
}

// The page hears what happens, that the metadata is here, and what is cached.
func TestEvents(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	hash := g.backend.add(t, "t", metainfo.V1, map[string][]byte{"a.mkv": random(1, 300<<10), "b.mkv": random(2, 100<<10)})
	setHook(g.backend, &g.backend.holds, func(piece int) bool { return piece < 10 }) // 160 KiB
	informed := false
	g.events(t, hash.Path()+"/?view=events", func(name, data string) bool {
		informed = informed || name == "info"
		var s swarmEvent
		if name != "status" || json.Unmarshal([]byte(data), &s) != nil || !s.Ready {
			return false
		}
		if !informed || len(s.Map) != mapCells || strings.Count(s.Map, "2") != 80 || !strings.HasPrefix(s.Map, strings.Repeat("2", 80)) {
			t.Errorf("informed %v, %+v", informed, s)
		}
		return true
	})
}

// Of a file with fewer bytes than the picture has parts, all of it is here all the same.
func TestEventsSmall(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	hash, _ := g.single(t, "a.txt", 7)
	g.events(t, hash.Path()+"/?view=events", func(name, data string) bool {
		var s swarmEvent
		if name != "status" || json.Unmarshal([]byte(data), &s) != nil || !s.Ready {
			return false
		}
		if s.Map != strings.Repeat("2", mapCells) {
			t.Errorf("%s", s.Map)
		}
		return true
	})
}

// What cannot be had is said in words, and looked for again; what is refused ends the stream.
func TestEventsFail(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *Config) { cfg.FirstByteTimeout = 20 * time.Millisecond })
	g.events(t, metainfo.NewV1([20]byte{7}).Path()+"/?view=events", func(name, data string) bool {
		var f failedEvent
		if name != "failed" {
			return false
		}
		if json.Unmarshal([]byte(data), &f) != nil || !f.Retry || !strings.Contains(f.Detail, "No peer sent the torrent's metadata") {
			t.Errorf("%s", data)
		}
		return true
	})
}

// With --hide-cache-state nothing is told of a torrent that is known.
func TestEventsHide(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *Config) { cfg.HideCacheState = true })
	hash := g.backend.add(t, "t", metainfo.V1, map[string][]byte{"a.mkv": random(1, 300<<10)})
	g.events(t, hash.Path()+"/?view=events", func(name, data string) bool {
		if name != "status" || !strings.Contains(data, `"ready":true`) {
			return false
		}
		var s swarmEvent
		if err := json.Unmarshal([]byte(data), &s); err != nil || s != (swarmEvent{Ready: true}) {
			t.Errorf("%s", data)
		}
		return true
	})
}

// With it, the page of a torrent that is here is that of any other.
func TestViewHides(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *Config) { cfg.HideCacheState = true })
	known := g.backend.add(t, "secret", metainfo.V1, map[string][]byte{"a.mkv": random(1, 10)})
	unknown := metainfo.NewV1([20]byte{7})
	nonce := regexp.MustCompile(`nonce="\w+"`)
	for _, path := range []string{"/?view=1", "/secret/a.mkv?view=1", "/secret/none.mkv?view=1"} {
		one, other := g.get(t, known.Path()+path, navigation...), g.get(t, unknown.Path()+path, navigation...)
		of := func(a *answer, hash metainfo.InfoHash) string {
			return nonce.ReplaceAllString(strings.ReplaceAll(string(a.body), hash.String(), "HASH"), "")
		}
		if one.status != http.StatusOK || other.status != http.StatusOK || of(one, known) != of(other, unknown) {
			t.Errorf("%s: %d and %d:\n%s\n%s", path, one.status, other.status, of(one, known), of(other, unknown))
		}
	}
}

// Pages of other sites hear nothing.
func TestEventsOtherSite(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	hash := g.backend.add(t, "t", metainfo.V1, map[string][]byte{"a.mkv": random(1, 10)})
	for _, line := range []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example", "Origin: null"} {
		if a := g.get(t, hash.Path()+"/?view=events", line); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", line, a.status)
		}
	}
	if g.backend.infos != 0 {
		t.Errorf("%d searches began", g.backend.infos)
	}
}

// A server that drains ends its streams.
func TestEventsDrain(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	hash := g.backend.add(t, "t", metainfo.V1, map[string][]byte{"a.mkv": random(1, 10)})
	begun := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		conn, err := net.Dial("tcp", g.addr)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET %s/?view=events HTTP/1.1\r\nHost: %s\r\n\r\n", hash.Path(), g.addr)
		r := bufio.NewReader(conn)
		_, _ = r.ReadString('\n')
		close(begun)
		_, _ = io.Copy(io.Discard, r)
	}()
	<-begun
	at := time.Now()
	_ = g.Shutdown(t.Context())
	<-ended
	if took := time.Since(at); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}
