package cache

import (
	"errors"
	"fmt"
	"os"
)

// write is the writer: it carries out what is queued, in order. It alone changes
// data files, so that what it decides about a place on disk stays true.
func (d *disk) write() {
	for {
		d.s.mu.Lock()
		ops, stop := d.queue, d.stopping
		d.queue = nil
		d.s.mu.Unlock()
		for _, o := range ops {
			d.do(o)
		}
		switch {
		case len(ops) > 0:
		case stop:
			return
		default:
			<-d.queueWake
		}
	}
}

// do carries out one op.
func (d *disk) do(o op) {
	switch o.kind {
	case opWrite:
		d.writePiece(o.p)
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
		d.makeRoom(0)
	case opFlush:
		d.s.mu.Lock()
		d.flushes = append(d.flushes, o.done)
		d.s.mu.Unlock()
		wake(d.syncWake)
	}
}

// writePiece moves a queued piece to disk, or to memory where the disk fails.
func (d *disk) writePiece(p *piece) {
	s := d.s
	s.mu.Lock()
	s.queueBytes -= int64(p.size)
	if p.gone {
		p.buf.Release()
		p.buf, p.disk = nil, diskNone
		s.mu.Unlock()
		return
	}
	s.recentBytes += int64(p.size) // until it has found its place
	failing := d.fault.active(s.now())
	s.mu.Unlock()

	err := errFailing
	if !failing {
		err = d.store(p)
		if err != nil && !errors.Is(err, errNoRoom) {
			d.failed("writing a piece", err)
		}
	}
	s.mu.Lock()
	s.recentBytes -= int64(p.size)
	var cold []*piece
	if err != nil {
		p.disk = diskNone
		cold = s.keepRecent(p)
	} else {
		d.written(p)
		cold = []*piece{p}
	}
	s.mu.Unlock()
	if err == nil {
		d.works()
	}
	s.heat(cold)
}

// written takes a piece into the index of what is on disk. s.mu is held.
func (d *disk) written(p *piece) {
	p.disk = diskWritten
	if p.gone { // removed meanwhile, its file with it
		return
	}
	if p.leases == 0 {
		d.s.lru.add(p)
	}
	if len(d.unsynced) == 0 {
		d.since = d.s.now()
		wake(d.syncWake)
	}
	d.unsynced = append(d.unsynced, p)
	if d.pending += int64(p.size); d.pending >= syncBytes {
		wake(d.syncWake)
	}
	d.s.count.WrittenBytes += int64(p.size)
}

// store makes room for a piece and writes it. A file system that is found full
// makes the budget smaller for a while: the cache makes do with what it has.
func (d *disk) store(p *piece) error {
	cost := p.c.cost(p.index, p.size)
	if err := d.makeRoom(cost); err != nil {
		return err
	}
	err := d.writeAt(p, cost)
	if noSpace(err) {
		d.shrink(cost)
		if room := d.makeRoom(cost); room != nil {
			return err
		}
		err = d.writeAt(p, cost)
	}
	return err
}

// writeAt writes a piece at its place and charges it.
func (d *disk) writeAt(p *piece, cost int64) error {
	f, err := d.files.acquire(p.c, true)
	if err != nil {
		return err
	}
	defer d.files.release(f)
	d.charge(p, cost)
	_, err = f.f.WriteAt(p.buf.Bytes(), p.c.offset(p.index))
	if err != nil {
		d.vacate([]*piece{p}) // part of it may have been written
		return fmt.Errorf("cache: writing a piece: %w", err)
	}
	return nil
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
