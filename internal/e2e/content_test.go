package e2e

import (
	"bytes"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// TestPieceLengths has files whose last piece and last block are short, beside
// one that fits exactly and one that is smaller than a block.
func TestPieceLengths(t *testing.T) {
	t.Parallel()
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	g := start(t, options{})
	for i, c := range []struct {
		name        string
		pieceLength int64
		size        int64
	}{
		{"16KiB", 16 << 10, 3<<20 + 16<<10 + 1},
		{"256KiB", 256 << 10, 9<<20 + 12345},
		{"4MiB", 4 << 20, 18<<20 + 16<<10 - 1},
		{"exact", 256 << 10, 4 << 20},
		{"one piece", 4 << 20, 100_000},
		{"one byte", 16 << 10, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := clients.MakePayload(t, clients.Spec{Name: c.name + ".bin", Seed: 1100 + uint64(i), PieceLength: c.pieceLength, Size: c.size})
			seeder.Seed(p, false)
			g.wants(t, p, hints(nil, seeder.Addr()))
			g.frugal(t, p)
		})
	}
}

// frugal expects that every byte of a torrent came once, but for the odd block
// that was asked for twice.
func (g *btgw) frugal(t *testing.T, p *clients.Payload) {
	t.Helper()
	st := g.status(p.Hash)
	if limit := st.Size + st.Size/100 + 4*metainfo.BlockLen; st.Downloaded > limit || st.Downloaded < st.Size {
		t.Errorf("downloaded %d bytes for %d (wasted %d)", st.Downloaded, st.Size, st.Wasted)
	}
	if st.HashFailures != 0 {
		t.Errorf("%d pieces failed their hash", st.HashFailures)
	}
}

// oddNames are names that a URL, a file system or a header could trip over. They
// are valid file names of Linux, which the clients have to write.
var oddNames = []string{
	"with spaces  and two",
	" leading and trailing ",
	"C++ & C#.mkv",
	"100%",
	"not%2Fa%2fslash",
	"%",
	"what?=ever;a=b&c",
	"semi;colon,comma@at:colon$",
	`quotes "double" 'single' ` + "`back`",
	`back\slash`,
	"[brackets]{braces}<angles>|~^",
	"caf\u00e9 NFC",
	"cafe\u0301 NFC", // the same to the eye, NFD
	"\u65e5\u672c\u8a9e.txt",
	"\U0001F600.bin",
	".hidden",
	"..two dots",
	"trailing dot.",
	"index.html",
	strings.Repeat("n", 196) + ".bin",     // 200 bytes
	strings.Repeat("\u00e9", 98) + "..ab", // 200 bytes, 102 characters
	"-rf",
	"CON",
	"a=b+c d",
}

// unwritable are names that a client keeps under another one, so that it cannot
// seed what it did not download itself.
var unwritable = map[string]map[string]bool{
	"libtorrent":   {`back\slash`: true},     // it drops backslashes everywhere, for the sake of Windows
	"transmission": {"\U0001F600.bin": true}, // its JSON has 16 bits a character
}

// TestOddNames gets files of odd names out of folders of odd names.
func TestOddNames(t *testing.T) {
	t.Parallel()
	for _, s := range seeders {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			spec := clients.Spec{Name: `odd + "names" 100%2F`, Seed: 12, PieceLength: 16 << 10}
			for i, name := range oddNames {
				if !unwritable[s.name][name] {
					spec.Files = append(spec.Files,
						clients.FileSpec{Path: []string{"files", name}, Size: int64(i * 1000)},
						clients.FileSpec{Path: []string{"folders", name, name}, Size: 100})
				}
			}
			p := clients.MakePayload(t, spec)
			g := start(t, options{})
			g.wants(t, p, hints(nil, s.seed(t, p).Addr()))
			g.listed(t, p)
		})
	}
}

// listed expects that the listings link to every file, by the URL that it has.
func (g *btgw) listed(t *testing.T, p *clients.Payload) {
	t.Helper()
	links := map[string]bool{} // their paths, unescaped
	pages := []string{g.url + p.Hash.Path() + "/"}
	for len(pages) > 0 {
		page := pages[0]
		pages = pages[1:]
		a := g.get(page, "Accept", "text/html")
		base, err := url.Parse(page)
		if a.status != http.StatusOK || err != nil {
			t.Fatalf("%s: %d %v %v", page, a.status, a.err, err)
		}
		for _, m := range link.FindAllSubmatch(a.body, -1) {
			to, err := base.Parse(html.UnescapeString(string(m[1])))
			if err != nil {
				t.Fatalf("%s links to %s: %v", page, m[1], err)
			}
			if links[to.Path] || !strings.HasPrefix(to.Path, base.Path) || to.Path == base.Path {
				continue // up, or to itself
			}
			links[to.Path] = true
			if strings.HasSuffix(to.Path, "/") {
				pages = append(pages, to.String())
			}
		}
	}
	for _, f := range files(p) {
		if want, err := url.Parse(g.urlOf(p, f, "")); err != nil || !links[want.Path] {
			t.Errorf("no listing links to %s", want)
		}
	}
}

// link is one of a page.
var link = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)

// TestPaddingFiles: they take space among the pieces, are zeros for clients that ask for them,
// and are in no listing.
func TestPaddingFiles(t *testing.T) {
	t.Parallel()
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	g := start(t, options{})
	for name, version := range map[string]metainfo.Version{"v1": metainfo.V1, "hybrid": metainfo.Hybrid} {
		t.Run(name, func(t *testing.T) {
			p := clients.MakePayload(t, clients.Spec{
				Name: "padded " + name, Seed: 1300 + uint64(version), PieceLength: 64 << 10, PadFiles: true, Version: version,
				Files: []clients.FileSpec{
					{Path: []string{"1.bin"}, Size: 100_001},
					{Path: []string{"2.bin"}, Size: 64 << 10},
					{Path: []string{"3", "3.bin"}, Size: 1},
					{Path: []string{"4"}, Size: 0},
					{Path: []string{"5.bin"}, Size: 300_000},
				},
			})
			if pads := len(p.Info.Files) - len(files(p)); pads < 2 {
				t.Fatalf("the torrent has %d padding files", pads)
			}
			seeder.Seed(p, false)
			query := hints(nil, seeder.Addr())
			g.wants(t, p, query)
			for i := range p.Info.Files {
				if f := &p.Info.Files[i]; f.Pad {
					if a := g.get(g.urlOf(p, f, query)); a.status != http.StatusOK || !bytes.Equal(a.body, make([]byte, f.Length)) {
						t.Errorf("padding at %s: %d, %d bytes of %d", a.url, a.status, len(a.body), f.Length)
					}
				}
			}
			if a := g.get(g.url + p.Hash.Path() + "/?format=json"); a.status != http.StatusOK || bytes.Contains(a.body, []byte(".pad")) {
				t.Errorf("the listing has padding: %d %s", a.status, a.body)
			}
		})
	}
}
