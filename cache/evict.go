package cache

import (
	"errors"
	"iter"
)

// errNoRoom means that leased runs take the whole budget, or that others fill the
// disk.
var errNoRoom = errors.New("cache: no room: all that is on disk is being read, or the disk has too little free")

// makeRoom evicts runs, in the order of order.go, until need more bytes are within the
// budget and leave Config.MinFree, and the index is within its own. Only the writer calls it.
func (d *disk) makeRoom(need int64) error {
	s := d.s
	short := d.short(need)
	s.mu.Lock()
	if d.limit < d.budget && s.now().After(d.limitEnd) {
		d.limit = d.budget
	}
	over := max(d.used+s.library.size()+need-d.limit, min(short, need+maxEvictSlack))
	crowd := d.indexed - d.maxIndex
	if over <= 0 && crowd <= 0 {
		s.mu.Unlock()
		return nil
	}
	if crowd > 0 {
		crowd += d.maxIndex / evictShare
	}
	slack := int64(0)
	if over > 0 {
		slack = min(d.limit/evictShare, maxEvictSlack)
	}
	victims := append(d.leftovers(), d.victims(over, slack, crowd)...)
	s.mu.Unlock()

	if err := d.evict(victims); err != nil {
		return err
	}
	if short > 0 && d.short(need) > 0 {
		return errNoRoom
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.used+s.library.size()+need > d.limit || d.indexed > d.maxIndex {
		return errNoRoom
	}
	return nil
}

// short returns the number of bytes that the file system lacks to take need more and
// leave MinFree. A file system that does not report its room is believed to have
// enough.
func (d *disk) short(need int64) int64 {
	if d.s.cfg.MinFree == 0 {
		return 0
	}
	free, err := d.free()
	if err != nil {
		return 0
	}
	return max(0, need+d.s.cfg.MinFree-free)
}

// victims empties runs that are to be evicted: of n bytes of disk, if there are as many,
// and of crowd bytes of the index. Beyond that it takes at most slack bytes of disk. The
// caller holds s.mu.
func (d *disk) victims(n, slack, crowd int64) (victims []*run) {
	o := &d.s.order
	for r := o.next(); r != nil && (n > 0 || r.charged <= n+slack || crowd > 0); r = o.next() {
		o.evict(r)
		d.empty(r)
		n, crowd = n-r.charged, crowd-r.indexed()
		victims = append(victims, r)
	}
	return victims
}

// empty takes all pieces of a run off the index. The caller holds s.mu.
func (d *disk) empty(r *run) {
	for k := range r.places {
		if i := r.first() + k; r.has(i) {
			d.s.take(r, i)
			d.s.settle(r.c, i, true)
		}
	}
}

// leftovers returns the empty runs whose files could not be deleted before. The caller
// holds s.mu.
func (d *disk) leftovers() (runs []*run) {
	for _, r := range d.stranded {
		if r.empty() {
			runs = append(runs, r)
		}
	}
	d.stranded = nil
	return runs
}

// empty reports whether a run's file is there and of no use. Store.mu is held.
func (r *run) empty() bool { return r.held == 0 && r.leases == 0 && !r.dead && !r.c.dead }

// evict deletes the files of runs that are off the index. It writes the record first, so
// that no crash leaves a file claimed that is gone.
func (d *disk) evict(runs []*run) error {
	if len(runs) == 0 {
		return nil
	}
	err := d.disclaim(func(yield func(record) bool) {
		for _, r := range runs {
			if !yield(record{kind: recordEvict, id: r.c.id, piece: int(r.index)}) {
				return
			}
		}
	})
	if err != nil {
		d.strand(runs)
		return err
	}
	d.vacate(runs)
	return nil
}

// disclaim records durably that pieces are not on disk. Pieces that were never
// claimed are recorded too: the syncer may be about to.
func (d *disk) disclaim(recs iter.Seq[record]) error {
	d.journal.mu.Lock()
	defer d.journal.mu.Unlock()
	if err := d.journal.append(recs, nil); err != nil {
		return err
	}
	return d.journal.sync()
}

// strand keeps count of files that could not be deleted, until the next time that room is
// needed.
func (d *disk) strand(runs []*run) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	for _, r := range runs {
		r.linked = false // nobody knows whether the name is still on disk
	}
	d.stranded = append(d.stranded, runs...)
}

// vacate deletes the files of empty runs that the journal does not claim.
func (d *disk) vacate(runs []*run) {
	var failed []*run
	var cause error
	for _, r := range runs {
		if err := d.files.remove(r); err != nil {
			cause, failed = err, append(failed, r)
			continue
		}
		d.refund(r)
	}
	if cause != nil {
		d.strand(failed)
		d.report("giving disk space back", cause)
	}
}

// charge counts the place of a piece of some size as taken, and returns its run, to which
// it gives a place in the index if need be.
func (d *disk) charge(c *content, i, size int) *run {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	r := c.runOf(i)
	if r == nil {
		r = newRun(c, i/c.geo.runPieces)
		c.runs[int(r.index)] = r
		d.indexed += r.indexed()
	}
	if r.is(i, placeFilled) {
		return r
	}
	*r.place(i) |= placeFilled
	n := c.cost(i, size)
	known := min(n, r.excess)
	r.excess -= known
	d.s.order.charge(r, n-known)
	d.used += n - known
	c.charged += n - known
	return r
}

// refund stops counting a run, whose file is gone.
func (d *disk) refund(r *run) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if r.dead {
		return
	}
	r.dead = true
	delete(r.c.runs, int(r.index))
	d.used -= r.charged
	r.c.charged -= r.charged
	d.indexed -= r.indexed()
	d.s.forget(r.c)
}

// shrink makes the budget smaller than the room in use, for a while: the file system is
// full, whatever filled it.
func (d *disk) shrink() {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	d.limit = max(0, d.used+d.s.library.size()-min(d.used/evictShare, maxEvictSlack))
	d.limitEnd = d.s.now().Add(regrowDelay)
}
