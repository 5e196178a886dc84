package contact

import "time"

// Limiter says when the next contact of a key may be made. It takes the time as an
// argument, and is not safe for concurrent use.
type Limiter struct {
	meters map[Key]meter
	sweep  int // the number of meters at which idle ones are forgotten
}

// NewLimiter returns a Limiter that has counted nothing.
func NewLimiter() *Limiter { return &Limiter{meters: make(map[Key]meter), sweep: maxKeys} }

// Wait is how long it is until a contact of all the keys may be made; 0 is now. Blocks is
// the key that allows it last.
func (l *Limiter) Wait(now time.Time, keys ...Key) (wait time.Duration, blocks Key) {
	for _, k := range keys {
		m := l.meters[k]
		if m == nil {
			continue
		}
		if d := m.wait(now); d > wait {
			wait, blocks = d, k
		}
	}
	return wait, blocks
}

// Take counts a contact of each key.
func (l *Limiter) Take(now time.Time, keys ...Key) {
	for _, k := range keys {
		m := l.meters[k]
		if m == nil {
			if m = newMeter(k.kind); m == nil {
				continue
			}
			l.forget(now)
			l.meters[k] = m
		}
		m.take(now)
	}
}

// Try takes a contact where Wait would be 0, and returns Wait otherwise.
func (l *Limiter) Try(now time.Time, keys ...Key) time.Duration {
	wait, _ := l.Wait(now, keys...)
	if wait == 0 {
		l.Take(now, keys...)
	}
	return wait
}

// forget makes room where there are many meters: one that is idle says as much as none.
func (l *Limiter) forget(now time.Time) {
	if len(l.meters) < l.sweep {
		return
	}
	for k, m := range l.meters {
		if m.idle(now) {
			delete(l.meters, k)
		}
	}
	l.sweep = max(maxKeys, 2*len(l.meters))
}

// meter counts the contacts of one key.
type meter interface {
	wait(now time.Time) time.Duration
	take(now time.Time)
	idle(now time.Time) bool
}

// newMeter returns the meter of a kind of key; nil where it has no rate.
func newMeter(k kind) meter {
	switch k {
	case host, network:
		return &window{}
	case client:
		return &bucket{burst: clientBurst, every: clientEvery}
	case torrent:
		return &bucket{burst: torrentBurst, every: torrentEvery}
	case total:
		return &bucket{burst: totalBurst, every: totalEvery}
	}
	return nil
}

// window allows PerTarget contacts in any targetWindow.
type window struct {
	last [PerTarget]time.Time // a ring: when the last contacts were
	next int                  // the oldest of them
}

func (w *window) wait(now time.Time) time.Duration {
	oldest := w.last[w.next]
	if oldest.IsZero() {
		return 0
	}
	return max(0, oldest.Add(targetWindow).Sub(now))
}

func (w *window) take(now time.Time) {
	w.last[w.next] = now
	w.next = (w.next + 1) % PerTarget
}

func (w *window) idle(now time.Time) bool {
	newest := w.last[(w.next+PerTarget-1)%PerTarget]
	return now.Sub(newest) >= targetWindow
}

// bucket allows burst contacts at once, and one more every so often.
type bucket struct {
	burst int
	every time.Duration
	full  time.Time // when it will be full again
}

func (b *bucket) wait(now time.Time) time.Duration {
	return max(0, b.full.Add(-time.Duration(b.burst-1)*b.every).Sub(now))
}

func (b *bucket) take(now time.Time) {
	if b.full.Before(now) {
		b.full = now
	}
	b.full = b.full.Add(b.every)
}

func (b *bucket) idle(now time.Time) bool { return !b.full.After(now) }
