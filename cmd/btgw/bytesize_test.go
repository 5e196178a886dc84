package main

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseByteSize(t *testing.T) {
	for _, tt := range []struct {
		text string
		want ByteSize
	}{
		{"0", 0}, {"1", 1}, {"4096", 4 * KiB}, {"4096B", 4 * KiB}, {"10GiB", 10 * GiB}, {"10 GiB", 10 * GiB}, {" 10gib ", 10 * GiB},
		{"10G", 10 * GiB}, {"10GB", 10e9}, {"1.5MiB", MiB + 512*KiB}, {"500M", 500 * MiB}, {"3kB", 3000}, {"2T", 2 * TiB}, {"2tb", 2e12},
	} {
		if got, err := ParseByteSize(tt.text); err != nil || got != tt.want {
			t.Errorf("ParseByteSize(%q) = %d, %v, want %d", tt.text, got, err, tt.want)
		}
	}
	for _, text := range []string{"", "GiB", "-1", "ten", "10 potatoes", "1..5GiB", "1e3", "0x10", "10GiB0", "9999999TiB", "+5"} {
		if got, err := ParseByteSize(text); err == nil {
			t.Errorf("ParseByteSize(%q) = %d, want an error", text, got)
		}
	}
}

func TestByteSizeString(t *testing.T) {
	for size, want := range map[ByteSize]string{
		0: "0B", 1023: "1023B", KiB: "1KiB", 1536: "1.5KiB", 256 * MiB: "256MiB", 10 * GiB: "10GiB", 1024 * GiB: "1TiB",
	} {
		if got := size.String(); got != want {
			t.Errorf("ByteSize(%d) = %q, want %q", int64(size), got, want)
		}
	}
}

func TestByteSizeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]ByteSize{1, KiB, MiB, GiB, TiB}).Draw(t, "unit")
		want := ByteSize(rapid.Int64Range(0, 1023).Draw(t, "n")) * unit
		if got, err := ParseByteSize(want.String()); err != nil || got != want {
			t.Fatalf("%d is written %q and read as %d, %v", want, want, got, err)
		}
	})
}
