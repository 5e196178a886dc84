package cache

import (
	"errors"
	"io/fs"
	"iter"
	"slices"
	"time"
)

// sync is the syncer: it makes written pieces durable and then claims them in the
// journal, in batches.
func (d *disk) sync() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		due, wait, stop := d.syncDue()
		if due {
			d.syncBatch()
		}
		if stop {
			return
		}
		if due {
			continue
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-d.syncWake:
		}
	}
}

// syncDue reports whether to sync now, or else how long to wait, unless woken. stop
// marks the last time.
func (d *disk) syncDue() (due bool, wait time.Duration, stop bool) {
	s := d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	switch {
	case d.syncStop:
		return true, 0, true
	case len(d.flushes) > 0:
		return true, 0, false
	case len(d.unsynced) == 0:
		return false, time.Hour, false
	case d.fault.active(now):
		return false, d.fault.until.Sub(now), false
	case d.pending >= syncBytes:
		return true, 0, false
	}
	wait = d.since.Add(syncDelay).Sub(now)
	return wait <= 0, wait, false
}

// syncBatch syncs and claims all pieces written by now, and answers the callers that
// wait for it.
func (d *disk) syncBatch() {
	s := d.s
	s.mu.Lock()
	batch, flushes := d.unsynced, d.flushes
	d.unsynced, d.flushes, d.pending = nil, nil, 0
	for _, r := range batch {
		r.unsynced = false
		r.turn(placeWritten, placeSyncing)
	}
	s.mu.Unlock()

	failed := d.syncFiles(batch)
	if err := d.claim(batch); err != nil {
		failed = true
		d.failed("recording pieces", err)
	}
	if len(batch) > 0 && !failed {
		d.works()
	}
	if len(flushes) > 0 {
		err := d.settled()
		for _, done := range flushes {
			done <- err
		}
	}
}

// turn exchanges a flag for another in all places.
func (r *run) turn(from, to place) {
	for i, p := range r.places {
		if p&from != 0 {
			r.places[i] = p&^from | to
		}
	}
}

// syncFiles makes the data of runs durable, and the names of their files. It gives up what
// could not be made so.
func (d *disk) syncFiles(batch []*run) (failed bool) {
	var named []*run // whose names are to be made durable
	for _, r := range batch {
		if d.gone(r) {
			continue
		}
		if err := d.syncFile(r); err != nil {
			failed = true
			d.failed("syncing a data file", err)
			d.giveUp(r)
			continue
		}
		d.s.mu.Lock()
		d.s.count.Syncs++
		if !r.linked {
			named = append(named, r)
		}
		d.s.mu.Unlock()
	}
	if len(named) == 0 {
		return failed
	}
	err := d.files.dir.Sync()
	if err != nil {
		failed = true
		d.failed("syncing a data file", err)
	}
	for _, r := range named {
		if err != nil {
			d.giveUp(r)
			continue
		}
		d.s.mu.Lock()
		r.linked = true
		d.s.mu.Unlock()
	}
	return failed
}

// syncFile makes the data of a run durable. The file of one that was evicted meanwhile may
// be gone.
func (d *disk) syncFile(r *run) error {
	f, err := d.files.acquire(r, false)
	if errors.Is(err, fs.ErrNotExist) && d.gone(r) {
		return nil
	}
	if err != nil {
		return err
	}
	defer d.files.release(f)
	if d.gone(r) { // this may be the file of one that came after it
		d.files.forget(r)
	}
	return f.f.Sync()
}

// gone reports whether a run holds nothing any more.
func (d *disk) gone(r *run) bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return r.held == 0
}

// giveUp takes what is not in the journal off the disk's index, since a sync failed. The
// kernel forgets what it could not write, so that such a piece may be read today and be
// gone tomorrow.
func (d *disk) giveUp(r *run) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	for k, p := range r.places {
		if i := r.first() + k; p&placeHeld != 0 && p&placeClaimed == 0 {
			d.s.take(r, i)
			d.s.settle(r.c, i, true)
			d.push(op{kind: opDrop, r: r, i: i})
			if p := r.c.pieces[i]; p != nil {
				d.s.await(p)
			}
		}
	}
}

// claim records the pieces of a batch that are still there. The journal stays locked
// meanwhile, so that an eviction from now on is recorded after it.
func (d *disk) claim(batch []*run) error {
	s, j := d.s, d.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	var claims []record
	geo := make(map[uint32]geometry)
	s.mu.Lock()
	for _, r := range batch {
		for c := range r.claims(placeSyncing) {
			claims = append(claims, c)
			geo[c.id] = r.c.geo
		}
		r.turn(placeSyncing, placeClaimed)
	}
	s.mu.Unlock()
	err := j.append(slices.Values(claims), func(id uint32) geometry { return geo[id] })
	if err != nil {
		d.unclaim(batch, claims)
		return err
	}
	if err := j.tidy(); err != nil {
		d.report("rewriting the journal", err)
	}
	return nil
}

// claims yields records of the pieces whose places have a flag.
func (r *run) claims(flag place) iter.Seq[record] {
	return claimsOf(r.c.id, r.first(), r.places, flag)
}

// claimsOf yields records of the pieces, the first of which is first, whose places have a flag.
func claimsOf(id uint32, first int, places []place, flag place) iter.Seq[record] {
	return func(yield func(record) bool) {
		for from := 0; from < len(places); from++ {
			to := from
			for to < len(places) && places[to]&flag != 0 {
				to++
			}
			if to > from && !yield(record{kind: recordPut, id: id, piece: first + from, count: to - from}) {
				return
			}
			from = to
		}
	}
}

// unclaim puts pieces back that could not be recorded; the next batch has them.
func (d *disk) unclaim(batch []*run, claims []record) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	for _, r := range batch {
		back := false
		for _, c := range claims {
			if c.id != r.c.id || c.piece/r.c.geo.runPieces != int(r.index) {
				continue
			}
			for i := c.piece; i < c.piece+c.count; i++ {
				if p := r.place(i); *p&placeClaimed != 0 {
					*p = *p&^placeClaimed | placeWritten
					d.pending += r.c.geo.pieceLen
					back = true
				}
			}
		}
		if back && !r.unsynced {
			r.unsynced = true
			d.unsynced = append(d.unsynced, r)
		}
	}
	d.since = d.s.now()
}

// settled makes the journal durable and returns the error that keeps pieces from disk,
// if any.
func (d *disk) settled() error {
	d.journal.mu.Lock()
	err := d.journal.sync()
	d.journal.mu.Unlock()
	if err != nil {
		d.failed("syncing the journal", err)
	}
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.fault.err
}
