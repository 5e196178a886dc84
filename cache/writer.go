package cache

import (
	"os"
	"time"
)

// write is the writer: it carries out the queued ops, in order. It alone changes data
// files, so that its decisions about a place on disk stay true.
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
		d.drop(o.p)
	case opRemove:
		o.done <- d.removeContent(o.c)
	case opScrub:
		d.scrub(o.c)
	case opOrphan:
		if err := d.files.dir.Remove(o.name); err != nil && !os.IsNotExist(err) {
			d.report("removing a stray data file", err)
		}
	case opEvict:
		o.done <- d.evictContent(o.c)
	case opTrim:
		_ = d.makeRoom(0, 0) // what is leased goes later
	case opFlush:
		d.passFlush(o)
	}
}

// passFlush passes a flush on to the syncer, after the pieces in memory only that can
// be written now.
func (d *disk) passFlush(o op) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	now := d.s.now()
	d.catchUp(now)
	if !o.last && d.takes(now) {
		o.last = d.s.unwritten.Len() == 0
		d.push(o)
		return
	}
	d.flushes = append(d.flushes, o.done)
	wake(d.syncWake)
}

// drop gives back the place of a piece that is gone. First it takes the claim out of
// the journal. The hole waits for the last lease.
func (d *disk) drop(p *piece) {
	s := d.s
	s.mu.Lock()
	if p.c.dead || p.cost == 0 { // its file is gone, or its place was given back
		s.mu.Unlock()
		return
	}
	again := p.doomed
	if !again && p.leases > 0 {
		p.doomed = true
	}
	wait := p.leases > 0
	s.mu.Unlock()
	if !again {
		if err := d.disclaim([]*piece{p}); err != nil {
			d.failed("recording a dropped piece", err)
			d.strand([]*piece{p})
			return
		}
	}
	if wait {
		return
	}
	d.vacate([]*piece{p})
}

// removeContent deletes a removed content's file, after the journal has withdrawn its
// claims on it.
func (d *disk) removeContent(c *content) error {
	d.journal.mu.Lock()
	err := d.journal.append(one(record{kind: recordRemove, id: c.id}), nil)
	if err == nil {
		err = d.journal.sync()
	}
	d.journal.mu.Unlock()
	if err != nil {
		d.failed("recording a removed torrent", err)
	}
	// What the journal still claims of a file that is gone is absent.
	if rerr := d.files.remove(c); rerr != nil {
		d.failed("removing a data file", rerr)
		return rerr
	}
	d.refundAll(c)
	return err
}

// one returns a sequence of one record.
func one(r record) func(func(record) bool) {
	return func(yield func(record) bool) { yield(r) }
}
