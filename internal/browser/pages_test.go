package browser

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

var screenshots = flag.String("screenshots", "", "write what pages look like into this folder; without it nothing is written")

// Infohashes that the gateway denies, and that its backend has an error for.
var denied, private, busy = [20]byte{3}, [20]byte{4}, [20]byte{5}

// A state is a page in a state that people see.
type state struct{ name, url, until string }

// states are the pages with what they show, and the script that is true once they do.
func states(t *testing.T, g *site) []state {
	t.Helper()
	const heading = "document.querySelector('h1')"
	line := func(text string) []byte { return []byte("1\n00:00:00,000 --> 00:00:06,000\n" + text + "\n") }
	played := g.add(t, "A film & more", map[string][]byte{"film.mp4": film(t, "film.mp4"), "film.en.srt": line("A line of subtitles"), "film.de.srt": line("Eine Zeile")}).path()
	season := numbered(12, "Season 1/A.Show.S01E%02d.The.name.of.this.episode.1080p.mkv", func(i int) []byte { return random(uint64(i), 5000+i) })
	season["info.nfo"] = []byte("x")
	show := g.add(t, "A Show", season)
	show.swarm = func(s *fetch.Status) {
		s.Unchoked, s.Swarm = 4, peer.SwarmStats{Known: 31, Connected: 12, Seeds: 5}
	}
	tracks := numbered(9, "%02d - A song of some length.flac", func(i int) []byte { return random(uint64(i), 90_000) })
	tracks["cover.svg"] = []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#825"/><circle cx="4.500" cy="4.500" r="3" fill="#fd6"/></svg>`)
	music := g.add(t, "An Artist - An Album (2024)", tracks).path()
	wall := g.add(t, "Pictures", numbered(9, "picture %d.svg", func(i int) []byte {
		return []byte(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="hsl(%d 60%% 50%%)"/></svg>`, i*40))
	})).path()
	many := make(map[string][]byte)
	for i := range 3000 {
		many[fmt.Sprintf("folder %d/file %d.txt", i/100, i)] = []byte("x")
	}
	large := g.add(t, "Many files", many).path()
	odd := g.odd(t).path()
	single := g.add(t, "it's one.mkv", map[string][]byte{"": random(1, 100)}).path()
	unknown := metainfo.NewV1([20]byte{1}).Path() + "/"
	own := []state{
		{"start", "/", "document.querySelector('#box')"},
		{"torrent", show.path() + "?view=1", "document.querySelector('.playlist li')"},
		{"album", music + "?view=1", "document.querySelector('.cover')?.complete"},
		{"gallery", wall + "?view=1", "document.querySelector('.wall img')?.complete"},
		{"many", large + "?view=1", "document.querySelector('.rows li')"},
		{"odd", odd + "?view=1", "document.querySelector('.playlist li')"},
		{"folder", odd + "A%20%3Cb%3E%20&%20c/Season%202/?view=1", "document.querySelector('.playlist li')"},
		{"single", single + "?view=1", "document.querySelector('.rows li')"},
		{"player", played + "A%20film%20%26%20more/film.mp4?view=1", "document.querySelector('video').readyState > 2 && document.querySelector('#subtitles').options.length === 3"},
		{"cannot", show.path() + "A%20Show/Season%201/A.Show.S01E02.The.name.of.this.episode.1080p.mkv?view=1", "document.querySelector('#said')?.textContent && document.querySelector('.playlist')"},
		{"track", music + "An%20Artist%20-%20An%20Album%20%282024%29/02%20-%20A%20song%20of%20some%20length.flac?view=1", "document.querySelector('.cover')?.complete"},
		{"unknown", unknown + "?view=1", "document.querySelectorAll('.steps li').length === 5"},
		{"failed", metainfo.NewV1([20]byte{2}).Path() + "/?view=1", "document.querySelector('.search .error').textContent"},
		{"400", "/btih/x", heading},
		{"410", metainfo.NewV1(denied).Path() + "/?format=html", heading},
		{"422", metainfo.NewV1(private).Path() + "/?format=html", heading},
		{"503", metainfo.NewV1(busy).Path() + "/?format=html", heading},
		{"404", show.path() + "none", heading},
		{"504", unknown + "?format=html", heading},
		{"plain", show.path() + "?format=html", heading},
		{"plain-odd", odd + "?format=html", heading},
		{"plain-file", single + "?format=html", heading},
		{"plain-folder", odd + "A%20%3Cb%3E%20&%20c/Season%202/?format=html", heading},
	}
	for i := range own {
		own[i].url = g.url + own[i].url
	}
	own = append(own, state{"admin", newOperated().admin(t, ""), adminShows})
	return append(own, refused(t, heading)...)
}

// refused are the pages of gateways that refuse: by a list and by a bound. That of a 401 is behind a dialog, which has no
// page without a window.
func refused(t *testing.T, heading string) []state {
	t.Helper()
	nothing := filepath.Join(t.TempDir(), "allowed")
	if err := os.WriteFile(nothing, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := gateway.OpenAllowlist(nothing)
	if err != nil {
		t.Fatal(err)
	}
	path := metainfo.NewV1([20]byte{1}).Path() + "/?format=html"
	return []state{
		{"403", serve(t, func(cfg *gateway.Config) { cfg.Allowlist = list }).url + path, heading},
		{"429", occupied(t, path) + path, heading},
	}
}

// occupied starts a gateway that lets one transfer of a client at a time through, has one under way, and returns its URL.
func occupied(t *testing.T, path string) string {
	t.Helper()
	g := serve(t, func(cfg *gateway.Config) {
		// As through a proxy: clients on this machine have no bounds.
		cfg.FirstByteTimeout, cfg.MaxStreamsPerClient, cfg.TrustedProxies = time.Hour, 1, []string{"127.0.0.0/8"}
	})
	ctx, cancel := context.WithCancel(context.Background())
	var requests sync.WaitGroup
	t.Cleanup(func() { cancel(); requests.Wait() })
	answers := make(chan int, 2)
	for range 2 { // one of them waits for what is not known, and the other one is refused
		requests.Go(func() {
			r, _ := http.NewRequestWithContext(ctx, "GET", g.url+path, nil)
			if a, err := http.DefaultClient.Do(r); err == nil {
				a.Body.Close()
				answers <- a.StatusCode
			}
		})
	}
	if status := <-answers; status != http.StatusTooManyRequests {
		t.Fatalf("a second transfer is answered %d", status)
	}
	return g.url
}

// TestScreenshots has every page and state shown, light and dark, and looked at by axe-core. Nothing of it is wider
// than the window, from a telephone's on.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "denied")
	if err := os.WriteFile(list, []byte(metainfo.NewV1(denied).Path()+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	deny, err := gateway.OpenDenylist(list)
	if err != nil {
		t.Fatal(err)
	}
	g := serve(t, func(cfg *gateway.Config) { cfg.FirstByteTimeout, cfg.Uploads, cfg.Denylist = time.Second, true, deny })
	all := states(t, g)
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute) // of a slow machine
	defer cancel()
	browser := clients.StartDevTools(ctx, t)
	for _, s := range all {
		browser.Resize(1280, 800)
		browser.Open(s.url)
		browser.Until(s.until)
		for _, width := range []int{2560, 1280, 390} { // the narrow ones have all that the wide ones have
			browser.Resize(width, min(1440, width/4+480))
			var wide int
			browser.Evaluate(`document.documentElement.scrollWidth`, &wide)
			if wide > width {
				t.Errorf("%s is %d pixels wide in a window of %d", s.name, wide, width)
			}
			for _, scheme := range []string{"light", "dark"} {
				if *screenshots != "" {
					browser.Prefer(scheme)
					browser.Screenshot(filepath.Join(*screenshots, fmt.Sprintf("%s-%d-%s.png", s.name, width, scheme)), 1600)
				}
				if width == 390 {
					browser.Prefer(scheme)
					accessible(t, browser, s.name, scheme)
				}
			}
		}
	}
}

// accessible has axe-core look at the page that is open.
func accessible(t *testing.T, browser *clients.DevTools, name, scheme string) {
	t.Helper()
	var report axeReport
	browser.Axe(axeOptions, axeThen, &report)
	for _, v := range report.Violations {
		t.Errorf("%s, %s: %s (%s): %s", name, scheme, v.Help, v.ID, v.Nodes)
	}
	if report.Passes < 10 || report.Title == "" || report.Dark != (scheme == "dark") {
		t.Errorf("%s, %s: %d rules hold in %q, dark %v", name, scheme, report.Passes, report.Title, report.Dark)
	}
}

const (
	// axeOptions are the rules of WCAG 2.0 to 2.2, levels A and AA, and what axe-core counts as good practice; except
	// the one against pages that load again by themselves, as that of an error does while what was asked for is looked for.
	axeOptions = `{
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		rules: { "meta-refresh": { enabled: false } },
	}`
	// axeThen makes an axeReport of the results.
	axeThen = `{
		passes: r.passes.length, violations: r.violations, title: document.title,
		dark: matchMedia("(prefers-color-scheme: dark)").matches,
	}`
)

// axeReport is what axe-core found in a page.
type axeReport struct {
	Passes     int    `json:"passes"` // rules
	Title      string `json:"title"`
	Dark       bool   `json:"dark"`
	Violations []struct {
		ID    string          `json:"id"`
		Help  string          `json:"help"`
		Nodes json.RawMessage `json:"nodes"`
	} `json:"violations"`
}
