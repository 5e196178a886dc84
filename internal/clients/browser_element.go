package clients

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// Element is what the page of another site saw of a <btgw-player>.
type Element struct {
	Frames  int     `json:"frames"`  // that were shown
	RMS     float64 `json:"rms"`     // of the sound; Firefox has none without a sound card
	Decodes bool    `json:"decodes"` // it decodes sound
	Sought  bool    `json:"sought"`  // a seek came to its picture
	Message string  `json:"message"` // what the element said
	Tracks  int     `json:"tracks"`  // of subtitles
}

// elementPage plays a film by the element alone, goes to another place, and tells what it saw.
const elementPage = `<!DOCTYPE html><meta charset="utf-8"><title>Another site</title>
<script type="module" src="SCRIPT"></script>
<btgw-player src="FILM" autoplay></btgw-player>
<script type="module">
await customElements.whenDefined("btgw-player");
const element = document.querySelector("btgw-player"), video = element.video;
let message = "", rms = 0, sought = false;
element.addEventListener("btgw-message", (e) => { message = e.detail; });
const until = async (ok) => { const end = performance.now() + 60000; while (!ok() && performance.now() < end) await new Promise((d) => setTimeout(d, 20)); return ok(); };
if (await until(() => video.currentTime > 0.5)) {
	const context = new AudioContext(), analyser = context.createAnalyser(), samples = new Float32Array(analyser.fftSize);
	context.createMediaElementSource(video).connect(analyser);
	analyser.connect(context.destination);
	await until(() => { analyser.getFloatTimeDomainData(samples); rms = Math.sqrt(samples.reduce((a, s) => a + s * s, 0) / samples.length); return rms > 0.01 || video.currentTime > 9; });
	video.currentTime = 4;
	sought = await until(() => video.currentTime > 4.2);
}
await fetch("/seen", {method: "POST", body: JSON.stringify({frames: video.getVideoPlaybackQuality().totalVideoFrames, rms, sought, message, decodes: video.webkitAudioDecodedByteCount > 0 || video.mozHasAudio === true, tracks: video.textTracks.length})});
</script>`

// WatchElement has a page of another site play a film by a gateway's element.
func (b Browser) WatchElement(ctx context.Context, tb testing.TB, script, film string) Element {
	tb.Helper()
	seen := make(chan Element, 1)
	// What docs/players.md says that a page's policy has to allow, and for the page's own script 'unsafe-inline' and 'self'.
	origin := script[:strings.Index(script, "/-/")]
	policy := "default-src 'none'; script-src " + origin + " 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self' " + origin +
		"; worker-src blob:; media-src blob: " + origin + "; style-src 'unsafe-inline'"
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		_, _ = strings.NewReplacer("SCRIPT", script, "FILM", film).WriteString(w, elementPage)
	})
	mux.HandleFunc("POST /seen", func(_ http.ResponseWriter, r *http.Request) {
		var e Element
		if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxAnswer)).Decode(&e); err != nil {
			e.Message = err.Error()
		}
		select {
		case seen <- e:
		default:
		}
	})
	dir := tb.TempDir()
	p := newProcess(tb, b.program, dir, b.arguments(tb, filepath.Join(dir, "profile"), serveTest(tb, mux))...)
	p.cmd.Env = append(withoutProxies(), "HOME="+dir)
	p.start()
	defer p.kill()
	select {
	case e := <-seen:
		return e
	case <-p.ended:
		tb.Fatalf("%s ended: %v", b.Name, p.err)
	case <-ctx.Done():
		tb.Fatalf("%s: %v", b.Name, context.Cause(ctx))
	}
	return Element{}
}
