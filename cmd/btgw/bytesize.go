package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ByteSize is an amount of memory or disk in bytes. It is written with a unit: binary units as KiB, MiB, GiB, TiB
// (also K, M, G, T), decimal ones as kB, MB, GB, TB, or nothing for bytes.
type ByteSize int64

// Binary multiples of a byte.
const (
	KiB ByteSize = 1 << (10 * (iota + 1))
	MiB
	GiB
	TiB
)

// byteUnits maps what may follow the number, in lower case, to bytes.
func byteUnit(name string) (float64, bool) {
	switch strings.ToLower(name) {
	case "", "b":
		return 1, true
	case "k", "kib":
		return float64(KiB), true
	case "m", "mib":
		return float64(MiB), true
	case "g", "gib":
		return float64(GiB), true
	case "t", "tib":
		return float64(TiB), true
	case "kb":
		return 1e3, true
	case "mb":
		return 1e6, true
	case "gb":
		return 1e9, true
	case "tb":
		return 1e12, true
	}
	return 0, false
}

// ParseByteSize reads "10GiB", "1.5 GB", "500M" or "4096". A negative or absurdly large size is an error.
func ParseByteSize(s string) (ByteSize, error) {
	text := strings.TrimSpace(s)
	split := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if split < 0 {
		split = len(text)
	}
	number, unit := text[:split], strings.TrimSpace(text[split:])
	multiple, known := byteUnit(unit)
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || !known {
		return 0, fmt.Errorf("%q is not a size: write a number and a unit, as 256MiB or 10GB", s)
	}
	if value *= multiple; value >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is too large", s)
	}
	return ByteSize(value), nil
}

// String writes the size with the largest binary unit that divides it, else rounded to one decimal: "256MiB", "1.4GiB".
func (b ByteSize) String() string {
	for _, u := range []struct {
		size ByteSize
		name string
	}{{TiB, "TiB"}, {GiB, "GiB"}, {MiB, "MiB"}, {KiB, "KiB"}} {
		if b < u.size {
			continue
		}
		if b%u.size == 0 {
			return fmt.Sprintf("%d%s", b/u.size, u.name)
		}
		return fmt.Sprintf("%.1f%s", float64(b)/float64(u.size), u.name)
	}
	return fmt.Sprintf("%dB", int64(b))
}
