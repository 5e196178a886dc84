package gateway

import (
	"context"
	"sync"
	"time"
)

// A deadline is a context that ends at a time, or with the one that it is made
// from. Most requests are for what is here and wait for nothing: until somebody
// waits it has no timer. It is safe for concurrent use.
type deadline struct {
	context.Context // made from
	at              time.Time

	mu     sync.Mutex
	timed  context.Context // guarded by mu; nil until somebody waits
	cancel context.CancelFunc
	ended  bool
}

var _ context.Context = (*deadline)(nil)

func newDeadline(ctx context.Context, after time.Duration) *deadline {
	return &deadline{Context: ctx, at: time.Now().Add(after)}
}

// start sets the timer.
func (d *deadline) start() context.Context {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timed == nil {
		d.timed, d.cancel = context.WithDeadline(d.Context, d.at)
		if d.ended {
			d.cancel()
		}
	}
	return d.timed
}

// end frees the timer. Who still waits is told.
func (d *deadline) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = true
	if d.cancel != nil {
		d.cancel()
	}
}

// Deadline implements context.Context.
func (d *deadline) Deadline() (time.Time, bool) {
	if at, ok := d.Context.Deadline(); ok && at.Before(d.at) {
		return at, true
	}
	return d.at, true
}

// Done implements context.Context.
func (d *deadline) Done() <-chan struct{} { return d.start().Done() }

// Err implements context.Context.
func (d *deadline) Err() error { return d.start().Err() }

// Value implements context.Context. It asks the one with the timer, so that a
// context made from this needs no goroutine.
func (d *deadline) Value(key any) any { return d.start().Value(key) }
