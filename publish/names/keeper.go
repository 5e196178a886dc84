package names

import (
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"math"
	"path/filepath"
	"sync"
	"time"

	"github.com/btgw/btgw/internal/statefile"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/discovery/dht"
)

var (
	// ErrTooMany means that the largest allowed number of our names exists.
	ErrTooMany = errors.New("names: too many names")
	// ErrSpent is a name that has the highest sequence number: it stands for what it does for ever.
	ErrSpent = errors.New("names: the last sequence number is used, so the name cannot stand for anything else: choose another name")
)

// A Keeper has names of ours stand for something: it signs that, and has the DHT know it. Its methods
// are safe for concurrent use. It owns one goroutine a name that was set.
type Keeper struct {
	dht  DHT
	book *Book
	key  ed25519.PrivateKey
	file statefile.File
	log  *slog.Logger
	ctx  context.Context
	stop context.CancelFunc
	done sync.WaitGroup

	mu     sync.Mutex // held while the file is written: what is said is on disk before
	own    map[string]*own
	lonely time.Time // when no node took a name for the first time since one did; zero: the last was taken
	warned bool      // the log says that no node takes names
}

// own is a name of ours. Keeper.mu protects it.
type own struct {
	item   dht.Item
	news   chan struct{} // holds one token; nil: nobody says it in this run
	stored int           // how many nodes took it last
	taken  bool          // a node took it since it was set: what is newer was said after it
	ceded  int64         // the sequence number of the last that it gave way to
}

// OpenKeeper returns a Keeper of the key and the names that are kept below dir. Names of earlier runs
// are said again only once they are set: what they stand for may not be served any more.
func OpenKeeper(d DHT, book *Book, key ed25519.PrivateKey, dir string, log *slog.Logger) (*Keeper, error) {
	k := &Keeper{
		dht: d, book: book, key: key, log: log, own: make(map[string]*own),
		file: statefile.File{Path: filepath.Join(dir, "own"), Kind: "own-names", Version: 1, MaxSize: maxOwnFile},
	}
	if log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	items, err := loadItems(k.file)
	if err != nil {
		return nil, err // going on would sign a sequence number twice
	}
	for _, it := range items {
		if string(it.Key[:]) == string(key.Public().(ed25519.PublicKey)) {
			k.own[string(it.Salt)] = &own{item: it}
		}
	}
	k.ctx, k.stop = context.WithCancel(context.Background())
	return k, nil
}

// Close ends what the Keeper does, and waits for it. Nodes of the DHT know the names for two hours more.
func (k *Keeper) Close() {
	k.stop()
	k.done.Wait()
}

// Name is the name of a salt.
func (k *Keeper) Name(salt string) Name {
	return Name{Key: [32]byte(k.key.Public().(ed25519.PublicKey)), Salt: salt}
}

// Set has a name stand for a torrent from now on, until Close. What it stands for is on disk when Set
// returns, and said to the DHT soon after, and each hour again. The sequence number is higher than each
// before: the time in seconds, so that it is too where the state was lost. Another holder of the key that has it
// stand for something else later has the last word, until Set is called again.
func (k *Keeper) Set(salt string, hash metainfo.InfoHash) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	o := k.own[salt]
	switch {
	case k.ctx.Err() != nil:
		return ErrClosed
	case o == nil && len(k.own) >= maxOwn:
		return ErrTooMany
	case o == nil:
		o = &own{}
	}
	o.taken = false
	if string(o.item.Value) != string(encode(hash)) {
		if o.item.Seq == math.MaxInt64 {
			return ErrSpent
		}
		if err := k.sign(salt, o, max(o.item.Seq+1, time.Now().Unix()), encode(hash)); err != nil {
			return err
		}
	}
	k.book.Learn(o.item)
	if o.news == nil {
		o.news = make(chan struct{}, 1)
		k.done.Go(func() { k.say(o) })
	}
	select {
	case o.news <- struct{}{}:
	default:
	}
	return nil
}

// sign gives a name a new item, once it is on disk. k.mu is held.
func (k *Keeper) sign(salt string, o *own, seq int64, value []byte) error {
	it, err := dht.SignItem(k.key, []byte(salt), seq, value)
	if err != nil {
		return err
	}
	items := []dht.Item{it}
	for other, own := range k.own {
		if other != salt {
			items = append(items, own.item)
		}
	}
	if err := saveItems(k.file, items); err != nil {
		return err
	}
	o.item = it
	k.own[salt] = o
	return nil
}

// Stored is how many nodes of the DHT took a name last.
func (k *Keeper) Stored(salt string) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	if o := k.own[salt]; o != nil {
		return o.stored
	}
	return 0
}

// say has the DHT know a name, until the Keeper is closed.
func (k *Keeper) say(o *own) {
	retry := firstRetry
	for {
		wait := againTime
		if k.put(o) {
			retry = firstRetry
		} else {
			wait = retry
			retry = min(2*retry, maxRetry)
		}
		timer := time.NewTimer(wait)
		select {
		case <-k.ctx.Done():
			timer.Stop()
			return
		case <-o.news:
			retry = firstRetry
		case <-timer.C:
		}
		timer.Stop()
	}
}

// put says it once; false where it has to be said again soon.
func (k *Keeper) put(o *own) bool {
	select {
	case <-o.news: // what follows is all the news
	default:
	}
	k.mu.Lock()
	it := o.item
	k.mu.Unlock()
	taken, newer, err := k.dht.Put(k.ctx, it)
	k.mu.Lock()
	defer k.mu.Unlock()
	o.stored = taken
	name := k.Name(string(it.Salt))
	switch {
	case k.ctx.Err() != nil:
	case newer != nil:
		k.reached()
		return k.answer(o, it, newer)
	case err != nil:
		k.log.Debug("no node took the name", "name", name.Path(), "err", err)
		k.unreached(name, err)
	default:
		k.reached()
		k.log.Debug("nodes took the name", "name", name.Path(), "nodes", taken, "seq", it.Seq)
		o.taken = o.taken || o.item.Seq == it.Seq
		return true
	}
	return false
}

// answer goes on from an item that somebody with this key, or we before our state was lost, said in place of it. false
// where ours has to be said again soon. What says the same is taken over as it is. What was said after ours is left to
// stand: two that each said theirs anew with a higher number would never end. k.mu is held.
func (k *Keeper) answer(o *own, it dht.Item, newer *dht.Item) bool {
	if o.item.Seq != it.Seq {
		return false // it was set again meanwhile
	}
	name, seq := k.Name(string(it.Salt)), newer.Seq
	if string(newer.Value) != string(it.Value) {
		if o.taken || seq == math.MaxInt64 {
			k.cede(o, newer)
			return true
		}
		seq++
		k.log.Warn("the name was said to stand for something else, with a sequence number as high as ours or higher", "name", name.Path(), "seq", newer.Seq)
	}
	if err := k.sign(string(it.Salt), o, seq, it.Value); err != nil {
		k.log.Error("the name cannot be signed anew", "name", name.Path(), "err", err)
	} else {
		k.book.Learn(o.item)
	}
	return false
}

// cede leaves a name to what another holder of the key said. Ours is tried again each hour: it counts again where nodes
// forgot the other. k.mu is held.
func (k *Keeper) cede(o *own, newer *dht.Item) {
	k.book.Learn(*newer)
	o.stored = 0
	if o.ceded == newer.Seq {
		return
	}
	o.ceded = newer.Seq
	name := k.Name(string(newer.Salt)).Path()
	if newer.Seq == math.MaxInt64 {
		k.log.Error("somebody with our key has the name stand for something else with the last sequence number: nobody can change it any more; choose another name", "name", name)
		return
	}
	k.log.Warn("somebody with our key has the name stand for something else since: that holds until it is published here anew", "name", name, "seq", newer.Seq)
}

// unreached warns once where names have been in vain for lonelyTime: a name that nobody can look up was
// printed. k.mu is held.
func (k *Keeper) unreached(name Name, err error) {
	now := time.Now()
	if k.lonely.IsZero() {
		k.lonely = now
	}
	if k.warned || now.Sub(k.lonely) < lonelyTime {
		return
	}
	k.warned = true
	k.log.Warn("no node of the DHT takes our names: nobody can look them up (does UDP leave this machine, and come back?)",
		"name", name.Path(), "since", now.Sub(k.lonely).Round(time.Second), "err", err)
}

// reached ends what unreached began: nodes answer. k.mu is held.
func (k *Keeper) reached() {
	if k.warned {
		k.log.Info("nodes of the DHT answer again: our names can be looked up")
	}
	k.lonely, k.warned = time.Time{}, false
}
