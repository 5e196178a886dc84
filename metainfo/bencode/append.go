package bencode

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// AppendInt appends the encoding of n to dst.
func AppendInt(dst []byte, n int64) []byte {
	dst = append(dst, 'i')
	dst = strconv.AppendInt(dst, n, 10)
	return append(dst, 'e')
}

// AppendString appends the encoding of s to dst.
func AppendString[T string | []byte](dst []byte, s T) []byte {
	dst = strconv.AppendInt(dst, int64(len(s)), 10)
	dst = append(dst, ':')
	return append(dst, s...)
}

// RawValue is an encoded value, which Append copies as it is.
type RawValue []byte

// Append appends the encoding of v to dst, keys of dictionaries sorted. v is
// an int, int64, uint32, bool (1 or 0), string, []byte, RawValue, []string,
// []any or map[string]any of these; anything else is an error that unwraps to
// ErrUnsupported. No reflection is used.
func Append(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case int:
		return AppendInt(dst, int64(v)), nil
	case int64:
		return AppendInt(dst, v), nil
	case uint32:
		return AppendInt(dst, int64(v)), nil
	case bool:
		if v {
			return AppendInt(dst, 1), nil
		}
		return AppendInt(dst, 0), nil
	case string:
		return AppendString(dst, v), nil
	case []byte:
		return AppendString(dst, v), nil
	case RawValue:
		return append(dst, v...), nil
	case []string:
		dst = append(dst, 'l')
		for _, e := range v {
			dst = AppendString(dst, e)
		}
		return append(dst, 'e'), nil
	case []any:
		return appendList(dst, v)
	case map[string]any:
		return appendDict(dst, v)
	}
	return nil, fmt.Errorf("bencode: %T: %w", v, ErrUnsupported)
}

func appendList(dst []byte, list []any) ([]byte, error) {
	var err error
	dst = append(dst, 'l')
	for _, e := range list {
		if dst, err = Append(dst, e); err != nil {
			return nil, err
		}
	}
	return append(dst, 'e'), nil
}

func appendDict(dst []byte, dict map[string]any) ([]byte, error) {
	var err error
	dst = append(dst, 'd')
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		dst = AppendString(dst, key)
		if dst, err = Append(dst, dict[key]); err != nil {
			return nil, err
		}
	}
	return append(dst, 'e'), nil
}
