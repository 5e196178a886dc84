package atomicfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// only fails the test unless the folder holds one file, name, with this content.
func only(t *testing.T, dir, name, want string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != name {
		t.Fatalf("the folder holds %v, want %s alone", entries, name)
	}
	got, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil || string(got) != want {
		t.Fatalf("%s holds %q, %v, want %q", name, got, err, want)
	}
}

func TestWritePath(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := WritePath(path, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "f", "one")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := WritePath(path, []byte("two"), 0o600); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "f", "two")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != fs.FileMode(0o640) {
		t.Errorf("mode %v, %v, want the one it had, 0640", info.Mode(), err)
	}
}

func TestPending(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := WriteFile(root, "f", []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	open, err := root.Open("f") // on every system an open file can be replaced
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	for _, replace := range []bool{false, true} {
		p, err := Create(root, "f", 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.WriteString("new"); err != nil {
			t.Fatal(err)
		}
		want := "old"
		if replace {
			want = "new"
			if err := p.Replace(); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Discard(); err != nil {
			t.Fatal(err)
		}
		only(t, dir, "f", want)
	}
}
