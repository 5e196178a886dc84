package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// serveAdmin starts an administration server; the gatewayTest around it serves
// to talk to it.
func serveAdmin(t *testing.T, change func(*AdminConfig)) *gatewayTest {
	t.Helper()
	backend := newFakeBackend()
	cfg := AdminConfig{Backend: backend, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	a, err := NewAdmin(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return &gatewayTest{backend: backend, addr: clients.Serve(t, a, false)}
}

// post sends a body.
func (g *gatewayTest) post(t *testing.T, contentType string, body []byte, lines ...string) *answer {
	t.Helper()
	if contentType != "" {
		lines = append(lines, "Content-Type: "+contentType)
	}
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	head := fmt.Sprintf("POST /api/v1/torrents HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n", g.addr, len(body))
	for _, line := range lines {
		head += line + "\r\n"
	}
	go func() {
		_, _ = io.WriteString(conn, head+"\r\n") // before a large body is even looked at: a head has ten seconds
		_, _ = conn.Write(body)
	}()
	all, err := io.ReadAll(conn)
	if err != nil && len(all) == 0 {
		t.Fatal(err)
	}
	return parseAnswer(t, all, false)
}

func TestAdminHealth(t *testing.T) {
	var down error
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "btgw_up 1\n") })
	g := serveAdmin(t, func(cfg *AdminConfig) {
		cfg.Metrics, cfg.Ready = metrics, func() error { return down }
	})
	for path, want := range map[string]string{"/livez": "ok\n", "/readyz": "ready\n", "/metrics": "btgw_up 1\n"} {
		a := g.get(t, path)
		if a.status != 200 || string(a.body) != want || a.get("Cache-Control") != "no-store" || a.get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v %q", path, a.status, a.header, a.body)
		}
		if head := g.request(t, "HEAD", path); head.status != 200 || len(head.body) != 0 || head.get("Content-Type") != a.get("Content-Type") {
			t.Errorf("HEAD %s: %d %v %q", path, head.status, head.header, head.body)
		}
	}
	if a := g.request(t, "DELETE", "/readyz"); a.status != 405 || a.get("Allow") != "GET, HEAD" || !strings.Contains(string(a.body), "Methods here are GET, HEAD.") {
		t.Errorf("DELETE: %d %v %s", a.status, a.header, a.body)
	}
	down = errors.New("draining")
	if a := g.get(t, "/readyz"); a.status != 503 || string(a.body) != "draining\n" || a.get("Retry-After") == "" {
		t.Errorf("draining: %d %q", a.status, a.body)
	}
	if a := g.request(t, "HEAD", "/readyz"); a.status != 503 {
		t.Errorf("HEAD, draining: %d", a.status)
	}
	if a := g.get(t, "/livez"); a.status != 200 {
		t.Errorf("draining, yet alive: %d", a.status)
	}
	if a := g.get(t, "/debug/pprof/"); a.status != 404 {
		t.Errorf("profiles are off: %d", a.status)
	}
	g = serveAdmin(t, func(cfg *AdminConfig) { cfg.Profiles = true })
	for _, path := range []string{"/profile?seconds=61", "/trace?seconds=1e9", "/trace?seconds=NaN", "/heap?seconds=3600", "/goroutine?seconds=-1", "/profile?seconds=x"} {
		if a := g.get(t, "/debug/pprof"+path); a.status != 400 || !strings.Contains(string(a.body), "up to 60") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/goroutine?debug=1", "/debug/pprof/cmdline", "/debug/pprof/symbol"} {
		if a := g.get(t, path); a.status != 200 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := g.get(t, "/metrics"); a.status != 404 {
		t.Errorf("no metrics: %d", a.status)
	}
}

func TestAdminTorrents(t *testing.T) {
	g := serveAdmin(t, nil)
	source := newFakeBackend()
	hash := source.add(t, "a.bin", metainfo.Hybrid, map[string][]byte{"": random(1, 50_000)})
	file := source.torrents[hash].Encode()

	a := g.post(t, "application/x-bittorrent", file)
	var status TorrentStatus
	if err := json.Unmarshal(a.body, &status); err != nil || a.status != 201 || a.get("Location") != "/api/v1/torrents/"+hash.String() {
		t.Fatalf("%d %s %v", a.status, a.body, err)
	}
	if status.Hash != hash.String() || status.Path != hash.Path()+"/" || status.Name != "a.bin" || status.Size != 50_000 {
		t.Errorf("%s", a.body)
	}
	if a := g.post(t, "application/x-bittorrent", file); a.status != 200 {
		t.Errorf("again: %d", a.status)
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, _ := w.CreateFormFile("torrent", "a.torrent")
	_, _ = part.Write(file)
	w.Close()
	if a := g.post(t, w.FormDataContentType(), form.Bytes()); a.status != 200 {
		t.Errorf("a form: %d %s", a.status, a.body)
	}
	for _, kind := range []string{"", "application/x-www-form-urlencoded", "application/octet-stream"} {
		if a := g.post(t, kind, file); a.status != 200 {
			t.Errorf("%q: %d %s", kind, a.status, a.body)
		}
	}

	var list struct{ Torrents []TorrentStatus }
	a = g.get(t, "/api/v1/torrents")
	if err := json.Unmarshal(a.body, &list); err != nil || a.status != 200 || len(list.Torrents) != 2 || a.get("Cache-Control") != "no-store" {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, form := range []string{hash.String(), strings.ToUpper(hash.String()), base32Of(hash)} {
		if a := g.get(t, "/api/v1/torrents/"+form); a.status != 200 {
			t.Errorf("%s: %d", form, a.status)
		}
	}
	for _, method := range []string{"PUT", "DELETE"} {
		a := g.request(t, method, "/api/v1/torrents/"+hash.String()+"/superseed")
		if on := g.backend.torrents[hash].super; a.status != 204 || len(a.body) != 0 || on != (method == "PUT") {
			t.Errorf("%s superseed: %d, super-seeded %v", method, a.status, on)
		}
	}
	if a := g.request(t, "PUT", "/api/v1/torrents/"+strings.Repeat("0", 40)+"/superseed"); a.status != 404 {
		t.Errorf("superseed of what is unknown: %d", a.status)
	}
	if a := g.request(t, "DELETE", "/api/v1/torrents/"+hash.String()); a.status != 204 || len(a.body) != 0 {
		t.Errorf("DELETE: %d", a.status)
	}
	for method, want := range map[string]int{"GET": 404, "DELETE": 404, "PUT": 405} {
		if a := g.request(t, method, "/api/v1/torrents/"+hash.String()); a.status != want || a.document(t).Status != want {
			t.Errorf("%s of what is gone: %d", method, a.status)
		}
	}
	if a := g.request(t, "PUT", "/api/v1/torrents"); a.status != 405 || !strings.Contains(a.get("Allow"), "GET") || !strings.Contains(a.get("Allow"), "POST") {
		t.Errorf("PUT: %d %v", a.status, a.header)
	}
	if a := g.get(t, "/api/v1/torrents/xyz"); a.status != 400 {
		t.Errorf("no infohash: %d", a.status)
	}
}

func TestAdminMagnet(t *testing.T) {
	g := serveAdmin(t, nil)
	hash := g.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 50_000)})
	link := "magnet:?xt=urn:btih:" + hash.String() + "&tr=http://t.example/a"
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("magnet", link)
	w.Close()
	for kind, body := range map[string]string{
		"text/plain": link + "\n", "application/json": `{"magnet": "` + link + `"}`, w.FormDataContentType(): form.String(),
		"application/x-www-form-urlencoded": "magnet=" + strings.NewReplacer("&", "%26", "=", "%3D").Replace(link), "": link,
	} {
		a := g.post(t, kind, []byte(body))
		if a.status != 201 || a.get("Location") != "/api/v1/torrents/"+hash.String() {
			t.Errorf("%s: %d %s", kind, a.status, a.body)
		}
	}
	if last := g.backend.hints[len(g.backend.hints)-1]; len(last.Trackers) != 1 || last.Trackers[0] != "http://t.example/a" {
		t.Errorf("hints %v", last)
	}
	setHook(g.backend, &g.backend.onInfo, func(ctx context.Context, _ metainfo.InfoHash) error {
		return &fetch.UnavailableError{Stage: fetch.StageMetadata}
	})
	if a := g.post(t, "text/plain", []byte("magnet:?xt=urn:btih:"+v1Hex)); a.status != 202 || a.get("Location") != "/api/v1/torrents/"+v1Hex {
		t.Errorf("metadata that takes longer: %d %s", a.status, a.body)
	}
}

func TestAdminRefuses(t *testing.T) {
	g := serveAdmin(t, func(cfg *AdminConfig) { cfg.CheckAddr = noPrivate })
	for name, test := range map[string]struct {
		kind, body string
		want       int
	}{
		"not a torrent":   {"application/x-bittorrent", "hello", 422},
		"a bad torrent":   {"application/x-bittorrent", "d4:infod4:name1:aee", 422},
		"empty":           {"application/x-bittorrent", "", 400},
		"not a magnet":    {"text/plain", "http://example.org/", 400},
		"JSON without":    {"application/json", `{"url": 1}`, 400},
		"not JSON":        {"application/json", `{`, 400},
		"another type":    {"image/png", "x", 415},
		"neither":         {"", "hello", 415},
		"a form without":  {"multipart/form-data; boundary=x", "--x--\r\n", 400},
		"a broken form":   {"multipart/form-data", "x", 400},
		"too large":       {"application/x-bittorrent", "d" + strings.Repeat("x", MaxTorrentUpload), 413},
		"too large a lot": {"application/x-bittorrent", "d" + strings.Repeat("x", MaxTorrentUpload+multipartSlack+1000), 413},
	} {
		a := g.post(t, test.kind, []byte(test.body))
		if a.status != test.want || a.document(t).Detail == "" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// Who may talk to the administration server.
func TestAdminGuard(t *testing.T) {
	g := serveAdmin(t, func(cfg *AdminConfig) {
		cfg.Token, cfg.Profiles = "s3cret", true
		cfg.Metrics = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	})
	for _, path := range []string{"/api/v1/torrents", "/metrics", "/debug/pprof/", "/nowhere"} {
		for line, want := range map[string]int{
			"X: y": 401, "Authorization: Bearer wrong": 401, "Authorization: Basic s3cret": 401, "Authorization: Bearer s3cret": 200, "Authorization: bearer  s3cret": 200,
		} {
			if path == "/nowhere" && want == 200 {
				want = 404
			}
			if a := g.get(t, path, line); a.status != want || want == 401 && a.get("Www-Authenticate") != "Bearer" {
				t.Errorf("%s with %s: %d", path, line, a.status)
			}
		}
	}
	for _, path := range []string{"/livez", "/readyz"} {
		if a := g.get(t, path); a.status != 200 {
			t.Errorf("%s needs no token: %d", path, a.status)
		}
	}
	open := serveAdmin(t, nil)
	if a := open.raw(t, "GET /api/v1/torrents HTTP/1.1\nHost: evil.example\nConnection: close\n\n"); a.status != 421 {
		t.Errorf("a strange Host: %d", a.status)
	}
	for _, line := range []string{"Origin: http://evil.example", "Sec-Fetch-Site: cross-site"} {
		if a := open.post(t, "text/plain", []byte("magnet:?xt=urn:btih:"+v1Hex), line); a.status != 403 {
			t.Errorf("a page of another origin (%s): %d", line, a.status)
		}
	}
}
