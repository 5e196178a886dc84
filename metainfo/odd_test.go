package metainfo

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/btgw/btgw/metainfo/bencode"
)

// paths returns the URL paths of all files of a torrent, padding excepted, in
// its order, as they follow from File.Path.
func paths(in *Info) []string {
	var list []string
	for i := range in.Files {
		if f := &in.Files[i]; !f.Pad {
			list = append(list, strings.Join(append([]string{in.Name}, in.Path(f)...), "/"))
		}
	}
	return list
}

// withPaths is a v1 torrent of one-byte files with these paths.
func withPaths(list ...[]string) dict {
	return manyFiles(len(list), func(i int) dict { return dict{"length": 1, "path": list[i]} })
}

// TestOddTorrents holds torrents that are not quite right and that other
// clients accept. Each file has one URL, and it is this one.
func TestOddTorrents(t *testing.T) {
	long := strings.Repeat("abcdefghij", 30) + ".5678"
	cut := strings.Repeat("abcdefghij", 30)[:255-9-5]
	infohash := func(d dict) string {
		return mustInfo(t, d).ID().String()
	}
	for name, c := range map[string]struct {
		info dict
		want []string
	}{
		"plain":                {v1Multi(), []string{"temp/foo/bar.txt", "temp/foo/var.txt"}},
		"one file in a list":   {withPaths([]string{"foo", "bar"}), []string{"temp/foo/bar"}},
		"empty elements":       {withPaths([]string{"", ""}), []string{"temp/_/_"}},
		"empty element inside": {withPaths([]string{"a", "", "b"}), []string{"temp/a/_/b"}},
		"two empty paths":      {withPaths([]string{"a"}, []string{""}, []string{""}), []string{"temp/a", "temp/_", "temp/_.1"}},
		"parent":               {withPaths([]string{"..", "..", "bar"}), []string{"temp/_/_/bar"}},
		"dots":                 {withPaths([]string{".", "..."}), []string{"temp/_/..."}},
		"slash":                {withPaths([]string{"/", "bar"}, []string{"a/../b"}), []string{"temp///bar", "temp/a/../b"}},
		"backslash":            {withPaths([]string{"\\", "..\\bar"}), []string{"temp/\\/..\\bar"}},
		"control characters":   {withPaths([]string{"a\x00b", "\r\nX: y\x7f"}), []string{"temp/a\x00b/\r\nX: y\x7f"}},
		"not UTF-8":            {withPaths([]string{"\xff\xfe", "caf\xe9"}), []string{"temp/\xff\xfe/caf\xe9"}},
		"normal forms":         {withPaths([]string{"é"}, []string{"e\u0301"}), []string{"temp/é", "temp/e\u0301"}},
		"cases":                {withPaths([]string{"a"}, []string{"A"}), []string{"temp/a", "temp/A"}},
		"right to left":        {withPaths([]string{"\u202egpj.exe"}), []string{"temp/\u202egpj.exe"}},
		"255 bytes":            {withPaths([]string{long[:255]}), []string{"temp/" + long[:255]}},
		"305 bytes":            {withPaths([]string{long}), []string{"temp/" + cut + "~96b85ecf.5678"}},
		"same file twice":      {withPaths([]string{"foo", "bar.txt"}, []string{"foo", "bar.txt"}), []string{"temp/foo/bar.txt", "temp/foo/bar.1.txt"}},
		"substitute taken": {
			withPaths([]string{"a.b"}, []string{"a.b"}, []string{"a.1.b"}, []string{"a.b"}),
			[]string{"temp/a.b", "temp/a.2.b", "temp/a.1.b", "temp/a.3.b"},
		},
		"file is a directory":  {withPaths([]string{"x"}, []string{"x", "y"}), []string{"temp/x.1", "temp/x/y"}},
		"dotfile twice":        {withPaths([]string{".rc"}, []string{".rc"}), []string{"temp/.rc", "temp/.rc.1"}},
		"33 of one path":       {manyFiles(33, func(int) dict { return dict{"length": 1, "path": []string{"f"}} }), numbered("temp/f", 33)},
		"name ..":              {with(v1Multi(), "name", ".."), []string{infohash(with(v1Multi(), "name", "..")) + "/foo/bar.txt", infohash(with(v1Multi(), "name", "..")) + "/foo/var.txt"}},
		"name empty":           {with(v1Single(), "name", ""), []string{infohash(with(v1Single(), "name", ""))}},
		"name with slash":      {with(v1Single(), "name", "temp/../../abc"), []string{"temp/../../abc"}},
		"name long":            {with(v1Single(), "name", long), []string{cut + "~96b85ecf.5678"}},
		"name in UTF-8":        {with(with(v1Single(), "name", "\xb0\xa1"), "name.utf-8", "啊"), []string{"啊"}},
		"name in UTF-8, empty": {with(v1Single(), "name.utf-8", ""), []string{"temp"}},
		"path in UTF-8": {
			withFile(v1Multi(), dict{"length": 425, "path": []string{"\xb0\xa1"}, "path.utf-8": []string{"啊"}}),
			[]string{"temp/啊", "temp/foo/var.txt"},
		},
		"padding, no path":   {withFile(v1Multi(), dict{"length": 425, "attr": "p"}), []string{"temp/foo/var.txt"}},
		"padding, same path": {withFile(v1Multi(), dict{"length": 425, "attr": "p", "path": []string{"foo", "var.txt"}}), []string{"temp/foo/var.txt"}},
		"padding of BitComet": {
			withPaths([]string{"a"}, []string{"_____padding_file_0_if you see this file, please update to BitComet 0.85 or above____"}, []string{"b", "_____padding_file_1_"}, []string{"b", "c"}),
			[]string{"temp/a", "temp/b/c"},
		},
		"padding by its directory": {withPaths([]string{"a"}, []string{".pad", "1"}, []string{"b"}), []string{"temp/a", "temp/b"}},
		"nearly padding": {
			withPaths([]string{"_____padding_file"}, []string{"____padding_file_0"}, []string{".pad"}, []string{".pad", "x1"}, []string{"a", ".pad", "1"}, []string{"_____padding_file_0_", "a"}),
			[]string{"temp/_____padding_file", "temp/____padding_file_0", "temp/.pad.1", "temp/.pad/x1", "temp/a/.pad/1", "temp/_____padding_file_0_/a"},
		},
		"nothing but padding by name": {withPaths([]string{".pad", "1"}, []string{"_____padding_file_0_"}), []string{"temp/.pad/1", "temp/_____padding_file_0_"}},
		"one file named like padding": {with(v1Single(), "name", "_____padding_file_0_"), []string{"_____padding_file_0_"}},
		"hybrid padded by BitComet": {with(hybridMulti(), "files", []any{
			dict{"length": 100_000, "path": []string{"a"}},
			dict{"length": 31_072, "path": []string{"_____padding_file_0_"}},
			dict{"length": 5, "path": []string{"b", "c"}},
			dict{"length": 0, "path": []string{"b", "d"}},
		}), []string{"temp/a", "temp/b/c", "temp/b/d"}},
		"piece length 511 MiB": {with(v1Single(), "piece length", 32767*16384), []string{"temp"}},
		"v2, other name":       {with(v2Single(), "name", "advisory"), []string{"temp"}},
		"v2, name in a tree":   {with(v2Single(), "file tree", dict{"dir": dict{"x": v2File(5)}}), []string{"temp/dir/x"}},
		"v2, odd names": {
			with(v2Single(), "file tree", dict{"..": v2File(5), "//": v2File(6), "\x00": v2File(7)}),
			[]string{"temp/\x00", "temp/_", "temp///"},
		},
		"v2, empty directory": {with(v2Single(), "file tree", dict{"a": dict{}, "b": v2File(1), "c": v2File(0)}), []string{"temp/b", "temp/c"}},
		"hybrid":              {hybridMulti(), []string{"temp/a", "temp/b/c", "temp/b/d"}},
	} {
		t.Run(name, func(t *testing.T) {
			in := mustInfo(t, c.info)
			if d := cmp.Diff(c.want, paths(in)); d != "" {
				t.Error(d)
			}
			checkURLs(t, in)
		})
	}
}

func numbered(name string, n int) []string {
	list := []string{name}
	for i := 1; i < n; i++ {
		list = append(list, fmt.Sprintf("%s.%d", name, i))
	}
	return list
}

func mustInfo(t testing.TB, d dict) *Info {
	t.Helper()
	in, err := ParseInfo(encode(t, d))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// checkURLs checks what the URLs of any torrent promise: each file but padding
// is found by its path and by no other, no segment is one that URL parsers
// resolve or that is too long, and the tree holds just these files.
func checkURLs(t testing.TB, in *Info) {
	t.Helper()
	seen := map[string]bool{}
	count, size := 0, int64(0)
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue
		}
		count++
		size += f.Length
		path := append([]string{in.Name}, in.Path(f)...)
		for _, e := range path {
			if unsafeName(e) {
				t.Errorf("%q: %q cannot be a segment", path, e)
			}
		}
		key := fmt.Sprintf("%q", path)
		if seen[key] {
			t.Errorf("%s: two files", key)
		}
		seen[key] = true
		if in.Symlink(f) != nil {
			continue
		}
		node, err := in.Lookup(path)
		if err != nil || node.File != f || node.Size != f.Length || node.Name != path[len(path)-1] {
			t.Errorf("%q leads to %v, %v", path, node, err)
		}
	}
	root := in.Tree()
	if root.Len() != 1 || in.Top().Name != in.Name || in.Top().Dir == in.SingleFile() {
		t.Errorf("the root holds %d entries", root.Len())
	}
	if root.Files != count || root.Size != size || size != in.Size() {
		t.Errorf("the tree has %d files of %d bytes, the torrent %d of %d", root.Files, root.Size, count, size)
	}
}

// TestOutOfOrder parses v1 torrents whose keys are not sorted. The infohash is
// that of the bytes as they are.
func TestOutOfOrder(t *testing.T) {
	info := "d4:name4:temp6:lengthi425e12:piece lengthi16384e6:pieces20:" + strings.Repeat("a", 20) + "e"
	tor, err := ParseTorrent([]byte("d4:info" + info + "8:announce17:udp://t.example:1e\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if tor.Info.Name != "temp" || string(tor.Info.Raw()) != info || tor.Trackers[0][0] != "udp://t.example:1" {
		t.Errorf("%+v", tor.Info)
	}
	if got := tor.Info.ID().String(); got != "29335f612bfd37a5bf5e64819a99602617d1555d" {
		t.Error(got)
	}
	files := "d5:filesld4:pathl1:ae6:lengthi425ee" + "e4:name4:temp12:piece lengthi16384e6:pieces20:" + strings.Repeat("a", 20) + "e"
	if _, err := ParseInfo([]byte(files)); err != nil {
		t.Error(err)
	}
}

// TestInfoKeepsItsBytes checks that an Info is independent of its input.
func TestInfoKeepsItsBytes(t *testing.T) {
	raw := encode(t, hybridMulti())
	input := bytes.Clone(raw)
	in, err := ParseInfo(input)
	if err != nil {
		t.Fatal(err)
	}
	clear(input)
	if !bytes.Equal(in.Raw(), raw) {
		t.Error("Raw changed with the input")
	}
	again, err := ParseInfo(in.Raw())
	if err != nil || again.ID() != in.ID() {
		t.Error(err)
	}
}

func TestAttributes(t *testing.T) {
	in := mustInfo(t, withFile(v1Multi(), dict{"length": 425, "path": []string{"x"}, "attr": "xh?"}))
	if f := in.Files[0]; !f.Executable || !f.Hidden || f.Pad || f.Link {
		t.Errorf("%+v", f)
	}
	if f := in.Files[1]; f.Executable || f.Hidden {
		t.Errorf("%+v", f)
	}
	hybrid := hybridMulti()
	hybrid["file tree"].(dict)["a"].(dict)[""].(dict)["attr"] = "xh"
	if f := mustInfo(t, hybrid).Files[0]; !f.Executable || !f.Hidden {
		t.Errorf("%+v", f)
	}
}

func TestPrivate(t *testing.T) {
	for want, values := range map[bool][]any{true: {1, 2, "1", []any{}}, false: {nil, 0}} {
		for _, v := range values {
			if got := mustInfo(t, with(v1Single(), "private", v)).Private; got != want {
				t.Errorf("private %v: %v", v, got)
			}
		}
	}
}

func TestHybridFields(t *testing.T) {
	in := mustInfo(t, hybridMulti())
	hashes := in.Hashes()
	if len(hashes) != 2 || hashes[0].IsV2() || !hashes[1].IsV2() || in.ID() != hashes[0] {
		t.Errorf("%v", hashes)
	}
	if in.Size() != 100_005 || in.Span() != 131_077 || in.NumPieces() != 3 || in.SingleFile() {
		t.Errorf("size %d, span %d, pieces %d", in.Size(), in.Span(), in.NumPieces())
	}
	if !in.Files[1].Pad || in.Files[2].Offset != 131_072 || !bytes.Equal(rootBytes(in.PiecesRoot(&in.Files[2])), mustRoot(5)) {
		t.Errorf("%+v", in.Files)
	}
}

// TestInfoIsSafeForConcurrentUse asks one Info from many goroutines, under the
// race detector.
func TestInfoIsSafeForConcurrentUse(t *testing.T) {
	in := framework(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if n, err := in.Lookup([]string{"temp", "Headers", "sdl.h"}); err != nil || n.Size != 100 {
				t.Error(n, err)
			}
			if in.Tree().Files != len(in.Files) || in.NumPieces() != 1 {
				t.Error("not what it was")
			}
		})
	}
	wg.Wait()
}

// TestLongNamesAreCutBetweenCharacters cuts names of characters of 1 to 4 bytes.
func TestLongNamesAreCutBetweenCharacters(t *testing.T) {
	for _, char := range []string{"x", "é", "日", "🎬", "\xff", "\x80"} {
		for pad := range 4 {
			name := strings.Repeat("a", pad) + strings.Repeat(char, 300) + ".mkv"
			got := safeName(name)
			if len(got) > MaxNameLen || len(got) < MaxNameLen-3 || !strings.HasSuffix(got, ".mkv") || utf8.ValidString(got) != utf8.ValidString(name) {
				t.Errorf("%q: %d bytes, %q", char, len(got), got)
			}
		}
	}
	// A dot far from the end is none of an extension, nor one at the start.
	for name, want := range map[string]string{
		"a." + strings.Repeat("x", 300): "xx~", "." + strings.Repeat("x", 300): "xx~",
	} {
		if got := safeName(name); len(got) != MaxNameLen || !strings.Contains(got, want) {
			t.Errorf("%q", got)
		}
	}
}

func TestErrorText(t *testing.T) {
	_, err := ParseInfo([]byte("d6:lengthi1e4:name1:a12:piece lengthi-5e6:pieces0:e"))
	if err == nil || err.Error() != "invalid info.piece length: not a valid piece length (-5)" {
		t.Error(err)
	}
	_, err = ParseInfo([]byte("d6:lengthi01ee"))
	var syntax *bencode.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset != 9 || !errors.Is(err, bencode.ErrInteger) || !errors.Is(err, ReasonBencode) {
		t.Error(err)
	}
	if err.Error() != "invalid info: not canonical bencoding (integer not in canonical form at byte 9)" {
		t.Error(err)
	}
	if ReasonBencode.Error() != "not canonical bencoding" || syntax.Error() != "bencode: integer not in canonical form at byte 9" || bencode.ErrInteger.Error() != "integer not in canonical form" {
		t.Error(syntax)
	}
}

// What is around the info dictionary may be written loosely: nothing is hashed of it, and
// libtorrent takes all of these.
func TestLooseTorrents(t *testing.T) {
	const info = "d6:lengthi10e4:name1:a12:piece lengthi16384e6:pieces20:xxxxxxxxxxxxxxxxxxxxe"
	strict, err := ParseTorrent([]byte("d8:announce8:http://x4:info" + info + "e"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"zeros before an integer":    "d8:announce8:http://x13:creation datei0012e4:info" + info + "e",
		"zeros before a length":      "d008:announce08:http://x4:info" + info + "e",
		"an integer beyond 64 bits":  "d8:announce8:http://x13:creation datei99999999999999999999e4:info" + info + "e",
		"a key twice":                "d8:announce8:http://x8:announce8:http://y4:info" + info + "e",
		"a key twice, apart":         "d8:announce8:http://x4:info" + info + "8:announce8:http://ye",
		"an unknown dictionary":      "d8:announce8:http://x4:info" + info + "1:zd1:bi-0e1:ai01e1:ai2eee",
		"keys in another order":      "d4:info" + info + "8:announce8:http://xe",
		"a list that is none":        "d8:announce8:http://x13:announce-list3:abc4:info" + info + "8:url-listi1ee",
		"white space behind the end": "d8:announce8:http://x4:info" + info + "e \r\n",
	} {
		got, err := ParseTorrent([]byte(text))
		if err != nil || got.Info.ID() != strict.Info.ID() || !reflect.DeepEqual(got.Trackers, strict.Trackers) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, text := range map[string]string{
		"zeros in the info dictionary": "d4:info" + strings.Replace(info, "i10e", "i010e", 1) + "e",
		"a length with zeros in it":    "d4:info" + strings.Replace(info, "4:name", "04:name", 1) + "e",
		"a key of it twice":            "d4:info" + strings.Replace(info, "4:name1:a", "4:name1:a4:name1:b", 1) + "e",
		"two info dictionaries":        "d4:info" + info + "4:info" + info + "e",
		"zeros in the piece layers":    "d4:info" + info + "12:piece layersd032:" + strings.Repeat("r", 32) + "0:ee",
	} {
		if got, err := ParseTorrent([]byte(text)); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
