package gateway

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
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

// Ten million cues are as many as are taken, within bounds.
func TestSubtitleBounds(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("1\n00:00:01,000 --> 00:00:02,000\na\n\n", maxSubtitleFile/36)
	out, err := webVTT([]byte(many), "application/x-subrip; charset=utf-8")
	if n := bytes.Count(out, []byte("-->")); err != nil || n != maxCues {
		t.Errorf("%d cues, %v", n, err)
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
