//go:build !linux

package cache

import (
	"errors"
	"os"
)

// directFlag is zero: this system has no writes past the page cache.
const directFlag = 0

// writeParts writes parts one after the other from off on.
func writeParts(f *os.File, parts [][]byte, off int64) error {
	return writeRest(f, parts, off, 0)
}

// fdatasync makes a file's data durable.
func fdatasync(f *os.File) error { return f.Sync() }

// allocate does not exist on this system.
func allocate(*os.File, int64, int64) error { return errors.ErrUnsupported }

// populate is not used on this system.
func populate(_, _ *os.File, _, _ int64) error { return errors.ErrUnsupported }

// isLocal is of no use on this system.
func isLocal(*os.Root) bool { return false }

// stampOf returns the size and the time of an open file alone.
func stampOf(f *os.File, _ bool) (stamp, error) {
	info, err := f.Stat()
	if err != nil {
		return stamp{}, err
	}
	return stamp{size: info.Size(), changed: info.ModTime().UnixNano()}, nil
}

// statIn looks at a file of a folder; false where it is no regular one. What it takes on disk
// is taken to be its length.
func statIn(root *os.Root, _ *os.File, name string) (info fileInfo, ok bool) {
	is, err := root.Lstat(name)
	if err != nil || !is.Mode().IsRegular() {
		return info, false
	}
	return fileInfo{name, is.Size(), is.Size(), is.ModTime()}, true
}
