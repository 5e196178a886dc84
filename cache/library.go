package cache

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/renameio/v2"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/btgw/btgw/metainfo"
)

// metainfoName is what kept metainfo files are called: the infohash, or both of
// a hybrid torrent.
const metainfoName = `^([0-9a-f]{40}(-[0-9a-f]{64})?|[0-9a-f]{64})\.torrent$`

// errOther is a metainfo file under another torrent's name.
var errOther = errors.New("cache: the file holds another torrent")

const metainfoSuffix = ".torrent"

// A library keeps metainfo: on disk where there is one, the parsed torrents used
// last in memory. A torrent of which not all piece layers are known is kept as
// its bare info dictionary, since a .torrent file without them is not valid.
//
// Its mu may be held when Store.mu is taken, not the other way round.
type library struct {
	s     *Store
	root  *os.Root // nil in memory-only mode
	bytes atomic.Int64

	files sync.Mutex // held while files are written and deleted

	mu          sync.Mutex
	ids         map[metainfo.InfoHash]metainfo.InfoHash // any infohash → Info.ID
	kept        *simplelru.LRU[metainfo.InfoHash, keptFile]
	parsed      *simplelru.LRU[metainfo.InfoHash, *metainfo.Torrent]
	parsedBytes int64
}

// A keptFile is a metainfo file.
type keptFile struct {
	hashes []metainfo.InfoHash
	size   int64
}

// name is the file's.
func (k keptFile) name() string {
	parts := make([]string, len(k.hashes))
	for i, h := range k.hashes {
		parts[i] = hex.EncodeToString(h.Bytes())
	}
	return strings.Join(parts, "-") + metainfoSuffix
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
	root, err := s.disk.root.OpenRoot(metainfoDir)
	if err != nil {
		s.log.Warn("cache: metainfo is kept in memory only", slog.Any("err", err))
		return l
	}
	l.root = root
	l.load()
	return l
}

// load lists the files, those used last being the newest.
func (l *library) load() {
	entries, err := fs.ReadDir(l.root.FS(), ".")
	if err != nil {
		l.s.log.Warn("cache: listing kept metainfo failed", slog.Any("err", err))
	}
	ours := regexp.MustCompile(metainfoName)
	var infos []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		switch {
		case err != nil || !info.Mode().IsRegular():
		case ours.MatchString(e.Name()):
			infos = append(infos, info)
		case strings.HasPrefix(e.Name(), ".") && strings.Contains(e.Name(), metainfoSuffix):
			_ = l.root.Remove(e.Name()) // half written before a crash
		}
	}
	slices.SortFunc(infos, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range infos {
		k := keptFile{size: info.Size()}
		for part := range strings.SplitSeq(strings.TrimSuffix(info.Name(), metainfoSuffix), "-") {
			b, _ := hex.DecodeString(part)
			if len(b) == 20 {
				k.hashes = append(k.hashes, metainfo.NewV1([20]byte(b)))
			} else {
				k.hashes = append(k.hashes, metainfo.NewV2([32]byte(b)))
			}
		}
		l.keep(k)
	}
}

// keep takes a file into the list. mu is held.
func (l *library) keep(k keptFile) {
	id := k.hashes[0]
	if old, ok := l.kept.Peek(id); ok {
		l.bytes.Add(-old.size)
	}
	l.kept.Add(id, k)
	l.bytes.Add(k.size)
	for _, h := range k.hashes {
		l.ids[h] = id
	}
}

// size is how many bytes of disk the files take.
func (l *library) size() int64 {
	if l == nil {
		return 0
	}
	return l.bytes.Load()
}

// PutMetainfo keeps a torrent's metainfo, in place of what was kept of it before.
// When it returns the metainfo is on disk, unless the disk fails: that is logged,
// and the metainfo stays in memory as long as there is room. The error is that t
// has no info dictionary.
func (s *Store) PutMetainfo(t *metainfo.Torrent) error {
	if t == nil || t.Info == nil {
		return errors.New("cache: metainfo without an info dictionary")
	}
	l := s.library
	l.mu.Lock()
	l.remember(t)
	l.mu.Unlock()
	if l.root == nil {
		return nil
	}
	if err := l.write(t); err != nil {
		s.mu.Lock()
		s.count.WriteErrors++
		s.mu.Unlock()
		s.disk.report("keeping metainfo", err)
	}
	return nil
}

// write puts a torrent on disk and evicts others where that is too much.
func (l *library) write(t *metainfo.Torrent) error {
	enc := t.Encode()
	if t.Info.HasV2() {
		if _, err := metainfo.ParseTorrent(enc); err != nil {
			enc = t.Info.Raw() // layers are missing
		}
	}
	k := keptFile{hashes: t.Info.Hashes(), size: roundUp(int64(len(enc)), blockLen())}
	if k.size > l.s.cfg.DiskBytes/metainfoShare {
		return fmt.Errorf("cache: metainfo of %d bytes: %w", k.size, errNoRoom)
	}
	l.files.Lock()
	defer l.files.Unlock()
	err := renameio.WriteFile(k.name(), enc, filePerm, renameio.WithRoot(l.root))
	if err != nil {
		return fmt.Errorf("cache: writing metainfo: %w", err)
	}
	if err := syncDir(l.root); err != nil {
		return fmt.Errorf("cache: writing metainfo: %w", err)
	}
	l.mu.Lock()
	l.keep(k)
	old := l.surplus(k.hashes[0])
	l.mu.Unlock()
	for _, k := range old {
		l.delete(k)
	}
	l.s.disk.trim()
	return nil
}

// surplus takes files off the list that are beyond the share of metainfo, the
// longest unused first; that of an open torrent stays, and so does keep. mu is
// held.
func (l *library) surplus(keep metainfo.InfoHash) (files []keptFile) {
	for _, id := range l.kept.Keys() {
		if l.bytes.Load() <= l.s.cfg.DiskBytes/metainfoShare && l.kept.Len() < maxKept {
			break
		}
		if id == keep || l.s.opened(id) {
			continue
		}
		k, _ := l.kept.Peek(id)
		l.kept.Remove(id)
		l.bytes.Add(-k.size)
		l.unname(id, k.hashes)
		files = append(files, k)
	}
	return files
}

// opened says whether a torrent is open.
func (s *Store) opened(id metainfo.InfoHash) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contents[string(id.Bytes())]
	return c != nil && c.handle != nil
}

// delete deletes a file. files is held.
func (l *library) delete(k keptFile) {
	if err := l.root.Remove(k.name()); err != nil && !os.IsNotExist(err) {
		l.s.disk.report("deleting metainfo", err)
	}
}

// remember takes a parsed torrent into memory, and drops those used the longest
// ago where they are too many. mu is held.
func (l *library) remember(t *metainfo.Torrent) {
	id := t.Info.ID()
	if old, ok := l.parsed.Peek(id); ok {
		l.parsedBytes -= int64(len(old.Info.Raw()))
		l.parsed.Remove(id)
	}
	l.parsedBytes += int64(len(t.Info.Raw()))
	for l.parsed.Len() > 0 && (l.parsed.Len() >= maxParsed || l.parsedBytes > maxParsedBytes) {
		id, old, _ := l.parsed.RemoveOldest()
		l.parsedBytes -= int64(len(old.Info.Raw()))
		l.unname(id, old.Info.Hashes())
	}
	l.parsed.Add(id, t)
	for _, h := range t.Info.Hashes() {
		l.ids[h] = id
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

// Metainfo returns what is kept of a torrent, by either of its infohashes. What
// it returns is shared and must not be changed.
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
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept.Contains(id) { // not forgotten meanwhile
		l.remember(t)
	}
	return t, true
}

// read parses a file and checks that it is what its name says.
func (l *library) read(k keptFile) (*metainfo.Torrent, error) {
	f, err := l.root.Open(k.name())
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, metainfo.MaxTorrentLen+1))
	if err != nil {
		return nil, err
	}
	t, err := metainfo.ParseTorrent(b)
	if err != nil {
		info, bare := metainfo.ParseInfo(b)
		if bare != nil {
			return nil, err
		}
		t = &metainfo.Torrent{Info: info}
	}
	if !slices.Equal(t.Info.Hashes(), k.hashes) {
		return nil, fmt.Errorf("%w: %s", errOther, k.name())
	}
	now := time.Now()
	_ = l.root.Chtimes(k.name(), now, now) // only the order of eviction after a restart
	return t, nil
}

// Forget drops a torrent's metainfo, by either of its infohashes. What is held
// of its content stays: see Torrent.Remove.
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
		l.parsedBytes -= int64(len(t.Info.Raw()))
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

// close gives the folder back.
func (l *library) close() {
	if l.root != nil {
		_ = l.root.Close() // read only; nothing is lost
	}
}
