package metainfo

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
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
		"padding of old libtorrents": {
			withPaths([]string{"a"}, []string{".____padding_file", "0"}, []string{"b"}, []string{"x", ".____padding_file", "0"}),
			[]string{"temp/a", "temp/b", "temp/x/.____padding_file/0"},
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
	_, err = ParseInfo([]byte("d9:file treede12:meta versioni02ee"))
	var syntax *bencode.SyntaxError
	if !errors.As(err, &syntax) || syntax.Offset != 29 || !errors.Is(err, bencode.ErrInteger) || !errors.Is(err, ReasonBencode) {
		t.Error(err)
	}
	if err.Error() != "invalid info: not canonical bencoding (integer not in canonical form at byte 29)" {
		t.Error(err)
	}
	if ReasonBencode.Error() != "not canonical bencoding" || syntax.Error() != "bencode: integer not in canonical form at byte 29" || bencode.ErrInteger.Error() != "integer not in canonical form" {
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
		"an unknown key, 90 deep":    "d8:announce8:http://x4:info" + info + "1:z" + strings.Repeat("d1:al", 45) + strings.Repeat("ee", 45) + "e",
		"an unknown dictionary":      "d8:announce8:http://x4:info" + info + "1:zd1:bi-0e1:ai01e1:ai2eee",
		"keys in another order":      "d4:info" + info + "8:announce8:http://xe",
		"a list that is none":        "d8:announce8:http://x13:announce-list3:abc4:info" + info + "8:url-listi1ee",
		"white space behind the end": "d8:announce8:http://x4:info" + info + "e \r\n",
		"zeros behind the end":       "d8:announce8:http://x4:info" + info + "e\x00\x00\x00",
		"a page behind the end":      "d8:announce8:http://x4:info" + info + "e<!-- 0.02 s --></html>",
		"one torrent behind another": "d8:announce8:http://x4:info" + info + "ed4:infodee",
		"an end too many":            "d8:announce8:http://x4:info" + info + "ee",
		"a line before it":           "\r\nd8:announce8:http://x4:info" + info + "e",
		"a byte order mark":          "\ufeffd8:announce8:http://x4:info" + info + "e",
	} {
		got, err := ParseTorrent([]byte(text))
		if err != nil || got.Info.ID() != strict.Info.ID() || !reflect.DeepEqual(got.Trackers, strict.Trackers) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, text := range map[string]string{
		"two info dictionaries":     "d4:info" + info + "4:info" + info + "e",
		"no end":                    "d4:info" + info,
		"zeros in the piece layers": "d4:info" + string(encode(t, v2Single())) + "12:piece layersd032:" + strings.Repeat("r", 32) + "0:ee",
	} {
		if got, err := ParseTorrent([]byte(text)); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// An info dictionary that is not canonical has the infohash of its bytes, and so nothing
// is in doubt about it as long as each key that counts is there once. libtorrent takes all
// of these too, and finds the same in them.
func TestLooseInfo(t *testing.T) {
	const pieces = "6:pieces20:xxxxxxxxxxxxxxxxxxxx"
	single := "d6:lengthi10e4:name1:a12:piece lengthi16384e" + pieces + "e"
	multi := "d5:filesld6:lengthi10e4:pathl1:d1:aeee4:name1:m12:piece lengthi16384e" + pieces + "e"
	edit := func(of, old, with string) string {
		if !strings.Contains(of, old) {
			t.Fatalf("no %q in %q", old, of)
		}
		return strings.Replace(of, old, with, 1)
	}
	loose := map[string]struct {
		info string
		want []string
	}{
		"zeros before a length":             {edit(single, "i10e", "i0010e"), []string{"a"}},
		"zeros before the piece length":     {edit(single, "i16384e", "i016384e"), []string{"a"}},
		"zeros before a string's length":    {edit(single, "4:name", "004:name"), []string{"a"}},
		"zeros in a file":                   {edit(multi, "6:lengthi10e4:pathl1:d", "06:lengthi010e04:pathl01:d"), []string{"m/d/a"}},
		"a negative zero of no meaning":     {edit(single, "6:pieces", "6:padzzzi-0e6:pieces"), []string{"a"}},
		"an unknown key, 90 deep":           {edit(single, "6:pieces", "2:zz"+strings.Repeat("l", 90)+strings.Repeat("e", 90)+"6:pieces"), []string{"a"}},
		"an unknown key twice":              {edit(single, "d6:", "d1:ai1e1:ai2e6:"), []string{"a"}},
		"an unknown dictionary, disordered": {edit(single, "6:pieces", "2:zzd1:bi1e1:ai01e1:a0:e6:pieces"), []string{"a"}},
		"keys in another order":             {edit(multi, "d6:lengthi10e4:pathl1:d1:ae", "d4:pathl1:d1:ae6:lengthi10e"), []string{"m/d/a"}},
		"a meta version before the second":  {edit(single, "4:name", "12:meta versioni1e4:name"), []string{"a"}},
		"a meta version that is text":       {edit(single, "4:name", "12:meta version1:24:name"), []string{"a"}},
		"the sum beside the files":          {edit(multi, "4:name", "6:lengthi10e4:name"), []string{"m/d/a"}},
		"a length of 0 beside the files":    {edit(multi, "4:name", "6:lengthi0e4:name"), []string{"m/d/a"}},
		"a piece length of 1 GB":            {edit(single, "i16384e", "i1000000000e"), []string{"a"}},
		"a path in UTF-8 that is text":      {edit(multi, "eee4:name", "e10:path.utf-83:b/cee4:name"), []string{"m/d/a"}},
		"a path in UTF-8 that is a number":  {edit(multi, "eee4:name", "e10:path.utf-8i7eee4:name"), []string{"m/d/a"}},
		"a link's target that is text":      {edit(multi, "ld6:", "ld4:attr1:l6:lengthi0e4:pathl1:le12:symlink path1:ded6:"), []string{"m/l", "m/d/a"}},
		"attributes that are a number":      {edit(multi, "ld6:", "ld4:attri7e6:"), []string{"m/d/a"}},
	}
	requests, names := []map[string]any{}, []string{}
	for name, c := range loose {
		in, err := ParseInfo([]byte(c.info))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := NewV1(sha1.Sum([]byte(c.info))); in.ID() != want || string(in.Raw()) != c.info || !slices.Equal(paths(in), c.want) || in.Size() != 10 {
			t.Errorf("%s: %s, %q of %d bytes; want %s, %q", name, in.ID(), paths(in), in.Size(), want, c.want)
		}
		checkURLs(t, in)
		text := []byte("d4:info" + c.info + "e")
		tor, err := ParseTorrent(text)
		if err != nil || !bytes.Equal(tor.Encode(), text) {
			t.Errorf("%s: as a .torrent: %v", name, err)
		}
		requests, names = append(requests, map[string]any{"kind": "load", "torrent": hex.EncodeToString(text)}), append(names, name)
	}
	var theirs []ltTorrent
	askLibtorrent(t, requests, &theirs)
	for i, name := range names {
		var have []string
		for _, f := range theirs[i].Files {
			have = append(have, f.Path)
		}
		sum := sha1.Sum([]byte(loose[name].info))
		if theirs[i].V1 != hex.EncodeToString(sum[:]) || !slices.Equal(have, loose[name].want) {
			t.Errorf("%s: libtorrent has %+v", name, theirs[i])
		}
	}
	for name, c := range map[string]string{
		"a name twice":              edit(single, "4:name1:a", "4:name1:a4:name1:b"),
		"a length twice":            edit(single, "d6:", "d6:lengthi10e6:"),
		"another sum":               edit(multi, "4:name", "6:lengthi11e4:name"),
		"a negative piece length":   edit(single, "i16384e", "i-5e"),
		"a piece length of 2 GiB":   edit(single, "i16384e", "i2147483648e"),
		"a piece length out of all": edit(single, "i16384e", "i99999999999999999999e"),
		"v2 with zeros":             edit(string(encode(t, v2Single())), "i65536e", "i065536e"),
		"a hybrid with zeros":       edit(string(encode(t, hybridMulti())), "i65536e", "i065536e"),
		"v2 with a name twice":      edit(string(encode(t, v2Single())), "4:name", "1:ai1e1:ai1e4:name"),
	} {
		if in, err := ParseInfo([]byte(c)); err == nil {
			t.Errorf("%s: %v", name, in)
		}
	}
}
