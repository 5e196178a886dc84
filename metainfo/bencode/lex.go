package bencode

import "math"

// integer reads an integer whose 'i' is here.
func (s *Scanner) integer() (int64, error) {
	i := s.pos + 1
	neg := i < len(s.data) && s.data[i] == '-'
	if neg {
		i++
	}
	start := i
	var n uint64
	for i < len(s.data) && isDigit(s.data[i]) {
		if i-start >= maxIntDigits {
			return 0, s.fail(ErrRange)
		}
		n = n*10 + uint64(s.data[i]-'0')
		i++
	}
	if i >= len(s.data) {
		return 0, s.fail(ErrTruncated)
	}
	digits := i - start
	zero := digits > 0 && s.data[start] == '0'
	if s.data[i] != 'e' || digits == 0 || zero && (digits > 1 || neg) {
		return 0, s.fail(ErrInteger)
	}
	// 19 digits hold less than 2^64, so n did not wrap.
	if limit := uint64(math.MaxInt64); !neg && n > limit || neg && n > limit+1 {
		return 0, s.fail(ErrRange)
	}
	s.pos = i + 1
	if neg {
		return -int64(n), nil
	}
	return int64(n), nil
}

// text reads a string whose first digit is here.
func (s *Scanner) text() ([]byte, error) {
	i, n := s.pos, 0
	for i < len(s.data) && isDigit(s.data[i]) {
		if i > s.pos && n == 0 {
			return nil, s.fail(ErrLength)
		}
		n = n*10 + int(s.data[i]-'0')
		if n > len(s.data) { // also keeps n far from overflow
			return nil, s.fail(ErrTruncated)
		}
		i++
	}
	if i >= len(s.data) {
		return nil, s.fail(ErrTruncated)
	}
	if s.data[i] != ':' {
		return nil, s.fail(ErrLength)
	}
	i++
	if n > len(s.data)-i {
		return nil, s.fail(ErrTruncated)
	}
	s.pos = i + n
	return s.data[i:s.pos:s.pos], nil
}
