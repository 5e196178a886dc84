package bencode

import "iter"

// Value is one value of a message that was checked as a whole. It aliases the message.
// The zero Value is absent: its Kind is None, and every method returns an empty answer,
// so lookups can be chained without checks:
//
//	id, ok := msg.Get("m").Get("ut_metadata").Int()
//
// A lookup scans; large inputs are read with a Scanner.
type Value struct {
	raw []byte
	lax bool // it was read so (Scanner.Lax)
}

// Parse checks that data is exactly one canonical value within the bounds of
// this package. The error is a *SyntaxError.
func Parse(data []byte) (Value, error) {
	v, rest, err := ParsePrefix(data)
	if err == nil && len(rest) > 0 {
		err = &SyntaxError{Offset: len(v.raw), Reason: ErrTrailing}
	}
	if err != nil {
		return Value{}, err
	}
	return v, nil
}

// ParsePrefix is Parse for a value with other bytes after it, which it
// returns: metadata messages (BEP 9) are a dictionary followed by raw data.
func ParsePrefix(data []byte) (v Value, rest []byte, err error) {
	return parsePrefix(Scanner{data: data})
}

// ParsePrefixLax is ParsePrefix for input of which nothing is hashed. Keys come in any order,
// the first of two that are equal counts, and integers and lengths may have zeros before
// them (Scanner.Lax).
func ParsePrefixLax(data []byte) (v Value, rest []byte, err error) {
	return parsePrefix(Scanner{data: data, Lax: true})
}

func parsePrefix(s Scanner) (v Value, rest []byte, err error) {
	raw, err := s.Raw()
	if err != nil {
		return Value{}, nil, err
	}
	return Value{raw, s.Lax}, s.data[len(raw):], nil
}

// scanner reads the value as it was read before.
func (v Value) scanner() Scanner { return Scanner{data: v.raw, Lax: v.lax} }

// Kind returns the value's kind, None if it is absent.
func (v Value) Kind() Kind {
	if len(v.raw) == 0 {
		return None
	}
	return kindOf(v.raw[0])
}

// Raw returns the value's encoding.
func (v Value) Raw() []byte { return v.raw }

// Int returns an integer's value, and false if v is no integer.
func (v Value) Int() (int64, bool) {
	s := v.scanner()
	n, err := s.Int()
	return n, err == nil
}

// Bytes returns a string's bytes, and false if v is no string.
func (v Value) Bytes() ([]byte, bool) {
	s := v.scanner()
	b, err := s.Bytes()
	return b, err == nil
}

// Text returns a copy of a string's bytes, "" if v is no string.
func (v Value) Text() string {
	b, _ := v.Bytes()
	return string(b)
}

// Get returns the value of a key of a dictionary. It is absent where the key
// is, and where v is no dictionary.
func (v Value) Get(key string) Value {
	for k, e := range v.Dict() {
		if string(k) == key {
			return e
		}
		if string(k) > key && !v.lax {
			break // keys are sorted
		}
	}
	return Value{}
}

// List ranges over the elements of a list, and over nothing if v is no list.
func (v Value) List() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		s := v.scanner()
		if s.Kind() != List || s.enter() != nil {
			return
		}
		for !s.leave() {
			raw, err := s.Raw()
			if err != nil || !yield(Value{raw, v.lax}) {
				return
			}
		}
	}
}

// Dict ranges over the keys and values of a dictionary, in the order in which they
// come. It ranges over nothing if v is no dictionary.
func (v Value) Dict() iter.Seq2[[]byte, Value] {
	return func(yield func([]byte, Value) bool) {
		s := v.scanner()
		if s.Kind() != Dict || s.enter() != nil {
			return
		}
		for !s.leave() {
			key, err := s.key(nil, true)
			if err != nil {
				return
			}
			raw, err := s.Raw()
			if err != nil || !yield(key, Value{raw, v.lax}) {
				return
			}
		}
	}
}
