package metainfo

import (
	"bytes"
	"compress/gzip"
	"errors"
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

func TestReadTorrent(t *testing.T) {
	info, err := ParseInfo([]byte("d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	raw := (&Torrent{Info: info}).Encode()
	for name, body := range map[string][]byte{"plain": raw, "packed": packed(t, raw), "packed twice": packed(t, packed(t, raw))} {
		if got, err := ReadTorrent(body, MaxTorrentLen); err != nil || got.Info.ID() != info.ID() {
			t.Errorf("%s: %v", name, err)
		}
	}
	bomb := packed(t, make([]byte, 50<<20))
	for body, says := range map[string]string{
		"<!DOCTYPE html><title>x</title>":            "a web page",
		"\xef\xbb\xbf\r\n <HTML>":                    "a web page",
		"<?xml version=\"1.0\"?><rss/>":              "an XML document",
		"<?xml version=\"1.0\"?><html>":              "a web page",
		`{"error": "x"}`:                             "a JSON document",
		"magnet:?xt=urn:btih:x":                      "a magnet link",
		"PK\x03\x04zip":                              "an archive",
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

// FuzzReadTorrent reads anything for a .torrent: what is packed is what it was.
func FuzzReadTorrent(f *testing.F) {
	for _, seed := range []string{"", "<", "d4:infode", "\x1f\x8b\x08\x00", "magnet:"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		one, err := ReadTorrent(body, 1<<20)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if two, err := ReadTorrent(packed(t, one.Encode()), 1<<20); err != nil || two.Info.ID() != one.Info.ID() {
			t.Fatalf("%q: %v", body, err)
		}
	})
}
