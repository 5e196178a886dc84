package cache

import (
	"errors"
	"fmt"
)

// errNoRoom means that leased pieces take the whole budget, or that others fill the
// disk.
var errNoRoom = errors.New("cache: no room: all that is on disk is being read, or the disk has too little free")

// makeRoom evicts pieces, in the order of order.go, until need more bytes and that many
// more pieces are within the budget and leave Config.MinFree. Only the writer calls it.
func (d *disk) makeRoom(need int64, pieces int) error {
	s := d.s
	short := d.short(need)
	s.mu.Lock()
	if d.limit < d.budget && s.now().After(d.limitEnd) {
		d.limit = d.budget
	}
	over := max(d.used+s.library.size()+need-d.limit, min(short, need+maxEvictSlack))
	crowd := d.places + pieces - d.maxPlaces
	if over <= 0 && crowd <= 0 {
		s.mu.Unlock()
		return nil
	}
	if crowd > 0 {
		crowd += d.maxPlaces / evictShare
	}
	victims := append(d.debris(), d.victims(over, min(d.limit/evictShare, maxEvictSlack), crowd)...)
	s.mu.Unlock()

	if err := d.evict(victims); err != nil {
		return err
	}
	if short > 0 && d.short(need) > 0 {
		return errNoRoom
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.used+s.library.size()+need > d.limit || d.places+pieces > d.maxPlaces {
		return errNoRoom
	}
	return nil
}

// short returns the number of bytes that the file system lacks to take need more and
// leave MinFree. A file system that does not report its room is believed to have
// enough.
func (d *disk) short(need int64) int64 {
	if d.s.cfg.MinFree == 0 {
		return 0
	}
	free, err := d.free()
	if err != nil {
		return 0
	}
	return max(0, need+d.s.cfg.MinFree-free)
}

// victims takes pieces that are to be evicted off the disk's index: at least crowd of
// them, and n bytes if there are as many. Beyond that it takes at most slack bytes. The
// caller holds s.mu.
func (d *disk) victims(n, slack int64, crowd int) (victims []*piece) {
	o := &d.s.order
	for p := o.next(); p != nil && (n > 0 || p.cost <= n+slack || len(victims) < crowd); p = o.next() {
		o.evict(p)
		p.disk = diskNone
		d.s.settle(p)
		n -= p.cost
		victims = append(victims, p)
	}
	return victims
}

// debris takes the pieces whose places could not be given back before. The caller holds
// s.mu.
func (d *disk) debris() (pieces []*piece) {
	for _, p := range d.stranded {
		if p.cost > 0 && !p.c.dead { // else the place has a new owner
			pieces = append(pieces, p)
		}
	}
	d.stranded = nil
	return pieces
}

// evict gives back the places of pieces that are off the index. It writes the record
// first and punches the hole after it, so that no crash leaves a hole claimed.
func (d *disk) evict(pieces []*piece) error {
	if err := d.disclaim(pieces); err != nil {
		d.strand(pieces)
		return err
	}
	d.vacate(pieces)
	return nil
}

// disclaim records durably that pieces are not on disk. Pieces that were never
// claimed are recorded too: the syncer may be about to.
func (d *disk) disclaim(pieces []*piece) error {
	d.journal.mu.Lock()
	defer d.journal.mu.Unlock()
	err := d.journal.append(func(yield func(record) bool) {
		for _, p := range pieces {
			if !yield(record{kind: recordEvict, id: p.c.id, piece: p.index}) {
				return
			}
		}
	}, nil)
	if err != nil {
		return err
	}
	return d.journal.sync()
}

// strand keeps count of places that could not be given back, until the next time
// that room is needed.
func (d *disk) strand(pieces []*piece) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	for _, p := range pieces {
		if p.c.dead || p.cost == 0 {
			continue
		}
		p.c.debris[p.index] = p
		d.stranded = append(d.stranded, p)
	}
}

// vacate gives back the places of pieces that the journal does not claim. It punches
// holes, or deletes the whole file where nothing else is in it.
func (d *disk) vacate(pieces []*piece) {
	byContent := make(map[*content][]*piece)
	for _, p := range pieces {
		byContent[p.c] = append(byContent[p.c], p)
	}
	var failed []*piece
	var cause error
	for c, ps := range byContent {
		if d.sole(c, ps) {
			if err := d.files.remove(c); err != nil {
				cause, failed = err, append(failed, ps...)
				continue
			}
			d.refund(ps)
			d.refundExcess(c)
			continue
		}
		for _, p := range ps {
			if err := d.punchPiece(p); err != nil {
				cause, failed = err, append(failed, p)
				continue
			}
			d.refund([]*piece{p})
		}
	}
	if cause != nil {
		d.strand(failed)
		d.report("giving disk space back", cause)
	}
}

// sole reports whether these pieces are all that is charged for of a content.
func (d *disk) sole(c *content, ps []*piece) bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	charged := 0
	for _, p := range ps {
		if p.cost > 0 {
			charged++
		}
	}
	if c.slots > charged || c.dead {
		return false
	}
	c.linked = false
	c.unlinks++
	return true
}

// charge counts a piece's place as taken.
func (d *disk) charge(p *piece, cost int64) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if old := p.c.debris[p.index]; old != nil {
		d.refundLocked(old)
	}
	p.cost = cost
	d.used += cost
	p.c.charged += cost
	p.c.slots++
	d.places++
}

// refund stops counting the places of pieces.
func (d *disk) refund(pieces []*piece) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	for _, p := range pieces {
		d.refundLocked(p)
	}
}

// refundLocked stops counting the place of one piece. The caller holds s.mu.
func (d *disk) refundLocked(p *piece) {
	c := p.c
	if p.cost == 0 || c.dead {
		return
	}
	d.used -= p.cost
	c.charged -= p.cost
	c.slots--
	d.places--
	p.cost = 0
	if p.leaving {
		p.leaving = false
		if c.leaving[p.index]--; c.leaving[p.index] == 0 {
			delete(c.leaving, p.index)
		}
	}
	if c.debris[p.index] == p {
		delete(c.debris, p.index)
	}
	d.s.forget(c)
}

// refundExcess stops counting blocks of a content that no piece accounts for.
func (d *disk) refundExcess(c *content) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if c.dead {
		return
	}
	d.used -= c.excess
	c.charged -= c.excess
	c.excess = 0
	d.s.forget(c)
}

// refundAll stops counting a removed content, whose file is gone.
func (d *disk) refundAll(c *content) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	d.used -= c.charged
	d.places -= c.slots
	c.charged, c.slots, c.excess = 0, 0, 0
	clear(c.debris)
}

// punchPiece punches the hole of a piece.
func (d *disk) punchPiece(p *piece) error {
	from, to, ok := d.hole(p)
	if !ok || from >= to {
		return nil
	}
	return d.change(p.c, false, func(f *dataFile) error {
		if err := f.f.Punch(from, to-from); err != nil {
			return fmt.Errorf("cache: punching a hole: %w", err)
		}
		return nil
	})
}

// hole is the range of whole blocks that only this piece is in. ok is false where
// there is nothing to punch: the place has a new owner or was given back.
func (d *disk) hole(p *piece) (from, to int64, ok bool) {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	c := p.c
	if p.cost == 0 || c.dead {
		return 0, 0, false
	}
	if cur := c.pieces[p.index]; cur != nil && cur != p && cur.cost > 0 {
		return 0, 0, false
	}
	block := blockLen()
	from, to = c.offset(p.index), c.offset(p.index)+int64(p.size)
	if free := c.free(p.index - 1); free {
		from = roundDown(from, block)
	} else {
		from = roundUp(from, block)
	}
	if end := roundUp(to, block); end <= c.offset(p.index+1) || c.free(p.index+1) {
		to = end
	} else {
		to = roundDown(to, block)
	}
	return from, to, true
}

// shrink makes the budget smaller than the room in use, for a while: the file system is
// full, whatever filled it.
func (d *disk) shrink() {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	d.limit = max(0, d.used+d.s.library.size()-min(d.used/evictShare, maxEvictSlack))
	d.limitEnd = d.s.now().Add(regrowDelay)
}

// scrub gives back the parts of a content's file that hold no piece: they were written
// but not claimed before a crash.
func (d *disk) scrub(c *content) {
	s := d.s
	s.mu.Lock()
	gaps := c.gaps()
	skip := c.dead
	s.mu.Unlock()
	if skip {
		return
	}
	err := d.change(c, false, func(f *dataFile) error {
		for _, g := range gaps {
			if err := f.f.Punch(g[0], g[1]-g[0]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		d.report("giving disk space back", err)
		return // charged as long as it is there
	}
	d.refundExcess(c)
}

// gaps returns the ranges of whole blocks, from and to, that no piece is in.
func (c *content) gaps() (gaps [][2]int64) {
	block := blockLen()
	from := int64(0)
	for i := range c.geo.pieces {
		if c.free(i) {
			continue
		}
		if to := roundDown(c.offset(i), block); to > from {
			gaps = append(gaps, [2]int64{from, to})
		}
		from = roundUp(c.offset(i+1), block)
		if p := c.pieces[i]; p != nil && p.cost > 0 {
			from = roundUp(c.offset(i)+int64(p.size), block)
		}
	}
	if end := roundUp(c.geo.span, block); end > from {
		gaps = append(gaps, [2]int64{from, end})
	}
	return gaps
}
