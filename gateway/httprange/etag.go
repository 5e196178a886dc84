package httprange

import "strings"

// StrongMatch reports whether an If-Match list has etag by the strong
// comparison of RFC 9110 section 8.8.3.2: weak tags match nothing.
func StrongMatch(lines []string, etag string) bool {
	return matchList(lines, func(tag string) bool { return tag == etag })
}

// WeakMatch reports whether an If-None-Match list has etag by the weak
// comparison.
func WeakMatch(lines []string, etag string) bool {
	etag = strings.TrimPrefix(etag, "W/")
	return matchList(lines, func(tag string) bool { return strings.TrimPrefix(tag, "W/") == etag })
}

// matchList reports whether a list of entity tags is "*" or has one that match
// takes. What follows a malformed tag is not read.
func matchList(lines []string, match func(tag string) bool) bool {
	for _, list := range lines {
		if strings.Trim(list, " \t") == "*" {
			return true
		}
		for {
			list = strings.TrimLeft(list, " \t,")
			n := tagLength(list)
			if n == 0 {
				break
			}
			if match(list[:n]) {
				return true
			}
			list = list[n:]
		}
	}
	return false
}

// tagLength is the length of the entity tag that s begins with, 0 if there is
// none. A comma may stand inside of one.
func tagLength(s string) int {
	quote := 0
	if strings.HasPrefix(s, "W/") {
		quote = 2
	}
	if len(s) <= quote || s[quote] != '"' {
		return 0
	}
	for i := quote + 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c < 0x21 || c == 0x7f:
			return 0
		}
	}
	return 0
}
