package statefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/btgw/btgw/internal/atomicfile"
)

// A File is where one kind of state is kept. The zero Path keeps nothing: Load then finds
// nothing and Save does nothing.
//
// The file begins with the line "#btgw KIND VERSION". One without that line is of version 0,
// which is how earlier releases wrote all of theirs.
type File struct {
	Path    string
	Kind    string // one word, such as "bans"
	Version int    // what Save writes, and the newest that Load reads
	MaxSize int64  // bytes, the first line included
}

// Perm is the mode of a state file: what it holds is its owner's business alone.
const Perm fs.FileMode = 0o600

var (
	// ErrTooLarge is a file of more than MaxSize bytes. Load reads no further, Save writes nothing.
	ErrTooLarge = errors.New("the file is too large")
	// ErrKind is a file that holds another kind of state.
	ErrKind = errors.New("the file holds something else")
)

// A VersionError is a file that a later release wrote. It was moved to Kept, so that the next
// Save does not destroy it.
type VersionError struct {
	Version int
	Kept    string
}

// Error implements error.
func (e *VersionError) Error() string {
	return fmt.Sprintf("the file is of version %d, which a later release wrote; it is kept as %s", e.Version, e.Kept)
}

const magic = "#btgw "

// Load returns what Save wrote last, and the version that it has. Where there is no file the
// content is nil and the error too. Other errors are ErrTooLarge, ErrKind, a *VersionError, or
// what the file system says.
func (f File) Load() (content []byte, version int, err error) {
	if f.Path == "" {
		return nil, 0, nil
	}
	content, version, err = f.load()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", f.Path, err)
	}
	return content, version, nil
}

func (f File) load() (content []byte, version int, err error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, f.MaxSize+1))
	if err != nil {
		return nil, 0, err
	}
	if int64(len(text)) > f.MaxSize {
		return nil, 0, ErrTooLarge
	}
	kind, version, content := parse(text)
	switch {
	case version > 0 && kind != f.Kind:
		return nil, 0, ErrKind
	case version > f.Version:
		kept := f.Path + ".v" + strconv.Itoa(version)
		if err := os.Rename(f.Path, kept); err != nil {
			return nil, 0, err
		}
		return nil, 0, &VersionError{version, kept}
	}
	return content, version, nil
}

// parse splits the first line off. A file without one is all content, of version 0.
func parse(text []byte) (kind string, version int, content []byte) {
	line, rest, found := bytes.Cut(text, []byte("\n"))
	head, ok := bytes.CutPrefix(line, []byte(magic))
	if !found || !ok {
		return "", 0, text
	}
	name, number, _ := bytes.Cut(head, []byte(" "))
	version, err := strconv.Atoi(string(number))
	if err != nil || version < 1 {
		return "", 0, text
	}
	return string(name), version, rest
}

// Save replaces the file by one that holds content, whole or not at all, and returns when it is
// on the disk.
func (f File) Save(content []byte) error {
	if f.Path == "" {
		return nil
	}
	text := append(fmt.Appendf(nil, "%s%s %d\n", magic, f.Kind, f.Version), content...)
	if int64(len(text)) > f.MaxSize {
		return fmt.Errorf("%s: %w", f.Path, ErrTooLarge)
	}
	if err := atomicfile.WritePath(f.Path, text, Perm); err != nil {
		return err
	}
	return syncDir(filepath.Dir(f.Path))
}

// syncDir makes the new name last. Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
