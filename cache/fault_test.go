package cache

import (
	"syscall"
	"testing"
	"time"
)

// A failing disk is left alone for longer each time that it was tried in vain. What was under way
// when it failed, and fails too, is no other time.
func TestFaultsAtOnceAreOne(t *testing.T) {
	var f fault
	now := time.Now()
	for _, want := range []time.Duration{minRetryDelay, 2 * minRetryDelay, 4 * minRetryDelay} {
		for range 6 {
			f.fail(now, syscall.ENOSPC)
		}
		if left := f.until.Sub(now); left != want {
			t.Errorf("left alone for %v, not %v", left, want)
		}
		now = f.until
	}
	f.clear()
	if f.fail(now, syscall.EIO); f.until.Sub(now) != minRetryDelay {
		t.Errorf("left alone for %v after it had worked", f.until.Sub(now))
	}
}
