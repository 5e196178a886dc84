package cache

import (
	"container/list"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// Errors that callers decide on.
var (
	// ErrMiss means that the cache does not hold a piece.
	ErrMiss = errors.New("cache: piece not held")
	// ErrLost means that the disk failed a read of a leased piece. The bytes delivered
	// before are right; the piece is gone from the cache.
	ErrLost = errors.New("cache: piece lost")
	// ErrInUse means that another process has the cache folder open.
	ErrInUse = errors.New("cache: folder in use by another process")
	// ErrOpen means that a torrent is open already.
	ErrOpen = errors.New("cache: torrent already open")
	// ErrNoHash means that a piece cannot be verified, since its hash is not known.
	ErrNoHash = errors.New("cache: its hash is not known")
	// ErrClosed means that the Store was closed.
	ErrClosed = errors.New("cache: closed")
)

// A Config tells a Store where and how much to keep. Zero sizes stand for the defaults
// in limits.go.
type Config struct {
	// Dir is the cache's own folder, which Open makes where it is missing. Empty means
	// memory only: nothing outlives the Store.
	Dir string
	// DiskBytes bounds what the data files and metainfo take on disk.
	DiskBytes int64
	// MinFree is the number of bytes of the file system that stay free, whatever fills
	// it. Pieces make way, and where that is not enough no more are written. 0 means
	// that all may be used.
	MinFree int64
	// MemoryBytes bounds the pieces kept in memory, those waiting to be written
	// included. Pieces that are put although Backlog is at its limit come on top, and
	// so do dropped pieces that are still leased. Pool.Outstanding counts both.
	MemoryBytes int64
	// OpenFiles bounds the data files that are open at a time, each with up to two
	// descriptors; 0 is MaxOpenFiles.
	OpenFiles int
	// BeforeWrite, if not nil, is called before each write of pieces with its length in
	// bytes. Tests use it to make the disk slow.
	BeforeWrite func(n int)
	// OwnContent has each torrent hold only what was put for it, whatever others hold. Where not
	// everybody may read every torrent, hashes alone must not give one torrent the content of another.
	OwnContent bool
	// ScrubRate is how much of what is on disk is read again, a second, to find what a disk
	// has forgotten, in bytes/s. 0 is none.
	ScrubRate int64
	// Pool hands out the buffers; nil means one of the Store's own.
	Pool *Pool
	// Log gets the store's faults; nil means slog.Default.
	Log *slog.Logger

	openFolder func(dir string) (folder, error) // nil: the operating system's
	runBytes   int64                            // the size of runs; 0: see Store.runPieces
	stayCold   bool                             // nothing is warmed
}

// validate fills the defaults in.
func (c *Config) validate() error {
	if c.DiskBytes < 0 || c.MemoryBytes < 0 || c.MinFree < 0 {
		return fmt.Errorf("cache: negative size (disk %d, free %d, memory %d)", c.DiskBytes, c.MinFree, c.MemoryBytes)
	}
	if c.DiskBytes == 0 {
		c.DiskBytes = DefaultDiskBytes
	}
	if c.MemoryBytes == 0 {
		c.MemoryBytes = DefaultMemoryBytes
	}
	if c.OpenFiles <= 0 {
		c.OpenFiles = MaxOpenFiles
	}
	if c.Pool == nil {
		c.Pool = NewPool(min(DefaultIdleBytes, c.MemoryBytes))
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.openFolder == nil {
		c.openFolder = openFolder
	}
	return nil
}

// A Store holds pieces and metainfo of all torrents.
type Store struct {
	cfg     Config
	pool    *Pool
	log     *slog.Logger
	hot     *hotTier
	disk    *disk // nil in memory-only mode
	library *library
	notices *notifier

	pinning     sync.Mutex     // held while pins and their file are changed; taken before mu
	verifySlots chan struct{}  // one for each piece being hashed
	copyBufs    *Pool          // buffers between file and writer
	aheadBytes  atomic.Int64   // what leases have read ahead
	workers     sync.WaitGroup // the Store's goroutines
	closed      chan struct{}  // closed when Close has begun
	scanned     chan struct{}  // closed when what earlier runs left is in twins
	scanBy      time.Time      // until then it is waited for

	mu sync.Mutex
	// Protected by mu.
	closing     bool
	contents    map[string]*content // by geometry.hash
	pins        map[string]bool     // likewise, whether or not anything is held; replaced, never changed, after Open
	twins       twinIndex
	twinCount   int                // pieces that are lent, once for each that is read from them
	origins     map[string]*origin // likewise
	nextID      uint32
	recent      *list.List // pieces in memory only and not in its tier, the oldest first
	recentBytes int64
	unwritten   *list.List // pieces that are to be written when there is time
	queueBytes  int64      // in buffers of pieces that wait for the writer
	order       order
	count       Counters
}

// Open opens a Store, or makes it. Its folder must be writable and not in use by
// another process (ErrInUse). Damaged entries are not an error: they are absent. Where
// the disk itself is full or fails, the Store is in memory only. So it is where a later
// release wrote the folder, which stays as it is.
func Open(cfg Config) (*Store, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	s := &Store{
		cfg:         cfg,
		pool:        cfg.Pool,
		log:         cfg.Log,
		verifySlots: make(chan struct{}, runtime.GOMAXPROCS(0)),
		copyBufs:    NewPool(16 * copyBytes),
		contents:    make(map[string]*content),
		pins:        make(map[string]bool),
		recent:      list.New(),
		unwritten:   list.New(),
		closed:      make(chan struct{}),
		scanned:     make(chan struct{}),
		scanBy:      time.Now().Add(scanWait),
		twins:       twinIndex{at: make(map[uint64]spot), max: int(min(maxTwinKeys, cfg.MemoryBytes/twinKeyShare))},
	}
	if cfg.OwnContent {
		s.twins.max = 0
	}
	begun := s.now()
	s.order.init(func() time.Duration { return time.Since(begun) })
	if cfg.Dir != "" {
		d, err := openDisk(s, cfg.Dir)
		switch {
		case failing(err):
			s.log.Warn("cache: the disk fails, keeping pieces in memory only", slog.Any("err", err))
		case errors.Is(err, errNewer):
			s.log.Warn("cache: keeping pieces in memory only, and the folder as it is", slog.Any("err", err))
		case err != nil:
			return nil, err
		default:
			s.disk = d
		}
	}
	hot, err := newHotTier(s, cfg.MemoryBytes-cfg.MemoryBytes/recentShare)
	if err != nil {
		_ = s.disk.close()
		return nil, err
	}
	s.hot = hot
	s.library = openLibrary(s)
	s.notices = newNotifier()
	s.workers.Go(func() { s.notices.run(s) })
	s.disk.start()
	s.workers.Go(s.scanKept)
	if s.disk != nil && cfg.ScrubRate > 0 {
		s.workers.Go(s.scrub)
	}
	return s, nil
}

// Close writes and syncs what was Put, ends all the Store's goroutines and closes its
// files. Leases stay readable until the folder is opened again. It returns the error
// that kept pieces from disk, if any. A second call returns ErrClosed.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		return ErrClosed
	}
	s.closing = true
	close(s.closed)
	s.mu.Unlock()

	err := s.disk.stop()
	s.hot.close()
	s.notices.stop()
	s.workers.Wait()
	s.releaseRecent()
	s.library.close()
	return errors.Join(err, s.disk.close())
}

// releaseRecent gives back the buffers that never went to another tier.
func (s *Store) releaseRecent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.contents {
		for _, p := range c.pieces {
			if p.buf != nil {
				p.buf.Release()
				p.buf = nil
			}
		}
	}
	s.recent.Init()
	s.unwritten.Init()
	s.recentBytes, s.queueBytes = 0, 0
}

// Backlog returns how many bytes wait to be written to disk, and the limit beyond which
// a downloader slows down. The downloader counts the bytes beyond it on its own budget.
// waiting is 0 for a disk that is too slow to wait for.
func (s *Store) Backlog() (waiting, limit int64) {
	s.mu.Lock()
	cold := s.disk.weigh(s.now())
	waiting, limit = s.queueBytes, s.recentLimit()
	if s.disk != nil && s.disk.patience.behind {
		waiting = 0
	}
	s.mu.Unlock()
	s.heat(cold)
	return waiting, limit
}

// DiskRoom returns how many bytes of pieces the disk may hold now, for all torrents; 0
// without a disk.
func (s *Store) DiskRoom() int64 {
	if s.disk == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.disk.limit
}

// recentLimit bounds queueBytes and recentBytes together.
func (s *Store) recentLimit() int64 { return s.cfg.MemoryBytes / recentShare }

// Torrent opens a torrent's content. layers are the piece layers of a v2 torrent,
// as far as they are known. evicted is called when a piece is gone from all
// tiers, on a goroutine of the Store, one call at a time, without locks held; it
// may be nil. By then the piece may have been Put again: Has tells. It is not
// called after Remove, nor once Close has begun, save for a call under way.
func (s *Store) Torrent(info *metainfo.Info, layers metainfo.PieceLayers, evicted func(piece int)) (*Torrent, error) {
	t := &Torrent{s: s, info: info, layers: layers, evicted: evicted}
	if err := t.open(); err != nil {
		return nil, err
	}
	t.meetTwins()
	return t, nil
}

// open attaches a handle to what is held of its torrent.
func (t *Torrent) open() error {
	s, info, geo := t.s, t.info, geometryOf(t.info)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contents[geo.hash]
	switch {
	case s.closing:
		return ErrClosed
	case c != nil && c.handle != nil:
		return fmt.Errorf("%w: %v", ErrOpen, info.ID())
	case c != nil && !c.geo.same(geo):
		s.removeLocked(c) // claimed by a damaged journal; nothing of it is in memory
		c = nil
	}
	if c == nil {
		s.nextID++
		geo.runPieces = s.runPieces(geo.pieceLen)
		c = newContent(s.nextID, geo)
		c.pinned = s.pins[geo.hash]
		s.contents[geo.hash] = c
	}
	t.c, c.handle = c, t
	s.attachOrigin(c)
	return nil
}

// geometryOf returns the shape that a torrent has on disk.
func geometryOf(info *metainfo.Info) geometry {
	return geometry{
		hash:     string(info.ID().Bytes()),
		pieceLen: info.PieceLength,
		pieces:   info.NumPieces(),
		span:     info.Span(),
	}
}

// runPieces returns how many pieces a run has. A small cache has small runs, so that it
// does not lose much of what it has for a little that comes.
func (s *Store) runPieces(pieceLen int64) int {
	n := s.cfg.runBytes
	if n == 0 && s.disk != nil {
		n = min(maxRunBytes, s.disk.room/minRuns)
	}
	return int(max(1, min(n/pieceLen, maxRunPieces)))
}

// leave notes that a piece may have left memory. s.mu is held.
func (s *Store) leave(p *piece) {
	if p.gone || p.buf != nil || p.hot != nil {
		return
	}
	s.unlist(p)
	s.settle(p.c, p.index, true)
	s.forget(p.c)
}

// unlist takes a piece out of those in memory. s.mu is held.
func (s *Store) unlist(p *piece) {
	p.gone = true
	s.unawait(p)
	delete(p.c.pieces, p.index)
}

// settle notes that a piece has left a tier. When that was the last one the piece is gone.
// s.mu is held.
func (s *Store) settle(c *content, i int, evicted bool) {
	if c.held(i) {
		return
	}
	if evicted {
		s.count.Evictions++
	}
	if !c.offered(i) {
		c.have.Clear(i)
		if t := c.handle; t != nil && t.evicted != nil && !s.closing {
			s.notices.add(notice{t, i})
		}
	}
	s.recall(c, i)
}

// forget drops a content of which nothing is left and which nobody has open. The caller
// holds s.mu.
func (s *Store) forget(c *content) {
	if c.handle == nil && len(c.pieces) == 0 && len(c.runs) == 0 && !c.dead {
		c.dead = true
		delete(s.contents, c.geo.hash)
	}
}

// now is the clock of delays and log lines.
func (s *Store) now() time.Time { return time.Now() }

// filePerm and dirPerm are the modes of the files and folders of a Store. Other users
// may not read what is cached.
const (
	filePerm os.FileMode = 0o600
	dirPerm  os.FileMode = 0o700
)
