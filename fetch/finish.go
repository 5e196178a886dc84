package fetch

import (
	"cmp"
	"maps"
	"slices"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
)

// finish ends the download of a piece, all of which was hashed. It is called
// with the lock and releases it.
func (t *Torrent) finish(f *sched.Flight, ok bool) {
	t.compose(f)
	now := t.now()
	if !t.core.Verified(now, f, ok) {
		bans := t.settle(now)
		t.mu.Unlock()
		t.log.Info("piece failed its hash", "piece", f.Piece)
		t.punish(bans)
		return
	}
	buf := f.Buf
	f.Buf = nil
	t.ready[f.Piece] = buf
	for _, w := range t.core.Windows {
		if w.Waiting && int(w.Pos/t.info.PieceLength) == f.Piece {
			w.WakeUp()
		}
	}
	t.proven(f.Piece)
	put := t.stored.Put // it keeps the buffer; the disk comes later
	if t.siblingsAlone(f.Piece) {
		put = t.stored.PutSpare
	}
	put(f.Piece, buf)
	t.leavePiece(f.Piece)
	pulled := t.pulled(f.Piece)
	bans, seeded := t.settle(now), t.webSeeded()
	t.mu.Unlock()
	t.punish(bans)
	if seeded {
		t.swarm.WebSeeded(true)
	}
	t.swarm.Have(f.Piece)
	for _, p := range pulled {
		p.came()
	}
}

// reconcile tries to make a right piece of the two copies that there are (sched/recover.go).
// The lock is let go while it hashes.
func (t *Torrent) reconcile(f *sched.Flight) bool {
	used := []*cache.Buffer{f.Buf}
	for _, b := range f.Alts {
		used = append(used, b)
	}
	for _, b := range used {
		b.Retain()
	}
	ok := t.core.Reconcile(f, func(parts [][]byte) bool {
		v := t.verifier(f.Piece)
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
func (t *Torrent) compose(f *sched.Flight) {
	if f.Alts == nil {
		return
	}
	buf := t.s.pool.Get(f.Size)
	for n := range f.Blocks {
		copy(buf.Bytes()[n*metainfo.BlockLen:], f.Bytes(n))
	}
	f.ReleaseAlts()
	f.Buf.Release()
	f.Buf = buf
}

// leavePiece frees a verified piece that no reader needs in memory, if the cache holds
// it.
func (t *Torrent) leavePiece(piece int) {
	buf := t.ready[piece]
	if buf == nil || t.core.Pins(piece) {
		return
	}
	delete(t.ready, piece)
	buf.Release()
	t.s.free(t.info.PieceSize(piece))
	if t.core.Starved {
		t.core.Kick = true
	}
	if !t.stored.Has(piece) {
		t.core.Lost(piece)
	}
}

// makeRoom serves a torrent that did not begin a piece for want of room. It leases ready
// pieces of several readers from the cache, where the cache holds them too. So pieces ahead
// of one reader do not keep another from its next piece. A single reader's pieces stay, since
// a read from the disk costs more than the wait. If there is no room even for the piece that
// the reader waits for, more go, the furthest ahead first.
func (t *Torrent) makeRoom() {
	several := t.core.Sharers > 1
	if !several && t.s.room(int(t.info.PieceLength), true) {
		return
	}
	for _, n := range t.readyFurthestFirst() {
		if !several && t.s.room(int(t.info.PieceLength), false) {
			return
		}
		if buf := t.ready[n]; t.stored.Has(n) {
			delete(t.ready, n)
			buf.Release()
			t.s.free(t.info.PieceSize(n))
			t.core.Kick = true
		}
	}
}

// readyFurthestFirst are the pieces that are ready, those that readers get to last first.
func (t *Torrent) readyFurthestFirst() []int {
	pieces := slices.Collect(maps.Keys(t.ready))
	ahead := make(map[int]int64, len(pieces))
	for _, n := range pieces {
		ahead[n] = t.core.Distance(n)
	}
	slices.SortFunc(pieces, func(a, b int) int { return cmp.Compare(ahead[b], ahead[a]) })
	return pieces
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
		t.core.Lost(piece)
	}
	t.proven(piece)
	bans := t.settle(t.now())
	t.mu.Unlock()
	t.punish(bans)
	if t.hasSwarm() {
		t.swarm.DontHave(piece)
	}
}
