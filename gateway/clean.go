package gateway

import "strings"

// cleanPath takes dot segments and empty segments out of a raw path, escaped or not (RFC 3986 section 5.2.4). No name is
// one of them. Clients that put paths together leave them in ("dists/./Release", "a//b", "stable/../pool/a.deb"). It
// reports whether there were any. ".." leads up to the torrent, never out of it: a path in which one would stays
// unchanged, and names nothing.
func cleanPath(raw string) (clean string, changed bool) {
	if !strings.Contains(raw, "//") && !strings.Contains(raw, "/.") && !strings.Contains(raw, "/%2") {
		return raw, false
	}
	segments := strings.Split(strings.TrimPrefix(raw, "/"), "/")
	kept := make([]string, 0, len(segments)+1)
	for i, segment := range segments {
		last := i == len(segments)-1
		switch unescapeDots(segment) {
		case "..":
			if len(kept) <= rootDepth(kept) {
				return raw, false
			}
			kept = kept[:len(kept)-1]
		case ".":
		case "":
			if last {
				kept = append(kept, "") // the slash at the end is no empty segment
				continue
			}
		default:
			kept = append(kept, segment)
			continue
		}
		changed = true
		if last {
			kept = append(kept, "") // the directory
		}
	}
	if !changed {
		return raw, false
	}
	return "/" + strings.Join(kept, "/"), true
}

var escapedDots = strings.NewReplacer("%2e", ".", "%2E", ".")

// unescapeDots is a segment of a path with its escaped dots as dots.
func unescapeDots(segment string) string {
	if len(segment) > len("%2e%2e") {
		return segment // it has more than two characters
	}
	return escapedDots.Replace(segment)
}

// rootDepth is how many segments of a path say which torrent it is: the form and the infohash, or the
// form, the key and the salt of a name.
func rootDepth(segments []string) int {
	switch {
	case len(segments) > 0 && (segments[0] == "btih" || segments[0] == "btmh"):
		return 2
	case len(segments) > 0 && segments[0] == strings.Trim(namedPath, "/"):
		return 3
	}
	return len(segments)
}
