package metainfo

import (
	"crypto/sha256"
	"math/bits"
)

// A hash tree of BEP 52 is binary, over SHA-256 of 16 KiB leaves. Its width is
// a power of two; leaves beyond the end are zero, not the hash of anything.

// merkleStack computes the root of a tree from its leaves, in order. It holds
// one hash a layer: layer l is the root of the last full subtree of 2^l leaves
// where bit l of n is set. The zero value is empty.
type merkleStack struct {
	layers [layersDepth + 1][hashLenV2]byte
	n      int // leaves so far
	pair   [2 * hashLenV2]byte
}

// push adds a leaf. At most 2^layersDepth are allowed.
func (m *merkleStack) push(leaf *[hashLenV2]byte) {
	layer := bits.TrailingZeros(^uint(m.n))
	h := *leaf
	for l := range layer {
		h = m.join(&m.layers[l], &h)
	}
	m.layers[layer] = h
	m.n++
}

// root returns the root of the tree over the leaves so far and zero leaves up
// to width, a power of two.
func (m *merkleStack) root(width int) [hashLenV2]byte {
	top := bits.Len(uint(width)) - 1
	if m.n == width {
		return m.layers[top]
	}
	var h, pad [hashLenV2]byte // pad: the root of 2^l zero leaves
	for l := range top {
		if m.n>>l&1 == 1 {
			h = m.join(&m.layers[l], &h)
		} else {
			h = m.join(&h, &pad)
		}
		pad = m.join(&pad, &pad)
	}
	return h
}

func (m *merkleStack) join(a, b *[hashLenV2]byte) [hashLenV2]byte {
	copy(m.pair[:hashLenV2], a[:])
	copy(m.pair[hashLenV2:], b[:])
	return sha256.Sum256(m.pair[:])
}

// layerRoot returns the root of a whole file's tree from its piece layer. The layer is
// concatenated hashes, each over leaves 16 KiB leaves (a power of two). It lacks the
// hashes that only pad the tree to its width.
func layerRoot(layer []byte, leaves int) [hashLenV2]byte {
	n := len(layer) / hashLenV2
	hashes := make([][hashLenV2]byte, n)
	for i := range hashes {
		copy(hashes[i][:], layer[i*hashLenV2:])
	}
	var m merkleStack
	pad := zeroRoot(leaves)
	for n > 1 {
		if n%2 == 1 {
			hashes = append(hashes[:n], pad)
			n++
		}
		for i := range n / 2 {
			hashes[i] = m.join(&hashes[2*i], &hashes[2*i+1])
		}
		n /= 2
		pad = m.join(&pad, &pad)
	}
	return hashes[0]
}

// zeroRoot returns the root of a tree of n zero leaves, a power of two.
func zeroRoot(n int) (h [hashLenV2]byte) {
	var m merkleStack
	for ; n > 1; n /= 2 {
		h = m.join(&h, &h)
	}
	return h
}

// treeWidth returns the width of the tree over n leaves: the next power of two.
func treeWidth(n int64) int {
	return 1 << bits.Len64(uint64(n-1))
}
