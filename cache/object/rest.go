package object

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
)

// A rest is the time for which a store that failed is left alone.
type rest struct {
	mu    sync.Mutex
	up    chan struct{} // closed while the store is believed to answer
	down  bool          // it is not closed
	fails int           // in a row, tries not counted
	last  string        // why it is down, or was
}

// Await waits until the store is believed to answer: at once where it did the last time. It
// returns ctx's error, or ErrClosed.
func (s *Store) Await(ctx context.Context) error {
	s.rest.mu.Lock()
	up := s.rest.up
	s.rest.mu.Unlock()
	select {
	case <-up:
		return nil
	default:
	}
	select {
	case <-up:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.ctx.Done():
		return ErrClosed
	}
}

// Up reports whether the store is believed to answer.
func (s *Store) Up() bool {
	s.rest.mu.Lock()
	defer s.rest.mu.Unlock()
	return !s.rest.down
}

// succeeded notes that the store did what it was asked.
func (r *rest) succeeded() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fails = 0
}

// fail counts a failure of the store, and has it rest. Where it rests already, what fails now was
// under way by then.
func (s *Store) fail(err error) {
	s.count.errors.Add(1)
	r := &s.rest
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = err.Error()
	if r.down || s.ctx.Err() != nil {
		return
	}
	r.down, r.up = true, make(chan struct{})
	wait := min(firstRest<<min(r.fails, 10), maxRest)
	r.fails++
	if r.fails == 1 {
		s.log.Warn("the object store fails and is left alone for a while", slog.Any("store", s.at), slog.Any("error", err))
	}
	s.done.Go(func() { s.revive(wait) })
}

// revive tries the store until it answers, first after wait.
func (s *Store) revive(wait time.Duration) {
	for s.sleep(wait) {
		if s.probe() == nil {
			r := &s.rest
			r.mu.Lock()
			defer r.mu.Unlock()
			r.down = false
			close(r.up)
			if r.fails == 1 {
				s.log.Info("the object store answers again", slog.Any("store", s.at))
			}
			return
		}
		wait = min(2*wait, maxRest)
	}
}

// probe asks for what every store answers at little cost.
func (s *Store) probe() error {
	ctx, cancel := context.WithTimeout(s.ctx, probeTime)
	defer cancel()
	s.count.lists.Add(1)
	for o := range s.s3.ListObjectsIter(ctx, s.at.Bucket, minio.ListObjectsOptions{Prefix: s.key(""), MaxKeys: 1}) {
		return o.Err
	}
	return ctx.Err()
}

// sleep waits, and reports whether the Store is still open then.
func (s *Store) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}
