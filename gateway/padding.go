package gateway

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

// Padding (BEP 47) is in no listing, and yet a client whose web seed we are asks for it by its path:
// it is answered with zeros, of which none is fetched.

// paddingAt finds the padding file of a path.
func paddingAt(info *metainfo.Info, path []string) (*metainfo.File, bool) {
	if len(path) < 2 || path[0] != info.Name {
		return nil, false
	}
	for i := range info.Files {
		if f := &info.Files[i]; f.Pad && slices.Equal(info.Path(f), path[1:]) {
			return f, true
		}
	}
	return nil, false
}

// padding answers with a padding file.
func (s *Server) padding(v *visit, f *metainfo.File) {
	s.answer(&fileAnswer{visit: v, of: zeroSource(f.Length), size: f.Length, name: v.target.path[len(v.target.path)-1],
		etag: fileETag(v.info, f), kind: defaultType})
}

// A zeroSource is so many zeros.
type zeroSource int64

var _ source = zeroSource(0)

func (z zeroSource) size() int64 { return int64(z) }

func (z zeroSource) open(_ *Server, _ *visit, r httprange.Range) (fetch.Content, error) {
	return &zeroContent{left: r.N}, nil
}

func (z zeroSource) surplus(*visit, httprange.Range) int64 { return 0 }

func (z zeroSource) held(*Server, *visit, httprange.Range) fetch.Held {
	return fetch.Held{Any: true, All: true}
}

// zeroContent is zeros that are always ready.
type zeroContent struct{ left int64 }

var _ fetch.Content = (*zeroContent)(nil)

// zeroBlock is what zeros are written from.
var zeroBlock [32 << 10]byte

// Wait implements fetch.Content.
func (z *zeroContent) Wait(context.Context) error {
	if z.left == 0 {
		return io.EOF
	}
	return nil
}

// WriteNext implements fetch.Content.
func (z *zeroContent) WriteNext(w io.Writer) (int64, error) {
	n, err := w.Write(zeroBlock[:min(z.left, int64(len(zeroBlock)))])
	z.left -= int64(n)
	return int64(n), err
}

// Lone implements fetch.Content.
func (*zeroContent) Lone() time.Duration { return 0 }

// Close implements fetch.Content.
func (*zeroContent) Close() {}
