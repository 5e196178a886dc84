package cache

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A scrubber reads what is on disk again, run by run, and gives up pieces that do not fit their
// hash any more: disks forget. It reads past the page cache, since that may have what the disk has
// lost. It reads at a low rate, gives way to readers and to the writer, and rests after a pass. It
// begins at a random torrent, so that restarts do not keep it to the first ones.
type scrubber struct {
	s     *Store
	rate  int64 // bytes/s
	timer *time.Timer
	asked int64 // lookups of pieces that were not in memory, when it looked last
}

// scrub passes over the disk now and then until the Store closes.
func (s *Store) scrub() {
	idleDisk()
	b := &scrubber{s: s, rate: s.cfg.ScrubRate, timer: time.NewTimer(time.Hour)}
	defer b.timer.Stop()
	for wait := time.Duration(scrubAfter); b.wait(wait); {
		begun := s.now()
		if !b.pass() {
			return
		}
		wait = max(scrubAfter, begun.Add(scrubEvery).Sub(s.now()))
	}
}

// wait waits, and reports whether the Store is still open.
func (b *scrubber) wait(d time.Duration) bool {
	b.timer.Reset(d)
	select {
	case <-b.timer.C:
		return true
	case <-b.s.closed:
		return false
	}
}

// pass scrubs all that is on disk, once. It returns false when the Store closes.
func (b *scrubber) pass() bool {
	s := b.s
	s.mu.Lock()
	hashes := slices.Sorted(maps.Keys(s.contents))
	s.mu.Unlock()
	if len(hashes) == 0 {
		return true
	}
	at := rand.IntN(len(hashes))
	for _, hash := range slices.Concat(hashes[at:], hashes[:at]) {
		if !b.content(hash) {
			return false
		}
	}
	return true
}

// content scrubs what is held of a torrent whose hashes are known.
func (b *scrubber) content(hash string) bool {
	s := b.s
	s.mu.Lock()
	c := s.contents[hash]
	if c == nil || c.stored == 0 {
		s.mu.Unlock()
		return true
	}
	runs := slices.SortedFunc(maps.Values(c.runs), func(x, y *run) int { return int(x.index - y.index) })
	var info *metainfo.Info
	var layers metainfo.PieceLayers
	if t := c.handle; t != nil {
		info, layers = t.info, maps.Clone(t.layers)
	}
	s.mu.Unlock()
	if info == nil {
		kept, ok := s.PeekMetainfo(infoHash(hash))
		if !ok || !c.geo.same(geometryOf(kept.Info)) {
			return true
		}
		info, layers = kept.Info, kept.Layers
	}
	for _, r := range runs {
		if !b.run(r, info, layers) {
			return false
		}
	}
	return true
}

// run scrubs the pieces of a run.
func (b *scrubber) run(r *run, info *metainfo.Info, layers metainfo.PieceLayers) bool {
	for from, end := r.first(), r.first()+len(r.places); from < end; {
		row := b.row(r, from, end, info)
		if row.n == 0 {
			return true
		}
		if !b.giveWay(row.bytes) {
			return false
		}
		begun := b.s.now()
		b.check(r, row, info, layers)
		if !b.wait(max(0, time.Duration(float64(row.bytes)/float64(b.rate)*float64(time.Second))-b.s.now().Sub(begun))) {
			return false
		}
		from = row.first + row.n
	}
	return true
}

// A row is pieces that follow each other in a file.
type row struct {
	first, n int
	bytes    int64
}

// row returns the next pieces that are held, as many as are read at once.
func (b *scrubber) row(r *run, from, end int, info *metainfo.Info) (w row) {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	for i := from; i < end; i++ {
		size := int64(info.PieceSize(i))
		switch held := r.has(i) && !r.dead; {
		case held && w.n > 0 && w.bytes+size > scrubBytes:
			return w
		case held:
			if w.n == 0 {
				w.first = i
			}
			w.n++
			w.bytes = r.offset(i) + size - r.offset(w.first)
		case w.n > 0:
			return w
		}
	}
	return w
}

// giveWay waits while readers or the writer use the disk, at most ten times as long as so many
// bytes take at the scrubber's rate. It returns false when the Store closes.
func (b *scrubber) giveWay(bytes int64) bool {
	most := b.s.now().Add(scrubPatience * time.Duration(float64(bytes)/float64(b.rate)*float64(time.Second)))
	for b.busy() && b.s.now().Before(most) {
		if !b.wait(scrubYield) {
			return false
		}
	}
	return true
}

// busy reports whether the disk was used since it was asked last, or is about to be.
func (b *scrubber) busy() bool {
	s := b.s
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.count.DiskHits + s.count.Misses
	busy := asked != b.asked || s.queueBytes > 0 || len(s.verifySlots) > 0
	b.asked = asked
	return busy
}

// check reads and judges a row. Where it cannot be read, each of its pieces is tried alone.
func (b *scrubber) check(r *run, w row, info *metainfo.Info, layers metainfo.PieceLayers) {
	s := b.s
	l, newer := b.lease(r, w.first, info)
	if l == nil {
		return
	}
	defer s.rank(r, newer)
	defer l.Release()
	if _, err := l.open(); err != nil {
		if !tooManyFiles(err) && !errors.Is(err, errNotOurs) {
			l.lost(err)
		}
		return
	}
	mem := s.pool.Get(int(roundUp(w.bytes, directAlign)))
	defer mem.Release()
	_, changes, writing := r.watch().now()
	if writing {
		return // the next pass comes by again
	}
	err := b.read(l, w, mem.Bytes())
	switch {
	case !l.intact():
		return // its pieces are verified again before they are used
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		s.disk.distrust(r, l.age)
		return
	case err != nil && w.n > 1:
		for i := range w.n {
			b.check(r, row{w.first + i, 1, int64(info.PieceSize(w.first + i))}, info, layers)
		}
		return
	case err != nil:
		l.lost(err)
		return
	}
	pieces := make([][]byte, w.n)
	for i := range pieces {
		at := r.offset(w.first+i) - r.offset(w.first)
		pieces[i] = mem.Bytes()[at : at+int64(info.PieceSize(w.first+i))]
	}
	verdicts := info.VerifyPieces(w.first, pieces, layers)
	for i, v := range verdicts {
		if !b.judge(r, w.first+i, v, int64(len(pieces[i])), changes) {
			s.disk.report("keeping a piece on disk", fmt.Errorf("%s: piece %d %w", r.name(), w.first+i, errMismatch))
		}
	}
}

// lease keeps a run with a piece from being evicted. newer is the piece next to it in the order of
// eviction, to put it back there. There is no lease where the piece is gone.
func (b *scrubber) lease(r *run, i int, info *metainfo.Info) (l *Lease, newer *run) {
	s := b.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || r.dead || r.c.dead || !r.has(i) || r.c.proving[i] != nil {
		return nil, nil
	}
	newer = r.newer
	l = s.grant(r.c, i, info.PieceSize(i))
	if l.buf != nil {
		l.buf.Release()
		l.buf = nil
	}
	return l, newer
}

// read fills mem with a row, past the page cache where that is possible.
func (b *scrubber) read(l *Lease, w row, mem []byte) error {
	d, at := b.s.disk, l.r.offset(w.first)
	if directFlag != 0 && at%directAlign == 0 && !d.buffered.Load() {
		err := d.readDirect(l.file, l.r, mem, at, int(w.bytes))
		if err == nil || !notDirect(err) {
			return err
		}
		d.buffered.Store(true)
	}
	n, err := l.file.f.ReadAt(mem[:w.bytes], at)
	if n == int(w.bytes) {
		return nil
	}
	return err
}

// judge takes note of a verdict, unless the writer has changed the file since it had so many
// changes. It gives up a piece that is wrong, and returns false then.
func (b *scrubber) judge(r *run, i int, v metainfo.Verdict, size int64, changes uint64) bool {
	s := b.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, now, _ := r.watch().now(); v == metainfo.Unknown || !r.has(i) || now != changes {
		return true
	}
	s.count.ScrubbedBytes += size
	if v == metainfo.Right {
		return true
	}
	s.count.ScrubFailures++
	s.lose(r, i)
	return false
}
