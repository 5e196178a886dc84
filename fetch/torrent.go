package fetch

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/webseed"
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
	ended    chan struct{} // closed when it is out of the table

	// Set before resolved is closed, constant from then on.
	info    *metainfo.Info
	layers  metainfo.PieceLayers
	stored  *cache.Torrent
	refused error

	mu       sync.Mutex // guards what follows
	name     string
	core     *core
	ready    map[int]*cache.Buffer // verified pieces inside windows, or on their way to the cache
	effects  []effect              // scratch of send
	batch    []peer.Command
	pending  []*flight     // pieces to hash, put off by who brought them
	armed    time.Duration // when the timer goes off; 0 never
	demand   int           // contents and those who wait for metadata
	contents int
	lastUsed time.Time
	warm     bool // the swarm is dialled
	alone    solitude
	served   int64
	seeds    webSeeds
	before   Totals // of earlier runs
	policy   peer.UploadPolicy
	closed   bool
}

func (t *Torrent) now() time.Duration { return time.Since(t.epoch) }

// start makes the core, once the metadata is known: connections join right
// after it.
func (t *Torrent) start(info *metainfo.Info, layers metainfo.PieceLayers) error {
	stored, err := t.s.store.Torrent(info, layers, t.evicted)
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.info, t.layers, t.stored = info, layers, stored
	t.name = info.Name
	t.core = newCore(info, stored.Have(), t.s.budget, t.s)
	t.core.salt = rand.Uint64()
	if t.fromStart.Load() {
		// Its reader comes in a moment; what was asked for early is for it.
		now := t.now()
		t.core.prefetch(now, 0, int64(info.PieceSize(0)), now+startTime)
	}
	t.mu.Unlock()
	t.done.Go(t.run)
	return nil
}

// settleFor runs the picker where an event asks for it, and sees to it that the
// timer goes off in time for l. The lock is held.
func (t *Torrent) settleFor(now time.Duration, l *link) {
	if t.core.kick {
		t.core.fillAll(now)
		t.rearm(now)
		return
	}
	if at, ok := l.due(); ok {
		t.arm(at)
	}
	if t.core.starved {
		t.arm(now + starvedRetry)
	}
}

// settle is settleFor after an event of a reader or the swarm; it returns the
// bans.
func (t *Torrent) settle(now time.Duration) []effect {
	if t.core.kick {
		t.core.fillAll(now)
	}
	t.rearm(now)
	return t.send()
}

func (t *Torrent) rearm(now time.Duration) {
	if at, ok := t.core.next(now); ok {
		t.arm(at)
	}
}

func (t *Torrent) arm(at time.Duration) {
	if t.armed != 0 && t.armed <= at {
		return
	}
	t.armed = max(at, 1)
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// run sleeps until something is late, and lets the core act on it.
func (t *Torrent) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		t.mu.Lock()
		now := t.now()
		var bans []effect
		if t.armed != 0 && now >= t.armed {
			t.armed = 0
			t.core.tick(now)
			if t.core.idled {
				t.core.idled = false
				t.leaveAll()
			}
			if t.core.starved {
				t.leaveStored()
			}
			bans = t.settle(now)
		}
		wait := time.Hour
		if t.armed != 0 {
			wait = max(0, t.armed-now)
		}
		t.mu.Unlock()
		t.punish(bans)
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-t.wake:
		case <-t.ctx.Done():
			return
		}
	}
}

// finish ends the download of a piece, all of which was hashed. It is called
// with the lock and releases it.
func (t *Torrent) finish(f *flight, ok bool) {
	t.compose(f)
	now := t.now()
	if !t.core.verified(now, f, ok) {
		bans := t.settle(now)
		t.mu.Unlock()
		t.log.Info("piece failed its hash", "piece", f.piece)
		t.punish(bans)
		return
	}
	buf := f.buf
	f.buf = nil
	t.ready[f.piece] = buf
	for _, w := range t.core.windows {
		if w.waiting && int(w.pos/t.info.PieceLength) == f.piece {
			w.wakeUp()
		}
	}
	t.stored.Put(f.piece, buf) // it keeps the buffer; the disk comes later
	t.leavePiece(f.piece)
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
	t.swarm.Have(f.piece)
}

// reconcile tries to make a right piece of the two copies that there are (opinion.go).
// The lock is let go while it hashes.
func (t *Torrent) reconcile(f *flight) bool {
	used := []*cache.Buffer{f.failed[0].buf, f.buf}
	for _, b := range f.alts {
		used = append(used, b)
	}
	for _, b := range used {
		b.Retain()
	}
	ok := t.core.reconcile(f, func(parts [][]byte) bool {
		t.mu.Unlock()
		defer t.mu.Lock()
		v, ok := t.info.NewVerifier(f.piece, t.layers)
		if !ok {
			return false
		}
		for _, p := range parts {
			v.Write(p)
		}
		return v.OK()
	})
	for _, b := range used {
		b.Release()
	}
	return ok
}

// compose puts blocks that came beside the piece's buffer into one: a slower
// copy may still be written to their places in the old one.
func (t *Torrent) compose(f *flight) {
	if f.alts == nil {
		return
	}
	buf := t.s.pool.Get(f.size)
	for n := range f.blocks {
		copy(buf.Bytes()[n*metainfo.BlockLen:], f.bytes(n))
	}
	f.releaseAlts()
	f.buf.Release()
	f.buf = buf
}

// leavePiece frees a verified piece that no reader needs in memory, if the cache holds
// it.
func (t *Torrent) leavePiece(piece int) {
	buf := t.ready[piece]
	if buf == nil || t.core.pins(piece) {
		return
	}
	delete(t.ready, piece)
	buf.Release()
	t.s.free(t.info.PieceSize(piece))
	if t.core.starved {
		t.core.kick = true
	}
	if !t.stored.Has(piece) {
		t.core.lost(piece)
	}
}

// leaveStored makes room: what is ready and held by the cache as well is leased
// from there.
func (t *Torrent) leaveStored() {
	for n, buf := range t.ready {
		if t.stored.Has(n) {
			delete(t.ready, n)
			buf.Release()
			t.s.free(t.info.PieceSize(n))
			t.core.kick = true
		}
	}
}

// leaveAll frees what leavePiece can.
func (t *Torrent) leaveAll() {
	for n := range t.ready {
		t.leavePiece(n)
	}
}

// evicted hears from the cache that it no longer holds a piece.
func (t *Torrent) evicted(piece int) {
	t.mu.Lock()
	if t.closed || t.core == nil || t.stored.Has(piece) {
		t.mu.Unlock()
		return // or it was put again meanwhile
	}
	if t.ready[piece] == nil {
		t.core.lost(piece)
	}
	bans := t.settle(t.now())
	t.mu.Unlock()
	t.punish(bans)
	t.swarm.DontHave(piece)
}

// want counts who needs the swarm; the first one has it dialled.
func (t *Torrent) want() {
	t.mu.Lock()
	t.demand++
	cold := !t.warm
	t.warm = true
	if cold {
		t.alone.sought(t.now())
	}
	t.mu.Unlock()
	if cold {
		t.swarm.SetWanted(true)
	}
}

func (t *Torrent) unwant() {
	t.mu.Lock()
	t.demand--
	t.lastUsed = time.Now()
	t.mu.Unlock()
}

// use says that somebody is about to use the torrent: it is not ended before.
func (t *Torrent) use() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lastUsed = time.Now()
}

// rest lets the swarm cool when nobody has needed it for a while, and reports
// how long the torrent has been unused. One that has readers is not idle, even
// where all that they read is in the cache.
func (t *Torrent) rest() (unused time.Duration, idle bool) {
	t.mu.Lock()
	if t.demand > 0 {
		t.mu.Unlock()
		return 0, false
	}
	unused, idle = time.Since(t.lastUsed), t.contents == 0
	patience := warmFor
	if t.core == nil {
		patience = searchFor
	}
	cool := t.warm && unused >= patience
	var bans []effect
	if cool {
		t.warm = false
		t.before.LastReader = time.Now().Round(time.Second).UTC()
		if t.core != nil {
			t.core.cool()
			bans = t.settle(t.now())
		}
	}
	t.mu.Unlock()
	t.punish(bans)
	if cool {
		t.swarm.SetWanted(false)
	}
	return unused, idle
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
	t.done.Wait()

	t.mu.Lock()
	for n, b := range t.ready {
		b.Release()
		t.s.free(t.info.PieceSize(n))
	}
	t.ready = nil
	if t.core != nil {
		for len(t.core.order) > 0 {
			t.core.drop(t.core.order[0])
		}
	}
	t.mu.Unlock()
	if t.stored != nil && drop {
		t.stored.Remove()
	} else if t.stored != nil {
		t.stored.Close()
	}
}

// Status returns a snapshot of the torrent.
func (t *Torrent) Status() Status {
	st := Status{InfoHash: t.hash, Hash: t.hash.String(), Swarm: t.swarm.Stats()}
	t.mu.Lock()
	defer t.mu.Unlock()
	st.Name, st.Readers, st.Served = t.name, t.contents, t.served
	st.Total, st.Policy = t.totals(st.Swarm.Uploaded), t.policy
	if t.core == nil {
		return st
	}
	c := t.core
	st.HaveInfo, st.Size, st.Pieces = true, t.info.Size(), t.info.NumPieces()
	st.PiecesHave = c.have.Count(st.Pieces)
	st.Downloaded, st.Wasted = c.stats.received, c.stats.wasted
	st.HashFailures, st.Verified = c.stats.hashFailures, c.stats.verified
	st.Uploaded = st.Swarm.Uploaded
	for _, l := range c.links {
		if _, web := l.conn.(*webseed.Seed); !web && !l.choked {
			st.Unchoked++
		}
	}
	st.WebSeeds = t.seeds.status()
	return st
}
