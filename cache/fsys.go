package cache

import (
	"bufio"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A folder is a folder of a file system, and all that a Store does with one. Names have no
// slash. The tests' file system loses its power, and fails any call.
type folder interface {
	// OpenFile opens a file as os.OpenFile does. A file that it makes is its owner's alone.
	OpenFile(name string, flag int) (file, error)
	// Folder opens a folder in this one. Where it is missing, it makes it, durably.
	Folder(name string) (folder, error)
	// Walk begins to list the files in the folder, in any order.
	Walk() (walk, error)
	Remove(name string) error
	Rename(from, to string) error
	// Touch sets when a file was used last.
	Touch(name string, at time.Time) error
	// Sync makes the names in the folder durable.
	Sync() error
	// Lock keeps other processes out, or fails with ErrInUse, until what it returns is
	// called.
	Lock() (unlock func() error, err error)
	// Free returns how many bytes of the file system we may still take, Size how many it has.
	Free() (int64, error)
	Size() (int64, error)
	Close() error
}

// A file is an open file. The methods that the tiers of the standard library have behave
// as theirs.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	// WriteParts writes parts one after the other from off on.
	WriteParts(parts [][]byte, off int64) error
	Truncate(size int64) error
	// Sync makes the file's data, and what is needed to find it, durable.
	Sync() error
	// Allocate reserves the blocks of a range without changing the file's length.
	Allocate(off, n int64) error
	// Stamp returns the file's state. It is called at each read, and allocates nothing.
	Stamp() (stamp, error)
}

// A fileInfo is one file of a folder.
type fileInfo struct {
	name      string
	size      int64
	allocated int64 // the bytes that it takes on disk
	used      time.Time
}

// A walk lists a folder part by part. Names that come or go meanwhile may be in it or not.
type walk interface {
	// Next returns the next files, n at most, and nothing that is no regular file. io.EOF comes
	// with the last of them, or after it.
	Next(n int) ([]fileInfo, error)
	Close() error
}

// filesOf returns the files in a folder. After an error these are not all.
func filesOf(dir folder) (files []fileInfo, err error) {
	w, err := dir.Walk()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	for err == nil {
		var some []fileInfo
		some, err = w.Next(namesAtOnce)
		files = append(files, some...)
	}
	if err == io.EOF {
		err = nil
	}
	return files, err
}

// replaceFile gives a file the content that write writes, whole or not at all. replaced
// says that it has it; the new name may be lost in a power cut unless err is nil.
func replaceFile(dir folder, name string, write func(io.Writer) error) (replaced bool, err error) {
	temporary := "." + name + rand.Text()
	f, err := dir.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return false, err
	}
	w := bufio.NewWriterSize(io.NewOffsetWriter(f, 0), 1<<16)
	err = cmp.Or(write(w), w.Flush())
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = dir.Rename(temporary, name)
	}
	if err != nil {
		_ = dir.Remove(temporary) // else the next start does
		return false, err
	}
	return true, dir.Sync()
}

// An osFolder is a folder of the operating system.
type osFolder struct {
	root  *os.Root
	local bool // of a file system that asks nobody what a file's state is
}

// openFolder opens a folder by its path. Where it is missing, it makes it, durably.
func openFolder(dir string) (folder, error) {
	if err := makeFolder(dir); err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	return osFolder{root, isLocal(root)}, nil
}

// makeFolder makes a folder and those above it, as far as they are missing.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent == dir {
		return fs.ErrNotExist
	}
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, dirPerm); err != nil && !os.IsExist(err) {
		return err
	}
	if root, err := os.OpenRoot(parent); err == nil { // else it is not ours to read
		_ = syncDir(root)
		_ = root.Close()
	}
	return nil
}

func (o osFolder) OpenFile(name string, flag int) (file, error) {
	f, err := o.root.OpenFile(name, flag, filePerm)
	if err != nil {
		return nil, err
	}
	return osFile{f, o.local}, nil
}

func (o osFolder) Folder(name string) (folder, error) {
	err := o.root.Mkdir(name, dirPerm)
	if err == nil {
		err = o.Sync()
	}
	if err != nil && !os.IsExist(err) {
		return nil, err
	}
	root, err := o.root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return osFolder{root, isLocal(root)}, nil
}

func (o osFolder) Walk() (walk, error) {
	dir, err := o.root.Open(".")
	if err != nil {
		return nil, err
	}
	return osWalk{o.root, dir}, nil
}

// An osWalk is a folder of the operating system that is being listed.
type osWalk struct {
	root *os.Root
	dir  *os.File
}

func (w osWalk) Next(n int) ([]fileInfo, error) {
	names, err := w.dir.Readdirnames(n)
	files := make([]fileInfo, 0, len(names))
	for _, name := range names {
		if info, ok := statIn(w.root, w.dir, name); ok {
			files = append(files, info)
		}
	}
	return files, err
}

func (w osWalk) Close() error { return w.dir.Close() }

func (o osFolder) Remove(name string) error              { return o.root.Remove(name) }
func (o osFolder) Rename(from, to string) error          { return o.root.Rename(from, to) }
func (o osFolder) Touch(name string, at time.Time) error { return o.root.Chtimes(name, at, at) }
func (o osFolder) Sync() error                           { return syncDir(o.root) }
func (o osFolder) Close() error                          { return o.root.Close() }

func (o osFolder) Free() (int64, error) {
	free, _, err := space(o.root.Name())
	return free, err
}

func (o osFolder) Size() (int64, error) {
	_, total, err := space(o.root.Name())
	return total, err
}

func (o osFolder) Lock() (unlock func() error, err error) {
	f, err := lockFolder(o.root)
	if err != nil {
		return nil, err
	}
	return func() error { return unlockFolder(f) }, nil
}

// An osFile is a file of the operating system.
type osFile struct {
	*os.File
	local bool // what osFolder says of it
}

func (f osFile) WriteParts(parts [][]byte, off int64) error { return writeParts(f.File, parts, off) }
func (f osFile) Sync() error                                { return fdatasync(f.File) }
func (f osFile) Allocate(off, n int64) error                { return allocate(f.File, off, n) }
func (f osFile) Stamp() (stamp, error)                      { return stampOf(f.File, f.local) }
