package cache

import (
	"os"
	"time"
)

// write is the writer: it carries out what is queued, in order. It alone changes
// data files, so that what it decides about a place on disk stays true.
func (d *disk) write() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	d.async = newAsyncWriter()
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

// take takes the queue, or says how long to wait for it to be worth it: small
// pieces that follow each other are written together. stop says that it is empty
// and stays so: before that a disk that is left alone is tried once more.
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

// carryOut carries out ops in order, but for writes between which there is no
// other op: those go by their place.
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

// do carries out one op that is no write.
func (d *disk) do(o op) {
	switch o.kind {
	case opDrop:
		d.drop(o.p)
	case opRemove:
		o.done <- d.removeContent(o.c)
	case opScrub:
		d.scrub(o.c)
	case opOrphan:
		if err := d.files.root.Remove(o.name); err != nil && !os.IsNotExist(err) {
			d.report("removing a stray data file", err)
		}
	case opTrim:
		_ = d.makeRoom(0, 0) // what is leased goes later
	case opFlush:
		d.passFlush(o)
	}
}

// passFlush hands a flush on to the syncer, behind what is in memory only and can be
// written now.
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

// drop gives back the place of a piece that is gone: first the journal stops
// claiming it; the hole waits for the last lease.
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

// removeContent deletes a removed content's file, after the journal has stopped
// claiming what is in it.
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

// one is a sequence of one record.
func one(r record) func(func(record) bool) {
	return func(yield func(record) bool) { yield(r) }
}
