package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/btgw/btgw/metainfo"
)

// writeTree writes files below a new folder and gives its path.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "content")
	for name, text := range files {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// readMade parses a .torrent that was made.
func readMade(t *testing.T, name string) *metainfo.Torrent {
	t.Helper()
	src, err := fileSource(name)
	if err != nil {
		t.Fatal(err)
	}
	return src.torrent
}

// TestMakeSaysWhatItMade makes a torrent with every flag.
func TestMakeSaysWhatItMade(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"a": strings.Repeat("a", 100_000), "sub/b": "b", "sub/b.tmp": "x", ".git/config": "x"})
	out := filepath.Join(t.TempDir(), "it.torrent")
	status, stdout, stderr := result(t, "make", "-o", out, "--name=named", "--private", "--piece-length=32KiB",
		"-t", "http://a.example/announce, udp://b.example:1", "-t", "wss://c.example", "-w", "https://d.example/", "--comment=words",
		"--source=SRC", "-x", "*.tmp", "-x", "/.git", root)
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d: %s", status, stderr)
	}
	made := readMade(t, out)
	in := made.Info
	if in.Name != "named" || !in.Private || in.PieceLength != 32<<10 || !in.HasV1() || !in.HasV2() || made.Comment != "words" ||
		!strings.Contains(string(in.Raw()), "6:source3:SRC") {
		t.Errorf("%+v", made)
	}
	if d := cmp.Diff([][]string{{"http://a.example/announce", "udp://b.example:1"}, {"wss://c.example"}}, made.Trackers); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"https://d.example/"}, made.WebSeeds); d != "" {
		t.Error(d)
	}
	for _, h := range in.Hashes() {
		if !strings.Contains(stdout, h.String()) {
			t.Errorf("nothing says %s in\n%s", h, stdout)
		}
	}
	_, listing, _ := result(t, "inspect", "--json", out)
	var inspected inspection
	if err := json.Unmarshal([]byte(listing), &inspected); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range inspected.Files {
		if !f.Pad {
			names = append(names, f.Path)
		}
	}
	if d := cmp.Diff([]string{"named/a", "named/sub/b"}, names); d != "" {
		t.Error(d)
	}
}

// TestMakeIsReproducible makes the same torrent twice, over itself, and each version.
func TestMakeIsReproducible(t *testing.T) {
	t.Parallel()
	root, out := writeTree(t, map[string]string{"a": "a", "b": "b"}), t.TempDir()
	for _, version := range []string{"", "--v1", "--v2"} {
		args := strings.Fields("make -f -o " + out + " " + version + " " + root)
		_, first, _ := result(t, args...)
		made := readMade(t, filepath.Join(out, "content.torrent"))
		if status, second, stderr := result(t, strings.Fields("make -o "+out+" "+version+" "+root)...); status != exitOK || first != second {
			t.Errorf("%s: status %d, %s\n%s\n%s", version, status, stderr, first, second)
		}
		if made.Info.HasV1() != (version != "--v2") || made.Info.HasV2() != (version != "--v1") {
			t.Errorf("%s: v1 %v, v2 %v", version, made.Info.HasV1(), made.Info.HasV2())
		}
	}
	if status, _, stderr := result(t, "make", "-o", out, root); status != exitLocal || !strings.Contains(stderr, "--force") {
		t.Errorf("another torrent of that name is written over: status %d, %s", status, stderr)
	}
}

// TestMakeRefuses checks what is refused and with which status.
func TestMakeRefuses(t *testing.T) {
	t.Parallel()
	root, out := writeTree(t, map[string]string{"a": "a"}), t.TempDir()
	for _, tt := range []struct {
		args   string
		status int
		want   string
	}{
		{"--v1 --v2 " + root, exitUsage, "can't be used together"},
		{"--piece-length=48KiB " + root, exitUsage, "not a power of two"},
		{"--tracker=ftp://x/ " + root, exitUsage, "no URL of a tracker"},
		{"--web-seed=udp://x:1 " + root, exitUsage, "no http or https URL"},
		{"--private " + root, exitUsage, "without a --tracker"},
		{"--name=x " + root + " " + root, exitUsage, "several torrents"},
		{"-o " + out + "/none/x.torrent " + root, exitLocal, "no such file"},
		{out + "/nothing", exitFailed, "no such file"},
		{out, exitFailed, "no file with content"},
	} {
		status, _, stderr := result(t, append([]string{"make", "-q"}, strings.Fields(tt.args)...)...)
		if status != tt.status || !strings.Contains(stderr, tt.want) {
			t.Errorf("make %s: status %d, %q; want %d, %q", tt.args, status, stderr, tt.status, tt.want)
		}
	}
}

// TestVerifySaysWhatDiffers makes a torrent, checks it, and damages what it is of.
func TestVerifySaysWhatDiffers(t *testing.T) {
	t.Parallel()
	odd := "odd \u0085 name"
	root := writeTree(t, map[string]string{"a": strings.Repeat("a", 100<<10), "sub/b": strings.Repeat("b", 40<<10), odd: "x", "gone": "g", "long": "l"})
	out := filepath.Join(t.TempDir(), "it.torrent")
	if status, _, stderr := result(t, "make", "-o", out, "--piece-length=16KiB", root); status != exitOK {
		t.Fatal(stderr)
	}
	if err := os.Rename(filepath.Join(root, odd), filepath.Join(root, localName(odd))); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{root, filepath.Dir(root)} {
		status, stdout, stderr := result(t, "verify", out, dir)
		if status != exitOK || stdout != "5 of 5 files and 13 of 13 pieces are right\n" {
			t.Errorf("verify in %s: status %d\n%s%s", dir, status, stdout, stderr)
		}
	}
	damage(t, filepath.Join(root, "a"), 17<<10)
	damage(t, filepath.Join(root, "a"), 33<<10)
	damage(t, filepath.Join(root, "a"), 99<<10)
	if err := os.Remove(filepath.Join(root, "gone")); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(root, "sub/b"), 20<<10); err != nil {
		t.Fatal(err)
	}
	want := "content/a: differs in pieces 1-2, 6\ncontent/gone: missing\ncontent/sub/b: has 20480 bytes, not 40960\n" +
		"2 of 5 files and 7 of 13 pieces are right\n"
	for _, args := range [][]string{{"verify", out, root}, {"inspect", out, "--verify", root}} {
		status, stdout, _ := result(t, args...)
		if status != exitFailed || stdout != want {
			t.Errorf("%s: status %d\n%s", args, status, cmp.Diff(want, stdout))
		}
	}
	_, stdout, _ := result(t, "verify", "--json", out, root)
	var v verification
	if err := json.Unmarshal([]byte(stdout), &v); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%v %d %d %s %d", v.OK, v.Pieces, v.GoodPieces, v.Files[0].State, v.Files[0].Pieces); got != "false 13 7 differs [1 2 6]" {
		t.Error(got)
	}
}

// damage changes one byte of a file.
func damage(t *testing.T, name string, at int64) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte{0}, at); err != nil {
		t.Fatal(err)
	}
}

// TestVerifySingleFile names the file, its folder, and something else.
func TestVerifySingleFile(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"a": "some content"})
	file, out := filepath.Join(root, "a"), filepath.Join(t.TempDir(), "it.torrent")
	if status, _, stderr := result(t, "make", "-o", out, file); status != exitOK {
		t.Fatal(stderr)
	}
	for place, want := range map[string]int{file: exitOK, root: exitOK, filepath.Dir(root): exitFailed} {
		if status, stdout, stderr := result(t, "verify", out, place); status != want {
			t.Errorf("verify in %s: status %d, want %d\n%s%s", place, status, want, stdout, stderr)
		}
	}
}
