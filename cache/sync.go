package cache

import (
	"errors"
	"io/fs"
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
	s.mu.Unlock()

	failed := false
	for c, ps := range d.live(batch) {
		if err := d.syncFile(c); err != nil {
			failed = true
			d.failed("syncing a data file", err)
			d.giveUp(ps)
		}
	}
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

// live groups the pieces of a batch that are still on disk by their content.
func (d *disk) live(batch []*piece) map[*content][]*piece {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	byContent := make(map[*content][]*piece)
	for _, p := range batch {
		if p.disk == diskWritten && !p.gone {
			byContent[p.c] = append(byContent[p.c], p)
		}
	}
	return byContent
}

// syncFile makes a content's data durable, and its file's name the first time. The file
// of a content that was removed meanwhile may be gone.
func (d *disk) syncFile(c *content) error {
	f, err := d.files.acquire(c, false)
	if errors.Is(err, fs.ErrNotExist) && d.removed(c) {
		return nil
	}
	if err != nil {
		return err
	}
	defer d.files.release(f)
	if err := f.f.Sync(); err != nil {
		return err
	}
	d.s.mu.Lock()
	linked, unlinks := c.linked, c.unlinks
	d.s.count.Syncs++
	d.s.mu.Unlock()
	if linked {
		return nil
	}
	if err := d.files.dir.Sync(); err != nil {
		return err
	}
	d.s.mu.Lock()
	c.linked = c.unlinks == unlinks // else this may have been the name of the file before
	d.s.mu.Unlock()
	return nil
}

// removed reports whether a content was removed.
func (d *disk) removed(c *content) bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return c.dead
}

// giveUp takes pieces whose sync failed off the disk's index. The kernel forgets what
// it could not write, so that such a piece may be read today and be gone tomorrow.
func (d *disk) giveUp(lost []*piece) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	for _, p := range lost {
		if p.disk != diskWritten || p.gone {
			continue
		}
		d.s.order.remove(p)
		p.disk = diskNone
		d.enqueueDrop(p)
		d.s.settle(p)
	}
}

// claim records the pieces of a batch that are still there. The journal stays locked
// meanwhile, so that an eviction from now on is recorded after it.
func (d *disk) claim(batch []*piece) error {
	s, j := d.s, d.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	var claimed []*piece
	geo := make(map[uint32]geometry)
	s.mu.Lock()
	for _, p := range batch {
		if p.disk == diskWritten && !p.gone {
			p.disk = diskClaimed
			claimed = append(claimed, p)
			geo[p.c.id] = p.c.geo
		}
	}
	s.mu.Unlock()
	err := j.append(func(yield func(record) bool) {
		for _, p := range claimed {
			if !yield(record{kind: recordPut, id: p.c.id, piece: p.index, length: p.size}) {
				return
			}
		}
	}, func(id uint32) geometry { return geo[id] })
	if err != nil {
		d.unclaim(claimed)
		return err
	}
	if err := j.tidy(); err != nil {
		d.report("rewriting the journal", err)
	}
	return nil
}

// unclaim puts pieces back that could not be recorded; the next batch has them.
func (d *disk) unclaim(claimed []*piece) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	for _, p := range claimed {
		if p.disk == diskClaimed && !p.gone {
			p.disk = diskWritten
			d.unsynced = append(d.unsynced, p)
			d.pending += int64(p.size)
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
