package e2e

import (
	"os"
	"testing"
)

// allocated is the length of a file, in bytes: how many of them are on disk is not asked.
func allocated(t *testing.T, path string) int64 {
	t.Helper()
	s, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return s.Size()
}
