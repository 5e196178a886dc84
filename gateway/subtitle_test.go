package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/btgw/btgw/metainfo"
)

const russian = "1\r\n00:00:01,000 --> 00:00:02,500\r\nПривет, как поживаешь сегодня?\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nЭто было давно и неправда, <i>говорят</i> они всегда.\r\n"

// Subtitles of every format and character set come out as WebVTT in UTF-8.
func TestSubtitles(t *testing.T) {
	t.Parallel()
	cyrillic, err := charmap.Windows1251.NewEncoder().Bytes([]byte(russian))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(russian))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"utf8.srt": []byte(russian), "bom.srt": []byte("\ufeff" + russian), "cp1251.srt": cyrillic, "utf16.srt": wide,
		"a.vtt":     []byte("WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.500\nПривет, <b>как</b>\n"),
		"a.ass":     []byte("[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\i1}Привет{\\i0}, как\\Nдва\n"),
		"named.srt": []byte("WEBVTT\n\n00:01.000 --> 00:02.500\nПривет\n"),
		"half.srt":  []byte(russian + "\n3\n00:00:0x,000 --> 00:00:09,000\nbroken\n"),
		"none.srt":  random(1, 1000), "empty.srt": nil, "big.srt": make([]byte, maxSubtitleFile+1), "film.mkv": random(2, 100),
	}
	g := serve(t, nil)
	base := g.backend.add(t, "t", metainfo.V1, files).Path() + "/t/"
	for _, name := range []string{"utf8.srt", "bom.srt", "cp1251.srt", "utf16.srt", "a.vtt", "a.ass", "named.srt", "half.srt"} {
		a := g.get(t, base+name+"?format=vtt")
		body := string(a.body)
		if a.status != http.StatusOK || !strings.HasPrefix(body, "WEBVTT\n") || !strings.Contains(body, "Привет") || !strings.Contains(body, "00:00:01.000 --> 00:00:02.500") {
			t.Errorf("%s: %d\n%s", name, a.status, body)
		}
		if a.get("Content-Type") != "text/vtt; charset=utf-8" || a.get("Content-Security-Policy") != fileCSP || a.get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", name, a.header)
		}
		if again := g.get(t, base+name+"?format=vtt", "If-None-Match: "+a.get("Etag")); again.status != http.StatusNotModified {
			t.Errorf("%s again: %d", name, again.status)
		}
		plain := g.get(t, base+name)
		plain.wantBody(t, files[name])
		if plain.get("Etag") == a.get("Etag") {
			t.Errorf("%s: one ETag for both", name)
		}
	}
	for path, status := range map[string]int{"none.srt": 422, "empty.srt": 422, "big.srt": 422, "film.mkv": 400, "": 400} {
		if a := g.get(t, base+path+"?format=vtt"); a.status != status {
			t.Errorf("%s: %d, not %d", path, a.status, status)
		}
	}
}

// Text of a stranger cannot become cues, styles or regions of its own.
func TestSubtitleInjection(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"srt": "1\n00:00:01,000 --> 00:00:02,000\n<script>x</script> & <b onclick=x>bold\n\nSTYLE\n::cue { background: url(//evil) }\n",
		"vtt": "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:x\n\n00:01.000 --> 00:02.000 region:x\ntext\n",
	} {
		kind := "application/x-subrip; charset=utf-8"
		if name == "vtt" {
			kind = "text/vtt; charset=utf-8"
		}
		out, err := webVTT([]byte(text), kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "onclick", "\nSTYLE", "Region:", "region:"} {
			if strings.Contains(string(out), bad) {
				t.Errorf("%s: %s in\n%s", name, bad, out)
			}
		}
	}
}

// cues are n of them, a second each, one after the other.
func cues(n int, pattern string) string {
	var out strings.Builder
	for i := range n {
		from, to := time.Duration(i)*time.Second, time.Duration(i+1)*time.Second
		at := func(d time.Duration) string {
			return fmt.Sprintf("%02d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
		}
		fmt.Fprintf(&out, pattern, at(from), at(to))
	}
	return out.String()
}

// Of a file that is as long as one may be every cue comes, however many they are, but for those that nobody could read
// at one time. One byte more, 1 GB, ten million cues are refused in words, and so is what would be longer than 16 MiB.
func TestSubtitleBounds(t *testing.T) {
	t.Parallel()
	const cue, short = "1\n00:00:01,000 --> 00:00:02,000\na\n\n", 33
	srt := cues(maxSubtitleFile/len(cue), "1\n%s,000 --> %s,000\na\n\n")
	vtt := "WEBVTT\n\n" + cues((maxSubtitleFile-8)/short, "%s.000 --> %s.000\na\n\n")
	same := strings.Repeat(cue, maxSubtitleFile/len(cue))
	g := serve(t, nil)
	base := g.backend.add(t, "t", metainfo.V1, map[string][]byte{"srt.srt": []byte(srt), "vtt.vtt": []byte(vtt), "same.srt": []byte(same),
		"ten million.srt": []byte(strings.Repeat(cue, maxSubtitleFile/len(cue)+1))}).Path() + "/t/"
	for name, cues := range map[string]int{"srt.srt": len(srt) / len(cue), "vtt.vtt": strings.Count(vtt, "-->"), "same.srt": maxTogether} {
		a := g.get(t, base+name+"?format=vtt")
		if n := bytes.Count(a.body, []byte("-->")); a.status != http.StatusOK || n != cues || !utf8.Valid(a.body) {
			t.Errorf("%s: %d, %d of %d cues", name, a.status, n, cues)
		}
	}
	if a := g.get(t, base+"ten%20million.srt?format=vtt"); a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), "more than 4.0 MiB") {
		t.Errorf("%d %s", a.status, a.body)
	}
	var full limitedBuffer
	if _, err := full.Write(make([]byte, maxSubtitleText)); err != nil {
		t.Error(err)
	}
	if _, err := full.Write([]byte("x")); !errors.Is(err, errLongSubtitles) {
		t.Errorf("it grows: %v", err)
	}
}

// FuzzWebVTT: no file makes anything else than WebVTT in UTF-8, or an error, in time.
func FuzzWebVTT(f *testing.F) {
	f.Add([]byte(russian), 0)
	f.Add([]byte("WEBVTT\n\n00:01.000 --> 00:02.000\n<v a>b"), 1)
	f.Add([]byte("[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,{\\an8}x\\Ny"), 2)
	f.Add([]byte(`<tt><body><div><p begin="00:00:01.000" end="00:00:02.000">x</p></div></body></tt>`), 3)
	kinds := []string{"application/x-subrip; charset=utf-8", "text/vtt; charset=utf-8", "text/x-ssa; charset=utf-8", "application/ttml+xml"}
	f.Fuzz(func(t *testing.T, data []byte, kind int) {
		out, err := webVTT(data, kinds[uint(kind)%4])
		if err == nil && (!bytes.HasPrefix(out, []byte("WEBVTT")) || !utf8.Valid(out) || len(out) > maxSubtitleText) {
			t.Errorf("%q", out)
		}
	})
}
