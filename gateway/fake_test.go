package gateway

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// A fakeBackend has torrents in memory, and hooks for what a swarm can do.
type fakeBackend struct {
	mu       sync.Mutex
	torrents map[metainfo.InfoHash]*fakeTorrent
	hints    []fetch.Hints // of every Info and Open
	infos    int
	opens    []httprange.Range // of every Open

	unknown bool                 // Known has nothing
	holds   func(piece int) bool // which pieces Cached has; nil: all

	onInfo func(ctx context.Context, hash metainfo.InfoHash) error // before an answer; nil: none
	onOpen func(c *fakeContent)                                    // changes what Open returns
	onMake func(file *metainfo.File, off, n int64) []byte          // content that is not kept
	open   atomic.Int64                                            // contents that were not closed
	paged  atomic.Int64                                            // bytes that went out as pages

	stopped atomic.Bool                                  // uploads
	sweep   atomic.Pointer[func(metainfo.InfoHash) bool] // what Sweep was last given
}

type fakeTorrent struct {
	*metainfo.Torrent
	files  map[int][]byte // content by File.Index
	dies   map[int]int64  // by File.Index: what the swarm has of its beginning; nothing: all
	super  bool
	policy fetch.UploadPolicy
	more   func(*fetch.Status) // adds to its status, if not nil
}

// setHook changes a hook, or what else tests set, while requests may be under way.
func setHook[T any](b *fakeBackend, hook *T, to T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*hook = to
}

func newFakeBackend() *fakeBackend {
	return &fakeBackend{torrents: make(map[metainfo.InfoHash]*fakeTorrent)}
}

var _ Backend = (*fakeBackend)(nil)

func (b *fakeBackend) Info(ctx context.Context, hash metainfo.InfoHash, hints fetch.Hints) (*metainfo.Info, error) {
	b.mu.Lock()
	b.infos++
	b.hints = append(b.hints, hints)
	t, hook := b.torrents[hash], b.onInfo
	b.mu.Unlock()
	if hook != nil {
		if err := hook(ctx, hash); err != nil {
			return nil, err
		}
	}
	if t != nil {
		return t.Info, nil
	}
	<-ctx.Done()
	return nil, late(ctx, fetch.StageMetadata)
}

func (b *fakeBackend) Known(hash metainfo.InfoHash) (*metainfo.Info, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t := b.torrents[hash]; t != nil && !b.unknown {
		return t.Info, true
	}
	return nil, false
}

func (b *fakeBackend) Cached(hash metainfo.InfoHash, file *metainfo.File, off, n int64) fetch.Held {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.torrents[hash]
	if t == nil {
		return fetch.Held{}
	}
	held := fetch.Held{All: true}
	first, last := t.Info.Pieces(file, off, n)
	for p := first; p <= last; p++ {
		has := b.holds == nil || b.holds(p)
		held.Any, held.All = held.Any || has, held.All && has
	}
	if end, dies := t.dies[int(file.Index)]; dies && off+n > end {
		held.All = false
	}
	return held
}

func (b *fakeBackend) Open(_ context.Context, hash metainfo.InfoHash, hints fetch.Hints, file *metainfo.File, off, n int64) (fetch.Content, error) {
	b.mu.Lock()
	t, hook, makes := b.torrents[hash], b.onOpen, b.onMake
	b.opens = append(b.opens, httprange.Range{Off: off, N: n})
	b.hints = append(b.hints, hints)
	b.mu.Unlock()
	if t == nil {
		return nil, fetch.ErrUnknown
	}
	b.open.Add(1)
	c := &fakeContent{backend: b, chunk: fetch.MaxWrite, off: off}
	if makes != nil {
		c.data = makes(file, off, n)
	} else {
		c.data = t.files[int(file.Index)][off : off+n]
	}
	if end, dies := t.dies[int(file.Index)]; dies {
		c.chunk = 1000
		c.wait = func(_ context.Context, pos int) error {
			if off+int64(pos+c.chunk) > end {
				return &fetch.UnavailableError{Stage: fetch.StagePeers}
			}
			return nil
		}
	}
	if hook != nil {
		hook(c)
	}
	return c, nil
}

func (b *fakeBackend) OpenHeld(hash metainfo.InfoHash, hints fetch.Hints, file int, off, n int64) (fetch.Content, bool) {
	info, ok := b.Known(hash)
	if !ok {
		return nil, false
	}
	if f := &info.Files[file]; b.Cached(hash, f, off, n).All {
		content, err := b.Open(context.Background(), hash, hints, f, off, n)
		if err != nil {
			return nil, false
		}
		if c := content.(*fakeContent); c.wait == nil {
			return c, c.Wait(context.Background()) == nil
		}
		content.Close() // its hook stands for a swarm that is waited for
	}
	return nil, false
}

func (b *fakeBackend) Add(_ context.Context, t *metainfo.Torrent) (metainfo.InfoHash, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, hash := range t.Info.Hashes() {
		b.torrents[hash] = &fakeTorrent{Torrent: t}
	}
	return t.Info.ID(), nil
}

func (b *fakeBackend) Remove(_ context.Context, hash metainfo.InfoHash) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.torrents[hash] == nil {
		return fetch.ErrUnknown
	}
	delete(b.torrents, hash)
	return nil
}

func (b *fakeBackend) SetSuperSeed(hash metainfo.InfoHash, on bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.torrents[hash] == nil {
		return fetch.ErrUnknown
	}
	b.torrents[hash].super = on
	return nil
}

func (b *fakeBackend) List() (list []fetch.Status) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for hash, t := range b.torrents {
		list = append(list, t.status(hash))
	}
	return list
}

func (b *fakeBackend) Status(hash metainfo.InfoHash) (fetch.Status, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.torrents[hash]
	if t == nil {
		return fetch.Status{}, false
	}
	return t.status(hash), true
}

func (b *fakeBackend) SetUploadPolicy(hash metainfo.InfoHash, change func(*fetch.UploadPolicy) error) (fetch.UploadPolicy, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.torrents[hash]
	if t == nil {
		return fetch.UploadPolicy{}, fetch.ErrUnknown
	}
	p := t.policy.Clone()
	if err := change(&p); err != nil {
		return p, err
	}
	t.policy = p
	return p, nil
}

func (b *fakeBackend) Sweep(denied func(metainfo.InfoHash) bool) { b.sweep.Store(&denied) }

func (b *fakeBackend) StopUploads(stop bool) { b.stopped.Store(stop) }

func (b *fakeBackend) UploadsStopped() bool { return b.stopped.Load() }

func (t *fakeTorrent) status(hash metainfo.InfoHash) fetch.Status {
	status := fetch.Status{InfoHash: hash, Hash: hash.String(), Name: t.Info.Name, Size: t.Info.Size(), Pieces: t.Info.NumPieces(), HaveInfo: true, Policy: t.policy}
	if t.more != nil {
		t.more(&status)
	}
	return status
}

// late is what a wait returns when its context ends.
func late(ctx context.Context, stage fetch.Stage) error {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	return &fetch.UnavailableError{Stage: stage, Status: fetch.Status{Unchoked: 1,
		Swarm: fetch.SwarmStats{TrackersAsked: 3, TrackersFailed: 2, Known: 7, Connected: 4}}}
}

// A fakeContent is a range in memory that comes chunk by chunk.
type fakeContent struct {
	backend *fakeBackend
	data    []byte
	off     int64 // in the file
	chunk   int
	pos     int
	ready   int
	closed  bool

	wait    func(ctx context.Context, pos int) error // called before the bytes at pos are ready
	fail    func(pos int) error                      // of reading what was ready
	lose    func(pos int) bool                       // the cache lost what was ready
	changed bool                                     // nothing of file is taken
	block   func()                                   // called within WriteNext before anything is written
	lone    time.Duration                            // of Lone
	file    *os.File                                 // whose pages are written in place of data, as far as they are taken
}

func (c *fakeContent) Wait(ctx context.Context) error {
	if c.pos == len(c.data) {
		return io.EOF
	}
	if c.ready == 0 && c.wait != nil {
		if err := c.wait(ctx, c.pos); err != nil {
			return err
		}
	}
	c.ready = min(c.chunk, len(c.data)-c.pos)
	return nil
}

func (c *fakeContent) WriteNext(w io.Writer) (int64, error) {
	if c.fail != nil {
		if err := c.fail(c.pos); err != nil {
			return 0, err
		}
	}
	if c.lose != nil && c.lose(c.pos) {
		c.ready = 0
		return 0, nil
	}
	if c.block != nil {
		c.block()
	}
	var n int64
	var err error
	if c.file != nil {
		n, err = w.(cache.PageWriter).WritePages(c.file, c.off+int64(c.pos), int64(c.ready), func() bool { return !c.changed })
		c.backend.paged.Add(n)
	}
	if rest := c.data[c.pos+int(n) : c.pos+c.ready]; err == nil && len(rest) > 0 {
		var m int
		m, err = w.Write(rest)
		n += int64(m)
	}
	c.pos += int(n)
	c.ready = 0
	return n, err
}

func (c *fakeContent) Lone() time.Duration { return c.lone }

func (c *fakeContent) Close() {
	if !c.closed {
		c.closed = true
		c.backend.open.Add(-1)
	}
}

// add makes a torrent of files ("" for the one of a single-file torrent) and
// keeps their content.
func (b *fakeBackend) add(t testing.TB, name string, version metainfo.Version, files map[string][]byte) metainfo.InfoHash {
	t.Helper()
	content := fstest.MapFS{}
	root := name
	for path, data := range files {
		if path == "" {
			content[name] = &fstest.MapFile{Data: data, Mode: 0o644}
		} else {
			content[name+"/"+path] = &fstest.MapFile{Data: data, Mode: 0o644}
		}
	}
	torrent, err := metainfo.Make(context.Background(), metainfo.MakeOptions{
		FS: fs.FS(content), Root: root, Version: version, PieceLength: 16 << 10,
		Trackers: [][]string{{"http://tracker.example/passkey/announce"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.keep(t, torrent, files)
}

func (b *fakeBackend) keep(t testing.TB, torrent *metainfo.Torrent, files map[string][]byte) metainfo.InfoHash {
	t.Helper()
	kept := &fakeTorrent{Torrent: torrent, files: make(map[int][]byte)}
	for i := range torrent.Info.Files {
		f := &torrent.Info.Files[i]
		if f.Pad {
			continue
		}
		path := ""
		for j, name := range torrent.Info.Path(f) {
			if j > 0 {
				path += "/"
			}
			path += name
		}
		kept.files[i] = files[path]
		if int64(len(files[path])) != f.Length {
			t.Fatalf("file %q: %d bytes given, %d in the torrent", path, len(files[path]), f.Length)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, hash := range torrent.Info.Hashes() {
		b.torrents[hash] = kept
	}
	return torrent.Info.ID()
}

// random is n bytes that depend on seed alone.
func random(seed uint64, n int) []byte {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	out := make([]byte, n)
	_, _ = rand.NewChaCha8(key).Read(out)
	return out
}

// tempFile is an open file with bytes.
func tempFile(t testing.TB, data []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// onDisk has a backend's contents of one file come from a real one, after change.
func onDisk(t testing.TB, b *fakeBackend, data []byte, change func(*fakeContent)) {
	t.Helper()
	file := tempFile(t, data)
	setHook(b, &b.onOpen, func(c *fakeContent) {
		if c.file = file; change != nil {
			change(c)
		}
	})
}

// allClosed waits until all contents are closed.
func allClosed(t testing.TB, b *fakeBackend) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); b.open.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d contents are open", b.open.Load())
		}
	}
}
