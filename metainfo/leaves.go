package metainfo

import "math/bits"

// Peers that got a piece which failed its hash ask for the hashes of its blocks, the
// leaves of the file's tree, to find the wrong ones (BEP 52). Leaves are not kept: a
// peer that answers hashes the piece.

// LeavesPiece returns the piece whose leaves a request asks for: at most HashRun leaves
// of one piece. It returns false if they are not in the torrent, or if the request is
// not for leaves.
func (in *Info) LeavesPiece(r HashRange) (piece int, ok bool) {
	f := in.leavesFile(r)
	if f == nil {
		return 0, false
	}
	return int((f.Offset + int64(r.Index)*BlockLen) / in.PieceLength), true
}

// leavesFile returns the file whose leaves a request asks for, nil if there is none.
func (in *Info) leavesFile(r HashRange) *File {
	if r.Base != 0 || r.Root == [hashLenV2]byte{} {
		return nil
	}
	for i := range in.Files {
		f := &in.Files[i]
		if f.Length == 0 || in.PiecesRoot(f) != r.Root {
			continue
		}
		blocks := (f.Length + BlockLen - 1) / BlockLen
		within := min(blocks, in.PieceLength/BlockLen) // of a piece
		if r.within(int(blocks), bits.Len64(uint64(blocks-1))) && int64(1)<<r.height() <= int64(treeWidth(within)) {
			return f
		}
	}
	return nil
}

// AppendLeaves appends the answer to a request for leaves, 32 bytes each. leaves are
// all the leaves of LeavesPiece. tree is that of the file, and nil for a file of one
// piece. It returns false, and appends nothing, where more of the tree has to be known.
func (in *Info) AppendLeaves(b []byte, r HashRange, leaves [][32]byte, tree *LayerTree) ([]byte, bool) {
	f := in.leavesFile(r)
	if f == nil || (tree == nil) != (f.Length <= in.PieceLength) {
		return b, false
	}
	perPiece := int(in.PieceLength / BlockLen)
	width := treeWidth(int64(len(leaves)))
	if tree != nil {
		width = perPiece
	}
	depth := bits.Len(uint(width)) - 1
	row := make([][hashLenV2]byte, width)
	copy(row, leaves)
	start, first := len(b), int(r.Index)%perPiece
	for i := range int(r.Length) {
		b = append(b, row[first+i][:]...)
	}
	l := 0
	for h := r.height(); h <= int(r.Proof) && h < depth; h++ {
		row = rise(row, h-l)
		l = h
		b = append(b, row[first>>h^1][:]...)
	}
	if tree == nil || int(r.Proof) < depth {
		return b, true
	}
	i := int(r.Index) / perPiece
	if !tree.Known(i / HashRun) {
		return b[:start], false
	}
	b, ok := tree.uncles(b, tree.level(i/HashRun), i, 0, int(r.Proof)-depth)
	if !ok {
		return b[:start], false
	}
	return b, true
}
