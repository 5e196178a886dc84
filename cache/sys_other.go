//go:build !linux

package cache

import (
	"errors"
	"io/fs"
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

// punch does not exist on this system: evicted pieces keep their blocks until the last
// piece of their torrent is gone.
func punch(*os.File, int64, int64) error { return errors.ErrUnsupported }

// allocate does not exist on this system.
func allocate(*os.File, int64, int64) error { return errors.ErrUnsupported }

// stampOf returns the size and the time of an open file alone.
func stampOf(f *os.File) (stamp, error) {
	info, err := f.Stat()
	if err != nil {
		return stamp{}, err
	}
	return stamp{size: info.Size(), changed: info.ModTime().UnixNano()}, nil
}

// allocated returns the most that a file can take on disk, in bytes.
func allocated(info fs.FileInfo) int64 { return info.Size() }
