package metainfo

import (
	"bytes"
	"math/bits"
)

// HashRange names hashes of a file's Merkle tree as the messages of BEP 52 do.
type HashRange struct {
	Root   [32]byte // the file's pieces root
	Base   uint32   // the layer, counted from the 16 KiB leaves
	Index  uint32   // of the first hash in that layer
	Length uint32   // hashes
	Proof  uint32   // layers above Base of which the uncle is sent, as far as it does not follow
}

// HashRun is the number of hashes of a piece layer that are requested and proved
// together: the most that BEP 52 has in a message.
const HashRun = 1 << runHeight

const runHeight = 9

// A LayerTree is the known part of one file's piece layer, run by run, and the nodes
// above it in the file's Merkle tree. It holds proved hashes only, 32 bytes a piece,
// and besides them at most 96 bytes a run. It is for a file longer than a piece, in a
// torrent with a v2 half. Not for concurrent use while Add is called.
type LayerTree struct {
	root   [hashLenV2]byte
	pieces int
	base   int      // the piece layer, counted from the leaves
	depth  int      // of the root above the piece layer
	height int      // of a run's root above it
	runs   [][]byte // hashes of each run; nil: not known
	left   int      // runs that are not known
	// top has the nodes from the runs' roots up to the root, which is top[1]. The
	// children of top[i] are top[2*i] and top[2*i+1]. A zero node is not known.
	top  [][hashLenV2]byte
	pads [][hashLenV2]byte // by height above the piece layer: the node over nothing but padding
}

// NewLayerTree returns the tree of a file of which only the root is known.
func (in *Info) NewLayerTree(f *File) *LayerTree {
	return in.newLayerTree(in.PiecesRoot(f), int(in.filePieces(f)))
}

func (in *Info) newLayerTree(root [32]byte, n int) *LayerTree {
	t := &LayerTree{root: root, pieces: n, base: bits.Len64(uint64(in.PieceLength/BlockLen)) - 1, depth: bits.Len(uint(n - 1))}
	t.height = min(t.depth, runHeight)
	t.left = (n + HashRun - 1) / HashRun
	t.runs = make([][]byte, t.left)
	t.top = make([][hashLenV2]byte, 2<<(t.depth-t.height))
	t.top[1] = t.root
	t.pads = make([][hashLenV2]byte, t.depth+1)
	var m merkleStack
	t.pads[0] = zeroRoot(1 << t.base)
	for i := range t.depth {
		t.pads[i+1] = m.join(&t.pads[i], &t.pads[i])
	}
	return t
}

// FullLayerTree returns the tree of the file with a root. layer is its whole layer,
// which the caller has verified; the tree keeps it. Two million pieces take half a
// second.
func (in *Info) FullLayerTree(root [32]byte, layer []byte) *LayerTree {
	t := in.newLayerTree(root, len(layer)/hashLenV2)
	roots := len(t.top) / 2
	for i := range roots {
		node := &t.top[roots+i]
		if i >= len(t.runs) {
			*node = t.pads[t.height]
			continue
		}
		t.runs[i] = layer[i*HashRun*hashLenV2 : min((i+1)*HashRun*hashLenV2, len(layer))]
		*node = rise(t.level(i), t.height)[0]
	}
	var m merkleStack
	for i := roots - 1; i >= 1; i-- {
		t.top[i] = m.join(&t.top[2*i], &t.top[2*i+1])
	}
	t.left = 0
	return t
}

// MemorySize returns the bytes of memory that the tree takes.
func (t *LayerTree) MemorySize() int64 {
	known := int64(len(t.runs)-t.left) * HashRun * hashLenV2
	return known + int64(len(t.runs))*24 + int64(len(t.top)+len(t.pads))*hashLenV2
}

// Runs returns the number of runs.
func (t *LayerTree) Runs() int { return len(t.runs) }

// Known reports whether a run is known.
func (t *LayerTree) Known(run int) bool { return t.runs[run] != nil }

// Whole reports whether all runs are known.
func (t *LayerTree) Whole() bool { return t.left == 0 }

// Layer returns a copy of the whole layer, if it is known.
func (t *LayerTree) Layer() []byte {
	if !t.Whole() {
		return nil
	}
	return bytes.Join(t.runs, nil)
}

// Hash returns the hash of the i-th piece of the file, if it is known.
func (t *LayerTree) Hash(i int) (hash [32]byte, ok bool) {
	if i < 0 || i >= t.pieces || t.runs[i/HashRun] == nil {
		return hash, false
	}
	return [32]byte(t.runs[i/HashRun][i%HashRun*hashLenV2:]), true
}

// count returns the number of pieces in a run.
func (t *LayerTree) count(run int) int { return min(HashRun, t.pieces-run*HashRun) }

// Request returns the request to a peer for a run: its hashes, up to a power of two,
// and those that prove them.
func (t *LayerTree) Request(run int) HashRange {
	return HashRange{
		Root: t.root, Base: uint32(t.base), Index: uint32(run * HashRun),
		Length: uint32(max(2, treeWidth(int64(t.count(run))))), Proof: uint32(t.depth - 1),
	}
}

// Add takes in the answer to Request(run), 32 bytes a hash. It has the hashes of the
// pieces, with or without padding, and then their uncles from below. Add reports
// whether they lead to the file's root; if not, it keeps none of them. It does not keep
// hashes itself.
func (t *LayerTree) Add(run int, hashes []byte) bool {
	n, k := t.count(run), bits.Len32(t.Request(run).Length)-1
	uncles := t.depth - k
	given := len(hashes)/hashLenV2 - uncles
	if len(hashes)%hashLenV2 != 0 || given != n && given != 1<<k {
		return false
	}
	level := make([][hashLenV2]byte, 1<<k)
	for i := range level {
		if level[i] = t.pads[0]; i < given {
			level[i] = [hashLenV2]byte(hashes[i*hashLenV2:])
		}
	}
	node := rise(level, k)[0]
	var m merkleStack
	var nodes, beside [layersDepth + runHeight][hashLenV2]byte // by height
	at := run * HashRun >> k
	for l := k; l < t.depth; l++ {
		nodes[l] = node
		beside[l] = [hashLenV2]byte(hashes[(given+l-k)*hashLenV2:])
		if at>>(l-k)&1 == 0 {
			node = m.join(&node, &beside[l])
		} else {
			node = m.join(&beside[l], &node)
		}
	}
	if node != t.root {
		return false
	}
	for l := max(k, t.height); l < t.depth; l++ {
		i := t.node(l, run*HashRun>>l)
		t.top[i], t.top[i^1] = nodes[l], beside[l]
	}
	if t.runs[run] == nil {
		t.runs[run] = bytes.Clone(hashes[:n*hashLenV2])
		t.left--
	}
	return true
}

// node returns the index in top of the i-th node of a height, which is at least that of
// the runs.
func (t *LayerTree) node(height, i int) int { return 1<<(t.depth-height) + i }

// level returns the hashes of a run, with padding up to the width of runs.
func (t *LayerTree) level(run int) [][hashLenV2]byte {
	level := make([][hashLenV2]byte, 1<<t.height)
	for i := range level {
		if level[i] = t.pads[0]; i < t.count(run) {
			level[i] = [hashLenV2]byte(t.runs[run][i*hashLenV2:])
		}
	}
	return level
}

// rise turns a row of nodes into the row n layers above it, in its memory.
func rise(row [][hashLenV2]byte, n int) [][hashLenV2]byte {
	var m merkleStack
	for range n {
		for i := range len(row) / 2 {
			row[i] = m.join(&row[2*i], &row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return row
}

// Append appends the answer to a request for hashes of the piece layer, 32 bytes each,
// at most HashRun and the uncles. It returns false, and appends nothing, where the
// hashes are not known, not of the piece layer, or not in the tree. It costs HashRun
// hashes at most.
func (t *LayerTree) Append(b []byte, r HashRange) ([]byte, bool) {
	if r.Root != t.root || int64(r.Base) != int64(t.base) || !r.within(t.pieces, t.depth) || t.runs[r.Index/HashRun] == nil {
		return b, false
	}
	row, first := t.level(int(r.Index/HashRun)), int(r.Index%HashRun)
	start := len(b)
	for i := range int(r.Length) {
		b = append(b, row[first+i][:]...)
	}
	b, ok := t.uncles(b, row, int(r.Index), r.height(), int(r.Proof))
	if !ok {
		return b[:start], false
	}
	return b, true
}

// uncles appends the uncles of the i-th piece's hash from one height above the piece
// layer to another. row is the run that the piece is in, which is used up.
func (t *LayerTree) uncles(b []byte, row [][hashLenV2]byte, i, from, to int) ([]byte, bool) {
	l := 0 // the height of row
	for h := from; h <= to; h++ {
		if h < t.height {
			row = rise(row, h-l)
			l = h
			b = append(b, row[i%HashRun>>h^1][:]...)
			continue
		}
		uncle := &t.top[t.node(h, i>>h)^1]
		if *uncle == [hashLenV2]byte{} {
			return b, false
		}
		b = append(b, uncle[:]...)
	}
	return b, true
}

// within reports whether the hashes of a request are in a layer of n, depth below the
// root, and are not more than go into an answer.
func (r *HashRange) within(n, depth int) bool {
	index, length, width := uint64(r.Index), uint64(r.Length), uint64(1)<<r.height()
	return length > 0 && length <= HashRun && index < uint64(n) && index%width == 0 && index+width <= 1<<depth &&
		(length == width || index+length == uint64(n)) && // or cut off at the layer's end
		int64(r.Proof) < int64(depth)
}

// height returns the height of the smallest subtree over the requested hashes.
func (r *HashRange) height() int { return bits.Len32(max(r.Length, 1) - 1) }

// Layered returns the file of a v2 torrent that piece i belongs to, and the index of
// the piece within the file. ok is false where the file has one piece only, so that
// there is no layer.
func (in *Info) Layered(i int) (f *File, index int, ok bool) {
	f = in.pieceFile(i)
	return f, i - int(f.Offset/in.PieceLength), f.Length > in.PieceLength
}
