package metainfo

import (
	"bytes"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// layerOf returns a v2 torrent of one file of n pieces, and its piece layer, which is
// noise: nothing here looks at content.
func layerOf(n int, pieceLen int64, seed uint64) (in *Info, layer []byte) {
	r := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	layer = make([]byte, n*hashLenV2)
	r.Read(layer)
	in = &Info{PieceLength: pieceLen, span: int64(n) * pieceLen, roots: []uint32{1}}
	root := layerRoot(layer, int(pieceLen/BlockLen))
	in.raw = append([]byte{'d'}, root[:]...)
	in.Files = []File{{Length: int64(n-1)*pieceLen + 1}}
	in.v2 = NewV2([32]byte{1})
	return in, layer
}

// levelsOf are the levels of the tree over a layer with its padding, from the layer up.
func levelsOf(layer []byte, pieceLen int64) [][][32]byte {
	var level [][32]byte
	for b := range slices.Chunk(layer, hashLenV2) {
		level = append(level, [32]byte(b))
	}
	for pad := zeroRoot(int(pieceLen / BlockLen)); len(level) < treeWidth(int64(len(layer)/hashLenV2)); {
		level = append(level, pad)
	}
	levels := [][][32]byte{level}
	for len(level) > 1 {
		level = nextLevel(level)
		levels = append(levels, level)
	}
	return levels
}

// answerOf is the answer to a request by the letter of BEP 52.
func answerOf(levels [][][32]byte, r HashRange) (b []byte) {
	for i := range r.Length {
		b = append(b, levels[0][r.Index+i][:]...)
	}
	for l := bits.Len32(r.Length - 1); l <= int(r.Proof); l++ {
		b = append(b, levels[l][r.Index>>l^1][:]...)
	}
	return b
}

// TestLayerTree: a tree takes what BEP 52 says that the answers to its requests are, in
// any order, knows what it was given and nothing else, and answers others alike.
func TestLayerTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(2, 20), rapid.IntRange(500, 530), rapid.IntRange(2, 5*HashRun)).Draw(t, "pieces")
		pieceLen := int64(BlockLen) << rapid.IntRange(0, 4).Draw(t, "exponent")
		in, layer := layerOf(n, pieceLen, rapid.Uint64().Draw(t, "seed"))
		levels := levelsOf(layer, pieceLen)
		f := &in.Files[0]
		full, tree := in.FullLayerTree(in.PiecesRoot(f), layer), in.NewLayerTree(f)
		if levels[len(levels)-1][0] != in.PiecesRoot(f) || full.top[1] != in.PiecesRoot(f) {
			t.Fatal("another root")
		}
		runs := (n + HashRun - 1) / HashRun
		if tree.Runs() != runs || tree.Whole() || tree.Layer() != nil {
			t.Fatalf("%d runs of %d pieces", tree.Runs(), n)
		}
		order := rapid.Permutation(slices.Collect(rangeOf(runs))).Draw(t, "order")
		for done, run := range order {
			r := tree.Request(run)
			if r.Index%r.Length != 0 || bits.OnesCount32(r.Length) != 1 || r.Length < 2 || r.Length > HashRun {
				t.Fatalf("asked for %+v", r)
			}
			answer := answerOf(levels, r)
			if got, ok := tree.Append([]byte("x"), r); ok || string(got) != "x" {
				t.Fatal("it answers what it does not know")
			}
			// The padding may be left out.
			given := answer
			if rapid.Bool().Draw(t, "cut") {
				given = slices.Delete(slices.Clone(answer), tree.count(run)*hashLenV2, int(r.Length)*hashLenV2)
			}
			for range 2 { // the same again is no harm
				if !tree.Add(run, given) || !tree.Known(run) || tree.Whole() != (done == runs-1) {
					t.Fatal("what is right was not taken")
				}
			}
			for _, x := range []*LayerTree{full, tree} {
				if got, ok := x.Append([]byte("x"), r); !ok || !bytes.Equal(got[1:], answer) {
					t.Fatalf("%+v was answered otherwise", r)
				}
			}
			checkShorter(t, levels, tree, r, n)
		}
		for i := range n {
			if h, ok := tree.Hash(i); !ok || !bytes.Equal(h[:], layer[i*hashLenV2:][:hashLenV2]) {
				t.Fatalf("piece %d has another hash", i)
			}
		}
		if _, ok := tree.Hash(n); ok || !bytes.Equal(tree.Layer(), layer) {
			t.Fatal("another layer")
		}
	})
}

func rangeOf(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n && yield(i); i++ {
		}
	}
}

// checkShorter asks for a part of a run that is known, with less of a proof.
func checkShorter(t *rapid.T, levels [][][32]byte, tree *LayerTree, r HashRange, n int) {
	of := min(HashRun, n-int(r.Index))
	r.Length = 1 << rapid.IntRange(0, bits.Len32(r.Length)-1).Draw(t, "length")
	r.Index += uint32(rapid.IntRange(0, of-1).Draw(t, "index")) / r.Length * r.Length
	r.Proof = uint32(rapid.IntRange(0, int(r.Proof)).Draw(t, "proof"))
	if got, ok := tree.Append(nil, r); !ok || !bytes.Equal(got, answerOf(levels, r)) {
		t.Fatalf("%+v: %v, %d bytes", r, ok, len(got))
	}
}

// TestLayerTreeRefuses: an answer with any bit wrong, or of another length, is not taken,
// and leaves the tree as it was.
func TestLayerTreeRefuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(2, 20), rapid.IntRange(500, 3*HashRun)).Draw(t, "pieces")
		in, layer := layerOf(n, BlockLen, rapid.Uint64().Draw(t, "seed"))
		tree := in.NewLayerTree(&in.Files[0])
		run := rapid.IntRange(0, tree.Runs()-1).Draw(t, "run")
		right := answerOf(levelsOf(layer, BlockLen), tree.Request(run))
		wrong := slices.Clone(right)
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			wrong[rapid.IntRange(0, len(wrong)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		case 1:
			wrong = wrong[:rapid.IntRange(0, len(wrong)-1).Draw(t, "length")]
		case 2:
			wrong = append(wrong, make([]byte, rapid.IntRange(1, 100).Draw(t, "more"))...)
		case 3:
			i := rapid.IntRange(0, len(wrong)/hashLenV2-2).Draw(t, "swap") * hashLenV2
			copy(wrong[i:], right[i+hashLenV2:][:hashLenV2])
			copy(wrong[i+hashLenV2:], right[i:][:hashLenV2])
		}
		cut := slices.Delete(slices.Clone(right), tree.count(run)*hashLenV2, int(tree.Request(run).Length)*hashLenV2)
		if bytes.Equal(wrong, right) || bytes.Equal(wrong, cut) {
			return
		}
		if tree.Add(run, wrong) || tree.Known(run) || tree.Whole() {
			t.Fatal("what is wrong was taken")
		}
		if !tree.Add(run, right) {
			t.Fatal("what is right was not taken after it")
		}
	})
}

// TestLayerTreeBounds: what is not in the tree is not answered.
func TestLayerTreeBounds(t *testing.T) {
	in, layer := layerOf(2, BlockLen, 1)
	if v := in.NewVerifierOf(0, [32]byte(layer)); v.OK() {
		t.Error("nothing is a piece")
	}
	for _, r := range []HashRange{
		{Length: 0}, {Length: 1, Index: 2}, {Length: 2, Index: 1}, {Length: 4}, {Length: 2, Proof: 1}, {Length: 2, Base: 1},
		{Length: 1 << 31}, {Length: 1<<32 - 1}, {Index: 1<<32 - 1, Length: 1}, {Length: 2, Proof: 1<<32 - 1}, {Length: 2, Base: 1<<32 - 1},
	} {
		r.Root = in.PiecesRoot(&in.Files[0])
		if b, ok := in.FullLayerTree(r.Root, layer).Append(nil, r); ok || b != nil {
			t.Errorf("%+v was answered", r)
		}
	}
	if _, ok := in.FullLayerTree(in.PiecesRoot(&in.Files[0]), layer).Append(nil, HashRange{Length: 2}); ok {
		t.Error("another root was answered")
	}
	if f, i, ok := in.Layered(1); f != &in.Files[0] || i != 1 || !ok {
		t.Error("the second piece is not of the file")
	}
}

// FuzzLayerTree gives a tree any answer and any request: it takes only what is right, and
// answers within its bounds.
func FuzzLayerTree(f *testing.F) {
	in, layer := layerOf(HashRun+3, BlockLen, 1)
	root := in.PiecesRoot(&in.Files[0])
	levels := levelsOf(layer, BlockLen)
	for run := range 2 {
		r := in.NewLayerTree(&in.Files[0]).Request(run)
		f.Add(run, answerOf(levels, r), r.Base, r.Index, r.Length, r.Proof)
	}
	f.Add(1, []byte(nil), uint32(0), uint32(514), uint32(1), uint32(9))
	full := in.FullLayerTree(root, layer)
	f.Fuzz(func(t *testing.T, run int, answer []byte, base, index, length, proof uint32) {
		tree := in.NewLayerTree(&in.Files[0])
		run = min(max(run, 0), tree.Runs()-1)
		if tree.Add(run, answer) {
			for i := run * HashRun; i < min(HashRun+3, (run+1)*HashRun); i++ {
				if h, ok := tree.Hash(i); !ok || !bytes.Equal(h[:], layer[i*hashLenV2:][:hashLenV2]) {
					t.Fatalf("piece %d has another hash", i)
				}
			}
		}
		r := HashRange{Root: root, Base: base, Index: index, Length: length, Proof: proof}
		b, ok := full.Append(nil, r)
		if ok && !bytes.Equal(b, answerOf(levels, r)) {
			t.Fatalf("%+v: %d bytes", r, len(b))
		}
		if other, okToo := tree.Append(nil, r); okToo && !bytes.Equal(other, b) {
			t.Fatalf("%+v was answered in two ways", r)
		}
	})
}

// BenchmarkLayerTree is what a run costs of who asked for it (Add), of who is asked
// (Append), and what a whole layer does (Full, of 64 runs).
func BenchmarkLayerTree(b *testing.B) {
	in, layer := layerOf(64*HashRun, BlockLen, 1)
	full := in.FullLayerTree(in.PiecesRoot(&in.Files[0]), layer)
	tree := in.NewLayerTree(&in.Files[0])
	answer, _ := full.Append(nil, tree.Request(0))
	b.Run("Add", func(b *testing.B) {
		for b.Loop() {
			tree.Add(0, answer)
		}
	})
	b.Run("Append", func(b *testing.B) {
		for b.Loop() {
			full.Append(answer[:0], tree.Request(0))
		}
	})
	b.Run("AppendPair", func(b *testing.B) {
		r := tree.Request(0)
		r.Length = 2
		for b.Loop() {
			full.Append(answer[:0], r)
		}
	})
	b.Run("Full", func(b *testing.B) {
		for b.Loop() {
			in.FullLayerTree(in.PiecesRoot(&in.Files[0]), layer)
		}
	})
}
