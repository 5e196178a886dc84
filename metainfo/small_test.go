package metainfo

import (
	"bytes"
	"crypto/sha1"
	"fmt"
	"slices"
	"testing"
)

// TestSmallPieces: v1 torrents of any piece length are taken; a block is a piece then.
func TestSmallPieces(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 1000)[:15_001]
	for _, length := range []int{1, 512, 1000, 1 << 10, 8 << 10, 15_000, 16<<10 - 1, 20_000} {
		t.Run(fmt.Sprint(length), func(t *testing.T) {
			var pieces []byte
			for p := range slices.Chunk(content, length) {
				sum := sha1.Sum(p)
				pieces = append(pieces, sum[:]...)
			}
			in := mustInfo(t, dict{"name": "f", "length": len(content), "piece length": length, "pieces": string(pieces)})
			total := 0
			for i := range in.NumPieces() {
				for n := range in.NumBlocks(i) {
					b := in.Block(i, n)
					if !in.ValidBlock(b) || !in.ValidRequest(b) {
						t.Fatalf("block %+v", b)
					}
					total += int(b.Length)
				}
				at := in.PieceOffset(i)
				if ok, known := in.VerifyPiece(i, content[at:at+int64(in.PieceSize(i))], nil); !ok || !known {
					t.Errorf("piece %d: %v, %v", i, ok, known)
				}
			}
			if total != len(content) {
				t.Errorf("%d bytes in blocks, %d in all", total, len(content))
			}
		})
	}
	for _, length := range []int{0, -1} {
		if _, err := ParseInfo(encode(t, with(v1Single(), "piece length", length))); err == nil {
			t.Errorf("piece length %d is taken", length)
		}
	}
	if _, err := ParseInfo(encode(t, with(v2Single(), "piece length", 8<<10))); err == nil {
		t.Error("a v2 torrent with pieces of 8 KiB is taken (BEP 52)")
	}
}

// TestLayersOfOnePiece: what some programs write as the layer of a file of one piece is
// dropped, whatever it is; those of longer files are held to their hashes as ever.
func TestLayersOfOnePiece(t *testing.T) {
	root, layer := zerosHashes(1<<20, 65536)
	short, _ := zerosHashes(5, 65536)
	info := with(v2Single(), "file tree", dict{"a": v2File(1 << 20), "b": v2File(5), "c": v2File(0)})
	for name, extra := range map[string]string{"the root": string(short), "empty": "", "anything": "anything"} {
		got, err := ParseTorrent(encode(t, dict{"info": info, "piece layers": dict{string(root): string(layer), string(short): extra}}))
		if err != nil || len(got.Layers) != 1 || !bytes.Equal(got.Layers[[32]byte(root)], layer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, layers := range map[string]dict{
		"of no file":   {string(root): string(layer), string(bytes.Repeat([]byte{7}, 32)): "x"},
		"a wrong one":  {string(root): string(bytes.Repeat([]byte{7}, len(layer)))},
		"a short root": {string(root): string(layer), "x": "x"},
	} {
		if _, err := ParseTorrent(encode(t, dict{"info": info, "piece layers": layers})); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
