package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/btgw/btgw/internal/atomicfile"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish"
)

// mirrorFile, in the folder of a mirror, says what is in it and where it came from.
const mirrorFile = ".btgw-follow.json"

// maxMirrorFile bounds it, in bytes.
const maxMirrorFile = 16 << 20

// errLeftOut is an entry that is more than may be mirrored.
var errLeftOut = errors.New("left out")

// mirrored is a torrent of the mirror.
type mirrored struct {
	Source string    `json:"source"`
	Key    string    `json:"key"` // of the entry that offered it
	Size   int64     `json:"size"`
	Since  time.Time `json:"since"`
	Whole  bool      `json:"whole"`            // all of it is there
	Hurt   bool      `json:"hurt,omitempty"`   // a file of it was there and is not what it was
	Print  string    `json:"print,omitempty"`  // metainfo.Fingerprint of its folder when all of it was there
	Missed int       `json:"missed,omitempty"` // looks in a row that did not find it offered
}

// A follower is a mirror of some sources. It owns a goroutine a source and one for each torrent that is being fetched.
type follower struct {
	dir       string
	sources   []*followedSource
	drop      bool
	maxSize   int64
	maxNumber int
	every     time.Duration
	out       io.Writer

	srv     *server
	log     *slog.Logger
	places  chan struct{} // one token for each torrent that is being fetched
	running sync.WaitGroup

	mu   sync.Mutex
	kept map[string]*mirrored // by infohash
	said map[string]string    // why entries are not mirrored, by their keys
	// fetching are the torrents whose folders are written to; each is closed when that is over.
	fetching map[metainfo.InfoHash]chan struct{}

	hurtMu sync.Mutex      // guards hurt; nothing is done while it is held
	hurt   map[string]bool // infohashes of what was found damaged since its source was looked at
}

// loadMirror reads what is in a mirror's folder; nothing where there is none yet.
func loadMirror(dir string) (map[string]*mirrored, error) {
	kept := make(map[string]*mirrored)
	name := filepath.Join(dir, mirrorFile)
	if stat, err := os.Stat(name); err == nil && stat.Size() > maxMirrorFile {
		return nil, fmt.Errorf("%d bytes are too many", stat.Size())
	}
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &kept); err != nil {
		return nil, err
	}
	for id, m := range kept { // they become names of folders
		_, v1 := metainfo.ParseInfoHash(id)
		_, v2 := metainfo.ParseMultihash(id)
		if v1 != nil && v2 != nil || m == nil {
			return nil, fmt.Errorf("%q is no infohash", id)
		}
	}
	return kept, nil
}

// save writes that. f.mu is held.
func (f *follower) save() error {
	b, err := json.MarshalIndent(f.kept, "", " ")
	if err != nil {
		return err
	}
	return atomicfile.WritePath(filepath.Join(f.dir, mirrorFile), b, 0o644)
}

// alone waits until nobody else writes to the folder of a torrent: two sources may offer one. The caller releases it.
func (f *follower) alone(ctx context.Context, id metainfo.InfoHash) (release func(), err error) {
	for {
		f.mu.Lock()
		other := f.fetching[id]
		if other == nil {
			mine := make(chan struct{})
			f.fetching[id] = mine
			f.mu.Unlock()
			return func() {
				f.mu.Lock()
				delete(f.fetching, id)
				f.mu.Unlock()
				close(mine)
			}, nil
		}
		f.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// claim makes room for a torrent, before anything of it is fetched, and says that it is this source's from now on. It
// returns what was known of the torrent.
func (f *follower) claim(id metainfo.InfoHash, key, source string, size int64) (was mirrored, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := f.kept[id.String()]; m != nil {
		m.Source, m.Key, m.Missed = source, key, 0
		return *m, f.save()
	}
	total := size
	for _, m := range f.kept {
		total += m.Size
	}
	switch {
	case len(f.kept) >= f.maxNumber:
		return was, fmt.Errorf("%w: there are %d torrents, as --max-number says", errLeftOut, len(f.kept))
	case total > f.maxSize || size > f.maxSize:
		return was, fmt.Errorf("%w: with its %s the mirror would be larger than --max-size", errLeftOut, ByteSize(size))
	}
	f.kept[id.String()] = &mirrored{Source: source, Key: key, Size: size, Since: time.Now().UTC()}
	return was, f.save()
}

// keep notes that all of a torrent is there.
func (f *follower) keep(t *metainfo.Torrent) error {
	id := t.Info.ID().String()
	if err := atomicfile.WritePath(filepath.Join(f.dir, id+torrentSuffix), t.Encode(), 0o644); err != nil {
		return err
	}
	print := f.print(id)
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := f.kept[id]; m != nil {
		m.Whole, m.Hurt, m.Print = true, false, print
	}
	return f.save()
}

// print tells the files of a torrent by their names, lengths and times; "" where that cannot be told.
func (f *follower) print(id string) string {
	sum, err := metainfo.Fingerprint(context.Background(), metainfo.MakeOptions{Root: filepath.Join(f.dir, id)})
	if err != nil {
		return ""
	}
	return hex.EncodeToString(sum[:])
}

// touched reports whether somebody wrote to the files of a torrent since all of it was there.
func (f *follower) touched(id string) bool {
	now := f.print(id)
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.kept[id]
	return m != nil && m.Print != "" && m.Print != now
}

// changed is told of each publication. It takes no lock under which the publisher is called.
func (f *follower) changed(pub publish.Publication) {
	if pub.State != publish.StateChanged {
		return
	}
	f.hurtMu.Lock()
	f.hurt[pub.Torrent.Info.ID().String()] = true
	f.hurtMu.Unlock()
	for _, s := range f.sources { // each takes its own
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// doubtHurt doubts what was found damaged of a source.
func (f *follower) doubtHurt(source string) {
	var ids []string
	f.mu.Lock()
	f.hurtMu.Lock()
	for id := range f.hurt {
		if m := f.kept[id]; m == nil || m.Source == source {
			delete(f.hurt, id)
			ids = append(ids, id)
		}
	}
	f.hurtMu.Unlock()
	f.mu.Unlock()
	for _, id := range ids {
		f.doubt(id)
	}
}

// doubt notes that a torrent's files are not what they were.
func (f *follower) doubt(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := f.kept[id]; m != nil {
		m.Whole, m.Hurt = false, true
	}
	if err := f.save(); err != nil {
		f.log.Error("the mirror's list is not written", "error", err)
	}
}

// damaged lists the torrents of a source whose files are to be repaired, and the keys of their entries.
func (f *follower) damaged(source string) map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	keys := make(map[string]string)
	for id, m := range f.kept {
		if m.Hurt && m.Source == source {
			keys[id] = m.Key
		}
	}
	return keys
}

// there reports whether an entry of a source is mirrored already.
func (f *follower) there(key, source string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.kept {
		if m.Key == key && m.Source == source {
			return m.Whole
		}
	}
	return false
}

// whole lists the torrents all of which is there.
func (f *follower) whole() (ids []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, m := range f.kept {
		if m.Whole {
			ids = append(ids, id)
		}
	}
	return ids
}

// letGo counts the torrents of a source that it does not offer, and drops what two looks missed, unless all are kept. ready
// says that what is offered is there.
func (f *follower) letGo(source string, offered map[string]bool, ready bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	changed := false
	for id, m := range f.kept {
		switch {
		case m.Source != source:
		case offered[m.Key] && m.Missed > 0:
			m.Missed, changed = 0, true
		case offered[m.Key]:
		case m.Missed < 2:
			m.Missed, changed = m.Missed+1, true
		}
		if !f.drop || !ready || m.Source != source || m.Missed < 2 {
			continue
		}
		if err := f.srv.publishing.publisher.Remove(filepath.Join(f.dir, id)); err != nil && !errors.Is(err, publish.ErrNotPublished) {
			f.log.Warn("a torrent that is gone is still served", "infohash", id, "error", err)
		}
		if err := f.remove(id); err != nil {
			f.log.Warn("a torrent that is gone is not deleted", "infohash", id, "error", err)
			continue
		}
		f.log.Info("a torrent that its source does not offer any more was deleted", "infohash", id)
		delete(f.kept, id)
		changed = true
	}
	if changed {
		if err := f.save(); err != nil {
			f.log.Error("the mirror's list is not written", "error", err)
		}
	}
}
