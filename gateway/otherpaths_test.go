package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// listed adds a torrent made by hand of files in this order: lengths, attributes and paths.
func listed(t testing.TB, g *gatewayTest, name string, files []listedFile) metainfo.InfoHash {
	t.Helper()
	return listedIn(t, g, "", name, files)
}

// listedIn is listed for names in a character set, which the .torrent names.
func listedIn(t testing.TB, g *gatewayTest, charset, name string, files []listedFile) metainfo.InfoHash {
	t.Helper()
	var list strings.Builder
	data, total := make(map[string][]byte), 0
	for _, f := range files {
		list.WriteString("d")
		if f.attr != "" {
			fmt.Fprintf(&list, "4:attr%d:%s", len(f.attr), f.attr)
		}
		fmt.Fprintf(&list, "6:lengthi%de4:pathl", len(f.data))
		for segment := range strings.SplitSeq(f.path, "/") {
			fmt.Fprintf(&list, "%d:%s", len(segment), segment)
		}
		list.WriteString("e")
		if f.link != "" {
			list.WriteString("12:symlink pathl")
			for segment := range strings.SplitSeq(f.link, "/") {
				fmt.Fprintf(&list, "%d:%s", len(segment), segment)
			}
			list.WriteString("e")
		}
		list.WriteString("e")
		data[f.path], total = f.data, total+len(f.data)
	}
	pieces := (total + 16383) / 16384
	raw := fmt.Sprintf("d5:filesl%se4:name%d:%s12:piece lengthi16384e6:pieces%d:%se", list.String(), len(name), name, 20*pieces, strings.Repeat("x", 20*pieces))
	torrent, err := metainfo.ParseTorrent(fmt.Appendf(nil, "d8:encoding%d:%s4:info%se", len(charset), charset, raw))
	if err != nil {
		t.Fatal(err)
	}
	return g.backend.keep(t, torrent, data)
}

type listedFile struct {
	path, attr, link string
	data             []byte
}

// A BEP 19 web seed is asked for padding too: Transmission stays at 85.8 % without it.
func TestPaddingIsZeros(t *testing.T) {
	g := serve(t, nil)
	one, two := random(1, 20_000), random(2, 9000)
	hash := listed(t, g, "padded", []listedFile{
		{path: "one.mkv", data: one},
		{path: ".pad/12768", attr: "p", data: make([]byte, 12768)},
		{path: "two.mkv", data: two},
		{path: "deep/.pad/7384 %", attr: "px", data: make([]byte, 7384)},
		{path: "three.txt", data: []byte{3}},
		{path: ".pad/12768", attr: "p", data: make([]byte, 12768)}, // two of one name
		{path: "four.txt", data: []byte{4}},
		{path: "_____padding_file_0_if you see this____", data: make([]byte, 999)}, // BitComet
		{path: "five.txt", data: []byte{5}},
		{path: ".____padding_file/0", data: make([]byte, 1001)}, // libtorrent before 1.1
		{path: "six.txt", data: []byte{6}},
		{path: ".pad/1002", data: make([]byte, 1002)}, // without the attribute
		{path: "seven.txt", data: []byte{7}},
	})
	for path, size := range map[string]int{
		"/.pad/12768": 12768, "/deep/.pad/7384%20%25": 7384, "/_____padding_file_0_if%20you%20see%20this____": 999,
		"/.____padding_file/0": 1001, "/.pad/1002": 1002,
	} {
		path = hash.Path() + "/padded" + path
		a := g.get(t, path)
		if a.status != 200 || a.get("Etag") == "" || a.get("Cache-Status") != "btgw; hit" || a.cut {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		a.wantBody(t, make([]byte, size))
		b := g.get(t, path, "Range: bytes=100-199", "If-Range: "+a.get("Etag"))
		if b.status != 206 || b.get("Content-Range") != fmt.Sprintf("bytes 100-199/%d", size) {
			t.Errorf("%s: %d %v", path, b.status, b.header)
		}
		b.wantBody(t, make([]byte, 100))
		if h := g.request(t, "HEAD", path); h.status != 200 || h.get("Content-Length") != fmt.Sprint(size) {
			t.Errorf("HEAD %s: %d %v", path, h.status, h.header)
		}
		if a := g.get(t, path, "Cache-Control: only-if-cached", "Range: bytes=5-2,7-8,900-901"); a.status != 416 {
			t.Errorf("%s: %d", path, a.status)
		}
		if a := g.get(t, path+"/"); a.status != 404 {
			t.Errorf("%s/: %d", path, a.status)
		}
		if a := g.get(t, path+"?format=json"); a.status != 404 {
			t.Errorf("%s as JSON: %d", path, a.status)
		}
	}
	for _, path := range []string{"/.pad/12769", "/.pad", "/.pad/", "/.pad/12768/x", "/deep/"} {
		if a := g.get(t, hash.Path()+"/padded"+path); a.status != 404 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if len(g.backend.opens) != 0 {
		t.Errorf("zeros were asked of the swarm: %v", g.backend.opens)
	}
	for _, format := range []string{"html", "json", "text", "m3u8"} {
		if a := g.get(t, hash.Path()+"/?format="+format); a.status != 200 || bytes.Contains(a.body, []byte("pad/")) || bytes.Contains(a.body, []byte("padding_")) {
			t.Errorf("%s lists padding:\n%s", format, a.body)
		}
	}
}

// What is called by an equivalent name is found, if there is one only.
func TestEquivalentNames(t *testing.T) {
	g := serve(t, nil)
	const nfc, nfd = "caf\u00e9", "cafe\u0301"
	hash := listed(t, g, nfd, []listedFile{
		{path: "\u1112\u1161\u11ab/film.mkv", data: random(1, 100)}, // Hangul in letters
		{path: "both/" + nfc + ".txt", data: random(2, 200)},
		{path: "both/" + nfd + ".txt", data: random(3, 300)},
		{path: "two/\u212b.txt", data: random(4, 400)}, // the unit, of which both others are no name
		{path: "two/A\u030a.txt", data: random(5, 500)},
		{path: "unit/300 \u212a.txt", data: random(6, 600)}, // Kelvin
		{path: "same/" + nfd + "/\u1e9b\u0323.txt", data: random(7, 700)},
	})
	root := hash.Path() + "/" + escapeSegment(nfd)
	for path, location := range map[string]string{
		"/" + nfc + "/%ed%95%9c/film.mkv?dn=x%20": root + "/%E1%84%92%E1%85%A1%E1%86%AB/film.mkv?dn=x%20",
		"/" + nfc:                                              root,
		"/" + nfc + "/":                                        root + "/",
		"/" + nfc + "/?format=json":                            root + "/?format=json",
		"/" + nfc + "/both/" + nfc + ".txt":                    root + "/both/caf%C3%A9.txt",
		"/" + nfc + "/both/" + nfd + ".txt":                    root + "/both/cafe%CC%81.txt",
		"/" + nfd + "/unit/300%20K.txt":                        root + "/unit/300%20%E2%84%AA.txt",
		"/" + nfd + "/same/" + nfc + "/\u017f\u0323\u0307.txt": root + "/same/cafe%CC%81/%E1%BA%9B%CC%A3.txt",
	} {
		a := g.get(t, hash.Path()+path)
		if a.status != 301 || a.get("Location") != location {
			t.Errorf("%s: %d to %q, not %q", path, a.status, a.get("Location"), location)
			continue
		}
		if last := g.get(t, location); last.status != 200 && last.status != 301 {
			t.Errorf("%s: %d", location, last.status)
		}
	}
	for _, path := range []string{
		"/" + nfd + "/both/caf\u00e8.txt", "/" + nfd + "/two/\u00c5.txt", "/" + nfd + "/both/cafe.txt", "/" + nfd + "/unit/300%20k.txt",
		"/" + nfc + "/none", "/" + strings.ToUpper(nfd) + "/", "/" + nfd + "/\xff", "/" + nfd + "/both/caf%C3%A9.txt/", "/%00",
	} {
		if a := g.get(t, hash.Path()+path); a.status != 404 {
			t.Errorf("%q: %d to %q", path, a.status, a.get("Location"))
		}
	}
	a := g.get(t, root+"/both/"+nfc+".txt")
	if a.status != 200 {
		t.Errorf("a name that is there: %d", a.status)
	}
	a.wantBody(t, random(2, 200))
}

// A symbolic link in a listing says where it points, and how much is there.
func TestSymlinksInListings(t *testing.T) {
	g := serve(t, nil)
	hash := listed(t, g, "linked", []listedFile{
		{path: "sub/film.mkv", data: random(1, 5000)},
		{path: "sub/deeper/a.txt", data: random(2, 60)},
		{path: "latest.mkv", attr: "l", link: "sub/film.mkv"},
		{path: "folder", attr: "l", link: "sub"},
		{path: "sub/up", attr: "l", link: "sub"},
		{path: "gone.mkv", attr: "l", link: "sub/none.mkv"},
		{path: "chain.mkv", attr: "l", link: "latest.mkv"},
	})
	var torrent TorrentListing
	if err := json.Unmarshal(g.get(t, hash.Path()+"/?format=json").body, &torrent); err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		size   int64
		target string
	}{
		"latest.mkv": {5000, "linked/sub/film.mkv"}, "folder": {5060, "linked/sub"}, "sub/up": {5060, "linked/sub"},
		"gone.mkv": {0, "linked/sub/none.mkv"}, "chain.mkv": {5000, "linked/latest.mkv"}, "sub/film.mkv": {5000, ""}, "sub/deeper/a.txt": {60, ""},
	}
	for _, f := range torrent.Files {
		path := strings.Join(f.Path[1:], "/")
		if w := want[path]; f.Size != w.size || strings.Join(f.Target, "/") != w.target || f.Symlink != (w.target != "") {
			t.Errorf("%s: %+v", path, f)
		}
	}
	if len(torrent.Files) != len(want) || torrent.Size != 5060 {
		t.Errorf("%d files, %d bytes", len(torrent.Files), torrent.Size)
	}
	var dir DirectoryListing
	if err := json.Unmarshal(g.get(t, hash.Path()+"/linked/?format=json").body, &dir); err != nil {
		t.Fatal(err)
	}
	for _, e := range dir.Entries {
		if w := want[e.Name]; e.Name != "sub" && (e.Size != w.size || strings.Join(e.Target, "/") != w.target) {
			t.Errorf("%s: %+v", e.Name, e)
		}
	}
	if a := g.get(t, hash.Path()+"/linked/gone.mkv"); a.status != 404 {
		t.Errorf("a link that leads nowhere: %d to %q", a.status, a.get("Location"))
	}
	// On the page a directory's link leads to the directory: no crawler copies it twice, or for ever.
	page := string(g.get(t, hash.Path()+"/linked/").body)
	if !strings.Contains(page, `<a href="sub/">folder/</a>`) || !strings.Contains(page, `<a href="latest.mkv">`) {
		t.Errorf("%s", page)
	}
	if page := string(g.get(t, hash.Path()+"/linked/sub/").body); !strings.Contains(page, `<a href="../sub/">up/</a>`) {
		t.Errorf("%s", page)
	}
}

// Names in another character set, which the .torrent names, are read in it and found by what
// they read, while URLs have their bytes: the same where the infohash alone is known.
func TestNamesInACharacterSet(t *testing.T) {
	g := serve(t, nil)
	const dir, file = "\xd2\xf4\xc0\xd6", "\xb5\xe7\xd3\xb0.mkv" // 音乐, 电影.mkv
	hash := listedIn(t, g, "GBK", dir, []listedFile{{path: file, data: random(1, 100)}, {path: "plain/\xff.txt", data: random(2, 200)}})
	href := hash.Path() + "/%D2%F4%C0%D6/%B5%E7%D3%B0.mkv"
	a := g.get(t, href)
	if a.status != 200 || !strings.Contains(a.get("Content-Disposition"), "UTF-8''%E7%94%B5%E5%BD%B1.mkv") {
		t.Errorf("%d %q", a.status, a.get("Content-Disposition"))
	}
	a.wantBody(t, random(1, 100))
	for format, want := range map[string]string{"html": "电影.mkv", "text": "电影.mkv", "json": `"name":"音乐"`, "m3u8": "电影.mkv\n"} {
		a := g.get(t, hash.Path()+"/?format="+format)
		if a.status != 200 || !strings.Contains(strings.ReplaceAll(string(a.body), `": "`, `":"`), want) {
			t.Errorf("%s: %d, without %q:\n%s", format, a.status, want, a.body)
		}
	}
	if a := g.get(t, hash.Path()+"/音乐/电影.mkv"); a.status != 301 || a.get("Location") != href {
		t.Errorf("by what it reads: %d to %q", a.status, a.get("Location"))
	}
}
