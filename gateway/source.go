package gateway

import (
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// A source is bytes of a known length that never change, and that ranges are
// taken of: a file, or an archive of files.
type source interface {
	// size is the length in bytes.
	size() int64
	// open asks for a range of them, and does not wait.
	open(s *Server, v *visit, r httprange.Range) (fetch.Content, error)
	// surplus is how many bytes the pieces under a range have beyond it.
	surplus(v *visit, r httprange.Range) int64
	// held says how much of a range is cached.
	held(s *Server, v *visit, r httprange.Range) fetch.Held
}

// A fileSource is a file of a torrent.
type fileSource struct{ file *metainfo.File }

var _ source = fileSource{}

func (f fileSource) size() int64 { return f.file.Length }

func (f fileSource) open(s *Server, v *visit, r httprange.Range) (fetch.Content, error) {
	return s.open(v, f.file, r)
}

func (f fileSource) surplus(v *visit, r httprange.Range) int64 { return fileSurplus(v.info, f.file, r) }

func (f fileSource) held(s *Server, v *visit, r httprange.Range) fetch.Held {
	return s.backend.Cached(v.target.hash, f.file, r.Off, r.N)
}
