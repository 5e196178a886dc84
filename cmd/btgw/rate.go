package main

import "time"

// rateMeter measures a rate over the last rateWindow by the clock. A slow start is
// forgotten with the window, and a pause counts for what it is. The zero value is ready
// for use; it is not safe for concurrent use.
type rateMeter struct {
	marks []rateMark // oldest first, rateStep apart, at most rateWindow old but for the first
	total int64
}

// rateMark is how many bytes there were at a time.
type rateMark struct {
	at    time.Time
	total int64
}

const (
	rateWindow = 5 * time.Second        // what a rate is taken over
	rateStep   = 100 * time.Millisecond // between two marks
	mostLeft   = 1000 * time.Hour       // that a time left is told: what is longer says nothing
)

// add counts n bytes that came until now. The clock starts with the first call.
func (m *rateMeter) add(now time.Time, n int64) {
	if len(m.marks) == 0 {
		m.marks = append(m.marks, rateMark{now, 0})
	}
	m.total += n
	if last := m.marks[len(m.marks)-1]; now.Sub(last.at) >= rateStep {
		m.marks = append(m.marks, rateMark{now, m.total})
	}
	m.trim(now)
}

// trim drops the marks that the window has left, but for the one at its beginning.
func (m *rateMeter) trim(now time.Time) {
	old := 0
	for old+1 < len(m.marks) && now.Sub(m.marks[old+1].at) >= rateWindow {
		old++
	}
	m.marks = append(m.marks[:0], m.marks[old:]...)
}

// perSecond is the rate in bytes/s as of now; 0 while none is known.
func (m *rateMeter) perSecond(now time.Time) float64 {
	m.trim(now)
	if len(m.marks) == 0 {
		return 0
	}
	first := m.marks[0]
	took := now.Sub(first.at)
	if took < rateStep {
		return 0
	}
	return float64(m.total-first.total) / took.Seconds()
}

// left is how long n bytes more take at that rate, in whole seconds; false where none is
// known, or it is longer than mostLeft.
func (m *rateMeter) left(now time.Time, n int64) (time.Duration, bool) {
	rate := m.perSecond(now)
	if rate < 1 || float64(n)/rate > mostLeft.Seconds() {
		return 0, false
	}
	return time.Duration(float64(n)/rate) * time.Second, true
}
