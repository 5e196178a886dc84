package webseed

import (
	"net/url"
	"sort"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// fileURL returns the URL of a file of the torrent. It is the seed's URL itself for a
// single file, unless that ends with a slash. Else the torrent's name and the file's path are
// appended (BEP 19).
func fileURL(base *url.URL, in *metainfo.Info, f *metainfo.File) string {
	u := *base
	path := u.EscapedPath()
	if !in.SingleFile() || path == "" || strings.HasSuffix(path, "/") {
		path = strings.TrimSuffix(path, "/") + "/" + url.PathEscape(in.Name)
	}
	for _, segment := range serverPath(in, f) {
		path += "/" + url.PathEscape(segment)
	}
	// Both forms are of the same path, or String would escape the one in its own way.
	u.RawPath = path
	u.Path, _ = url.PathUnescape(path)
	return u.String()
}

// serverPath is the file's path as the server is expected to have it: as the torrent does,
// where that cannot lead out of its folder.
func serverPath(in *metainfo.Info, f *metainfo.File) []string {
	raw := in.RawPath(f)
	for _, segment := range raw {
		if segment == "" || segment == "." || segment == ".." || strings.ContainsAny(segment, "/\\\x00") {
			return in.Path(f)
		}
	}
	return raw
}

// fileAt returns the file that has the byte at off of the torrent's byte space, which is
// not in a gap.
func fileAt(in *metainfo.Info, off int64) *metainfo.File {
	i := sort.Search(len(in.Files), func(i int) bool { return in.Files[i].Offset+in.Files[i].Length > off })
	return &in.Files[i]
}

// place returns the first byte of a block in the byte space, and the one behind it.
func place(in *metainfo.Info, b metainfo.Block) (from, to int64) {
	from = in.PieceOffset(int(b.Piece)) + int64(b.Begin)
	return from, from + int64(b.Length)
}

// redacted is a URL without what may be a key.
func redacted(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
