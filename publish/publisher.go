package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
)

// MaxPublications is how many there may be at once.
const MaxPublications = 1000

// Errors that callers decide on.
var (
	// ErrTooMany means that there are MaxPublications already.
	ErrTooMany = errors.New("publish: too many publications")
	// ErrNotPublished means that a path is not published.
	ErrNotPublished = errors.New("publish: not published")
	// ErrClosed means that the Publisher was closed.
	ErrClosed = errors.New("publish: closed")
)

// Session is what publications are offered by; a fetch.Session is one.
type Session interface {
	// Publish has a torrent in use, whose pieces come from an origin, until Unpublish.
	Publish(t *metainfo.Torrent, o cache.Origin) error
	Unpublish(info *metainfo.Info) error
	// Recheck has pieces of the origin hashed now whose files changed.
	Recheck(info *metainfo.Info, pieces []int)
}

// Config is what a Publisher is made of.
type Config struct {
	Session Session
	// Make are the options for the torrents; Root and Progress are the Publisher's own.
	Make metainfo.MakeOptions
	// Dir is the folder that keeps made torrents over restarts; "" keeps none.
	Dir string
	// Interval is the time between two looks at the files; 0 means DefaultInterval.
	Interval time.Duration
	// Progress, if not nil, is called with the progress of hashing.
	Progress func(path string, done, total int64)
	// Changed, if not nil, is called with each publication that begins, changes or
	// ends, one call at a time. It must not call the Publisher.
	Changed func(Publication)
	Log     *slog.Logger // nil: no log
}

// DefaultInterval is between two looks at the files. Looking takes at most a fiftieth of the
// time: where it takes longer, it is done less often.
const (
	DefaultInterval = 5 * time.Second
	lookShare       = 50
)

// A State says how a publication is.
type State string

// The states of a publication.
const (
	StateServed  State = "served"  // all of it is offered
	StateChanged State = "changed" // files changed since: what they were is not offered any more
	StateEnded   State = "ended"   // it is not published any more
)

// A Publication is a path that is published.
type Publication struct {
	Path    string
	Torrent *metainfo.Torrent
	State   State
	Lost    int    // pieces that are not offered any more
	Reason  string // why, for the last of them
	Since   time.Time
}

// A Publisher publishes files and folders. Its methods are safe for concurrent use. It owns
// one goroutine, which looks at the files.
type Publisher struct {
	cfg  Config
	log  *slog.Logger
	ctx  context.Context
	stop context.CancelFunc
	done sync.WaitGroup

	making sync.Mutex // held while something is hashed: one at a time has all cores

	mu      sync.Mutex // guards what follows
	entries map[string]*entry
	hashes  map[[20]byte]*entry            // by each infohash in wire form
	watched map[string]map[string]sighting // folders each of whose entries is published
	telling sync.Mutex                     // held while Changed is called; before mu
}

// entry is a publication and its files.
type entry struct {
	Publication
	origin *origin
}

// New returns a Publisher of nothing.
func New(cfg Config) *Publisher {
	p := &Publisher{cfg: cfg, log: cfg.Log, entries: make(map[string]*entry), hashes: make(map[[20]byte]*entry), watched: make(map[string]map[string]sighting)}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	p.cfg.Interval = cmp.Or(cfg.Interval, DefaultInterval)
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.done.Go(p.look)
	return p
}

// Close ends the Publisher, and waits for what it began. Publications stay with the session,
// and are kept for the next run.
func (p *Publisher) Close() {
	p.stop()
	p.done.Wait()
	p.making.Lock() // who is hashing has seen it
	defer p.making.Unlock()
}

// Add publishes a file or folder. One that is published already is made anew if it changed,
// and takes the place of what it was. It returns when it is served; hashing takes as long as it
// takes, and ends with ctx.
func (p *Publisher) Add(ctx context.Context, path string) (Publication, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Publication{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	p.making.Lock()
	defer p.making.Unlock()
	if p.ctx.Err() != nil {
		return Publication{}, ErrClosed
	}
	p.mu.Lock()
	old, n := p.entries[path], len(p.entries)
	p.mu.Unlock()
	if old == nil && n >= MaxPublications {
		return Publication{}, ErrTooMany
	}
	t, err := p.torrent(ctx, path)
	if p.ctx.Err() != nil { // hashing may have been done by the time that it heard of it
		err = ErrClosed
	}
	if err != nil {
		return Publication{}, err
	}
	if old != nil && old.Torrent.Info.ID() == t.Info.ID() && p.snapshot(old).State == StateServed {
		return p.snapshot(old), nil
	}
	return p.replace(path, old, t, nil)
}

// Adopt publishes files of a torrent that was made elsewhere: name says where each is, by its
// index. A few of its pieces are hashed before. An error means that it is not published.
func (p *Publisher) Adopt(path string, t *metainfo.Torrent, name func(file int) string) (Publication, error) {
	p.making.Lock()
	defer p.making.Unlock()
	if p.ctx.Err() != nil {
		return Publication{}, ErrClosed
	}
	p.mu.Lock()
	old, n := p.entries[path], len(p.entries)
	p.mu.Unlock()
	if old == nil && n >= MaxPublications {
		return Publication{}, ErrTooMany
	}
	if err := sample(t, path, name); err != nil {
		return Publication{}, err
	}
	return p.replace(path, old, t, name)
}

// replace serves a torrent in place of what was served of a path.
func (p *Publisher) replace(path string, old *entry, t *metainfo.Torrent, names func(file int) string) (Publication, error) {
	if other := p.byHash(t.Info.ID()); other != nil && other != old {
		return Publication{}, fmt.Errorf("publish: %s holds the same as %s, which is published", path, other.Path)
	}
	e := &entry{Publication: Publication{Path: path, Torrent: t, State: StateServed, Since: time.Now().UTC()}}
	e.origin = newOrigin(t.Info, path, names, func(piece int, err error) { p.lost(e, piece, err) })
	if old != nil && old.Torrent.Info.ID() == t.Info.ID() {
		if err := p.cfg.Session.Unpublish(old.Torrent.Info); err != nil {
			return Publication{}, err
		}
		old = nil
	}
	p.name(e) // before anybody can have it: its .torrent says where it is tracked
	if err := p.cfg.Session.Publish(t, e.origin); err != nil {
		p.unname(e)
		return Publication{}, err
	}
	p.mu.Lock()
	p.entries[path] = e
	p.mu.Unlock()
	p.log.Info("published", "infohash", t.Info.ID(), "path", path, "size", t.Info.Size())
	p.tell(e)
	if old != nil {
		p.end(old)
	}
	return p.snapshot(e), nil
}

// name has a publication found by its infohashes.
func (p *Publisher) name(e *entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, h := range e.Torrent.Info.Hashes() {
		p.hashes[h.Wire()] = e
	}
}

// unname takes that back, unless another one has the same by now.
func (p *Publisher) unname(e *entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, h := range e.Torrent.Info.Hashes() {
		if p.hashes[h.Wire()] == e {
			delete(p.hashes, h.Wire())
		}
	}
}

// byHash is the publication of a torrent; nil if there is none.
func (p *Publisher) byHash(id metainfo.InfoHash) *entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.entries {
		if e.Torrent.Info.ID() == id {
			return e
		}
	}
	return nil
}

// Remove ends the publication of a path. ErrNotPublished where there is none.
func (p *Publisher) Remove(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	p.making.Lock()
	defer p.making.Unlock()
	p.mu.Lock()
	e := p.entries[path]
	delete(p.entries, path)
	p.mu.Unlock()
	if e == nil {
		return ErrNotPublished
	}
	p.forget(path)
	return p.end(e)
}

// end ends a publication that is in no table any more.
func (p *Publisher) end(e *entry) error {
	p.mu.Lock()
	e.State = StateEnded
	p.mu.Unlock()
	p.unname(e)
	err := p.cfg.Session.Unpublish(e.Torrent.Info)
	p.log.Info("published no more", "infohash", e.Torrent.Info.ID(), "path", e.Path, "err", err)
	p.tell(e)
	return err
}

// List returns the publications, by path.
func (p *Publisher) List() []Publication {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]Publication, 0, len(p.entries))
	for _, e := range p.entries {
		list = append(list, e.Publication)
	}
	slices.SortFunc(list, func(a, b Publication) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

// Publishes reports whether a torrent is published now, by any of its infohashes in wire form.
func (p *Publisher) Publishes(hash [20]byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hashes[hash] != nil
}

func (p *Publisher) snapshot(e *entry) Publication {
	p.mu.Lock()
	defer p.mu.Unlock()
	return e.Publication
}

// tell calls Changed.
func (p *Publisher) tell(e *entry) {
	if p.cfg.Changed == nil {
		return
	}
	p.telling.Lock()
	defer p.telling.Unlock()
	p.cfg.Changed(p.snapshot(e))
}

// lost notes that a piece is not offered any more. The first one is said.
func (p *Publisher) lost(e *entry, piece int, err error) {
	p.mu.Lock()
	first := e.State == StateServed
	if first {
		e.State = StateChanged
	}
	e.Lost++
	e.Reason = err.Error()
	p.mu.Unlock()
	if first {
		p.log.Warn("a published file changed: what it was is not offered any more",
			"infohash", e.Torrent.Info.ID(), "path", e.Path, "piece", piece, "err", err)
		p.tell(e)
	}
}

// look looks at the files of all publications from time to time.
func (p *Publisher) look() {
	timer := time.NewTimer(p.cfg.Interval)
	defer timer.Stop()
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-timer.C:
		}
		begun := time.Now()
		p.lookAtFiles()
		p.lookAtFolders()
		timer.Reset(max(p.cfg.Interval, lookShare*time.Since(begun)))
	}
}

// lookAtFiles has the pieces of files that changed hashed.
func (p *Publisher) lookAtFiles() {
	p.mu.Lock()
	all := make([]*entry, 0, len(p.entries))
	for _, e := range p.entries {
		all = append(all, e)
	}
	p.mu.Unlock()
	for _, e := range all {
		if p.ctx.Err() != nil {
			return
		}
		var pieces []int
		info := e.Torrent.Info
		for _, file := range e.origin.changed() {
			f := &info.Files[file]
			if f.Length == 0 {
				p.lookAtEmpty(e, file)
				continue
			}
			first, last := info.Pieces(f, 0, f.Length)
			for i := first; i <= last; i++ {
				pieces = append(pieces, i)
			}
		}
		if len(pieces) > 0 {
			slices.Sort(pieces)
			p.cfg.Session.Recheck(info, slices.Compact(pieces))
		}
	}
}

// lookAtEmpty notes that an empty file, which has no piece, has become another one.
func (p *Publisher) lookAtEmpty(e *entry, file int) {
	if info, err := os.Stat(e.origin.name(file)); err != nil || info.Size() != 0 {
		p.lost(e, -1, fmt.Errorf("%s is not empty any more", e.origin.name(file)))
	}
}
