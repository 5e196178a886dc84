package fetch

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/btgw/btgw/fetch/hashplan"
	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// What a Torrent does with a hashplan.Plan: asks, answers, and layers that are whole. The
// lock is held where nothing else is said.

// verifier makes the verifier of a piece; nil if its hash is not known.
func (t *Torrent) verifier(piece int) *metainfo.Verifier {
	v, ok := t.info.NewVerifier(piece, t.layers)
	if !ok && t.plan != nil {
		if hash, ok := t.plan.Hash(piece); ok {
			return t.info.NewVerifierOf(piece, hash)
		}
	}
	return v
}

// blind reports whether a piece cannot be verified yet.
func (t *Torrent) blind(piece int) bool { return t.plan != nil && t.plan.Blind(piece) }

// pursueHashes asks peers for the hashes that are missing, and sees to it that the timer
// goes off when one of them is late.
func (t *Torrent) pursueHashes(now time.Duration) {
	if t.plan == nil {
		return
	}
	for _, a := range t.plan.Ask(now, t.core) {
		if !a.Link.Conn.(hashplan.Source).AskHashes(a.Range) {
			t.plan.Unable(now, a)
		}
	}
	if at := t.plan.Due(); at != 0 {
		t.arm(at)
	}
}

// hashed takes in what a peer answered. The pieces that can be hashed now are pending
// from then on, the first one first.
func (t *Torrent) hashed(now time.Duration, l *sched.Link, a *peer.HashAnswer) {
	if t.plan == nil {
		return
	}
	tree := t.plan.Answer(now, l, a)
	if tree == nil {
		return
	}
	if tree.Whole() {
		t.learnLayers(metainfo.PieceLayers{a.Range.Root: tree.Layer()})
	}
	t.seeAgain()
}

// seeAgain has the pieces hashed that waited for their hash.
func (t *Torrent) seeAgain() {
	for _, f := range slices.Backward(t.core.Order) {
		if f.Ripe() && !f.Hashing && !t.blind(f.Piece) {
			t.pending = append(t.pending, f)
		}
	}
}

// beginLayers takes in the layers that are known at the start, and the plan for the
// others.
func (t *Torrent) beginLayers(layers metainfo.PieceLayers, plan *hashplan.Plan) {
	t.layers, t.layered, t.plan = layers, make(chan struct{}), plan
	if plan == nil {
		close(t.layered)
		return
	}
	t.layers = make(metainfo.PieceLayers)
	maps.Copy(t.layers, layers)
}

// learnLayers takes in whole layers, which are right. There is a plan, and the torrent is
// not closed.
func (t *Torrent) learnLayers(layers metainfo.PieceLayers) {
	maps.Copy(t.layers, layers)
	t.stored.AddLayers(layers)
	t.unkept = true
	t.plan.Learn(layers)
	t.prove() // what is held of these files can be verified from now on
	if t.plan.Whole() {
		t.plan = nil
		close(t.layered)
		t.done.Go(func() { t.keepLayers(true) }) // after a crash the pieces on disk are of no use without
	}
}

// takeLayers takes in the layers of an uploaded .torrent. The lock is not held.
func (t *Torrent) takeLayers(layers metainfo.PieceLayers) {
	t.mu.Lock()
	switch {
	case t.closed:
		t.mu.Unlock()
		return
	case t.plan == nil:
		if len(layers) > len(t.layers) { // of a hybrid
			t.layers = layers
			t.stored.AddLayers(layers)
		}
		t.mu.Unlock()
		return
	}
	t.learnLayers(layers)
	t.unkept = false // they are, with the .torrent
	t.seeAgain()
	t.done.Go(func() { t.hashBlocks(nil) })
	t.mu.Unlock()
}

// keepLayers puts layers that have come into the cache, with what else is known of the
// torrent: once all have come, or now and then, or if last says so. The lock is not held.
func (t *Torrent) keepLayers(last bool) {
	t.keeping.Lock()
	defer t.keeping.Unlock()
	t.mu.Lock()
	if !t.unkept || t.plan != nil && !last && time.Since(t.kept) < keepEvery {
		t.mu.Unlock()
		return
	}
	layers := maps.Clone(t.layers)
	t.unkept, t.kept = false, time.Now()
	t.mu.Unlock()
	t.h.learn(func(mt *metainfo.Torrent) { mt.Layers = allLayers(mt.Layers, layers) })
}

// add has what a .torrent says known and kept, besides the layers that are known already. It
// returns all of it.
func (h *holding) add(mt *metainfo.Torrent) *metainfo.Torrent {
	return h.learn(func(known *metainfo.Torrent) {
		layers := known.Layers
		if *known = *mt; !mt.Info.HasV2() {
			return
		}
		if t := h.owner.Load(); t != nil {
			t.mu.Lock()
			layers = allLayers(layers, t.layers)
			t.mu.Unlock()
		}
		known.Layers = allLayers(layers, mt.Layers)
	})
}

// allLayers are the layers of both.
func allLayers(a, b metainfo.PieceLayers) metainfo.PieceLayers {
	all := make(metainfo.PieceLayers, len(b))
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}

// metainfo is what is known of the torrent, which must not be changed.
func (h *holding) metainfo() *metainfo.Torrent {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return h.torrent
}

// learn has change add to what is known of the torrent, keeps it on disk, and returns it. The
// Info is that of before. It is done by one at a time: what is kept last is the most.
func (h *holding) learn(change func(mt *metainfo.Torrent)) *metainfo.Torrent {
	h.learning.Lock()
	defer h.learning.Unlock()
	old := h.metainfo()
	mt := *old
	change(&mt)
	mt.Info = h.info
	h.s.mu.Lock()
	h.torrent = &mt
	h.s.mu.Unlock()
	h.grow(sizeOf(&mt) - sizeOf(old))
	h.s.keep(&mt)
	return &mt
}

// Layers returns the piece layers of a torrent, as far as they are here, which must not
// be changed; of a torrent in use all of them, or none. It is false where the torrent is
// not known.
func (s *Session) Layers(ih metainfo.InfoHash) (metainfo.PieceLayers, bool) {
	h, err := s.holding(s.ctx, ih, asker{})
	if err != nil {
		return nil, false
	}
	defer h.release()
	if t := h.owner.Load(); t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.plan != nil {
			return nil, true
		}
		return t.layers, true
	}
	return h.metainfo().Layers, true
}

// AwaitLayers has all piece layers of a torrent fetched that are not here, and waits for
// them: ErrNoLayers when ctx ends and no peer sends them, else ctx's error. The metadata
// must be known (Info). Those of a hybrid are not asked for: its pieces have other hashes.
func (s *Session) AwaitLayers(ctx context.Context, ih metainfo.InfoHash, h Hints) error {
	t, err := s.torrent(ctx, ih, h)
	if err != nil {
		return err
	}
	defer t.unhold()
	t.mu.Lock()
	plan, layered := t.plan, t.layered
	if plan == nil {
		t.mu.Unlock()
		return nil
	}
	plan.WantAll(1)
	t.pursueHashes(t.now())
	t.mu.Unlock()
	t.want(h.Client)
	defer t.unwant(h.Client)
	select {
	case <-layered:
		return nil
	case <-t.ctx.Done():
		return t.over()
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	plan.WantAll(-1)
	t.pursueHashes(t.now())
	if plan.Hopeless(t.core) {
		return ErrNoLayers
	}
	return ctx.Err()
}
