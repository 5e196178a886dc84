package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// States of a prefetch.
const (
	prefetchRunning = "running"
	prefetchDone    = "done"
	prefetchFailed  = "failed"
	prefetchEnded   = "ended" // by DELETE
)

// A Prefetch says how far the fetching of a torrent, or of a part of it, into the cache has come.
type Prefetch struct {
	Hash  string `json:"infohash"`
	Path  string `json:"path,omitempty"` // of a file or folder within the torrent; "" is all of it
	State string `json:"state"`
	Bytes int64  `json:"bytes"` // to fetch, what was here included; 0 until the metadata is known
	Done  int64  `json:"done"`  // of these
	Error string `json:"error,omitempty"`
}

// prefetches are those under way, and the last that ended. All methods are safe for concurrent use.
type prefetches struct {
	backend Backend
	cache   Cache // nil: its room is not known
	ctx     context.Context
	end     context.CancelFunc
	work    sync.WaitGroup

	mu     sync.Mutex
	closed bool                   // guarded by mu
	of     map[string]*prefetchOf // guarded by mu; by the infohash as it was given
	order  []*prefetchOf          // guarded by mu; the oldest first
}

type prefetchOf struct {
	Prefetch // guarded by prefetches.mu
	end      context.CancelFunc
}

func newPrefetches(b Backend, kept Cache) *prefetches {
	p := &prefetches{backend: b, cache: kept, of: make(map[string]*prefetchOf)}
	p.ctx, p.end = context.WithCancel(context.Background())
	return p
}

// close ends all, and begins no more.
func (p *prefetches) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.end()
	p.work.Wait()
}

func (p *prefetches) list() []Prefetch {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]Prefetch, len(p.order))
	for i, one := range p.order {
		all[i] = one.Prefetch
	}
	return all
}

// errPrefetching means that another part of the torrent is being fetched.
var errPrefetching = errors.New("gateway: another part is being prefetched")

// noRoomError means that the cache cannot keep what is asked for.
type noRoomError struct{ bytes, room int64 }

// Error says how much is lacking.
func (e *noRoomError) Error() string {
	return fmt.Sprintf("That is %s, and the cache can keep %s besides what is pinned.", showSize(e.bytes), showSize(max(e.room, 0)))
}

// start begins one. If the same is under way already, start returns that.
func (p *prefetches) start(hash metainfo.InfoHash, path string) (Prefetch, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	running := 0
	for _, one := range p.order {
		if one.State == prefetchRunning {
			running++
		}
	}
	key := hash.String()
	old := p.of[key]
	switch {
	case p.closed:
		return Prefetch{}, fetch.ErrClosed
	case old != nil && old.State == prefetchRunning && old.Path == path:
		return old.Prefetch, nil
	case old != nil && old.State == prefetchRunning:
		return Prefetch{}, errPrefetching
	case running >= maxPrefetches:
		return Prefetch{}, fetch.ErrBusy
	}
	if old != nil {
		p.order = slices.DeleteFunc(p.order, func(one *prefetchOf) bool { return one == old })
	}
	p.forgetOld()
	ctx, end := context.WithCancel(p.ctx)
	one := &prefetchOf{Prefetch{Hash: key, Path: path, State: prefetchRunning}, end}
	p.of[key] = one
	p.order = append(p.order, one)
	p.work.Go(func() {
		defer end()
		p.ended(one, p.run(ctx, hash, path, one))
	})
	return one.Prefetch, nil
}

// forgetOld forgets the oldest that has ended where there are as many as are kept. mu is held.
func (p *prefetches) forgetOld() {
	if len(p.order) < maxPrefetchesKept {
		return
	}
	i := slices.IndexFunc(p.order, func(one *prefetchOf) bool { return one.State != prefetchRunning })
	delete(p.of, p.order[i].Hash) // there is one: fewer run than are kept
	p.order = slices.Delete(p.order, i, i+1)
}

// cancel ends the prefetch of a torrent; false where none is under way.
func (p *prefetches) cancel(hash metainfo.InfoHash) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.of[hash.String()]
	if one == nil || one.State != prefetchRunning {
		return false
	}
	one.State = prefetchEnded
	one.end()
	return true
}

func (p *prefetches) ended(one *prefetchOf, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case one.State != prefetchRunning: // cancelled
	case err == nil:
		one.State = prefetchDone
	default:
		one.State, one.Error = prefetchFailed, problemOf(err).detail
		if full := (*noRoomError)(nil); errors.As(err, &full) {
			one.Error = full.Error()
		}
	}
}

// run reads what there is to fetch, file by file, and passes over what is here.
func (p *prefetches) run(ctx context.Context, hash metainfo.InfoHash, path string, one *prefetchOf) error {
	within, cancel := context.WithTimeout(ctx, prefetchStall)
	info, err := p.backend.Info(within, hash, fetch.Hints{})
	cancel()
	if err != nil {
		return err
	}
	files, bytes := filesBelow(info, path)
	if len(files) == 0 {
		return metainfo.ErrNotFound
	}
	p.mu.Lock()
	one.Bytes = bytes
	p.mu.Unlock()
	if err := p.fits(hash, bytes); err != nil {
		return err
	}
	for _, f := range files {
		if err := p.readFile(ctx, hash, f, one); err != nil {
			return err
		}
	}
	return nil
}

// fits returns a noRoomError where the cache could not keep so much of a torrent: it would push out everything else, and the
// beginning of itself.
func (p *prefetches) fits(hash metainfo.InfoHash, bytes int64) error {
	if p.cache == nil {
		return nil
	}
	s := p.cache.CacheStats()
	room := s.DiskLimit - s.PinnedBytes
	if own, ok := p.cache.CachedTorrent(hash); ok && own.Pinned {
		room += own.DiskBytes
	}
	if bytes > room {
		return &noRoomError{bytes, room}
	}
	return nil
}

// filesBelow are the files with content at a path of a torrent, or in the folder that it names.
func filesBelow(info *metainfo.Info, path string) (files []*metainfo.File, bytes int64) {
	for i := range info.Files {
		f := &info.Files[i]
		if f.Pad || f.Length == 0 {
			continue
		}
		if at := strings.Join(info.Path(f), "/"); path == "" || at == path || strings.HasPrefix(at, path+"/") {
			files = append(files, f)
			bytes += f.Length
		}
	}
	return files, bytes
}

func (p *prefetches) readFile(ctx context.Context, hash metainfo.InfoHash, f *metainfo.File, one *prefetchOf) error {
	for off := int64(0); off < f.Length; {
		n := min(prefetchStep, f.Length-off)
		if p.backend.Cached(hash, f, off, n).All {
			off += n
			p.progress(one, n)
			continue
		}
		content, err := p.backend.Open(ctx, hash, fetch.Hints{}, f, off, f.Length-off)
		if err != nil {
			return err
		}
		err = p.read(ctx, content, one)
		content.Close()
		return err
	}
	return nil
}

// read reads a content to its end. It waits for the next bytes for as long as prefetchStall.
func (p *prefetches) read(ctx context.Context, content fetch.Content, one *prefetchOf) error {
	for {
		within, cancel := context.WithTimeout(ctx, prefetchStall)
		err := content.Wait(within)
		cancel()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := content.WriteNext(io.Discard)
		if err != nil {
			return err
		}
		p.progress(one, n)
	}
}

func (p *prefetches) progress(one *prefetchOf, n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one.Done += n
}

// prefetch has a torrent, or a part of it, fetched into the cache: 202, and it goes on.
func (a *Admin) prefetch(c *gin.Context) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	var request struct {
		Path string `json:"path"`
	}
	if c.Request.ContentLength != 0 {
		body := json.NewDecoder(http.MaxBytesReader(c.Writer, arriving(c.Request.Body, http.NewResponseController(c.Writer)), maxAdminJSON))
		body.DisallowUnknownFields()
		err := body.Decode(&request)
		_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Time{})
		if err != nil {
			a.problem(c, badRequest(`{"path": "…"} is expected, a file or folder of the torrent, or no body.`))
			return
		}
	}
	path := strings.Trim(request.Path, "/")
	if !namesFile(path) {
		a.problem(c, badRequest("The path has a part that no file's name is: it is empty, . or .."))
		return
	}
	if !a.prefetches.mayHave(hash, path) {
		a.fail(c, metainfo.ErrNotFound)
		return
	}
	one, err := a.prefetches.start(hash, path)
	switch {
	case errors.Is(err, errPrefetching):
		a.problem(c, &problem{status: http.StatusConflict, slug: "not-possible", title: "Not possible", detail: "Another part of this torrent is being prefetched."})
	case err != nil:
		a.fail(c, err)
	default:
		c.JSON(http.StatusAccepted, one)
	}
}

// namesFile reports whether a path may be of a file or folder of a torrent, or of all of it.
func namesFile(path string) bool {
	if path == "" {
		return true
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

// mayHave reports whether a torrent has content at a path, as far as its metadata is here.
func (p *prefetches) mayHave(hash metainfo.InfoHash, path string) bool {
	info, known := p.backend.Known(hash)
	if !known {
		return true
	}
	files, _ := filesBelow(info, path)
	return len(files) > 0
}

// endPrefetch ends it. What came stays.
func (a *Admin) endPrefetch(c *gin.Context) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	if !a.prefetches.cancel(hash) {
		a.problem(c, &problem{status: http.StatusNotFound, slug: "no-such-torrent", title: "No such torrent", detail: "This torrent is not being prefetched."})
		return
	}
	c.Status(http.StatusNoContent)
}
