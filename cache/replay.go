package cache

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
)

var (
	// errJournalHeader means that the file is no journal. Nothing in it can be believed.
	errJournalHeader = errors.New("cache: not a journal")
	// errOlder means that an earlier release wrote the journal, in a format that is not taken over.
	errOlder = errors.New("cache: an earlier release wrote the folder, in another format")
	// errNewer means that a later release wrote the journal.
	errNewer = errors.New("cache: a later release wrote the folder")
)

// A claimedRun says which pieces of a run were on disk when the journal was written. These
// places are held and claimed, the others empty.
type claimedRun struct {
	id     uint32
	index  int
	places []place
	put    int // counts the records that claimed something
}

// A replay is the state that a journal describes, after all its records.
type replay struct {
	torrents map[uint32]geometry
	runs     []*claimedRun // the longest unused first
	slots    int           // slots read, the header apart
	bad      int           // of these, slots before end that hold no valid record
	torn     int           // and slots after it: an append that a crash cut off
	end      int64         // offset after the last valid record, in bytes
	nextID   uint32        // above all ids in use
}

// replayJournal reads a journal from its header on. It counts a record that is damaged
// or makes no sense, and passes over it: what it claimed is unknown, and what is
// unknown is absent. Such records at the very end are no damage: a process that is
// killed leaves them. An error means that nothing was understood.
func replayJournal(r io.Reader) (*replay, error) {
	p := replayer{torrents: make(map[uint32]*torrentState)}
	buf := make([]byte, replayBytes)
	n, err := io.ReadFull(r, buf)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("cache: reading the journal: %w", err)
	}
	switch v := headerVersion(buf[:n]); {
	case v == 0:
		return nil, errJournalHeader
	case v < journalVersion:
		return nil, errOlder
	case v > journalVersion:
		return nil, fmt.Errorf("%w: its journal is of version %d, this release knows %d", errNewer, v, journalVersion)
	}
	off := wideLen
	for {
		used := p.slots(buf[off:n], err != nil)
		off += used
		if err != nil {
			break
		}
		rest := copy(buf, buf[off:n])
		n, err = io.ReadFull(r, buf[rest:])
		n, off = n+rest, 0
	}
	if err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("cache: reading the journal: %w", err)
	}
	return p.result(), nil
}

// A replayer applies records to an index of its own.
type replayer struct {
	torrents map[uint32]*torrentState
	lastID   uint32        // of the record before
	last     *torrentState // its torrent; nil: none
	puts     int
	read     int
	bad      int   // invalid slots before the last valid record
	torn     int   // invalid slots since
	good     int64 // slots up to the last valid record
	nextID   uint32
}

type torrentState struct {
	geo  geometry
	runs map[int]*claimedRun
}

// claim claims pieces, which fit.
func (p *replayer) claim(t *torrentState, r record) {
	index := r.piece / t.geo.runPieces
	first := index * t.geo.runPieces
	c := t.runs[index]
	if c == nil {
		c = &claimedRun{id: r.id, index: index, places: make([]place, min(t.geo.runPieces, t.geo.pieces-first))}
		t.runs[index] = c
	}
	p.puts++
	c.put = p.puts
	for i := range r.count {
		c.places[r.piece-first+i] = placeFilled | placeHeld | placeClaimed
	}
}

// slots applies the records in b and returns the number of bytes that they took. Where
// more is to come, it leaves a record of which b may hold only the beginning.
func (p *replayer) slots(b []byte, last bool) int {
	off := 0
	for len(b)-off >= slotLen && (last || len(b)-off >= wideLen) {
		r, n, ok := parseRecord(b[off:])
		off += n
		p.read += n / slotLen
		if !ok || !p.apply(r) {
			p.torn++
			continue
		}
		p.good = int64(p.read)
		p.bad, p.torn = p.bad+p.torn, 0
	}
	if last && off < len(b) {
		p.torn++
	}
	return off
}

// apply applies one record. It returns false if the record makes no sense here.
func (p *replayer) apply(r record) bool {
	t := p.last
	if t == nil || p.lastID != r.id {
		t = p.torrents[r.id]
		p.last, p.lastID = t, r.id
	}
	if r.kind == recordTorrent {
		if t == nil || t.geo != r.geo {
			p.last = &torrentState{geo: r.geo, runs: make(map[int]*claimedRun)}
			p.torrents[r.id] = p.last
		}
		p.nextID = max(p.nextID, r.id+1)
		return true
	}
	if t == nil {
		return r.kind != recordPut // what nothing claims is not there, as the others say
	}
	switch r.kind {
	case recordPut:
		if !t.geo.fits(r.piece, r.count) {
			return false
		}
		p.claim(t, r)
	case recordEvict:
		delete(t.runs, r.piece)
	case recordDrop:
		if c := t.runs[r.piece/t.geo.runPieces]; c != nil && r.piece < t.geo.pieces {
			c.places[r.piece%t.geo.runPieces] = 0
		}
	case recordRemove:
		delete(p.torrents, r.id)
		p.last = nil
	}
	return true
}

// result drops records that no longer count. Of two torrents with one infohash it
// believes the later one: the removal of the other was lost.
func (p *replayer) result() *replay {
	res := &replay{
		torrents: make(map[uint32]geometry, len(p.torrents)),
		slots:    p.read, bad: p.bad, torn: p.torn, nextID: p.nextID,
		end: wideLen + p.good*slotLen,
	}
	owner := make(map[string]uint32, len(p.torrents))
	for id, t := range p.torrents {
		owner[t.geo.hash] = max(owner[t.geo.hash], id)
	}
	for id, t := range p.torrents {
		if owner[t.geo.hash] != id {
			continue
		}
		res.torrents[id] = t.geo
		for _, c := range t.runs {
			res.runs = append(res.runs, c)
		}
	}
	slices.SortFunc(res.runs, func(a, b *claimedRun) int { return cmp.Compare(a.put, b.put) })
	return res
}

// records calls yield with the fewest records that say the same as the replay.
func (res *replay) records(yield func(record) bool) {
	named := make(map[uint32]bool, len(res.torrents))
	for _, c := range res.runs {
		geo := res.torrents[c.id]
		for r := range claimsOf(c.id, c.index*geo.runPieces, c.places, placeClaimed) {
			if !named[c.id] {
				named[c.id] = true
				if !yield(record{kind: recordTorrent, id: c.id, geo: geo}) {
					return
				}
			}
			if !yield(r) {
				return
			}
		}
	}
}
