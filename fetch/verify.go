package fetch

import (
	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
)

// Hashing is done by the goroutine that brought the block, in order, while its
// bytes are hot: there is no queue to wait in and no hop to pay for, and as
// many run at once as there are processors. When the last block of a piece is
// there, one block is left to hash. A piece is hashed by one goroutine at a
// time, which goes on while there are blocks in order.

// hashable reports whether the next block in order is there.
func (f *flight) hashable() bool {
	return !f.dead && f.hashed < len(f.blocks) && f.blocks[f.hashed].state == blockDone
}

// ripe reports whether there is something to hash.
func (f *flight) ripe() bool { return f.hashable() || f.exposed() != nil }

// hashBlocks hashes what can be hashed of f, and of the pieces that were put off.
func (t *Torrent) hashBlocks(f *flight) {
	for {
		if f != nil {
			t.hashFlight(f)
		}
		t.mu.Lock()
		t.pending = append(t.pending, t.core.review...)
		t.core.review = t.core.review[:0]
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

func (t *Torrent) hashFlight(f *flight) {
	t.mu.Lock()
	if f.hashing {
		t.mu.Unlock()
		return
	}
	f.hashing = true
	ok := false
	blind := t.blind(f.piece) // until its hash comes (hashes.go)
	for !ok && !blind && !f.dead && f.ripe() {
		if f.exposed() != nil {
			ok = t.reconcile(f)
		} else {
			t.hashRun(f)
		}
	}
	f.hashing = false
	if f.dead || !ok && f.hashed < len(f.blocks) {
		t.rethink(f)
		return
	}
	ok = ok || f.verifier != nil && f.verifier.OK()
	f.verifier = nil
	t.finish(f, ok)
}

// rethink takes in that somebody was convicted while f was being hashed. It is
// called with the lock and releases it.
func (t *Torrent) rethink(f *flight) {
	if f.dead || !f.news {
		t.mu.Unlock()
		return
	}
	now := t.now()
	t.core.reconsider(now, f)
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}

// hashRun hashes the blocks of f that come next. The lock is let go meanwhile.
func (t *Torrent) hashRun(f *flight) {
	if f.verifier == nil { // at its first block, or with a new copy
		f.verifier = t.verifier(f.piece)
	}
	v, copies := f.verifier, f.copies
	buf, bytes, last := f.run()
	buf.Retain()
	t.mu.Unlock()
	if v != nil {
		v.Write(bytes)
	}
	buf.Release()
	t.mu.Lock()
	if f.copies == copies { // or it was given up meanwhile
		f.hashed = last
	}
}

// run gives the bytes that can be hashed next, the buffer that they lie in, and
// the block behind them: all that came in order, or one block where some came
// beside the piece's buffer. They are constant, whatever else comes.
func (f *flight) run() (buf *cache.Buffer, bytes []byte, last int) {
	first := f.hashed
	if alt := f.alts[first]; alt != nil {
		return alt, f.bytes(first), first + 1
	}
	last = first + 1
	for f.alts == nil && last < len(f.blocks) && f.blocks[last].state == blockDone {
		last++
	}
	return f.buf, f.buf.Bytes()[first*metainfo.BlockLen : min(last*metainfo.BlockLen, f.size)], last
}
