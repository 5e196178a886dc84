package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// A page is a browser's that a test steers.
type page interface {
	Open(url string)
	Click(selector string)
	Until(expression string)
	Evaluate(script string, result any)
}

// browsers are those that people have, as they start.
var browsers = map[string]func(context.Context, testing.TB) page{
	"Chromium": func(ctx context.Context, tb testing.TB) page { return clients.StartChromium(ctx, tb) },
	"Firefox":  func(ctx context.Context, tb testing.TB) page { return clients.StartFirefox(ctx, tb) },
}

const (
	insideSRT = "1\n00:00:00,500 --> 00:00:02,000\nHello <i>you</i>\n\n2\n00:00:06,000 --> 00:00:07,000\n<font color=red>a < b & c</font>\n\n3\n00:00:10,000 --> 00:00:11,000\nlast\n"
	insideASS = "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n" +
		"Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:00.50,0:00:02.00,Default,,0,0,0,,{\\i1}Hallo{\\i0}, du\\Nda\nDialogue: 0,0:00:10.00,0:00:11.00,Default,,0,0,0,,Ende\n"
	insideMeta = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=4000\ntitle=One <b>\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=4000\nEND=9000\ntitle=Zwei\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=9000\nEND=12000\ntitle=Three\n"
)

// withTexts makes a film of 12 s with two texts, English and German, and three chapters.
func withTexts(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	for file, text := range map[string]string{"en.srt": insideSRT, "de.ass": insideASS, "meta": insideMeta} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	all := []string{"-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=12", "-f", "lavfi", "-i", "sine=frequency=440:duration=12",
		"-i", "en.srt", "-i", "de.ass", "-i", "meta", "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map_metadata", "4",
		"-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=ger", "-metadata:s:s:1", "title=Styled",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-b:v", "300k", "-c:a", "aac"}
	cmd := exec.Command("ffmpeg", append(append(all, args...), name)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s is not made: %v: %s", name, err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Subtitles and chapters in a film are found, chosen, moved in time, and come with seeks, in both browsers.
func TestInside(t *testing.T) {
	t.Parallel()
	films := map[string][]byte{
		"film.mkv": withTexts(t, "film.mkv", "-c:s", "copy"),
		"ac3.mkv":  withTexts(t, "ac3.mkv", "-c:a", "ac3", "-c:s", "copy"), // repaired
		"film.mp4": withTexts(t, "film.mp4", "-c:s", "mov_text"),
	}
	films["unindexed.mkv"] = withoutTextIndex(t, films["film.mkv"])
	g := serve(t, nil)
	torrents := make(map[string]*torrent)
	for name, data := range films {
		torrents[name] = g.add(t, name, map[string][]byte{"": data})
	}
	for name, start := range browsers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
			defer cancel()
			browser := start(ctx, t)
			for film, torrent := range torrents {
				watchInside(t, browser, film, g.url+torrent.path())
			}
		})
	}
}

func watchInside(t *testing.T, browser page, film, torrent string) {
	browser.Open(torrent + film + "?view=1")
	browser.Until(`document.querySelectorAll(".chapters button").length === 3 && document.querySelector("#subtitles").options.length === 3`)
	var is struct {
		Chapters, Options []string
		English, German   []string
		Moved, Length     float64
	}
	browser.Evaluate(insideScript, &is)
	wantEnglish := []string{"0.5-2.0 Hello <i>you</i>", "6.0-7.0 a &lt; b & c", "10.0-11.0 last"}
	if strings.HasSuffix(film, ".mp4") {
		wantEnglish = []string{"0.5-2.0 Hello you", "6.0-7.0 a &lt; b &amp; c", "10.0-11.0 last"}
	}
	wantGerman := []string{"0.5-2.0 Hallo, du\nda", "10.0-11.0 Ende"}
	if !slices.Equal(is.English, wantEnglish) || !slices.Equal(is.German, wantGerman) {
		t.Errorf("%s: the texts are %q and %q", film, is.English, is.German)
	}
	if !slices.Equal(is.Chapters, []string{"0:00One <b>", "0:04Zwei", "0:09Three"}) || is.Moved != 1 || is.Length < 11.9 || is.Length > 12.2 {
		t.Errorf("%s: chapters %q, moved %v, %v s long", film, is.Chapters, is.Moved, is.Length)
	}
	if len(is.Options) != 3 || !strings.HasPrefix(is.Options[1], "English") || !strings.HasPrefix(is.Options[2], "German") {
		t.Errorf("%s: the choice is %q", film, is.Options)
	}
}

// insideScript chooses both texts, one after the other, waits for the cues of each, moves the second by a second, and goes to a chapter.
const insideScript = `(async () => {
	const v = document.querySelector("video"), choice = document.querySelector("#subtitles");
	const until = async (ok) => { const end = performance.now() + 60000; while (!ok() && performance.now() < end) await new Promise((d) => setTimeout(d, 20)); };
	const cues = () => [...([...v.textTracks].find((t) => t.mode === "showing")?.cues ?? [])];
	const shown = (by = 0) => cues().map((c) => (c.startTime - by).toFixed(1) + "-" + (c.endTime - by).toFixed(1) + " " + c.text);
	const choose = (n) => { choice.value = String(n); choice.dispatchEvent(new Event("change")); };
	choose(0);
	await until(() => cues().length === 3);
	const english = shown();
	choose(1);
	await until(() => cues().length === 2);
	const german = shown();
	const before = cues()[0].startTime;
	for (let i = 0; i < 2; i++) document.querySelector('[aria-label="Subtitles later"]').click();
	const moved = cues()[0].startTime - before;
	const buttons = [...document.querySelectorAll(".chapters button")];
	buttons[2].click();
	await until(() => !v.seeking && v.currentTime > 9.1 && buttons[2].hasAttribute("aria-current"));
	if (!buttons[2].hasAttribute("aria-current")) return {};
	return {Chapters: buttons.map((b) => b.textContent), Options: [...choice.options].map((o) => o.textContent), English: english, German: german, Moved: moved, Length: v.duration};
})()`

// withoutTextIndex takes the texts' entries out of the index of a Matroska file, as some programs leave them out: the
// tracks that they name are others.
func withoutTextIndex(t *testing.T, film []byte) []byte {
	t.Helper()
	out := slices.Clone(film)
	at := strings.LastIndex(string(out), "\x1c\x53\xbb\x6b") // Cues
	if at < 0 {
		t.Fatal("there is no index")
	}
	for i := at; i+2 < len(out); i++ {
		if out[i] == 0xf7 && out[i+1] == 0x81 && (out[i+2] == 3 || out[i+2] == 4) { // CueTrack
			out[i+2] = 99
		}
	}
	return out
}
