package cache

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"
	"unsafe"
)

// writePieces moves queued pieces to disk, or to memory where the disk fails. It writes
// pieces that follow each other in a file together.
func (d *disk) writePieces(pieces []*piece) {
	slices.SortFunc(pieces, func(a, b *piece) int {
		return cmp.Or(cmp.Compare(a.c.id, b.c.id), cmp.Compare(a.index, b.index))
	})
	for len(pieces) > 0 {
		n := runLength(pieces)
		d.writeRun(pieces[:n])
		pieces = pieces[n:]
	}
}

// runLength returns how many of the first pieces make one write. They follow each other
// without a gap, are not too many bytes, and suit a direct write if the first does.
func runLength(pieces []*piece) int {
	first := pieces[0]
	end, bytes := first.c.offset(first.index), int64(0)
	for i, p := range pieces {
		off := p.c.offset(p.index)
		if p.c != first.c || off != end || i > 0 && bytes+int64(p.size) > maxWriteBytes ||
			suitsDirect(p) != suitsDirect(first) {
			return i
		}
		end, bytes = off+int64(p.size), bytes+int64(p.size)
	}
	return len(pieces)
}

// writeRun moves pieces that follow each other in a file to disk, or to memory.
func (d *disk) writeRun(run []*piece) {
	s := d.s
	wanted, failing := d.wanted(run)
	if !wanted {
		return
	}
	err := errFailing
	if !failing {
		if err = d.store(run); err != nil && len(run) > 1 {
			for i := range run { // perhaps there is room for some
				d.writeRun(run[i : i+1])
			}
			return
		}
		if err != nil && !errors.Is(err, errNoRoom) {
			d.failed("writing a piece", err)
		}
	}
	var cold []*piece
	s.mu.Lock()
	if errors.Is(err, errNoRoom) {
		d.retry = s.now().Add(minRetryDelay)
	}
	for _, p := range run {
		s.queueBytes -= int64(p.size)
		if err != nil {
			p.disk = diskNone
			cold = append(cold, s.keepRecent(p)...)
		} else {
			d.written(p)
			cold = append(cold, p)
		}
	}
	s.mu.Unlock()
	if err == nil {
		d.works()
	}
	s.heat(cold)
}

// wanted drops pieces whose torrent was removed while they waited, and reports whether
// the disk is to be left alone.
func (d *disk) wanted(run []*piece) (wanted, failing bool) {
	s := d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if !run[0].c.dead {
		return true, d.fault.active(s.now())
	}
	for _, p := range run {
		s.queueBytes -= int64(p.size)
		p.buf.Release()
		p.buf, p.disk = nil, diskNone
	}
	return false, false
}

// written takes a piece into the index of what is on disk. s.mu is held.
func (d *disk) written(p *piece) {
	p.disk = diskWritten
	if p.gone { // removed meanwhile, its file with it
		return
	}
	d.s.order.admit(p)
	if p.leases == 0 {
		d.s.order.add(p)
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
	d.patience.wrote(d.s.now(), int64(p.size))
}

// store makes room for pieces and writes them. When it finds the file system full it
// makes the budget smaller for a while.
func (d *disk) store(run []*piece) error {
	cost := int64(0)
	for _, p := range run {
		cost += p.c.cost(p.index, p.size)
	}
	if err := d.makeRoom(cost, len(run)); err != nil {
		return err
	}
	err := d.place(run)
	if noSpace(err) && len(run) == 1 {
		d.shrink()
		if room := d.makeRoom(cost, len(run)); room != nil {
			return err
		}
		err = d.place(run)
	}
	return err
}

// place writes pieces at their places and charges them.
func (d *disk) place(run []*piece) error {
	c := run[0].c
	parts := make([][]byte, len(run))
	for i, p := range run {
		d.charge(p, c.cost(p.index, p.size))
		parts[i] = p.buf.Bytes()
	}
	err := d.change(c, true, func(f *dataFile) error { return d.writeFile(f, run, parts) })
	if err != nil {
		d.vacate(run) // part of it may have been written
		return fmt.Errorf("cache: writing a piece: %w", err)
	}
	return nil
}

// writeFile writes a run, past the page cache if it can. A piece that is being streamed
// is in memory still, and a later reader reads it from disk once. A direct write of 1
// MiB costs 0.1 CPU-s/GB, one through the cache 0.3 to 2. The sync after a direct write
// finds nothing left to write.
func (d *disk) writeFile(f *dataFile, run []*piece, parts [][]byte) error {
	off, bytes := run[0].c.offset(run[0].index), 0
	for _, b := range parts {
		bytes += len(b)
	}
	if d.s.cfg.BeforeWrite != nil {
		d.s.cfg.BeforeWrite(bytes)
	}
	if !d.buffered.Load() && bytes >= minDirect && suitsDirect(run[0]) {
		err := d.writeDirect(f, run[0].c, parts, off)
		if err == nil || !notDirect(err) {
			return err
		}
		d.buffered.Store(true) // this file system cannot
	}
	return f.f.WriteParts(parts, off)
}

// writeDirect writes past the page cache, without a waiting thread where the kernel can
// do that.
func (d *disk) writeDirect(f *dataFile, c *content, parts [][]byte, off int64) error {
	direct, err := d.files.openDirect(f, c)
	if err != nil {
		return err
	}
	system, ok := direct.(osFile)
	if ok && !d.asked { // it takes the kernel some 10 ms to end one, so that none is begun in vain
		d.async, d.asked = newAsyncWriter(), true
	}
	if d.async == nil {
		return direct.WriteParts(parts, off)
	}
	end := off
	for _, b := range parts {
		end += int64(len(b))
	}
	_ = grow(system.File, end, c.geo.span) // without it the write is slower
	n, err := d.async.write(system.File, parts, off)
	if err != nil || n == int(end-off) {
		return err
	}
	return writeRest(system.File, parts, off, n)
}

// writeRest writes the parts without their first written bytes, which are on disk
// already, or returns why it cannot.
func writeRest(f *os.File, parts [][]byte, off int64, written int) error {
	for _, p := range parts {
		if written < len(p) {
			if _, err := f.WriteAt(p[written:], off+int64(written)); err != nil {
				return err
			}
		}
		off, written = off+int64(len(p)), max(0, written-len(p))
	}
	return nil
}

// suitsDirect reports whether a piece's memory, length and place are aligned as a
// direct write needs it.
func suitsDirect(p *piece) bool {
	if directFlag == 0 {
		return false
	}
	b := p.buf.Bytes()
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	return at%directAlign == 0 && len(b)%directAlign == 0 && p.c.offset(p.index)%directAlign == 0
}

// notDirect reports whether an error may mean that direct writes are not supported.
func notDirect(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.EOPNOTSUPP)
}
