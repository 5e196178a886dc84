package cache

import (
	"errors"
	"log/slog"
	"syscall"
	"time"
)

// A fault is the state of a disk that fails. The disk is left alone for a while, longer
// each time, and then tried again.
type fault struct {
	err    error // nil: the last write succeeded
	until  time.Time
	delay  time.Duration
	logged map[string]time.Time // by what failed
	muted  int                  // lines not logged since
}

// active reports whether the disk is to be left alone.
func (f *fault) active(now time.Time) bool { return f.err != nil && now.Before(f.until) }

// fail notes a failure. Those of what was under way when the first came count with it.
func (f *fault) fail(now time.Time, err error) {
	if f.active(now) {
		f.err = err
		return
	}
	f.delay = min(max(2*f.delay, minRetryDelay), maxRetryDelay)
	f.err, f.until = err, now.Add(f.delay)
}

// clear notes a success, and reports whether it ended a fault.
func (f *fault) clear() bool {
	was := f.err != nil
	f.err, f.delay = nil, 0
	return was
}

// mayLog reports whether a line about this fault is due, and returns how many lines
// were left out.
func (f *fault) mayLog(now time.Time, what string) (muted int, ok bool) {
	if last, known := f.logged[what]; known && now.Sub(last) < logEvery {
		f.muted++
		return 0, false
	}
	if f.logged == nil {
		f.logged = make(map[string]time.Time)
	}
	f.logged[what] = now
	muted, f.muted = f.muted, 0
	return muted, true
}

// noSpace reports whether an error means that the file system, or our share of it, is
// full.
func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// failing reports whether an error means that the disk fails or is full, rather than that it
// is used wrongly.
func failing(err error) bool {
	for _, e := range []error{syscall.EIO, syscall.EROFS, syscall.ENODEV, syscall.ENXIO, syscall.ESTALE} {
		if errors.Is(err, e) {
			return true
		}
	}
	return noSpace(err)
}

// tooManyFiles reports whether an error comes from a lack of descriptors, and so tells
// nothing about the file.
func tooManyFiles(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// failed notes that a write to disk failed, and leaves the disk alone for a while.
func (d *disk) failed(what string, err error) {
	d.s.mu.Lock()
	d.s.count.WriteErrors++
	d.fault.fail(d.s.now(), err)
	d.s.mu.Unlock()
	d.report(what, err)
}

// works notes that a write succeeded.
func (d *disk) works() {
	d.s.mu.Lock()
	over := d.fault.clear()
	d.s.mu.Unlock()
	if over {
		d.s.log.Info("cache: the disk works again")
	}
}

// report logs a fault, not too often.
func (d *disk) report(what string, err error) {
	d.s.mu.Lock()
	muted, ok := d.fault.mayLog(d.s.now(), what)
	d.s.mu.Unlock()
	if ok {
		d.s.log.Warn("cache: "+what+" failed", slog.Any("err", err), slog.Int("muted", muted))
	}
}
