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
		n := rowLength(pieces)
		d.writeRow(pieces[:n])
		pieces = pieces[n:]
	}
}

// rowLength returns how many of the first pieces make one write. They follow each other
// in a file without a gap, are not too many bytes, and suit a direct write if the first
// does.
func rowLength(pieces []*piece) int {
	first := pieces[0]
	end, bytes := first.offset(), int64(0)
	for i, p := range pieces {
		if p.c != first.c || p.index/p.c.geo.runPieces != first.index/p.c.geo.runPieces || p.offset() != end ||
			i > 0 && bytes+int64(p.size) > maxWriteBytes || suitsDirect(p) != suitsDirect(first) {
			return i
		}
		end, bytes = end+int64(p.size), bytes+int64(p.size)
	}
	return len(pieces)
}

// offset returns where the piece begins in the file of its run, in bytes.
func (p *piece) offset() int64 { return int64(p.index%p.c.geo.runPieces) * p.c.geo.pieceLen }

// writeRow moves pieces that follow each other in a file to disk, or to memory.
func (d *disk) writeRow(row []*piece) {
	s := d.s
	wanted, failing := d.wanted(row)
	if !wanted {
		return
	}
	err := errFailing
	var r *run
	if !failing {
		if r, err = d.store(row); err != nil && len(row) > 1 {
			for i := range row { // perhaps there is room for some
				d.writeRow(row[i : i+1])
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
	for _, p := range row {
		s.queueBytes -= int64(p.size)
		p.queued = false
		if err != nil {
			cold = append(cold, s.keepRecent(p)...)
		} else {
			d.written(p, r)
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
func (d *disk) wanted(row []*piece) (wanted, failing bool) {
	s := d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if !row[0].c.dead {
		return true, d.fault.active(s.now())
	}
	for _, p := range row {
		s.queueBytes -= int64(p.size)
		p.buf.Release()
		p.buf, p.queued = nil, false
	}
	return false, false
}

// written takes a piece into the index of what is on disk. s.mu is held.
func (d *disk) written(p *piece, r *run) {
	if p.c.dead { // removed meanwhile, its files with it
		return
	}
	i := p.index
	if r.held == 0 {
		d.s.order.admit(r, p.spare)
	} else if !p.spare {
		d.s.order.claim(r)
	}
	r.hold(i)
	if d.s.order.remove(r); r.leases == 0 {
		d.s.order.add(r)
	}
	if d.warms && !d.buffered.Load() && suitsDirect(p) {
		d.warmer.cooled(r, d.s.now())
	}
	if !r.unsynced {
		r.unsynced = true
		if len(d.unsynced) == 0 {
			d.since = d.s.now()
			wake(d.syncWake)
		}
		d.unsynced = append(d.unsynced, r)
	}
	if d.pending += int64(p.size); d.pending >= syncBytes {
		wake(d.syncWake)
	}
	d.s.count.WrittenBytes += int64(p.size)
	d.patience.wrote(d.s.now(), int64(p.size))
}

// store makes room for pieces and writes them into a run. When it finds the file system
// full it makes the budget smaller for a while.
func (d *disk) store(row []*piece) (*run, error) {
	cost := int64(0)
	for _, p := range row {
		cost += p.c.cost(p.index, p.size)
	}
	if err := d.makeRoom(cost); err != nil {
		return nil, err
	}
	r, err := d.place(row)
	if noSpace(err) && len(row) == 1 {
		d.shrink()
		if room := d.makeRoom(cost); room != nil {
			return nil, err
		}
		r, err = d.place(row)
	}
	return r, err
}

// place writes pieces at their places and charges them.
func (d *disk) place(row []*piece) (r *run, err error) {
	parts := make([][]byte, len(row))
	for i, p := range row {
		r = d.charge(p.c, p.index, p.size)
		parts[i] = p.buf.Bytes()
	}
	err = d.change(r, func(f *dataFile) error { return d.writeFile(f, r, row, parts) })
	if err != nil {
		d.clear(r) // part of it may have been written
		return nil, fmt.Errorf("cache: writing a piece: %w", err)
	}
	return r, nil
}

// writeFile writes a row, past the page cache if it can. A piece that is being streamed
// is in memory still, and a later reader reads it from disk once. A direct write of 1
// MiB costs 0.1 CPU-s/GB, one through the cache 0.3 to 2. The sync after a direct write
// finds nothing left to write.
func (d *disk) writeFile(f *dataFile, r *run, row []*piece, parts [][]byte) error {
	off, bytes := row[0].offset(), 0
	for _, b := range parts {
		bytes += len(b)
	}
	if d.s.cfg.BeforeWrite != nil {
		d.s.cfg.BeforeWrite(bytes)
	}
	if !d.buffered.Load() && bytes >= minDirect && suitsDirect(row[0]) {
		err := d.writeDirect(f, r, parts, off)
		if err == nil || !notDirect(err) {
			return err
		}
		d.buffered.Store(true) // this file system cannot
	}
	return f.f.WriteParts(parts, off)
}

// writeDirect writes past the page cache, without a waiting thread where the kernel can
// do that.
func (d *disk) writeDirect(f *dataFile, r *run, parts [][]byte, off int64) error {
	direct, err := d.files.openDirect(f, r)
	if err != nil {
		return err
	}
	system, ok := direct.(osFile)
	if !ok || !d.asynchronous() {
		return direct.WriteParts(parts, off)
	}
	end := off
	for _, b := range parts {
		end += int64(len(b))
	}
	_ = grow(system.File, end, r.length()) // without it the write is slower
	n, err := d.async.write(system.File, parts, off)
	if errors.Is(err, errNoAsync) {
		d.endAsync() // which waits for the write under way: it writes the same
		return direct.WriteParts(parts, off)
	}
	if err != nil || n == int(end-off) {
		return err
	}
	return writeRest(system.File, parts, off, n)
}

// asynchronous reports whether there is an asyncWriter. Where the kernel refuses one, it is asked again
// after asyncRetry. It takes the kernel some 10 ms to end one, so that none is begun in vain.
func (d *disk) asynchronous() bool {
	if d.async == nil && !d.s.now().Before(d.asyncAgain) {
		if d.async = newAsyncWriter(); d.async == nil {
			d.endAsync()
		}
	}
	return d.async != nil
}

// endAsync has the writer's thread wait for the disk, until asyncRetry is over.
func (d *disk) endAsync() {
	d.async.close()
	d.async, d.asyncAgain = nil, d.s.now().Add(asyncRetry)
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
	return at%directAlign == 0 && len(b)%directAlign == 0 && p.offset()%directAlign == 0
}

// notDirect reports whether an error may mean that direct writes are not supported.
func notDirect(err error) bool {
	return errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.EOPNOTSUPP)
}
