package gateway

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/btgw/btgw/fetch"
)

// A deadline is a context that ends at a time, or with the one that it is made
// from. It can be put off. Most requests are for what is here and wait for nothing: until somebody
// waits it has no timer. It is safe for concurrent use.
type deadline struct {
	context.Context // made from
	begun           time.Time

	mu     sync.Mutex
	at     time.Time       // guarded by mu
	timed  context.Context // guarded by mu; nil until somebody waits
	cancel context.CancelFunc
	ended  bool
}

var _ context.Context = (*deadline)(nil)

func newDeadline(ctx context.Context, after time.Duration) *deadline {
	now := time.Now()
	return &deadline{Context: ctx, begun: now, at: now.Add(after)}
}

// extend puts the end off to a time from now. Nobody may be waiting.
func (d *deadline) extend(after time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = time.Now().Add(after)
	if d.cancel != nil {
		d.cancel()
		d.timed, d.cancel = nil, nil
	}
}

// patiently waits, and goes on waiting while the awaited bytes come in. It does so as
// long as they would be complete, at the rate at which they come, within most of the
// deadline's begin.
func (d *deadline) patiently(most time.Duration, wait func() error) error {
	for {
		err := wait()
		var late *fetch.UnavailableError
		if err == nil || !errors.As(err, &late) || late.Bad || late.NoSources || d.Context.Err() != nil {
			return err
		}
		rest, comes := late.Progress.Rest()
		left := most - time.Since(d.begun)
		if !comes || left <= 0 || rest > left {
			return err
		}
		d.extend(min(rest+rest/2+time.Second, left))
	}
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

// end frees the timer, and ends the context of goroutines that still wait.
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
	d.mu.Lock()
	defer d.mu.Unlock()
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
