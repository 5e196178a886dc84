package metainfo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMakeRoundTrip(t *testing.T) {
	fsys := fstest.MapFS{
		"d/a/x": {Data: randomBytes(1, 90_000)}, "d/b": {Data: []byte("hi")}, "d/empty": {},
		"d/big": {Data: randomBytes(2, 100_000)}, "d/run": {Data: []byte("x"), Mode: 0o755},
		"d/link": {Data: []byte("a/x"), Mode: fs.ModeSymlink}, "d/a/up": {Data: []byte("../b"), Mode: fs.ModeSymlink},
	}
	for _, version := range []Version{V1, V2, Hybrid} {
		opts := MakeOptions{
			FS: fsys, Root: "d", Name: "name", Version: version, Private: true, Comment: "c", CreatedBy: "me", CreationDate: 5,
			Trackers: [][]string{{"http://t.example/"}, {"udp://u.example:1"}}, WebSeeds: []string{"http://s.example/"}, Nodes: []string{"n.example:6881"},
		}
		tor, err := Make(context.Background(), opts)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseTorrent(tor.Encode())
		if err != nil {
			t.Fatal(version, err)
		}
		if !bytes.Equal(back.Encode(), tor.Encode()) || cmp.Diff(tor.Layers, back.Layers) != "" {
			t.Errorf("version %d does not survive", version)
		}
		in := back.Info
		if in.Name != "name" || !in.Private || in.HasV1() != (version != V2) || in.HasV2() != (version != V1) {
			t.Errorf("version %d: %+v", version, in)
		}
		want := []string{"name/a/up", "name/a/x", "name/b", "name/big", "name/empty", "name/link", "name/run"}
		if d := cmp.Diff(want, paths(in)); d != "" {
			t.Error(d)
		}
		checkURLs(t, in)
		if n, err := in.Lookup([]string{"name", "a", "up"}); err != nil || n.Name != "b" {
			t.Errorf("%v, %v", n, err)
		}
		checkPieces(t, back, renamed{fsys})
	}
}

// renamed shows directory d of a file system under another name.
type renamed struct{ fs.FS }

func (r renamed) Open(name string) (fs.File, error) {
	return r.FS.Open("d" + strings.TrimPrefix(name, "name"))
}

func TestMakeSingleFile(t *testing.T) {
	fsys := fstest.MapFS{"dir/file.bin": {Data: randomBytes(1, 50_000), Mode: 0o755}, "dir/l": {Data: []byte("file.bin"), Mode: fs.ModeSymlink}}
	for _, version := range []Version{V1, V2, Hybrid} {
		for root, name := range map[string]string{"dir/file.bin": "file.bin", "dir/l": "l"} {
			tor, err := Make(context.Background(), MakeOptions{FS: fsys, Root: root, Version: version})
			if err != nil {
				t.Fatal(err)
			}
			in := tor.Info
			if !in.SingleFile() || in.Name != name || in.Path(&in.Files[0]) != nil || in.Size() != 50_000 || in.Span() != 50_000 || !in.Files[0].Executable {
				t.Errorf("version %d: %+v", version, in)
			}
		}
	}
}

func TestMakeOfPaths(t *testing.T) {
	root := writeContent(t)
	if err := os.Mkdir(filepath.Join(root, "empty directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	tor, err := Make(context.Background(), MakeOptions{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	if tor.Info.Name != "Some content" || !tor.Info.HasV1() || !tor.Info.HasV2() {
		t.Error("not a hybrid torrent named by its directory")
	}
	t.Chdir(root)
	here, err := Make(context.Background(), MakeOptions{Root: "."})
	if err != nil || here.Info.ID() != tor.Info.ID() {
		t.Error(err)
	}
	all, err := Make(context.Background(), MakeOptions{FS: os.DirFS(root), Root: ".", Name: "Some content"})
	if err != nil || all.Info.ID() != tor.Info.ID() {
		t.Error(err)
	}
}

func TestMakeErrors(t *testing.T) {
	fsys := fstest.MapFS{
		"d/f": {Data: []byte("x")}, "empty/f": {}, "none": {Mode: fs.ModeDir},
		"out/l": {Data: []byte("../d/f"), Mode: fs.ModeSymlink}, "out/f": {Data: []byte("x")},
		"abs/l": {Data: []byte("/d/f"), Mode: fs.ModeSymlink}, "abs/f": {Data: []byte("x")},
		"self/l": {Data: []byte("."), Mode: fs.ModeSymlink}, "self/f": {Data: []byte("x")},
		"dev/null": {Mode: fs.ModeDevice}, "dev/f": {Data: []byte("x")},
		"bytes/\xff": {Data: []byte("x")}, "bytes/f": {Data: []byte("x")}, "\xff": {Data: []byte("x")},
	}
	for name, c := range map[string]struct {
		opts MakeOptions
		want string
	}{
		"missing":           {MakeOptions{FS: fsys, Root: "nowhere"}, "file does not exist"},
		"bad path":          {MakeOptions{FS: fsys, Root: "../d"}, "invalid argument"},
		"no name":           {MakeOptions{FS: fsys, Root: "."}, "needs a name"},
		"no bytes":          {MakeOptions{FS: fsys, Root: "empty"}, "no file with content"},
		"no files":          {MakeOptions{FS: fsys, Root: "none"}, "no file with content"},
		"link out":          {MakeOptions{FS: fsys, Root: "out"}, "out/l: the link to ../d/f leads out"},
		"link absolute":     {MakeOptions{FS: fsys, Root: "abs"}, "leads out"},
		"link to the root":  {MakeOptions{FS: fsys, Root: "self"}, "leads out"},
		"device":            {MakeOptions{FS: fsys, Root: "dev"}, "dev/null: neither"},
		"name in bytes":     {MakeOptions{FS: fsys, Root: "bytes"}, `"bytes/\xff": the name is not UTF-8`},
		"root in bytes":     {MakeOptions{FS: fsys, Root: "\xff"}, `"\xff": the name is not UTF-8`},
		"version":           {MakeOptions{FS: fsys, Root: "d", Version: 4}, "version"},
		"piece length odd":  {MakeOptions{FS: fsys, Root: "d", PieceLength: 3 << 14}, "piece length"},
		"piece length low":  {MakeOptions{FS: fsys, Root: "d", PieceLength: 1 << 13}, "piece length"},
		"piece length high": {MakeOptions{FS: fsys, Root: "d", PieceLength: 1 << 27}, "piece length"},
		"file grows":        {MakeOptions{FS: lying{FS: fsys, content: []byte("xy")}, Root: "d"}, "changed while it was read"},
		"file shrinks":      {MakeOptions{FS: lying{FS: fsys}, Root: "d"}, "changed while it was read"},
		"read error":        {MakeOptions{FS: lying{FS: fsys, fail: true}, Root: "d"}, "d/f: broken"},
	} {
		tor, err := Make(context.Background(), c.opts)
		if tor != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// lying is a file system whose files hold something else than it says.
type lying struct {
	fs.FS
	content []byte
	fail    bool
}

func (l lying) Open(name string) (fs.File, error) {
	f, err := l.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, "/f") {
		return f, err
	}
	return lyingFile{f, bytes.NewReader(l.content), l.fail}, nil
}

type lyingFile struct {
	fs.File
	r    io.Reader
	fail bool
}

func (f lyingFile) Read(p []byte) (int, error) {
	if f.fail {
		return 0, errors.New("broken")
	}
	return f.r.Read(p)
}

func TestMakeCanBeCancelled(t *testing.T) {
	fsys := fstest.MapFS{"d/a": {Data: make([]byte, 5<<20)}}
	ctx, cancel := context.WithCancel(context.Background())
	var calls int
	_, err := Make(ctx, MakeOptions{FS: fsys, Root: "d", Workers: 1, Progress: func(done, total int64) {
		if calls++; total != 5<<20 || done > total {
			t.Errorf("%d of %d", done, total)
		}
		cancel()
	}})
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("%v after %d reads", err, calls)
	}
	if _, err := Make(ctx, MakeOptions{FS: fsys, Root: "d"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestMakeReportsProgress(t *testing.T) {
	fsys := fstest.MapFS{"d/a": {Data: make([]byte, 5<<19)}, "d/b": {Data: []byte("x")}}
	var got []int64
	var in []int64
	if _, err := Make(context.Background(), MakeOptions{FS: fsys, Root: "d", PieceLength: 128 << 10, Progress: func(done, total int64) {
		got, in = append(got, done), append(in, total)
	}}); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(got) || len(got) < 5<<19/hashBuffer || got[len(got)-1] != 5<<19+1 || slices.Min(in) != 5<<19+1 {
		t.Errorf("%v of %v", got, in)
	}
}

func TestPieceLengthFor(t *testing.T) {
	for size, want := range map[int64]int64{
		0: 16 << 10, 1: 16 << 10, 32 << 20: 16 << 10, 64 << 20: 32 << 10, 1 << 30: 512 << 10, 4 << 30: 2 << 20,
		32 << 30: 16 << 20, 1 << 40: 16 << 20, 3 << 40: 16 << 20, 4 << 40: 32 << 20, MaxSize: 64 << 20,
	} {
		if got := PieceLengthFor(size); got != want {
			t.Errorf("%d GiB: %d KiB, want %d KiB", size>>30, got>>10, want>>10)
		}
	}
	for size := int64(1); size <= MaxSize; size = size*3/2 + 1 {
		n := PieceLengthFor(size)
		if pieces := (size + n - 1) / n; pieces > MaxPieces || pieces*hashLenV1 > MaxInfoLen*6/10 {
			t.Errorf("%d bytes: %d pieces", size, pieces)
		}
	}
}

func TestPieceLengthForMedia(t *testing.T) {
	film := fstest.MapFS{"d/film.mkv": {Data: make([]byte, 100<<20)}, "d/notes.txt": {Data: make([]byte, 1<<20)}}
	other := fstest.MapFS{"d/film.iso": film["d/film.mkv"], "d/notes.txt": film["d/notes.txt"]}
	for want, fsys := range map[int64]fs.FS{32 << 10: film, 64 << 10: other} {
		tor, err := Make(context.Background(), MakeOptions{FS: fsys, Root: "d"})
		if err != nil || tor.Info.PieceLength != want {
			t.Errorf("%d, want %d: %v", tor.Info.PieceLength, want, err)
		}
	}
	for size, want := range map[int64]int64{1 << 30: 256 << 10, 8 << 30: 2 << 20, 100 << 30: 2 << 20, 1 << 40: 8 << 20} {
		if got := PieceLengthForMedia(size); got != want {
			t.Errorf("%d GiB: %d KiB, want %d KiB", size>>30, got>>10, want>>10)
		}
	}
}

// TestMakeWorkers compares what several workers make with what one makes.
func TestMakeWorkers(t *testing.T) {
	fsys := fstest.MapFS{}
	for i, size := range []int{9 << 20, 0, 1, BlockLen - 1, BlockLen, BlockLen + 1, 5<<20 + 1, 0, 64 << 10, 64<<10 + 1, 64<<10 - 1, 3} {
		fsys[fmt.Sprintf("d/%02d", i)] = &fstest.MapFile{Data: randomBytes(uint64(i), size)}
	}
	for _, version := range []Version{V1, V2, Hybrid} {
		var want []byte
		for _, workers := range []int{1, 2, 7} {
			tor, err := Make(context.Background(), MakeOptions{FS: fsys, Root: "d", Name: "name", Version: version, Workers: workers, PieceLength: 64 << 10})
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = tor.Encode()
				checkPieces(t, tor, renamed{fsys})
			}
			if !bytes.Equal(tor.Encode(), want) {
				t.Errorf("version %d: %d workers make another torrent", version, workers)
			}
		}
	}
}

func TestMakeExcludes(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{"a.txt", ".DS_Store", "sub/.DS_Store", "sub/a.tmp", "sub/b", "sub/deep/b", "cache/x", "sub/cache/y"} {
		fsys["d/"+name] = &fstest.MapFile{Data: []byte("x")}
	}
	tor, err := Make(context.Background(), MakeOptions{FS: fsys, Root: "d", Exclude: []string{".DS_Store", "*.tmp", "/cache", "sub/deep/b"}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"d/a.txt", "d/sub/b", "d/sub/cache/y"}, paths(tor.Info)); d != "" {
		t.Error(d)
	}
	if _, err := Make(context.Background(), MakeOptions{FS: fsys, Root: "d", Exclude: []string{"["}}); !errors.Is(err, path.ErrBadPattern) {
		t.Error(err)
	}
}

func TestMakeFollowsLinks(t *testing.T) {
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "away", "far", "f"), []byte("hello"), 0o644)
	writeFile(t, filepath.Join(root, "d", "a"), []byte("a"), 0o644)
	for name, target := range map[string]string{"d/to-file": "../away/far/f", "d/to-dir": filepath.Join(root, "away")} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	tor, err := Make(context.Background(), MakeOptions{Root: filepath.Join(root, "d"), FollowLinks: true})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"d/a", "d/to-dir/far/f", "d/to-file"}, paths(tor.Info)); d != "" {
		t.Error(d)
	}
	if err := os.Symlink("..", filepath.Join(root, "away", "far", "loop")); err != nil {
		t.Fatal(err)
	}
	if _, err := Make(context.Background(), MakeOptions{Root: filepath.Join(root, "d"), FollowLinks: true}); err == nil || !strings.Contains(err.Error(), "a link to a directory that it is in") {
		t.Error(err)
	}
}

// TestMakeSeesChanges changes a file that was read already, without its length.
func TestMakeSeesChanges(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"time": func(path string) error { return os.Chtimes(path, time.Time{}, time.Unix(1, 0)) },
		"gone": os.Remove,
	} {
		root := t.TempDir()
		writeFile(t, filepath.Join(root, "a"), randomBytes(1, 100_000), 0o644)
		writeFile(t, filepath.Join(root, "b"), randomBytes(2, 100_000), 0o644)
		changed := false
		_, err := Make(context.Background(), MakeOptions{Root: root, Workers: 1, Progress: func(int64, int64) {
			if !changed {
				changed = true
				if err := change(filepath.Join(root, "a")); err != nil {
					t.Error(err)
				}
			}
		}})
		if want := map[string]error{"time": errChanged, "gone": fs.ErrNotExist}[name]; !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

// TestMakeSkipsHoles makes a torrent of 100 GiB of which one block is not a hole.
func TestMakeSkipsHoles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "sparse")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const size, at = 100<<30 + 5, 50 << 30
	if _, err := f.WriteAt([]byte("data"), at); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	tor, err := Make(t.Context(), MakeOptions{Root: name})
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []int{0, at / int(tor.Info.PieceLength), tor.Info.NumPieces() - 1} {
		b := make([]byte, tor.Info.PieceSize(piece))
		if _, err := f.ReadAt(b, tor.Info.PieceOffset(piece)); err != nil {
			t.Fatal(err)
		}
		if ok, known := tor.Info.VerifyPiece(piece, b, tor.Layers); !ok || !known {
			t.Errorf("piece %d is wrong", piece)
		}
	}
}

// TestMakeRefusesTooManyPieces does so before it reads.
func TestMakeRefusesTooManyPieces(t *testing.T) {
	_, err := Make(context.Background(), MakeOptions{FS: zerosFS{MaxSize}, Root: "zeros", PieceLength: MinPieceLength})
	if invalid := (*InvalidError)(nil); !errors.As(err, &invalid) || invalid.Reason != ReasonLimit {
		t.Error(err)
	}
}

// TestLargeMakeIsStreamed makes a torrent of more bytes than it may allocate.
func TestLargeMakeIsStreamed(t *testing.T) {
	const size = 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	tor, err := Make(context.Background(), MakeOptions{FS: zerosFS{size}, Root: "zeros"})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
		t.Errorf("%d bytes allocated", n)
	}
	root, layer := zerosHashes(size, int(tor.Info.PieceLength))
	if !bytes.Equal(rootBytes(tor.Info.PiecesRoot(&tor.Info.Files[0])), root) || !bytes.Equal(tor.Layers[[32]byte(root)], layer) {
		t.Error("wrong hashes")
	}
}

// zerosFS holds one file of that many zeros.
type zerosFS struct{ size int64 }

func (z zerosFS) Open(string) (fs.File, error) {
	return zerosFile{z, io.LimitReader(zeros{}, z.size)}, nil
}

type zerosFile struct {
	zerosFS
	io.Reader
}

func (zerosFile) Close() error                 { return nil }
func (f zerosFile) Stat() (fs.FileInfo, error) { return f, nil }
func (zerosFile) Name() string                 { return "zeros" }
func (f zerosFile) Size() int64                { return f.size }
func (zerosFile) Mode() fs.FileMode            { return 0o644 }
func (zerosFile) ModTime() (t time.Time)       { return t }
func (zerosFile) IsDir() bool                  { return false }
func (zerosFile) Sys() any                     { return nil }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func BenchmarkMake(b *testing.B) {
	for name, version := range map[string]Version{"v1": V1, "v2": V2, "hybrid": Hybrid} {
		b.Run(name, func(b *testing.B) {
			const size = 32 << 20
			b.SetBytes(size)
			for b.Loop() {
				if _, err := Make(context.Background(), MakeOptions{FS: zerosFS{size}, Root: "zeros", Version: version}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
