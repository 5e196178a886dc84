package browser

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// wholeMatrix has TestMedia play every cell; without it those that stand for the others.
var (
	wholeMatrix = flag.Bool("media.all", false, "play every container with every picture and sound")
	chosenCells = flag.String("media.cells", "", "of those that are played, the ones whose names match this expression: avi$")
)

// A cell is a film of the matrix: a container, a picture, a sound.
type cell struct{ container, picture, sound string }

func (c cell) String() string { return c.picture + "-" + c.sound + "." + c.container }

var (
	pictureCodecs = map[string]string{
		"h264": "-c:v libx264 -preset ultrafast -bf 2", "vp9": "-c:v libvpx-vp9 -deadline realtime -cpu-used 8", "av1": "-c:v libsvtav1 -preset 12 -svtav1-params lp=1",
		"mpeg4": "-c:v mpeg4 -vtag XVID", "hevc": "-c:v libx265 -preset ultrafast -x265-params log-level=error",
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
		return []cell{{"mkv", "h264", "ac3"}, {"mkv", "h264", "dts"}, {"mkv", "h264", "flac"}, {"mp4", "h264", "eac3"}, {"ts", "h264", "aac"}, {"webm", "vp9", "opus"}, {"mkv", "hevc", "aac"}, {"mp4", "hevc", "aac"}, {"ts", "h264", "opus"}, {"avi", "h264", "mp3"}, {"avi", "h264", "ac3"}, {"avi", "mpeg4", "mp3"}}
	}
	for _, container := range []string{"mp4", "mkv", "webm", "ts", "avi"} {
		for _, picture := range []string{"h264", "vp9", "av1", "hevc", "mpeg4"} {
			if picture == "mpeg4" && container != "avi" {
				continue
			}
			for _, sound := range []string{"aac", "opus", "mp3", "flac", "ac3", "eac3", "dts"} {
				list = append(list, cell{container, picture, sound})
			}
		}
	}
	return list
}

// mayNot are the cells that a browser has no decoder or the page no reader for, which it has to say in words.
func (c cell) mayNot() bool {
	strange := c.picture != "h264" || c.sound == "opus" || c.sound == "flac" // in MPEG-TS, where ffmpeg labels them in ways of its own
	return c.picture == "hevc" || c.picture == "mpeg4" || c.container == "ts" && strange
}

// A played is what a page says of a film, its times in milliseconds.
type played struct {
	Said   string
	First  float64 // from the page's start to 0.2 s of the film
	Seeks  []float64
	RMS    float64
	Frames int
}

// Pages play every film that the browser has decoders for, with picture and sound, and go where they are sent; of
// others they say why not.
func TestMedia(t *testing.T) {
	t.Parallel()
	chosen := regexp.MustCompile(*chosenCells)
	g := serve(t, nil)
	films := make(map[cell]*torrent)
	var all []cell
	for _, c := range cells() {
		if !chosen.MatchString(c.String()) {
			continue
		}
		if data, ok := c.make(t); ok {
			films[c] = g.add(t, c.String(), map[string][]byte{"": data})
			all = append(all, c)
		}
	}
	for name, start := range browsers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Minute)
			defer cancel()
			browser := start(ctx, t)
			plays, said := 0, 0
			for _, c := range all {
				is := playCell(browser, g.url+films[c].path(), c)
				switch {
				case is.Said != "" && c.mayNot():
					said++
				case is.Said == "" && is.RMS > 0.001 && is.Frames > 5 && len(is.Seeks) == 4:
					plays++
				default:
					t.Errorf("%s: %+v", c, is)
				}
				t.Logf("%s: %+v", c, is)
			}
			t.Logf("%d of %d play, %d say why not", plays, len(all), said)
		})
	}
}

// playCell clicks on a film on its torrent's page, as a person does, so that sound may start.
func playCell(browser page, torrent string, c cell) (is played) {
	browser.Open(torrent + "?view=1")
	browser.Until(`document.querySelector(".primary")`)
	browser.Click(".primary")
	browser.Until(`location.pathname.endsWith("` + c.String() + `") && document.querySelector("#said")`)
	browser.Until(`document.querySelector("video").currentTime > 0.2 || document.querySelector("#said").className === "error"`)
	var muted bool
	if browser.Evaluate(`document.querySelector("video").muted && document.querySelector("#said").className !== "error"`, &muted); muted { // Firefox lets nothing sound that was not clicked on the page itself
		browser.Click("media-mute-button")
	}
	for again := 0; ; again++ {
		is = played{}
		browser.Evaluate(playScript, &is)
		if again == 3 || !strings.Contains(is.Said, "loudspeaker") {
			return is
		}
		// A film that is repaired starts anew, and Firefox may have it start without sound once more: the page says what to click on.
		for button, off := range map[string]string{"media-mute-button": "muted", "media-play-button": "paused"} {
			var is bool
			if browser.Evaluate(`document.querySelector("video").`+off, &is); is {
				browser.Click(button)
			}
		}
	}
}

// playScript waits for the film's first frame, listens to it, and seeks four times; or has what the page says.
const playScript = `(async () => {
	const video = document.querySelector("video"), said = document.querySelector("#said"), seeks = [];
	const until = async (ok, most) => { const end = performance.now() + most; while (!ok()) { if (performance.now() > end) return false; await new Promise((d) => setTimeout(d, 10)); } return true; };
	const wrong = () => said.className === "error" ? said.textContent + (video.error ? " (" + video.error.message + ")" : "") : "";
	if (!await until(() => video.currentTime > 0.2 || wrong(), 60000)) return {Said: wrong() || "nothing plays: " + said.textContent + " " + video.readyState + " " + video.error?.message};
	if (wrong()) return {Said: wrong()};
	const first = performance.now();
	await until(() => video.currentTime > 1.5, 30000);
	await until(() => said.textContent === "" || said.textContent.includes("loudspeaker") || wrong(), 30000);
	if (wrong() || said.textContent.includes("loudspeaker")) return {Said: wrong() || said.textContent};
	for (const at of [8, 3, 9.5, 1]) {
		const begun = performance.now(), frames = video.getVideoPlaybackQuality().totalVideoFrames;
		video.currentTime = at;
		if (!await until(() => !video.seeking && video.currentTime > at + 0.1 || wrong(), 30000)) return {Said: "no seek to " + at + ": " + [...Array(video.buffered.length)].map((_, i) => video.buffered.start(i).toFixed(3) + "-" + video.buffered.end(i).toFixed(3)) + ", " + video.duration + " " + video.readyState + " at " + video.currentTime + " " + said.textContent + " " + video.error?.message};
		seeks.push(performance.now() - begun);
	}
	let rms = 0;
	const energy = (samples) => Math.sqrt(samples.reduce((a, s) => a + s * s, 0) / samples.length);
	if ("webkitAudioDecodedByteCount" in video) {
		await until(() => video.webkitAudioDecodedByteCount > 0, 15000);
		const context = new AudioContext(), analyser = context.createAnalyser();
		context.createMediaElementSource(video).connect(analyser);
		analyser.connect(context.destination);
		await Promise.race([context.resume(), new Promise((d) => setTimeout(d, 1000))]);
		const samples = new Float32Array(analyser.fftSize);
		await until(() => { analyser.getFloatTimeDomainData(samples); rms = Math.max(rms, energy(samples)); return rms > 0.01; }, 12000);
	} else { // Firefox, which has no clock of sound without a sound card: a second of it is recorded, and decoded again
		const sound = new MediaStream(video.mozCaptureStream().getAudioTracks());
		for (let again = 0; again < 5 && rms < 0.001 && sound.getAudioTracks().length; again++) { // a busy machine may be late
			const recorder = new MediaRecorder(sound, {mimeType: "audio/ogg; codecs=opus"});
			const data = new Promise((done) => { recorder.ondataavailable = (e) => done(e.data); });
			recorder.start();
			await new Promise((d) => setTimeout(d, 1500));
			recorder.stop();
			const decoded = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(await (await data).arrayBuffer()).catch(() => null);
			rms = decoded ? energy(decoded.getChannelData(0)) : 0;
		}
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
		ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
		seen := browser.WatchElement(ctx, t, g.url+"/-/app/btgw-player.js", g.url+torrent.path()+"t/film.mkv")
		cancel()
		if seen.Frames == 0 || !seen.Decodes || browser.Name == "Chromium" && seen.RMS < 0.001 || !seen.Sought || seen.Tracks != 1 {
			t.Errorf("%s: %+v", browser.Name, seen)
		} else {
			t.Logf("%s: %+v", browser.Name, seen)
		}
	}
}
