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
	idle     chan struct{} // guarded by mu; closed when n is 0; nil: nobody waits
}

// enter counts a request in and reports whether new work is still taken.
func (f *inflight) enter() (open bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	return !f.draining
}

// leave counts a request out.
func (f *inflight) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n--
	if f.n == 0 && f.idle != nil {
		close(f.idle)
		f.idle = nil
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

// untilIdle is closed when no request is under way; nil: none is.
func (f *inflight) untilIdle() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n > 0 && f.idle == nil {
		f.idle = make(chan struct{})
	}
	return f.idle
}

// wait returns when no request is under way, or with ctx's error.
func (f *inflight) wait(ctx context.Context) error {
	idle := f.untilIdle()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
