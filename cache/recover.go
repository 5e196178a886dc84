package cache

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
)

// recover builds the index from the journal alone. The first use of a piece shows whether it is
// right, and the audit which files there are.
func (d *disk) recover() error {
	j, res, rebuilt, err := openJournal(d.dir)
	if err != nil {
		return err
	}
	j.index = d.snapshot
	d.journal = j
	d.sweep()
	if errors.Is(rebuilt, errOlder) {
		d.s.log.Warn("cache: an earlier release wrote the folder in another format: its pieces are dropped, its metainfo is kept")
	} else if rebuilt != nil {
		d.s.log.Warn("cache: the journal is of no use, starting with an empty cache", slog.Any("err", rebuilt))
	} else if res.bad > 0 {
		d.s.log.Warn("cache: the journal has gaps, as after a power cut: what is unclear is absent", slog.Int("records", res.bad))
	}
	d.s.nextID = res.nextID
	d.beginAudit(d.index(res))
	d.push(op{kind: opTrim})
	return nil
}

// sweep removes journals that were half written before a crash.
func (d *disk) sweep() {
	files, _ := filesOf(d.dir)
	for _, f := range files {
		if strings.HasPrefix(f.name, "."+journalName) {
			_ = d.dir.Remove(f.name) // of no use, and small
		}
	}
}

// index takes the journal's claims over, and returns the contents that they are on.
func (d *disk) index(res *replay) map[string]*content {
	contents := make(map[uint32]*content, len(res.torrents))
	recovered := make(map[string]*content, len(res.torrents))
	for _, claimed := range res.runs {
		c := contents[claimed.id]
		if c == nil {
			geo := res.torrents[claimed.id]
			c = newContent(claimed.id, geo)
			c.pinned = d.s.pins[geo.hash]
			contents[claimed.id], recovered[geo.hash], d.s.contents[geo.hash] = c, c, c
		}
		d.takeOver(&run{c: c, index: int32(claimed.index), places: claimed.places, unseen: true})
	}
	return recovered
}

// takeOver takes a run over as it was claimed, unless nothing of it is left.
func (d *disk) takeOver(r *run) {
	c := r.c
	for k, p := range r.places {
		if p&placeHeld != 0 {
			r.held++
			c.have.Set(r.first() + k)
		}
	}
	if r.held == 0 {
		return
	}
	c.stored += int(r.held)
	c.runs[int(r.index)] = r
	d.indexed += r.indexed()
	d.recharge(r, roundUp(min(int64(r.held)*c.geo.pieceLen, r.length()), blockLen()))
	d.s.order.recover(r)
}

// snapshot yields the journal's claims, the longest unused first.
func (d *disk) snapshot(yield func(record) bool) {
	res := &replay{torrents: make(map[uint32]geometry)}
	add := func(r *run) {
		res.torrents[r.c.id] = r.c.geo
		res.runs = append(res.runs, &claimedRun{id: r.c.id, index: int(r.index), places: slices.Clone(r.places)})
	}
	d.s.mu.Lock()
	for r := range d.s.order.all {
		add(r)
	}
	for _, c := range d.s.contents {
		for _, r := range c.runs {
			if r.newer == nil { // leased, or pinned
				add(r)
			}
		}
	}
	d.s.mu.Unlock()
	res.records(yield)
}
