package fetch

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// What a Torrent does with a hashPlan: asks, answers, and layers that are whole. The
// lock is held where nothing else is said.

// verifier makes the verifier of a piece; nil if its hash is not known.
func (t *Torrent) verifier(piece int) *metainfo.Verifier {
	v, ok := t.info.NewVerifier(piece, t.layers)
	if !ok && t.plan != nil {
		if hash, ok := t.plan.hash(piece); ok {
			return t.info.NewVerifierOf(piece, hash)
		}
	}
	return v
}

// blind reports whether a piece cannot be verified yet.
func (t *Torrent) blind(piece int) bool { return t.plan != nil && t.plan.blind(piece) }

// pursueHashes asks peers for the hashes that are missing, and sees to it that the timer
// goes off when one of them is late.
func (t *Torrent) pursueHashes(now time.Duration) {
	if t.plan == nil {
		return
	}
	for _, a := range slices.Clone(t.plan.ask(now, t.core)) {
		if !a.l.conn.(hashSource).AskHashes(a.r) {
			t.plan.unable(now, a)
		}
	}
	if t.plan.due != 0 {
		t.arm(t.plan.due)
	}
}

// hashed takes in what a peer answered. The pieces that can be hashed now are pending
// from then on, the first one first.
func (t *Torrent) hashed(now time.Duration, l *link, a *peer.HashAnswer) {
	if t.plan == nil {
		return
	}
	tree := t.plan.answer(now, l, a)
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
	for _, f := range slices.Backward(t.core.order) {
		if f.ripe() && !f.hashing && !t.blind(f.piece) {
			t.pending = append(t.pending, f)
		}
	}
}

// learnLayers takes in whole layers, which are right.
func (t *Torrent) learnLayers(layers metainfo.PieceLayers) {
	all := maps.Clone(t.layers)
	if all == nil {
		all = make(metainfo.PieceLayers)
	}
	maps.Copy(all, layers)
	t.layers = all
	t.stored.SetLayers(all)
	t.unkept = true
	if t.plan != nil {
		t.plan.learn(layers)
		if len(t.plan.missing) == 0 {
			t.plan = nil
		}
	}
}

// takeLayers takes in the layers of an uploaded .torrent, on the goroutine of who uploads it. The
// lock is not held.
func (t *Torrent) takeLayers(layers metainfo.PieceLayers) {
	t.mu.Lock()
	if t.plan == nil || t.closed {
		t.mu.Unlock()
		return
	}
	t.learnLayers(layers)
	t.unkept = false // they are, with the .torrent
	t.seeAgain()
	t.mu.Unlock()
	t.hashBlocks(nil)
}

// keepLayers puts layers that have come into the cache, with what else is known of the
// torrent. The lock is not held.
func (t *Torrent) keepLayers() {
	t.keeping.Lock()
	defer t.keeping.Unlock()
	t.mu.Lock()
	unkept, layers := t.unkept, t.layers
	t.unkept = false
	t.mu.Unlock()
	if !unkept {
		return
	}
	mt := metainfo.Torrent{Info: t.info}
	if kept, ok := t.s.store.Metainfo(t.info.ID()); ok {
		mt = *kept
	}
	mt.Layers = layers
	t.s.keep(&mt)
}

// withLayers is mt with the layers that it lacks and that are known.
func (s *Session) withLayers(mt *metainfo.Torrent) *metainfo.Torrent {
	known, _ := s.Layers(mt.Info.ID())
	if len(known) == 0 {
		return mt
	}
	all := *mt
	all.Layers = maps.Clone(known)
	maps.Copy(all.Layers, mt.Layers)
	return &all
}

// Layers returns the piece layers of a torrent that are known, which must not be
// changed; false where the torrent is not.
func (s *Session) Layers(ih metainfo.InfoHash) (metainfo.PieceLayers, bool) {
	s.mu.Lock()
	t := s.torrents[ih]
	s.mu.Unlock()
	if t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.core != nil {
			return t.layers, true
		}
	}
	mt, ok := s.store.Metainfo(ih)
	if !ok {
		return nil, false
	}
	return mt.Layers, true
}

// layerTrees are the trees of whole layers that peers asked for hashes of. Each is made
// once.
type layerTrees struct {
	mu  sync.Mutex
	all map[[32]byte]func() *metainfo.LayerTree
}

// serveHashes appends the answer to a peer's hash request. The lock is not held.
func (t *Torrent) serveHashes(b []byte, r metainfo.HashRange) ([]byte, bool) {
	t.mu.Lock()
	if t.core == nil {
		t.mu.Unlock()
		return b, false
	}
	layer := t.layers[r.Root]
	if layer == nil {
		defer t.mu.Unlock()
		if t.plan == nil || t.plan.trees[r.Root] == nil {
			return b, false
		}
		return t.plan.trees[r.Root].Append(b, r)
	}
	t.mu.Unlock()
	return t.layerTree(r.Root, layer).Append(b, r)
}

// layerTree returns the tree of a whole layer.
func (t *Torrent) layerTree(root [32]byte, layer []byte) *metainfo.LayerTree {
	t.trees.mu.Lock()
	tree := t.trees.all[root]
	if tree == nil {
		if t.trees.all == nil {
			t.trees.all = make(map[[32]byte]func() *metainfo.LayerTree)
		}
		tree = sync.OnceValue(func() *metainfo.LayerTree { return t.info.FullLayerTree(root, layer) })
		t.trees.all[root] = tree
	}
	t.trees.mu.Unlock()
	return tree()
}
