package cache

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"sync"
)

// journalName is the journal's file within the cache folder.
const journalName = "journal"

// errJournalGone means that the journal could not be opened again after a failure.
var errJournalGone = errors.New("cache: the journal is not open")

// A journal is the append-only file that says which pieces are on disk. A claim is
// recorded only after it has become true (the piece's data is synced). It is withdrawn
// before it stops being true (the file is deleted).
//
// The caller of its methods holds mu, and so decides and records in one step.
type journal struct {
	dir folder

	mu       sync.Mutex
	f        file            // nil after a failure, until the journal is rewritten
	end      int64           // where the next record goes
	reserved int64           // up to where space is allocated
	named    map[uint32]bool // ids that have their torrent record
	total    int             // records in the file
	compact  int             // total at which it is rewritten
	dirty    bool            // something was written since the last sync
	buf      []byte

	index iter.Seq[record] // what the Store believes to be on disk, for a journal that is lost
}

// openJournal opens or makes the journal in dir and returns what it says. It replaces
// a file that is no journal, or of an earlier version, by an empty one: rebuilt says why, or
// is nil. An error means that the file cannot be read, or that no journal can be kept there.
func openJournal(dir folder) (j *journal, res *replay, rebuilt, err error) {
	j = &journal{dir: dir, named: make(map[uint32]bool)}
	res, rebuilt = readJournal(dir)
	if rebuilt != nil {
		switch {
		case errors.Is(rebuilt, fs.ErrNotExist):
			rebuilt = nil
		case !errors.Is(rebuilt, errJournalHeader) && !errors.Is(rebuilt, errOlder):
			return nil, nil, nil, rebuilt
		}
		res = &replay{torrents: make(map[uint32]geometry)}
		return j, res, rebuilt, j.rewrite(res.records)
	}
	if err := j.open(res.end); err != nil {
		return nil, nil, nil, err
	}
	if res.torn > 0 {
		_ = j.f.Truncate(res.end) // else the next records are written over it
	}
	j.count(res)
	if res.bad > 0 || j.total > j.compact {
		// The old file serves as well, where there is no room for a new one.
		_ = j.rewrite(res.records)
	}
	return j, res, nil, nil
}

// readJournal replays the file.
func readJournal(dir folder) (*replay, error) {
	f, err := dir.OpenFile(journalName, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return replayJournal(io.NewSectionReader(f, 0, maxJournalBytes))
}

// count takes over what a replay found in the file.
func (j *journal) count(res *replay) {
	clear(j.named)
	for id := range res.torrents {
		j.named[id] = true
	}
	least := 0
	for r := range res.records {
		if least++; r.kind == recordTorrent {
			least += wideLen/slotLen - 1
		}
	}
	j.total = res.slots
	j.compact = 2*least + compactSlack
}

// open opens the file for appending at end.
func (j *journal) open(end int64) error {
	f, err := j.dir.OpenFile(journalName, os.O_RDWR)
	if err != nil {
		return fmt.Errorf("cache: opening the journal: %w", err)
	}
	j.f, j.end, j.reserved = f, end, end
	return nil
}

// size returns the journal's length in bytes, its reserve included.
func (j *journal) size() int64 { return max(j.end, j.reserved) }

// append writes records, and a torrent's own record before the first that refers to it.
// It leaves out the withdrawal of a claim on a torrent that the journal does not name:
// the journal claims nothing of it. After an error no record counts: the next append
// writes over them.
func (j *journal) append(recs iter.Seq[record], geo func(id uint32) geometry) error {
	if j.f == nil {
		if err := j.tidy(); err != nil {
			return err
		}
	}
	j.buf = j.buf[:0]
	before := make(map[uint32]bool) // what changes in named
	total := j.total
	for r := range recs {
		known := j.named[r.id]
		if !known && r.kind != recordPut {
			continue
		}
		if !known || r.kind == recordRemove {
			if _, noted := before[r.id]; !noted {
				before[r.id] = known
			}
			j.named[r.id] = !known
		}
		if !known {
			j.buf = record{kind: recordTorrent, id: r.id, geo: geo(r.id)}.appendTo(j.buf)
			total += wideLen / slotLen
		}
		j.buf = r.appendTo(j.buf)
		total++
	}
	if len(j.buf) == 0 {
		return nil
	}
	j.reserve(int64(len(j.buf)))
	if _, err := j.f.WriteAt(j.buf, j.end); err != nil {
		maps.Copy(j.named, before)
		return fmt.Errorf("cache: writing the journal: %w", err)
	}
	j.end += int64(len(j.buf))
	j.total, j.dirty = total, true
	return nil
}

// reserve allocates space ahead, so that a full file system cannot keep us from
// recording evictions that make room. Where there is no space, the write fails and says
// so.
func (j *journal) reserve(n int64) {
	if j.end+n <= j.reserved {
		return
	}
	if j.f.Allocate(j.end, n+reserveBytes) == nil {
		j.reserved = j.end + n + reserveBytes
	}
}

// sync makes the appended records durable.
func (j *journal) sync() error {
	if !j.dirty {
		return nil
	}
	if j.f == nil {
		return errJournalGone
	}
	if err := j.f.Sync(); err != nil {
		_ = j.f.Close() // what the kernel could not write it forgets: it is all written anew
		j.f = nil
		return fmt.Errorf("cache: syncing the journal: %w", err)
	}
	j.dirty = false
	return nil
}

// tidy rewrites the journal where most of it no longer counts, or reopens it after a
// failure. After an error the old file stays in use, if there is one.
func (j *journal) tidy() error {
	if j.f != nil && j.total <= j.compact {
		return nil
	}
	recs := j.index
	if res, err := readJournal(j.dir); err == nil {
		recs = res.records
	} else if recs == nil {
		return err
	}
	err := j.rewrite(recs)
	if err != nil {
		j.compact = 2 * j.total // not with every append from now on
	}
	return err
}

// rewrite replaces the journal by one with these records, atomically and durably. After
// a power cut the old file must not come back, since it claims pieces that were evicted
// since.
func (j *journal) rewrite(recs iter.Seq[record]) error {
	named := make(map[uint32]bool)
	end := int64(0)
	replaced, err := replaceFile(j.dir, journalName, func(w io.Writer) error {
		buf := appendHeader(nil)
		for r := range recs {
			if r.kind == recordTorrent {
				named[r.id] = true
			}
			buf = r.appendTo(buf)
			end += int64(len(buf))
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
		end += int64(len(buf))
		_, err := w.Write(buf) // the header, where there was no record
		return err
	})
	if replaced && j.f != nil {
		_ = j.f.Close() // unlinked; nothing of it is needed
		j.f = nil
	}
	if err != nil {
		return fmt.Errorf("cache: rewriting the journal: %w", err)
	}
	if err := j.open(end); err != nil {
		return err
	}
	j.dirty = false
	j.named = named
	j.total = int(end-wideLen) / slotLen
	j.compact = 2*j.total + compactSlack
	return nil
}

// close closes the file, without syncing it.
func (j *journal) close() error {
	if j.f == nil {
		return nil
	}
	f := j.f
	j.f = nil
	return f.Close()
}
