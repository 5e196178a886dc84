package gateway

import (
	"strings"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish/names"
)

// A target is what a path under /btih/, /btmh/ or /btpk/ names.
type target struct {
	name      *names.Name       // under /btpk/; nil: the path has the infohash
	hash      metainfo.InfoHash // of a name: once it is resolved
	text      string            // hash in its canonical form
	canonical bool              // the infohash stands there in it
	rest      string            // the raw path after the infohash, as it came: "" or "/…"
	path      []string          // the segments of rest, unescaped, without the empty one after a last slash
	slash     bool              // the path ends with a slash: a directory is meant
}

// parseTarget reads a raw, still escaped path. It is split on "/" first and
// each segment is unescaped after, so that a name may hold an escaped slash,
// and "+" is a plus. Dots have no meaning here: "." and ".." are names that no
// torrent has, and cleanPath took out those that lead somewhere.
func parseTarget(raw string) (target, *problem) {
	if strings.HasPrefix(raw, namedPath) {
		return parseNamed(raw)
	}
	scheme, raw, _ := strings.Cut(strings.TrimPrefix(raw, "/"), "/")
	form, err := unescape(scheme)
	if err != nil {
		return target{}, err
	}
	segment, rest, deeper := strings.Cut(raw, "/")
	t := target{}
	if deeper {
		t.rest = raw[len(segment):]
	}
	name, err := unescape(segment)
	if err != nil {
		return target{}, err
	}
	if t.hash, err = parseHash(form, name); err != nil {
		return target{}, err
	}
	t.text = t.hash.String()
	t.canonical = segment == t.text
	if t.path, t.slash, err = splitPath(rest, deeper); err != nil {
		return target{}, err
	}
	return t, nil
}

// base is the path of the torrent or its name, in its canonical form.
func (t *target) base() string {
	if t.name != nil {
		return t.name.Path()
	}
	if t.hash.IsV2() {
		return "/btmh/" + t.text
	}
	return "/btih/" + t.text
}

// parseHash reads the infohash of a path that begins with form.
func parseHash(form, s string) (metainfo.InfoHash, *problem) {
	s = strings.TrimSpace(s)
	switch form {
	case "btih":
		if h, err := metainfo.ParseInfoHash(s); err == nil && !h.IsV2() {
			return h, nil
		}
		if h, err := metainfo.ParseMultihash(s); err == nil {
			return metainfo.InfoHash{}, badRequest("This is a v2 infohash: its URL is %s/", h.Path())
		}
		return metainfo.InfoHash{}, badRequest("After /btih/ an infohash is expected: 40 hexadecimal digits, or 32 characters of base32.")
	case "btmh":
		if h, err := metainfo.ParseMultihash(s); err == nil && h.IsV2() {
			return h, nil
		}
		if h, err := metainfo.ParseInfoHash(s); err == nil {
			return metainfo.InfoHash{}, badRequest("This is a v1 infohash: its URL is %s/", h.Path())
		}
		return metainfo.InfoHash{}, badRequest("After /btmh/ a v2 infohash is expected: 1220 and 64 hexadecimal digits, or 52 characters of base32.")
	}
	return metainfo.InfoHash{}, noSuchPage()
}

// splitPath unescapes the segments of rest, which is what follows the slash
// after the infohash; without that slash there is none.
func splitPath(rest string, deeper bool) (path []string, slash bool, err *problem) {
	for deeper {
		var segment string
		segment, rest, deeper = strings.Cut(rest, "/")
		if segment == "" && !deeper {
			return path, true, nil
		}
		name, err := unescape(segment)
		if err != nil {
			return nil, false, err
		}
		if path == nil {
			path = make([]string, 0, 1+strings.Count(rest, "/")+1)
		}
		path = append(path, name)
	}
	return path, false, nil
}

// unescape decodes %XX in one segment of a path, and nothing else.
func unescape(s string) (string, *problem) {
	first := strings.IndexByte(s, '%')
	if first < 0 {
		return s, nil
	}
	out := append(make([]byte, 0, len(s)), s[:first]...)
	for i := first; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		if i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0 {
			return "", badRequest("The path has a %% that two hexadecimal digits do not follow; a percent sign in a name is written %%25.")
		}
		out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
		i += 2
	}
	return string(out), nil
}

// unhex is the value of a hexadecimal digit, -1 for anything else.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// escapeSegment writes a name as one segment of a path. All but unreserved characters
// (RFC 3986 section 2.3) become %XX, so that no proxy or page can read it in another
// way.
func escapeSegment(name string) string {
	return string(appendEscaped(make([]byte, 0, len(name)+8), name, unreserved))
}

// escapePath writes names as segments, each with a slash before it.
func escapePath(names []string) string {
	var out []byte
	for _, name := range names {
		out = appendEscaped(append(out, '/'), name, unreserved)
	}
	return string(out)
}

// appendEscaped appends s to out with %XX for each byte that keep refuses.
func appendEscaped(out []byte, s string, keep func(byte) bool) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		if c := s[i]; keep(c) {
			out = append(out, c)
		} else {
			out = append(out, '%', digits[c>>4], digits[c&15])
		}
	}
	return out
}

// unreserved reports whether c is one of the unreserved characters.
func unreserved(c byte) bool {
	return alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~'
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
