package metainfo

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestPaddingBlocks compares it with a look at each byte. Two paddings next to each other
// may share a block that neither fills: that one is asked for.
func TestPaddingBlocks(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var list []any
		var span int
		for i := range rapid.IntRange(1, 12).Draw(r, "files") {
			n := rapid.OneOf(rapid.IntRange(0, 100), rapid.IntRange(0, 120_000)).Draw(r, "length")
			f := dict{"length": n, "path": []string{string(rune('a' + i))}}
			if rapid.Bool().Draw(r, "padding") && i > 0 {
				f["attr"] = "p"
			}
			list = append(list, f)
			span += n
		}
		const length = 48 << 10
		pieces := make([]byte, (span+length-1)/length*20)
		in, err := ParseInfo(encode(t, dict{"name": "t", "piece length": length, "pieces": string(pieces), "files": list}))
		if err != nil {
			return // of no content
		}
		for p := range in.NumPieces() {
			var want []int
			for n := range in.NumBlocks(p) {
				b := in.Block(p, n)
				from := in.PieceOffset(p) + int64(b.Begin)
				if slices.ContainsFunc(in.Files, func(f File) bool {
					return f.Pad && f.Offset <= from && f.Offset+f.Length >= from+int64(b.Length)
				}) {
					want = append(want, n)
				}
			}
			if got := in.PaddingBlocks(p); !slices.Equal(got, want) {
				t.Fatalf("piece %d: %v, want %v", p, got, want)
			}
		}
	})
}
