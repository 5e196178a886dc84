package fetch

import "github.com/btgw/btgw/fetch/sched"

// Hashing is done by the goroutine that brought the block, in order, while its
// bytes are hot: there is no queue to wait in and no hop to pay for, and as
// many run at once as there are processors. When the last block of a piece is
// there, one block is left to hash. A piece is hashed by one goroutine at a
// time, which goes on while there are blocks in order. Where pieces come fast, they
// are hashed together instead (lanes.go).

// hashBlocks hashes what can be hashed of f, and of the pieces that were put off.
func (t *Torrent) hashBlocks(f *sched.Flight) {
	for {
		if f != nil {
			t.hashFlight(f)
		}
		t.mu.Lock()
		t.pending = append(t.pending, t.core.Review...)
		t.core.Review = t.core.Review[:0]
		n := len(t.pending)
		if n == 0 {
			t.mu.Unlock()
			return
		}
		f = t.pending[n-1]
		t.pending = t.pending[:n-1]
		t.mu.Unlock()
	}
}

func (t *Torrent) hashFlight(f *sched.Flight) {
	t.mu.Lock()
	switch {
	case f.Hashing:
		t.mu.Unlock()
	case t.defers(f):
		set := t.join(f)
		t.mu.Unlock()
		t.hashSet(set)
	default:
		f.Hashing = true
		t.hashAlone(f)
	}
}

// hashAlone hashes what can be hashed of f, which is the caller's to hash (Hashing). It is called
// with the lock and releases it.
func (t *Torrent) hashAlone(f *sched.Flight) {
	ok := false
	blind := t.blind(f.Piece) // until its hash comes (fetch/hashplan)
	for !ok && !blind && !f.Dead && f.Ripe() {
		if f.Suspect() != nil {
			ok = t.reconcile(f)
		} else {
			t.hashRun(f)
		}
	}
	f.Hashing = false
	if f.Dead || !ok && f.Hashed < len(f.Blocks) {
		t.rethink(f)
		return
	}
	ok = ok || f.Verifier != nil && f.Verifier.OK()
	f.Verifier = nil
	t.finish(f, ok)
}

// rethink takes in that somebody was convicted while f was being hashed. It is
// called with the lock and releases it.
func (t *Torrent) rethink(f *sched.Flight) {
	if f.Dead || !f.News {
		t.mu.Unlock()
		return
	}
	now := t.now()
	t.core.Reconsider(now, f)
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}

// hashRun hashes the blocks of f that come next. The lock is let go meanwhile.
func (t *Torrent) hashRun(f *sched.Flight) {
	if f.Verifier == nil { // at its first block, or with a new copy
		f.Verifier = t.verifier(f.Piece)
	}
	v, copies := f.Verifier, f.Copies
	buf, bytes, last := f.Run()
	buf.Retain()
	t.mu.Unlock()
	if v != nil {
		v.Write(bytes)
	}
	buf.Release()
	t.mu.Lock()
	if f.Copies == copies { // or it was given up meanwhile
		f.Hashed = last
	}
}
