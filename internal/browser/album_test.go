package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// A folder of sound is an album: its cover, its tracks in the order that people count in, and at the end of one the next
// by itself, or by a key.
func TestAlbum(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "track.mp3")
	if out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=30", "-b:a", "32k", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	track, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const square = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>`
	g := serve(t, nil)
	album := g.add(t, "Album", map[string][]byte{"10 - c.mp3": track, "2 - b.mp3": track, "1 - a.mp3": track, "back.svg": []byte(square), "front.svg": []byte(square)}).path()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	browser.Open(g.url + album + "?view=1")
	browser.Until(`document.querySelector(".cover")?.naturalWidth > 0`)
	var is struct {
		Cover  string
		Tracks []string
	}
	const look = `({Cover: document.querySelector(".cover").getAttribute("src"), Tracks: [...document.querySelectorAll(".album li bdi")].map((e) => e.textContent)})`
	browser.Evaluate(look, &is)
	if is.Cover != album+"Album/front.svg" || fmt.Sprint(is.Tracks) != "[1 - a 2 - b 10 - c]" {
		t.Errorf("the album: %+v", is)
	}
	playing := func(name string) string {
		return `decodeURIComponent(location.pathname).endsWith("` + name + `.mp3") && document.querySelector("video").currentTime > 0.1 && document.querySelector(".album [aria-current] bdi")?.textContent === "` + name + `"`
	}
	browser.Click(".primary")
	browser.Until(playing("1 - a"))
	browser.Evaluate(`document.querySelector("video").currentTime = 29.5`, nil)
	browser.Until(playing("2 - b"))
	browser.Evaluate(`document.activeElement?.blur()`, nil)
	browser.Key("n")
	browser.Until(playing("10 - c"))
	browser.Key("p")
	browser.Until(playing("2 - b"))
	for _, complaint := range browser.Complaints() {
		t.Errorf("the page complains: %s", complaint)
	}
}

// A folder of pictures is a gallery: a wall of them, and one large, which keys leave behind.
func TestGallery(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	wall := g.add(t, "Pictures", numbered(70, "picture %d.svg", func(i int) []byte {
		return []byte(fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="9"/>`, 100+i))
	})).path()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	browser.Open(g.url + wall + "?view=1")
	browser.Until(`document.querySelectorAll(".wall img").length === 60`)
	browser.Click(".wall + button") // the rest
	browser.Until(`document.querySelectorAll(".wall img").length === 70 && document.querySelector(".wall + button").hidden`)
	browser.Click(".wall button")
	shown := func(n int) string {
		return fmt.Sprintf(`document.querySelector("dialog[open] img")?.naturalWidth === %d && document.querySelector("dialog p").textContent === "picture %d.svg (%d of 70)"`, 99+n, n, n)
	}
	browser.Until(shown(1))
	browser.Key("ArrowLeft") // around
	browser.Until(shown(70))
	browser.Key("ArrowRight")
	browser.Until(shown(1))
	browser.Key("ArrowRight")
	browser.Until(shown(2))
	browser.Click("dialog button:last-child")
	browser.Until(`!document.querySelector("dialog[open]")`)
	for _, complaint := range browser.Complaints() {
		t.Errorf("the page complains: %s", complaint)
	}
}

// The player goes full screen and into a window of its own, by buttons and by keys, and has a button for casting where
// the browser has somewhere to cast to, and none where it has not.
func TestPlayerWindows(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	torrent := g.add(t, "film.mp4", map[string][]byte{"": film(t, "film.mp4")}).path()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	browser.Open(g.url + torrent + "film.mp4?view=1")
	browser.Until(`document.querySelector("video").currentTime > 0.1`)
	browser.Evaluate(`document.querySelector("video").loop = true; document.activeElement?.blur()`, nil)
	browser.Key("f")
	browser.Until(`document.fullscreenElement`)
	browser.Key("f")
	browser.Until(`!document.fullscreenElement`)
	browser.Click("media-fullscreen-button")
	browser.Until(`document.fullscreenElement`)
	browser.Click("media-fullscreen-button")
	browser.Until(`!document.fullscreenElement`)
	// A browser without a screen has no window of its own: that it is asked for one is what can be seen.
	browser.Evaluate(`HTMLVideoElement.prototype.requestPictureInPicture = async function () { window.asked = this; }; document.activeElement.blur()`, nil)
	browser.Key("i")
	browser.Until(`window.asked === document.querySelector("video")`)
	var is struct {
		Pip, Airplay, Cast         bool // what the browser has
		PipButton, Air, CastButton bool // what there is a button for
	}
	browser.Evaluate(`(() => {
		const v = document.querySelector("video"), shown = (s) => { const e = document.querySelector(s); return !!e && getComputedStyle(e).display !== "none"; };
		return {Pip: document.pictureInPictureEnabled, Airplay: "WebKitPlaybackTargetAvailabilityEvent" in window, Cast: !document.querySelector("media-cast-button").hasAttribute("mediacastunavailable"),
			PipButton: shown("media-pip-button"), Air: shown("media-airplay-button"), CastButton: shown("media-cast-button")};
	})()`, &is)
	if is.Pip != is.PipButton || is.Airplay != is.Air || is.Cast != is.CastButton {
		t.Errorf("the buttons are not of what the browser has: %+v", is)
	}
	for _, complaint := range browser.Complaints() {
		t.Errorf("the page complains: %s", complaint)
	}
}
