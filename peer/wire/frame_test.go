package wire

import (
	"encoding/binary"
	"errors"
	"testing"
)

func frame(n uint32, id byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, n), id)
}

func TestReadFrame(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []byte
		want Frame
		ok   bool
		size int
		bad  bool
	}{
		{name: "nothing", in: nil},
		{name: "half a prefix", in: []byte{0, 0, 0}},
		{name: "keep-alive", in: []byte{0, 0, 0, 0}, want: Frame{ID: KeepAlive}, ok: true, size: 4},
		{name: "prefix alone", in: []byte{0, 0, 0, 1}},
		{name: "choke", in: frame(1, 0), want: Frame{ID: Choke}, ok: true, size: 5},
		{name: "choke with a payload", in: frame(2, 0), bad: true},
		{name: "have", in: frame(5, 4), want: Frame{ID: Have, Payload: 4}, ok: true, size: 9},
		{name: "short have", in: frame(4, 4), bad: true},
		{name: "request", in: frame(13, 6), want: Frame{ID: Request, Payload: 12}, ok: true, size: 17},
		{name: "long request", in: frame(14, 6), bad: true},
		{name: "longest block", in: frame(9+MaxBlock, 7), want: Frame{ID: Piece, Payload: 8 + MaxBlock}, ok: true, size: 13 + MaxBlock},
		{name: "too long a block", in: frame(10+MaxBlock, 7), bad: true},
		{name: "empty block", in: frame(9, 7), bad: true},
		{name: "longest bitfield", in: frame(1+MaxBitfield, 5), want: Frame{ID: Bitfield, Payload: MaxBitfield}, ok: true, size: 5 + MaxBitfield},
		{name: "too long a bitfield", in: frame(2+MaxBitfield, 5), bad: true},
		{name: "longest extension", in: frame(1+MaxExtended, 20), want: Frame{ID: Extended, Payload: MaxExtended}, ok: true, size: 5 + MaxExtended},
		{name: "too long an extension", in: frame(2+MaxExtended, 20), bad: true},
		{name: "extension without an id", in: frame(1, 20), bad: true},
		{name: "hash request", in: frame(49, 21), want: Frame{ID: HashRequest, Payload: 48}, ok: true, size: 53},
		{name: "short hash request", in: frame(48, 21), bad: true},
		{name: "long hash reject", in: frame(50, 23), bad: true},
		{name: "a hash", in: frame(49+32, 22), want: Frame{ID: Hashes, Payload: 80}, ok: true, size: 85},
		{name: "hashes without one", in: frame(49, 22), bad: true},
		{name: "hashes and a half", in: frame(49+48, 22), bad: true},
		{name: "most hashes", in: frame(49+MaxHashes*32, 22), want: Frame{ID: Hashes, Payload: 48 + MaxHashes*32}, ok: true, size: 53 + MaxHashes*32},
		{name: "too many hashes", in: frame(49+(MaxHashes+1)*32, 22), bad: true},
		{name: "longest unknown", in: frame(1+MaxOther, 99), want: Frame{ID: 99, Payload: MaxOther}, ok: true, size: 5 + MaxOther},
		{name: "too long an unknown", in: frame(2+MaxOther, 99), bad: true},
		{name: "longer than anything, before the id is there", in: []byte{0xff, 0xff, 0xff, 0xff}, bad: true},
		{name: "the last id", in: frame(1, 255), want: Frame{ID: 255}, ok: true, size: 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, ok, err := ReadFrame(tt.in)
			if tt.bad {
				var we *Error
				if !errors.As(err, &we) {
					t.Fatalf("got %+v, %v, %v; want an *Error", f, ok, err)
				}
				return
			}
			if err != nil || ok != tt.ok || f != tt.want {
				t.Fatalf("got %+v, %v, %v; want %+v, %v", f, ok, err, tt.want, tt.ok)
			}
			if ok && f.Size() != tt.size {
				t.Errorf("size %d, want %d", f.Size(), tt.size)
			}
		})
	}
}

// TestReadFrameDoesNotAllocate holds for the frames of a download.
func TestReadFrameDoesNotAllocate(t *testing.T) {
	b := AppendPieceHeader(nil, Block{Piece: 3, Begin: 16384, Length: 16384})
	if n := testing.AllocsPerRun(100, func() {
		f, ok, err := ReadFrame(b)
		if !ok || err != nil || ParsePieceHeader(f, b) != (Block{3, 16384, 16384}) {
			t.Fail()
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestIDString(t *testing.T) {
	for id, want := range map[ID]string{Choke: "choke", HashReject: "hash reject", KeepAlive: "keep-alive", 10: "unknown (10)", 200: "unknown (200)"} {
		if got := id.String(); got != want {
			t.Errorf("%d: %q, want %q", id, got, want)
		}
	}
}
