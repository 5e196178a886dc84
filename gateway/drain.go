package gateway

import (
	"context"
	"sync"
)

// inflight counts the requests under way and waits for the last. It is safe
// for concurrent use.
type inflight struct {
	mu       sync.Mutex
	n        int           // guarded by mu
	draining bool          // guarded by mu
	idle     chan struct{} // guarded by mu; closed when n is 0, replaced when it rises
}

func newInflight() *inflight {
	idle := make(chan struct{})
	close(idle)
	return &inflight{idle: idle}
}

// enter counts a request in and reports whether new work is still taken.
func (f *inflight) enter() (open bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n == 0 {
		f.idle = make(chan struct{})
	}
	f.n++
	return !f.draining
}

// leave counts a request out.
func (f *inflight) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n--
	if f.n == 0 {
		close(f.idle)
	}
}

// drain refuses new work from now on.
func (f *inflight) drain() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.draining = true
}

func (f *inflight) isDraining() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.draining
}

// wait returns when no request is under way, or with ctx's error.
func (f *inflight) wait(ctx context.Context) error {
	f.mu.Lock()
	idle := f.idle
	f.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
