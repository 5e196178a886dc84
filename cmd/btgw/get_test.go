package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// getFrom runs `btgw get` against a swarm.
func getFrom(t *testing.T, s *swarm, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	return result(t, append([]string{"get", "--allow-private", "--peer-listen=none", "--tracker=" + s.announce}, args...)...)
}

// sameFile compares a file with what was made up.
func sameFile(t *testing.T, name string, f demoFile) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
	} else if !bytes.Equal(got, madeUpBytes(t, f)) {
		t.Errorf("%s: %d bytes, not what was made up", name, len(got))
	}
}

// noPart complains about what is left of unfinished files in a folder.
func noPart(t *testing.T, dir string) {
	t.Helper()
	if left, _ := filepath.Glob(filepath.Join(dir, "*"+partSuffix)); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// uploaded is what the seeders of a swarm sent.
func (s *swarm) uploaded() int64 {
	var n int64
	for _, seeder := range s.seeders {
		for _, w := range seeder.swarms {
			n += w.Stats().Uploaded
		}
	}
	return n
}

func TestGetByEverySource(t *testing.T) {
	t.Parallel()
	f := demoFile{nil, 3<<20 + 123, noise(7)}
	s := newSwarm(t, 2, 0, "file.bin", f)
	dir := t.TempDir()
	torrent := filepath.Join(dir, "file.torrent")
	if err := os.WriteFile(torrent, s.torrent.Encode(), 0o600); err != nil {
		t.Fatal(err)
	}
	ih := s.torrent.Info.ID()
	for name, source := range map[string]string{
		"infohash":   ih.String(),
		"upper case": strings.ToUpper(ih.String()),
		"magnet":     (&metainfo.Magnet{Hashes: s.torrent.Info.Hashes(), Trackers: []string{s.announce}}).String(),
		"torrent":    torrent,
		"URL":        "http://127.0.0.1:1" + ih.Path() + "/file.bin?tr=" + s.announce,
		"v2 URL":     "http://127.0.0.1:1" + s.torrent.Info.Hashes()[1].Path() + "/file.bin",
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out.bin")
			status, stdout, stderr := getFrom(t, s, source, "-o", out)
			if status != exitOK || stdout != "" || stderr != "" {
				t.Errorf("status %d, %q, %q", status, stdout, stderr)
			}
			sameFile(t, out, f)
			noPart(t, filepath.Dir(out))
		})
	}
}

// The btgw of a URL is enough: nobody else knows the torrent. On this machine it is asked where that is permitted alone.
func TestGetFromItsGateway(t *testing.T) {
	t.Parallel()
	film := strings.Repeat("0123456789abcdef", 1<<16)
	p := publishOn(t, t.TempDir(), writeTree(t, map[string]string{"film.mkv": film, "notes/a b.txt": "hello"}))
	page := p.next().page
	there, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	proxy := httputil.NewSingleHostReverseProxy(there)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // a get that ends leaves requests behind
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		r.Host = there.Host
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	page = front.URL + strings.TrimPrefix(page, p.url)
	out := t.TempDir()
	alone := []string{"get", "--no-dht", "--peer-listen=none", "-o", out}
	if status, _, stderr := result(t, append(alone, page)...); status != exitUsage || asked.Load() != 0 || !strings.Contains(stderr, "--allow-private") {
		t.Errorf("on this machine, not permitted: status %d, asked %d times: %s", status, asked.Load(), stderr)
	}
	alone = append(alone, "--allow-private")
	for source, want := range map[string]map[string]string{
		page + "content/notes/a%20b.txt": {"a b.txt": "hello"},
		page:                             {"content/film.mkv": film, "content/notes/a b.txt": "hello"},
	} {
		before := asked.Load()
		if status, _, stderr := result(t, append(alone, source)...); status != exitOK || asked.Load() == before {
			t.Errorf("%s: status %d, asked %d times: %s", source, status, asked.Load()-before, stderr)
		}
		for name, content := range want {
			if got, err := os.ReadFile(filepath.Join(out, name)); err != nil || string(got) != content {
				t.Errorf("%s: %d bytes, %v", name, len(got), err)
			}
		}
	}
	if status, stdout, stderr := result(t, "ls", "--no-dht", "--allow-private", page); status != exitOK || !strings.Contains(stdout, "film.mkv") {
		t.Errorf("ls: status %d, %q, %s", status, stdout, stderr)
	}
}

func TestGetBesideABtgwThatServes(t *testing.T) {
	t.Parallel()
	if usual, err := net.Listen("tcp", ":22069"); err == nil { // else somebody has it already
		defer usual.Close()
	}
	f := demoFile{nil, 1 << 20, noise(7)}
	s := newSwarm(t, 1, 0, "file.bin", f)
	out := filepath.Join(t.TempDir(), "out.bin")
	status, _, stderr := result(t, "get", "--allow-private", "--tracker="+s.announce, s.torrent.Info.ID().String(), "-o", out)
	if status != exitOK || stderr != "" {
		t.Errorf("status %d, %q", status, stderr)
	}
	sameFile(t, out, f)
}

func TestGetSaysThatItKnowsNobody(t *testing.T) {
	t.Parallel()
	status, _, stderr := result(t, "get", "--no-dht", "0123456789012345678901234567890123456789")
	if status != exitUsage || !strings.Contains(stderr, "--tracker") {
		t.Errorf("status %d, %q", status, stderr)
	}
}

func TestGetToStdout(t *testing.T) {
	t.Parallel()
	f := demoFile{nil, 1<<20 + 1, noise(7)}
	s := newSwarm(t, 1, 0, "file.bin", f)
	status, stdout, stderr := getFrom(t, s, s.torrent.Info.ID().String(), "-o", "-")
	if status != exitOK || stderr != "" || stdout != string(madeUpBytes(t, f)) {
		t.Errorf("status %d, %d bytes, %q", status, len(stdout), stderr)
	}
}

func TestGetFoldersAndPaths(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 2, 0, "several", demoFiles()...)
	ih := s.torrent.Info.ID().String()
	dir := t.TempDir()
	if status, _, stderr := getFrom(t, s, ih, "-o", dir); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	for _, f := range s.torrent.files {
		sameFile(t, filepath.Join(append([]string{dir, "several"}, f.path...)...), f)
	}
	for _, path := range []string{"music/02 Übung – 練習.flac", "several/music/02 Übung – 練習.flac"} {
		out := filepath.Join(dir, "one")
		if status, _, stderr := getFrom(t, s, ih, path, "-o", out); status != exitOK {
			t.Fatalf("%s: status %d: %s", path, status, stderr)
		}
		f, _ := s.torrent.file([]string{"music", "02 Übung – 練習.flac"})
		sameFile(t, out, f)
		os.Remove(out)
	}
	below := filepath.Join(dir, "pictures only")
	if status, _, stderr := getFrom(t, s, ih, "pictures", "-o", below); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if names, _ := os.ReadDir(below); len(names) != 2 || names[0].Name() != "10.png" || names[1].Name() != "9.png" {
		t.Errorf("a folder of the torrent: %v", names)
	}
}

func TestGetSelection(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 0, "several", demoFiles()...)
	readme := 0
	for i := range s.torrent.Info.Files {
		if f := &s.torrent.Info.Files[i]; s.torrent.Info.Path(f)[0] == "README.txt" {
			readme = i
		}
	}
	magnet := metainfo.Magnet{Hashes: s.torrent.Info.Hashes(), Select: []metainfo.Range{{First: readme, Last: readme}}}
	dir := t.TempDir()
	if status, _, stderr := getFrom(t, s, magnet.String(), "-o", dir); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	if names, _ := os.ReadDir(filepath.Join(dir, "several")); len(names) != 1 || names[0].Name() != "README.txt" {
		t.Errorf("selected: %v", names)
	}
}

func TestGetResumesByHash(t *testing.T) {
	t.Parallel()
	f := demoFile{nil, 8<<20 + 5, noise(7)}
	s := newSwarm(t, 1, 0, "file.bin", f)
	content := madeUpBytes(t, f)
	part := bytes.Clone(content[:5<<20])
	part[2<<20] ^= 1 // a lie on disk
	out := filepath.Join(t.TempDir(), "file.bin")
	if err := os.WriteFile(out+partSuffix, part, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := getFrom(t, s, s.torrent.Info.ID().String(), "-o", out); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	sameFile(t, out, f)
	noPart(t, filepath.Dir(out))
	missing := f.size - 5<<20 + s.torrent.Info.PieceLength
	if n := s.uploaded(); n < missing || n > missing+missing/10 {
		t.Errorf("%d bytes were fetched, %d were missing", n, missing)
	}
	// Once more: it is there, and nobody is asked.
	before := s.uploaded()
	if status, _, stderr := getFrom(t, s, s.torrent.Info.ID().String(), "-o", out); status != exitOK {
		t.Errorf("status %d: %s", status, stderr)
	}
	if n := s.uploaded(); n != before {
		t.Errorf("%d bytes were fetched again", n-before)
	}
}

// Interrupted, or where its terminal is closed, it says so by its status, and what came is kept.
func TestGetInterruptedAndResumed(t *testing.T) {
	t.Parallel()
	for _, by := range []syscall.Signal{syscall.SIGINT, syscall.SIGHUP} {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			getInterrupted(t, by)
		})
	}
}

func getInterrupted(t *testing.T, by syscall.Signal) {
	f := demoFile{nil, 16 << 20, noise(7)} // of which the rest takes 15 s
	slow := newSwarm(t, 1, 1<<20, "file.bin", f)
	out := filepath.Join(t.TempDir(), "file.bin")
	p := start(t, "get", "--allow-private", "--peer-listen=none", "--tracker="+slow.announce, slow.torrent.Info.ID().String(), "-o", out)
	until(t, "something arrived", func() bool {
		stat, err := os.Stat(out + partSuffix)
		return err == nil && stat.Size() >= 1<<20
	})
	p.signal(by)
	if status := p.status(); status != exitSignal+int(by) {
		t.Errorf("status %d", status)
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("an unfinished file has its name: %v", err)
	}
	fast := newSwarm(t, 1, 0, "file.bin", f)
	if status, _, stderr := getFrom(t, fast, fast.torrent.Info.ID().String(), "-o", out); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	sameFile(t, out, f)
	if n := fast.uploaded(); n > f.size-1<<20 {
		t.Errorf("%d bytes were fetched: what had arrived was not kept", n)
	}
}

func TestGetFailures(t *testing.T) {
	t.Parallel()
	f := demoFile{nil, 1 << 20, noise(7)}
	s := newSwarm(t, 1, 0, "file.bin", f)
	ih := s.torrent.Info.ID().String()
	dir := t.TempDir()
	other := filepath.Join(dir, "other")
	if err := os.WriteFile(other, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	lies := filepath.Join(dir, "lies")
	if err := os.WriteFile(lies, make([]byte, f.size), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "out")
	for name, tt := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"no such path":     {[]string{ih, "nothing/here", "-o", out}, exitNotFound, "nothing/here: "},
		"no peers":         {[]string{strings.Repeat("00", 19) + "01", "--timeout=300ms", "-o", out}, exitUnavailable, "metadata not available in time"},
		"no such folder":   {[]string{ih, "-o", filepath.Join(dir, "no", "such", "folder")}, exitLocal, "no such file"},
		"another file":     {[]string{ih, "-o", other}, exitLocal, "exists and is something else"},
		"a file that lies": {[]string{ih, "-o", lies}, exitLocal, "exists and differs"},
		"neither":          {[]string{"neither this nor that"}, exitFailed, "is no infohash"},
		"private address":  {[]string{"--allow-private=false", "--timeout=300ms", ih, "-o", out}, exitUnavailable, "metadata not available in time"},
	} {
		t.Run(name, func(t *testing.T) {
			status, _, stderr := getFrom(t, s, tt.args...)
			if status != tt.status || !strings.Contains(stderr, tt.want) {
				t.Errorf("status %d, want %d: %q does not hold %q", status, tt.status, stderr, tt.want)
			}
		})
	}
	if got, _ := os.ReadFile(other); string(got) != "something else" {
		t.Error("a file that was there was overwritten")
	}
}

func TestResumerFindsWhatIsMissing(t *testing.T) {
	t.Parallel()
	files := demoFiles()
	for _, version := range []metainfo.Version{metainfo.V1, metainfo.V2, metainfo.Hybrid} {
		made, err := makeDemoTorrentOf(t.Context(), version, "several", files, "http://127.0.0.1/announce")
		if err != nil {
			t.Fatal(err)
		}
		for i := range made.Info.Files {
			f := &made.Info.Files[i]
			if f.Pad {
				continue
			}
			demo, _ := made.file(made.Info.Path(f))
			t.Run(fmt.Sprintf("v%d/%s", version, strings.Join(made.Info.Path(f), "/")), func(t *testing.T) {
				content := madeUpBytes(t, demo)
				checkMissing(t, made, f, content)
			})
		}
	}
}

// checkMissing looks at what a resumer finds missing in all of a file, half of it, and a damaged copy.
func checkMissing(t *testing.T, made *demoTorrent, f *metainfo.File, content []byte) {
	t.Helper()
	length := made.Info.PieceLength
	missing := func(there []byte) []span {
		r := resumer{info: made.Info, layers: made.Layers, file: f, from: bytes.NewReader(there), held: int64(len(there))}
		gaps, err := r.missing()
		if err != nil {
			t.Fatal(err)
		}
		return gaps
	}
	edges := int64(0) // bytes in pieces that are shared with other files
	if made.Info.HasV1() && !made.Info.HasV2() {
		edges = 2 * length
	}
	if n := total(missing(content)); n > edges {
		t.Errorf("%d bytes are missing of all of it", n)
	}
	if n := total(missing(nil)); n != f.Length {
		t.Errorf("%d bytes are missing of nothing, not %d", n, f.Length)
	}
	half := int64(len(content) / 2)
	if n := total(missing(content[:half])); n < f.Length-half || n > f.Length-half+edges+length {
		t.Errorf("%d bytes are missing of half", n)
	}
	if f.Length == 0 {
		return
	}
	damaged := bytes.Clone(content)
	damaged[half] ^= 0x80
	gaps := missing(damaged)
	covered := false
	for _, g := range gaps {
		covered = covered || g.off <= half && half < g.off+g.n
	}
	if !covered || total(gaps) > edges+length {
		t.Errorf("damage at %d: missing %v", half, gaps)
	}
}
