package fetch

import (
	"context"
	"errors"
	"sync"

	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/metainfo"
)

// What is read a second time is written to the object store, so that it outlives this machine
// and is there for others. What is read once is not: it would fill the store with what nobody
// asks for again. A run is read a second time as soon as more bytes were sent of it than it has.
// It is written when all of it is here. Readers wait for nothing of that.

// A shelf is a torrent's part of the object store, as far as it is known. It is safe for
// concurrent use.
type shelf struct {
	h      *holding
	store  *object.Store
	layout object.Layout

	mu     sync.Mutex // guards what follows; taken before the cache's
	listed bool
	has    metainfo.Bitfield // runs that the store has
	fresh  map[int]bool      // runs that were written since the last list began
	sent   map[int]int64     // bytes that were sent, of runs that it has not
	queued map[int]bool      // runs that wait to be written
	layers int               // piece layers that were kept with the metainfo; -1: it was not kept
}

// newShelf returns a holding's; nil without an object store.
func newShelf(h *holding) *shelf {
	if h.s.objects == nil {
		return nil
	}
	l := object.NewLayout(h.info)
	return &shelf{
		h: h, store: h.s.objects, layout: l, has: metainfo.NewBitfield(l.Runs()), layers: -1,
		fresh: make(map[int]bool), sent: make(map[int]int64), queued: make(map[int]bool),
	}
}

// list asks the store what it has.
func (s *shelf) list(ctx context.Context) error {
	s.mu.Lock()
	clear(s.fresh)
	s.mu.Unlock()
	has, err := s.store.Runs(ctx, s.h.info)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for run := range s.fresh {
		has.Set(run)
	}
	s.has, s.listed = has, true
	return nil
}

// pieces is what the store has, by pieces.
func (s *shelf) pieces() metainfo.Bitfield {
	s.mu.Lock()
	defer s.mu.Unlock()
	pieces := metainfo.NewBitfield(s.h.info.NumPieces())
	for run := range s.layout.Runs() {
		if s.has.Has(run) {
			first, last := s.layout.Pieces(run)
			for i := first; i <= last; i++ {
				pieces.Set(i)
			}
		}
	}
	return pieces
}

// read counts n bytes of a piece that were sent to a reader, and has the piece's run written if
// it is due. It does not wait.
func (s *shelf) read(piece int, n int64) {
	if s == nil {
		return
	}
	run := s.layout.RunOf(piece)
	s.mu.Lock()
	news := s.layers < 0
	if !s.has.Has(run) && !s.queued[run] {
		s.sent[run] += n
		news = s.queue(run) || news
	}
	s.mu.Unlock()
	if news {
		s.keepMetainfo()
	}
}

// queue has a run written that is due and here, and reports whether it has. s.mu is held.
func (s *shelf) queue(run int) bool {
	if s.sent[run] <= s.layout.Size(run) {
		return false
	}
	first, last := s.layout.Pieces(run)
	if _, whole, _ := s.h.stored.Range(first, last); !whole {
		return false
	}
	session, ih := s.h.s, s.h.info.ID()
	s.queued[run] = s.store.Keep(func() *object.Write { return session.writeRun(ih, run) })
	return s.queued[run]
}

// writeRun is the write of a run whose turn it is; nil where the torrent is not in memory any more. What waits does not
// keep it there.
func (s *Session) writeRun(ih metainfo.InfoHash, run int) *object.Write {
	h := s.borrow(ih)
	if h == nil {
		return nil
	}
	return &object.Write{
		Info: h.info, Run: run,
		Open: func(piece int) (object.Piece, error) { return h.shelf.open(run, piece) },
		Done: func(err error) {
			h.shelf.kept(run, err)
			h.release()
		},
	}
}

// borrow is what is held of a torrent in memory, until release; nil where it is not. Nobody asked for it thereby.
func (s *Session) borrow(ih metainfo.InfoHash) *holding {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.holdings[ih]
	if h != nil {
		h.refs++
	}
	return h
}

// writeMetainfo returns the metainfo to be written, and what to call at the end; nil likewise.
func (s *Session) writeMetainfo(ih metainfo.InfoHash) (mt *metainfo.Torrent, done func(error)) {
	h := s.borrow(ih)
	if h == nil {
		return nil, nil
	}
	return h.metainfo(), func(err error) {
		if err != nil {
			h.shelf.lacksMetainfo()
		}
		h.release()
	}
}

// errShelved means that the store has a run already.
var errShelved = errors.New("fetch: the object store has it")

// open gives a piece to be written. Before the first, the store is asked what it has, where that
// is not known.
func (s *shelf) open(run, piece int) (object.Piece, error) {
	s.mu.Lock()
	listed, has := s.listed, s.has.Has(run)
	s.mu.Unlock()
	if !listed {
		if err := s.list(s.h.s.ctx); err != nil {
			return nil, err
		}
		return s.open(run, piece)
	}
	if has {
		return nil, errShelved
	}
	return s.h.stored.Get(piece)
}

// kept takes in what became of a write. What failed is due again when it was read once more.
func (s *shelf) kept(run int, err error) {
	s.mu.Lock()
	delete(s.queued, run)
	delete(s.sent, run)
	there := err == nil || errors.Is(err, errShelved)
	if there {
		s.has.Set(run)
		s.fresh[run] = true
	}
	s.mu.Unlock()
	if !there {
		s.h.s.log.Debug("a run was not kept in the object store", "infohash", s.h.info.ID(), "run", run, "error", err)
		return
	}
	if t := s.h.owner.Load(); t != nil {
		t.gainRun(run)
	}
}

// wrong says that the object of a run had wrong bytes. It is deleted, and written anew as soon as
// the run is here and somebody reads it.
func (s *shelf) wrong(ctx context.Context, run int) {
	s.mu.Lock()
	s.has.Clear(run)
	delete(s.fresh, run)
	s.mu.Unlock()
	if err := s.store.Wrong(ctx, s.h.info, run); err != nil {
		s.h.s.log.Info("a wrong object was not deleted", "infohash", s.h.info.ID(), "run", run, "error", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent[run] = s.layout.Size(run) // the next byte makes it due
}

// clear forgets what the store had: it was deleted.
func (s *shelf) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.has)
	clear(s.fresh)
	clear(s.sent)
	s.layers = -1
}

// keepMetainfo has the metainfo written if more is known than was kept.
func (s *shelf) keepMetainfo() {
	layers := len(s.h.metainfo().Layers)
	s.mu.Lock()
	defer s.mu.Unlock()
	if layers <= s.layers {
		return
	}
	session, ih := s.h.s, s.h.info.ID()
	if s.store.KeepMetainfo(func() (*metainfo.Torrent, func(error)) { return session.writeMetainfo(ih) }) {
		s.layers = layers
	}
}

// lacksMetainfo says that the metainfo was not written.
func (s *shelf) lacksMetainfo() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.layers = -1
}
