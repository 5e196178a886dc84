package cache

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"
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
	if p.gone {
		s.queueBytes -= int64(p.size)
		p.buf.Release()
		p.buf, p.disk = nil, diskNone
		s.mu.Unlock()
		return
	}
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
	s.queueBytes -= int64(p.size)
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
	err = d.writeFile(f, p)
	if err != nil {
		d.vacate([]*piece{p}) // part of it may have been written
		return fmt.Errorf("cache: writing a piece: %w", err)
	}
	return nil
}

// writeFile writes a piece, past the page cache if it can be: what is being
// streamed is in memory still, and who wants it later reads it from disk once. A
// write of 1 MiB costs 0.1 CPU-s/GB so, 0.3 to 2 through the cache, and the sync
// after it finds nothing left to write.
func (d *disk) writeFile(f *dataFile, p *piece) error {
	b, off := p.buf.Bytes(), p.c.offset(p.index)
	if !d.buffered && len(b) >= minDirect && alignedForDirect(b, off) {
		err := d.writeDirect(f, p.c, b, off)
		if err == nil || !notDirect(err) {
			return err
		}
		d.buffered = true // this file system cannot
	}
	_, err := f.f.WriteAt(b, off)
	return err
}

// writeDirect writes through a description of the file of its own.
func (d *disk) writeDirect(f *dataFile, c *content, b []byte, off int64) (err error) {
	if f.direct == nil {
		f.direct, err = d.files.root.OpenFile(c.name, os.O_WRONLY|directFlag, 0)
		if err != nil {
			f.direct = nil
			return err
		}
	}
	_, err = f.direct.WriteAt(b, off)
	return err
}

// alignedForDirect says whether memory, length and place suit a direct write.
func alignedForDirect(b []byte, off int64) bool {
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	return directFlag != 0 && len(b)%directAlign == 0 && off%directAlign == 0 && at%directAlign == 0
}

// notDirect says whether an error may be that direct writes are not supported.
func notDirect(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.EOPNOTSUPP)
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
