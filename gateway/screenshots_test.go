package gateway

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

var screenshots = flag.String("screenshots", "", "write what pages look like into this folder; without it one is looked at, and nothing is written")

// A state is a page in a state that people see.
type state struct{ name, path, until string }

// states are the pages with what they show, and the script that makes them ready.
func states(t *testing.T, g *gatewayTest) []state {
	t.Helper()
	_, film := g.film(t, "film.mp4", map[string][]byte{"film.en.srt": []byte("1\n00:00:00,000 --> 00:00:06,000\nA line of subtitles\n"), "film.de.srt": []byte("1\n00:00:00,000 --> 00:00:06,000\nEine Zeile\n")})
	season := map[string][]byte{"info.nfo": []byte("x")}
	for i := range 12 {
		season[fmt.Sprintf("Season 1/A.Show.S01E%02d.The.name.of.this.episode.1080p.mkv", i+1)] = random(uint64(i), 5000+i)
	}
	show := g.backend.add(t, "A Show", metainfo.V1, season)
	g.backend.torrents[show].more = func(s *fetch.Status) {
		s.Unchoked, s.Swarm = 4, peer.SwarmStats{Known: 31, Connected: 12, Seeds: 5}
	}
	album := map[string][]byte{"cover.svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="#825"/><circle cx="4.500" cy="4.500" r="3" fill="#fd6"/></svg>`)}
	pictures := map[string][]byte{}
	for i := range 9 {
		album[fmt.Sprintf("%02d - A song of some length.flac", i+1)] = random(uint64(i), 90_000)
		pictures[fmt.Sprintf("picture %d.svg", i+1)] = []byte(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="hsl(%d 60%% 50%%)"/></svg>`, i*40))
	}
	music := g.backend.add(t, "An Artist - An Album (2024)", metainfo.V1, album)
	wall := g.backend.add(t, "Pictures", metainfo.V1, pictures)
	many := map[string][]byte{}
	for i := range 3000 {
		many[fmt.Sprintf("folder %d/file %d.txt", i/100, i)] = []byte("x")
	}
	large := g.backend.add(t, "Many files", metainfo.V1, many)
	return []state{
		{"start", "/", "document.querySelector('#box')"},
		{"torrent", show.Path() + "/?view=1", "document.querySelector('.playlist li')"},
		{"album", music.Path() + "/?view=1", "document.querySelector('.cover')?.complete"},
		{"gallery", wall.Path() + "/?view=1", "document.querySelector('.wall img')?.complete"},
		{"many", large.Path() + "/?view=1", "document.querySelector('.rows li')"},
		{"player", film + "?view=1", "document.querySelector('video').readyState > 2 && document.querySelector('#subtitles').options.length === 3"},
		{"cannot", show.Path() + "/A%20Show/Season%201/A.Show.S01E02.The.name.of.this.episode.1080p.mkv?view=1", "document.querySelector('#said')?.textContent && document.querySelector('.playlist')"},
		{"track", music.Path() + "/An%20Artist%20-%20An%20Album%20%282024%29/02%20-%20A%20song%20of%20some%20length.flac?view=1", "document.querySelector('.cover')?.complete"},
		{"unknown", metainfo.NewV1([20]byte{1}).Path() + "/?view=1", "document.querySelectorAll('.steps li').length === 5"},
		{"failed", metainfo.NewV1([20]byte{2}).Path() + "/?view=1", "document.querySelector('.search .error').textContent"},
		{"404", show.Path() + "/none", "document.querySelector('h1')"},
		{"plain", show.Path() + "/?format=html", "document.querySelector('h1')"},
	}
}

// TestScreenshots has every page and state shown and looked at by axe-core, light and dark, and nothing of it is wider
// than the window, from a telephone's on.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *Config) { cfg.FirstByteTimeout, cfg.Uploads = time.Second, true })
	all := states(t, g)
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	browser := clients.StartDevTools(ctx, t)
	browser.Resize(1280, 800)
	for _, s := range all {
		browser.Open("http://" + g.addr + s.path)
		browser.Until(s.until)
		for _, width := range []int{1280, 390} {
			browser.Resize(width, 800)
			var wide int
			browser.Evaluate(`document.documentElement.scrollWidth`, &wide)
			if wide > width {
				t.Errorf("%s is %d pixels wide in a window of %d", s.name, wide, width)
			}
			for _, scheme := range []string{"light", "dark"} {
				browser.Prefer(scheme)
				if *screenshots != "" {
					browser.Screenshot(filepath.Join(*screenshots, fmt.Sprintf("%s-%d-%s.png", s.name, width, scheme)), 1600)
				}
				if width == 390 || s.name == "404" || s.name == "plain" { // narrow pages have all that wide ones have
					var report axeReport
					browser.Axe(axeOptions, axeThen, &report)
					for _, v := range report.Violations {
						t.Errorf("%s, %s: %s (%s): %s", s.name, scheme, v.Help, v.ID, v.Nodes)
					}
				}
			}
		}
	}
}
