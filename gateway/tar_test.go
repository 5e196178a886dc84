package gateway

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// untar reads an archive with the standard library's reader.
func untar(t *testing.T, data []byte) (names []string, files map[string][]byte, headers map[string]*tar.Header) {
	t.Helper()
	files, headers = make(map[string][]byte), make(map[string]*tar.Header)
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := r.Next()
		if err == io.EOF {
			return names, files, headers
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names, files[h.Name], headers[h.Name] = append(names, h.Name), body, h
	}
}

func TestArchive(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	a := g.get(t, hash.Path()+"/?format=tar")
	if a.status != 200 || a.cut || a.chunked || a.get("Content-Type") != "application/x-tar" ||
		a.get("Cache-Control") != cacheFile || a.get("Accept-Ranges") != "bytes" ||
		!strings.HasPrefix(a.get("Content-Disposition"), `attachment; filename="A <b> & c.tar"`) {
		t.Fatalf("%d %v", a.status, a.header)
	}
	names, files, headers := untar(t, a.body)
	for name, data := range oddFiles() {
		name = "A <b> & c/" + name
		if got, ok := files[name]; !ok || !bytes.Equal(got, data) {
			t.Errorf("%q: %d bytes, %t; %d wanted", name, len(got), ok, len(data))
		}
		if h := headers[name]; h != nil && (h.Mode != 0o644 || h.ModTime.Unix() != 0 || h.Uid != 0) {
			t.Errorf("%q: %+v", name, h)
		}
	}
	if len(names) != len(oddFiles()) {
		t.Errorf("%q", names)
	}
	// The bytes are promised by a strong validator: they must never change.
	sum := sha256.Sum256(a.body)
	if got, want := hex.EncodeToString(sum[:]), "cf74862eafc5b5b0c94c577049aac6e360f71589334a00a3f2cd17f2cd6fac91"; got != want {
		t.Errorf("SHA-256 %s, it was %s: archiveVersion has to change, or this is a mistake", got, want)
	}

	dir := g.get(t, hash.Path()+"/A%20%3Cb%3E%20&%20c/Season%202/?format=tar")
	names, _, _ = untar(t, dir.body)
	if want := []string{"Season 2/Episode 10.mkv", "Season 2/Episode 9.mkv"}; !slices.Equal(names, want) {
		t.Errorf("a directory: %q", names)
	}
	if dir.get("Etag") == a.get("Etag") || !httprange.StrongMatch([]string{dir.get("Etag")}, dir.get("Etag")) {
		t.Errorf("ETag %s of a directory, %s of all", dir.get("Etag"), a.get("Etag"))
	}
	if one := g.get(t, hash.Path()+"/A%20%3Cb%3E%20&%20c/empty?format=tar"); one.status != 400 {
		t.Errorf("a file as tar: %d", one.status)
	}
}

// Any range is what the whole has there, and asks for nothing else.
func TestArchiveRanges(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	path := hash.Path() + "/?format=tar"
	whole := g.get(t, path)
	for _, r := range [][2]int{{0, 0}, {0, 511}, {511, 512}, {512, 513}, {100, 9000}, {1500, 30_000}, {len(whole.body) - 1024, len(whole.body) - 1}, {len(whole.body) - 1, len(whole.body) - 1}, {3, len(whole.body) - 2}} {
		a := g.get(t, path, fmt.Sprintf("Range: bytes=%d-%d", r[0], r[1]), "If-Range: "+whole.get("Etag"))
		if a.status != 206 || a.get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", r[0], r[1], len(whole.body)) || a.get("Etag") != whole.get("Etag") {
			t.Fatalf("%v: %d %v", r, a.status, a.header)
		}
		a.wantBody(t, whole.body[r[0]:r[1]+1])
	}
	multi := g.get(t, path, "Range: bytes=0-9,5000-5009")
	if multi.status != 206 || !bytes.Contains(multi.body, whole.body[5000:5010]) {
		t.Errorf("two ranges: %d", multi.status)
	}
	if a := g.get(t, path, "If-None-Match: "+whole.get("Etag")); a.status != 304 {
		t.Errorf("If-None-Match: %d", a.status)
	}
	if a := g.get(t, path, `If-Match: "x"`); a.status != 412 {
		t.Errorf("If-Match: %d", a.status)
	}
	if a := g.get(t, path, fmt.Sprintf("Range: bytes=%d-", len(whole.body))); a.status != 416 || a.get("Content-Range") != fmt.Sprintf("bytes */%d", len(whole.body)) {
		t.Errorf("past the end: %d", a.status)
	}
}

// hugeTorrent is one of 100 GiB, with files above and below what a ustar header
// can say. Nobody has its content.
func hugeTorrent(t testing.TB, g *gatewayTest) (metainfo.InfoHash, []int64) {
	t.Helper()
	const piece = 64 << 20
	sizes := []int64{40 << 30, 3, 59 << 30, 1<<30 - 3}
	var list strings.Builder
	var total int64
	for i, size := range sizes {
		name := fmt.Sprintf("part %d %s.bin", i, strings.Repeat("ü", i*60))
		fmt.Fprintf(&list, "d6:lengthi%de4:pathl%d:%see", size, len(name), name)
		total += size
	}
	pieces := int((total + piece - 1) / piece)
	raw := fmt.Sprintf("d5:filesl%se4:name4:huge12:piece lengthi%de6:pieces%d:%se", list.String(), piece, pieces*20, strings.Repeat("x", pieces*20))
	info, err := metainfo.ParseInfo([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != 100<<30 {
		t.Fatalf("%d bytes", info.Size())
	}
	kept := &fakeTorrent{Torrent: &metainfo.Torrent{Info: info}}
	g.backend.torrents[info.ID()] = kept
	return info.ID(), sizes
}

// The archive of 100 GiB has its length and any range without anything else
// being asked for.
func TestArchiveOf100GiB(t *testing.T) {
	g := serve(t, nil)
	hash, sizes := hugeTorrent(t, g)
	path := hash.Path() + "/?format=tar"
	head := g.request(t, "HEAD", path)
	length, err := strconv.ParseInt(head.get("Content-Length"), 10, 64)
	if head.status != 200 || err != nil || length <= 100<<30 || length > 100<<30+32<<10 || len(g.backend.opens) != 0 {
		t.Fatalf("HEAD: %d %v, opened %v", head.status, head.header, g.backend.opens)
	}
	// What the fake does not hold is made up as it is read.
	setHook(g.backend, &g.backend.onMake, func(file *metainfo.File, off, n int64) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = byte(off+int64(i)) ^ byte(file.Index)
		}
		return out
	})
	// The end of the first file, the second, the start of the third.
	const margin = 1000
	start := 3*tarBlock + sizes[0] - margin // a pax header, its record, the header
	a := g.get(t, path, fmt.Sprintf("Range: bytes=%d-%d", start, start+margin+8*tarBlock))
	if a.status != 206 || a.get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", start, start+margin+8*tarBlock, length) {
		t.Fatalf("%d %v", a.status, a.header)
	}
	if int64(len(a.body)) != margin+8*tarBlock+1 {
		t.Fatalf("%d bytes", len(a.body))
	}
	for i := range margin {
		if want := byte(sizes[0] - margin + int64(i)); a.body[i] != want {
			t.Fatalf("byte %d is %d, not %d", i, a.body[i], want)
		}
	}
	var asked int64
	for _, r := range g.backend.opens {
		asked += r.N
	}
	if asked > margin+9*tarBlock {
		t.Errorf("%d bytes were asked for: %v", asked, g.backend.opens)
	}
	// From the second header on, an archive of its own.
	names, _, _ := untar(t, append(a.body[margin:margin+(2+1)*tarBlock:margin+(2+1)*tarBlock], zeros[:]...))
	if len(names) != 1 || !strings.HasPrefix(names[0], "huge/part 1") {
		t.Errorf("%q", names)
	}
}

// GNU tar unpacks it.
func TestArchiveGNUTar(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	dir := t.TempDir()
	tarFile := filepath.Join(dir, "x.tar")
	if code := curl(t, dir, "-o", tarFile, "http://"+g.addr+hash.Path()+"/?format=tar"); code != 0 {
		t.Fatalf("curl: %d", code)
	}
	out, err := exec.Command("tar", "-C", dir, "-xf", tarFile).CombinedOutput()
	if err != nil {
		t.Fatalf("tar: %v\n%s", err, out)
	}
	for name, data := range oddFiles() {
		wantFile(t, filepath.Join(dir, "A <b> & c", name), data)
	}
}

// curl -C - resumes an archive whose transfer was cut, to the same bytes.
func TestArchiveResumes(t *testing.T) {
	g := serve(t, nil)
	files := map[string][]byte{"a/1.bin": random(1, 3<<20), "a/2.bin": random(2, 1), "b/3.bin": random(3, 2<<20+7)}
	hash := g.backend.add(t, "album", metainfo.V1, files)
	location := "http://" + g.addr + hash.Path() + "/?format=tar"
	dir := t.TempDir()
	name := filepath.Join(dir, "album.tar")
	opened := 0
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		if opened++; opened == 3 {
			c.fail = func(pos int) error {
				if pos > 0 {
					return errors.New("disk")
				}
				return nil
			}
		}
	})
	if code := curl(t, dir, "-o", name, location); code != 18 {
		t.Fatalf("a cut archive: exit %d", code)
	}
	part, err := os.Stat(name)
	if err != nil || part.Size() < 3<<20 {
		t.Fatalf("%v %v", part, err)
	}
	setHook(g.backend, &g.backend.onOpen, nil)
	if code := curl(t, dir, "-C", "-", "-o", name, location); code != 0 {
		t.Fatalf("curl -C -: exit %d", code)
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, unpacked, _ := untar(t, got)
	for path, data := range files {
		if !bytes.Equal(unpacked["album/"+path], data) {
			t.Errorf("%s differs", path)
		}
	}
	whole := g.get(t, hash.Path()+"/?format=tar")
	if sha256.Sum256(whole.body) != sha256.Sum256(got) {
		t.Error("the resumed archive is not the same")
	}
}

// linkedTorrent is one with symbolic links, and odd bytes in a name.
func linkedTorrent(t *testing.T, g *gatewayTest) metainfo.InfoHash {
	t.Helper()
	link := func(path []string, target ...string) string {
		s := "d4:attr1:l6:lengthi0e4:pathl"
		for _, e := range path {
			s += fmt.Sprintf("%d:%s", len(e), e)
		}
		s += "e12:symlink pathl"
		for _, e := range target {
			s += fmt.Sprintf("%d:%s", len(e), e)
		}
		return s + "ee"
	}
	raw := "d5:filesl" +
		"d4:attr1:x6:lengthi4e4:pathl3:sub5:a\x00/b.ee" +
		link([]string{"sub", "deep", "in"}, "sub", "a\x00/b.") +
		link([]string{"sub", "out"}, "other") +
		"d6:lengthi4e4:pathl5:otheree" +
		"e4:name1:t12:piece lengthi16384e6:pieces20:" + strings.Repeat("x", 20) + "e"
	info, err := metainfo.ParseInfo([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return g.backend.keep(t, &metainfo.Torrent{Info: info}, map[string][]byte{"sub/a\x00/b.": []byte("abcd"), "other": []byte("efgh")})
}

// Symbolic links stay within the archive; slashes and NUL in names do too.
func TestArchiveLinksAndNames(t *testing.T) {
	g := serve(t, nil)
	hash := linkedTorrent(t, g)
	_, _, headers := untar(t, g.get(t, hash.Path()+"/?format=tar").body)
	if h := headers["t/sub/a__b."]; h == nil || h.Mode != 0o755 {
		t.Errorf("%+v", h)
	}
	if h := headers["t/sub/deep/in"]; h == nil || h.Typeflag != tar.TypeSymlink || h.Linkname != "../../sub/a__b." {
		t.Errorf("%+v", h)
	}
	if h := headers["t/sub/out"]; h == nil || h.Linkname != "../other" {
		t.Errorf("%+v", h)
	}
	names, _, headers := untar(t, g.get(t, hash.Path()+"/t/sub/?format=tar").body)
	if h := headers["sub/deep/in"]; len(names) != 2 || h == nil || h.Linkname != "../a__b." {
		t.Errorf("%q %+v", names, h)
	}
}

func FuzzTarHeader(f *testing.F) {
	f.Add("a/b.txt", "", int64(5))
	f.Add(strings.Repeat("long/", 40)+"\xff", "../x", int64(9<<30))
	f.Fuzz(func(t *testing.T, name, link string, size int64) {
		name, link = strings.ReplaceAll(name, "\x00", "_"), strings.ReplaceAll(link, "\x00", "_")
		if size < 0 || name == "" || strings.HasSuffix(name, "/") || len(name) > 20_000 || len(link) > 20_000 {
			return
		}
		var target []byte
		if link != "" {
			target, size = []byte(link), 0
		}
		out := appendTarHeader(nil, []byte(name), target, &metainfo.File{Length: size})
		if len(out)%tarBlock != 0 {
			t.Fatalf("%d bytes", len(out))
		}
		h, err := tar.NewReader(bytes.NewReader(out)).Next()
		if err != nil || h.Name != name || h.Linkname != link || h.Size != size {
			t.Fatalf("%q %q %d: %+v %v", name, link, size, h, err)
		}
	})
}

func TestPlaylist(t *testing.T) {
	g := serve(t, nil)
	hash := oddTorrent(t, g)
	a := g.get(t, hash.Path()+"/?format=m3u8")
	base := "http://" + g.addr + hash.Path() + "/A%20%3Cb%3E%20%26%20c/Season%202/"
	want := "#EXTM3U\n#EXTINF:-1,Episode 9.mkv\n" + base + "Episode%209.mkv\n#EXTINF:-1,Episode 10.mkv\n" + base + "Episode%2010.mkv\n"
	if a.status != 200 || string(a.body) != want || a.get("Content-Type") != "application/vnd.apple.mpegurl" || a.get("Content-Length") != strconv.Itoa(len(want)) {
		t.Errorf("%d %v\n%s", a.status, a.header, a.body)
	}
	for line := range strings.Lines(want) {
		if u, err := url.Parse(strings.TrimSpace(line)); err == nil && u.Host != "" {
			if a := g.get(t, u.EscapedPath()); a.status != 200 {
				t.Errorf("%s: %d", line, a.status)
			}
		}
	}
	if again := g.get(t, hash.Path()+"/?format=m3u8", "If-None-Match: "+a.get("Etag")); again.status != 304 {
		t.Errorf("If-None-Match: %d", again.status)
	}
	if dir := g.get(t, hash.Path()+"/A%20%3Cb%3E%20&%20c/Season%2010/?format=m3u8"); string(dir.body) != "#EXTM3U\n" {
		t.Errorf("nothing to play: %q", dir.body)
	}
}
