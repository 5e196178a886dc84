package metainfo

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// TestLeaves: requests for leaves are answered as BEP 52 has it, whatever part of a piece
// they are for, and others are not.
func TestLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieceLen := int64(BlockLen) << rapid.IntRange(1, 4).Draw(t, "exponent")
		content := make([]byte, rapid.IntRange(1, 40*BlockLen).Draw(t, "size"))
		rand.NewChaCha8([32]byte{1}).Read(content)
		tor, err := Make(t.Context(), MakeOptions{FS: fstest.MapFS{"f": {Data: content}}, Root: "f", Version: V2, PieceLength: pieceLen})
		if err != nil {
			t.Fatal(err)
		}
		in := tor.Info
		f := &in.Files[0]
		levels := [][][32]byte{leafHashes(content)}
		for len(levels[len(levels)-1]) > 1 {
			levels = append(levels, nextLevel(levels[len(levels)-1]))
		}
		var tree *LayerTree
		if layer := tor.Layers[in.PiecesRoot(f)]; layer != nil {
			tree = in.FullLayerTree(in.PiecesRoot(f), layer)
		}
		r := HashRange{
			Root: in.PiecesRoot(f), Index: rapid.Uint32Range(0, 45).Draw(t, "index"), Length: rapid.Uint32Range(0, 40).Draw(t, "length"),
			Proof: rapid.Uint32Range(0, 8).Draw(t, "proof"), Base: rapid.Uint32Range(0, 1).Draw(t, "base"),
		}
		if rapid.Bool().Draw(t, "aligned") {
			r.Base, r.Length = 0, 1<<rapid.IntRange(0, 4).Draw(t, "height")
			r.Index = r.Index / r.Length * r.Length
		}
		blocks := (len(content) + BlockLen - 1) / BlockLen
		width := 1 << r.height()
		valid := r.Base == 0 && r.Length > 0 && int(r.Index) < blocks && int(r.Index)%width == 0 && int(r.Proof) < len(levels)-1 &&
			(int(r.Length) == width || int(r.Index+r.Length) == blocks) && int(r.Index)+width <= len(levels[0]) &&
			int64(width)*BlockLen <= max(pieceLen, BlockLen)
		piece, ok := in.LeavesPiece(r)
		if ok != valid {
			t.Fatalf("%+v of %d blocks: %v", r, blocks, ok)
		}
		var leaves [][32]byte
		if ok {
			at := in.PieceOffset(piece)
			leaves = leafHashes(content[at : at+int64(in.PieceSize(piece))])
		}
		got, ok := in.AppendLeaves([]byte("x"), r, leaves, tree)
		if ok != valid || ok && !bytes.Equal(got[1:], answerOf(levels, r)) {
			t.Fatalf("%+v of %d blocks: %v, %d bytes", r, blocks, ok, len(got))
		}
		if tree == nil {
			return
		}
		empty := in.NewLayerTree(f)
		if _, ok := in.AppendLeaves(nil, r, leaves, empty); valid && ok != (int64(1)<<r.Proof*BlockLen < pieceLen) {
			t.Fatalf("%+v, of which nothing is known: %v", r, ok)
		}
	})
}
