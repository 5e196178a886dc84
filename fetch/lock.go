//go:build !locktimes

package fetch

import "sync"

// A lock is a Torrent's. With the build tag locktimes each time for which it is held is measured
// (TestHowLongTheLockIsHeld).
type lock = sync.Mutex
