package bencode

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValue(t *testing.T) {
	v, err := Parse([]byte("d1:ai-5e1:b3:xyz1:cli1e0:e1:dd1:ei0eee"))
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := v.Get("a").Int(); n != -5 || !ok {
		t.Error(n, ok)
	}
	if b, ok := v.Get("b").Bytes(); string(b) != "xyz" || !ok || v.Get("b").Text() != "xyz" {
		t.Error(b, ok)
	}
	if n, ok := v.Get("d").Get("e").Int(); n != 0 || !ok {
		t.Error(n, ok)
	}
	var kinds []Kind
	for e := range v.Get("c").List() {
		kinds = append(kinds, e.Kind())
	}
	if d := cmp.Diff([]Kind{Int, String}, kinds); d != "" {
		t.Error(d)
	}
	var keys []string
	for k, e := range v.Dict() {
		keys = append(keys, string(k)+string(e.Raw()))
	}
	if d := cmp.Diff([]string{"ai-5e", "b3:xyz", "cli1e0:e", "dd1:ei0ee"}, keys); d != "" {
		t.Error(d)
	}
	for range v.Dict() {
		break // ranging may end early
	}
	for range v.Get("c").List() {
		break
	}
}

// TestAbsent asks values for what they are not.
func TestAbsent(t *testing.T) {
	v, err := Parse([]byte("d1:ai1e1:c0:e"))
	if err != nil {
		t.Fatal(err)
	}
	for _, absent := range []Value{{}, v.Get("b"), v.Get(""), v.Get("z"), v.Get("a").Get("x"), v.Get("x").Get("y")} {
		if absent.Kind() != None || absent.Raw() != nil || absent.Text() != "" {
			t.Errorf("%q", absent.Raw())
		}
		if _, ok := absent.Int(); ok {
			t.Error("an integer")
		}
		if _, ok := absent.Bytes(); ok {
			t.Error("a string")
		}
		for range absent.List() {
			t.Error("a list")
		}
		for range absent.Dict() {
			t.Error("a dictionary")
		}
	}
	if _, ok := v.Get("c").Int(); ok {
		t.Error("a string is no integer")
	}
	if _, ok := v.Get("a").Bytes(); ok {
		t.Error("an integer is no string")
	}
}

func TestParsePrefix(t *testing.T) {
	v, rest, err := ParsePrefix([]byte("d8:msg_typei1eeDATA"))
	if n, ok := v.Get("msg_type").Int(); err != nil || string(rest) != "DATA" || n != 1 || !ok {
		t.Error(v, rest, err)
	}
	if _, _, err := ParsePrefix([]byte("d")); !errors.Is(err, ErrTruncated) {
		t.Error(err)
	}
	if v, err := Parse([]byte("de ")); !errors.Is(err, ErrTrailing) || v.Kind() != None {
		t.Error(v, err)
	}
}

func TestAppend(t *testing.T) {
	got, err := Append([]byte("> "), map[string]any{
		"int": 1, "int64": int64(-2), "uint32": uint32(3), "true": true, "false": false,
		"string": "s", "bytes": []byte{0, 255}, "strings": []string{"b", "a"},
		"list": []any{1, "x", []any{}}, "dict": map[string]any{"b": 1, "a": map[string]any{}},
		"raw": RawValue("le"), "": "empty key",
	})
	want := "> d0:9:empty key5:bytes2:\x00\xff4:dictd1:ade1:bi1ee5:falsei0e3:inti1e5:int64i-2e4:listli1e1:xlee" +
		"3:rawle6:string1:s7:stringsl1:b1:ae4:truei1e6:uint32i3ee"
	if err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Parse(got[2:]); err != nil {
		t.Error(err)
	}
	for _, v := range []any{nil, 1.5, []any{struct{}{}}, map[string]any{"a": []int{1}}} {
		if b, err := Append(nil, v); !errors.Is(err, ErrUnsupported) || b != nil {
			t.Errorf("%v: %q, %v", v, b, err)
		}
	}
}

func TestAppendString(t *testing.T) {
	for _, s := range []string{"", "a", strings.Repeat("x", 1000)} {
		if string(AppendString(nil, s)) != string(AppendString(nil, []byte(s))) {
			t.Errorf("%q", s)
		}
		if b, err := NewScanner(AppendString(nil, s)).Bytes(); err != nil || string(b) != s {
			t.Errorf("%q: %v", b, err)
		}
	}
}
