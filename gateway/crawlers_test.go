package gateway

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// crawledNames are what strangers call files, as far as a file system takes it.
func crawledNames() []string {
	names := []string{
		"plain.txt", "two words.txt", "100%.txt", "%41.txt", "%2F.txt", "a%20b.txt", "number #1.txt", "#.txt", "what?.txt", "?a=b&c=d", "semi;colon.txt", "a;b=c", "C++.mkv",
		"R&B.mp3", "a&amp;b.txt", "&lt;.txt", "<b>.txt", "it's.txt", `"quoted".txt`, "`tick`.txt", "$HOME.txt", "a=b.txt", "a,b.txt", "(1).txt", "[2].txt", "{3}.txt", "~tilde.txt", "~",
		"caf\u00e9.txt", "cafe\u0301 nfd.txt", "\u65e5\u672c\u8a9e.txt", "\u05e9\u05dc\u05d5\u05dd.txt", "emoji \U0001f600.mkv", "\U0001f468\u200d\U0001f469\u200d\U0001f467.txt", "na\u00efve/d\u00e9j\u00e0/vu.txt",
		".hidden", ".dir/.file", "..x", "...", "x..", "trailing dot.", "trailing dots...", "dir. /x", " leading space", "trailing space ", "a  b", "tab\there", "new\nline.txt",
		`back\slash.txt`, `C:\windows.txt`, "colon: name.txt", "pipe|.txt", "star*.txt", "caret^.txt", "excl!.txt", "at@host", "user:pass@host.txt", "-rf", "--help", "index.html", "sub/index.html",
		"index.php", "sub/robots.txt", "magnet:?xt=x", "http:", "httpd.conf", "https/x", "javascript:alert(1)", "con", "nul.txt", "CASE.txt", "case.txt", "deep/er/and/deep/er/and/deep/er/still/file.txt", "style.css", "page.html", "feed.xml",
		strings.Repeat("n", 251) + ".txt", strings.Repeat("\u00e4", 127), "long/" + strings.Repeat("d", 200) + "/" + strings.Repeat("f", 200), "empty", "empty dir/empty 2", "empty dir/\u2205",
	}
	for i := len(names); i < 149; i++ {
		names = append(names, fmt.Sprintf("season %d/episode %d.mkv", i%7, i))
	}
	return names
}

// A crawl is a folder of 149 files on a gateway, and what was copied of it.
type crawl struct {
	*gatewayTest
	location string            // of the folder
	files    map[string][]byte // by path below it
	dir      string            // where copies go
}

// newCrawl has all names but some, which a program cannot have.
func newCrawl(t *testing.T, without ...string) *crawl {
	t.Helper()
	c := &crawl{files: make(map[string][]byte), dir: t.TempDir()}
	names := crawledNames()
	var list []listedFile
	for i, name := range names {
		if slices.ContainsFunc(without, func(s string) bool { return strings.HasPrefix(name, s) }) {
			name = fmt.Sprintf("another %d", i)
		}
		data := random(uint64(i)+1, 100+37*i)
		if strings.HasPrefix(name, "empty") {
			data = nil
		}
		if strings.HasSuffix(name, ".html") { // a program follows what it finds in a page
			data = fmt.Appendf(nil, "<!DOCTYPE html><title>%d</title>", i)
		}
		c.files[name] = data
		list = append(list, listedFile{path: name, data: data})
	}
	if len(c.files) != 149 {
		t.Fatalf("%d files", len(c.files))
	}
	c.gatewayTest = serve(t, func(cfg *Config) { cfg.RequestsPerClient = 1000 })
	hash := listed(t, c.gatewayTest, "odd names", list)
	c.location = "http://" + c.addr + hash.Path() + "/odd%20names/"
	return c
}

// copied checks that dir has every file, and that each byte was asked for once.
func (c *crawl) copied(t *testing.T, dir string, exact bool) {
	t.Helper()
	got := make(map[[32]byte]int)
	paths := make(map[string][32]byte)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		got[sum]++
		rel, _ := filepath.Rel(dir, path)
		paths[rel] = sum
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var total int64
	var missing []string
	want := make(map[[32]byte]int)
	for name, data := range c.files {
		sum := sha256.Sum256(data)
		want[sum]++
		total += int64(len(data))
		if found, ok := paths[name]; exact && (!ok || found != sum) || got[sum] == 0 {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d of %d files were not copied: %.80q", len(missing), len(c.files), missing[:min(len(missing), 20)])
	}
	if none := sha256.Sum256(nil); got[none] < want[none] {
		t.Errorf("%d empty files, not %d", got[none], want[none])
	}
	if exact && len(paths) != len(c.files) {
		for path := range paths {
			if _, ok := c.files[path]; !ok {
				t.Errorf("%q is no file of the torrent", path)
			}
		}
	}
	if asked := c.asked(); asked != total {
		t.Errorf("%d bytes were asked for, of %d", asked, total)
	}
}

func TestCopyByRclone(t *testing.T) {
	c := newCrawl(t)
	if _, code := program(t, c.dir, "rclone", "copy", "--config", "", "--http-url", c.location, ":http:", "out"); code != 0 {
		t.Errorf("rclone: %d", code)
	}
	c.copied(t, filepath.Join(c.dir, "out"), true)
}

func TestCopyByWget(t *testing.T) {
	c := newCrawl(t)
	if _, code := program(t, c.dir, "wget", "-r", "-l", "inf", "-q", "-np", "-nH", "--cut-dirs=3", "--restrict-file-names=nocontrol", c.location); code != 0 {
		t.Errorf("wget: %d", code)
	}
	c.copied(t, c.dir, false)
}

func TestCopyByWget2(t *testing.T) {
	c := newCrawl(t)
	if _, code := program(t, c.dir, "wget2", "-r", "-l", "inf", "-q", "-np", "-nH", "--cut-dirs=3", "--restrict-file-names=none", c.location); code != 0 {
		t.Errorf("wget2: %d", code)
	}
	c.copied(t, c.dir, false)
}

func TestCopyByLftp(t *testing.T) {
	c := newCrawl(t, "~") // lftp takes it for a home, of any server
	if _, code := program(t, c.dir, "lftp", "-c", "set net:max-retries 1; mirror --parallel=4 "+c.location+" out"); code != 0 {
		t.Errorf("lftp: %d", code)
	}
	c.copied(t, filepath.Join(c.dir, "out"), true)
}

func TestCopyByHTTrack(t *testing.T) {
	t.Parallel()                            // it waits a second for every few links
	c := newCrawl(t, "...", "\u00e4\u00e4") // it saves them under no name, and under one that is too long
	if _, code := programWithin(t, 5*time.Minute, c.dir, "httrack", c.location, "-O", "out", "-q", "-c8", "-%c50", "-A100000000", "--disable-security-limits", "-I0", "-u0", "-%N0"); code != 0 {
		t.Errorf("httrack: %d", code)
	}
	c.copied(t, filepath.Join(c.dir, "out"), false)
}

func TestCopyByFsspec(t *testing.T) {
	c := newCrawl(t)
	script := `
import sys, os, urllib.parse, fsspec
fs, root = fsspec.filesystem("http"), sys.argv[1]
listed = fs.ls(root, detail=False)
assert listed, "ls found nothing"
for url in fs.find(root):
    path = os.path.join("out", urllib.parse.unquote(url[len(root):]))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f: f.write(fs.cat_file(url))
`
	if _, code := program(t, c.dir, "/usr/bin/python3", "-c", script, c.location); code != 0 {
		t.Errorf("fsspec: %d", code)
	}
	c.copied(t, filepath.Join(c.dir, "out"), true)
}

// A torrent of one file, and one listed from its root, are copied too.
func TestCopyFromTheRoot(t *testing.T) {
	g := serve(t, nil)
	one, data := g.single(t, "one film.mkv", 100_000)
	files := map[string][]byte{"a/b/c.mkv": random(1, 5000), "a/d.txt": random(2, 60), "e.txt": random(3, 7)}
	many := g.backend.add(t, "many", metainfo.V1, files)
	dir := t.TempDir()
	for name, args := range map[string][]string{
		"rclone": {"copy", "--config", "", "--http-url", "URL", ":http:", "."},
		"wget":   {"-r", "-q", "-nH", "--cut-dirs=2", "URL"},
		"wget2":  {"-r", "-q", "-nH", "--cut-dirs=2", "URL"},
		"lftp":   {"-c", "set net:max-retries 1; mirror URL ."},
	} {
		for hash, want := range map[metainfo.InfoHash]map[string][]byte{one: {"one film.mkv": data}, many: {"many/a/b/c.mkv": files["a/b/c.mkv"], "many/a/d.txt": files["a/d.txt"], "many/e.txt": files["e.txt"]}} {
			g.asked()
			to := filepath.Join(dir, name, hash.String())
			if err := os.MkdirAll(to, 0o755); err != nil {
				t.Fatal(err)
			}
			line := make([]string, len(args))
			for i := range args {
				line[i] = strings.ReplaceAll(args[i], "URL", "http://"+g.addr+hash.Path()+"/")
			}
			if _, code := program(t, to, name, line...); code != 0 {
				t.Errorf("%s: %d", name, code)
			}
			total := 0
			for path, data := range want {
				total += len(data)
				if got, err := os.ReadFile(filepath.Join(to, path)); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%s: %s: %d bytes of %d, %v", name, path, len(got), len(data), err)
				}
			}
			if n := g.asked(); n != int64(total) {
				t.Errorf("%s: %d bytes were asked for, of %d", name, n, total)
			}
		}
	}
}

// Links of pages hold whatever is in a name.
func TestPageLinksAreExact(t *testing.T) {
	c := newCrawl(t)
	base, err := url.Parse(c.location)
	if err != nil {
		t.Fatal(err)
	}
	page := string(c.get(t, base.EscapedPath()).body)
	for name, data := range c.files {
		if strings.Contains(name, "/") {
			continue
		}
		href := string(appendLink(nil, name))
		if !strings.Contains(page, `<a href="`+href+`">`) {
			t.Errorf("no link to %q", name)
			continue
		}
		link, err := base.Parse(href)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		c.get(t, link.EscapedPath()).wantBody(t, data)
	}
}

// Kodi takes for an entry each link whose text is what it links to, decoded, and reads the size behind it
// (CHTTPDirectory).
func TestKodiReadsTheIndex(t *testing.T) {
	c := newCrawl(t)
	base, err := url.Parse(c.location)
	if err != nil {
		t.Fatal(err)
	}
	item, size := regexp.MustCompile(`(?i)<a href="([^"]*)"[^>]*>\s*(.*?)\s*</a>(.+?)(?:<a|</tr|$)`), regexp.MustCompile(`(?i)> *([0-9.]+) *(B|K|M|G| )(iB)?</td>`)
	found := make(map[string]bool)
	var walk func(path, below string)
	walk = func(path, below string) {
		for _, m := range item.FindAllStringSubmatch(string(c.get(t, path).body), -1) {
			name := strings.TrimSuffix(html.UnescapeString(m[2]), "/")
			link, err := url.PathUnescape(strings.TrimSuffix(m[1], "/"))
			switch {
			case err != nil || name != link || name == "..":
			case strings.HasSuffix(m[1], "/"):
				walk(path+m[1], below+name+"/")
			case !size.MatchString(m[3]):
				t.Errorf("%q: no size in %q", name, m[3])
			default:
				found[below+name] = true
			}
		}
	}
	walk(base.EscapedPath(), "")
	for name := range c.files {
		if odd := name != strings.TrimSpace(name) || strings.ContainsAny(name, "\n\t"); !found[name] && !odd {
			t.Errorf("%q is no entry", name)
		}
	}
}

// Programs that copy a folder say what they take in many ways. All of them get the HTML index, and
// so do those that name types which are not there.
func TestIndexForPrograms(t *testing.T) {
	c := newCrawl(t)
	base, err := url.Parse(c.location)
	if err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string][]string{
		"no Accept":                {"User-Agent: Go-http-client/1.1"},
		"an empty one":             {"User-Agent: x/1", "Accept:"},
		"everything":               {"User-Agent: Wget/1.21.3", "Accept: */*"},
		"Java's URLConnection":     {"User-Agent: Java/17.0.2", "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"},
		"any text":                 {"User-Agent: x/1", "Accept: text/*"},
		"everything, a little":     {"User-Agent: HTTrack 3.0x", "Accept: text/html,*/*;q=0.1"},
		"everything but JSON":      {"User-Agent: x/1", "Accept: */*, application/json;q=0"},
		"XML, or else everything":  {"User-Agent: gvfs/1.50", "Accept: application/xml;q=0.9, */*;q=0.8"},
		"types that are not there": {"User-Agent: x/1", "Accept: application/xml"},
		"in two lines":             {"User-Agent: x/1", "Accept: image/png", "Accept: */*;q=0.5"},
	} {
		a := c.get(t, base.EscapedPath(), lines...)
		if a.status != 200 || !strings.HasPrefix(a.get("Content-Type"), "text/html") || !strings.Contains(string(a.body), "<a href=") {
			t.Errorf("%s: %d %s", name, a.status, a.get("Content-Type"))
		}
	}
	for name, lines := range map[string][]string{
		"by Accept":        {"User-Agent: x/1", "Accept: application/json"},
		"JSON before HTML": {"User-Agent: x/1", "Accept: text/html;q=0.5, application/json"},
		"no HTML":          {"User-Agent: x/1", "Accept: text/html;q=0, */*"},
	} {
		if a := c.get(t, base.EscapedPath(), lines...); a.status != 200 || a.get("Content-Type") != "application/json" {
			t.Errorf("JSON, %s: %d %s", name, a.status, a.get("Content-Type"))
		}
	}
}
