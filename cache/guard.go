package cache

import (
	"errors"
	"log/slog"
	"sync"
	"time"
)

// A data file is ours alone, and its verified pieces are right as long as nobody else
// changes it. Somebody may: a cleaner that cuts it, a restored backup, a disk that was
// full. So the file is looked at (fstat) when a piece of it is leased (by GetAgain once in
// lookTime), after each read before the bytes are used, and before the writer changes it. It is not ours any more
// if it is shorter, is another file, has no name, or was changed at another time than
// we left it. Then none of its pieces is believed: each is verified again before its
// next use, and older leases read no more.
//
// Three changes go unseen: one within one of our own writes that leaves the size, one that
// leaves no trace in the change time, and one in place of what waits in a socket as pages
// (pages.go): that goes out, and the next look sees it.

// errNotOurs means that somebody else changed a data file.
var errNotOurs = errors.New("cache: the data file was changed by somebody else")

const (
	// maxChanges is how many changes of a file one Get takes before it gives up.
	maxChanges = 4
	// lookTime is how long GetAgain leases a file that was ours without another look: one costs a fortieth of a range
	// of 64 KiB.
	lookTime = time.Second
)

// A stamp tells a data file from its earlier states.
type stamp struct {
	device, inode uint64
	size          int64
	changed       int64 // ns
	gone          bool  // it has no name any more
}

// same reports whether two stamps are of the same file, changed or not.
func (a stamp) same(b stamp) bool { return a.device == b.device && a.inode == b.inode }

// A guard knows the state in which we left a data file.
type guard struct {
	mu      sync.Mutex
	known   bool
	stamp   stamp
	writing bool   // the writer is changing it
	changes uint64 // counts when that begins and ends
	age     uint64 // counts how often it turned out not to be ours
}

// forget notes that we removed the file: there is no state to know.
func (g *guard) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known = false
	g.changes++
}

// now returns the guard's age and number of changes, and whether the writer is changing
// the file.
func (g *guard) now() (age, changes uint64, writing bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.age, g.changes, g.writing
}

// look compares a file with the state in which we left it. fresh means that the file
// was opened by its name just now; otherwise it may be one that we have removed since.
// look takes note of a file that is not known yet.
func (g *guard) look(f file, fresh bool) (ours bool, err error) {
	_, changes, writing := g.now()
	is, err := f.Stamp()
	if err != nil {
		return false, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	still := !writing && !g.writing && changes == g.changes
	switch {
	case !g.known:
		if g.known = fresh && still && !is.gone; g.known {
			g.stamp = is
		}
		return true, nil
	case !is.same(g.stamp):
		return !fresh, nil
	case is.gone || is.size < g.stamp.size:
		return !still && !is.gone, nil
	default:
		return !still || is == g.stamp, nil
	}
}

// begin checks that the file is ours and notes that the writer is about to change it.
func (g *guard) begin(f file) (ours bool, err error) {
	if ours, err = g.look(f, true); !ours || err != nil {
		return ours, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.writing = true
	g.changes++
	return true, nil
}

// end notes the state in which the writer leaves the file after a change.
func (g *guard) end(f file) {
	is, err := f.Stamp()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stamp, g.known = is, err == nil && !is.gone
	g.writing = false
	g.changes++
}

// doubt notes that the file is not ours. It returns false if another goroutine has
// noted that since the caller read the guard's age.
func (g *guard) doubt(age uint64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.age != age {
		return false
	}
	g.age++
	g.changes++
	g.known = false
	return true
}

// distrust makes the pieces of a run's file unproven: they are verified again before they
// are used. age is the guard's when the file was looked at.
func (d *disk) distrust(r *run, age uint64) {
	s := d.s
	s.mu.Lock()
	if !r.watch().doubt(age) {
		s.mu.Unlock()
		return
	}
	r.doubt()
	s.count.Distrusts++
	muted, ok := d.fault.mayLog(s.now(), "distrust")
	s.mu.Unlock()
	d.files.forget(r)
	if ok {
		s.log.Warn("cache: a data file was changed by somebody else, its pieces are verified again",
			slog.String("file", r.name()), slog.Int("muted", muted))
	}
}

// change lets the writer change a run's file by fn.
func (d *disk) change(r *run, fn func(*dataFile) error) error {
	g := r.watch()
	for range maxChanges {
		f, err := d.files.acquire(r, true)
		if err != nil {
			return err
		}
		age, _, _ := g.now()
		ours, err := g.begin(f.f)
		if err == nil && ours {
			err = fn(f)
			g.end(f.f)
		}
		d.files.release(f)
		if err != nil || ours {
			return err
		}
		d.distrust(r, age)
	}
	return errNotOurs
}

// lately reports whether a lease found a file of the guard's to be ours within lookTime, so that a change since shows
// by the look after a read. That needs a known state.
func (g *guard) lately(f *dataFile) bool {
	at := f.looked.Load()
	if at == 0 || time.Since(beginning) >= time.Duration(at)+lookTime {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.known
}

// lookAt is look at a lease's file, and takes note of the time.
func (g *guard) lookAt(f *dataFile) (ours bool, err error) {
	if ours, err = g.look(f.f, true); ours && err == nil {
		f.looked.Store(int64(time.Since(beginning)))
	}
	return ours, err
}

// beginning is what times of looks are counted from.
var beginning = time.Now()

// open gets the file of a lease that is on disk. changed means that its pieces have to
// be verified again.
func (l *Lease) open() (changed bool, err error) { return l.openAgain(false) }

// openAgain is open. If again is set, a look within lookTime is enough.
func (l *Lease) openAgain(again bool) (changed bool, err error) {
	if l.buf != nil {
		return false, nil
	}
	d, g := l.s.disk, l.r.watch()
	for range maxChanges {
		f, err := d.files.acquire(l.r, false)
		if err != nil {
			return changed, err
		}
		age, _, _ := g.now()
		ours, err := again && g.lately(f), error(nil)
		if !ours {
			ours, err = g.lookAt(f)
		}
		if err == nil && ours {
			changed = changed || age != l.age
			l.file, l.age = f, age
			return changed, nil
		}
		d.files.release(f)
		if err != nil {
			return changed, err
		}
		d.distrust(l.r, age)
		changed = true
	}
	return changed, errNotOurs
}

// intact reports whether the bytes just read are of the file that was verified.
func (l *Lease) intact() bool {
	g := l.r.watch()
	if age, _, _ := g.now(); age != l.age {
		return false
	}
	ours, err := g.look(l.file.f, false)
	if err != nil || !ours {
		l.s.disk.distrust(l.r, l.age)
		return false
	}
	age, _, _ := g.now()
	return age == l.age
}
