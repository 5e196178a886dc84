//go:build !linux

package metainfo

import "io/fs"

// isHole returns false: this system's holes are read like data.
func isHole(fs.File, int64, int64) bool { return false }
