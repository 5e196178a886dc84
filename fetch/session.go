package fetch

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/fetch/ledger"
	"github.com/btgw/btgw/internal/cpushare"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/metainfo/lanes"
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
	sideBySide  bool // pieces are hashed together (lanes.go)
	maxTorrents int
	maxReaders  int64
	begun       time.Time

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

// age is how long ago the session began.
func (s *Session) age() time.Duration { return time.Since(s.begun) }

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
		begun: time.Now(), host: cfg.Host, store: cfg.Store, pool: cfg.Pool, web: cfg.WebSeeds, objects: cfg.Objects, work: cfg.Work, budget: max(cfg.Memory, minMemory),
		log: log, mediaHints: !cfg.NoMediaHints, sideBySide: lanes.Available(), ctx: ctx, cancel: cancel, torrents: make(map[metainfo.InfoHash]*Torrent),
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

// sharers is how many readers share the memory.
func (s *Session) sharers() int { return int(max(1, s.readers.Load())) }

// bounded returns ctx for a wait of a call: it also ends after beginTime, and with the session.
func (s *Session) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, beginTime)
	stop := context.AfterFunc(s.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// Add takes in a whole .torrent. It returns the infohash that its URLs have. It waits for one of that infohash that is
// just being begun or ended, 10 s at most. ErrBusy where that takes longer, or where there is no memory for it; ctx's error
// where ctx ended before.
func (s *Session) Add(ctx context.Context, mt *metainfo.Torrent) (metainfo.InfoHash, error) {
	ih := mt.Info.ID()
	ctx, cancel := s.bounded(ctx)
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
		if err := s.awaitEnd(ctx, t); err != nil {
			return ih, err
		}
	}
}

// Remove ends a torrent and drops what the cache holds of it. It waits for the end, 10 s at most. Where that takes longer
// (ErrBusy), or ctx ends before (its error), a torrent in use is removed all the same.
func (s *Session) Remove(ctx context.Context, ih metainfo.InfoHash) error {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	s.mu.Lock()
	if t := s.torrents[ih]; t != nil {
		t.dropping = true
		s.end(t)
		s.mu.Unlock()
		return s.awaitEnd(ctx, t)
	}
	s.mu.Unlock()
	held, err := s.holding(ctx, ih, asker{})
	if err != nil {
		return err
	}
	held.drop()
	held.release()
	return nil
}

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
