package metainfo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestCheck damages content in each way and asks which files and pieces differ.
func TestCheck(t *testing.T) {
	whole := fstest.MapFS{
		"d/a": {Data: randomBytes(1, 100<<10)}, "d/b": {Data: randomBytes(2, 10)}, "d/c": {Data: randomBytes(3, 70<<10)}, "d/none": {},
	}
	const piece = 32 << 10
	damaged := func(name string, data []byte) fstest.MapFS {
		m := maps.Clone(whole)
		if data == nil {
			delete(m, name)
		} else {
			m[name] = &fstest.MapFile{Data: data}
		}
		return m
	}
	flipped := bytes.Clone(whole["d/a"].Data)
	flipped[40<<10] ^= 1
	for name, c := range map[string]struct {
		files  fstest.MapFS
		v1     string // state and pieces of each file, in a torrent of v1 alone
		hybrid string
	}{
		"whole":   {whole, "a ok, b ok, c ok, none ok", "a ok, b ok, c ok, none ok"},
		"flipped": {damaged("d/a", flipped), "a differs [1], b ok, c ok, none ok", "a differs [1], b ok, c ok, none ok"},
		"missing": {damaged("d/b", nil), "a unknown [3], b missing [3], c unknown [3], none ok", "a ok, b missing [4], c ok, none ok"},
		"shorter": {damaged("d/c", whole["d/c"].Data[:60<<10]), "a ok, b ok, c length [5], none ok", "a ok, b ok, c length [6 7], none ok"},
		"longer":  {damaged("d/none", []byte("x")), "a ok, b ok, c ok, none length", "a ok, b ok, c ok, none length"},
	} {
		for version, want := range map[Version]string{V1: c.v1, Hybrid: c.hybrid, V2: c.hybrid} {
			tor, err := Make(context.Background(), MakeOptions{FS: whole, Root: "d", Version: version, PieceLength: piece})
			if err != nil {
				t.Fatal(err)
			}
			var done int64
			r, err := tor.Check(context.Background(), CheckOptions{FS: c.files, Name: inDir(tor.Info), Progress: func(n, _ int64) { done = n }})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, describe(tor.Info, r)); d != "" {
				t.Errorf("%s, version %d: %s", name, version, d)
			}
			if r.OK() != (name == "whole") || done != tor.Info.Size() || name == "whole" && r.Pieces != tor.Info.NumPieces() {
				t.Errorf("%s, version %d: OK is %v, %d bytes, %d pieces", name, version, r.OK(), done, r.Pieces)
			}
		}
	}
}

// TestCheckEnds asks for the error of the context.
func TestCheckEnds(t *testing.T) {
	fsys := fstest.MapFS{"d/a": {Data: make([]byte, 1<<20)}}
	tor, err := Make(context.Background(), MakeOptions{FS: fsys, Root: "d"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := tor.Check(ctx, CheckOptions{FS: fsys, Name: inDir(tor.Info)}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func inDir(in *Info) func(*File) string {
	return func(f *File) string { return "d/" + strings.Join(in.RawPath(f), "/") }
}

func describe(in *Info, r *CheckResult) string {
	var list []string
	for _, f := range r.Files {
		s := strings.Join(in.RawPath(f.File), "/") + " " + string(f.State)
		if len(f.Pieces) > 0 {
			s += fmt.Sprint(" ", f.Pieces)
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}
