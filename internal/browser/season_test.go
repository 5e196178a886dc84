package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// A season goes on where it was left and with the next episode, is steered by the keyboard, and its list says what was seen.
func TestSeason(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "film.mp4")
	if out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x36:rate=5:duration=90", "-f", "lavfi", "-i", "sine=duration=90",
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "16k", "-movflags", "+faststart", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g := serve(t, nil)
	show := g.add(t, "Show", numbered(3, "Show.S01E%02d.mp4", func(int) []byte { return data })).path()
	episode := func(n string) string { return `location.pathname.endsWith("Show.S01E0` + n + `.mp4") && ` }
	const video = `document.querySelector("video")`
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	browser.Open(g.url + show + "?view=1")
	browser.Until(`document.querySelectorAll(".playlist li").length === 3`)
	browser.Click(".primary")
	browser.Until(episode("1") + video + `.currentTime > 0.2 && document.querySelectorAll(".playlist li").length === 3`)
	key := func(name, then string) {
		t.Helper()
		browser.Key(name)
		browser.Until(then)
	}
	browser.Evaluate(`document.activeElement?.blur()`, nil)
	key("ArrowRight", video+`.currentTime > 9`)
	key("l", video+`.currentTime > 19`)
	key("j", video+`.currentTime < 19`)
	key(">", video+`.playbackRate === 1.25 && document.querySelector("#speed").value === "1.25"`)
	key("m", video+`.muted`)
	key("m", `!`+video+`.muted`)
	key("k", video+`.paused`)
	browser.Evaluate(video+`.currentTime = 40`, nil)
	browser.Until(`!` + video + `.seeking`)
	// It is left there, and goes on there.
	browser.Open(g.url + show + "?view=1")
	browser.Until(`document.querySelector(".playlist li small").textContent === "left at 0:40"`)
	browser.Click(".playlist li a")
	browser.Until(episode("1") + video + `.currentTime > 40 && document.querySelector(".note button")`)
	browser.Click(".note button")
	browser.Until(video + `.currentTime < 20`)
	// Its end is followed by the next one, which a key leaves behind too.
	browser.Evaluate(video+`.currentTime = 89`, nil)
	browser.Until(episode("2") + video + `.currentTime > 0.2 && document.querySelector(".playlist [aria-current]")`)
	browser.Until(`document.querySelector(".playlist li.seen small").textContent === "seen"`)
	browser.Evaluate(`document.activeElement?.blur()`, nil)
	key("n", episode("3")+video+`.currentTime > 0.2`)
	for _, complaint := range browser.Complaints() {
		t.Errorf("the page complains: %s", complaint)
	}
}
