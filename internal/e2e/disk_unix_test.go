//go:build !windows

package e2e

import (
	"os"
	"syscall"
	"testing"
)

// allocated is how many bytes of a file are on disk.
func allocated(t *testing.T, path string) int64 {
	t.Helper()
	s, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return s.Sys().(*syscall.Stat_t).Blocks * 512
}
