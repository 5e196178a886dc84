package cache

import (
	"log/slog"
	"regexp"
	"strings"
)

// dataName matches the names of data files. Nothing else in the folder is touched.
const dataName = `^([0-9a-f]{40}|[0-9a-f]{64})\.data$`

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
	if rebuilt != nil {
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
	ours := regexp.MustCompile(dataName)
	files := make(map[string]fileInfo, len(list))
	for _, f := range list {
		if ours.MatchString(f.name) {
			files[f.name] = f
		}
	}
	return files, nil
}

// index takes the journal's claims over, as far as files are long enough.
func (d *disk) index(res *replay, files map[string]fileInfo) {
	contents := make(map[uint32]*content, len(res.torrents))
	counts := make(map[uint32]int, len(res.torrents))
	for i := 0; i < len(res.claims); {
		run := i
		for i < len(res.claims) && res.claims[i].id == res.claims[run].id {
			i++
		}
		counts[res.claims[run].id] += i - run
	}
	room := make([]piece, len(res.claims))
	var c *content // of the claim before: claims of a torrent mostly follow each other
	var size int64 // of its file; 0: there is none
	for _, cl := range res.claims {
		if c == nil || c.id != cl.id {
			if c = contents[cl.id]; c == nil {
				c = newContent(cl.id, res.torrents[cl.id])
				c.linked, c.pinned = true, d.s.pins[c.geo.hash]
				c.pieces = make(map[int]*piece, counts[cl.id])
				contents[cl.id] = c
			}
			size = files[c.name].size
		}
		i, length := int(cl.piece), int(cl.length)
		if c.offset(i)+int64(length) > size {
			continue
		}
		p := &room[0]
		room = room[1:]
		*p = piece{c: c, index: i, size: length, disk: diskClaimed, cost: c.cost(i, length)}
		c.pieces[i] = p
		c.have.Set(i)
		c.slots++
		d.places++
		c.charged += p.cost
		d.used += p.cost
		d.s.order.recover(p)
		if c.slots == 1 {
			d.s.contents[c.geo.hash] = c
		}
	}
}

// reconcile makes the writer remove what is on disk beyond the index, and counts it
// till then.
func (d *disk) reconcile(files map[string]fileInfo) {
	for _, c := range d.s.contents {
		excess := files[c.name].allocated - c.charged
		delete(files, c.name)
		if excess >= blockLen() {
			c.excess = excess
			c.charged += excess
			d.used += excess
			d.push(op{kind: opScrub, c: c})
		}
	}
	for name := range files {
		d.push(op{kind: opOrphan, name: name})
	}
	d.push(op{kind: opTrim})
}

// snapshot yields the journal's claims, the longest unused first.
func (d *disk) snapshot(yield func(record) bool) {
	res := &replay{torrents: make(map[uint32]geometry)}
	add := func(p *piece) {
		if p.disk == diskClaimed && !p.gone {
			res.torrents[p.c.id] = p.c.geo
			res.claims = append(res.claims, claim{p.c.id, int32(p.index), int32(p.size)})
		}
	}
	d.s.mu.Lock()
	for p := range d.s.order.all {
		add(p)
	}
	for _, c := range d.s.contents {
		for _, p := range c.pieces {
			if p.newer == nil { // leased, or pinned
				add(p)
			}
		}
	}
	d.s.mu.Unlock()
	res.records(yield)
}
