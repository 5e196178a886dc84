package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/webseed"
)

// Config is what a Session is made of. The session owns none of it: the host,
// the store and the pool are closed by who opened them, after the session.
type Config struct {
	Host  *peer.Host
	Store *cache.Store
	Pool  *cache.Pool
	// WebSeeds fetches from web servers (BEP 19); nil: they are not used.
	WebSeeds *webseed.Client
	// NoMediaHints leaves the index of a film alone until its player asks for it.
	NoMediaHints bool
	// Memory bounds the pieces that are in flight or ahead of readers, in all
	// torrents, in bytes.
	Memory int64
	// MaxTorrents bounds the torrents in use, and MaxReaders the open Contents: 0
	// for the constants of these names.
	MaxTorrents, MaxReaders int
	// StateFile is where totals and upload policies of torrents are kept over
	// restarts; "" keeps them in memory alone.
	StateFile string
	Log       *slog.Logger
}

// A Session holds the torrents of a process. Its methods are safe for
// concurrent use; it owns one goroutine, which lets unused torrents rest and
// end (reap).
type Session struct {
	host   *peer.Host
	store  *cache.Store
	pool   *cache.Pool
	budget int64
	web    *webseed.Client
	log    *slog.Logger
	ledger *ledger

	mediaHints  bool
	maxTorrents int
	maxReaders  int64

	ctx     context.Context
	cancel  context.CancelFunc
	done    sync.WaitGroup // reap
	ends    sync.WaitGroup // torrents that are ending
	readers atomic.Int64
	used    atomic.Int64 // bytes in flight and ready for readers (memory.go)
	pinned  atomic.Int64 // bytes of the pieces that readers are sending from

	mu       sync.Mutex                     // guards what follows
	torrents map[metainfo.InfoHash]*Torrent // a hybrid by both its hashes
	kept     map[[20]byte]metainfo.InfoHash // torrents of the cache, as peers ask for them
	keptMost int                            // how many there may be before they are listed anew
	supers   map[metainfo.InfoHash]bool     // torrents that are to be super-seeded
	closed   bool
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
		host: cfg.Host, store: cfg.Store, pool: cfg.Pool, web: cfg.WebSeeds, budget: max(cfg.Memory, minMemory),
		log: log, mediaHints: !cfg.NoMediaHints, ctx: ctx, cancel: cancel, torrents: make(map[metainfo.InfoHash]*Torrent),
		maxTorrents: cmp.Or(cfg.MaxTorrents, MaxTorrents), maxReaders: int64(cmp.Or(cfg.MaxReaders, MaxReaders)),
		kept: make(map[[20]byte]metainfo.InfoHash), supers: make(map[metainfo.InfoHash]bool),
	}
	var err error
	if s.ledger, err = openLedger(cfg.StateFile); err != nil {
		s.log.Warn("totals and upload policies are lost", "err", err)
	}
	s.host.StopUploads(s.ledger.stopped)
	s.listKept()
	s.host.OnResting(s.serve)
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

// Info returns a torrent's metadata. What is not cached is looked for in the
// swarm, until ctx ends: *UnavailableError when its deadline passes, or for who is
// in haste (Hints) when there is nothing to wait for.
// Metadata that is refused gives *metainfo.InvalidError.
func (s *Session) Info(ctx context.Context, ih metainfo.InfoHash, h Hints) (*metainfo.Info, error) {
	t, err := s.torrent(ih, h)
	if err != nil {
		return nil, err
	}
	select {
	case <-t.resolved:
		return t.info, t.refused
	default:
	}
	t.want(h.Client)
	defer t.unwant(h.Client)
	vigil := t.watch(h.Hasty, 0)
	defer vigil.end()
	for {
		select {
		case <-t.resolved:
			return t.info, t.refused
		case <-ctx.Done():
			return nil, t.unavailable(ctx, 0)
		case <-vigil.look:
			if vigil.over() {
				return nil, t.vain(0, true)
			}
		case <-t.ctx.Done():
			return nil, ErrClosed
		}
	}
}

// Open starts the demand for n bytes at off of a file, n > 0. The metadata
// must be known (Info). It waits for nothing.
func (s *Session) Open(ih metainfo.InfoHash, h Hints, f *metainfo.File, off, n int64) (Content, error) {
	if off < 0 || n <= 0 || off > f.Length-n {
		return nil, fmt.Errorf("fetch: range of %d bytes at %d of a file of %d", n, off, f.Length)
	}
	t, err := s.torrent(ih, h)
	if err != nil {
		return nil, err
	}
	select {
	case <-t.resolved:
	default:
		return nil, ErrUnknown
	}
	if t.refused != nil {
		return nil, t.refused
	}
	if s.readers.Add(1) > s.maxReaders {
		s.readers.Add(-1)
		return nil, ErrBusy
	}
	c := t.open(f, off, n, h.Client)
	c.hasty = h.Hasty
	if s.mediaHints {
		t.hintMedia(f, off)
	}
	return c, nil
}

// Add takes in a whole .torrent. It returns the infohash that its URLs have.
func (s *Session) Add(mt *metainfo.Torrent) (metainfo.InfoHash, error) {
	ih := mt.Info.ID()
	mt = s.withLayers(mt)
	s.keep(mt)
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := s.torrents[ih]; t != nil; t = s.torrents[ih] {
		if !t.ending && t.take(mt) {
			s.alias(t)
			return ih, t.refused
		}
		// It is ending, or was refused for what this .torrent may have.
		s.end(t)
		s.mu.Unlock()
		<-t.ended
		s.mu.Lock()
	}
	_, err := s.begin(ih, mt, Hints{})
	return ih, err
}

// Remove ends a torrent and drops what the cache holds of it.
func (s *Session) Remove(ih metainfo.InfoHash) error {
	s.mu.Lock()
	t := s.torrents[ih]
	if t == nil {
		mt, ok := s.store.Metainfo(ih)
		if !ok {
			s.mu.Unlock()
			return ErrUnknown
		}
		var err error
		if t, err = s.begin(ih, mt, Hints{}); err != nil {
			s.mu.Unlock()
			return err
		}
	}
	t.dropping = true
	s.end(t)
	s.mu.Unlock()
	<-t.ended
	return nil
}

// List returns the status of every torrent in use, by infohash.
func (s *Session) List() []Status {
	var all []Status
	for _, t := range s.each() {
		all = append(all, t.Status())
	}
	slices.SortFunc(all, func(a, b Status) int { return cmp.Compare(a.Hash, b.Hash) })
	return all
}

// Status returns a torrent's status; false where it is not in use.
func (s *Session) Status(ih metainfo.InfoHash) (Status, bool) {
	s.mu.Lock()
	t := s.torrents[ih]
	s.mu.Unlock()
	if t == nil {
		return Status{}, false
	}
	return t.Status(), true
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
	return s.ledger.save()
}
