package metainfo

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parseTorrent(t testing.TB, d dict) *Torrent {
	t.Helper()
	tor, err := ParseTorrent(encode(t, d))
	if err != nil {
		t.Fatal(err)
	}
	return tor
}

func TestTrackers(t *testing.T) {
	const a, b, c = "http://a.example/announce?key=1", "udp://b.example:80", "https://c.example/"
	for name, x := range map[string]struct {
		announce, list any
		want           [][]string
	}{
		"none":              {nil, nil, nil},
		"one":               {a, nil, [][]string{{a}}},
		"tiers":             {a, []any{[]string{a, b}, []string{c}}, [][]string{{a, b}, {c}}},
		"list wins":         {a, []any{[]string{b}}, [][]string{{b}}},
		"empty list":        {a, []any{[]any{}, []string{""}}, [][]string{{a}}},
		"spaces":            {" \t" + a + "\n", nil, [][]string{{a}}},
		"twice":             {a, []any{[]string{a, a}, []string{a}, []string{b, a}}, [][]string{{a}, {b}}},
		"scheme":            {"tracker.example:80/announce", []any{[]string{"gopher://x.example", b}}, [][]string{{b}}},
		"no scheme":         {"tracker.example:6969/announce", nil, [][]string{{"udp://tracker.example:6969/announce"}}},
		"none, of the web":  {"tracker.example/announce?k=1", nil, [][]string{{"http://tracker.example/announce?k=1"}}},
		"none, port 80":     {"//203.0.113.5:80/announce.php", nil, [][]string{{"http://203.0.113.5:80/announce.php"}}},
		"none, with TLS":    {"tracker.example:443/announce", nil, [][]string{{"https://tracker.example:443/announce"}}},
		"none, IPv6":        {"[2001:db8::1]:1337", nil, [][]string{{"udp://[2001:db8::1]:1337"}}},
		"no tracker":        {"tracker.example", []any{"nonsense", "localhost:80", "a.example/x"}, nil},
		"upper case scheme": {"HTTP://a.example/", nil, [][]string{{"http://a.example/"}}},
		"WebSocket":         {"wss://a.example", nil, [][]string{{"wss://a.example"}}},
		"no host":           {"http:///announce", nil, nil},
		"broken":            {"http://%zz/", nil, nil},
		"stray percent":     {"http://a.example/%zz%2f%/%%41%", nil, [][]string{{"http://a.example/%25zz%2f%25/%25%41%25"}}},
		"one in the query":  {"http://a.example/?k=100%&b=%", nil, [][]string{{"http://a.example/?k=100%&b=%"}}},
		"zeros and lines":   {"\x00\r\n" + a + "\x00\r\n", nil, [][]string{{a}}},
		"other letters":     {"http://bücher.example:81/a%2fb", nil, [][]string{{"http://xn--bcher-kva.example:81/a%2fb"}}},
		"escaped letters":   {"udp://B%C3%BCcher.example:81", nil, [][]string{{"udp://xn--bcher-kva.example:81"}}},
		"no letters at all": {"http://\xff\xfe.example/", nil, nil},
		"two in one text":   {a + "\r\n" + b, nil, [][]string{{a, b}}},
		"a list of texts":   {nil, []string{a, b}, [][]string{{a}, {b}}},
		"a list, half flat": {nil, []any{a, []string{b, c}}, [][]string{{a}, {b, c}}},
		"announce a list":   {[]string{a, b}, nil, [][]string{{a, b}}},
		"list a text alone": {nil, a + " " + b, [][]string{{a, b}}},
		"lists in lists":    {nil, []any{[]any{[]string{a}, []any{[]any{[]any{b}}}}}, [][]string{{a}}},
		"control character": {"http://a.example/\r\nX: y", nil, nil},
		"long":              {"http://a.example/" + strings.Repeat("x", MaxURLLen), nil, nil},
		"other kinds":       {5, []any{5, "x", []any{5, []any{}, a}, dict{}}, [][]string{{a}}},
		"list a string":     {a, b, [][]string{{a}}},
	} {
		d := torrentOf(v1Single())
		got := parseTorrent(t, with(with(d, "announce", x.announce), "announce-list", x.list)).Trackers
		if diff := cmp.Diff(x.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var many []any
	for i := range 2 * MaxTrackers {
		many = append(many, []string{fmt.Sprintf("udp://t%d.example:1", i)})
	}
	if got := parseTorrent(t, with(torrentOf(v1Single()), "announce-list", many)).Trackers; len(got) != MaxTrackers {
		t.Errorf("%d trackers", len(got))
	}
}

func TestWebSeeds(t *testing.T) {
	for name, x := range map[string]struct {
		list any
		want []string
	}{
		"string":         {"http://a.example/file", []string{"http://a.example/file"}},
		"empty string":   {"", nil},
		"list":           {[]string{"http://a.example/", "https://b.example/", "http://a.example/"}, []string{"http://a.example/", "https://b.example/"}},
		"spaces":         {[]string{"http://test.com/test file/foo bar"}, []string{"http://test.com/test%20file/foo%20bar"}},
		"empty element":  {[]string{""}, nil},
		"other kinds":    {[]any{5, []any{}, "ftp://a.example/", "file:///etc/passwd"}, nil},
		"a number":       {5, nil},
		"two in one":     {"http://a.example/x http://b.example/y z\nhttps://c.example", []string{"http://a.example/x", "http://b.example/y%20z", "https://c.example"}},
		"blanks":         {"  ", nil},
		"blank elements": {[]string{" ", "\x00", " http://a.example/ "}, []string{"http://a.example/"}},
		"lists in it":    {[]any{[]string{"http://a.example/"}, "HTTPS://b.example/"}, []string{"http://a.example/", "https://b.example/"}},
		"stray percent":  {"http://a.example/100%", []string{"http://a.example/100%25"}},
		"no web address": {"udp://a.example:80", nil},
	} {
		if diff := cmp.Diff(x.want, parseTorrent(t, with(torrentOf(v1Single()), "url-list", x.list)).WebSeeds); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNodes(t *testing.T) {
	nodes := []any{
		[]any{"127.0.0.1", 6881}, []any{"router.example", 6881}, []any{"2001:db8::1", 1},
		[]any{"x", 0}, []any{"x", 65536}, []any{"x", -1}, []any{"x"}, []any{6881}, "x:5", []any{"", 5}, []any{"a b", 5},
		[]any{"192.0.2.1", "6881"}, []any{6881, "192.0.2.2"}, []any{"192.0.2.3", 6881, 4}, "[2001:db8::2]:2", "x",
		dict{"host": "192.0.2.4", "port": 6881}, dict{"ip": "192.0.2.5", "port": "6881"}, dict{}, 5,
	}
	want := []string{"127.0.0.1:6881", "router.example:6881", "[2001:db8::1]:1", "x:5",
		"192.0.2.1:6881", "192.0.2.2:6881", "192.0.2.3:6881", "[2001:db8::2]:2", "192.0.2.4:6881", "192.0.2.5:6881"}
	if diff := cmp.Diff(want, parseTorrent(t, with(torrentOf(v1Single()), "nodes", nodes)).Nodes); diff != "" {
		t.Error(diff)
	}
}

func TestTexts(t *testing.T) {
	d := torrentOf(v1Single())
	d["comment"], d["comment.utf-8"] = "\xff\xfe", "ü"
	d["created by"] = "caf\xe9"
	d["creation date"] = 1234567
	tor := parseTorrent(t, d)
	if tor.Comment != "ü" || tor.CreatedBy != "caf\ufffd" || tor.CreationDate != 1234567 {
		t.Errorf("%+v", tor)
	}
	d["creation date"] = " 1234567"
	if tor := parseTorrent(t, d); tor.CreationDate != 1234567 {
		t.Errorf("as text: %+v", tor)
	}
	for _, odd := range []any{-1, 0, 1 << 62, "yesterday", []any{}} {
		d["creation date"], d["comment.utf-8"] = odd, strings.Repeat("x", MaxTextLen+1)
		if tor := parseTorrent(t, d); tor.CreationDate != 0 || tor.Comment != "\ufffd" {
			t.Errorf("%v: %+v", odd, tor)
		}
	}
}

// TestLayersMayBeMissing checks that a torrent without its layers, or without
// some, is taken: the swarm knows them.
func TestLayersMayBeMissing(t *testing.T) {
	root, layer := zerosHashes(1<<20, 65536)
	for n, d := range []dict{torrentOf(v2Single()), layered(dict{string(root): layer})} {
		tor := parseTorrent(t, d)
		if len(tor.Layers) != n || tor.Layers == nil {
			t.Errorf("%d layers", len(tor.Layers))
		}
	}
	if tor := parseTorrent(t, torrentOf(v1Single())); tor.Layers != nil {
		t.Error("layers of a v1 torrent")
	}
	// The same content twice has one layer.
	twice := with(v2Single(), "file tree", dict{"a": v2File(1 << 20), "b": v2File(1 << 20)})
	if tor := parseTorrent(t, with(torrentOf(twice), "piece layers", dict{string(root): layer})); len(tor.Layers) != 1 {
		t.Error("one layer serves two files")
	}
}

func TestEncode(t *testing.T) {
	root, layer := zerosHashes(1<<20, 65536)
	full := layered(dict{string(root): layer})
	full["announce"] = "http://a.example/"
	full["announce-list"] = []any{[]string{"http://a.example/", "udp://b.example:1"}, []string{"udp://c.example:1"}}
	full["url-list"] = []string{"http://s.example/"}
	full["nodes"] = []any{[]any{"2001:db8::1", 6881}, []any{"n.example", 1}}
	full["comment"], full["created by"], full["creation date"] = "c", "me", 1
	for name, d := range map[string]dict{"full": full, "plain": torrentOf(v1Single()), "no layers": with(torrentOf(v2Single()), "piece layers", dict{})} {
		b := encode(t, d)
		tor, err := ParseTorrent(b)
		if err != nil {
			t.Fatal(err)
		}
		if got := tor.Encode(); !bytes.Equal(got, b) {
			t.Errorf("%s: %q\nis not\n%q", name, got, b)
		}
	}
	// What is malformed in a hand-made Torrent is left out.
	tor := &Torrent{Info: mustInfo(t, v1Single()), Trackers: [][]string{{}}, Nodes: []string{"nonsense", "a:b"}}
	if got := tor.Encode(); !bytes.Equal(got, append(append([]byte("d4:info"), tor.Info.Raw()...), 'e')) {
		t.Errorf("%q", got)
	}
}

// TestTorrentKeepsItsBytes checks that a Torrent is independent of its input.
func TestTorrentKeepsItsBytes(t *testing.T) {
	root, layer := zerosHashes(1<<20, 65536)
	b := encode(t, with(layered(dict{string(root): layer}), "comment", "c"))
	tor, err := ParseTorrent(b)
	if err != nil {
		t.Fatal(err)
	}
	before := tor.Encode()
	clear(b)
	if !bytes.Equal(before, tor.Encode()) {
		t.Error("changed with the input")
	}
}
