package metainfo

import (
	"bytes"
	"compress/gzip"
	"io"
)

// maxPacked is how often a .torrent may be packed: once by who keeps it, once by who
// sends it.
const maxPacked = 2

// ReadTorrent parses what a server, a form or a file has given for a .torrent. It may be
// packed with gzip, whether or not anything says so, and has at most limit bytes then.
// Something else in its place, as a web page, is told by the error, an *InvalidError.
func ReadTorrent(body []byte, limit int) (*Torrent, error) {
	body, err := unpack(body, limit)
	if err != nil {
		return nil, err
	}
	t, err := ParseTorrent(body)
	if err != nil {
		if what := looksLike(body); what != "" {
			return nil, invalidf("torrent", ReasonKind, "%s in place of a .torrent", what)
		}
		return nil, err
	}
	return t, nil
}

// unpack undoes gzip.
func unpack(body []byte, limit int) ([]byte, error) {
	for range maxPacked {
		if !bytes.HasPrefix(body, []byte("\x1f\x8b")) {
			break
		}
		r, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, invalidf("torrent", ReasonSyntax, "packed with gzip, and damaged")
		}
		plain, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
		if err != nil {
			return nil, invalidf("torrent", ReasonSyntax, "packed with gzip, and damaged")
		}
		body = plain
	}
	if len(body) > limit {
		return nil, invalidf("torrent", ReasonLimit, "more than %d bytes", limit)
	}
	return body, nil
}

// looksLike says in words what is no .torrent, "" where that cannot be told.
func looksLike(body []byte) string {
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
	start := bytes.ToLower(body[:min(len(body), maxLook)])
	switch {
	case len(body) == 0:
		return ""
	case bytes.HasPrefix(start, []byte("<?xml")) && !bytes.Contains(start, []byte("<html")):
		return "an XML document"
	case start[0] == '<':
		return "a web page"
	case start[0] == '{', start[0] == '[':
		return "a JSON document"
	case bytes.HasPrefix(start, []byte("magnet:")):
		return "a magnet link"
	case bytes.HasPrefix(start, []byte("pk\x03\x04")), bytes.HasPrefix(start, []byte("rar!")), bytes.HasPrefix(start, []byte("7z\xbc\xaf")):
		return "an archive"
	}
	return ""
}

// maxLook is how many bytes are looked at to tell what a document is.
const maxLook = 1 << 10
