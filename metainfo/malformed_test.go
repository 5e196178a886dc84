package metainfo

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo/bencode"
)

// The torrents that the malformed ones are made from: one file or two, v1, v2
// and hybrid. Content is all zeros, so that roots can be computed.

func v1Single() dict {
	return dict{"name": "temp", "piece length": 16384, "length": 425, "pieces": strings.Repeat("a", 20)}
}

func v1Multi() dict {
	return dict{"name": "temp", "piece length": 16384, "pieces": strings.Repeat("a", 20), "files": []any{
		dict{"length": 425, "path": []string{"foo", "bar.txt"}},
		dict{"length": 425, "path": []string{"foo", "var.txt"}},
	}}
}

func v2Single() dict {
	return dict{"name": "temp", "piece length": 65536, "meta version": 2, "file tree": dict{"temp": v2File(1 << 20)}}
}

func v2Multi() dict {
	return dict{"name": "temp", "piece length": 65536, "meta version": 2, "file tree": dict{
		"a": v2File(100_000), "b": dict{"c": v2File(5), "d": v2File(0)},
	}}
}

func hybridMulti() dict {
	d := v2Multi()
	d["pieces"] = strings.Repeat("p", 3*20)
	d["files"] = []any{
		dict{"length": 100_000, "path": []string{"a"}},
		dict{"length": 31_072, "path": []string{".pad", "31072"}, "attr": "p"},
		dict{"length": 5, "path": []string{"b", "c"}},
		dict{"length": 0, "path": []string{"b", "d"}},
	}
	return d
}

// v2File is the entry of a file of n zeros.
func v2File(n int) dict {
	d := dict{"length": n}
	if n > 0 {
		root, _ := zerosHashes(n, 65536)
		d["pieces root"] = root
	}
	return dict{"": d}
}

// zerosHashes returns the pieces root and the piece layer of n zeros, by the
// definition of BEP 52 and not by the code under test.
func zerosHashes(n, pieceLength int) (root, layer []byte) {
	level := leafHashes(make([]byte, n))
	for width := BlockLen; len(level) > 1 || n > pieceLength && width < pieceLength; width *= 2 {
		if n > pieceLength && width == pieceLength {
			for _, h := range level[:(n+pieceLength-1)/pieceLength] {
				layer = append(layer, h[:]...)
			}
		}
		level = nextLevel(level)
	}
	return level[0][:], layer
}

func with(d dict, key string, v any) dict {
	if v == nil {
		delete(d, key)
	} else {
		d[key] = v
	}
	return d
}

// withFile replaces the first file of a v1 list.
func withFile(d, file dict) dict {
	d["files"].([]any)[0] = file
	return d
}

// withEntry replaces the entry "a" of a v2 tree.
func withEntry(d dict, entry any) dict {
	d["file tree"].(dict)["a"] = entry
	return d
}

func torrentOf(info any) dict { return dict{"info": info, "announce": "http://example.com/announce"} }

// layered is v2Single as a torrent with these piece layers.
func layered(layers any) dict { return with(torrentOf(v2Single()), "piece layers", layers) }

func nested(depth int, v any) any {
	for range depth {
		v = dict{"d": v}
	}
	return v
}

func manyFiles(n int, file func(i int) dict) dict {
	list := make([]any, n)
	for i := range list {
		list[i] = file(i)
	}
	return with(v1Multi(), "files", list)
}

func malformedTorrents() map[string]struct {
	torrent any // encoded, unless it is []byte
	field   string
	reason  Reason
} {
	root, layer := zerosHashes(1<<20, 65536)
	wrong := bytes.Clone(layer)
	wrong[100]++
	type c = struct {
		torrent any
		field   string
		reason  Reason
	}
	files := func(file dict) any { return torrentOf(withFile(v1Multi(), file)) }
	path := func(p ...any) dict { return dict{"length": 425, "path": p} }
	return map[string]c{
		// The file as a whole.
		"empty":               {[]byte(""), "torrent", ReasonBencode},
		"not a dictionary":    {"a string", "torrent", ReasonKind},
		"list":                {[]any{}, "torrent", ReasonKind},
		"truncated":           {[]byte("d4:infod6:lengthi4"), "torrent", ReasonBencode},
		"key twice":           {[]byte("d4:infode4:infodee"), "torrent", ReasonBencode},
		"key twice, apart":    {[]byte("d4:infode3:abci1e4:infodee"), "torrent", ReasonBencode},
		"key without value":   {[]byte("d4:infoe"), "torrent", ReasonBencode},
		"key not a string":    {[]byte("di1e4:infode"), "torrent", ReasonBencode},
		"overlong integer":    {[]byte("d4:infod9:file treede6:lengthi99999999999999999999e12:meta versioni2eee"), "info", ReasonBencode},
		"leading zero":        {[]byte("d4:infod9:file treede6:lengthi0425e12:meta versioni2eee"), "info", ReasonBencode},
		"negative zero":       {[]byte("d4:infod9:file treede6:lengthi-0e12:meta versioni2eee"), "info", ReasonBencode},
		"negative length":     {[]byte("d4:infod4:name-4:tempee"), "torrent", ReasonBencode},
		"string of 2^63":      {[]byte("d4:infod4:name9223372036854775808:tempee"), "torrent", ReasonBencode},
		"deep":                {[]byte("d4:info" + strings.Repeat("l", 100) + strings.Repeat("e", 101)), "torrent", ReasonBencode},
		"no info":             {dict{"announce": "http://example.com/"}, "info", ReasonMissing},
		"info not dictionary": {torrentOf("info"), "info", ReasonKind},
		"info a list":         {torrentOf([]any{}), "info", ReasonKind},
		"info key twice":      {[]byte("d4:infod6:lengthi1e4:name1:a6:lengthi1eee"), "info", ReasonBencode},

		// Piece length.
		"no piece length":        {torrentOf(with(v1Single(), "piece length", nil)), "info.piece length", ReasonMissing},
		"piece length a string":  {torrentOf(with(v1Single(), "piece length", "16384")), "info.piece length", ReasonKind},
		"piece length negative":  {torrentOf(with(v1Single(), "piece length", -16384)), "info.piece length", ReasonPieceLength},
		"piece length zero":      {torrentOf(with(v1Single(), "piece length", 0)), "info.piece length", ReasonPieceLength},
		"piece length 0":         {torrentOf(with(v1Single(), "piece length", 0)), "info.piece length", ReasonPieceLength},
		"v2, piece length 8 KiB": {torrentOf(with(v2Single(), "piece length", 8<<10)), "info.piece length", ReasonPieceLength},
		"piece length huge":      {torrentOf(with(v1Single(), "piece length", 1<<31)), "info.piece length", ReasonPieceLength},
		"pieces over 64 MiB": {
			torrentOf(with(with(v1Single(), "piece length", 64<<20+16384), "length", 64<<20+1)), "info.piece length", ReasonPieceLength,
		},
		"v2 piece length odd":    {torrentOf(with(v2Single(), "piece length", 65536*3)), "info.piece length", ReasonPieceLength},
		"v2 piece length small":  {torrentOf(with(v2Single(), "piece length", 8192)), "info.piece length", ReasonPieceLength},
		"v2 piece length large":  {torrentOf(with(v2Single(), "piece length", 128<<20)), "info.piece length", ReasonPieceLength},
		"v2 piece length 2^31-1": {torrentOf(with(v2Single(), "piece length", 1<<31-1)), "info.piece length", ReasonPieceLength},

		// Names and paths.
		"no name":              {torrentOf(with(v1Multi(), "name", nil)), "info.name", ReasonMissing},
		"name a number":        {torrentOf(with(v1Multi(), "name", 1348)), "info.name", ReasonKind},
		"name a dictionary":    {torrentOf(with(v1Multi(), "name", dict{})), "info.name", ReasonKind},
		"no path":              {files(dict{"length": 425}), "info.files.path", ReasonMissing},
		"path a string":        {files(dict{"length": 425, "path": "foo"}), "info.files.path", ReasonKind},
		"path with a number":   {files(path("foo", 4)), "info.files.path", ReasonKind},
		"path without element": {files(path()), "info.files.path", ReasonMissing},
		"path deeper than 64":  {files(dict{"length": 425, "path": make([]string, 65)}), "info.files.path", ReasonLimit},
		"link with a number": {
			files(dict{"attr": "l", "length": 0, "path": []string{"a"}, "symlink path": []any{"foo", 4}}), "info.symlink path", ReasonKind,
		},
		"padding that links":   {files(dict{"attr": "pl", "symlink path": []string{"foo"}}), "info.files", ReasonPad},
		"padding alone":        {torrentOf(with(v1Single(), "attr", "p")), "info", ReasonPad},
		"33 files of one path": {torrentOf(manyFiles(34, func(int) dict { return path("foo") })), "info", ReasonLimit},

		// Files and sizes.
		"files and length":      {torrentOf(with(v1Multi(), "length", 1)), "info", ReasonConflict},
		"no files, no length":   {torrentOf(with(v1Single(), "length", nil)), "info.length", ReasonMissing},
		"files empty":           {torrentOf(with(v1Multi(), "files", []any{})), "info.files", ReasonNoFiles},
		"files a dictionary":    {torrentOf(with(v1Multi(), "files", dict{})), "info.files", ReasonKind},
		"file a list":           {torrentOf(with(v1Multi(), "files", []any{[]any{}})), "info.files[0]", ReasonKind},
		"length negative":       {torrentOf(with(v1Single(), "length", -425)), "info.length", ReasonRange},
		"length a string":       {torrentOf(with(v1Single(), "length", "425")), "info.length", ReasonKind},
		"length 2^63 - 1":       {torrentOf(with(v1Single(), "length", 1<<63-1)), "info.length", ReasonLimit},
		"file length negative":  {files(dict{"length": -425, "path": []string{"a"}}), "info.files.length", ReasonRange},
		"file length a list":    {files(dict{"length": []any{45}, "path": []string{"a"}}), "info.files.length", ReasonKind},
		"file length missing":   {files(dict{"path": []string{"a"}}), "info.files.length", ReasonMissing},
		"file key twice":        {[]byte("d4:infod5:filesld4:pathl1:ae6:lengthi1e4:pathl1:aeee4:name1:a12:piece lengthi16384e6:pieces20:" + strings.Repeat("a", 20) + "ee"), "info.files", ReasonBencode},
		"sum over 16 TiB":       {files(dict{"length": 16 << 40, "path": []string{"a"}}), "info", ReasonLimit},
		"no bytes":              {torrentOf(with(with(v1Single(), "length", 0), "pieces", "")), "info", ReasonNoFiles},
		"no bytes, but a hash":  {torrentOf(with(v1Single(), "length", 0)), "info", ReasonNoFiles},
		"no bytes, three files": {torrentOf(with(manyFiles(3, func(i int) dict { return dict{"length": 0, "path": []string{fmt.Sprint(i)}} }), "pieces", "")), "info", ReasonNoFiles},
		"only padding":          {torrentOf(with(v1Multi(), "files", []any{dict{"length": 5, "attr": "p"}})), "info", ReasonNoFiles},
		// Pieces.
		"no pieces":             {torrentOf(with(v1Single(), "pieces", nil)), "info.pieces", ReasonMissing},
		"pieces a number":       {torrentOf(with(v1Single(), "pieces", 20)), "info.pieces", ReasonKind},
		"pieces of 19 bytes":    {torrentOf(with(v1Single(), "pieces", strings.Repeat("a", 19))), "info.pieces", ReasonLength},
		"a hash too many":       {torrentOf(with(v1Single(), "pieces", strings.Repeat("a", 40))), "info.pieces", ReasonPieceCount},
		"a hash too few":        {torrentOf(with(v1Single(), "length", 16385)), "info.pieces", ReasonPieceCount},
		"2,097,153 pieces":      {torrentOf(with(v1Single(), "length", 16384*MaxPieces+1)), "info", ReasonLimit},
		"many pieces, one hash": {torrentOf(with(v1Single(), "length", 1759218597889)), "info", ReasonLimit},

		// v2.
		"meta version 3":         {torrentOf(with(v2Single(), "meta version", 3)), "info.meta version", ReasonVersion},
		"meta version 1":         {torrentOf(with(v2Single(), "meta version", 1)), "info.meta version", ReasonVersion},
		"meta version a string":  {torrentOf(with(v2Single(), "meta version", "2")), "info.meta version", ReasonKind},
		"later version, odd":     {torrentOf(dict{"meta version": 3, "file tree": 5}), "info.meta version", ReasonVersion},
		"no meta version":        {torrentOf(with(v2Single(), "meta version", nil)), "info.meta version", ReasonMissing},
		"no file tree":           {torrentOf(with(v2Single(), "file tree", nil)), "info.file tree", ReasonMissing},
		"file tree a list":       {torrentOf(with(v2Single(), "file tree", []any{})), "info.file tree", ReasonKind},
		"file tree empty":        {torrentOf(with(v2Single(), "file tree", dict{})), "info.file tree", ReasonNoFiles},
		"file tree a file":       {torrentOf(with(v2Single(), "file tree", v2File(5))), "info.file tree", ReasonTree},
		"v2 keys not sorted":     {[]byte("d4:infod12:meta versioni2e9:file treedeee"), "info", ReasonBencode},
		"v2 tree not sorted":     {[]byte("d4:infod9:file treed1:bde1:adee12:meta versioni2eee"), "info", ReasonBencode},
		"v2 tree too deep":       {torrentOf(with(v2Single(), "file tree", nested(65, v2File(5)))), "info.file tree", ReasonLimit},
		"v2 entry a number":      {torrentOf(withEntry(v2Multi(), 5)), "info.file tree", ReasonTree},
		"v2 properties too high": {torrentOf(withEntry(v2Multi(), dict{"length": 5, "pieces root": strings.Repeat("r", 32)})), "info.file tree", ReasonTree},
		"v2 file with siblings":  {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": 0}, "x": v2File(5)})), "info.file tree", ReasonTree},
		"v2 empty name":          {torrentOf(withEntry(v2Multi(), dict{"": v2File(5), "x": v2File(5)})), "info.file tree", ReasonMissing},
		"v2 properties a list":   {torrentOf(withEntry(v2Multi(), dict{"": []any{}})), "info.file tree", ReasonKind},
		"v2 length missing":      {torrentOf(withEntry(v2Multi(), dict{"": dict{}})), "info.file tree", ReasonMissing},
		"v2 length negative":     {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": -1}})), "info.file tree.length", ReasonRange},
		"v2 length a string":     {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": "1"}})), "info.file tree.length", ReasonKind},
		"v2 over 16 TiB":         {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": 1 << 60}})), "info.file tree.length", ReasonLimit},
		"v2 many pieces":         {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": 15 << 40, "pieces root": string(root)}})), "info", ReasonLimit},
		"v2 pieces root missing": {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": 5}})), "info.file tree", ReasonRoot},
		"v2 pieces root short":   {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": 5, "pieces root": "short"}})), "info.file tree", ReasonRoot},
		"v2 pieces root number":  {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": 5, "pieces root": 5}})), "info.file tree", ReasonRoot},
		"v2 pieces root zero":    {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": 5, "pieces root": make([]byte, 32)}})), "info.file tree", ReasonRoot},
		"v2 zero root, large":    {torrentOf(withEntry(v2Multi(), dict{"": dict{"length": 1 << 20, "pieces root": make([]byte, 32)}})), "info.file tree", ReasonRoot},
		"v2 link to nothing":     {torrentOf(withEntry(v2Multi(), dict{"": dict{"attr": "l", "length": 5, "symlink path": []string{".."}}})), "info.file tree", ReasonRoot},
		"v2 link with a number":  {torrentOf(withEntry(v2Multi(), dict{"": dict{"attr": "l", "symlink path": []any{5}}})), "info.symlink path", ReasonKind},
		"v2 padding":             {torrentOf(withEntry(v2Multi(), dict{"": dict{"attr": "p", "length": 5, "pieces root": string(root)}})), "info.file tree", ReasonPad},
		"v2 no bytes":            {torrentOf(with(v2Single(), "file tree", dict{"a": v2File(0)})), "info", ReasonNoFiles},

		// Piece layers.
		"layers a list":         {layered([]any{}), "piece layers", ReasonKind},
		"layer a number":        {layered(dict{string(root): 5}), "piece layers", ReasonKind},
		"layer root of 5 bytes": {layered(dict{"short": layer}), "piece layers", ReasonLayer},
		"layer of no file":      {layered(dict{string(root): layer, strings.Repeat("z", 32): layer}), "piece layers", ReasonLayer},
		"layer a hash short":    {layered(dict{string(root): layer[32:]}), "piece layers", ReasonLength},
		"layer a hash long":     {layered(dict{string(root): append(layer[:len(layer):len(layer)], layer[:32]...)}), "piece layers", ReasonLength},
		"layer not of hashes":   {layered(dict{string(root): layer[:len(layer)-5]}), "piece layers", ReasonLength},
		"layer empty":           {layered(dict{string(root): ""}), "piece layers", ReasonLength},
		"layer wrong":           {layered(dict{string(root): wrong}), "piece layers", ReasonLayer},
		"layers not sorted": {
			append(append([]byte("d4:info"), mustEncode(v2Single())...), "12:piece layersd32:"+strings.Repeat("b", 32)+"0:32:"+strings.Repeat("a", 32)+"0:ee"...), "piece layers", ReasonBencode,
		},

		// Hybrids.
		"hybrid, other path":     {torrentOf(withFile(hybridMulti(), dict{"length": 100_000, "path": []string{"A"}})), "info.files", ReasonHybrid},
		"hybrid, other length":   {torrentOf(withFile(hybridMulti(), dict{"length": 100_001, "path": []string{"a"}})), "info.files", ReasonHybrid},
		"hybrid, a file more":    {torrentOf(with(hybridMulti(), "files", append(hybridMulti()["files"].([]any), dict{"length": 0, "path": []string{"x"}}))), "info.files", ReasonHybrid},
		"hybrid, a file less":    {torrentOf(with(hybridMulti(), "files", hybridMulti()["files"].([]any)[:3])), "info.files", ReasonHybrid},
		"hybrid, other order":    {torrentOf(swapFiles(hybridMulti(), 2, 3)), "info.files", ReasonHybrid},
		"hybrid, no padding":     {torrentOf(with(dropFile(hybridMulti(), 1), "pieces", strings.Repeat("p", 40))), "info.files", ReasonHybrid},
		"hybrid, link in one":    {torrentOf(withLink(hybridMulti())), "info.files", ReasonHybrid},
		"hybrid, long tail":      {torrentOf(withTail(hybridMulti(), 65536)), "info.files", ReasonHybrid},
		"hybrid, other name":     {torrentOf(with(with(with(v2Single(), "length", 1<<20), "pieces", strings.Repeat("p", 16*20)), "name", "other")), "info.files", ReasonHybrid},
		"hybrid, single v tree":  {torrentOf(with(with(v2Multi(), "length", 100_005), "pieces", strings.Repeat("p", 2*20))), "info.files", ReasonHybrid},
		"hybrid, no pieces":      {torrentOf(with(hybridMulti(), "pieces", nil)), "info.pieces", ReasonMissing},
		"hybrid, only pieces":    {torrentOf(with(hybridMulti(), "files", nil)), "info.length", ReasonMissing},
		"hybrid, wrong hashes":   {torrentOf(with(hybridMulti(), "pieces", strings.Repeat("p", 40))), "info.pieces", ReasonPieceCount},
		"hybrid, length, pieces": {torrentOf(with(v2Single(), "length", 1<<20)), "info.pieces", ReasonMissing},
	}
}

func mustEncode(v any) []byte {
	b, err := bencode.Append(nil, v)
	if err != nil {
		panic(err)
	}
	return b
}

func mustRoot(n int) []byte {
	root, _ := zerosHashes(n, 65536)
	return root
}

func swapFiles(d dict, i, j int) dict {
	files := d["files"].([]any)
	files[i], files[j] = files[j], files[i]
	return d
}

func dropFile(d dict, i int) dict {
	files := d["files"].([]any)
	d["files"] = append(files[:i:i], files[i+1:]...)
	return d
}

func withLink(d dict) dict {
	d["files"].([]any)[3] = dict{"attr": "l", "path": []string{"b", "d"}, "symlink path": []string{"a"}}
	return d
}

func withTail(d dict, n int) dict {
	d["files"] = append(d["files"].([]any), dict{"length": n, "attr": "p"})
	return with(d, "pieces", strings.Repeat("p", 4*20))
}

func TestMalformed(t *testing.T) {
	for name, c := range malformedTorrents() {
		t.Run(name, func(t *testing.T) {
			b, ok := c.torrent.([]byte)
			if !ok {
				b = encode(t, c.torrent)
			}
			tor, err := ParseTorrent(b)
			if tor != nil || err == nil {
				t.Fatal("accepted")
			}
			var inv *InvalidError
			if !errors.As(err, &inv) {
				t.Fatalf("%T: %v", err, err)
			}
			if inv.Field != c.field || inv.Reason != c.reason || !errors.Is(err, c.reason) {
				t.Errorf("%v: want %s: %s", err, c.field, string(c.reason))
			}
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("not one line: %q", err.Error())
			}
		})
	}
}

// TestLimits is TestMalformed for what is large.
func TestLimits(t *testing.T) {
	head, tail := "d4:infod5:filesl", "e4:name1:a12:piece lengthi16384e6:pieces"
	var dirs strings.Builder // 25,001 files with four directories of their own
	for i := range 25_001 {
		dirs.WriteString("d6:lengthi1e4:pathl" + strings.Repeat(fmt.Sprintf("5:%05d", i), 5) + "ee")
	}
	onePiece := "20:" + strings.Repeat("a", 20) + "ee"
	for name, c := range map[string]struct{ torrent, field string }{
		"100,001 files":       {head + strings.Repeat("d6:lengthi1e4:pathl1:aee", MaxFiles+1) + tail + onePiece, "info.files"},
		"100,004 directories": {head + dirs.String() + tail + "40:" + strings.Repeat("a", 40) + "ee", "info"},
		"a million elements": {
			head + strings.Repeat("d6:lengthi1e4:pathl"+strings.Repeat("1:a", 64)+"ee", MaxElements/64+1) + tail + onePiece, "info.files.path",
		},
		"info over 10 MB":        {"d4:infod1:x10000000:" + strings.Repeat("x", MaxInfoLen) + "ee", "info"},
		"torrent over the limit": {strings.Repeat("x", MaxTorrentLen+1), "torrent"},
	} {
		_, err := ParseTorrent([]byte(c.torrent))
		var inv *InvalidError
		if !errors.As(err, &inv) || inv.Reason != ReasonLimit || inv.Field != c.field {
			t.Errorf("%s: %v, want %s", name, err, c.field)
		}
	}
}

// TestTemplates checks that what the malformed torrents are made from is right.
func TestTemplates(t *testing.T) {
	root, layer := zerosHashes(1<<20, 65536)
	for name, d := range map[string]dict{
		"v1Single": torrentOf(v1Single()), "v1Multi": torrentOf(v1Multi()), "v2Single": torrentOf(v2Single()),
		"v2Multi": torrentOf(v2Multi()), "hybridMulti": torrentOf(hybridMulti()),
		"layered": layered(dict{string(root): layer}), "short tail": torrentOf(with(withTail(hybridMulti(), 65531), "pieces", strings.Repeat("p", 60))),
	} {
		if _, err := ParseTorrent(encode(t, d)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
