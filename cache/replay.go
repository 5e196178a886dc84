package cache

import (
	"errors"
	"fmt"
	"io"
)

var (
	// errJournalHeader means that the file is no journal. Nothing in it can be believed.
	errJournalHeader = errors.New("cache: not a journal")
	// errNewer means that a later release wrote the journal.
	errNewer = errors.New("cache: a later release wrote the folder")
)

// A claim says that a piece was on disk when the journal was written.
type claim struct {
	id     uint32
	piece  int32
	length int32
}

// A replay is the state that a journal describes, after all its records.
type replay struct {
	torrents map[uint32]geometry
	claims   []claim // the longest unused first
	slots    int     // slots read, the header apart
	bad      int     // of these, slots before end that hold no valid record
	torn     int     // and slots after it: an append that a crash cut off
	end      int64   // offset after the last valid record, in bytes
	nextID   uint32  // above all ids in use
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
	claims   []claim       // length 0: taken back
	lastID   uint32        // of the record before
	last     *torrentState // its torrent; nil: none
	read     int
	bad      int   // invalid slots before the last valid record
	torn     int   // invalid slots since
	good     int64 // slots up to the last valid record
	nextID   uint32
}

type torrentState struct {
	geo    geometry
	from   int                // claims before this place are void
	latest map[int]*[64]int32 // of each piece, by 64: 1 + its place in claims; 0: it is not claimed
	page   *[64]int32         // of latest, that of the record before
	pageAt int
}

// claimOf returns where the place of a piece in claims is kept. It finds records of
// pieces that follow each other without a search.
func (t *torrentState) claimOf(piece int) *int32 {
	at := piece / 64
	if t.page == nil || t.pageAt != at {
		if t.latest == nil {
			t.latest = make(map[int]*[64]int32)
		}
		if t.latest[at] == nil {
			t.latest[at] = new([64]int32)
		}
		t.page, t.pageAt = t.latest[at], at
	}
	return &t.page[piece%64]
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
			p.last = &torrentState{geo: r.geo, from: len(p.claims)}
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
		if !t.geo.fits(r.piece, r.length) {
			return false
		}
		latest := t.claimOf(r.piece)
		if *latest > 0 {
			p.claims[*latest-1].length = 0
		}
		p.claims = append(p.claims, claim{r.id, int32(r.piece), int32(r.length)})
		*latest = int32(len(p.claims))
	case recordEvict:
		if r.piece < 0 || r.piece >= t.geo.pieces {
			break // it was never claimed
		}
		if latest := t.claimOf(r.piece); *latest > 0 {
			p.claims[*latest-1].length = 0
			*latest = 0
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
		if owner[t.geo.hash] == id {
			res.torrents[id] = t.geo
		}
	}
	res.claims = p.claims[:0]
	void := len(p.claims) // claims before it, of the torrent of the claim before
	for i, id := 0, uint32(0); i < len(p.claims); i++ {
		c := p.claims[i]
		if i == 0 || c.id != id {
			id, void = c.id, len(p.claims)
			if _, ok := res.torrents[id]; ok {
				void = p.torrents[id].from
			}
		}
		if c.length > 0 && i >= void {
			res.claims = append(res.claims, c)
		}
	}
	return res
}

// records calls yield with the fewest records that say the same as the replay.
func (res *replay) records(yield func(record) bool) {
	named := make(map[uint32]bool, len(res.torrents))
	for _, c := range res.claims {
		if !named[c.id] {
			named[c.id] = true
			if !yield(record{kind: recordTorrent, id: c.id, geo: res.torrents[c.id]}) {
				return
			}
		}
		if !yield(record{kind: recordPut, id: c.id, piece: int(c.piece), length: int(c.length)}) {
			return
		}
	}
}
