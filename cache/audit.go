package cache

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"syscall"
	"time"
)

// An audit compares the data files that there are with what the journal claims. The start
// believes the journal and looks at no data file, so that a full disk starts as fast as an empty
// one. The writer audits afterwards, a little at a time between its other work.
//
// Until its file was looked at, a run counts as what its pieces take. A piece without a file is a
// miss, like one that does not fit its hash.
//
// Only the writer uses an audit. It alone makes and deletes data files: what it finds stays true.
type audit struct {
	walk      walk                // over the data files; nil: it has ended
	recovered map[string]*content // by infohash: those with runs in the journal
	unseen    []*run              // of these, when walk has ended: runs that it did not come by
	begun     time.Time
	files     int // that were looked at
}

// beginAudit has the writer audit what recover took over.
func (d *disk) beginAudit(recovered map[string]*content) {
	w, err := d.files.dir.Walk()
	if err != nil {
		d.report("listing the data files", err)
		return
	}
	d.audit = &audit{walk: w, recovered: recovered, begun: d.s.now()}
	d.push(op{kind: opAudit})
}

// auditSome audits for auditTime, and queues the rest behind what waits.
func (d *disk) auditSome() {
	a := d.audit
	for begun := d.s.now(); d.s.now().Sub(begun) < auditTime; {
		switch {
		case a.walk != nil:
			d.lookAtFiles()
		case len(a.unseen) > 0:
			n := min(len(a.unseen), auditBatch)
			d.giveUpMissing(a.unseen[:n])
			a.unseen = a.unseen[n:]
		default:
			d.s.log.Debug("cache: the data files were compared with the journal",
				slog.Int("files", a.files), slog.Duration("time", d.s.now().Sub(a.begun)))
			d.endAudit()
			_ = d.makeRoom(0) // what is leased goes later
			return
		}
	}
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if d.stopping { // the next start does it anew
		d.endAudit()
	} else {
		d.push(op{kind: opAudit})
	}
}

// endAudit lets go of the audit, ended or not.
func (d *disk) endAudit() {
	if d.audit != nil && d.audit.walk != nil {
		_ = d.audit.walk.Close()
	}
	d.audit = nil
}

// lookAtFiles compares the next files with their runs.
func (d *disk) lookAtFiles() {
	a := d.audit
	files, err := a.walk.Next(auditBatch)
	for _, f := range files {
		d.compare(f)
	}
	a.files += len(files)
	if err == nil {
		return
	}
	_ = a.walk.Close()
	a.walk = nil
	if err != io.EOF {
		d.report("listing the data files", err)
		return
	}
	for _, c := range a.recovered {
		d.s.mu.Lock()
		for _, r := range c.runs {
			if r.unseen && !c.dead {
				a.unseen = append(a.unseen, r)
			}
		}
		d.s.mu.Unlock()
	}
}

// compare takes over what a file's run takes on disk, and deletes a file of no run.
func (d *disk) compare(f fileInfo) {
	hash, index, ok := parseRunName(f.name)
	if !ok && !olderName.MatchString(f.name) {
		return // not ours
	}
	if ok && d.recount(hash, index, f) {
		return
	}
	if err := d.files.dir.Remove(f.name); err != nil && !os.IsNotExist(err) {
		d.report("removing a stray data file", err)
	}
}

// recount charges a run what its file takes. It gives up pieces behind the end of the file. It
// returns false where there is no such run.
func (d *disk) recount(hash string, index int, f fileInfo) bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	r := d.runOfFile(hash, index)
	if r == nil {
		return false
	}
	r.unseen = false
	accounted := int64(0)
	for k, p := range r.places {
		if i := r.first() + k; p&placeHeld != 0 && p&placeProven == 0 && r.offset(i) >= f.size {
			d.giveAway(r, i)
		} else if p&placeFilled != 0 {
			accounted += r.c.geo.pieceLen
		}
	}
	charged := max(roundUp(f.allocated, blockLen()), blockLen())
	d.recharge(r, charged)
	r.excess = max(0, charged-roundUp(accounted, blockLen()))
	if r.empty() {
		d.push(op{kind: opClear, r: r})
	}
	return true
}

// runOfFile returns the run that has a file, or nil. A torrent that was removed since the start
// keeps its files until the journal says so. Store.mu is held.
func (d *disk) runOfFile(hash string, index int) *run {
	for _, c := range []*content{d.s.contents[hash], d.audit.recovered[hash]} {
		if c == nil {
			continue
		}
		if r := c.runs[index]; r != nil {
			return r
		}
	}
	return nil
}

// giveAway takes a piece that has no bytes off the index. The journal may claim it on: that
// claim is not believed either. Store.mu is held.
func (d *disk) giveAway(r *run, i int) {
	d.s.take(r, i)
	*r.place(i) = 0
	d.s.settle(r.c, i, false)
}

// recharge counts a run as so many bytes of disk. Store.mu is held.
func (d *disk) recharge(r *run, bytes int64) {
	n := bytes - r.charged
	d.s.order.charge(r, n)
	d.used += n
	r.c.charged += n
}

// giveUpMissing gives up runs that have no file.
func (d *disk) giveUpMissing(unseen []*run) {
	var missing []*run
	for _, r := range unseen {
		if d.isMissing(r) {
			missing = append(missing, r)
		}
	}
	var empty []*run
	d.s.mu.Lock()
	for _, r := range missing {
		for k, p := range r.places {
			if p&placeHeld != 0 {
				d.giveAway(r, r.first()+k)
			}
		}
		if r.empty() {
			empty = append(empty, r)
		}
	}
	d.s.mu.Unlock()
	if err := d.evict(empty); err != nil {
		d.failed("recording missing pieces", err)
	}
}

// isMissing reports whether a run's file is not there, or no file. A listing alone does not
// tell: names came and went meanwhile.
func (d *disk) isMissing(r *run) bool {
	f, err := d.files.dir.OpenFile(r.name(), os.O_RDWR)
	if err == nil {
		_ = f.Close()
		return false
	}
	return errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.EISDIR) || errors.Is(err, syscall.ELOOP)
}
