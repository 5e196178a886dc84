package bencode

import (
	"bytes"
	"errors"
	"reflect"
	"regexp"
	"testing"

	oracle "github.com/anacrolix/torrent/bencode"
)

// decode builds what a value says from the kinds that Append takes.
func decode(v Value) any {
	switch v.Kind() {
	case Int:
		n, _ := v.Int()
		return n
	case String:
		return v.Text()
	case List:
		list := []any{}
		for e := range v.List() {
			list = append(list, decode(e))
		}
		return list
	}
	dict := map[string]any{}
	for k, e := range v.Dict() {
		dict[string(k)] = decode(e)
	}
	return dict
}

// oracleMax is the longest input for the other implementation, in bytes: it is
// quadratic in places.
const oracleMax = 1 << 10

// manyDigits finds what could be the length of a large string: the other
// implementation allocates it before it looks whether it is there.
var manyDigits = regexp.MustCompile(`[0-9]{5}`)

// canonicalThere reports whether the other implementation reads b and writes
// the same again.
func canonicalThere(b []byte) (same bool) {
	if len(b) > oracleMax || manyDigits.Match(b) {
		return false
	}
	defer func() {
		if recover() != nil {
			same = false // it is known to panic on what it should refuse
		}
	}()
	var v any
	if oracle.Unmarshal(b, &v) != nil {
		return false
	}
	again, err := oracle.Marshal(v)
	return err == nil && bytes.Equal(again, b)
}

// FuzzBencode checks that what is accepted is canonical, that both ways of
// reading agree, that another implementation reads the same out of it, and that
// what is canonical there is refused for a bound only.
func FuzzBencode(f *testing.F) {
	for _, seed := range []string{
		"", "i0e", "i-0e", "i9223372036854775807e", "i9223372036854775808e", "i-9223372036854775808e", "0:", "3:abc", "03:abc",
		"le", "de", "l0:i1eledee", "d1:ai1e1:b0:e", "d1:bi1e1:a0:e", "d1:a0:1:a0:e", "d0:0:e", "d1:ae", "lllleeee", "i1ei2e", "d2:idd3:keyi-1eee",
		"d8:msg_typei1e5:piecei0e10:total_sizei34256eexxxxxxxx",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := Parse(b)
		if visited := ways["visit"](b); (visited == nil) != (err == nil) {
			t.Fatalf("%q: parsed %v, visited %v", b, err, visited)
		}
		if err != nil {
			if v.Kind() != None {
				t.Fatalf("%q: a value and %v", b, err)
			}
			if !errors.Is(err, ErrRange) && !errors.Is(err, ErrDepth) && canonicalThere(b) {
				t.Fatalf("%q: there canonical, here %v", b, err)
			}
			return
		}
		if again, err := Append(nil, decode(v)); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q is not canonical: %q, %v", b, again, err)
		}
		if len(b) > oracleMax {
			return
		}
		var theirs any
		if err := oracle.Unmarshal(b, &theirs); err != nil {
			t.Fatalf("%q: accepted here, there %v", b, err)
		}
		if theirsAgain, err := oracle.Marshal(theirs); err != nil || !bytes.Equal(theirsAgain, b) {
			t.Fatalf("%q: read there as %v, %q", b, theirs, theirsAgain)
		}
	})
}

// FuzzLax checks that what is canonical reads the same in the lax way, and that what that
// takes can be walked and written.
func FuzzLax(f *testing.F) {
	for _, seed := range []string{
		"i007e", "003:abc", "d1:bi1e1:ai-0ee", "d1:a0:1:a0:e", "d01:ai99999999999999999999ee", "ld1:xle1:ai0eeerest", "00000000:", "i+e",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, rest, err := ParsePrefixLax(b)
		if strict, behind, serr := ParsePrefix(b); serr == nil &&
			(err != nil || !bytes.Equal(v.Raw(), strict.Raw()) || !bytes.Equal(rest, behind) || !reflect.DeepEqual(decode(v), decode(strict))) {
			t.Fatalf("%q: %q and %q, %v; strictly %q and %q", b, v.Raw(), rest, err, strict.Raw(), behind)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(append(bytes.Clone(v.Raw()), rest...), b) {
			t.Fatalf("%q is %q and %q", b, v.Raw(), rest)
		}
		for key, e := range v.Dict() {
			if first := v.Get(string(key)); first.Kind() == None || &first.Raw()[0] == &e.Raw()[0] && e.Kind() != first.Kind() {
				t.Fatalf("%q has no %q", b, key)
			}
		}
		out, err := Append(nil, decode(v))
		if err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		if _, err := Parse(out); err != nil {
			t.Fatalf("%q: written as %q: %v", b, out, err)
		}
	})
}
