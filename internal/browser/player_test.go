package browser

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// A film that is clicked on the torrent's page plays, with sound and without another click, under a policy that
// holds, and nothing is asked of other hosts.
func TestPlayerStarts(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	torrent := g.add(t, "A film & more", map[string][]byte{"film.mp4": film(t, "film.mp4"), "film.en.srt": []byte("1\n00:00:00,100 --> 00:10:00,000\nHello <there>\n")}).path()
	film := torrent + "A%20film%20%26%20more/film.mp4"
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	browser.Open(g.url + torrent)
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
		if !strings.HasPrefix(url, g.url+"/") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "blob:") {
			t.Errorf("asked for %s", url)
		}
	}
	for _, complaint := range browser.Complaints() {
		t.Errorf("the page complains: %s", complaint)
	}
}

// The page of a torrent that is not known yet is there at once, says what is looked for, and becomes the torrent's by
// itself. 20,000 files, whose names are text, are no hitch: few of them are elements, and a filter answers within a frame or two.
func TestTorrentPage(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	files := map[string][]byte{"<img src=x onerror=document.title='bad'>.txt": []byte("x")}
	for i := range 20_000 {
		files[fmt.Sprintf("folder %d/file %d.txt", i/1000, i)] = []byte("x")
	}
	large := g.add(t, "Large", files)
	release := make(chan struct{})
	g.hide(release)
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	browser.Open(g.url + large.path())
	browser.Until(`document.querySelectorAll(".steps li").length === 5`)
	close(release)
	browser.Until(`document.querySelector(".rows li") && !document.querySelector(".search")`)
	var is struct {
		Title     string
		Rows      int
		Filter    float64
		Found     string
		Elements  int
		Remembers int
	}
	browser.Evaluate(`(async () => {
		const rows = document.querySelectorAll(".rows li").length, input = document.querySelector("#filter"), begun = performance.now();
		input.value = "file 1999"; input.dispatchEvent(new Event("input"));
		const filter = performance.now() - begun;
		return {Title: document.title, Rows: rows, Filter: filter, Found: document.querySelector(".found").textContent,
			Elements: document.querySelectorAll("*").length, Remembers: JSON.parse(localStorage["btgw.recent"]).length};
	})()`, &is)
	if is.Title != "Large" || is.Rows == 0 || is.Elements > 1000 || is.Found != "12 matches" || is.Remembers != 1 {
		t.Errorf("the page: %+v", is)
	}
	t.Logf("a filter over 20,001 files answered in %.1f ms", is.Filter)
	for _, complaint := range browser.Complaints() {
		t.Errorf("the page complains: %s", complaint)
	}
}
