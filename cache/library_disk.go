package cache

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// metainfoName matches the names of metainfo files: the infohash, or both of a hybrid
// torrent.
const metainfoName = `^([0-9a-f]{40}(-[0-9a-f]{64})?|[0-9a-f]{64})\.torrent$`

// errOther means that a metainfo file holds another torrent than its name says.
var errOther = errors.New("cache: the file holds another torrent")

const metainfoSuffix = ".torrent"

// A keptFile is a metainfo file.
type keptFile struct {
	hashes []metainfo.InfoHash
	size   int64
}

// name returns the file's name.
func (k keptFile) name() string {
	parts := make([]string, len(k.hashes))
	for i, h := range k.hashes {
		parts[i] = hex.EncodeToString(h.Bytes())
	}
	return strings.Join(parts, "-") + metainfoSuffix
}

// load lists the files. Those used last count as the newest.
func (l *library) load() {
	files, err := filesOf(l.dir)
	if err != nil {
		l.s.log.Warn("cache: listing kept metainfo failed", slog.Any("err", err))
	}
	ours := regexp.MustCompile(metainfoName)
	slices.SortFunc(files, func(a, b fileInfo) int { return a.used.Compare(b.used) })
	for _, info := range files {
		if !ours.MatchString(info.name) {
			if strings.HasPrefix(info.name, ".") && strings.Contains(info.name, metainfoSuffix) {
				_ = l.dir.Remove(info.name) // half written before a crash
			}
			continue
		}
		k := keptFile{size: roundUp(info.size, blockLen())}
		for part := range strings.SplitSeq(strings.TrimSuffix(info.name, metainfoSuffix), "-") {
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

// write puts a torrent on disk, and evicts others where they are too many.
func (l *library) write(t *metainfo.Torrent) error {
	enc := t.Encode()
	bare := isBare(t, enc)
	if bare && t.Info.HasV2() {
		enc = t.Info.Raw()
	}
	k := keptFile{hashes: t.Info.Hashes(), size: roundUp(int64(len(enc)), blockLen())}
	if k.size > l.s.cfg.DiskBytes/metainfoShare {
		return fmt.Errorf("cache: metainfo of %d bytes: %w", k.size, errNoRoom)
	}
	l.files.Lock()
	defer l.files.Unlock()
	if bare && l.has(k.hashes[0]) {
		return nil
	}
	_, err := replaceFile(l.dir, k.name(), func(w io.Writer) error {
		_, err := w.Write(enc)
		return err
	})
	if err != nil {
		return fmt.Errorf("cache: writing metainfo: %w", err)
	}
	l.mu.Lock()
	l.keep(k)
	l.unload(k.hashes[0])
	old := l.surplus(k.hashes[0])
	l.mu.Unlock()
	for _, k := range old {
		l.delete(k)
	}
	l.s.disk.trim()
	return nil
}

// isBare reports whether the disk can keep no more of a torrent than its info
// dictionary: nothing else is known, or piece layers are missing. enc is its .torrent
// file.
func isBare(t *metainfo.Torrent, enc []byte) bool {
	if t.Info.HasV2() {
		if _, err := metainfo.ParseTorrent(enc); err != nil {
			return true
		}
	}
	return alone(t)
}

// alone reports whether nothing but the info dictionary is known.
func alone(t *metainfo.Torrent) bool {
	return len(t.Layers)+len(t.Trackers)+len(t.WebSeeds)+len(t.Nodes) == 0 && t.Comment+t.CreatedBy+t.Charset == "" && t.CreationDate == 0
}

// has reports whether there is a file of a torrent.
func (l *library) has(id metainfo.InfoHash) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.Contains(id)
}

// surplus takes the files beyond the share of metainfo off the list, the longest unused
// first. The file of a torrent that is open or pinned stays, and so does keep's. The caller holds mu.
func (l *library) surplus(keep metainfo.InfoHash) (files []keptFile) {
	for _, id := range l.kept.Keys() {
		if l.bytes.Load() <= l.s.cfg.DiskBytes/metainfoShare && l.kept.Len() < maxKept {
			break
		}
		if id == keep || l.s.opened(id) || l.s.isPinned(string(id.Bytes())) {
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

// opened reports whether a torrent is open.
func (s *Store) opened(id metainfo.InfoHash) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contents[string(id.Bytes())]
	return c != nil && c.handle != nil
}

// delete deletes a file. files is held.
func (l *library) delete(k keptFile) {
	if err := l.dir.Remove(k.name()); err != nil && !os.IsNotExist(err) {
		l.s.disk.report("deleting metainfo", err)
	}
}

// read is parse for somebody who uses the torrent.
func (l *library) read(k keptFile) (*metainfo.Torrent, error) {
	t, err := l.parse(k)
	if err == nil {
		_ = l.dir.Touch(k.name(), time.Now()) // only the order of eviction after a restart
	}
	return t, err
}

// parse parses a file and checks that it holds the torrent that its name says.
func (l *library) parse(k keptFile) (*metainfo.Torrent, error) {
	f, err := l.dir.OpenFile(k.name(), os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.NewSectionReader(f, 0, metainfo.MaxTorrentLen+1))
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
	return t, nil
}
