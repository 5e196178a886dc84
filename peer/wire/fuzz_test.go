package wire

import (
	"net/netip"
	"slices"
	"testing"
)

// FuzzStream reads a stream of messages as a connection does: nothing panics,
// nothing reads beyond its message, and the frames add up.
func FuzzStream(f *testing.F) {
	all := AppendKeepAlive(nil)
	for _, id := range []ID{Choke, Unchoke, Interested, NotInterested, HaveAll, HaveNone} {
		all = AppendSimple(all, id)
	}
	all = AppendIndex(all, Have, 1)
	all = AppendBlock(all, Request, Block{1, 2, 3})
	all = AppendBitfield(all, []byte{1, 2, 3})
	all = append(AppendPieceHeader(all, Block{1, 0, 4}), "data"...)
	all = AppendExtendedHandshake(all, &ExtendedHandshake{Metadata: 1, Client: "x"})
	all = AppendMetadata(all, 2, MetadataMessage{Type: MetadataData, Total: 4, Data: []byte("data")})
	all = AppendDontHave(all, 7, 9)
	all = AppendUploadOnly(all, 3, true)
	hashes := HashRange{Root: [32]byte{1}, Base: 2, Index: 512, Length: 2, Proof: 3}
	all = AppendHashRange(AppendHashRange(all, HashRequest, hashes), HashReject, hashes)
	all = appendHashes(all, hashes, make([]byte, 4*32))
	f.Add(all)
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 1, 20})
	f.Add([]byte{0, 0x40, 0, 9, 7, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			fr, ok, err := ReadFrame(b)
			if err != nil || !ok {
				return
			}
			if fr.Payload < 0 || fr.Size() > 5+MaxBitfield {
				t.Fatalf("frame %+v", fr)
			}
			if fr.Size() > len(b) {
				return
			}
			visit(fr, b[:fr.Size():fr.Size()])
			b = b[fr.Size():]
		}
	})
}

func appendHashes(b []byte, r HashRange, hashes []byte) []byte {
	start := len(b)
	b = append(AppendHashRange(b, Hashes, r), hashes...)
	EndHashes(b[start:])
	return b
}

func visit(f Frame, b []byte) {
	switch f.ID {
	case Have, Suggest, AllowedFast:
		ParseIndex(b[FrameLen:])
	case Request, Cancel, Reject:
		ParseBlock(b[FrameLen:])
	case Port:
		ParsePort(b[FrameLen:])
	case Piece:
		ParsePieceHeader(f, b)
	case HashRequest, HashReject:
		r := ParseHashRange(b[FrameLen:])
		if string(AppendHashRange(nil, f.ID, r)) != string(b) {
			panic("a hash range was not written as it was read")
		}
	case Hashes:
		r, hashes := ParseHashes(b[FrameLen:])
		if string(appendHashes(nil, r, hashes)) != string(b) || len(hashes) > MaxHashes*32 {
			panic("hashes were not written as they were read")
		}
	case Extended:
		_, body := ParseExtended(b[FrameLen:])
		_, _ = ParseExtendedHandshake(body)
		_, _ = ParseMetadata(body)
		_, _ = ParseDontHave(body)
		_, _ = ParseUploadOnly(body)
		_, _ = ParsePEX(body)
	}
}

// FuzzExtendedHandshake: what is read is within its bounds and, written again,
// reads the same.
func FuzzExtendedHandshake(f *testing.F) {
	f.Add([]byte("d1:md11:lt_donthavei7e11:ut_metadatai2ee13:metadata_sizei12345e1:pi42069e4:reqqi500e1:v4:btgw6:yourip4:abcde"))
	f.Add([]byte("d1:md6:ut_pexi1eee"))
	f.Add([]byte("d1:md11:upload_onlyi3ee11:upload_onlyi0ee"))
	f.Add([]byte("d1:v5:\xff\xfe\x00 xe"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := ParseExtendedHandshake(b)
		if err != nil {
			return
		}
		if h.MetadataSize < 0 || h.MetadataSize > MaxMetadata || h.ReqQ < 0 || h.ReqQ > MaxReqQ || len(h.Client) > MaxClientName {
			t.Fatalf("out of bounds: %+v", h)
		}
		msg := AppendExtendedHandshake(nil, &h)
		_, body := ParseExtended(msg[FrameLen:])
		again, err := ParseExtendedHandshake(body)
		if err != nil || again != h {
			t.Fatalf("%+v was read back as %+v, %v", h, again, err)
		}
	})
}

// FuzzMetadata: what is read is within its bounds.
func FuzzMetadata(f *testing.F) {
	f.Add([]byte("d8:msg_typei1e5:piecei0e10:total_sizei4eedata"))
	f.Add([]byte("d8:msg_typei0e5:piecei639ee"))
	f.Add([]byte("d8:msg_typei2e5:piecei0eeextra"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseMetadata(b)
		if err != nil {
			return
		}
		if m.Part < 0 || m.Part*MetadataPart >= MaxMetadata || len(m.Data) > MetadataPart || m.Total < 0 || m.Total > MaxMetadata {
			t.Fatalf("out of bounds: %+v", m)
		}
	})
}

// FuzzPEX: what is read is within its bounds and, written again, reads the same.
func FuzzPEX(f *testing.F) {
	f.Add([]byte("d5:added6:abcdef7:added.f1:\x026:added618:0123456789abcdefgh8:added6.f1:\x107:dropped12:abcdefghijkle"))
	f.Add([]byte("d5:added5:abcde7:dropped1:xe"))
	f.Add([]byte("d5:addedi1e7:added.fle8:dropped60:e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParsePEX(b)
		if err != nil {
			return
		}
		if len(m.Added) > MaxPEX || len(m.Dropped) > MaxPEX {
			t.Fatalf("%d added, %d dropped", len(m.Added), len(m.Dropped))
		}
		all := slices.Clone(m.Dropped)
		for _, p := range m.Added {
			all = append(all, p.Addr)
		}
		if slices.ContainsFunc(all, func(a netip.AddrPort) bool { return a.Addr().Is4In6() }) {
			return // written as IPv4
		}
		msg := AppendPEX(nil, 1, &m)
		_, body := ParseExtended(msg[FrameLen:])
		again, err := ParsePEX(body)
		if err != nil || !slices.Equal(again.Added, m.Added) || !slices.Equal(again.Dropped, m.Dropped) {
			t.Fatalf("%+v was read back as %+v, %v", m, again, err)
		}
	})
}

// FuzzHandshake: what is taken is written the same.
func FuzzHandshake(f *testing.F) {
	f.Add(AppendHandshake(nil, NewHandshake([20]byte{1}, [20]byte{2})))
	f.Add([]byte("\x13BitTorrent protocol"))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := ParseHandshake(b)
		if err == nil && string(AppendHandshake(nil, h)) != string(b[:HandshakeLen]) {
			t.Fatal("not the same bytes")
		}
		_ = ClientName(h.PeerID)
	})
}
