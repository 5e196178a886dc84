package metainfo

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/btgw/btgw/metainfo/bencode"
)

// pathReader reads the paths of one torrent, within its bound on elements. It
// shares strings between neighbours, which mostly are in one directory.
type pathReader struct {
	elements int
	last     []string
}

// read reads a list of strings, at least one and at most MaxDepth.
func (r *pathReader) read(field string, raw []byte) ([]string, error) {
	path := make([]string, 0, len(r.last))
	s := bencode.NewScanner(raw)
	err := s.List(func() error {
		b, err := s.Bytes()
		if err != nil {
			return err
		}
		if len(path) == MaxDepth {
			return invalidf(field, ReasonLimit, "deeper than %d", MaxDepth)
		}
		if i := len(path); i < len(r.last) && r.last[i] == string(b) {
			path = append(path, r.last[i])
		} else {
			path = append(path, string(b))
		}
		return r.count(field)
	})
	if err != nil {
		return nil, wrapBencode(field, err)
	}
	if len(path) == 0 {
		return nil, invalidf(field, ReasonMissing, "no element")
	}
	r.last = path
	return path, nil
}

func (r *pathReader) count(field string) error {
	if r.elements++; r.elements > MaxElements {
		return invalidf(field, ReasonLimit, "more than %d path elements", MaxElements)
	}
	return nil
}

// symlink reads the target of a symbolic link.
func (r *pathReader) symlink(raw []byte) ([]string, error) {
	const field = "info.symlink path"
	if raw == nil {
		return nil, invalid(field, ReasonMissing)
	}
	last := r.last
	path, err := r.read(field, raw)
	r.last = last
	if err != nil {
		return nil, err
	}
	if slices.Contains(path, "..") {
		return nil, invalidf(field, ReasonSymlink, "%q", pathString(path))
	}
	return safePath(path), nil
}

// safePath returns the path of a file as the URL tree has it, before clashes
// are resolved: path itself where every element can be a URL segment.
func safePath(path []string) []string {
	if !slices.ContainsFunc(path, unsafeName) {
		return path
	}
	safe := make([]string, 0, len(path))
	for _, e := range path {
		if e != "" && e != "." && e != ".." {
			safe = append(safe, cutName(e, ""))
		}
	}
	if len(safe) == 0 {
		safe = append(safe, "_")
	}
	return safe
}

func unsafeName(e string) bool {
	return e == "" || e == "." || e == ".." || len(e) > MaxNameLen
}

// cutName puts suffix before the extension of name and cuts what is before it
// until the whole fits MaxNameLen, without splitting a UTF-8 sequence. A dot
// makes an extension only near the end.
func cutName(name, suffix string) string {
	const maxExt = 16
	if len(name)+len(suffix) <= MaxNameLen && suffix == "" {
		return name
	}
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= maxExt {
		stem, ext = name[:i], name[i:]
	}
	if room := MaxNameLen - len(suffix) - len(ext); len(stem) > room {
		stem = stem[:room]
		for i := 0; i < utf8.UTFMax && len(stem) > 0; i++ {
			if r, n := utf8.DecodeLastRuneInString(stem); r != utf8.RuneError || n > 1 {
				break
			}
			stem = stem[:len(stem)-1]
		}
	}
	return stem + suffix + ext
}

// numberedName returns the n-th alternative to name.
func numberedName(name string, n int) string {
	return cutName(name, fmt.Sprintf(".%d", n))
}
