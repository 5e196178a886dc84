package bencode

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// What strict readers refuse and a lax one understands.
func TestLax(t *testing.T) {
	for in, want := range map[string]int64{
		"i007e": 7, "i-0e": 0, "i+5e": 5, "i-003e": -3, "i5e": 5, "i-9223372036854775808e": math.MinInt64,
		"i99999999999999999999e": math.MaxInt64, "i-99999999999999999999e": -math.MaxInt64,
		"i9223372036854775807e": math.MaxInt64, "i9223372036854775808e": math.MaxInt64,
		"i" + strings.Repeat("0", maxLaxDigits-1) + "1e": 1,
	} {
		s := NewScanner([]byte(in))
		s.Lax = true
		if n, err := s.Int(); err != nil || n != want {
			t.Errorf("%s: %d, %v, want %d", in, n, err, want)
		}
	}
	for in, want := range map[string]Reason{
		"ie": ErrInteger, "i-e": ErrInteger, "i+e": ErrInteger, "i5": ErrTruncated, "i5.5e": ErrInteger, "i 5e": ErrInteger,
		"i" + strings.Repeat("1", maxLaxDigits+1) + "e": ErrRange,
	} {
		s := NewScanner([]byte(in))
		s.Lax = true
		if n, err := s.Int(); !errors.Is(err, want) {
			t.Errorf("%s: %d, %v, want %v", in, n, err, want)
		}
	}
	keys := ""
	s := NewScanner([]byte("d1:bi01e1:ad1:xi1e1:xi+2ee1:bi3ee"))
	s.Lax = true
	if err := s.Dict(func(key []byte) error { keys += string(key); return nil }); err != nil || keys != "bab" {
		t.Errorf("a dictionary: %q, %v", keys, err)
	}
}
