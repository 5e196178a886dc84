package names

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/btgw/btgw/internal/statefile"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/discovery/dht"
)

// Errors that callers decide on.
var (
	// ErrUnknown is a name that nobody who answered knows.
	ErrUnknown = errors.New("names: nobody knows the name")
	// ErrBusy means that the largest allowed number of names is being looked up.
	ErrBusy = errors.New("names: too many names are being looked up")
	// ErrClosed means that the Book was closed.
	ErrClosed = errors.New("names: closed")
)

// A DHT has mutable items; *dht.DHT is one.
type DHT interface {
	Get(ctx context.Context, key [32]byte, salt []byte, client netip.Prefix) (dht.Item, error)
	Put(ctx context.Context, it dht.Item) (taken int, newer *dht.Item, err error)
}

// A Shelf keeps items for other gateways, and beyond the life of this one: an object store. It is
// not believed: the signature is verified.
type Shelf interface {
	// Name returns what is kept of a name, by its place in the DHT.
	Name(ctx context.Context, target [20]byte) ([]byte, error)
	// KeepName has it replaced, behind the caller.
	KeepName(target [20]byte, item []byte)
}

// A Target is what a name stands for.
type Target struct {
	Hash metainfo.InfoHash
	Seq  int64
}

// Ask says for whom, and how, a name is resolved.
type Ask struct {
	// Anew asks the DHT although it was asked lately; more often than each anewTime it is not.
	Anew bool
	// Client shares the lookups with others; the zero Prefix is this process.
	Client netip.Prefix
}

// A Book knows what names stand for. Its methods are safe for concurrent use. It owns a goroutine that
// saves it, and one for each lookup.
type Book struct {
	dht   DHT
	shelf Shelf // nil: there is none
	file  statefile.File
	log   *slog.Logger
	ctx   context.Context
	stop  context.CancelFunc
	done  sync.WaitGroup

	mu      sync.Mutex
	known   *lru.LRU[Name, *entry]
	looking int
	changed bool // since the last save
}

// entry is what a Book knows of a name. Book.mu protects it.
type entry struct {
	item    *dht.Item // nil: none was ever seen
	target  Target
	asked   time.Time // when the DHT was asked last, and answered
	lookup  chan struct{}
	shelved chan struct{} // closed when the shelf has answered the lookup
	failure error         // of the last lookup; nil: it found an item
	uses    int           // how often it was resolved, shelfUses at most
	kept    int64         // the sequence number on the shelf, as far as is known
	onShelf bool          // kept is one
}

// OpenBook returns a Book that begins with what file has of earlier runs; "" keeps nothing. A file that
// is damaged is no reason not to begin. shelf may be nil.
func OpenBook(d DHT, shelf Shelf, file string, log *slog.Logger) *Book {
	b := &Book{dht: d, shelf: shelf, log: log, file: statefile.File{Path: file, Kind: "names", Version: 1, MaxSize: maxBookFile}}
	if log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	b.known, _ = lru.NewLRU[Name, *entry](maxNames, nil)
	items, err := loadItems(b.file)
	if err != nil {
		b.log.Warn("what names stood for in the last run is not known", "err", err)
	}
	for _, it := range items {
		b.learn(it)
	}
	b.ctx, b.stop = context.WithCancel(context.Background())
	b.done.Go(b.keep)
	return b
}

// Close ends the lookups, saves what is known and waits for that.
func (b *Book) Close() {
	b.stop()
	b.done.Wait()
	b.save()
}

// Resolve says what a name stands for: what the DHT said at most freshTime ago, or says now. Where it
// does not answer, what it said last holds. ErrUnknown, ErrBusy, ErrClosed, or ctx's error.
func (b *Book) Resolve(ctx context.Context, n Name, ask Ask) (Target, error) {
	b.mu.Lock()
	e, ok := b.known.Get(n)
	if !ok {
		e = &entry{}
	}
	e.uses = min(e.uses+1, shelfUses)
	if e.fresh(time.Now(), ask.Anew) {
		b.keepOnShelf(e)
		target, err := e.target, e.failure
		b.mu.Unlock()
		if !target.Hash.IsZero() {
			err = nil
		}
		return target, err
	}
	if err := b.lookUp(n, e, ask.Client); err != nil {
		b.mu.Unlock()
		return Target{}, err
	}
	lookup, shelved, stale := e.lookup, e.shelved, !e.target.Hash.IsZero()
	b.mu.Unlock()
	var late <-chan time.Time
	for lookup != nil || shelved != nil && !stale {
		if stale && late == nil {
			timer := time.NewTimer(staleWait)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-lookup:
			lookup = nil
		case <-shelved:
			shelved = nil
		case <-late:
			lookup = nil
		case <-ctx.Done():
			return Target{}, ctx.Err()
		}
		b.mu.Lock()
		stale = !e.target.Hash.IsZero()
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keepOnShelf(e)
	if !e.target.Hash.IsZero() {
		return e.target, nil
	}
	return Target{}, e.failure
}

// Known is what a name stands for as far as is known. It asks nobody.
func (b *Book) Known(n Name) (Target, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.known.Peek(n)
	if !ok || e.target.Hash.IsZero() {
		return Target{}, false
	}
	return e.target, true
}

// fresh reports whether nobody has to be asked.
func (e *entry) fresh(now time.Time, anew bool) bool {
	life := freshTime
	switch {
	case e.target.Hash.IsZero():
		life = absentTime
	case anew:
		life = anewTime
	}
	return e.lookup == nil && now.Sub(e.asked) < life
}

// lookUp begins a lookup, unless one is under way. b.mu is held.
func (b *Book) lookUp(n Name, e *entry, client netip.Prefix) error {
	switch {
	case e.lookup != nil:
		return nil
	case b.ctx.Err() != nil:
		return ErrClosed
	case b.looking == maxLookups:
		return ErrBusy
	}
	b.known.Add(n, e)
	b.looking++
	done := make(chan struct{})
	e.lookup = done
	b.askShelf(n, e)
	b.done.Go(func() {
		ctx, cancel := context.WithTimeout(b.ctx, lookupTime)
		defer cancel()
		it, err := b.dht.Get(ctx, n.Key, []byte(n.Salt), client)
		b.mu.Lock()
		defer b.mu.Unlock()
		e.failure = nil
		switch {
		case errors.Is(err, dht.ErrNoItem):
			e.failure = ErrUnknown
		case err != nil:
			e.failure = fmt.Errorf("%w: %w", ErrUnknown, err)
		default:
			e.take(&it)
			b.changed = true
		}
		e.asked, e.lookup = time.Now(), nil
		b.looking--
		close(done)
	})
	return nil
}

// take notes an item, unless a newer one is known.
func (e *entry) take(it *dht.Item) {
	if e.item != nil && it.Seq <= e.item.Seq {
		return
	}
	hash, ok := decode(it.Value)
	if !ok {
		if e.item == nil {
			e.failure = fmt.Errorf("%w: it names no torrent", ErrUnknown)
		}
		return
	}
	e.item, e.target = it, Target{hash, it.Seq}
}

// Learn takes in an item that came in another way than by a lookup, ours for one.
func (b *Book) Learn(it dht.Item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.learn(it).asked = time.Now()
	b.changed = true
}

// learn is Learn. b.mu is held, or nobody else knows b.
func (b *Book) learn(it dht.Item) *entry {
	n := Name{Key: it.Key, Salt: string(it.Salt)}
	e, ok := b.known.Get(n)
	if !ok {
		e = &entry{}
		b.known.Add(n, e)
	}
	e.take(&it)
	return e
}

// keep saves what has changed, from time to time.
func (b *Book) keep() {
	ticker := time.NewTicker(saveTime)
	defer ticker.Stop()
	for {
		select {
		case <-b.ctx.Done():
			return
		case <-ticker.C:
			b.save()
		}
	}
}

func (b *Book) save() {
	b.mu.Lock()
	if !b.changed {
		b.mu.Unlock()
		return
	}
	b.changed = false
	var items []dht.Item
	for _, e := range b.known.Values() { // the oldest first
		if e.item != nil {
			items = append(items, *e.item)
		}
	}
	b.mu.Unlock()
	if err := saveItems(b.file, items); err != nil {
		b.log.Warn("what names stand for is not kept", "err", err)
	}
}
