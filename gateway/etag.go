package gateway

import (
	"encoding/hex"
	"strconv"

	"github.com/btgw/btgw/metainfo"
)

// fileETag is the strong validator of a file, the same for every range of it.
// A v2 file is named by its Merkle root, which equal files in different
// torrents share; any other by its infohash and its place.
func fileETag(info *metainfo.Info, f *metainfo.File) string {
	if root := info.PiecesRoot(f); root != ([32]byte{}) {
		return `"` + hex.EncodeToString(root[:]) + `"`
	}
	out := append(make([]byte, 0, 80), '"')
	out, _ = info.ID().AppendText(out)
	out = strconv.AppendInt(append(out, '-'), int64(f.Index), 10)
	return string(append(out, '"'))
}
