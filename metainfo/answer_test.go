package metainfo

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"slices"
	"strings"
	"testing"
)

func packed(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// deflated is data as a server sends it that says "Content-Encoding: deflate".
func deflated(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadTorrent(t *testing.T) {
	info, err := ParseInfo([]byte("d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	raw := (&Torrent{Info: info}).Encode()
	for name, body := range map[string][]byte{
		"plain": raw, "packed": packed(t, raw), "packed twice": packed(t, packed(t, raw)),
		"zlib": deflated(t, raw, zlib.DefaultCompression), "zlib, fast": deflated(t, raw, zlib.BestSpeed), "zlib, small": deflated(t, raw, zlib.BestCompression),
		"zlib, not compressed": deflated(t, raw, zlib.NoCompression), "gzip in zlib": deflated(t, packed(t, raw), zlib.BestSpeed),
	} {
		if got, err := ReadTorrent(body, MaxTorrentLen); err != nil || got.Info.ID() != info.ID() {
			t.Errorf("%s: %v", name, err)
		}
	}
	bomb := packed(t, make([]byte, 50<<20))
	for body, says := range map[string]string{
		"<!DOCTYPE html><title>x</title>": "a web page",
		"\xef\xbb\xbf\r\n <HTML>":         "a web page",
		"<?xml version=\"1.0\"?><rss/>":   "an XML document",
		"<?xml version=\"1.0\"?><html>":   "a web page",
		`{"error": "x"}`:                  "a JSON document",
		"magnet:?xt=urn:btih:x":           "a magnet link",
		"PK\x03\x04zip":                   "an archive",
		"Rar!\x1a\x07":                    "an archive",
		"7z\xbc\xaf'\x1c":                 "an archive",
		"BZh91AY&SY":                      "an archive",
		"\xfd7zXZ\x00":                    "an archive",
		"\x28\xb5\x2f\xfd\x04":            "an archive",
		"Torrent not found.\r\n":          "a text",
		"Слишком много запросов" + strings.Repeat("é", 1000): "a text",
		"ERROR: d4:infode":               "a text",
		"\x00\x01\x02":                   "bencoding",
		"caf\xe9":                        "bencoding",
		"x\x9cnonsense":                  "zlib, and damaged",
		string(deflated(t, raw, 1)[:20]): "damaged",
		string(deflated(t, make([]byte, 2<<20), 1)):  "more than 1000000 bytes",
		string(deflated(t, []byte("<html>"), 1)):     "a web page",
		"":                                           "bencoding",
		string(packed(t, []byte("<html>"))):          "a web page",
		string(packed(t, raw)[:20]):                  "damaged",
		"\x1f\x8bnonsense":                           "damaged",
		string(bomb):                                 "more than 1000000 bytes",
		"d4:infod4:name1:aee":                        "missing",
		string(packed(t, packed(t, packed(t, raw)))): "bencoding",
	} {
		_, err := ReadTorrent([]byte(body), 1_000_000)
		var invalid *InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%.30q: %v, not %s", body, err, says)
		}
	}
}

// A magnet link in the place of a .torrent is taken for what it is, as text and packed.
func TestReadAnswer(t *testing.T) {
	info, err := ParseInfo([]byte("d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	raw := (&Torrent{Info: info}).Encode()
	if got, m, err := ReadAnswer(packed(t, raw), MaxTorrentLen); err != nil || m != nil || got.Info.ID() != info.ID() {
		t.Errorf("a .torrent: %v %v", m, err)
	}
	link := "magnet:?xt=" + info.ID().URN() + "&dn=a&tr=udp://t.example:1"
	for name, body := range map[string][]byte{
		"plain": []byte(link), "a line": []byte(link + "\r\n"), "a mark and blanks before": []byte("\ufeff \r\n" + link), "capitals": []byte("MAGNET" + link[len("magnet"):]),
		"entities": []byte(strings.ReplaceAll(link, "&", "&amp;")), "gzip": packed(t, []byte(link)), "zlib": deflated(t, []byte(link), 9),
	} {
		got, m, err := ReadAnswer(body, MaxTorrentLen)
		if err != nil || got != nil || m.Hashes[0] != info.ID() || m.Name != "a" || !slices.Equal(m.Trackers, []string{"udp://t.example:1"}) {
			t.Errorf("%s: %v %+v %v", name, got, m, err)
		}
	}
	for body, says := range map[string]string{
		"magnet:?dn=x": "magnet.xt", "magnet:?xt=urn:btih:x": "magnet.xt", "<html>" + link: "a web page", "See " + link: "a text", `{"a": "` + link + `"}`: "a JSON document",
		link + strings.Repeat("&a", MaxMagnetLen): "a magnet link", string(packed(t, make([]byte, 2<<20))): "more than 1000000 bytes",
	} {
		got, m, err := ReadAnswer([]byte(body), 1_000_000)
		var invalid *InvalidError
		if got != nil || m != nil || !errors.As(err, &invalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%.30q: %v %v %v, not %s", body, got, m, err, says)
		}
	}
}

// FuzzReadTorrent reads anything for a .torrent: what is packed is what it was.
func FuzzReadTorrent(f *testing.F) {
	for _, seed := range []string{"", "<", "d4:infode", "\x1f\x8b\x08\x00", "magnet:", "x\x9c\x03\x00", "magnet:?xt=urn:btih:" + hexV1} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		one, err := ReadTorrent(body, 1<<20)
		either, m, other := ReadAnswer(body, 1<<20)
		if m == nil && (err == nil) != (other == nil) || m != nil && (err == nil || either != nil || other != nil || len(m.Hashes) == 0) {
			t.Fatalf("%q: %v, and as an answer %v, %v", body, err, m, other)
		}
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if two, err := ReadTorrent(packed(t, one.Encode()), 1<<20); err != nil || two.Info.ID() != one.Info.ID() {
			t.Fatalf("%q: %v", body, err)
		}
	})
}
