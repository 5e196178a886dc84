package metainfo

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawInfo draws a torrent of any version with a few files of any size.
func drawInfo(t *rapid.T) *Info {
	version := rapid.SampledFrom([]Version{V1, V2, Hybrid}).Draw(t, "version")
	pieceLength := int64(MinPieceLength) << rapid.IntRange(0, 3).Draw(t, "piece length")
	if version == V1 {
		pieceLength += rapid.Int64Range(0, 20000).Draw(t, "odd")
	}
	sizes := rapid.SliceOfN(rapid.OneOf(
		rapid.Int64Range(0, 5), rapid.Int64Range(0, 4*pieceLength), rapid.Just(pieceLength), rapid.Just(2*pieceLength),
	), 1, 6).Draw(t, "sizes")
	sizes = append(sizes, rapid.Int64Range(1, 100_000).Draw(t, "last"))
	d := dict{"name": "n", "piece length": pieceLength}
	tree := dict{}
	var files []any
	var span int64
	for i, n := range sizes {
		if pad := -span & (pieceLength - 1); version == Hybrid && n > 0 && pad > 0 {
			files = append(files, dict{"length": pad, "attr": "p"})
			span += pad
		}
		name := fmt.Sprint(i)
		files = append(files, dict{"length": n, "path": []string{name}})
		entry := dict{"length": n}
		if n > 0 {
			entry["pieces root"] = strings.Repeat("r", 32)
		}
		tree[name] = dict{"": entry}
		span += n
	}
	if version&V1 != 0 {
		d["files"] = files
		d["pieces"] = make([]byte, 20*((span+pieceLength-1)/pieceLength))
	}
	if version&V2 != 0 {
		d["file tree"], d["meta version"] = tree, 2
	}
	in, err := ParseInfo(mustEncode(d))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestEveryByteIsInOneBlock checks that pieces and blocks tile the byte space:
// all of it in v1, the files in v2.
func TestEveryByteIsInOneBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInfo(t)
		covered := make([]byte, in.Span())
		for p := range in.NumPieces() {
			if in.PieceSize(p) < 1 || int64(in.PieceSize(p)) > in.PieceLength {
				t.Fatalf("piece %d of %d bytes", p, in.PieceSize(p))
			}
			end := 0
			for n := range in.NumBlocks(p) {
				b := in.Block(p, n)
				if !in.ValidBlock(b) || !in.ValidRequest(b) || int(b.Begin) != end || b.Length == 0 || b.Length > BlockLen {
					t.Fatalf("%+v", b)
				}
				end = int(b.Begin + b.Length)
				start := in.PieceOffset(p) + int64(b.Begin)
				for i := start; i < start+int64(b.Length); i++ {
					covered[i]++
				}
			}
			if end != in.PieceSize(p) {
				t.Fatalf("piece %d has %d bytes, its blocks %d", p, in.PieceSize(p), end)
			}
		}
		inFile := make([]bool, in.Span())
		for i := range in.Files {
			f := &in.Files[i]
			for at := f.Offset; at < f.Offset+f.Length; at++ {
				if inFile[at] {
					t.Fatalf("byte %d in two files", at)
				}
				inFile[at] = true
			}
		}
		for i, c := range covered {
			if c > 1 || inFile[i] && c != 1 || in.HasV1() && c != 1 {
				t.Fatalf("byte %d of %d is in %d blocks", i, in.Span(), c)
			}
		}
	})
}

// TestPiecesCover checks that Pieces gives the pieces of a range, and no more.
func TestPiecesCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInfo(t)
		f := &in.Files[rapid.IntRange(0, len(in.Files)-1).Draw(t, "file")]
		if f.Length == 0 {
			return
		}
		off := rapid.Int64Range(0, f.Length-1).Draw(t, "off")
		n := rapid.Int64Range(1, f.Length-off).Draw(t, "n")
		first, last := in.Pieces(f, off, n)
		start, end := f.Offset+off, f.Offset+off+n
		if in.PieceOffset(first) > start || start >= in.PieceOffset(first)+int64(in.PieceSize(first)) {
			t.Fatalf("piece %d does not hold the first byte %d", first, start)
		}
		if in.PieceOffset(last) >= end || end > in.PieceOffset(last)+int64(in.PieceSize(last)) {
			t.Fatalf("piece %d does not hold the last byte %d", last, end-1)
		}
	})
}

func TestValidBlockAndRequest(t *testing.T) {
	in := mustInfo(t, with(with(v1Single(), "length", 40_000), "pieces", strings.Repeat("a", 60)))
	for _, c := range []struct {
		b              Block
		block, request bool
	}{
		{Block{0, 0, 16384}, true, true},
		{Block{2, 0, 7232}, true, true},
		{Block{0, 0, 16383}, false, true},
		{Block{0, 1, 16383}, false, true},
		{Block{2, 0, 7231}, false, true},
		{Block{2, 7231, 1}, false, true},
		{Block{0, 0, 0}, false, false},
		{Block{0, 0, 16385}, false, false},
		{Block{0, 16384, 1}, false, false},
		{Block{2, 0, 7233}, false, false},
		{Block{3, 0, 1}, false, false},
		{Block{math.MaxUint32, 0, 16384}, false, false},
		{Block{0, math.MaxUint32, 2}, false, false},
		{Block{0, 2, math.MaxUint32}, false, false},
		{Block{0, math.MaxUint32 &^ 16383, 16384}, false, false},
	} {
		if in.ValidBlock(c.b) != c.block || in.ValidRequest(c.b) != c.request {
			t.Errorf("%+v: block %v, request %v", c.b, in.ValidBlock(c.b), in.ValidRequest(c.b))
		}
	}
	large := mustInfo(t, with(with(v1Single(), "length", 1<<20), "piece length", 1<<20))
	if !large.ValidRequest(Block{0, 0, MaxRequest}) || large.ValidRequest(Block{0, 0, MaxRequest + 1}) {
		t.Error("the limit of requests does not hold")
	}
}

// TestRequestsStayInPieces draws any block: what is valid is within its piece,
// so that no reader of it has to check again.
func TestRequestsStayInPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInfo(t)
		b := Block{
			rapid.Uint32Range(0, uint32(in.NumPieces())+1).Draw(t, "piece"),
			rapid.OneOf(rapid.Uint32(), rapid.Uint32Range(0, 200_000)).Draw(t, "begin"),
			rapid.OneOf(rapid.Uint32(), rapid.Uint32Range(0, 200_000)).Draw(t, "length"),
		}
		valid := int(b.Piece) < in.NumPieces() && b.Length > 0 && b.Length <= MaxRequest
		if valid {
			begin, end, size := int64(b.Begin), int64(b.Begin)+int64(b.Length), int64(in.PieceSize(int(b.Piece)))
			valid = end <= size || !in.HasV1() && begin < size && end <= in.PieceLength
		}
		if in.ValidRequest(b) != valid {
			t.Fatalf("%+v", b)
		}
		if n := int64(in.Content(b)); valid && (n <= 0 || n > int64(b.Length) || int64(b.Begin)+n > int64(in.PieceSize(int(b.Piece)))) {
			t.Fatalf("%d bytes of %+v", n, b)
		}
		if in.ValidBlock(b) && !in.ValidRequest(b) {
			t.Fatalf("%+v is a block and no request", b)
		}
	})
}

// TestLargest checks that nothing overflows at the limits.
func TestLargest(t *testing.T) {
	in := mustInfo(t, with(with(with(v1Single(), "length", MaxSize), "piece length", MaxPieceLength),
		"pieces", make([]byte, 20*(MaxSize/MaxPieceLength))))
	last := in.NumPieces() - 1
	if in.NumPieces() != 262_144 || in.PieceSize(last) != MaxPieceLength || in.PieceOffset(last) != MaxSize-MaxPieceLength {
		t.Errorf("%d pieces, the last of %d bytes", in.NumPieces(), in.PieceSize(last))
	}
	if b := in.Block(last, in.NumBlocks(last)-1); b.Begin != MaxPieceLength-BlockLen || !in.ValidBlock(b) {
		t.Errorf("%+v", b)
	}
	first, end := in.Pieces(&in.Files[0], MaxSize-1, 1)
	if first != last || end != last {
		t.Errorf("%d to %d", first, end)
	}
	v2 := mustInfo(t, with(with(v2Single(), "file tree", dict{"t": dict{"": dict{
		"length": MaxPieces * 65536, "pieces root": strings.Repeat("r", 32),
	}}}), "piece length", 65536))
	if v2.NumPieces() != MaxPieces {
		t.Errorf("%d pieces", v2.NumPieces())
	}
}

// TestOneLargePiece holds a nominal piece length that is larger than any piece.
func TestOneLargePiece(t *testing.T) {
	in := mustInfo(t, with(v1Single(), "piece length", maxNominalPieceLength))
	if in.NumPieces() != 1 || in.PieceSize(0) != 425 || in.NumBlocks(0) != 1 {
		t.Errorf("%d pieces, the first of %d bytes", in.NumPieces(), in.PieceSize(0))
	}
}
