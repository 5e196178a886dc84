package metainfo

import (
	"cmp"
	"strings"
)

// compareNames is natural order. It is total: only equal names compare equal,
// so that a binary search finds the right one.
func compareNames(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		x, y := a[i], b[j]
		switch {
		case isDigit(x) && isDigit(y):
			var m, n string
			m, i = number(a, i)
			n, j = number(b, j)
			if len(m) != len(n) {
				return cmp.Compare(len(m), len(n))
			}
			if m != n {
				return strings.Compare(m, n)
			}
			continue
		case x != y:
			if c := cmp.Compare(fold(x), fold(y)); c != 0 {
				return c
			}
		}
		i++
		j++
	}
	if left, right := len(a)-i, len(b)-j; left != right {
		return cmp.Compare(left, right)
	}
	return strings.Compare(a, b)
}

// number is the number that starts at i, without leading zeros, and where it ends.
func number(s string, i int) (digits string, end int) {
	for i < len(s) && s[i] == '0' {
		i++
	}
	from := i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[from:i], i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func fold(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
