package metainfo

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// pathReader reads the paths of one torrent, within its bound on elements.
type pathReader struct {
	elements int
	path     [][]byte // scratch
}

// read reads the path of a file: a list, and not empty. It aliases raw, and is valid
// until the next call.
func (r *pathReader) read(field string, raw []byte) ([][]byte, error) {
	path, err := r.list(field, raw)
	if err == nil && len(path) == 0 {
		return nil, invalidf(field, ReasonMissing, "no element")
	}
	return path, err
}

// list reads a list of at most MaxDepth strings.
func (r *pathReader) list(field string, raw []byte) ([][]byte, error) {
	path := r.path[:0]
	s := laxScanner(raw)
	err := s.List(func() error {
		b, err := s.Bytes()
		if err != nil {
			return err
		}
		if len(path) == MaxDepth {
			return invalidf(field, ReasonLimit, "deeper than %d", MaxDepth)
		}
		path = append(path, b)
		return r.count(field)
	})
	r.path = path
	if err != nil {
		return nil, wrapBencode(field, err)
	}
	return path, nil
}

func (r *pathReader) count(field string) error {
	if r.elements++; r.elements > MaxElements {
		return invalidf(field, ReasonLimit, "more than %d path elements", MaxElements)
	}
	return nil
}

// symlink reads the target of a symbolic link, and reports whether the file is one. A
// file without a target, or with one that has no name in it, is no link.
func (r *pathReader) symlink(raw []byte) (bool, error) {
	if len(raw) == 0 || raw[0] != 'l' {
		return false, nil
	}
	path, err := r.list("info.symlink path", raw)
	return err == nil && slices.ContainsFunc(path, func(e []byte) bool { return isName(alias(e)) }), err
}

// alias returns b as a string that shares its memory: b may not be written to any more.
// An info dictionary is not, and so a name of it costs nothing.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// aliases returns the elements of a path as strings that share their memory.
func aliases(path [][]byte) []string {
	out := make([]string, len(path))
	for i, e := range path {
		out[i] = alias(e)
	}
	return out
}

// safePath returns the path of a file as the URL tree has it, before clashes
// are resolved: path itself where every element can be a URL segment.
func safePath(path []string) []string {
	if !slices.ContainsFunc(path, unsafeName) {
		return path
	}
	safe := make([]string, len(path))
	for i, e := range path {
		safe[i] = safeName(e)
	}
	return safe
}

// isName reports whether a path element names something. URL parsers resolve
// the others, percent-encoded or not (RFC 3986 section 5.2.4).
func isName(e string) bool { return e != "" && e != "." && e != ".." }

func unsafeName(e string) bool { return !isName(e) || len(e) > MaxNameLen }

// safeName returns a name that can be a URL segment, e itself if it can.
func safeName(e string) string {
	switch {
	case !isName(e):
		return "_"
	case len(e) > MaxNameLen:
		// Names that long often differ at their end only.
		sum := sha256.Sum256([]byte(e))
		return suffixName(e, fmt.Sprintf("~%x", sum[:4]))
	}
	return e
}

// suffixName puts suffix before the extension of name, and cuts what is before
// it, between characters if it is UTF-8, until the whole fits MaxNameLen. A
// dot makes an extension only near the end.
func suffixName(name, suffix string) string {
	const maxExt = 16
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= maxExt {
		stem, ext = name[:i], name[i:]
	}
	if room := MaxNameLen - len(suffix) - len(ext); len(stem) > room {
		for i := 0; i < utf8.UTFMax-1 && !utf8.RuneStart(stem[room]); i++ {
			room--
		}
		stem = stem[:room]
	}
	return stem + suffix + ext
}
