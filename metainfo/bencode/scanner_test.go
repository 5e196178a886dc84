package bencode

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestInvalid holds what is refused, at which byte and why, by each way of
// reading: skipped, and visited element by element.
func TestInvalid(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("l", n) + strings.Repeat("e", n) }
	for _, c := range []struct {
		in     string
		offset int
		reason Reason
	}{
		{"", 0, ErrTruncated},
		{"e", 0, ErrValue},
		{"x", 0, ErrValue},
		{"-1:a", 0, ErrValue},
		{" 1:a", 0, ErrValue},

		{"i", 0, ErrTruncated},
		{"i-", 0, ErrTruncated},
		{"i1", 0, ErrTruncated},
		{"ie", 0, ErrInteger},
		{"i-e", 0, ErrInteger},
		{"i-0e", 0, ErrInteger},
		{"i00e", 0, ErrInteger},
		{"i01e", 0, ErrInteger},
		{"i-01e", 0, ErrInteger},
		{"i+1e", 0, ErrInteger},
		{"i--1e", 0, ErrInteger},
		{"i1.0e", 0, ErrInteger},
		{"i1 e", 0, ErrInteger},
		{"i9223372036854775808e", 0, ErrRange},
		{"i-9223372036854775809e", 0, ErrRange},
		{"i10000000000000000000e", 0, ErrRange},
		{"i" + strings.Repeat("9", 10_000) + "e", 0, ErrRange},

		{"1", 0, ErrTruncated},
		{"1:", 0, ErrTruncated},
		{"3:ab", 0, ErrTruncated},
		{"01:a", 0, ErrLength},
		{"00:", 0, ErrLength},
		{"1x", 0, ErrLength},
		{"1 :a", 0, ErrLength},
		{"9223372036854775807:", 0, ErrTruncated},
		{"9223372036854775808:", 0, ErrTruncated},
		{"18446744073709551617:a", 0, ErrTruncated},

		{"l", 1, ErrTruncated},
		{"li1e", 4, ErrTruncated},
		{"lxe", 1, ErrValue},
		{"ll", 2, ErrTruncated},
		{nested(MaxDepth + 1), MaxDepth, ErrDepth},

		{"d", 1, ErrTruncated},
		{"d1:a", 4, ErrTruncated},
		{"d1:ae", 4, ErrOddDict},
		{"d1:ax", 4, ErrValue},
		{"di1ei2ee", 1, ErrKey},
		{"dlei2ee", 1, ErrKey},
		{"dxe", 1, ErrValue},
		{"d01:a0:e", 1, ErrLength},
		{"d1:b0:1:a0:e", 6, ErrKeyOrder},
		{"d1:a0:1:a0:e", 6, ErrDuplicate},
		{"d0:0:0:0:e", 5, ErrDuplicate},
		{"d2:ab0:1:a0:e", 7, ErrKeyOrder},
		{"d1:\xff0:1:a0:e", 6, ErrKeyOrder},
		{"d1:ad1:b0:1:a0:ee", 10, ErrKeyOrder},
		{"d1:ald1:b0:1:a0:eee", 11, ErrKeyOrder},
		{"ld1:ai0e1:ai0eee", 8, ErrDuplicate},

		{"i1ei2e", 3, ErrTrailing},
		{"0:e", 2, ErrTrailing},
		{"dee", 2, ErrTrailing},
		{"le\n", 2, ErrTrailing},
	} {
		for way, parse := range ways {
			err := parse([]byte(c.in))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Offset != c.offset || !errors.Is(err, c.reason) {
				t.Errorf("%s %.40q: %v, want %q at %d", way, c.in, err, string(c.reason), c.offset)
			}
		}
	}
}

// ways are the ways to read a whole input.
var ways = map[string]func([]byte) error{
	"skip": func(b []byte) error {
		_, err := Parse(b)
		return err
	},
	"visit": func(b []byte) error {
		s := NewScanner(b)
		err := visit(s)
		if err == nil {
			err = s.End()
		}
		return err
	},
}

// visit reads a value with the calls for its kinds alone.
func visit(s *Scanner) error {
	switch s.Kind() {
	case Int:
		_, err := s.Int()
		return err
	case String:
		_, err := s.Bytes()
		return err
	case List:
		return s.List(func() error { return visit(s) })
	case Dict:
		return s.Dict(func([]byte) error { return visit(s) })
	}
	_, err := s.Int()
	return err
}

func TestValid(t *testing.T) {
	for _, in := range []string{
		"0:", "1:a", "10:0123456789", "5:\x00\xff:e1", "i0e", "i-1e", "i9223372036854775807e", "i-9223372036854775808e",
		"le", "de", "l0:i1eledee", "d0:0:1:a0:2:aa0:1:bi1ee", "d1:ad1:bd1:cleeee", "d1:a0:1:\xff0:e",
		strings.Repeat("l", MaxDepth) + strings.Repeat("e", MaxDepth),
		strings.Repeat("d0:", MaxDepth-1) + "de" + strings.Repeat("e", MaxDepth-1),
	} {
		for way, parse := range ways {
			if err := parse([]byte(in)); err != nil {
				t.Errorf("%s %q: %v", way, in, err)
			}
		}
	}
}

// TestTokens holds the bound on values and keys, whatever reads them.
func TestTokens(t *testing.T) {
	for way, parse := range ways {
		list := []byte("l" + strings.Repeat("0:", MaxTokens-1) + "e")
		if err := parse(list); err != nil {
			t.Errorf("%s: %v", way, err)
		}
		if err := parse([]byte("l" + strings.Repeat("0:", MaxTokens) + "e")); !errors.Is(err, ErrTokens) {
			t.Errorf("%s: %v", way, err)
		}
		if err := parse([]byte("l" + strings.Repeat("d0:0:e", MaxTokens/3+1) + "e")); !errors.Is(err, ErrTokens) {
			t.Errorf("%s, dictionaries: %v", way, err)
		}
	}
}

// TestDepthOfMixedReading skips inside of what is visited.
func TestDepthOfMixedReading(t *testing.T) {
	for inner, want := range map[int]error{MaxDepth - 1: nil, MaxDepth: ErrDepth} {
		s := NewScanner([]byte("l" + strings.Repeat("l", inner) + strings.Repeat("e", inner) + "e"))
		if err := s.List(func() error { return nil }); !errors.Is(err, want) {
			t.Errorf("%d levels: %v", inner+1, err)
		}
	}
}

func TestScanner(t *testing.T) {
	s := NewScanner([]byte("d1:ai-5e1:b3:xyz1:cli1e0:e1:dd1:ei0ee1:fi7ee"))
	var got []string
	err := s.Dict(func(key []byte) error {
		switch string(key) {
		case "a":
			n, err := s.Int()
			got = append(got, fmt.Sprint("a ", n))
			return err
		case "b":
			b, err := s.Bytes()
			got = append(got, "b "+string(b))
			return err
		case "c":
			return s.List(func() error {
				got = append(got, "c "+s.Kind().String())
				return nil // skipped
			})
		case "d":
			raw, err := s.Raw()
			got = append(got, "d "+string(raw))
			return err
		}
		got = append(got, fmt.Sprintf("%s skipped at %d", key, s.Offset()))
		return nil
	})
	if err != nil || s.End() != nil {
		t.Error(err, s.End())
	}
	want := "a -5, b xyz, c an integer, c a string, d d1:ei0ee, f skipped at 40"
	if strings.Join(got, ", ") != want {
		t.Errorf("%q", got)
	}
}

func TestKindErrors(t *testing.T) {
	for in, kind := range map[string]Kind{"i1e": Int, "1:a": String, "le": List, "de": Dict} {
		reads := map[Kind]func(*Scanner) error{
			Int:    func(s *Scanner) error { _, err := s.Int(); return err },
			String: func(s *Scanner) error { _, err := s.Bytes(); return err },
			List:   func(s *Scanner) error { return s.List(func() error { return nil }) },
			Dict:   func(s *Scanner) error { return s.Dict(func([]byte) error { return nil }) },
		}
		for want, read := range reads {
			err := read(NewScanner([]byte(in)))
			var wrong *KindError
			if want == kind {
				if err != nil {
					t.Errorf("%s: %v", in, err)
				}
			} else if !errors.As(err, &wrong) || wrong.Got != kind || wrong.Want != want || wrong.Offset != 0 {
				t.Errorf("%s as %s: %v", in, want, err)
			}
		}
	}
	if None.String() != "nothing" || Kind(9).String() != "nothing" {
		t.Error("names of kinds")
	}
	err := &KindError{Offset: 3, Want: Dict, Got: Int}
	if err.Error() != "bencode: an integer where a dictionary is wanted at byte 3" {
		t.Error(err)
	}
}

// TestVisitorErrors checks that an error of a visitor comes out as it is.
func TestVisitorErrors(t *testing.T) {
	mine := errors.New("mine")
	s := NewScanner([]byte("li1ei2ee"))
	if err := s.List(func() error { return mine }); err != mine {
		t.Error(err)
	}
	s = NewScanner([]byte("d1:ai1ee"))
	if err := s.Dict(func([]byte) error { return mine }); err != mine {
		t.Error(err)
	}
}

func TestAnyOrder(t *testing.T) {
	for in, c := range map[string]struct {
		reason     error
		disordered bool
	}{
		"d1:a0:1:b0:e":       {nil, false},
		"d1:b0:1:a0:e":       {nil, true},
		"d1:ad1:b0:1:a0:ee":  {nil, true},
		"ld1:b0:1:a0:ee":     {nil, true},
		"d1:a0:1:a0:e":       {ErrDuplicate, false},
		"d1:b0:1:b0:1:a0:e":  {ErrDuplicate, false},
		"d1:a0:1:b0:1:a0:e":  {nil, true}, // the caller's affair
		"d1:ai00e1:b0:1:a0e": {ErrInteger, false},
	} {
		for _, read := range []func(*Scanner) error{(*Scanner).Skip, visit} {
			s := NewScanner([]byte(in))
			s.AnyOrder = true
			if err := read(s); !errors.Is(err, c.reason) || s.Disordered() != c.disordered {
				t.Errorf("%s: %v, %v", in, err, s.Disordered())
			}
		}
	}
}

// TestNoAllocations checks that reading allocates nothing, and so nothing that
// the input could ask for.
func TestNoAllocations(t *testing.T) {
	in := []byte("d1:ai-5e1:b3:xyz1:cli1e0:e1:dd1:ei0eee")
	if n := testing.AllocsPerRun(100, func() {
		s := Scanner{data: in}
		if s.Skip() != nil || visitAll(&s, in) != nil {
			t.Error("refused")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func visitAll(s *Scanner, in []byte) error {
	*s = Scanner{data: in}
	return s.Dict(func(key []byte) error {
		if s.Kind() == List {
			return s.List(func() error { return nil })
		}
		return nil
	})
}

func TestIntegersAtTheEdge(t *testing.T) {
	for _, n := range []int64{0, 1, -1, 9, 10, -10, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1} {
		b := AppendInt(nil, n)
		got, err := NewScanner(b).Int()
		if err != nil || got != n {
			t.Errorf("%s: %d, %v", b, got, err)
		}
	}
}
