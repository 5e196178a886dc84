// Package bubble runs tests in virtual time (testing/synctest).
package bubble

import (
	"runtime"
	"testing"
	"testing/synctest"
)

// Test is synctest.Test on one processor. On two, the race detector of Go 1.26
// crashes when a goroutine looks at a channel timer of the bubble while another
// timer of it fires (golang/go#78156). The process then ends with SIGSEGV, or with a
// failed check of ThreadSanitizer. One process in some hundred did so, or one in five
// where many timers are due at one instant. Test changes a setting of the whole process
// until f returns.
func Test(t *testing.T, f func(*testing.T)) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	synctest.Test(t, f)
}
