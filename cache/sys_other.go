//go:build !linux

package cache

import (
	"errors"
	"io/fs"
	"os"
)

// directFlag is that there are no writes past the page cache.
const directFlag = 0

// writeParts writes parts one after the other from off on.
func writeParts(f *os.File, parts [][]byte, off int64) error {
	return writeRest(f, parts, off, 0)
}

// fdatasync makes a file's data durable.
func fdatasync(f *os.File) error { return f.Sync() }

// punch is not there on this system: what is evicted keeps its blocks until the
// last piece of its torrent is gone.
func punch(*os.File, int64, int64) error { return errors.ErrUnsupported }

// allocate is not there on this system.
func allocate(*os.File, int64, int64) error { return errors.ErrUnsupported }

// stampOf is the size and the time of an open file alone.
func stampOf(f *os.File) (stamp, error) {
	info, err := f.Stat()
	if err != nil {
		return stamp{}, err
	}
	return stamp{size: info.Size(), changed: info.ModTime().UnixNano()}, nil
}

// allocated is the most that a file can take on disk.
func allocated(info fs.FileInfo) int64 { return info.Size() }
