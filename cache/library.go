package cache

import (
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/btgw/btgw/metainfo"
)

// A library keeps metainfo on disk. Where there is no disk, it keeps the parsed
// torrents used last in memory. A caller that needs a torrent often keeps the result. A
// torrent of which some piece layers are unknown is kept as its bare info dictionary,
// since a .torrent file without them is not valid.
//
// An entry never loses anything. Two writers run behind, so the one with the info
// dictionary alone may come after the one with trackers or piece layers.
//
// Its mu may be held when Store.mu is taken, not the other way round.
type library struct {
	s     *Store
	dir   folder // nil in memory-only mode
	bytes atomic.Int64

	files sync.Mutex // held while files are written and deleted

	mu          sync.Mutex
	ids         map[metainfo.InfoHash]metainfo.InfoHash // any infohash → Info.ID
	kept        *simplelru.LRU[metainfo.InfoHash, keptFile]
	parsed      *simplelru.LRU[metainfo.InfoHash, *metainfo.Torrent]
	parsedBytes int64
}

// openLibrary lists what is kept. A folder that cannot be read holds nothing.
func openLibrary(s *Store) *library {
	l := &library{s: s, ids: make(map[metainfo.InfoHash]metainfo.InfoHash)}
	// The sizes are constants above zero: no errors.
	l.kept, _ = simplelru.NewLRU[metainfo.InfoHash, keptFile](maxKept, nil)
	l.parsed, _ = simplelru.NewLRU[metainfo.InfoHash, *metainfo.Torrent](maxParsed, nil)
	if s.disk == nil {
		return l
	}
	dir, err := s.disk.dir.Folder(metainfoDir)
	if err != nil {
		s.log.Warn("cache: metainfo is kept in memory only", slog.Any("err", err))
		return l
	}
	l.dir = dir
	l.load()
	return l
}

// size returns the number of bytes that the files take on disk.
func (l *library) size() int64 {
	if l == nil {
		return 0
	}
	return l.bytes.Load()
}

// PutMetainfo keeps a torrent's metainfo in place of an earlier one. An info dictionary
// alone, or with a part of the piece layers, adds nothing to metainfo that is kept.
// When PutMetainfo returns, the metainfo is on disk. If the disk fails, it logs that
// and keeps the metainfo in memory as long as there is room. It returns an error only
// if t has no info dictionary.
func (s *Store) PutMetainfo(t *metainfo.Torrent) error {
	if t == nil || t.Info == nil {
		return errors.New("cache: metainfo without an info dictionary")
	}
	l := s.library
	if l.dir == nil {
		l.mu.Lock()
		if !l.parsed.Contains(t.Info.ID()) || !alone(t) {
			l.remember(t)
		}
		l.mu.Unlock()
		return nil
	}
	if err := l.write(t); err != nil {
		l.mu.Lock()
		l.remember(t)
		l.mu.Unlock()
		s.mu.Lock()
		s.count.WriteErrors++
		s.mu.Unlock()
		s.disk.report("keeping metainfo", err)
	}
	return nil
}

// remember takes a parsed torrent into memory, and drops those used the longest
// ago where they are too many. mu is held.
func (l *library) remember(t *metainfo.Torrent) {
	id := t.Info.ID()
	if old, ok := l.parsed.Peek(id); ok {
		l.parsedBytes -= old.MemorySize()
		l.parsed.Remove(id)
	}
	l.parsedBytes += t.MemorySize()
	for l.parsed.Len() > 0 && (l.parsed.Len() >= maxParsed || l.parsedBytes > l.s.cfg.MemoryBytes/parsedShare) {
		id, old, _ := l.parsed.RemoveOldest()
		l.parsedBytes -= old.MemorySize()
		l.unname(id, old.Info.Hashes())
	}
	l.parsed.Add(id, t)
	for _, h := range t.Info.Hashes() {
		l.ids[h] = id
	}
}

// unload drops the parsed form of a torrent that is on disk. mu is held.
func (l *library) unload(id metainfo.InfoHash) {
	if old, ok := l.parsed.Peek(id); ok {
		l.parsedBytes -= old.MemorySize()
		l.parsed.Remove(id)
	}
}

// unname forgets infohashes of which nothing is known any more. mu is held.
func (l *library) unname(id metainfo.InfoHash, hashes []metainfo.InfoHash) {
	if l.kept.Contains(id) || l.parsed.Contains(id) {
		return
	}
	for _, h := range hashes {
		if l.ids[h] == id {
			delete(l.ids, h)
		}
	}
}

// Metainfo returns the metainfo of a torrent, by either of its infohashes. The torrent
// is shared: the caller must not change it.
func (s *Store) Metainfo(ih metainfo.InfoHash) (*metainfo.Torrent, bool) {
	l := s.library
	l.mu.Lock()
	id, known := l.ids[ih]
	t, ok := l.parsed.Get(id)
	k, kept := l.kept.Get(id)
	l.mu.Unlock()
	if !known || ok {
		return t, ok
	}
	if !kept {
		return nil, false
	}
	t, err := l.read(k)
	if err != nil {
		s.disk.report("reading kept metainfo", err)
		var invalid *metainfo.InvalidError
		if errors.As(err, &invalid) || errors.Is(err, errOther) || errors.Is(err, fs.ErrNotExist) {
			s.Forget(id)
		}
		return nil, false
	}
	return t, true
}

// PeekMetainfo is Metainfo of a caller that lists torrents: it is no use of this one.
func (s *Store) PeekMetainfo(ih metainfo.InfoHash) (*metainfo.Torrent, bool) {
	l := s.library
	l.mu.Lock()
	id := l.ids[ih]
	t, ok := l.parsed.Peek(id)
	k, kept := l.kept.Peek(id)
	l.mu.Unlock()
	if ok || !kept || l.dir == nil {
		return t, ok
	}
	t, err := l.parse(k)
	return t, err == nil
}

// MetainfoSize returns about how many bytes Metainfo would read and parse: 0 where it
// has the torrent in memory, or not at all.
func (s *Store) MetainfoSize(ih metainfo.InfoHash) int64 {
	l := s.library
	l.mu.Lock()
	defer l.mu.Unlock()
	id := l.ids[ih]
	if l.parsed.Contains(id) {
		return 0
	}
	k, _ := l.kept.Peek(id)
	return k.size
}

// Kept returns the infohashes of a torrent whose metainfo is kept, by either of them.
// The first is the one that the torrent is known by. It reads no disk.
func (s *Store) Kept(ih metainfo.InfoHash) ([]metainfo.InfoHash, bool) {
	l := s.library
	l.mu.Lock()
	defer l.mu.Unlock()
	id, known := l.ids[ih]
	if !known {
		return nil, false
	}
	if k, ok := l.kept.Peek(id); ok {
		return k.hashes, true
	}
	if t, ok := l.parsed.Peek(id); ok {
		return t.Info.Hashes(), true
	}
	return nil, false
}

// Forget drops a torrent's metainfo, by either of its infohashes. Its content stays:
// see Torrent.Remove.
func (s *Store) Forget(ih metainfo.InfoHash) {
	l := s.library
	l.files.Lock()
	defer l.files.Unlock()
	l.mu.Lock()
	id, known := l.ids[ih]
	if !known {
		l.mu.Unlock()
		return
	}
	if t, ok := l.parsed.Peek(id); ok {
		l.parsedBytes -= t.MemorySize()
		l.parsed.Remove(id)
		l.unname(id, t.Info.Hashes())
	}
	k, kept := l.kept.Peek(id)
	if kept {
		l.kept.Remove(id)
		l.bytes.Add(-k.size)
		l.unname(id, k.hashes)
	}
	l.mu.Unlock()
	if kept {
		l.delete(k)
	}
}

// List returns the torrents whose metainfo is kept, each by its Info.ID, sorted
// by their canonical form.
func (s *Store) List() []metainfo.InfoHash {
	l := s.library
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := l.kept.Keys()
	for _, id := range l.parsed.Keys() {
		if !l.kept.Contains(id) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b metainfo.InfoHash) int { return strings.Compare(a.String(), b.String()) })
	return ids
}

// close closes the folder.
func (l *library) close() {
	if l.dir != nil {
		_ = l.dir.Close() // read only; nothing is lost
	}
}
