package fetch

import (
	"errors"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
)

// What the cache holds of an earlier run is what a reader may have at once, each piece
// being verified before its first use. Peers are told of it when it was verified, and not
// before: a seed hangs up on another seed, and if the file was damaged meanwhile it is
// needed. So the pieces are verified one by one as soon as there is somebody to tell, and
// where one turns out wrong, or the file is not as we left it, without a pause and ahead
// of the readers: what is missing is known before they get there.

const (
	// proveRest is how long is rested after each piece, as a multiple of what it took,
	// while nothing speaks against the file.
	proveRest = 1
	// maxProvers bounds the pieces that are verified ahead of their use at a time, in
	// all torrents: each takes a core and the disk.
	maxProvers = 1
)

// A proving is what a torrent has still to verify. The torrent's lock guards it.
type proving struct {
	left    metainfo.Bitfield // nil: nothing
	next    int               // where to go on
	active  bool              // proveAll runs
	suspect bool              // a piece was wrong: there is no time to rest
	hurry   chan struct{}     // suspect was set; constant
}

// prove has what is left verified. The lock is held.
func (t *Torrent) prove() {
	if t.proving.active || t.closed || t.proving.left == nil {
		return
	}
	t.proving.active = true
	t.done.Go(t.proveAll)
}

// doubt notes that a piece of the cache was wrong or could not be read: the others are
// verified now. The caller holds the lock.
func (t *Torrent) doubt() {
	if t.closed || t.core == nil {
		return
	}
	t.proving.left, t.proving.suspect = t.stored.Unproven(), true
	t.unproven.Store(true)
	select {
	case t.proving.hurry <- struct{}{}:
	default:
	}
	t.prove()
}

// damaged reports whether a piece of the cache was not merely gone.
func damaged(err error) bool { return err != nil && err != cache.ErrMiss }

// used notes that a reader turned to a piece of the cache, which verified it, or gave it
// up.
func (t *Torrent) used(n int, err error) {
	if err == nil && !t.unproven.Load() {
		return
	}
	t.mu.Lock()
	if t.core == nil || t.closed {
		t.mu.Unlock()
		return
	}
	t.proving.next = n
	proven := t.proven(n) && err == nil
	if err != nil && t.ready[n] == nil {
		t.core.Lost(n)
	}
	if damaged(err) {
		t.doubt()
	}
	t.mu.Unlock()
	if proven && t.hasSwarm() {
		t.swarm.Held(n)
	}
}

// hasSwarm reports whether the swarm is there already, and would not ask what is held: the
// cache may be read before.
func (t *Torrent) hasSwarm() bool {
	select {
	case <-t.begun:
		return true
	default:
		return false
	}
}

// proveAll verifies what is left until there is nothing, or the torrent ends.
func (t *Torrent) proveAll() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		n, suspect := t.nextUnproven()
		if n < 0 {
			return
		}
		select {
		case t.s.provers <- struct{}{}:
		case <-t.ctx.Done():
			return
		}
		begun := time.Now()
		err := t.stored.Check(n)
		took := time.Since(begun)
		<-t.s.provers
		if !t.proved(n, err) {
			return
		}
		if suspect {
			continue
		}
		timer.Reset(proveRest * took)
		select {
		case <-timer.C:
		case <-t.proving.hurry:
		case <-t.ctx.Done():
			return
		}
	}
}

// nextUnproven is the piece to verify next, from where a reader was last on; negative if
// there is none.
func (t *Torrent) nextUnproven() (n int, suspect bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p, pieces := &t.proving, t.info.NumPieces()
	for i := 0; i < pieces && p.left != nil && !t.closed; i++ {
		n := (p.next + i) % pieces
		if p.left.Has(n) && !t.unjudged(n) {
			p.next = n
			return n, p.suspect
		}
	}
	p.active = false
	if p.left.Count(pieces) == 0 || t.closed { // else hashes are missing, with which it goes on
		p.left, p.suspect = nil, false
		t.unproven.Store(false)
	}
	return -1, false
}

// unjudged reports whether the cache cannot verify a piece, since its file's layer has not
// come (fetch/hashplan). The lock is held.
func (t *Torrent) unjudged(n int) bool {
	if t.plan == nil {
		return false
	}
	f, _, layered := t.info.Layered(n)
	return layered && t.plan.Lacks(t.info.PiecesRoot(f))
}

// proved settles the check of a piece: peers hear of it, or it is fetched again. False
// means that pieces cannot be judged now.
func (t *Torrent) proved(n int, err error) bool {
	switch {
	case err == nil:
		t.mu.Lock()
		t.proven(n)
		t.mu.Unlock()
		if t.hasSwarm() {
			t.swarm.Held(n)
		}
	case errors.Is(err, cache.ErrMiss):
		t.mu.Lock()
		t.proven(n)
		t.proving.suspect = true
		if t.ready[n] == nil && !t.stored.Has(n) && !t.closed {
			t.core.Lost(n)
		}
		bans := t.settle(t.now())
		t.mu.Unlock()
		t.punish(bans)
		if t.hasSwarm() {
			t.swarm.DontHave(n)
		}
	default:
		t.mu.Lock()
		t.proving.active = false
		t.mu.Unlock()
		return false
	}
	return true
}

// proven takes a piece off those that are left, and reports whether it was among them. The
// lock is held.
func (t *Torrent) proven(n int) bool {
	if t.proving.left == nil || !t.proving.left.Has(n) {
		return false
	}
	t.proving.left.Clear(n)
	return true
}
