package fetch

import (
	"crypto/sha256"
	"sync"

	"github.com/btgw/btgw/metainfo"
)

// Answers to the hash requests of peers (BEP 52), from layers that are whole and those
// that are on their way, and of pieces that we have from their blocks.

// layerTrees are the trees of whole layers that peers asked for hashes of. Each is made
// once.
type layerTrees struct {
	mu  sync.Mutex
	all map[[32]byte]func() *metainfo.LayerTree
}

// serveHashes appends the answer to a peer's hash request. The lock is not held.
func (t *Torrent) serveHashes(b []byte, r metainfo.HashRange) ([]byte, bool) {
	t.mu.Lock()
	known, layer := t.core != nil, t.layers[r.Root]
	t.mu.Unlock()
	if !known {
		return b, false
	}
	if piece, ok := t.info.LeavesPiece(r); ok && t.info.PieceLength > metainfo.BlockLen && t.info.PieceLength <= maxLeavesPiece {
		return t.serveLeaves(b, r, piece, layer)
	}
	if layer != nil {
		return t.layerTree(r.Root, layer).Append(b, r)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.plan != nil {
		if tree := t.plan.Tree(r.Root); tree != nil {
			return tree.Append(b, r)
		}
	}
	return b, false
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

// serveLeaves is serveHashes of leaves, which are in a piece. Of a layer that is not whole
// nothing is known here.
func (t *Torrent) serveLeaves(b []byte, r metainfo.HashRange, piece int, layer []byte) ([]byte, bool) {
	var tree *metainfo.LayerTree
	f, _, layered := t.info.Layered(piece)
	if layered {
		if layer == nil {
			return b, false
		}
		tree = t.layerTree(r.Root, layer)
	}
	lease, err := t.Open(piece)
	if err != nil {
		return b, false
	}
	defer lease.Release()
	buf := t.s.pool.Get(metainfo.BlockLen)
	defer buf.Release()
	size := min(t.info.PieceLength, f.Offset+f.Length-t.info.PieceOffset(piece)) // a hybrid's padding left out
	leaves := make([][32]byte, (size+metainfo.BlockLen-1)/metainfo.BlockLen)
	for n := range leaves {
		at := int64(n) * metainfo.BlockLen
		data := buf.Bytes()[:min(metainfo.BlockLen, size-at)]
		if k, err := lease.ReadAt(data, at); k < len(data) {
			t.log.Debug("a piece for hashes cannot be read", "piece", piece, "error", err)
			return b, false
		}
		leaves[n] = sha256.Sum256(data)
	}
	return t.info.AppendLeaves(b, r, leaves, tree)
}
