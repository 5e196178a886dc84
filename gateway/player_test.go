package gateway

import (
	"context"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// film adds a torrent with a film of some seconds and what else there is beside it, and returns its path.
func (g *gatewayTest) film(t testing.TB, name string, more map[string][]byte) (torrent, path string) {
	t.Helper()
	p := clients.MakeFilm(t, clients.FilmSpec{Name: name, Seconds: 6, Size: "320x180", Rate: 200_000})
	data, err := fs.ReadFile(os.DirFS(p.Dir), name)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{name: data}
	for path, data := range more {
		files[path] = data
	}
	hash := g.backend.add(t, "A film & more", metainfo.V1, files)
	return hash.Path() + "/", hash.Path() + "/A%20film%20%26%20more/" + name
}

// A film that is clicked on the torrent's page plays, with sound and without another click, under a policy that
// holds, and nothing is asked of other hosts.
func TestPlayerStarts(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	torrent, film := g.film(t, "film.mp4", map[string][]byte{"film.en.srt": []byte("1\n00:00:00,100 --> 00:00:05,000\nHello <there>\n")})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	browser.Open("http://" + g.addr + torrent)
	browser.Until(`document.querySelector(".primary")`)
	browser.Click(".primary")
	browser.Until(`location.pathname === "` + film + `" && document.querySelector("video").currentTime > 0.5`)
	var is struct {
		Muted bool
		Sound int
		Said  string
	}
	browser.Evaluate(`(() => { const v = document.querySelector("video"); return {Muted: v.muted, Sound: v.webkitAudioDecodedByteCount, Said: document.querySelector("#said").textContent}; })()`, &is)
	if is.Muted || is.Sound == 0 || is.Said != "" {
		t.Errorf("it plays so: %+v", is)
	}
	browser.Until(`document.querySelector("#subtitles").options.length === 2`)
	browser.Evaluate(`(() => { const s = document.querySelector("#subtitles"); s.value = "0"; s.dispatchEvent(new Event("change")); })()`, nil)
	browser.Until(`document.querySelector("video").textTracks[0].activeCues?.length === 1`)
	var cue string
	browser.Evaluate(`document.querySelector("video").textTracks[0].activeCues[0].text`, &cue)
	if !strings.Contains(cue, "Hello") {
		t.Errorf("the cue is %q", cue)
	}
	for _, url := range browser.Requests() {
		if !strings.HasPrefix(url, "http://"+g.addr+"/") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "blob:") {
			t.Errorf("asked for %s", url)
		}
	}
	for _, complaint := range browser.Complaints() {
		t.Errorf("the page complains: %s", complaint)
	}
}
