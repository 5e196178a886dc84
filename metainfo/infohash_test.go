package metainfo

import (
	"bytes"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

const (
	hexV1 = "0123456789abcdef0123456789abcdef01234567"
	b32V1 = "aerukz4jvpg66ajdivtytk6n54asgrlh"
	hexV2 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
)

// b32V2 and b32Multihash are hexV2 and its multihash, by encoding/base32 alone.
func b32V2() string {
	b, _ := hex.DecodeString(hexV2)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

func b32Multihash() string {
	b, _ := hex.DecodeString("1220" + hexV2)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

func TestParseInfoHash(t *testing.T) {
	var want [20]byte
	hex.Decode(want[:], []byte(hexV1))
	for _, s := range []string{hexV1, strings.ToUpper(hexV1), b32V1, strings.ToUpper(b32V1), "AERUKZ4jvpg66ajdivtytk6n54asgrlh"} {
		h, err := ParseInfoHash(s)
		if err != nil || h != NewV1(want) {
			t.Errorf("%s: %v, %v", s, h, err)
		}
	}
	h := NewV1(want)
	if h.String() != hexV1 || h.Path() != "/btih/"+hexV1 || h.URN() != "urn:btih:"+hexV1 || h.IsV2() || h.IsZero() {
		t.Error(h)
	}
	if h.Wire() != want || !bytes.Equal(h.Bytes(), want[:]) {
		t.Error(h.Wire(), h.Bytes())
	}
}

func TestParseMultihash(t *testing.T) {
	var want [32]byte
	hex.Decode(want[:], []byte(hexV2))
	for _, s := range []string{"1220" + hexV2, hexV2, b32V2(), b32Multihash()} {
		for _, s := range []string{s, strings.ToUpper(s)} {
			h, err := ParseMultihash(s)
			if err != nil || h != NewV2(want) {
				t.Errorf("%s: %v, %v", s, h, err)
			}
		}
	}
	h := NewV2(want)
	if h.String() != b32V2() || len(h.String()) != 52 || h.Path() != "/btmh/"+b32V2() || h.URN() != "urn:btmh:1220"+hexV2 || !h.IsV2() || h.IsZero() {
		t.Error(h)
	}
	if wire := h.Wire(); !bytes.Equal(wire[:], want[:20]) || !bytes.Equal(h.Bytes(), want[:]) {
		t.Error(h.Wire(), h.Bytes())
	}
}

func TestBadInfoHashes(t *testing.T) {
	for _, s := range []string{
		"", "x", hexV1[:39], hexV1 + "0", hexV1[:39] + "g", b32V1[:31], b32V1 + "a", b32V1[:31] + "1", hexV2, b32V2(),
		" " + hexV1[1:], strings.Repeat("é", 20), strings.Repeat("\x00", 40),
	} {
		if h, err := ParseInfoHash(s); !errors.Is(err, ReasonSyntax) || !h.IsZero() {
			t.Errorf("%q: %v, %v", s, h, err)
		}
	}
	spare := b32V2()[:51] + "b" // the four spare bits are not zero
	for s, want := range map[string]Reason{
		"": ReasonSyntax, hexV1: ReasonSyntax, b32V1: ReasonSyntax, "1220" + hexV2[1:]: ReasonSyntax, "1220" + hexV2[:63] + "g": ReasonSyntax,
		"1320" + hexV2: ReasonVersion, "1219" + hexV2: ReasonVersion, spare: ReasonSyntax, b32V2()[:51]: ReasonSyntax, b32V2()[:51] + "=": ReasonSyntax,
		strings.Repeat("a", 55): ReasonVersion,
	} {
		if h, err := ParseMultihash(s); !errors.Is(err, want) || !h.IsZero() {
			t.Errorf("%q: %v, %v", s, h, err)
		}
	}
}

func TestZeroInfoHash(t *testing.T) {
	var h InfoHash
	if !h.IsZero() || h.IsV2() || h.String() != "" || h.URN() != "" || h.Bytes() != nil {
		t.Error(h)
	}
	if NewV1([20]byte{}) == h || NewV2([32]byte{}) == h || NewV1([20]byte{}) == NewV2([32]byte{}) {
		t.Error("a hash of zeros is not the zero value")
	}
}

func TestInfoHashText(t *testing.T) {
	v1, _ := ParseInfoHash(hexV1)
	v2, _ := ParseMultihash(hexV2)
	for _, h := range []InfoHash{v1, v2, {}} {
		text, err := json.Marshal(map[string]InfoHash{"infohash": h})
		if err != nil || string(text) != `{"infohash":"`+h.String()+`"}` {
			t.Errorf("%s, %v", text, err)
		}
		var back map[string]InfoHash
		if err := json.Unmarshal(text, &back); err != nil || back["infohash"] != h {
			t.Errorf("%s: %v, %v", text, back, err)
		}
	}
	if err := new(InfoHash).UnmarshalText([]byte("nonsense")); !errors.Is(err, ReasonSyntax) {
		t.Error(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "infohash", v1)
	if !strings.Contains(log.String(), "infohash="+hexV1) {
		t.Error(log.String())
	}
}

func TestBitfield(t *testing.T) {
	for _, n := range []int{0, 1, 7, 8, 9, 100} {
		b := NewBitfield(n)
		if len(b) != (n+7)/8 || b.Count(n) != 0 || !b.Valid(n) {
			t.Errorf("%d: %v", n, b)
		}
		for i := range n {
			b.Set(i)
			if !b.Has(i) || b.Count(n) != i+1 || b.Count(i) != i {
				t.Errorf("%d of %d: %v", i, n, b)
			}
		}
		all := NewBitfield(n)
		all.SetAll(n)
		if !bytes.Equal(all, b) || !b.Valid(n) {
			t.Errorf("%d: %v, %v", n, all, b)
		}
		for i := range n {
			clone := b.Clone()
			clone.Clear(i)
			if clone.Has(i) || !b.Has(i) || clone.Count(n) != n-1 {
				t.Errorf("%d of %d: %v", i, n, clone)
			}
		}
		if b.Has(-1) || b.Has(len(b)*8) || b.Has(1<<40) {
			t.Errorf("%d: out of range", n)
		}
	}
	if b := (Bitfield{0x80}); !b.Has(0) || b.Has(7) {
		t.Error("piece 0 is not the high bit")
	}
	for _, c := range []struct {
		b     Bitfield
		n     int
		valid bool
	}{
		{Bitfield{0xff}, 8, true}, {Bitfield{0xff}, 7, false}, {Bitfield{0xfe}, 7, true}, {Bitfield{0x01}, 7, false},
		{Bitfield{}, 8, false}, {Bitfield{0, 0}, 8, false}, {nil, 0, true}, {Bitfield{0}, 0, false}, {Bitfield{0, 0x80}, 9, true},
	} {
		if c.b.Valid(c.n) != c.valid {
			t.Errorf("%v of %d: %v", c.b, c.n, !c.valid)
		}
	}
	if (Bitfield{0xff}).Count(100) != 8 || (Bitfield{0xff, 0xff}).Count(3) != 3 {
		t.Error("counts beyond the end")
	}
}
