package gateway

import (
	"mime"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestContentDisposition(t *testing.T) {
	tests := []struct{ name, want string }{
		{"a.mkv", `inline; filename="a.mkv"; filename*=UTF-8''a.mkv`},
		{"C++ in 21 days.pdf", `inline; filename="C++ in 21 days.pdf"; filename*=UTF-8''C++%20in%2021%20days.pdf`},
		{"Fenêtre.txt", `inline; filename="Fen_tre.txt"; filename*=UTF-8''Fen%C3%AAtre.txt`},
		{`say "hi".txt`, `inline; filename="say _hi_.txt"; filename*=UTF-8''say%20%22hi%22.txt`},
		{"a\r\nSet-Cookie: x=1", `inline; filename="a__Set-Cookie: x=1"; filename*=UTF-8''a__Set-Cookie%3A%20x%3D1`},
		{`..\..\evil/x`, `inline; filename=".._.._evil_x"; filename*=UTF-8''.._.._evil_x`},
		{"bad\xff\xfeutf8\x00", `inline; filename="bad__utf8_"; filename*=UTF-8''bad__utf8_`},
		{"100%.txt", `inline; filename="100%.txt"; filename*=UTF-8''100%25.txt`},
		{"it's.txt", `inline; filename="it's.txt"; filename*=UTF-8''it%27s.txt`},
		{"日本.mkv", `inline; filename="__.mkv"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.mkv`},
		{"..", `inline; filename="download"; filename*=UTF-8''download`},
		{"", `inline; filename="download"; filename*=UTF-8''download`},
		{"a;b,c=d.txt", `inline; filename="a;b,c=d.txt"; filename*=UTF-8''a%3Bb%2Cc%3Dd.txt`},
	}
	for _, test := range tests {
		if got := contentDisposition(false, test.name); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
	if got := contentDisposition(true, "x"); got != `attachment; filename="x"; filename*=UTF-8''x` {
		t.Error(got)
	}
}

func FuzzContentDisposition(f *testing.F) {
	for _, seed := range []string{"a.mkv", "\"\\\r\n", "日本", "..", "\xff", "a/b", "%41", "''"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		header := contentDisposition(true, name)
		for i := range len(header) {
			if header[i] < ' ' || header[i] >= 0x7f {
				t.Fatalf("byte %#x in %q", header[i], header)
			}
		}
		if strings.Count(header, `"`) != 2 {
			t.Fatalf("quotes in %q", header)
		}
		// mime decodes filename* in preference.
		kind, params, err := mime.ParseMediaType(header)
		if err != nil && strings.Contains(header, `\`) || kind != "attachment" && err == nil {
			t.Fatalf("%q: %q %v", header, kind, err)
		}
		if err != nil {
			t.Fatalf("%q: %v", header, err)
		}
		saved := params["filename"]
		if saved != safeName(name) || !utf8.ValidString(saved) {
			t.Fatalf("saved as %q", saved)
		}
		if saved == "" || saved == "." || saved == ".." || strings.ContainsAny(saved, "/\\\x00\r\n") {
			t.Fatalf("saved as %q", saved)
		}
	})
}

func TestMediaTypes(t *testing.T) {
	types := newMediaTypes()
	for name, want := range map[string]string{
		"a.mkv": "video/x-matroska", "A.MKV": "video/x-matroska", "a.b.WebM": "video/webm", "x.m4s": "video/iso.segment",
		"x.ts": "video/mp2t", "x.vtt": "text/vtt; charset=utf-8", "x.srt": "application/x-subrip; charset=utf-8",
		"x.flac": "audio/flac", "x.opus": "audio/ogg", "x.avif": "image/avif", "x.epub": "application/epub+zip",
		"x.mp4": "video/mp4", "x.txt": "text/plain; charset=utf-8", "x.html": "text/html; charset=utf-8", "x.svg": "image/svg+xml",
		"noextension": defaultType, "x.": defaultType, "x.unknown": defaultType, "": defaultType, ".mkv": "video/x-matroska",
		"x." + strings.Repeat("m", 300): defaultType, "x.markdown": "text/markdown; charset=utf-8", "x.mkv\x00": defaultType,
	} {
		if got := types.of(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	for ext, mediaType := range types {
		if len(ext) > maxExtension || ext != strings.ToLower(ext) {
			t.Errorf("extension %q", ext)
		}
		if _, _, err := mime.ParseMediaType(mediaType); err != nil {
			t.Errorf("%s: %q: %v", ext, mediaType, err)
		}
	}
	for _, ext := range []string{"html", "htm", "xhtml", "xht", "shtml", "svg", "xml", "xsl", "rss", "atom", "rdf", "mhtml", "mpd", "fb2"} {
		if !runsScript(types["x"+ext]) && !runsScript(types[ext]) {
			t.Errorf("a browser runs scripts in .%s", ext)
		}
	}
	for _, ext := range []string{"mkv", "txt", "js", "css", "pdf", "png", "epub", "docx"} {
		if runsScript(types[ext]) {
			t.Errorf("a browser runs no scripts in .%s", ext)
		}
	}
}
