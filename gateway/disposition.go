package gateway

import (
	"strings"
	"unicode/utf8"
)

// contentDisposition writes the header for a file to be saved under name (RFC 6266). It
// has an ASCII form for old programs and curl -J, which read nothing else, and the
// exact form of RFC 8187. The name comes from a stranger or the query: it cannot end
// the quoted string or the header, and no path is left in it.
func contentDisposition(attachment bool, name string) string {
	name = safeName(name)
	out := make([]byte, 0, 48+2*len(name))
	if attachment {
		out = append(out, `attachment; filename="`...)
	} else {
		out = append(out, `inline; filename="`...)
	}
	for _, r := range name {
		if r >= utf8.RuneSelf || r == '"' {
			r = '_'
		}
		out = append(out, byte(r))
	}
	out = append(out, `"; filename*=UTF-8''`...)
	return string(appendEscaped(out, name, attrChar))
}

// safeName makes a name that a client can save to: separators of paths, control
// characters and bytes that are not UTF-8 become "_".
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '/', r == '\\', r < ' ', r >= 0x7f && r < 0xa0, r == utf8.RuneError:
			return '_'
		}
		return r
	}, name)
	if name == "" || name == "." || name == ".." {
		return "download"
	}
	return name
}

// attrChar reports whether RFC 8187 leaves c as it is.
func attrChar(c byte) bool {
	return alphanumeric(c) || strings.IndexByte("!#$&+-.^_`|~", c) >= 0
}
