package metainfo

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// isHole reports whether a file has no data in the n bytes from off on. They are zeros,
// so that there is no need to read them.
func isHole(f fs.File, off, n int64) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	data, err := file.Seek(off, unix.SEEK_DATA)
	if err != nil { // ENXIO: nothing but a hole up to the end
		info, statErr := f.Stat()
		return errors.Is(err, unix.ENXIO) && statErr == nil && off+n <= info.Size()
	}
	return data >= off+n
}
