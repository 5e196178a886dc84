package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/btgw/btgw/metainfo"
)

func TestLocalNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxName)
	for name, want := range map[string]string{
		"file.bin": "file.bin", "C++ & 100%.txt": "C++ & 100%.txt", "練習": "練習", "..": "_..", ".": "_.", "": "_",
		"a/b": "a_b", "/etc/passwd": "_etc_passwd", "../../x": ".._.._x", "a\x00b\nc\x1b[31m": "a_b_c_[31m",
		long: long, long + "y": long, strings.Repeat("練", 85) + "x.txt": strings.Repeat("練", 83) + ".txt",
	} {
		if got := localName(name); got != want {
			t.Errorf("%q becomes %q, not %q", name, got, want)
		}
	}
}

func TestFreeNames(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	for _, want := range []string{"a_b.txt", "a_b (2).txt", "a_b (3).txt"} {
		if got := freeName("a_b.txt", taken); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	long := strings.Repeat("é", 125) + ".bin" // 254 bytes
	for range 3 {
		if got := freeName(long, taken); len(got) > maxName || !utf8.ValidString(got) || filepath.Ext(got) != ".bin" {
			t.Errorf("%d bytes: %q", len(got), got)
		}
	}
}

func TestPartNames(t *testing.T) {
	t.Parallel()
	if got := partName("film.mkv", nil); got != "film.mkv.part" {
		t.Errorf("%q", got)
	}
	seen := map[string]bool{}
	for n := maxName - 10; n <= maxName; n++ {
		name := strings.Repeat("n", n)
		part := partName(name, nil)
		if len(part) > longPart || !strings.HasSuffix(part, partSuffix) || seen[part] || part != partName(name, nil) {
			t.Errorf("%d bytes: %q", n, part)
		}
		seen[part] = true
	}
	if got := partName("a", map[string]bool{"a": true, "a.part": true, "~a.part": true}); got != "~~a.part" {
		t.Errorf("%q is another file's name", got)
	}
}

// Names as long as they may be, and names that look like those of parts, go to disk whole, twice.
func TestGetLongNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("L", 251)
	files := []demoFile{
		{[]string{long}, 100_000, noise(1)},
		{[]string{strings.Repeat("M", 255)}, 100_001, noise(2)},
		{[]string{strings.Repeat("é", 125) + ".mkv"}, 100_002, noise(3)},
		{[]string{strings.Repeat("d", 255), strings.Repeat("N", 253)}, 100_003, noise(4)},
		{[]string{"a"}, 100_004, noise(5)},
		{[]string{"a.part"}, 100_005, noise(6)},
	}
	s := newSwarm(t, 1, 0, "several", files...)
	dir := t.TempDir()
	for _, missing := range []string{"nothing", "a"} { // the second time, one file is gone
		if err := os.RemoveAll(filepath.Join(dir, "several", missing)); err != nil {
			t.Fatal(err)
		}
		if status, _, stderr := getFrom(t, s, s.torrent.Info.ID().String(), "-o", dir); status != exitOK {
			t.Fatalf("status %d: %s", status, stderr)
		}
		for _, f := range files {
			sameFile(t, filepath.Join(append([]string{dir, "several"}, f.path...)...), f)
		}
		if names, _ := os.ReadDir(filepath.Join(dir, "several")); len(names) != len(files) {
			t.Errorf("%d names in the folder, %d in the torrent", len(names), len(files))
		}
	}
}

// A path is found as it is typed: in another form of Unicode, with dot segments, and with the torrent's name or without.
func TestPathsAsTyped(t *testing.T) {
	t.Parallel()
	const nfc, nfd = "caf\u00e9", "cafe\u0301"
	info := made(t, map[string]string{
		nfd + "/\u1112\u1161\u11ab.mkv": "1", "plain/a": "2", "both/" + nfc: "3", "both/" + nfd: "4", "two/\u212b": "5", "two/A\u030a": "6", "..x/...": "7", "300 \u212a": "8",
	})
	id, name := info.ID().Path(), info.Name
	for _, test := range []struct{ source, path, want string }{
		{id, nfc + "/\ud55c.mkv", nfd + "/\u1112\u1161\u11ab.mkv"},
		{id, name + "/" + nfc + "/\ud55c.mkv", name + "/" + nfd + "/\u1112\u1161\u11ab.mkv"},
		{id, nfc + "/", name + "/" + nfd},
		{id, "300 K", name + "/300 \u212a"},
		{id, "both/" + nfc, name + "/both/" + nfc},
		{id, "both/" + nfd, name + "/both/" + nfd},
		{id, "two/\u00c5", ""}, // there are two
		{id, "300 k", ""},
		{id, "cafe/\ud55c.mkv", ""},
		{id, "./plain/./a", name + "/plain/a"},
		{id, "plain//a", name + "/plain/a"},
		{id, "both/../plain/a", name + "/plain/a"},
		{id, "plain/a/.", name + "/plain/a"},
		{id, ".", name},
		{id, "both/..", name},
		{id, "..x/...", name + "/..x/..."},
		{id, "../" + name + "/plain/a", ""},
		{id, "plain/../../a", ""},
		{"https://gw.example" + id + "/" + name + "//plain/./a", "", name + "/plain/a"},
		{"https://gw.example" + id + "/" + name + "/both/%2e%2E/caf%C3%A9/%ED%95%9C.mkv", "", name + "/" + nfd + "/\u1112\u1161\u11ab.mkv"},
	} {
		text := test.source
		if strings.HasPrefix(text, "/") {
			text = "http://gw.example" + text
		}
		src, err := parseSource(t.Context(), text, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := &getter{getCmd: &getCmd{Path: test.path}, src: src, info: info}
		want := strings.TrimPrefix(test.want, name+"/")
		node, at, err := g.lookup()
		switch got := strings.TrimPrefix(strings.Join(at, "/"), name+"/"); {
		case test.want == "":
			if !errors.Is(err, metainfo.ErrNotFound) {
				t.Errorf("%q: %q, %v", test.path, at, err)
			}
		case err != nil || got != want:
			t.Errorf("%s %q: %q, %v, not %q", test.source, test.path, at, err, test.want)
		case node.File != nil && !slices.Equal(info.Path(node.File), strings.Split(want, "/")):
			t.Errorf("%q: the file %q", test.path, info.Path(node.File))
		}
	}
}
