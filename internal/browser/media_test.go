package browser

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// wholeMatrix has TestMedia play every cell; without it those that stand for the others.
var wholeMatrix = flag.Bool("media.all", false, "play every container with every picture and sound")

// A cell is a film of the matrix: a container, a picture, a sound.
type cell struct{ container, picture, sound string }

func (c cell) String() string { return c.picture + "-" + c.sound + "." + c.container }

var (
	pictureCodecs = map[string]string{
		"h264": "-c:v libx264 -preset ultrafast -bf 2", "vp9": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8", "av1": "-c:v libsvtav1 -preset 12 -svtav1-params lp=1",
		"hevc": "-c:v libx265 -preset ultrafast -x265-params log-level=error",
	}
	soundCodecs = map[string]string{
		"aac": "-c:a aac", "opus": "-c:a libopus", "mp3": "-c:a libmp3lame", "flac": "-c:a flac -strict -2", "ac3": "-c:a ac3", "eac3": "-c:a eac3", "dts": "-c:a dca -strict -2",
	}
)

// make encodes it with ffmpeg; false where its container cannot hold it.
func (c cell) make(t *testing.T) ([]byte, bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), c.String())
	args := []string{"-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=12",
		"-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=12", "-pix_fmt", "yuv420p", "-g", "50", "-b:v", "300k", "-ac", "2"}
	args = append(args, strings.Fields(pictureCodecs[c.picture]+" "+soundCodecs[c.sound])...)
	if out, err := exec.Command("ffmpeg", append(args, path)...).CombinedOutput(); err != nil {
		t.Logf("%s is not made: %.100s", c, out)
		return nil, false
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data, true
}

// cells are those to be played.
func cells() (list []cell) {
	if !*wholeMatrix {
		return []cell{{"mkv", "h264", "ac3"}, {"mkv", "h264", "dts"}, {"mp4", "h264", "eac3"}, {"ts", "h264", "aac"}, {"webm", "vp9", "opus"}, {"mkv", "hevc", "aac"}, {"mp4", "hevc", "aac"}, {"ts", "h264", "opus"}, {"avi", "h264", "mp3"}}
	}
	for _, container := range []string{"mp4", "mkv", "webm", "ts", "avi"} {
		for _, picture := range []string{"h264", "vp9", "av1", "hevc"} {
			for _, sound := range []string{"aac", "opus", "mp3", "flac", "ac3", "eac3", "dts"} {
				list = append(list, cell{container, picture, sound})
			}
		}
	}
	return list
}

// mayNot are the cells that Chromium has no decoder or the page no reader for, which it has to say in words.
func (c cell) mayNot() bool {
	strange := c.picture != "h264" || c.sound == "opus" || c.sound == "flac" // in MPEG-TS, where ffmpeg labels them in ways of its own
	return c.picture == "hevc" || c.container == "avi" || c.container == "ts" && strange
}

// A page plays every film that the browser has decoders for, with picture and sound, and goes where it is sent; of
// others it says why not.
func TestMedia(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	played, said, all := 0, 0, 0
	for _, c := range cells() {
		data, ok := c.make(t)
		if !ok {
			continue
		}
		all++
		torrent := g.add(t, c.String(), map[string][]byte{"": data})
		// A person comes from a page of the same server, so that sound may start.
		browser.Open(g.url + torrent.path() + "?view=1")
		browser.Until(`document.querySelector(".primary")`)
		browser.Click(".primary")
		var is struct {
			Said           string
			First, Silence float64
			Seeks          []float64
			RMS            float64
			Frames         int
		}
		browser.Until(`location.pathname.includes("` + c.container + `") && document.querySelector("#said")`)
		browser.Evaluate(playScript, &is)
		switch {
		case is.Said != "" && c.mayNot():
			said++
		case is.Said == "" && is.RMS > 0.001 && is.Frames > 5 && len(is.Seeks) == 4:
			played++
		default:
			t.Errorf("%s: %+v", c, is)
		}
		t.Logf("%s: %+v %q", c, is, browser.Complaints())
	}
	t.Logf("%d of %d play, %d say why not", played, all, said)
	for _, complaint := range browser.Complaints() {
		if strings.Contains(complaint, "Content Security Policy") {
			t.Errorf("the page complains: %s", complaint)
		}
	}
}

// playScript waits for the film's first frame, listens to it, and seeks four times; or has what the page says.
const playScript = `(async () => {
	const video = document.querySelector("video"), said = document.querySelector("#said"), seeks = [];
	const until = async (ok, most) => { const end = performance.now() + most; while (!ok()) { if (performance.now() > end) return false; await new Promise((d) => setTimeout(d, 10)); } return true; };
	const wrong = () => said.className === "error" ? said.textContent + (video.error ? " (" + video.error.message + ")" : "") : "";
	if (!await until(() => video.currentTime > 0.2 || wrong(), 20000)) return {Said: wrong() || "nothing plays: " + said.textContent + " " + video.readyState + " " + video.error?.message};
	if (wrong()) return {Said: wrong()};
	const first = performance.now();
	await until(() => video.currentTime > 1.5, 10000);
	await until(() => said.textContent === "" || wrong(), 10000);
	if (wrong()) return {Said: wrong()};
	await until(() => (video.webkitAudioDecodedByteCount > 0), 5000);
	const context = new AudioContext(), analyser = context.createAnalyser();
	context.createMediaElementSource(video).connect(analyser);
	analyser.connect(context.destination);
	await Promise.race([context.resume(), new Promise((d) => setTimeout(d, 1000))]);
	const samples = new Float32Array(analyser.fftSize);
	let rms = 0;
	await until(() => { analyser.getFloatTimeDomainData(samples); rms = Math.max(rms, Math.sqrt(samples.reduce((a, s) => a + s * s, 0) / samples.length)); return rms > 0.01; }, 4000);
	for (const at of [8, 3, 9.5, 1]) {
		const begun = performance.now(), frames = video.getVideoPlaybackQuality().totalVideoFrames;
		video.currentTime = at;
		if (!await until(() => !video.seeking && video.currentTime > at + 0.1 || wrong(), 10000)) return {Said: "no seek to " + at + ": " + [...Array(video.buffered.length)].map((_, i) => video.buffered.start(i).toFixed(3) + "-" + video.buffered.end(i).toFixed(3)) + ", " + video.duration + " " + video.readyState + " at " + video.currentTime + " " + said.textContent + " " + video.error?.message};
		seeks.push(performance.now() - begun);
	}
	return {Said: wrong(), First: first, Seeks: seeks, RMS: rms, Frames: video.getVideoPlaybackQuality().totalVideoFrames};
})()`

// A page of another site plays a film with the element alone, in Chromium and Firefox, repaired where that is needed,
// with the subtitles beside it.
func TestElement(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	data, ok := cell{"mkv", "h264", "ac3"}.make(t)
	if !ok {
		t.Fatal("ffmpeg made no film")
	}
	torrent := g.add(t, "t", map[string][]byte{"film.mkv": data, "film.en.srt": []byte("1\n00:00:01,000 --> 00:00:02,000\na\n")})
	for _, browser := range clients.Browsers {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		seen := browser.WatchElement(ctx, t, g.url+"/-/app/btgw-player.js", g.url+torrent.path()+"t/film.mkv")
		cancel()
		if seen.Frames == 0 || !seen.Decodes || browser.Name == "Chromium" && seen.RMS < 0.001 || !seen.Sought || seen.Tracks != 1 {
			t.Errorf("%s: %+v", browser.Name, seen)
		} else {
			t.Logf("%s: %+v", browser.Name, seen)
		}
	}
}
