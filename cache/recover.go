package cache

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
)

// recover builds the index from the journal. It looks at the names and sizes of data
// files only: the first use of a piece shows whether it is right.
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
	files, err := d.dataFiles()
	if err != nil {
		return err
	}
	d.index(res, files)
	d.reconcile(files)
	return nil
}

// sweep removes journals that were half written before a crash.
func (d *disk) sweep() {
	files, _ := d.dir.List()
	for _, f := range files {
		if strings.HasPrefix(f.name, "."+journalName) {
			_ = d.dir.Remove(f.name) // of no use, and small
		}
	}
}

// dataFiles lists the data files there are.
func (d *disk) dataFiles() (map[string]fileInfo, error) {
	list, err := d.files.dir.List()
	if err != nil {
		return nil, err
	}
	files := make(map[string]fileInfo, len(list))
	for _, f := range list {
		if dataName.MatchString(f.name) {
			files[f.name] = f
		}
	}
	return files, nil
}

// index takes the journal's claims over, as far as files are long enough. The disk has what
// it has of a run: that is charged.
func (d *disk) index(res *replay, files map[string]fileInfo) {
	contents := make(map[uint32]*content, len(res.torrents))
	for _, claimed := range res.runs {
		geo := res.torrents[claimed.id]
		name := runName(geo.hash, claimed.index)
		file, ok := files[name]
		if !ok {
			continue
		}
		c := contents[claimed.id]
		if c == nil {
			c = newContent(claimed.id, geo)
			c.pinned = d.s.pins[geo.hash]
			contents[claimed.id] = c
		}
		r := &run{c: c, index: int32(claimed.index), places: claimed.places, linked: true}
		if d.recount(r, file); r.held == 0 {
			continue
		}
		delete(files, name)
		c.runs[claimed.index] = r
		c.charged += r.charged
		d.used += r.charged
		d.indexed += r.indexed()
		d.s.contents[geo.hash] = c
		d.s.order.recover(r)
	}
}

// recount takes the pieces of a run over that its file may hold.
func (d *disk) recount(r *run, file fileInfo) {
	c, accounted := r.c, int64(0)
	for k, p := range r.places {
		i := r.first() + k
		switch {
		case p&placeHeld == 0:
		case r.offset(i) >= file.size:
			r.places[k] = 0
		default:
			r.held++
			c.stored++
			c.have.Set(i)
			accounted += c.geo.pieceLen
		}
	}
	r.charged = max(roundUp(file.allocated, blockLen()), blockLen())
	r.excess = max(0, r.charged-roundUp(accounted, blockLen()))
}

// reconcile makes the writer remove what is on disk beyond the index.
func (d *disk) reconcile(files map[string]fileInfo) {
	for name := range files {
		d.push(op{kind: opOrphan, name: name})
	}
	d.push(op{kind: opTrim})
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
