// Package bubble runs tests in virtual time (testing/synctest).
package bubble

import (
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
)

// Test is synctest.Test on one processor. On two, the race detector of Go 1.26 loses its
// memory when a goroutine looks at a channel timer of the bubble while another timer fires
// (golang/go#78156). The process then ends with SIGSEGV, or with a failed check of
// ThreadSanitizer: one in some hundred, or one in five where many timers are due at once.
// Test changes a setting of the whole process until the last of the tests that run side
// by side has returned.
func Test(t *testing.T, f func(*testing.T)) {
	t.Helper()
	enter()
	defer leave()
	synctest.Test(t, f)
}

var (
	mu         sync.Mutex
	running    int // bubbles
	processors int // before the first
)

func enter() {
	mu.Lock()
	defer mu.Unlock()
	if running == 0 {
		processors = runtime.GOMAXPROCS(1)
	}
	running++
}

func leave() {
	mu.Lock()
	defer mu.Unlock()
	if running--; running == 0 {
		runtime.GOMAXPROCS(processors)
	}
}
