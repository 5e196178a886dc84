package cache

import (
	"maps"
	"slices"
	"time"
)

// write is the writer: it carries out the queued ops, in order. It alone changes and
// deletes data files, so that its decisions about them stay true.
func (d *disk) write() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	defer func() { d.async.close() }()
	for {
		ops, wait, stop := d.take()
		d.carryOut(ops)
		if stop {
			return
		}
		if len(ops) > 0 {
			continue
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-d.queueWake:
		}
	}
}

// take takes the queue, or returns how long to wait until it is worth it: small pieces
// that follow each other are written together. stop means that the queue is empty and
// stays so. Before it returns stop, it tries a disk that is left alone once more.
func (d *disk) take() (ops []op, wait time.Duration, stop bool) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	now := d.s.now()
	if d.stopping && !d.lastTry { // what is left in memory only is lost with it
		d.lastTry, d.retry, d.fault.until = true, now, now
	}
	if d.catchUp(now); len(d.queue) == 0 {
		return nil, d.catchUpLater(now), d.stopping
	}
	if !d.stopping && !d.hurry && d.s.queueBytes < writeBytes {
		if wait := d.queued.Add(writeDelay).Sub(now); wait > 0 {
			return nil, wait, false
		}
	}
	n, bytes := 0, int64(0)
	for n < len(d.queue) && bytes < batchBytes {
		if o := d.queue[n]; o.kind == opWrite {
			bytes += int64(o.p.size)
		}
		n++
	}
	ops = d.queue[:n:n]
	d.queue = d.queue[n:]
	d.hurry = len(d.queue) > 0
	return ops, 0, false
}

// carryOut carries out ops in order. Writes without another op between them go in the
// order of their places.
func (d *disk) carryOut(ops []op) {
	var writes []*piece
	for _, o := range ops {
		if o.kind == opWrite {
			writes = append(writes, o.p)
			continue
		}
		d.writePieces(writes)
		writes = writes[:0]
		d.do(o)
	}
	d.writePieces(writes)
}

// do carries out one op that is not a write.
func (d *disk) do(o op) {
	switch o.kind {
	case opDrop:
		d.drop(o.r, o.i)
	case opClear:
		d.clear(o.r)
	case opRemove:
		o.done <- d.removeContent(o.c)
	case opAudit:
		d.auditSome()
	case opEvict:
		o.done <- d.evictContent(o.c)
	case opTrim:
		_ = d.makeRoom(0) // what is leased goes later
	case opFlush:
		d.passFlush(o)
	}
}

// passFlush passes a flush on to the syncer, after the audit and the pieces in memory only that
// can be written now.
func (d *disk) passFlush(o op) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	now := d.s.now()
	d.catchUp(now)
	if d.audit != nil { // its next part is queued
		d.push(o)
		return
	}
	if !o.last && d.takes(now) {
		o.last = d.s.unwritten.Len() == 0
		d.push(o)
		return
	}
	d.flushes = append(d.flushes, o.done)
	wake(d.syncWake)
}

// drop takes the claim on a piece that is gone out of the journal. Its bytes stay in the
// file until that goes.
func (d *disk) drop(r *run, i int) {
	d.s.mu.Lock()
	skip := r.dead || r.c.dead || r.has(i)
	d.s.mu.Unlock()
	if skip {
		return
	}
	if err := d.disclaim(one(record{kind: recordDrop, id: r.c.id, piece: i})); err != nil {
		d.failed("recording a dropped piece", err)
		d.strand([]*run{r})
		return // the claim that stays is not believed before the piece is verified
	}
	d.clear(r)
}

// clear deletes the file of a run if nothing is in it.
func (d *disk) clear(r *run) {
	d.s.mu.Lock()
	skip := !r.empty()
	d.s.mu.Unlock()
	if skip {
		return
	}
	if err := d.evict([]*run{r}); err != nil {
		d.failed("recording a dropped piece", err)
	}
}

// removeContent deletes a removed content's files, after the journal has withdrawn its
// claims on them.
func (d *disk) removeContent(c *content) error {
	err := d.disclaim(one(record{kind: recordRemove, id: c.id}))
	if err != nil {
		d.failed("recording a removed torrent", err)
	}
	d.s.mu.Lock()
	runs := slices.Collect(maps.Values(c.runs))
	d.s.mu.Unlock()
	for _, r := range runs {
		// What the journal still claims of a file that is gone is absent.
		if rerr := d.files.remove(r); rerr != nil {
			d.failed("removing a data file", rerr)
			err = rerr
			continue
		}
		d.refund(r)
	}
	return err
}

// one returns a sequence of one record.
func one(r record) func(func(record) bool) {
	return func(yield func(record) bool) { yield(r) }
}
