// Package atomicfile replaces files whole or not at all, on every system that btgw
// is built for.
//
// Content goes to a temporary file in the same folder, is made durable, and takes
// the file's place by a rename. The new name is durable once its folder is, which
// is the caller's part. On Windows an [os.Root] renames with POSIX semantics, so
// that a file which is open can be replaced there too.
package atomicfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Pending is a file that is being written. It is for one goroutine.
type Pending struct {
	*os.File
	root      *os.Root
	temporary string // its name until Replace
	name      string
	closed    bool
	replaced  bool
}

// Create begins a new file for name in root. The umask takes from perm.
func Create(root *os.Root, name string, perm fs.FileMode) (*Pending, error) {
	temporary := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+rand.Text())
	f, err := root.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, err
	}
	return &Pending{File: f, root: root, temporary: temporary, name: name}, nil
}

// Replace makes what was written durable and gives it its name. The file is closed.
func (p *Pending) Replace() error {
	if err := p.Sync(); err != nil {
		return err
	}
	p.closed = true
	if err := p.Close(); err != nil {
		return err
	}
	if err := p.root.Rename(p.temporary, p.name); err != nil {
		return err
	}
	p.replaced = true
	return nil
}

// Discard closes and removes the temporary file, unless Replace succeeded.
func (p *Pending) Discard() error {
	if p.replaced {
		return nil
	}
	var err error
	if !p.closed {
		p.closed = true
		err = p.Close()
	}
	return errors.Join(err, p.root.Remove(p.temporary))
}

// WriteFile replaces the file name in root by one that holds data. A file that was
// there passes its permissions on; else the umask takes from perm.
func WriteFile(root *os.Root, name string, data []byte, perm fs.FileMode) error {
	p, err := Create(root, name, perm)
	if err != nil {
		return err
	}
	defer p.Discard()
	if old, err := root.Stat(name); err == nil {
		if err := p.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	if _, err := p.Write(data); err != nil {
		return err
	}
	return p.Replace()
}

// WritePath is WriteFile for a path.
func WritePath(path string, data []byte, perm fs.FileMode) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer root.Close()
	return WriteFile(root, filepath.Base(path), data, perm)
}
