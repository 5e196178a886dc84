package gateway

import "strings"

// cleanPath takes empty segments and "." out of a raw path, escaped or not: no name is either
// of them, and clients that put paths together leave them in ("dists/./Release", "a//b"). It reports
// whether there were any.
func cleanPath(raw string) (clean string, changed bool) {
	if !strings.Contains(raw, "//") && !strings.Contains(raw, "/.") && !strings.Contains(raw, "/%2") {
		return raw, false
	}
	kept := make([]byte, 0, len(raw))
	segments := strings.Split(strings.TrimPrefix(raw, "/"), "/")
	for i, segment := range segments {
		last := i == len(segments)-1
		if isDot := segment == "." || strings.EqualFold(segment, "%2e"); !isDot && (segment != "" || last) {
			kept = append(append(kept, '/'), segment...)
			continue
		} else if isDot && last {
			kept = append(kept, '/') // the directory
		}
		changed = true
	}
	if !changed {
		return raw, false
	}
	return string(kept), true
}
