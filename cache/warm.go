package cache

import (
	"os"
	"slices"
	"time"
)

// A warmer has the kernel read what was just written past the page cache, so that those who ask
// again soon find it in memory. docs/decisions/0008-warm.md says why it is not written through the
// page cache, and what else was measured.
//
// It reads whole runs, as large folios and without a copy. A run that is still being written is left
// alone: the kernel would read ahead, beyond what is there, and the next write throw that away. What
// is gone or fails meanwhile is left out: a reader sees what is wrong with it. It gives way to the
// writer, and it counts who asks again: where next to nobody does, it takes a sample alone.
//
// All fields but the first two are protected by Store.mu.
type warmer struct {
	wake chan struct{}
	sink *os.File // where the pages go; the warming goroutine's own

	queue []cold
	// Bytes that were warmed, and of these the bytes of pieces that were read within againTime. Both
	// are halved now and then.
	warmed, again int64
	passed        int // runs passed over since one was warmed
}

// A cold run has pieces that were written past the page cache, since at the latest.
type cold struct {
	r     *run
	since time.Time
}

// cooled queues a run that was written past the page cache, as the last. Store.mu is held.
func (w *warmer) cooled(r *run, now time.Time) {
	switch {
	case r.cold:
		w.take(slices.IndexFunc(w.queue, func(c cold) bool { return c.r == r }))
	case len(w.queue) == maxCold:
		w.take(0)
	}
	r.cold = true
	w.queue = append(w.queue, cold{r, now})
	if len(w.queue) == 1 || r.full() {
		wake(w.wake)
	}
}

// take takes the run at place i out of the queue. Store.mu is held.
func (w *warmer) take(i int) (r *run) {
	r = w.queue[i].r
	r.cold = false
	w.queue = slices.Delete(w.queue, i, i+1)
	return r
}

// next takes the first run that is full, or was not written for warmDelay. Else it returns how long to
// wait. Store.mu is held.
func (w *warmer) next(now time.Time) (r *run, wait time.Duration) {
	wait = time.Hour
	for i, c := range w.queue {
		left := c.since.Add(warmDelay).Sub(now)
		if left <= 0 || c.r.full() || c.r.held == 0 {
			return w.take(i), 0
		}
		wait = min(wait, left)
	}
	return nil, wait
}

// pays reports whether a run is to be warmed: of late enough of what was warmed was asked for
// again, or nothing is known yet, or it is the sample. Store.mu is held.
func (w *warmer) pays() bool {
	if w.warmed < warmTrial || w.again >= w.warmed/warmShare {
		return true
	}
	if w.passed++; w.passed < warmSample {
		return false
	}
	w.passed = 0
	return true
}

// count notes that n bytes were warmed. Store.mu is held.
func (w *warmer) count(n int64) {
	if w.warmed += n; w.warmed >= 2*warmTrial {
		w.warmed, w.again = w.warmed/2, w.again/2
	}
}

// warm reports whether a run was warmed within againTime. Store.mu is held.
func (o *order) warm(r *run) bool {
	return r.warmed > 0 && o.clock()+1-r.warmed < uint32(againTime/time.Second)
}

// readAgain notes that a piece was read from its file, before that is counted: perhaps for the first
// time since it was warmed. Store.mu is held.
func (d *disk) readAgain(r *run, i int, size int64) {
	if d.s.order.warm(r) && r.place(i).reads() == readUnits {
		d.warmer.again += size
		d.s.count.WarmHitBytes += size
	}
}

// readsOf returns how much was read of a piece, in parts of readUnits. That it was warmed long ago
// does not count: it may have left the page cache. Store.mu is held.
func (o *order) readsOf(r *run, i int) int {
	n := r.place(i).reads()
	if r.warmed > 0 && !o.warm(r) {
		n = max(0, n-readUnits)
	}
	return n
}

// warm warms what the writer writes, until the Store closes.
func (d *disk) warm() {
	w := &d.warmer
	defer func() {
		if w.sink != nil {
			_ = w.sink.Close()
		}
	}()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		r, wait := d.nextCold()
		if r != nil {
			d.warmRun(r)
			continue
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-w.wake:
		case <-d.s.closed:
			return
		}
	}
}

// nextCold takes a run to warm, or returns how long to wait. It waits while the disk fails, and while
// the writer is behind.
func (d *disk) nextCold() (*run, time.Duration) {
	s := d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.closing {
		return nil, time.Hour
	}
	if len(d.warmer.queue) > 0 && (d.fault.active(now) || s.queueBytes > s.recentLimit()) {
		return nil, warmYield
	}
	for {
		r, wait := d.warmer.next(now)
		if r == nil || r.held > 0 && !r.dead && d.warmer.pays() {
			return r, wait
		}
	}
}

// warmRun warms the pieces of a run that nobody has read from disk yet, and counts them as read
// once.
func (d *disk) warmRun(r *run) {
	f, err := d.files.acquire(r, false)
	if err != nil {
		return
	}
	defer d.files.release(f)
	if d.gone(r) { // this may be the file of one that came after it
		d.files.forget(r)
		return
	}
	system, ok := f.f.(osFile)
	if !ok {
		return
	}
	w := &d.warmer
	if w.sink == nil {
		if w.sink, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0); err != nil {
			return
		}
	}
	for at := 0; ; {
		from, to := d.unread(r, at)
		if from == to {
			return
		}
		off := r.offset(r.first() + from)
		n := min(r.offset(r.first()+to), r.length()) - off
		if err := populate(w.sink, system.File, off, n); err != nil {
			return
		}
		d.wasWarmed(r, from, to, n)
		at = to
	}
}

// unread returns the first row of places, from one on, with pieces that were not read from disk.
func (d *disk) unread(r *run, at int) (from, to int) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	cold := func(k int) bool { return r.places[k]&placeHeld != 0 && r.places[k].reads() == 0 }
	for from = at; from < len(r.places) && !cold(from); from++ {
	}
	for to = from; to < len(r.places) && cold(to); to++ {
	}
	return from, to
}

// wasWarmed counts places as read once.
func (d *disk) wasWarmed(r *run, from, to int, bytes int64) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	for k := from; k < to; k++ {
		if r.places[k].reads() == 0 {
			r.read(r.first()+k, 1, 1)
		}
	}
	r.warmed = d.s.order.clock() + 1
	d.warmer.count(bytes)
	d.s.count.WarmedBytes += bytes
}
