package metainfo

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
)

// makeBuffer is how many bytes Make reads at once.
const makeBuffer = 1 << 20

// hasher hashes content for one torrent.
type hasher struct {
	content     *content
	pieceLength int64
	v1          *pieceHasher // nil if not wanted
	v2          *treeHasher  // nil if not wanted
	pads        []int64      // hybrid: bytes of padding after each file
	layers      PieceLayers
}

func newHasher(o MakeOptions, c *content) *hasher {
	h := &hasher{content: c, pieceLength: o.PieceLength, pads: make([]int64, len(c.files))}
	if o.Version&V1 != 0 {
		h.v1 = &pieceHasher{pieceLength: o.PieceLength, sum: sha1.New()}
	}
	if o.Version&V2 != 0 {
		h.v2 = &treeHasher{width: int(o.PieceLength / BlockLen), leaf: sha256.New()}
		h.layers = PieceLayers{}
	}
	return h
}

// run reads each file once.
func (h *hasher) run(ctx context.Context, progress func(done, total int64)) error {
	buf := make([]byte, makeBuffer)
	var done int64
	report := func(n int) {
		if done += int64(n); progress != nil {
			progress(done, h.content.size)
		}
	}
	for i := range h.content.files {
		f := &h.content.files[i]
		if f.size == 0 {
			continue
		}
		if err := h.file(ctx, f, buf, report); err != nil {
			return fmt.Errorf("%s: %w", f.open, err)
		}
		if h.v1 != nil && h.v2 != nil && !h.content.single {
			h.pads[i] = h.v1.pad()
		}
		if h.v2 == nil {
			continue
		}
		var layer []byte
		f.root, layer = h.v2.finish(f.size, h.pieceLength)
		if f.size > h.pieceLength {
			h.layers[f.root] = layer
		}
	}
	if h.v1 != nil {
		h.v1.finish()
	}
	return nil
}

// errChanged is a file that is not as long as it was when it was listed.
var errChanged = errors.New("the file changed while it was read")

func (h *hasher) file(ctx context.Context, f *contentFile, buf []byte, report func(n int)) error {
	r, err := h.content.fsys.Open(f.open)
	if err != nil {
		return err
	}
	defer r.Close()
	left := f.size
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(r, buf)
		if int64(n) > left {
			return errChanged
		}
		left -= int64(n)
		if h.v1 != nil {
			h.v1.write(buf[:n])
		}
		if h.v2 != nil {
			h.v2.write(buf[:n])
		}
		report(n)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			if left != 0 {
				return errChanged
			}
			return nil
		case err != nil:
			return err
		}
	}
}

// pieceHasher makes the "pieces" of a v1 torrent.
type pieceHasher struct {
	pieceLength int64
	sum         hash.Hash
	n           int64 // bytes in the piece so far
	pieces      []byte
}

func (h *pieceHasher) write(p []byte) {
	for len(p) > 0 {
		n := min(int64(len(p)), h.pieceLength-h.n)
		h.sum.Write(p[:n])
		p = p[n:]
		if h.n += n; h.n == h.pieceLength {
			h.finish()
		}
	}
}

// pad fills the piece with zeros and returns how many.
func (h *pieceHasher) pad() int64 {
	if h.n == 0 {
		return 0
	}
	pad := h.pieceLength - h.n
	var zeros [4096]byte
	for left := pad; left > 0; {
		n := min(left, int64(len(zeros)))
		h.write(zeros[:n])
		left -= n
	}
	return pad
}

// finish ends the piece, if one was begun.
func (h *pieceHasher) finish() {
	if h.n > 0 {
		h.pieces = h.sum.Sum(h.pieces)
		h.sum.Reset()
		h.n = 0
	}
}

// treeHasher makes the pieces root and the piece layer of a file.
type treeHasher struct {
	width  int // leaves of a piece
	leaf   hash.Hash
	inLeaf int // bytes in the leaf so far
	piece  merkleStack
	layer  []byte
}

func (h *treeHasher) write(p []byte) {
	for len(p) > 0 {
		n := min(len(p), BlockLen-h.inLeaf)
		h.leaf.Write(p[:n])
		p = p[n:]
		if h.inLeaf += n; h.inLeaf == BlockLen {
			h.endLeaf()
		}
	}
}

func (h *treeHasher) endLeaf() {
	if h.piece.n == h.width {
		h.endPiece()
	}
	var sum [hashLenV2]byte
	h.leaf.Sum(sum[:0])
	h.piece.push(&sum)
	h.leaf.Reset()
	h.inLeaf = 0
}

func (h *treeHasher) endPiece() {
	root := h.piece.root(h.width)
	h.layer = append(h.layer, root[:]...)
	h.piece.n = 0
}

// finish returns the root and, for a file longer than a piece, the layer, and
// makes h ready for another file.
func (h *treeHasher) finish(size, pieceLength int64) (root [hashLenV2]byte, layer []byte) {
	if h.inLeaf > 0 {
		h.endLeaf()
	}
	if size <= pieceLength {
		root = h.piece.root(treeWidth((size + BlockLen - 1) / BlockLen))
		h.piece.n = 0
		return root, nil
	}
	h.endPiece()
	layer, h.layer = h.layer, nil
	return layerRoot(layer, h.width), layer
}
