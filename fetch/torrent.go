package fetch

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch/hashplan"
	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A Torrent is a swarm, its scheduler and its pieces. Its methods are safe for
// concurrent use.
//
// It owns one goroutine, which sleeps until a block is late (run). Everything
// else happens on the goroutines of connections and readers.
type Torrent struct {
	s     *Session
	hash  metainfo.InfoHash // the one that it was first asked by
	log   *slog.Logger
	swarm *peer.Swarm
	epoch time.Time

	begun     chan struct{} // closed when swarm is set: the swarm may call before
	resolved  chan struct{} // closed when the metadata is known, or refused
	resolving atomic.Bool   // somebody is at it
	fromStart atomic.Bool   // who waits for the metadata wants the first bytes
	ctx       context.Context
	cancel    context.CancelFunc
	wake      chan struct{} // the timer is to look again
	done      sync.WaitGroup

	// Guarded by the session's lock.
	ending   bool          // close was called, or is about to be
	dropping bool          // what is cached goes too
	known    bool          // it has a place of those whose metadata is known
	counted  int64         // bytes that are counted besides its holding's
	ended    chan struct{} // closed when it is out of the table

	// Set before resolved is closed, constant from then on.
	info    *metainfo.Info
	h       *holding
	stored  *cache.Torrent // h.stored
	refused error

	client    netip.Prefix // that asked first
	waiting   atomic.Int32 // demand, for those that hold no lock
	uses      atomic.Int32 // demand, contents and those who are about to use it (hold)
	lastUsed  atomic.Int64 // of now, when there was one less of them the last time
	unproven  atomic.Bool  // there is something in proving.left
	follows   atomic.Bool  // files may be read one after another (follow)
	superSeed bool         // peers are shown what is held before it was verified; set with the swarm

	trees   layerTrees
	keeping sync.Mutex // held while layers are put into the cache

	mu       lock // guards what follows
	name     string
	core     *sched.Core
	layers   metainfo.PieceLayers  // that are whole; constant once there is no plan
	plan     *hashplan.Plan        // nil: no hashes are missing
	layered  chan struct{}         // closed when there is no plan; set with core
	unkept   bool                  // layers have come that are not kept on disk
	kept     time.Time             // when they last were
	pulls    map[int][]*pull       // what siblings wait for, by piece
	ready    map[int]*cache.Buffer // verified pieces inside windows, or on their way to the cache
	effects  []sched.Effect        // scratch of send
	batch    []peer.Command
	pending  []*sched.Flight      // pieces to hash, put off by who brought them
	lanes    laneSet              // pieces to hash together
	armed    time.Duration        // when the timer goes off; 0 never
	clients  map[netip.Prefix]int // those that demand counts
	demand   int                  // contents and those who wait for metadata
	ours     bool                 // the last of them was this process itself
	contents int
	// published: it takes no place of those that are in use for readers. The session's
	// lock guards it.
	published bool
	warm      bool // the swarm is dialled
	alone     noSources
	cost      cache.MissCost // what the cache was told last (appraise)
	served    int64
	seeds     webSeeds
	objects   objects
	proving   proving
	sources   sources
	before    Totals // of earlier runs
	policy    peer.UploadPolicy
	closed    bool
}

func (t *Torrent) now() time.Duration { return time.Since(t.epoch) }

// start makes the core, once the metadata is known: connections join right
// after it.
func (t *Torrent) start(held *holding, layers metainfo.PieceLayers) error {
	info, stored := held.info, held.stored
	plan, err := hashplan.New(info, layers)
	if err == nil && !held.owner.CompareAndSwap(nil, t) {
		err = errJoined
	}
	if err != nil {
		t.s.mu.Lock()
		held.leaving = held.leaving || held.owner.Load() == nil
		t.s.mu.Unlock()
		held.release()
		return err
	}
	t.mu.Lock()
	t.info, t.h, t.stored = info, held, stored
	t.served += held.served.Swap(0)
	t.beginLayers(layers, plan)
	t.name = info.Name
	t.core = sched.New(info, stored.Have(), t.s.budget, pieceMemory{t.s})
	t.proving = proving{left: stored.Unproven(), hurry: make(chan struct{}, 1)}
	t.unproven.Store(t.proving.left != nil)
	t.core.ShuffleKey = rand.Uint64()
	if t.fromStart.Load() {
		// Its reader comes in a moment; what was asked for early is for it.
		now := t.now()
		t.core.Prefetch(now, 0, int64(info.PieceSize(0)), now+startTime)
	}
	t.mu.Unlock()
	t.done.Go(t.run)
	return nil
}

// want counts the clients that need the swarm; the first one has it dialled.
func (t *Torrent) want(client netip.Prefix) {
	t.swarm.AddClient(client)
	t.mu.Lock()
	t.demand++
	t.waiting.Add(1)
	t.uses.Add(1)
	t.clients[client]++
	hinted := t.clients[client] == 1 && len(t.seeds.all) > 0
	cold := !t.warm
	t.warm = true
	if cold {
		t.alone.sought(t.now())
	}
	t.mu.Unlock()
	if hinted {
		t.restWebSeeds(false)
	}
	if cold {
		t.swarm.SetWanted(true)
	}
}

// unwant takes back what want counted.
func (t *Torrent) unwant(client netip.Prefix) {
	t.swarm.RemoveClient(client)
	t.mu.Lock()
	t.demand--
	t.waiting.Add(-1)
	if t.clients[client]--; t.clients[client] == 0 {
		delete(t.clients, client)
	}
	t.ours = client == netip.Prefix{}
	t.unhold()
	t.mu.Unlock()
}

// hold says that somebody is about to use the torrent: until unhold it is not idle, so that
// it does not make way for another before it is of use. The session's lock is held, with
// which it is seen that the torrent is not ending.
func (t *Torrent) hold() { t.uses.Add(1) }

// unhold takes back what hold, or having begun it, counted.
func (t *Torrent) unhold() {
	t.lastUsed.Store(int64(t.now()))
	t.uses.Add(-1)
}

// unused is for how long nobody has used the torrent, and whether nobody does. It takes no
// lock: it is asked under the session's.
func (t *Torrent) unused() (d time.Duration, idle bool) {
	idle = t.uses.Load() == 0
	return t.now() - time.Duration(t.lastUsed.Load()), idle
}

// rest lets the swarm cool when nobody has needed it for a while, and reports
// how long the torrent has been unused. One that has readers is not idle, even
// where all that they read is in the cache.
func (t *Torrent) rest() (unused time.Duration, idle bool) {
	t.restWebSeeds(true)
	t.mu.Lock()
	if t.demand > 0 {
		t.mu.Unlock()
		return 0, false
	}
	unused, idle = t.unused()
	cools := t.warm && unused >= lingerFor
	t.mu.Unlock()
	if cools {
		t.cool(t.swarm.Promising())
	}
	return unused, idle
}

// cool lets the swarm cool, unless somebody needs it, or may soon.
func (t *Torrent) cool(promising bool) {
	t.mu.Lock()
	if unused, _ := t.unused(); t.demand > 0 || !t.warm || unused < t.patience(promising) {
		t.mu.Unlock()
		return
	}
	t.warm = false
	t.before.LastReader = time.Now().Round(time.Second).UTC()
	var bans []sched.Effect
	if t.core != nil {
		t.core.Cool()
		bans = t.settle(t.now())
	}
	t.mu.Unlock()
	t.punish(bans)
	t.swarm.SetWanted(false)
}

// patience is how long the swarm is kept warm for nobody. The lock is held.
func (t *Torrent) patience(promising bool) time.Duration {
	switch {
	case !promising && !t.ours:
		return lingerFor
	case t.core == nil:
		return searchFor
	}
	return warmFor
}

// close ends the torrent: its swarm, its readers, its memory, and what the cache
// holds of it if it is to be dropped.
func (t *Torrent) close(ctx context.Context, drop bool) {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return
	}
	t.closed = true
	t.mu.Unlock()
	t.cancel()
	t.swarm.Close(ctx)
	t.s.gather(t, 0)
	t.done.Wait()

	t.mu.Lock()
	for n, b := range t.ready {
		b.Release()
		t.s.free(t.info.PieceSize(n))
	}
	t.ready = nil
	if t.core != nil {
		for len(t.core.Order) > 0 {
			t.core.Drop(t.core.Order[0])
		}
	}
	t.mu.Unlock()
	if drop {
		t.mu.Lock()
		t.unkept = false
		t.mu.Unlock()
	}
	t.keepLayers(true) // or wait for who is at it
	t.letGo(drop)
}

// letGo gives the holding back, and drops what the cache has if that is to go.
func (t *Torrent) letGo(drop bool) {
	h := t.h
	if h == nil {
		return
	}
	h.owner.CompareAndSwap(t, nil)
	if drop {
		h.stored.Remove()
	}
	t.s.mu.Lock()
	h.dropped = h.dropped || drop
	h.read = h.readers > 0
	if h.size > 0 {
		h.size -= t.counted
		t.s.count(-t.counted)
		t.counted = 0
	}
	if drop {
		h.unlist()
	}
	t.s.mu.Unlock()
	h.release()
}

// over returns the reason why a torrent that was waited for has ended. It made way, or was
// removed, and may be asked for again, unless the session ends.
func (t *Torrent) over() error {
	if t.s.ctx.Err() != nil {
		return ErrClosed
	}
	return ErrBusy
}

// missing reports whether not all of a range is here.
func (t *Torrent) missing(pos, end int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.core.Missing(pos, end)
}
