package bencode

import "math"

// maxLaxDigits bounds an integer that is read in the lax way, its zeros included.
const maxLaxDigits = 64

// lexInt reads the integer whose 'i' is at pos, as strictly as the Scanner is.
func (s *Scanner) lexInt(pos int) (n int64, next int, r Reason) {
	if n, next, r = lexInt(s.data, pos); r == "" || !s.Lax {
		return n, next, r
	}
	return lexLaxInt(s.data, pos)
}

// lexLaxInt is lexInt for an integer that may be written in any way that has a meaning.
// For one that is out of range it returns the nearest int64.
func lexLaxInt(data []byte, pos int) (n int64, next int, r Reason) {
	i := pos + 1
	neg := i < len(data) && data[i] == '-'
	if neg || i < len(data) && data[i] == '+' {
		i++
	}
	start := i
	for ; i < len(data) && isDigit(data[i]); i++ {
		if i-start >= maxLaxDigits {
			return 0, pos, ErrRange
		}
		if d := int64(data[i] - '0'); n > (math.MaxInt64-d)/10 {
			n = math.MaxInt64
		} else {
			n = n*10 + d
		}
	}
	switch {
	case i >= len(data):
		return 0, pos, ErrTruncated
	case data[i] != 'e' || i == start:
		return 0, pos, ErrInteger
	case neg:
		n = -n
	}
	return n, i + 1, ""
}
