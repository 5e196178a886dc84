package metainfo

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// link is an entry of a v1 list that is a symbolic link.
func link(path, target string) dict {
	return dict{"attr": "l", "path": strings.Split(path, "/"), "symlink path": strings.Split(target, "/")}
}

func file(path string, n int) dict {
	return dict{"length": n, "path": strings.Split(path, "/")}
}

// framework is laid out like a macOS framework, with links to links, links to
// directories, and targets in each form that is found in torrents.
func framework(t *testing.T) *Info {
	return mustInfo(t, with(v1Multi(), "files", []any{
		link("Headers", "Versions/Current/Headers"), // from the root, through a link
		link("SDL2", "Versions/A/SDL2"),
		file("Versions/A/Headers/sdl.h", 100),
		file("Versions/A/SDL2", 200),
		file("Versions/A/Lib/x", 7),
		link("Versions/Current", "A"),                        // from the link's directory
		link("Versions/A/Lib/up", "../SDL2"),                 // with ..
		link("Versions/A/Lib/out", "../../../../etc/passwd"), // out of the torrent
		link("Versions/A/Lib/top", "../../.."),               // without a name: no link
		link("dangling", "no/such"),
		link("self", "self"),
		link("ping", "pong"), link("pong", "ping"),
		dict{"attr": "l", "length": 9, "path": []string{"not-a-link"}},
		dict{"attr": "l", "length": 8, "path": []string{"dots"}, "symlink path": []string{".", ".."}},
	}))
}

func TestSymlinks(t *testing.T) {
	in := framework(t)
	for path, want := range map[string]string{
		"temp/SDL2":                            "SDL2:200",
		"temp/Headers":                         "Headers/:100",
		"temp/Headers/sdl.h":                   "sdl.h:100",
		"temp/Versions/Current":                "A/:307",
		"temp/Versions/Current/SDL2":           "SDL2:200",
		"temp/Versions/Current/Lib/up":         "SDL2:200",
		"temp/Versions/A/Lib/up":               "SDL2:200",
		"temp/not-a-link":                      "not-a-link:9",
		"temp/dots":                            "dots:8",
		"temp/Versions/A/Lib/out":              "",
		"temp/Versions/A/Lib/top":              "top:0",
		"temp/dangling":                        "",
		"temp/self":                            "",
		"temp/ping":                            "",
		"temp/Headers/sdl.h/x":                 "",
		"temp/SDL2/x":                          "",
		"temp/Versions/Current/Lib/out/passwd": "",
	} {
		node, err := in.Lookup(strings.Split(path, "/"))
		got := ""
		switch {
		case err != nil && !errors.Is(err, ErrNotFound):
			t.Error(err)
		case err == nil && node.Dir:
			got = fmt.Sprintf("%s/:%d", node.Name, node.Size)
		case err == nil:
			got = fmt.Sprintf("%s:%d", node.Name, node.Size)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	checkURLs(t, in)
}

func TestSymlinkHops(t *testing.T) {
	files := []any{file("f", 1)}
	for i := range 12 {
		target := "f"
		if i > 0 {
			target = fmt.Sprint("l", i-1)
		}
		files = append(files, link(fmt.Sprint("l", i), target))
	}
	in := mustInfo(t, with(v1Multi(), "files", files))
	for i := range 12 {
		_, err := in.Lookup([]string{"temp", fmt.Sprint("l", i)})
		if hops := i + 1; (err == nil) != (hops <= MaxSymlinkHops) {
			t.Errorf("%d hops: %v", hops, err)
		}
	}
}

func TestLookup(t *testing.T) {
	in := mustInfo(t, hybridMulti())
	for _, path := range [][]string{{""}, {"temp", ""}, {"temp", "x"}, {"temp", ".pad"}, {"temp", ".pad", "31072"}, {"a"}, {"temp", "a", "x"}, {"temp", ".", "a"}} {
		if node, err := in.Lookup(path); !errors.Is(err, ErrNotFound) || node != nil {
			t.Errorf("%q: %v, %v", path, node, err)
		}
	}
	if root, err := in.Lookup(nil); err != nil || *root != *in.Tree() || root.Name != "" || !root.Dir {
		t.Errorf("%v, %v", root, err)
	}
	if dir, err := in.Lookup([]string{"temp", "b"}); err != nil || !dir.Dir || dir.Size != 5 || dir.Files != 2 {
		t.Errorf("%v, %v", dir, err)
	}
	single := mustInfo(t, v1Single())
	if node, err := single.Lookup([]string{"temp"}); err != nil || node.File != &single.Files[0] {
		t.Errorf("%v, %v", node, err)
	}
	if _, err := single.Lookup([]string{"temp", "temp"}); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestNaturalOrder(t *testing.T) {
	want := []string{
		"", "#", "0", "00", "01", "1", "1a", "2", "10", "99999999999999999999", "100000000000000000000",
		"A", "a", "ab", "B", "part 1", "Part 2", "part 2", "part 10", "part 10b", "\xff",
	}
	got := slices.Clone(want)
	rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	slices.SortFunc(got, compareNames)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, pair := range [][2]string{{"part 2", "part 10"}, {"Part 2", "part 10"}, {"a9", "a10"}, {"1", "1a"}, {"B", "part 1"}, {"a", "B"}} {
		if compareNames(pair[0], pair[1]) >= 0 {
			t.Errorf("%q is not before %q", pair[0], pair[1])
		}
	}
}

// TestOrderIsTotal checks that natural order suits sorting and searching.
func TestOrderIsTotal(t *testing.T) {
	names := rapid.StringMatching(`[aAbB019 .]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := names.Draw(t, "a"), names.Draw(t, "b"), names.Draw(t, "c")
		ab, bc, ac := compareNames(a, b), compareNames(b, c), compareNames(a, c)
		if ab != -compareNames(b, a) || (ab == 0) != (a == b) {
			t.Fatalf("%q %q: %d, %d", a, b, ab, compareNames(b, a))
		}
		if ab < 0 && bc < 0 && ac >= 0 {
			t.Fatalf("%q < %q < %q, not %q < %q", a, b, c, a, c)
		}
	})
}

// TestTreesOfAnyPaths makes torrents of random paths from few names, so that
// they clash in all ways.
func TestTreesOfAnyPaths(t *testing.T) {
	element := rapid.SampledFrom([]string{"", ".", "..", "a", "a.1", "a.b", "a.1.b", "_", "_.1", "/", "\xff", "A", strings.Repeat("x", 300)})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.SliceOfN(element, 1, 4), 1, MaxDuplicates).Draw(t, "paths")
		in, err := ParseInfo(mustEncode(withPaths(list...)))
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for i := range in.Files {
			f := &in.Files[i]
			key := fmt.Sprintf("%q", in.Path(f))
			if seen[key] || slices.ContainsFunc(in.Path(f), unsafeName) {
				t.Fatalf("%s", key)
			}
			seen[key] = true
			if node, err := in.Lookup(append([]string{in.Name}, in.Path(f)...)); err != nil || node.File != f {
				t.Fatalf("%s: %v", key, err)
			}
			if ranked, ok := in.Ranked(in.Rank(f)); !ok || ranked != f {
				t.Fatalf("%s has rank %d", key, in.Rank(f))
			}
		}
	})
}

func TestRank(t *testing.T) {
	in := framework(t)
	seen := map[int]bool{}
	for i := range in.Files {
		seen[in.Rank(&in.Files[i])] = true
	}
	n := 0
	for rank := 0; ; rank++ {
		f, ok := in.Ranked(rank)
		if !ok {
			break
		}
		if f != nil {
			n++
		}
		if seen[rank] != (f != nil) {
			t.Errorf("rank %d: %v", rank, f)
		}
	}
	if n != len(in.Files) {
		t.Errorf("%d of %d files have a rank", n, len(in.Files))
	}
	for i, name := range []string{"e01.mkv", "e2.mkv", "e10.mkv", "e11.mkv"} {
		in := mustInfo(t, with(v1Multi(), "files", []any{file("e10.mkv", 1), file("e11.mkv", 1), file("e01.mkv", 1), file("e2.mkv", 1)}))
		if f, ok := in.Ranked(i); !ok || in.FileName(f) != name {
			t.Errorf("file %d is %v", i, f)
		}
	}
}
