package cache

import (
	"fmt"
	"path/filepath"
)

// DiskSize returns the size in bytes of the file system on which a folder is, or would
// be.
func DiskSize(dir string) (int64, error) {
	for {
		_, total, err := space(dir)
		parent := filepath.Dir(dir)
		if err == nil || parent == dir {
			if err != nil {
				return 0, fmt.Errorf("cache: the size of the disk: %w", err)
			}
			return total, nil
		}
		dir = parent
	}
}
