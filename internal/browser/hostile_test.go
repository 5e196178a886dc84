package browser

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// Broken and lying films harm no page: it plays what there is or says why not, throws nothing, and asks for no more than
// the file is worth.
func TestHostileMedia(t *testing.T) {
	t.Parallel()
	whole := withTexts(t, "film.mkv", "-c:a", "ac3", "-c:s", "copy")
	index := bytes.LastIndex(whole, []byte("\x1c\x53\xbb\x6b"))
	tracks := bytes.LastIndex(whole[:8192], []byte("\x16\x54\xae\x6b")) // the first one is in the list of places
	if index < 0 || tracks < 0 {
		t.Fatal("the film has no index or no tracks")
	}
	g := serve(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	for _, test := range []struct {
		name  string
		data  []byte
		plays bool
	}{
		{"truncated.mkv", whole[:len(whole)/2], true},
		{"cyclic.mkv", cyclic(whole, index), true},
		{"tracks of 2^48 bytes.mkv", replaced(whole, tracks+4, "\x01\x01\x00\x00\x00\x00\x00\x00"), false},
		{"noise.mkv", append([]byte("\x1a\x45\xdf\xa3"), random(1, 100_000)...), false},
		{"noise.avi", append([]byte("RIFF\xff\xff\xff\xffAVI LIST\xff\xff\xff\x7fhdrl"), random(2, 100_000)...), false},
		{"noise.ts", random(3, 100_000), false},
		{"noise.mp4", append([]byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff"), random(4, 100_000)...), false},
	} {
		torrent := g.add(t, test.name, map[string][]byte{"": test.data})
		browser.Open(g.url + torrent.path() + "?view=1")
		browser.Until(`document.querySelector(".primary")`)
		begun := len(browser.Requests())
		browser.Click(".primary")
		browser.Until(`document.querySelector("#said")`)
		if test.plays {
			browser.Until(`document.querySelector("video").currentTime > 1 && document.querySelector("#subtitles").options.length === 3`)
			browser.Evaluate(`(async () => { const s = document.querySelector("#subtitles"); s.value = "0"; s.dispatchEvent(new Event("change")); await new Promise((done) => setTimeout(done, 2000)); })()`, nil)
		} else {
			browser.Until(`document.querySelector("#said").className === "error" && document.querySelector("#said").textContent`)
		}
		asked := slices.DeleteFunc(browser.Requests()[begun:], func(url string) bool { return !strings.Contains(url, "/btih/") })
		if len(asked) > 60 {
			t.Errorf("%s: %d requests", test.name, len(asked))
		}
	}
	for _, complaint := range browser.Complaints() {
		if !strings.Contains(complaint, "416") { // what is asked for behind the end of a file that was cut
			t.Errorf("a page complains: %s", complaint)
		}
	}
}

// Subtitles of more cues than people read are all there, and what is too long is said to be, beside the film and as a
// file of one's own. The film goes on.
func TestHostileSubtitles(t *testing.T) {
	t.Parallel()
	const cue, most = "1\n%02d:%02d:%02d,000 --> %02d:%02d:%02d,500\na\n\n", 20_000
	first := fmt.Sprintf(cue, 0, 0, 0, 0, 0, 0)
	var all []byte
	for n := range most {
		all = fmt.Appendf(all, cue, n/3600, n/60%60, n%60, n/3600, n/60%60, n%60)
	}
	same := bytes.Repeat([]byte(first), most)
	g := serve(t, nil)
	torrent := g.add(t, "t", map[string][]byte{"film.mp4": film(t, "film.mp4"), "film.de.srt": all, "film.en.srt": make([]byte, 4<<20+1), "film.fr.srt": same}).path()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	browser := clients.StartChromium(ctx, t)
	browser.Watch()
	browser.Open(g.url + torrent + "t/film.mp4?view=1")
	browser.Until(`document.querySelector("video").currentTime > 0.1 && document.querySelector("#subtitles").options.length === 4`)
	browser.Evaluate(`window.choose = (language) => {
		const s = document.querySelector("#subtitles"); document.querySelector("video").loop = true;
		s.value = [...s.options].find((o) => o.textContent === language).value; s.dispatchEvent(new Event("change"));
	}; choose("German")`, nil)
	shown := func(n int) string {
		return fmt.Sprintf(`[...document.querySelector("video").textTracks].find((t) => t.mode === "showing")?.cues?.length === %d`, n)
	}
	browser.Until(shown(most))
	browser.Evaluate(`choose("French")`, nil) // all at one time
	browser.Until(shown(32))
	browser.Evaluate(`choose("English")`, nil)
	browser.Until(`document.querySelector("#said").textContent === 'The subtitles "English" cannot be read. It has more than 4.0 MiB.'`)
	browser.Evaluate(`(() => {
		const own = new DataTransfer();
		own.items.add(new File([new Uint8Array(5 << 20)], "own.srt"));
		window.dispatchEvent(new DragEvent("drop", {dataTransfer: own, cancelable: true}));
	})()`, nil)
	browser.Until(`document.querySelector(".tracks .error").textContent === "own.srt: This file is too large for subtitles: it has more than 4 MiB."`)
	browser.Evaluate(`window.then = document.querySelector("video").currentTime`, nil)
	browser.Until(`document.querySelector("video").currentTime !== then && !document.querySelector("video").paused`)
	for _, complaint := range browser.Complaints() {
		if !strings.Contains(complaint, "422") {
			t.Errorf("the page complains: %s", complaint)
		}
	}
}

func replaced(data []byte, at int, with string) []byte {
	out := slices.Clone(data)
	copy(out[at:], with)
	return out
}

// cyclic has all places in the index of a Matroska file be that of the index.
func cyclic(film []byte, index int) []byte {
	out := slices.Clone(film)
	for i := index; i+6 < len(out); i++ {
		if out[i] == 0xf1 && out[i+1] >= 0x81 && out[i+1] <= 0x84 { // CueClusterPosition
			n := int(out[i+1] & 0x7f)
			for k := range n {
				out[i+2+k] = byte(index >> (8 * (n - 1 - k)))
			}
		}
	}
	return out
}
