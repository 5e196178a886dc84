package gateway

import (
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// fileSurplus is how many bytes the pieces under a range have beyond it.
func fileSurplus(info *metainfo.Info, f *metainfo.File, r httprange.Range) int64 {
	first, last := info.Pieces(f, r.Off, r.N)
	end := info.PieceOffset(last) + int64(info.PieceSize(last))
	return max(0, end-info.PieceOffset(first)-r.N)
}
