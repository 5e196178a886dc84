package wire

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestBytes pins each message to its bytes as the BEPs give them.
func TestBytes(t *testing.T) {
	blk := Block{Piece: 1, Begin: 0x4000, Length: 0x4000}
	for _, tt := range []struct {
		name string
		got  []byte
		want string
	}{
		{"keep-alive", AppendKeepAlive(nil), "00000000"},
		{"unchoke", AppendSimple(nil, Unchoke), "0000000101"},
		{"have none", AppendSimple(nil, HaveNone), "000000010f"},
		{"have", AppendIndex(nil, Have, 7), "000000050400000007"},
		{"allowed fast", AppendIndex(nil, AllowedFast, 7), "000000051100000007"},
		{"bitfield", AppendBitfield(nil, []byte{0xa0}), "0000000205a0"},
		{"request", AppendBlock(nil, Request, blk), "0000000d06000000010000400000004000"},
		{"cancel", AppendBlock(nil, Cancel, blk), "0000000d08000000010000400000004000"},
		{"reject", AppendBlock(nil, Reject, blk), "0000000d10000000010000400000004000"},
		{"piece header", AppendPieceHeader(nil, blk), "00004009070000000100004000"},
		{"port", AppendPort(nil, 6881), "00000003091ae1"},
		{"dont have", AppendDontHave(nil, 7, 258), "00000006140700000102"},
		{"upload only", AppendUploadOnly(nil, 3, true), "00000003140301"},
		{"no longer upload only", AppendUploadOnly(nil, 3, false), "00000003140300"},
		{
			"metadata request", AppendMetadata(nil, 3, MetadataMessage{Type: MetadataRequest, Part: 2}),
			"0000001b1403" + hex.EncodeToString([]byte("d8:msg_typei0e5:piecei2ee")),
		},
		{
			"metadata data", AppendMetadata(nil, 3, MetadataMessage{Type: MetadataData, Part: 0, Total: 2, Data: []byte("de")}),
			"0000002d1403" + hex.EncodeToString([]byte("d8:msg_typei1e5:piecei0e10:total_sizei2eede")),
		},
		{
			"metadata reject", AppendMetadata(nil, 3, MetadataMessage{Type: MetadataReject, Part: 1}),
			"0000001b1403" + hex.EncodeToString([]byte("d8:msg_typei2e5:piecei1ee")),
		},
		{
			"peer exchange", AppendPEX(nil, 1, &PEX{
				Added: []PEXPeer{
					{netip.MustParseAddrPort("[2001:db8::1]:6881"), PEXUploadOnly}, {netip.MustParseAddrPort("192.0.2.1:6881"), PEXReachable},
				},
				Dropped: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.2:80")},
			}),
			"000000661401" + hex.EncodeToString([]byte("d5:added6:\xc0\x00\x02\x01\x1a\xe17:added.f1:\x10"+
				"6:added618:\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe18:added6.f1:\x02"+
				"7:dropped6:\xc0\x00\x02\x02\x00\x508:dropped60:e")),
		},
	} {
		if hex.EncodeToString(tt.got) != tt.want {
			t.Errorf("%s: %x, want %s", tt.name, tt.got, tt.want)
		}
		f, ok, err := ReadFrame(append(tt.got, make([]byte, blk.Length)...))
		if err != nil || !ok {
			t.Errorf("%s: not a frame: %v %v", tt.name, ok, err)
		}
		if f.ID != Piece && f.Size() != len(tt.got) {
			t.Errorf("%s: frame of %d bytes, message of %d", tt.name, f.Size(), len(tt.got))
		}
	}
}

func TestParseBack(t *testing.T) {
	blk := Block{Piece: 0xfffffffe, Begin: 0x12345678, Length: 0x9abcdef0}
	if got := ParseBlock(AppendBlock(nil, Request, blk)[FrameLen:]); got != blk {
		t.Errorf("block %+v", got)
	}
	if got := ParseIndex(AppendIndex(nil, Have, 0xdeadbeef)[FrameLen:]); got != 0xdeadbeef {
		t.Errorf("index %x", got)
	}
	if got := ParsePort(AppendPort(nil, 51413)[FrameLen:]); got != 51413 {
		t.Errorf("port %d", got)
	}
	_, body := ParseExtended(AppendDontHave(nil, 9, 77)[FrameLen:])
	if p, err := ParseDontHave(body); p != 77 || err != nil {
		t.Errorf("dont have %d, %v", p, err)
	}
	for _, want := range []bool{true, false} {
		_, body := ParseExtended(AppendUploadOnly(nil, 9, want)[FrameLen:])
		if only, err := ParseUploadOnly(body); only != want || err != nil {
			t.Errorf("upload only: %v, %v", only, err)
		}
	}
	if _, err := ParseUploadOnly(nil); err == nil {
		t.Error("an upload_only of 0 bytes")
	}
	if _, err := ParseDontHave([]byte{0, 0, 0}); err == nil {
		t.Error("short dont have is taken")
	}
}

func TestHandshake(t *testing.T) {
	h := NewHandshake([20]byte([]byte("aaaaaaaaaabbbbbbbbbb")), [20]byte([]byte("-GW0100-123456789012")))
	b := AppendHandshake(nil, h)
	want := "\x13BitTorrent protocol\x00\x00\x00\x00\x00\x10\x00\x04aaaaaaaaaabbbbbbbbbb-GW0100-123456789012"
	if string(b) != want || len(b) != HandshakeLen {
		t.Fatalf("handshake %q", b)
	}
	got, err := ParseHandshake(b)
	if err != nil || got != h || !got.Fast() || !got.Extended() || got.V2() {
		t.Errorf("parsed %+v, %v", got, err)
	}
	got.Reserved[7] |= 0x10
	if !got.V2() {
		t.Error("v2 bit not seen")
	}
	for _, bad := range [][]byte{nil, b[:67], []byte(strings.Replace(want, "protocol", "protocoL", 1))} {
		if _, err := ParseHandshake(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for n := range len(b) {
		if err := CheckProtocol(b[:n]); err != nil {
			t.Fatalf("%d bytes of a handshake: %v", n, err)
		}
	}
	for _, bad := range []string{"\x12", "GET / HTTP/1.1", "\x13BitTorrent Protocol"} {
		if CheckProtocol([]byte(bad)) == nil {
			t.Errorf("%q may be a handshake", bad)
		}
	}
}

// TestAllowedFastSet has the vectors of BEP 6.
func TestAllowedFastSet(t *testing.T) {
	var hash [20]byte
	for i := range hash {
		hash[i] = 0xaa
	}
	addr := netip.MustParseAddr("80.4.4.200")
	want := []uint32{1059, 431, 808, 1217, 287, 376, 1188, 353, 508}
	if got := AllowedFastSet(addr, hash, 1313, 7); !slices.Equal(got, want[:7]) {
		t.Errorf("k = 7: %v", got)
	}
	if got := AllowedFastSet(addr, hash, 1313, 9); !slices.Equal(got, want) {
		t.Errorf("k = 9: %v", got)
	}
	if got := AllowedFastSet(netip.MustParseAddr("::ffff:80.4.4.1"), hash, 1313, 9); !slices.Equal(got, want) {
		t.Errorf("mapped address of the same /24: %v", got)
	}
	if got := AllowedFastSet(addr, hash, 3, 10); len(got) != 3 {
		t.Errorf("3 pieces: %v", got)
	}
	if got := AllowedFastSet(addr, hash, 0, 10); got != nil {
		t.Errorf("no pieces: %v", got)
	}
	six := AllowedFastSet(netip.MustParseAddr("2001:db8::1"), hash, 1313, 5)
	if len(six) != 5 || !slices.Equal(six, AllowedFastSet(netip.MustParseAddr("2001:db8::2:3"), hash, 1313, 5)) {
		t.Errorf("IPv6: %v", six)
	}
}

func TestExtendedHandshake(t *testing.T) {
	h := ExtendedHandshake{
		Metadata: 2, DontHave: 7, Client: "btgw 0.1", Port: 42069, ReqQ: 500, MetadataSize: 12345,
		UploadOnly: Yes, UploadOnlyID: 3, YourIP: netip.MustParseAddr("192.0.2.1"),
	}
	b := AppendExtendedHandshake([]byte("before"), &h)[len("before"):]
	f, ok, err := ReadFrame(b)
	if !ok || err != nil || f.ID != Extended || f.Size() != len(b) {
		t.Fatalf("frame %+v, %v, %v", f, ok, err)
	}
	id, body := ParseExtended(b[FrameLen:])
	want := "d1:md11:lt_donthavei7e11:upload_onlyi3e11:ut_metadatai2ee13:metadata_sizei12345e1:pi42069e4:reqqi500e" +
		"11:upload_onlyi1e1:v8:btgw 0.16:yourip4:\xc0\x00\x02\x01e"
	if id != 0 || string(body) != want {
		t.Fatalf("id %d, body %q", id, body)
	}
	got, err := ParseExtendedHandshake(body)
	if err != nil || got != h {
		t.Errorf("parsed %+v, %v", got, err)
	}
}

func TestParseExtendedHandshake(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, tt := range []struct {
		name, in string
		want     ExtendedHandshake
		bad      bool
	}{
		{name: "empty", in: "de"},
		{name: "padded", in: "d1:pi1ee\x00\x00", want: ExtendedHandshake{Port: 1}},
		{name: "not a dictionary", in: "le", bad: true},
		{name: "keys in another order", in: "d1:pi1e1:md6:ut_pexi1e11:ut_metadatai2eee", want: ExtendedHandshake{Port: 1, PEX: 1, Metadata: 2}},
		{name: "the first of two keys", in: "d1:pi1e1:pi2ee", want: ExtendedHandshake{Port: 1}},
		{name: "zeros before integers and lengths", in: "d01:pi007e001:v01:xe", want: ExtendedHandshake{Port: 7, Client: "x"}},
		{name: "more than 64 bits", in: "d4:reqqi99999999999999999999e1:pi99999999999999999999ee", want: ExtendedHandshake{ReqQ: MaxReqQ}},
		{name: "cut", in: "d1:p", bad: true},
		{name: "nothing", in: "", bad: true},
		{name: "m is no dictionary", in: "d1:mi1ee"},
		{name: "ids out of range", in: "d1:md11:lt_donthavei-1e11:ut_metadatai256eee"},
		{name: "metadata too large", in: "d13:metadata_sizei10485761ee"},
		{name: "largest metadata", in: "d13:metadata_sizei10485760ee", want: ExtendedHandshake{MetadataSize: MaxMetadata}},
		{name: "negative size", in: "d13:metadata_sizei-1ee"},
		{name: "reqq above ours", in: "d4:reqqi2000ee", want: ExtendedHandshake{ReqQ: MaxReqQ}},
		{name: "no requests at all", in: "d4:reqqi0ee"},
		{name: "port out of range", in: "d1:pi65536ee"},
		{name: "upload only", in: "d11:upload_onlyi1ee", want: ExtendedHandshake{UploadOnly: Yes}},
		{name: "no longer upload only", in: "d11:upload_onlyi0ee", want: ExtendedHandshake{UploadOnly: No}},
		{name: "upload only in other words", in: "d1:md11:upload_onlyi256ee11:upload_only3:yese"},
		{name: "client with control characters", in: "d1:v8:a\x00\n\x1bb\xff\xe2\x80e", want: ExtendedHandshake{Client: "ab"}},
		{name: "long client", in: "d1:v300:" + long + "e", want: ExtendedHandshake{Client: long[:MaxClientName]}},
		{name: "client in Greek", in: "d1:v4:µTe", bad: true},
		{name: "IPv6 of ours", in: "d6:yourip16:\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01e", want: ExtendedHandshake{YourIP: netip.MustParseAddr("2001:db8::1")}},
		{name: "address of 5 bytes", in: "d6:yourip5:abcdee"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseExtendedHandshake([]byte(tt.in))
			if (err != nil) != tt.bad || got != tt.want {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

// A further handshake adds to the one before (BEP 10).
func TestContinueExtendedHandshake(t *testing.T) {
	first := ExtendedHandshake{Metadata: 3, PEX: 1, Client: "x", Port: 6881, ReqQ: 100, MetadataSize: 1000, UploadOnly: Yes}
	with := func(change func(h *ExtendedHandshake)) ExtendedHandshake {
		h := first
		change(&h)
		return h
	}
	for in, want := range map[string]ExtendedHandshake{
		"de":                                 first,
		"d1:mdee":                            first,
		"d1:md6:ut_pexi0eee":                 with(func(h *ExtendedHandshake) { h.PEX = 0 }),
		"d1:md11:lt_donthavei7eee":           with(func(h *ExtendedHandshake) { h.DontHave = 7 }),
		"d1:md11:ut_metadatai9e6:ut_pex0:ee": with(func(h *ExtendedHandshake) { h.Metadata = 9 }),
		"d13:metadata_sizei2000ee":           first,
		"d1:pi7e4:reqqi0e1:v0:11:upload_onlyi0ee": with(func(h *ExtendedHandshake) { h.Port, h.UploadOnly = 7, No }),
	} {
		if got, err := first.Continue([]byte(in)); err != nil || got != want {
			t.Errorf("%s: %+v, %v", in, got, err)
		}
	}
	if got, err := first.Continue([]byte("nonsense")); err == nil || got != first {
		t.Errorf("nonsense: %+v, %v", got, err)
	}
}

func TestParseMetadata(t *testing.T) {
	part := strings.Repeat("z", MetadataPart)
	for _, tt := range []struct {
		name, in string
		want     MetadataMessage
		bad      bool
	}{
		{name: "request", in: "d8:msg_typei0e5:piecei3ee", want: MetadataMessage{Part: 3}},
		{name: "reject", in: "d8:msg_typei2e5:piecei3ee", want: MetadataMessage{Type: MetadataReject, Part: 3}},
		{name: "data", in: "d8:msg_typei1e5:piecei0e10:total_sizei16384ee" + part, want: MetadataMessage{Type: MetadataData, Total: 16384, Data: []byte(part)}},
		{name: "data without its size", in: "d8:msg_typei1e5:piecei0eex", want: MetadataMessage{Type: MetadataData, Data: []byte("x")}},
		{name: "data without data", in: "d8:msg_typei1e5:piecei0e10:total_sizei16384ee", bad: true},
		{name: "too much data", in: "d8:msg_typei1e5:piecei0e10:total_sizei16384ee" + part + "z", bad: true},
		{name: "keys in another order, with zeros", in: "d10:total_sizei016384e5:piecei00e8:msg_typei1eex", want: MetadataMessage{Type: MetadataData, Total: 16384, Data: []byte("x")}},
		{name: "unknown kind", in: "d8:msg_typei9ee", want: MetadataMessage{Type: 9}},
		{name: "negative kind", in: "d8:msg_typei-1ee", bad: true},
		{name: "no kind", in: "d5:piecei3ee", bad: true},
		{name: "no part", in: "d8:msg_typei0ee", bad: true},
		{name: "negative part", in: "d8:msg_typei0e5:piecei-1ee", bad: true},
		{name: "part beyond any metadata", in: "d8:msg_typei0e5:piecei640ee", bad: true},
		{name: "a list", in: "le", bad: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseMetadata([]byte(tt.in))
			if tt.bad {
				if err == nil {
					t.Fatalf("got %+v", got)
				}
				return
			}
			if err != nil || got.Type != tt.want.Type || got.Part != tt.want.Part || got.Total != tt.want.Total || !bytes.Equal(got.Data, tt.want.Data) {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestHashRange(t *testing.T) {
	r := HashRange{Root: [32]byte(bytes.Repeat([]byte{5}, 32)), Base: 1, Index: 0x200, Length: 0x100, Proof: 9}
	payload := append(bytes.Repeat([]byte{5}, 32), 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 9)
	for _, id := range []ID{HashRequest, HashReject} {
		b := AppendHashRange([]byte("before"), id, r)[len("before"):]
		if want := append([]byte{0, 0, 0, 49, byte(id)}, payload...); !bytes.Equal(b, want) {
			t.Errorf("%s: %x, want %x", id, b, want)
		}
		f, ok, err := ReadFrame(b)
		if !ok || err != nil || f.ID != id || f.Size() != len(b) {
			t.Fatalf("%s: frame %+v, %v, %v", id, f, ok, err)
		}
		if got := ParseHashRange(b[FrameLen:]); got != r {
			t.Errorf("%s: %+v", id, got)
		}
	}
	hashes := bytes.Repeat([]byte("0123456789abcdef"), 2*3)
	b := appendHashes(nil, r, hashes)
	if want := slices.Concat([]byte{0, 0, 0, 49 + 96, 22}, payload, hashes); !bytes.Equal(b, want) {
		t.Errorf("%x, want %x", b, want)
	}
	if got, h := ParseHashes(b[FrameLen:]); got != r || !bytes.Equal(h, hashes) {
		t.Errorf("%+v, %x", got, h)
	}
}

func TestClientName(t *testing.T) {
	for id, want := range map[string]string{
		"-lt0D80-xxxxxxxxxxxx":       "rTorrent 0.13.8.0",
		"-LT2080-xxxxxxxxxxxx":       "libtorrent 2.0.8.0",
		"-TR3000-xxxxxxxxxxxx":       "Transmission 3.0.0.0",
		"-qB4630-xxxxxxxxxxxx":       "qBittorrent 4.6.3.0",
		"-GW0100-xxxxxxxxxxxx":       "btgw 0.1.0.0",
		"-XY12~4-xxxxxxxxxxxx":       "XY",
		"-\x00\x011234-xxxxxxxxxxxx": "",
		"M7-10-5--xxxxxxxxxxx":       "BitTorrent 7.10.5",
		"A2-1-36-0-xxxxxxxxxx":       "aria2 1.36.0",
		"xxxxxxxxxxxxxxxxxxxx":       "",
		"rain1-1-0xxxxxxxxxxx":       "rain",
	} {
		if got := ClientName([20]byte([]byte(id))); got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

// A sibling may be of another version: what it says more is left alone.
func TestSiblingMessage(t *testing.T) {
	for _, m := range []SiblingMessage{{}, {Pulls: true}, {Progress: true}, {Warm: true}, {Heeds: true}, {Pulls: true, Warm: true, Proof: bytes.Repeat([]byte{7}, siblingProof)}, {Wishing: true},
		{Pulls: true, Heeds: true, Wishing: true, Wishes: []Wish{{1, 2, 3}, {1 << 31, 1, 1<<32 - 1}}}, {Wishing: true, Wishes: slices.Repeat([]Wish{{4, 5, 6}}, MaxWishes)}} {
		_, body := ParseExtended(AppendSibling(nil, 9, m)[FrameLen:])
		if got, err := ParseSibling(body); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%+v, %v", got, err)
		}
		body[0] |= 0xe0
		if got, err := ParseSibling(body); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("of a later version: %+v, %v", got, err)
		}
	}
	for _, n := range []int{0, 2, siblingProof, siblingProof + 2} {
		if m, err := ParseSibling(make([]byte, n)); err == nil {
			t.Errorf("%d bytes are %+v", n, m)
		}
	}
	for _, n := range []int{1, wishLen - 1, wishLen + 1, siblingProof, (MaxWishes + 1) * wishLen} {
		if m, err := ParseSibling(append([]byte{siblingWishing}, make([]byte, n)...)); err == nil {
			t.Errorf("%d bytes of wishes are %+v", n, m)
		}
	}
}
