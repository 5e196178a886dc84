package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// rangesScript notes in window.asked which ranges of films the page asks for and which of them it gives up, in order.
const rangesScript = `window.asked = [];
const plain = window.fetch;
window.fetch = function (url, init) {
	const range = new Headers(init?.headers).get("Range");
	if (range) {
		asked.push("ask " + range);
		init.signal?.addEventListener("abort", () => asked.push("stop " + range));
	}
	return plain.call(window, url, init);
};
true`

// A seek in a film whose sound the page repairs gives up what was asked for, then asks for one range: from the cluster of
// the place on, which the index names. The index is asked for once, before. Places that are here are asked for by nothing.
func TestSeekRequests(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, meta := filepath.Join(dir, "film.mkv"), filepath.Join(dir, "meta")
	if err := os.WriteFile(meta, []byte(insideMeta), 0o644); err != nil { // once its chapters are shown, the page has no more to look for
		t.Fatal(err)
	}
	if out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=128x72:rate=25:duration=200", "-f", "lavfi", "-i", "sine=sample_rate=48000:duration=200",
		"-i", meta, "-map", "0", "-map", "1", "-map_metadata", "2", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p", "-b:v", "400k", "-minrate", "400k", "-maxrate", "400k", "-bufsize", "400k", "-x264-params", "nal-hrd=cbr", "-c:a", "ac3", path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	g := serve(t, nil)
	torrent := g.add(t, "film.mkv", map[string][]byte{"": data}).path()
	for name, start := range browsers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
			defer cancel()
			browser := start(ctx, t)
			browser.Open(g.url + torrent + "film.mkv?view=1")
			browser.Until(`document.querySelector("video").currentTime > 0.5 && document.querySelector(".chapters button")`)
			browser.Evaluate(rangesScript, nil)
			const asked = `asked.join(", ")`
			var log string
			seek := func(at, then string) string {
				t.Helper()
				browser.Evaluate(`asked.length = 0; document.querySelector("video").currentTime = `+at, nil)
				browser.Until(`!document.querySelector("video").seeking && document.querySelector("video").currentTime > ` + then)
				browser.Evaluate(asked, &log)
				return log
			}
			one := regexp.MustCompile(`^(stop bytes=\d+-, )?ask bytes=\d+-$`)
			for i, at := range []string{"150", "80"} { // what the page asked for first was asked before it was watched
				if log := seek(at, at); !one.MatchString(log) || i > 0 && !strings.HasPrefix(log, "stop") {
					t.Errorf("to %s it asked so: %s", at, log)
				}
			}
			if log := seek("82", "82"); log != "" {
				t.Errorf("to what is here it asked so: %s", log)
			}
			// It goes to a key picture that is near, and so asks for nothing before it.
			browser.Evaluate(`asked.length = 0; document.querySelector("video").currentTime = 179.8`, nil)
			browser.Until(`!document.querySelector("video").seeking && document.querySelector("video").currentTime >= 180`)
			if browser.Evaluate(asked, &log); !strings.HasPrefix(log, "stop") || strings.Count(log, "ask") != 1 {
				t.Errorf("to a place before a key picture it asked so: %s", log)
			}
			// What is here of another place ends somewhere. It goes on from there, before what it was filling and behind: by itself where that is near.
			for i, part := range []string{"0", "1"} {
				browser.Evaluate(`window.parts = document.querySelector("video").buffered; window.end = parts.end(`+part+`)`, nil)
				if log := seek("end - 0.3", "end + 0.5"); strings.Count(log, "ask") > 1 || i == 0 && !one.MatchString(log) {
					t.Errorf("behind what is here it asked so: %s", log)
				}
			}
		})
	}
}
