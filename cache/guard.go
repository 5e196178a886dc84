package cache

import (
	"errors"
	"log/slog"
	"os"
	"sync"
)

// A data file is ours alone, and what was verified of it is right as long as nobody else
// changes it. Somebody may: a cleaner that cuts it, a restored backup, a disk that was
// full. So the file is looked at (fstat) when a piece of it is leased, after each read
// before what was read is used, and before the writer changes it. Where it is shorter,
// another one, without a name, or was changed at another time than we left it, none of
// its pieces is believed any more: each is verified again before its next use, and leases
// from before read no more.
//
// What is not seen is a change within one of our own writes that leaves the size, and one
// that leaves no trace in the change time.

// errNotOurs is a data file that somebody else changed.
var errNotOurs = errors.New("cache: the data file was changed by somebody else")

// maxChanges is how many changes of a file one Get takes before it gives up.
const maxChanges = 4

// A stamp is what tells a data file from what it was.
type stamp struct {
	device, inode uint64
	size          int64
	changed       int64 // ns
	gone          bool  // it has no name any more
}

// same reports whether it is the same file, changed or not.
func (a stamp) same(b stamp) bool { return a.device == b.device && a.inode == b.inode }

// A guard knows a content's data file as we left it.
type guard struct {
	mu      sync.Mutex
	known   bool
	stamp   stamp
	writing bool   // the writer is changing it
	changes uint64 // counts when that begins and ends
	age     uint64 // counts how often it turned out not to be ours
}

// forget is that the file is removed, by us: there is none to know.
func (g *guard) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known = false
	g.changes++
}

// now is the guard's age, and whether the file is being changed.
func (g *guard) now() (age, changes uint64, writing bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.age, g.changes, g.writing
}

// look compares a file with what it should be. fresh says that it was opened by its name
// just now, else it may be one that we have removed since. A file that is not known yet
// is from now on.
func (g *guard) look(f *os.File, fresh bool) (ours bool, err error) {
	_, changes, writing := g.now()
	is, err := stampOf(f)
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

// begin is that the writer is about to change the file.
func (g *guard) begin(f *os.File) (ours bool, err error) {
	if ours, err = g.look(f, true); !ours || err != nil {
		return ours, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.writing = true
	g.changes++
	return true, nil
}

// end is that it has: this is how we leave it.
func (g *guard) end(f *os.File) {
	is, err := stampOf(f)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stamp, g.known = is, err == nil && !is.gone
	g.writing = false
	g.changes++
}

// doubt is that the file is not ours; false means that this was known already to whoever
// knew the guard at that age.
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

// distrust has the pieces of a content's file verified again before they are used. age
// is the guard's when the file was looked at.
func (d *disk) distrust(c *content, age uint64) {
	s := d.s
	s.mu.Lock()
	if !c.guard.doubt(age) {
		s.mu.Unlock()
		return
	}
	for _, p := range c.pieces {
		if p.onDisk() {
			p.proven = false
		}
	}
	s.count.Distrusts++
	muted, ok := d.fault.mayLog(s.now(), "distrust")
	s.mu.Unlock()
	d.files.forget(c)
	if ok {
		s.log.Warn("cache: a data file was changed by somebody else, its pieces are verified again",
			slog.String("file", c.name), slog.Int("muted", muted))
	}
}

// change has the writer change a content's file by fn.
func (d *disk) change(c *content, create bool, fn func(*dataFile) error) error {
	for range maxChanges {
		f, err := d.files.acquire(c, create)
		if err != nil {
			return err
		}
		age, _, _ := c.guard.now()
		ours, err := c.guard.begin(f.f)
		if err == nil && ours {
			err = fn(f)
			c.guard.end(f.f)
		}
		d.files.release(f)
		if err != nil || ours {
			return err
		}
		d.distrust(c, age)
	}
	return errNotOurs
}

// open gets the file of a lease that is on disk. changed says that its pieces have to be
// verified again, though they were before.
func (l *Lease) open() (changed bool, err error) {
	if l.buf != nil {
		return false, nil
	}
	d, c := l.s.disk, l.p.c
	for range maxChanges {
		f, err := d.files.acquire(c, false)
		if err != nil {
			return changed, err
		}
		age, _, _ := c.guard.now()
		ours, err := c.guard.look(f.f, true)
		if err == nil && ours {
			changed = changed || age != l.age
			l.file, l.age = f, age
			return changed, nil
		}
		d.files.release(f)
		if err != nil {
			return changed, err
		}
		d.distrust(c, age)
		changed = true
	}
	return changed, errNotOurs
}

// intact reports whether what was just read of the file is what was verified.
func (l *Lease) intact() bool {
	g := &l.p.c.guard
	if age, _, _ := g.now(); age != l.age {
		return false
	}
	ours, err := g.look(l.file.f, false)
	if err != nil || !ours {
		l.s.disk.distrust(l.p.c, l.age)
		return false
	}
	age, _, _ := g.now()
	return age == l.age
}
