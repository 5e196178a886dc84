package metainfo

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"hash"

	"github.com/btgw/btgw/metainfo/lanes"
)

// Verifier checks one piece against its hashes while its bytes come in, in order and in
// chunks of any size. The hashes are the SHA-1 of the piece (v1), its Merkle tree (v2),
// or both in a hybrid torrent. A Verifier takes about 1 KiB, and 2 KiB more once many
// leaves came at once; Write allocates nothing else. Reset makes it ready for another
// piece. Not for concurrent use.
type Verifier struct {
	v1, v2  bool // which halves are checked
	wantV1  [hashLenV1]byte
	wantV2  [hashLenV2]byte
	sha1    hash.Hash
	leaf    hash.Hash // SHA-256 of the leaf that is not complete yet
	inLeaf  int       // bytes in it
	content int       // bytes that the v2 tree covers: the piece but padding
	width   int       // leaves of the v2 tree
	tree    merkleStack
	leaves  *leafHasher // nil: never were as many leaves there at once
	size    int         // bytes of the piece
	n       int         // bytes written
	sum     [hashLenV2]byte
}

// NewVerifier returns a Verifier for a piece. It returns false where no hash of the
// piece is known: in a v2-only torrent, for a file longer than a piece whose layer is
// not among layers. Layers are believed: they come from ParseTorrent or passed
// CheckLayer. A hybrid torrent's piece is checked against both its hashes where both
// are known. piece is in range.
func (in *Info) NewVerifier(piece int, layers PieceLayers) (*Verifier, bool) {
	v := &Verifier{}
	if !v.Reset(in, piece, layers) {
		return nil, false
	}
	return v, true
}

// HashV1 returns the SHA-1 of a piece of a torrent that HasV1.
func (in *Info) HashV1(piece int) [20]byte { return [20]byte(in.pieces[piece*hashLenV1:]) }

// Reset makes v a new Verifier for a piece, of any torrent. Where NewVerifier returns
// false, Reset does too, and v checks nothing.
func (v *Verifier) Reset(in *Info, piece int, layers PieceLayers) bool {
	var hash [hashLenV2]byte
	width, known := 0, false
	if in.HasV2() {
		hash, width, known = in.pieceHashV2(piece, layers)
	}
	v.reset(in, piece, hash, width, known)
	return v.v1 || v.v2
}

// NewVerifierOf returns a Verifier for a piece of a file longer than a piece, the hash of
// which in the file's piece layer is known (LayerTree).
func (in *Info) NewVerifierOf(piece int, hash [32]byte) *Verifier {
	v := &Verifier{}
	v.reset(in, piece, hash, int(in.PieceLength/BlockLen), true)
	return v
}

// reset makes v a Verifier for a piece whose v2 half is hash, if that is known.
func (v *Verifier) reset(in *Info, piece int, hash [hashLenV2]byte, width int, known bool) {
	v.v1, v.v2 = in.HasV1(), known
	v.size, v.n, v.inLeaf = in.PieceSize(piece), 0, 0
	if v.v1 {
		copy(v.wantV1[:], in.pieces[piece*hashLenV1:])
		if v.sha1 == nil {
			v.sha1 = sha1.New()
		}
		v.sha1.Reset()
	}
	if v.v2 {
		v.wantV2, v.width = hash, width
		f := in.pieceFile(piece)
		v.content = int(min(int64(v.size), f.Offset+f.Length-in.PieceOffset(piece)))
		v.tree.n = 0
		if v.leaf == nil {
			v.leaf = sha256.New()
		}
		v.leaf.Reset()
	}
}

// Write hashes the next bytes of the piece. It never fails.
func (v *Verifier) Write(p []byte) (int, error) {
	n := len(p)
	if v.v1 {
		v.sha1.Write(p)
	}
	if v.v2 {
		v.writeLeaves(p[:min(n, max(0, v.content-v.n))])
	}
	v.n += n
	return n, nil
}

// writeLeaves hashes content into leaves, and whole leaves into the tree.
func (v *Verifier) writeLeaves(p []byte) {
	if v.inLeaf == 0 && len(p) >= lanes.Worth*BlockLen && lanes.Available() {
		p = v.sideBySide(p)
	}
	for len(p) > 0 {
		if v.inLeaf == 0 && len(p) >= BlockLen {
			v.sum = sha256.Sum256(p[:BlockLen])
			v.tree.push(&v.sum)
			p = p[BlockLen:]
			continue
		}
		n := min(len(p), BlockLen-v.inLeaf)
		v.leaf.Write(p[:n])
		v.inLeaf += n
		p = p[n:]
		if v.inLeaf == BlockLen {
			v.endLeaf()
		}
	}
}

// sideBySide hashes the whole leaves of p and returns the rest.
func (v *Verifier) sideBySide(p []byte) []byte {
	if v.leaves == nil {
		v.leaves = &leafHasher{}
	}
	for ; len(p) >= BlockLen; p = p[BlockLen:] {
		v.leaves.add(p[:BlockLen], &v.tree)
	}
	v.leaves.flush()
	return p
}

func (v *Verifier) endLeaf() {
	v.leaf.Sum(v.sum[:0])
	v.tree.push(&v.sum)
	v.leaf.Reset()
	v.inLeaf = 0
}

// OK reports whether the bytes written are the whole piece and match its hashes. After
// it, v is of no use before Reset.
func (v *Verifier) OK() bool {
	if v.n != v.size || !v.v1 && !v.v2 {
		return false
	}
	ok := true
	if v.v1 {
		ok = bytes.Equal(v.sha1.Sum(v.sum[:0]), v.wantV1[:])
	}
	if v.v2 {
		if v.inLeaf > 0 {
			v.endLeaf()
		}
		ok = v.tree.root(v.width) == v.wantV2 && ok
	}
	return ok
}

// VerifyPiece checks a whole piece: ok tells whether it matches, known whether
// there is a hash to match, as for NewVerifier.
func (in *Info) VerifyPiece(piece int, data []byte, layers PieceLayers) (ok, known bool) {
	v, known := in.NewVerifier(piece, layers)
	if !known {
		return false, false
	}
	v.Write(data)
	return v.OK(), true
}
