package fetch

import (
	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
)

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
	t.proven(f.piece)
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
		v := t.verifier(f.piece)
		if v == nil {
			return false
		}
		t.mu.Unlock()
		defer t.mu.Lock()
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
	t.proven(piece)
	bans := t.settle(t.now())
	t.mu.Unlock()
	t.punish(bans)
	if t.hasSwarm() {
		t.swarm.DontHave(piece)
	}
}
