package metainfo

import (
	"bytes"
	"compress/gzip"
	"io"
)

// maxPacked is the number of times that a .torrent may be packed: once by the site that
// keeps it, once by the server that sends it.
const maxPacked = 2

// ReadTorrent parses the body that a server, a form or a file gave as a .torrent. The
// body may be packed with gzip, whether or not a header says so; unpacked it may have
// at most limit bytes. If the body is something else, such as a web page, the error
// says what. It is an *InvalidError.
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

// looksLike describes a document that is no .torrent, in words. It returns "" where it
// cannot tell.
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

// maxLook is the number of bytes that looksLike reads.
const maxLook = 1 << 10
