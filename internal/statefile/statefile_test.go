package statefile

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func testFile(t *testing.T) File {
	t.Helper()
	return File{Path: filepath.Join(t.TempDir(), "state"), Kind: "things", Version: 2, MaxSize: 64}
}

// TestSavedIsLoaded: what was saved last is there, behind a line that says what it is.
func TestSavedIsLoaded(t *testing.T) {
	f := testFile(t)
	if content, version, err := f.Load(); content != nil || version != 0 || err != nil {
		t.Fatalf("without a file: %q, version %d, %v", content, version, err)
	}
	for _, want := range []string{"first\n", "", "#btgw things 2\nsecond"} {
		if err := f.Save([]byte(want)); err != nil {
			t.Fatal(err)
		}
		content, version, err := f.Load()
		if string(content) != want || version != 2 || err != nil {
			t.Errorf("%q, version %d, %v; want %q", content, version, err, want)
		}
	}
	text, err := os.ReadFile(f.Path)
	if err != nil || !bytes.HasPrefix(text, []byte("#btgw things 2\n")) {
		t.Errorf("%q, %v", text, err)
	}
	info, err := os.Stat(f.Path)
	if err != nil || info.Mode().Perm() != Perm {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(f.Path), "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the file: %v, %v", left, err)
	}
}

// TestEarlierReleases: a file without the line, as earlier releases wrote it, is version 0.
func TestEarlierReleases(t *testing.T) {
	f := testFile(t)
	for _, want := range []string{"{}", "d3:id44:xxxxe", "", "#btgw", "#btgw things\nx", "#btgw things 0\nx", "#btgw things two\nx", "#btgw things 2"} {
		if err := os.WriteFile(f.Path, []byte(want), Perm); err != nil {
			t.Fatal(err)
		}
		if content, version, err := f.Load(); string(content) != want || version != 0 || err != nil {
			t.Errorf("%q, version %d, %v; want %q", content, version, err, want)
		}
	}
	if err := os.WriteFile(f.Path, []byte("#btgw things 1\nx"), Perm); err != nil {
		t.Fatal(err)
	}
	if content, version, err := f.Load(); string(content) != "x" || version != 1 || err != nil {
		t.Errorf("of the version before: %q, version %d, %v", content, version, err)
	}
}

// TestLaterReleases: what a later release wrote is not read, and outlives the next Save.
func TestLaterReleases(t *testing.T) {
	f := testFile(t)
	const theirs = "#btgw things 3\ntheirs"
	if err := os.WriteFile(f.Path, []byte(theirs), Perm); err != nil {
		t.Fatal(err)
	}
	_, _, err := f.Load()
	var newer *VersionError
	if !errors.As(err, &newer) || newer.Version != 3 {
		t.Fatalf("%v", err)
	}
	if err := f.Save([]byte("ours")); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(newer.Kept); string(text) != theirs || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// TestBounds: a file that is too large, or another, is an error and not content; what is too
// large to be read again is not written over what there is.
func TestBounds(t *testing.T) {
	f := testFile(t)
	if err := os.WriteFile(f.Path, make([]byte, f.MaxSize+1), Perm); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Load(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v", err)
	}
	if err := f.Save([]byte("small")); err != nil {
		t.Fatal(err)
	}
	if err := f.Save([]byte(strings.Repeat("x", int(f.MaxSize)))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v", err)
	}
	if content, _, err := f.Load(); string(content) != "small" || err != nil {
		t.Errorf("%q, %v", content, err)
	}
	other := f
	other.Kind = "others"
	if _, _, err := other.Load(); !errors.Is(err, ErrKind) {
		t.Errorf("%v", err)
	}
	other.Path = t.TempDir()
	if _, _, err := other.Load(); err == nil {
		t.Error("a directory is no error")
	}
	other.Path = filepath.Join(other.Path, "missing", "state")
	if err := other.Save(nil); err == nil {
		t.Error("no directory is no error")
	}
}

// TestNoFile: without a path nothing is kept.
func TestNoFile(t *testing.T) {
	var f File
	if content, _, err := f.Load(); content != nil || err != nil {
		t.Errorf("%q, %v", content, err)
	}
	if err := f.Save([]byte("x")); err != nil {
		t.Error(err)
	}
}
