package gateway

import (
	"sync"
	"time"
)

// A reader that takes nothing for longer than the client timeout, as a film that is paused over dinner, is
// kept as long as keeping it costs nobody anything: after 10 s it has no demand, and what it holds of
// memory and places is not missed by others. TCP's keep-alive and its retries find who is gone.

// keep has the write deadline of a body moved on while its client takes nothing; the caller stops it before
// the response ends.
func (s *Server) keep(w *windowWriter) (stop func()) {
	period := s.clientTimeout / 2
	var mu sync.Mutex
	var timer *time.Timer
	stopped := false
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(period, func() {
		mu.Lock()
		defer mu.Unlock()
		if stopped {
			return
		}
		now := time.Now()
		if began := w.began.Load(); began != nil && now.Sub(*began) < s.maxPause && s.keepsFree() {
			_ = w.to.control.SetWriteDeadline(now.Add(s.clientTimeout)) // the write under way fails if it cannot
		}
		timer.Reset(period)
	})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		stopped = true
		timer.Stop()
	}
}

// keepsFree reports whether readers that take nothing cost nobody anything: half of the places are free, and
// so is memory.
func (s *Server) keepsFree() bool {
	return !s.streams.Crowded() && (s.pressed == nil || !s.pressed())
}
