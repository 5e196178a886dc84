package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/fetch/ledger"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/webseed"
)

// Config holds the parts that a Session is made of. The session owns none of them: the
// caller closes the host, the store and the pool after the session.
type Config struct {
	Host  *peer.Host
	Store *cache.Store
	Pool  *cache.Pool
	// WebSeeds fetches from web servers (BEP 19); nil: they are not used.
	WebSeeds *webseed.Client
	// Objects outlives this machine, and is shared with others; nil: there is none.
	Objects *object.Store
	// NoMediaHints leaves the index of a film alone until its player asks for it.
	NoMediaHints bool
	// Memory bounds the pieces that are in flight or ahead of readers, in all
	// torrents, in bytes.
	Memory int64
	// MaxTorrents bounds the torrents in use, and MaxReaders the open Contents: 0
	// for the constants of these names.
	MaxTorrents, MaxReaders int
	// Work shares out CPU time for what is dear; nil: all of it is done at once.
	Work *cpushare.Gate
	// StateFile keeps the totals and upload policies of torrents over restarts; ""
	// keeps them in memory alone.
	StateFile string
	Log       *slog.Logger
}

// A Session holds the torrents of a process. Its methods are safe for
// concurrent use; it owns one goroutine, which lets unused torrents rest and
// end (reap).
type Session struct {
	host    *peer.Host
	store   *cache.Store
	pool    *cache.Pool
	budget  int64
	web     *webseed.Client
	objects *object.Store
	work    *cpushare.Gate
	log     *slog.Logger
	ledger  *ledger.Ledger

	mediaHints  bool
	maxTorrents int
	maxReaders  int64

	ctx      context.Context
	cancel   context.CancelFunc
	done     sync.WaitGroup // reap
	ends     sync.WaitGroup // torrents that are ending
	provers  chan struct{}  // one for each piece being verified ahead of its use
	readers  atomic.Int64
	used     atomic.Int64  // bytes in flight and ready for readers (memory.go)
	sourcing chan struct{} // holds one for each .torrent that is being fetched
	// torrentBytes are those of the torrents themselves (memory_torrents.go), written
	// under mu.
	torrentBytes atomic.Int64
	soughtBytes  int64         // of these, what is known of peers of torrents that are being looked for
	parsing      chan struct{} // holds a token for each torrent that is being parsed
	refusals     refusals
	gathering    gathering
	pinned       atomic.Int64 // bytes of the pieces that readers are sending from

	denied   atomic.Pointer[func(metainfo.InfoHash) bool] // Deny
	policies sync.Mutex                                   // held while a torrent is told of what was set; taken before mu

	mu        sync.Mutex                          // guards what follows; nothing under it waits for a torrent or the disk
	torrents  map[metainfo.InfoHash]*Torrent      // a hybrid by both its hashes
	live      map[*Torrent]struct{}               // those, and the ones that are being begun
	holdings  map[metainfo.InfoHash]*holding      // a hybrid by both its hashes
	opening   map[metainfo.InfoHash]chan struct{} // holdings that are being opened
	beginning map[metainfo.InfoHash]chan struct{} // torrents that are being begun
	kept      map[[20]byte]metainfo.InfoHash      // torrents of the cache, as peers ask for them
	keptMost  int                                 // how many there may be before they are listed anew
	supers    map[metainfo.InfoHash]bool          // torrents that are to be super-seeded
	seeking   map[sought]bool                     // torrents that are looked for since siblings asked
	sweep     sweep
	closed    bool
}

// NewSession starts a session without torrents.
func NewSession(cfg Config) (*Session, error) {
	if cfg.Host == nil || cfg.Store == nil || cfg.Pool == nil {
		return nil, errors.New("fetch: a session needs a host, a store and a pool")
	}
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Session{
		host: cfg.Host, store: cfg.Store, pool: cfg.Pool, web: cfg.WebSeeds, objects: cfg.Objects, work: cfg.Work, budget: max(cfg.Memory, minMemory),
		log: log, mediaHints: !cfg.NoMediaHints, ctx: ctx, cancel: cancel, torrents: make(map[metainfo.InfoHash]*Torrent),
		maxTorrents: cmp.Or(cfg.MaxTorrents, MaxTorrents), maxReaders: int64(cmp.Or(cfg.MaxReaders, MaxReaders)),
		gathering: gathering{of: make(map[*Torrent]int64), by: make(map[netip.Prefix]int64)},
		live:      make(map[*Torrent]struct{}), holdings: make(map[metainfo.InfoHash]*holding), parsing: make(chan struct{}, maxParsing),
		opening: make(map[metainfo.InfoHash]chan struct{}), beginning: make(map[metainfo.InfoHash]chan struct{}),
		sourcing: make(chan struct{}, maxSourcing),
		provers:  make(chan struct{}, maxProvers),
		kept:     make(map[[20]byte]metainfo.InfoHash), supers: make(map[metainfo.InfoHash]bool),
		seeking: make(map[sought]bool),
	}
	var err error
	if s.ledger, err = ledger.Open(cfg.StateFile); err != nil {
		s.log.Warn("totals and upload policies are lost", "err", err)
	}
	s.host.StopUploads(s.ledger.Stopped())
	s.listKept()
	s.host.OnResting(s.serve)
	s.host.OnSeek(s.seek)
	s.done.Go(s.reap)
	return s, nil
}

// keep puts metainfo into the cache.
func (s *Session) keep(mt *metainfo.Torrent) {
	if err := s.store.PutMetainfo(mt); err != nil {
		s.log.Warn("metainfo not kept", "infohash", mt.Info.ID(), "error", err)
	}
}

// refusals counts what was refused for want of room.
type refusals struct{ memory, torrents, readers atomic.Int64 }

// Load is what the session holds, and what it refused.
type Load struct {
	TorrentBytes, TorrentLimit int64 // what torrents take besides their pieces, and may
	PieceBytes, PieceLimit     int64 // pieces in flight and ready for readers
	GatheredBytes              int64 // metadata that is on its way from peers
	Holdings                   int   // torrents whose metadata is in memory
	// What was refused: for want of memory, of a place among the torrents, of one among
	// the readers.
	RefusedMemory, RefusedTorrents, RefusedReaders int64
}

// Load returns what the session holds now, and what it refused so far.
func (s *Session) Load() Load {
	s.mu.Lock()
	n := 0
	for ih, h := range s.holdings {
		if ih == h.info.ID() {
			n++
		}
	}
	s.mu.Unlock()
	return Load{
		TorrentBytes: s.torrentBytes.Load(), TorrentLimit: s.torrentLimit(), GatheredBytes: s.gathered(), PieceBytes: s.used.Load(), PieceLimit: s.pieceLimit(), Holdings: n,
		RefusedMemory: s.refusals.memory.Load(), RefusedTorrents: s.refusals.torrents.Load(), RefusedReaders: s.refusals.readers.Load(),
	}
}

// sharers is how many readers share the memory.
func (s *Session) sharers() int { return int(max(1, s.readers.Load())) }

// Info returns a torrent's metadata. Metadata that is not cached is looked for in the
// swarm, until ctx ends. The error is *UnavailableError when ctx's deadline passes, or,
// for a hasty request (Hints), when there is nothing to wait for. Refused metadata
// gives *metainfo.InvalidError. Metadata that is here needs no swarm, and Info begins
// none for it.
func (s *Session) Info(ctx context.Context, ih metainfo.InfoHash, h Hints) (*metainfo.Info, error) {
	for {
		info, err := s.infoOf(ctx, ih, h)
		if !errors.Is(err, errJoined) {
			return info, err
		}
	}
}

// infoOf is Info. errJoined: the metadata has come by the other infohash.
func (s *Session) infoOf(ctx context.Context, ih metainfo.InfoHash, h Hints) (*metainfo.Info, error) {
	held, err := s.holding(ctx, ih, asker{client: h.Client})
	if err == nil {
		defer held.release()
		if t := held.owner.Load(); t != nil && t.waiting.Load() > 0 {
			t.hint(h) // somebody may wait for just that
		}
		return held.info, nil
	}
	if !unknown(err) {
		return nil, err
	}
	t, err := s.torrent(ctx, ih, h)
	if err != nil {
		return nil, err
	}
	defer t.unhold()
	select {
	case <-t.resolved:
		return t.info, t.refused
	default:
	}
	t.want(h.Client)
	defer t.unwant(h.Client)
	defer t.race(ctx, h)()
	twin := t.seekTwin(ctx, h)
	defer twin.end()
	gone := twin.gone
	vigil := t.watch(h.Hasty, 0)
	defer vigil.end()
	progress := t.measure(0)
	for {
		select {
		case <-t.resolved:
			return t.info, t.refused
		case <-ctx.Done():
			return nil, twin.further(progress.with(t.unavailable(ctx, 0)))
		case <-vigil.look:
			if vigil.over() && twin.over() {
				return nil, twin.further(progress.with(t.vain(0, true)))
			}
		case <-gone:
			gone = nil
			if h.Hasty && vigil.over() {
				return nil, twin.further(progress.with(t.vain(0, true)))
			}
		case <-t.ctx.Done():
			if t.joined() {
				return nil, errJoined
			}
			return nil, t.over()
		}
	}
}

// Open starts the demand for n bytes at off of a file, n > 0. The metadata must be known (Info). Open waits, until ctx
// ends, only for a torrent that is just being begun or ended; ctx does not bound the opened Content. A range that is
// here as a whole has no demand and needs no swarm. If there is a swarm all the same, it learns of the hints' peers,
// which may want pieces of it.
func (s *Session) Open(ctx context.Context, ih metainfo.InfoHash, h Hints, f *metainfo.File, off, n int64) (Content, error) {
	if off < 0 || n <= 0 || off > f.Length-n {
		return nil, fmt.Errorf("fetch: range of %d bytes at %d of a file of %d", n, off, f.Length)
	}
	ctx, cancel := context.WithTimeout(ctx, beginTime)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	held, err := s.holding(ctx, ih, asker{client: h.Client})
	if err != nil {
		return nil, s.why(ih, err)
	}
	if !s.enterReader() {
		held.release()
		s.refusals.readers.Add(1)
		return nil, ErrBusy
	}
	c := newContent(held, ih, h, f, off, n)
	if c.allHeld(f, off, n) {
		c.readHeld(f, off)
		return c, nil
	}
	t, err := c.begin(ctx)
	if err != nil {
		c.Close()
		return nil, err
	}
	missing := t.missing(c.pos, c.end)
	if missing {
		c.join()
	}
	t.follow(c, f, off, missing)
	if s.mediaHints {
		t.hintMedia(f, off)
	}
	return c, nil
}

// why is the reason for which nothing is held of a torrent: it may be in use, and its
// metadata have been refused.
func (s *Session) why(ih metainfo.InfoHash, err error) error {
	if !unknown(err) {
		return err
	}
	s.mu.Lock()
	t := s.torrents[ih]
	s.mu.Unlock()
	if t == nil {
		return err
	}
	select {
	case <-t.resolved:
		if t.refused != nil && !t.joined() {
			return t.refused
		}
	default:
	}
	return err
}

// Add takes in a whole .torrent. It returns the infohash that its URLs have. ErrBusy where
// there is no memory for it.
func (s *Session) Add(mt *metainfo.Torrent) (metainfo.InfoHash, error) {
	ih := mt.Info.ID()
	ctx, cancel := context.WithTimeout(s.ctx, beginTime)
	defer cancel()
	held, err := s.holdingOf(ctx, mt, asker{})
	if err != nil {
		return ih, err
	}
	defer held.release()
	parsed, err := s.parse(ctx, netip.Prefix{}, int64(len(mt.Info.Raw())))
	if err != nil {
		return ih, err
	}
	mt = held.add(mt)
	parsed()
	for {
		t, err := s.torrent(ctx, ih, Hints{})
		if err != nil {
			return ih, err
		}
		taken := t.take(mt)
		t.unhold()
		if taken {
			s.mu.Lock()
			s.alias(t)
			s.mu.Unlock()
			return ih, t.refused
		}
		// It was refused for what this .torrent may have.
		s.mu.Lock()
		s.end(t)
		s.mu.Unlock()
		<-t.ended
	}
}

// Remove ends a torrent and drops what the cache holds of it.
func (s *Session) Remove(ih metainfo.InfoHash) error {
	s.mu.Lock()
	if t := s.torrents[ih]; t != nil {
		t.dropping = true
		s.end(t)
		s.mu.Unlock()
		<-t.ended
		return nil
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(s.ctx, beginTime)
	defer cancel()
	held, err := s.holding(ctx, ih, asker{})
	if err != nil {
		return err
	}
	held.drop()
	held.release()
	return nil
}

// List returns the status of every torrent in use, by infohash.
func (s *Session) List() []Status {
	var all []Status
	for _, t := range s.each() {
		all = append(all, t.Status())
	}
	for _, h := range s.readAlone() {
		all = append(all, h.status())
	}
	slices.SortFunc(all, func(a, b Status) int { return cmp.Compare(a.Hash, b.Hash) })
	return all
}

// Status returns a torrent's status; false where it is not in use.
func (s *Session) Status(ih metainfo.InfoHash) (Status, bool) {
	s.mu.Lock()
	t, h := s.torrents[ih], s.holdings[ih]
	alone := h != nil && h.alone()
	s.mu.Unlock()
	switch {
	case t != nil:
		return t.Status(), true
	case alone:
		return h.status(), true
	}
	return Status{}, false
}

// readAlone are the torrents that are read out of the cache, or were of late, and are not in
// use otherwise.
func (s *Session) readAlone() (all []*holding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ih, h := range s.holdings {
		if ih == h.info.ID() && h.alone() {
			all = append(all, h)
		}
	}
	return all
}

// alone reports whether it was read without a torrent, and there is none. The session's lock
// is held.
func (h *holding) alone() bool { return h.read && h.owner.Load() == nil }

// Close ends every torrent: what stopped is announced, within ctx.
func (s *Session) Close(ctx context.Context) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.host.OnResting(nil)
	s.cancel()
	s.done.Wait()
	for _, t := range s.each() {
		s.ends.Go(func() { t.close(ctx, false); t.record() })
	}
	s.ends.Wait()
	s.mu.Lock()
	for _, h := range s.holdings {
		if h.leaving = true; h.refs == 0 {
			h.close()
		}
	}
	s.mu.Unlock()
	return s.ledger.Save()
}
