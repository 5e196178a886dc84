package bencode

import "math"

// lexInt reads the integer whose 'i' is at data[pos]. It returns the position
// after it, and a Reason that is empty if all is well.
func lexInt(data []byte, pos int) (n int64, next int, r Reason) {
	i := pos + 1
	neg := i < len(data) && data[i] == '-'
	if neg {
		i++
	}
	start := i
	var abs uint64
	for i < len(data) && isDigit(data[i]) {
		if i-start >= maxIntDigits {
			return 0, pos, ErrRange
		}
		abs = abs*10 + uint64(data[i]-'0')
		i++
	}
	if i >= len(data) {
		return 0, pos, ErrTruncated
	}
	digits := i - start
	zero := digits > 0 && data[start] == '0'
	if data[i] != 'e' || digits == 0 || zero && (digits > 1 || neg) {
		return 0, pos, ErrInteger
	}
	// 19 digits hold less than 2^64, so abs did not wrap.
	if !neg && abs > math.MaxInt64 || neg && abs > math.MaxInt64+1 {
		return 0, pos, ErrRange
	}
	if neg {
		return -int64(abs), i + 1, ""
	}
	return int64(abs), i + 1, ""
}

// lexString reads the string whose first digit is at data[pos]: it is data[start:end].
// The Reason is empty if all is well. With lax, zeros may precede the length.
func lexString(data []byte, pos int, lax bool) (start, end int, r Reason) {
	i, n := pos, 0
	for i < len(data) && isDigit(data[i]) {
		if i > pos && n == 0 && !lax || i-pos >= maxLaxDigits {
			return 0, 0, ErrLength
		}
		n = n*10 + int(data[i]-'0')
		if n > len(data) { // also keeps n far from overflow
			return 0, 0, ErrTruncated
		}
		i++
	}
	if i >= len(data) {
		return 0, 0, ErrTruncated
	}
	if data[i] != ':' {
		return 0, 0, ErrLength
	}
	i++
	if n > len(data)-i {
		return 0, 0, ErrTruncated
	}
	return i, i + n, ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
