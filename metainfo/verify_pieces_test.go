package metainfo

import (
	"fmt"
	"testing"

	"github.com/btgw/btgw/metainfo/lanes"
)

// Pieces that are checked side by side have the verdict that each has alone, however many they are.
func TestVerifyPieces(t *testing.T) {
	for _, version := range []Version{V1, V2, Hybrid} {
		tor, files := sample(t, version, 16<<10, 40*16<<10-7, 5, 3*16<<10)
		n := tor.Info.NumPieces()
		pieces := make([][]byte, n)
		for i := range pieces {
			pieces[i] = readSpan(t, tor.Info, files, tor.Info.PieceOffset(i), int64(tor.Info.PieceSize(i)))
			switch i % 7 {
			case 3:
				pieces[i][len(pieces[i])-1] ^= 1
			case 5:
				pieces[i] = pieces[i][1:]
			}
		}
		for _, layers := range []PieceLayers{tor.Layers, nil} {
			for _, count := range []int{1, lanes.Worth, lanes.Width, n - 1, n} {
				t.Run(fmt.Sprint(version, " ", count), func(t *testing.T) {
					first := n - count
					got := tor.Info.VerifyPieces(first, pieces[first:], layers)
					for i, v := range got {
						want := Unknown
						if ok, known := tor.Info.VerifyPiece(first+i, pieces[first+i], layers); ok {
							want = Right
						} else if known {
							want = Wrong
						}
						if v != want {
							t.Errorf("piece %d: %v, not %v", first+i, v, want)
						}
					}
					if len(got) != count {
						t.Errorf("%d verdicts on %d pieces", len(got), count)
					}
				})
			}
		}
	}
}
