package metainfo

import (
	"bytes"
	"sort"
)

// Programs that are older than BEP 47 pad without saying so: the name tells it.

// bitCometPadding begins the name of a padding file that BitComet made.
var bitCometPadding = []byte("_____padding_file_")

// paddingDir is the directory of padding files that BEP 47 suggests, and oldPaddingDir that
// which libtorrent made before it.
const (
	paddingDir    = ".pad"
	oldPaddingDir = ".____padding_file"
)

// namesPadding reports whether a file of a v1 torrent is padding by its path: such
// files are zeros, and other clients hide them too.
func namesPadding(path [][]byte) bool {
	if bytes.HasPrefix(path[len(path)-1], bitCometPadding) {
		return true
	}
	if len(path) != 2 || !isDecimal(path[1]) {
		return false
	}
	return string(path[0]) == paddingDir || string(path[0]) == oldPaddingDir
}

func isDecimal(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// PaddingBlocks returns the blocks of a piece that hold nothing but padding, in order.
// i is in range.
func (in *Info) PaddingBlocks(i int) (blocks []int) {
	if !in.padded {
		return nil
	}
	start := in.PieceOffset(i)
	end := start + int64(in.PieceSize(i))
	n := sort.Search(len(in.Files), func(n int) bool { return in.Files[n].Offset+in.Files[n].Length > start })
	for ; n < len(in.Files) && in.Files[n].Offset < end; n++ {
		f := &in.Files[n]
		if !f.Pad {
			continue
		}
		first := (max(f.Offset, start) - start + BlockLen - 1) / BlockLen
		last := (f.Offset + f.Length - start) / BlockLen // behind the last whole one
		if f.Offset+f.Length >= end {
			last = (end - start + BlockLen - 1) / BlockLen
		}
		for b := first; b < last; b++ {
			blocks = append(blocks, int(b))
		}
	}
	return blocks
}
