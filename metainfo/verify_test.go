package metainfo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

func randomBytes(seed uint64, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(b)
	return b
}

// sample makes a torrent of files with these sizes, and its content.
func sample(t testing.TB, version Version, pieceLength int64, sizes ...int) (*Torrent, fstest.MapFS) {
	t.Helper()
	fsys := fstest.MapFS{}
	root := "sample"
	for i, n := range sizes {
		name := fmt.Sprintf("sample/%d", i)
		if len(sizes) == 1 {
			root, name = "0", "0" // a v2 torrent of one file is named by it
		}
		fsys[name] = &fstest.MapFile{Data: randomBytes(uint64(i), n)}
	}
	tor, err := Make(context.Background(), MakeOptions{FS: fsys, Root: root, Version: version, PieceLength: pieceLength})
	if err != nil {
		t.Fatal(err)
	}
	return tor, fsys
}

// TestVerifierTakesAnyChunks writes pieces in chunks of any size.
func TestVerifierTakesAnyChunks(t *testing.T) {
	for _, version := range []Version{V1, V2, Hybrid} {
		tor, fsys := sample(t, version, 64<<10, 200_000, 65536, 16384, 16385, 1, 0, 65537)
		in := tor.Info
		v := &Verifier{}
		rapid.Check(t, func(rt *rapid.T) {
			i := rapid.IntRange(0, in.NumPieces()-1).Draw(rt, "piece")
			piece := readSpan(t, in, fsys, in.PieceOffset(i), int64(in.PieceSize(i)))
			if !v.Reset(in, i, tor.Layers) {
				rt.Fatal("hash not known")
			}
			for len(piece) > 0 {
				n := min(len(piece), rapid.IntRange(0, 40_000).Draw(rt, "chunk"))
				if m, err := v.Write(piece[:n]); m != n || err != nil {
					rt.Fatal(m, err)
				}
				piece = piece[n:]
			}
			if !v.OK() {
				rt.Fatalf("version %d: piece %d does not verify", version, i)
			}
		})
	}
}

// TestVerifierWantsAllOfIt checks that a prefix, or more than all, is not OK.
func TestVerifierWantsAllOfIt(t *testing.T) {
	for _, version := range []Version{V1, V2, Hybrid} {
		tor, fsys := sample(t, version, 32<<10, 50_000)
		for i := range tor.Info.NumPieces() {
			piece := readSpan(t, tor.Info, fsys, tor.Info.PieceOffset(i), int64(tor.Info.PieceSize(i)))
			for _, data := range [][]byte{nil, piece[:len(piece)-1], append(piece[:len(piece):len(piece)], 0), piece[:16384]} {
				if ok, known := tor.Info.VerifyPiece(i, data, tor.Layers); ok || !known {
					t.Errorf("version %d, piece %d: %d of %d bytes: %v, %v", version, i, len(data), len(piece), ok, known)
				}
			}
		}
	}
}

// TestUnknownHashes checks what is known without layers: all of v1, of v2 only
// files that are no longer than a piece.
func TestUnknownHashes(t *testing.T) {
	v2, fsys := sample(t, V2, 16<<10, 40_000, 10_000)
	in := v2.Info
	for i, want := range []bool{false, false, false, true} {
		if v, known := in.NewVerifier(i, nil); known != want || (v != nil) != want {
			t.Errorf("piece %d: %v", i, known)
		}
		piece := readSpan(t, in, fsys, in.PieceOffset(i), int64(in.PieceSize(i)))
		if ok, known := in.VerifyPiece(i, piece, nil); ok != want || known != want {
			t.Errorf("piece %d: %v, %v", i, ok, known)
		}
	}
	short := PieceLayers{in.PiecesRoot(&in.Files[0]): v2.Layers[in.PiecesRoot(&in.Files[0])][:64]}
	if _, known := in.NewVerifier(2, short); known {
		t.Error("a layer that ends before it knows piece 2")
	}
	hybrid, _ := sample(t, Hybrid, 16<<10, 40_000, 10_000)
	if v, known := hybrid.Info.NewVerifier(0, nil); !known || !v.v1 || v.v2 {
		t.Error("a hybrid torrent has its SHA-1")
	}
	if (&Verifier{}).OK() {
		t.Error("a Verifier of nothing is OK")
	}
}

// TestHybridChecksBoth breaks one half at a time.
func TestHybridChecksBoth(t *testing.T) {
	tor, fsys := sample(t, Hybrid, 16<<10, 40_000)
	in := tor.Info
	piece := readSpan(t, in, fsys, 0, 16384)
	root := in.PiecesRoot(&in.Files[0])
	layer := bytes.Clone(tor.Layers[root])
	layer[0]++
	if ok, _ := in.VerifyPiece(0, piece, PieceLayers{root: layer}); ok {
		t.Error("SHA-1 alone passes")
	}
	in.pieces = bytes.Clone(in.pieces)
	in.pieces[0]++
	if ok, _ := in.VerifyPiece(0, piece, tor.Layers); ok {
		t.Error("the Merkle tree alone passes")
	}
}

// TestVerifierAllocatesNothing holds the promise of the hot path.
func TestVerifierAllocatesNothing(t *testing.T) {
	for _, version := range []Version{V1, V2, Hybrid} {
		tor, fsys := sample(t, version, 1<<20, 1<<20+5000)
		in := tor.Info
		piece := readSpan(t, in, fsys, 0, 1<<20)
		v, _ := in.NewVerifier(0, tor.Layers)
		allocs := testing.AllocsPerRun(5, func() {
			if !v.Reset(in, 0, tor.Layers) {
				t.Error("not known")
			}
			v.Write(piece[:100])
			for rest := piece[100:]; len(rest) > 0; rest = rest[min(len(rest), BlockLen):] {
				v.Write(rest[:min(len(rest), BlockLen)])
			}
			if !v.OK() {
				t.Error("does not verify")
			}
		})
		if allocs != 0 {
			t.Errorf("version %d: %v allocations a piece", version, allocs)
		}
	}
}

func TestCheckLayer(t *testing.T) {
	tor, _ := sample(t, V2, 16<<10, 40_000, 10_000, 40_000)
	in := tor.Info
	root := in.PiecesRoot(&in.Files[0])
	if err := in.CheckLayer(root, tor.Layers[root]); err != nil {
		t.Error(err)
	}
	if err := in.CheckLayer(root, tor.Layers[root][32:]); err == nil {
		t.Error("a layer that is short passes")
	}
	if err := in.CheckLayer(in.PiecesRoot(&in.Files[1]), rootBytes(in.PiecesRoot(&in.Files[1]))); err == nil {
		t.Error("a file of one piece has no layer")
	}
	if err := in.CheckLayer([32]byte{1}, tor.Layers[root]); err == nil {
		t.Error("a root of no file passes")
	}
}

// TestMerkleStack compares with trees made level by level.
func TestMerkleStack(t *testing.T) {
	for n := 1; n <= 70; n++ {
		var m merkleStack
		content := randomBytes(uint64(n), (n-1)*BlockLen+n)
		leaves := leafHashes(content)
		width := len(leaves)
		for i := range n {
			m.push(&leaves[i])
		}
		for len(leaves) > 1 {
			leaves = nextLevel(leaves)
		}
		if m.root(width) != leaves[0] || treeWidth(int64(n)) != width {
			t.Errorf("%d leaves", n)
		}
	}
}

// TestLayerRoot compares the two ways from leaves to a root.
func TestLayerRoot(t *testing.T) {
	for _, pieceLength := range []int{16 << 10, 64 << 10} {
		for _, n := range []int{pieceLength + 1, 3 * pieceLength, 5*pieceLength - 7, 8 * pieceLength} {
			root, layer := zerosHashes(n, pieceLength)
			if got := layerRoot(layer, pieceLength/BlockLen); !bytes.Equal(got[:], root) {
				t.Errorf("%d bytes, pieces of %d", n, pieceLength)
			}
		}
	}
}

func BenchmarkVerifier(b *testing.B) {
	for name, version := range map[string]Version{"v1": V1, "v2": V2, "hybrid": Hybrid} {
		b.Run(name, func(b *testing.B) {
			tor, fsys := sample(b, version, 4<<20, 8<<20)
			piece := readSpan(b, tor.Info, fsys, 0, 4<<20)
			v := &Verifier{}
			b.SetBytes(int64(len(piece)))
			b.ReportAllocs()
			for b.Loop() {
				v.Reset(tor.Info, 0, tor.Layers)
				for off := 0; off < len(piece); off += BlockLen {
					v.Write(piece[off : off+BlockLen])
				}
				if !v.OK() {
					b.Fatal("does not verify")
				}
			}
		})
	}
}
