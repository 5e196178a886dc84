package browser

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// A page of another site, which somebody has open who uses a gateway, can have nothing uploaded or opened there, no
// search begun, and reads nothing of what is watched.
func TestOtherSite(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *gateway.Config) { cfg.Uploads = true })
	watched := g.add(t, "watched.mkv", map[string][]byte{"": random(1, 1000)})
	uploaded := g.add(t, "uploaded", map[string][]byte{"": random(2, 1000)})
	g.mu.Lock()
	delete(g.all, uploaded.Info.ID())
	g.mu.Unlock()
	files := http.NewServeMux()
	files.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!DOCTYPE html><title>Another site</title>`))
	})
	files.HandleFunc("GET /torrent", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(uploaded.Encode()) })
	other := httptest.NewServer(files)
	t.Cleanup(other.Close)
	for name, start := range browsers {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
			defer cancel()
			browser := start(ctx, t)
			browser.Open(g.url + "/") // of which the browser has a page, and its storage
			browser.Evaluate(`localStorage["btgw.recent"] = "[]"`, nil)
			browser.Open(other.URL)
			var got []string
			browser.Evaluate(`(async () => {
				const gateway = "`+g.url+`", watched = "`+watched.path()+`", unknown = "`+metainfo.NewV1([20]byte{9}).Path()+`/", got = [];
				const attempt = async (name, what) => { try { const r = await what(); got.push(name + ": " + r); } catch { got.push(name + ": refused"); } };
				const torrent = await (await fetch("/torrent")).blob();
				const box = () => { const data = new FormData(); data.append("torrent", torrent, "x.torrent"); return data; };
				await attempt("upload", async () => (await fetch(gateway + "/-/open", {method: "POST", body: box()})).status);
				await attempt("blind upload", async () => (await fetch(gateway + "/-/open", {method: "POST", mode: "no-cors", body: box()})).type);
				for (const path of [watched, unknown]) {
					await attempt("page", async () => (await fetch(gateway + path + "?view=1")).text());
					await attempt("events", async () => (await fetch(gateway + path + "?view=events")).status);
					await attempt("stream", () => new Promise((done, fail) => { const s = new EventSource(gateway + path + "?view=events"); s.onopen = () => done("open"); s.onerror = () => { s.close(); fail(); }; }));
				}
				const opened = window.open(gateway + watched + "?view=1");
				await new Promise((done) => setTimeout(done, 500));
				await attempt("window", async () => { if (!opened.document.title) throw 0; return opened.document.title; });
				opened?.close();
				return got;
			})()`, &got)
			want := []string{"upload: 403", "blind upload: opaque", "page: refused", "events: 403", "stream: refused", "page: refused", "events: 403", "stream: refused", "window: refused"}
			for i, w := range want {
				if i >= len(got) || got[i] != w {
					t.Errorf("%q, not %q", got, want)
					break
				}
			}
		})
	}
	if _, known := g.Known(uploaded.Info.ID()); known {
		t.Error("the other site's upload was taken")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.infos > len(browsers) { // those of windows that were opened, where the browser lets them be
		t.Errorf("%d searches began", g.infos)
	}
}

// Pages do what they can without scripts: the box opens what it is given, the torrent's page is the list of files, and
// the player's is the browser's own.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	torrent := g.add(t, "t", map[string][]byte{"film.mp4": film(t, "film.mp4"), "a.txt": []byte("x")})
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.WithoutScripts()
	browser.Open(g.url + "/")
	browser.Evaluate(`document.querySelector("#uri").value = "`+torrent.Info.ID().String()+`"`, nil)
	browser.Click("#box .primary")
	browser.Until(`location.pathname === "` + torrent.path() + `" && location.search.includes("format=html") && document.querySelector("table a")`)
	var links int
	browser.Evaluate(`[...document.querySelectorAll("table a")].filter((a) => a.textContent.includes("film.mp4")).length`, &links)
	if links != 1 {
		t.Errorf("%d links to the film", links)
	}
	browser.Open(g.url + torrent.path() + "t/film.mp4?view=1")
	browser.Until(`document.querySelector("video[controls]").readyState > 2 && document.querySelector("noscript a")`)
	browser.Open(g.url + torrent.path() + "none")
	browser.Until(`document.querySelector("h1").textContent.startsWith("404") && document.querySelector("form #uri")`)
}
