//go:build !linux

package cache

import (
	"errors"
	"os"
)

// errNoAsync is not used on this system.
var errNoAsync = errors.New("cache: no asynchronous writes")

// An asyncWriter does not exist on this system.
type asyncWriter struct{}

func newAsyncWriter() *asyncWriter { return nil }

func (*asyncWriter) close() {}

func (*asyncWriter) write(*os.File, [][]byte, int64) (int, error) { return 0, errors.ErrUnsupported }

// grow is used by an asyncWriter only.
func grow(*os.File, int64, int64) error { return errors.ErrUnsupported }
