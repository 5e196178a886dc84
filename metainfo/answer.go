package metainfo

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"slices"
	"unicode/utf8"
)

// maxPacked is the number of times that a .torrent may be packed: once by the site that
// keeps it, once by the server that sends it.
const maxPacked = 2

// ReadTorrent parses the body that a server, a form or a file gave as a .torrent. The
// body may be packed with gzip or zlib, whether or not a header says so; unpacked it may
// have at most limit bytes. If the body is something else, such as a web page, the error
// says what. It is an *InvalidError.
func ReadTorrent(body []byte, limit int) (*Torrent, error) {
	body, err := unpack(body, limit)
	if err != nil {
		return nil, err
	}
	return parseUnpacked(body)
}

// ReadAnswer is ReadTorrent for what an indexer gave for the URL of a .torrent, which may be
// a magnet link in its place. It returns the one or the other.
func ReadAnswer(body []byte, limit int) (*Torrent, *Magnet, error) {
	body, err := unpack(body, limit)
	if err != nil {
		return nil, nil, err
	}
	if text := trimStart(body); len(text) <= MaxMagnetLen && hasMagnetScheme(text) {
		m, err := ParseMagnet(string(text))
		return nil, m, err
	}
	t, err := parseUnpacked(body)
	return t, nil, err
}

// trimStart takes a byte order mark and white space off the start of a document.
func trimStart(body []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
}

func hasMagnetScheme(text []byte) bool {
	const scheme = "magnet:"
	return len(text) >= len(scheme) && bytes.EqualFold(text[:len(scheme)], []byte(scheme))
}

func parseUnpacked(body []byte) (*Torrent, error) {
	t, err := ParseTorrent(body)
	if err != nil {
		if what := looksLike(body); what != "" {
			return nil, invalidf("torrent", ReasonKind, "%s in place of a .torrent", what)
		}
		return nil, err
	}
	return t, nil
}

// unpack undoes gzip, and zlib, which HTTP calls deflate (RFC 9110 section 8.4.1.2).
func unpack(body []byte, limit int) ([]byte, error) {
	for range maxPacked {
		var r io.Reader
		var err error
		packing := "gzip"
		switch {
		case bytes.HasPrefix(body, []byte("\x1f\x8b")):
			r, err = gzip.NewReader(bytes.NewReader(body))
		case isZlib(body):
			packing = "zlib"
			r, err = zlib.NewReader(bytes.NewReader(body))
		}
		if r == nil && err == nil {
			break
		}
		var plain []byte
		if err == nil {
			plain, err = io.ReadAll(io.LimitReader(r, int64(limit)+1))
		}
		if err != nil {
			return nil, invalidf("torrent", ReasonSyntax, "packed with %s, and damaged", packing)
		}
		body = plain
	}
	if len(body) > limit {
		return nil, invalidf("torrent", ReasonLimit, "more than %d bytes", limit)
	}
	return body, nil
}

// isZlib recognises the header of a zlib stream with the usual window (RFC 1950 section 2.2).
func isZlib(b []byte) bool { return len(b) > 2 && b[0] == 'x' && (int(b[0])<<8|int(b[1]))%31 == 0 }

// looksLike describes a document that is no .torrent, in words. It returns "" where it
// cannot tell.
func looksLike(body []byte) string {
	body = trimStart(body)
	start := body[:min(len(body), maxLook)]
	lower := bytes.ToLower(start) // of what is no UTF-8 other bytes
	switch {
	case len(start) == 0:
		return ""
	case bytes.HasPrefix(lower, []byte("<?xml")) && !bytes.Contains(lower, []byte("<html")):
		return "an XML document"
	case start[0] == '<':
		return "a web page"
	case start[0] == '{', start[0] == '[':
		return "a JSON document"
	case hasMagnetScheme(start):
		return "a magnet link"
	case slices.ContainsFunc(archives, func(magic string) bool { return bytes.HasPrefix(start, []byte(magic)) }):
		return "an archive"
	case start[0] != 'd' && isText(start): // a dictionary begins with d
		return "a text"
	}
	return ""
}

// archives are what files of zip, rar, 7-Zip, bzip2, xz and Zstandard begin with.
var archives = []string{"PK\x03\x04", "Rar!", "7z\xbc\xaf", "BZh", "\xfd7zXZ", "\x28\xb5\x2f\xfd"}

// isText reports whether the start of a document is text without control characters, which may
// be cut within a character.
func isText(start []byte) bool {
	for len(start) > maxLook-utf8.UTFMax+1 && !utf8.Valid(start) {
		start = start[:len(start)-1]
	}
	control := func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' && r != '\n' }
	return utf8.Valid(start) && !bytes.ContainsFunc(start, control)
}

// maxLook is the number of bytes that looksLike reads.
const maxLook = 1 << 10
