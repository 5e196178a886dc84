package contact

import (
	"fmt"
	"time"
)

// Health knows which hosts failed, and until when each rests. It takes the time as an
// argument, and is not safe for concurrent use.
type Health struct {
	records map[Key]*record
}

// record is what is known of one key.
type record struct {
	fails int       // since the last answer
	last  time.Time // when it failed last
	rests bool      // it rests until its time is over
	why   error     // of the last failure
	well  time.Time // when it last answered
}

// RestingError says that a host failed a short while ago, and is asked again at Until. It
// unwraps to what went wrong then.
type RestingError struct {
	Until time.Time
	Cause error
}

// Error implements error.
func (e *RestingError) Error() string {
	return fmt.Sprintf("it failed a short while ago: %v", e.Cause)
}

// Unwrap gives what went wrong.
func (e *RestingError) Unwrap() error { return e.Cause }

// NewHealth returns a Health that knows of no failure.
func NewHealth() *Health { return &Health{records: make(map[Key]*record)} }

// Resting reports whether one of the keys rests; nil if none does. Where a reader waits,
// that is for a minute at most.
func (h *Health) Resting(now time.Time, reader bool, keys ...Key) *RestingError {
	var longest *RestingError
	for _, k := range keys {
		r := h.records[k]
		if r == nil || !r.rests {
			continue
		}
		until := r.until(reader)
		if until.After(now) && (longest == nil || until.After(longest.Until)) {
			longest = &RestingError{Until: until, Cause: r.why}
		}
	}
	return longest
}

// Answered records that the keys are well, and forgets what failed before.
func (h *Health) Answered(now time.Time, keys ...Key) {
	for _, k := range keys {
		r := h.of(now, k)
		*r = record{well: now}
	}
}

// Proved reports whether a key has answered lately, and not failed since.
func (h *Health) Proved(now time.Time, k Key) bool {
	r := h.records[k]
	return r != nil && r.proved(now)
}

// Failed records that part failed. Each of the wholes that it belongs to may have failed too. A
// whole rests once tolerance of its parts failed and none answered; one that answered
// lately does not.
func (h *Health) Failed(now time.Time, why error, part Key, wholes ...Key) {
	p := h.of(now, part)
	if p.rests && now.Sub(p.last) < firstRest {
		return // one of those that were under way when it failed
	}
	p.fail(now, why)
	p.rests = true
	for _, k := range wholes {
		w := h.of(now, k)
		if w.proved(now) || p.fails > 1 && !w.rests {
			continue
		}
		w.fail(now, why)
		w.rests = w.fails >= tolerance
	}
}

func (r *record) fail(now time.Time, why error) {
	r.fails++
	r.last, r.why, r.well = now, why, time.Time{}
}

// proved reports whether it has answered lately, and not failed since.
func (r *record) proved(now time.Time) bool { return !r.well.IsZero() && now.Sub(r.well) < proofLife }

// until returns the end of the rest.
func (r *record) until(reader bool) time.Time {
	rest := maxRest
	if r.fails <= 10 {
		rest = min(firstRest<<max(r.fails-1, 0), maxRest)
	}
	if reader {
		rest = min(rest, maxReaderRest)
	}
	return r.last.Add(rest)
}

// of returns the record of a key, a new one where there is none.
func (h *Health) of(now time.Time, k Key) *record {
	r := h.records[k]
	if r == nil {
		h.forget(now)
		r = &record{}
		h.records[k] = r
	}
	return r
}

// forget makes room where there are many records: first of what says nothing any more, and
// if that is not enough, of a part of the others.
func (h *Health) forget(now time.Time) {
	if len(h.records) < maxKeys {
		return
	}
	for k, r := range h.records {
		if !r.until(false).After(now) && !r.proved(now) {
			delete(h.records, k)
		}
	}
	for k := range h.records {
		if len(h.records) < maxKeys*3/4 {
			return
		}
		delete(h.records, k) // in the map's order, which is nobody's to choose
	}
}
