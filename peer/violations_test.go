package peer

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// TestViolations: each ends the connection with a *ProtocolError, and not
// before.
func TestViolations(t *testing.T) {
	tor, _ := content(t, 1<<20+5, 256<<10) // 5 pieces, the last of 5 bytes
	piece := func(b metainfo.Block) []byte {
		return append(wire.AppendPieceHeader(nil, wire.Block(b)), make([]byte, b.Length)...)
	}
	field := func(n int, set ...int) metainfo.Bitfield {
		b := make(metainfo.Bitfield, n)
		for _, i := range set {
			b.Set(i)
		}
		return b
	}
	block := func(id wire.ID, p, begin, length uint32) []byte {
		return wire.AppendBlock(nil, id, wire.Block{Piece: p, Begin: begin, Length: length})
	}
	extended := func(id byte, body string) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(2+len(body)))
		return append(append(b, 20, id), body...)
	}
	for _, tt := range []struct {
		name string
		send []byte
		slow bool // the peer does not speak the fast extension
		ok   bool // no violation
		// early: also if the metadata is not known when it is sent
		early, earlyOK bool
	}{
		{name: "a message of 4 GiB", send: []byte{0xff, 0xff, 0xff, 0xff}, early: true},
		{name: "choke with a payload", send: []byte{0, 0, 0, 2, 0, 0}, early: true},
		{name: "have beyond the last piece", send: wire.AppendIndex(nil, wire.Have, 5), ok: true, earlyOK: true},
		{name: "have beyond any torrent", send: wire.AppendIndex(nil, wire.Have, 1<<30), early: true},
		{name: "the last piece", send: wire.AppendIndex(nil, wire.Have, 4), ok: true, earlyOK: true},
		{name: "bitfield too long", send: wire.AppendBitfield(nil, field(2)), ok: true, earlyOK: true},
		{name: "bitfield too short", send: wire.AppendBitfield(nil, field(0)), ok: true, earlyOK: true},
		{name: "bitfield with spare bits", send: wire.AppendBitfield(nil, field(1, 5)), ok: true, earlyOK: true},
		{name: "bitfield", send: wire.AppendBitfield(nil, field(1, 0, 4)), ok: true, earlyOK: true},
		{name: "two bitfields", send: wire.AppendBitfield(wire.AppendBitfield(nil, field(1)), field(1, 2)), ok: true, earlyOK: true},
		{name: "bitfield after have none", send: wire.AppendBitfield(wire.AppendSimple(nil, wire.HaveNone), field(1)), ok: true, earlyOK: true},
		{name: "bitfield after have", send: wire.AppendBitfield(wire.AppendIndex(nil, wire.Have, 1), field(1, 1)), ok: true, earlyOK: true},
		{name: "have all without fast", send: wire.AppendSimple(nil, wire.HaveAll), slow: true, ok: true, earlyOK: true},
		{name: "suggest without fast", send: wire.AppendIndex(nil, wire.Suggest, 1), slow: true, ok: true, earlyOK: true},
		{name: "have all", send: wire.AppendSimple(nil, wire.HaveAll), ok: true, earlyOK: true},
		{name: "reject without fast", send: block(wire.Reject, 0, 0, 16384), slow: true, early: true},
		{name: "reject of no block", send: block(wire.Reject, 0, 1, 16384), early: true},
		{name: "reject beyond the last piece", send: block(wire.Reject, 5, 0, 16384), early: true},
		{name: "suggestion beyond the last piece", send: wire.AppendIndex(nil, wire.Suggest, 5), ok: true, earlyOK: true},
		{name: "allowed fast beyond the last piece", send: wire.AppendIndex(nil, wire.AllowedFast, 1<<31), ok: true, earlyOK: true},
		{name: "block that is not aligned", send: piece(metainfo.Block{Piece: 0, Begin: 1, Length: 16384}), early: true},
		{name: "block that is too short", send: piece(metainfo.Block{Piece: 0, Begin: 0, Length: 16383}), early: true},
		{name: "block beyond the piece", send: piece(metainfo.Block{Piece: 4, Begin: 16384, Length: 5}), early: true},
		{name: "block beyond the last piece", send: piece(metainfo.Block{Piece: 5, Begin: 0, Length: 5}), early: true},
		{name: "block that nobody asked for", send: piece(metainfo.Block{Piece: 4, Begin: 0, Length: 5}), early: true},
		{name: "block too long for any", send: []byte{0, 0, 0x40, 10, 7}, early: true},
		{name: "request beyond the piece", send: block(wire.Request, 4, 0, 6), ok: true, earlyOK: true},
		{name: "request beyond the piece without fast", send: block(wire.Request, 4, 0, 6), slow: true, earlyOK: true},
		{name: "request of nothing without fast", send: block(wire.Request, 0, 0, 0), slow: true, earlyOK: true},
		{name: "request of too much without fast", send: block(wire.Request, 0, 0, 128<<10+1), slow: true, earlyOK: true},
		{name: "cancel of nothing", send: block(wire.Cancel, 99, 0, 16384), ok: true, earlyOK: true},
		{name: "extension handshake that is none", send: extended(0, "nonsense"), ok: true, earlyOK: true},
		{name: "extension message that we did not offer", send: extended(99, "nonsense"), ok: true, earlyOK: true},
		{name: "extension handshake without m", send: extended(0, "d1:v1:xe"), ok: true, earlyOK: true},
		{name: "metadata message that is none", send: extended(wire.ExtMetadata, "nonsense"), ok: true, earlyOK: true},
		{name: "metadata message without a part", send: extended(wire.ExtMetadata, "d8:msg_typei0ee"), ok: true, earlyOK: true},
		{name: "metadata message of an unknown type", send: extended(wire.ExtMetadata, "d8:msg_typei7e5:piecei0ee"), ok: true, earlyOK: true},
		{name: "metadata part without data", send: extended(wire.ExtMetadata, "d8:msg_typei1e5:piecei0ee"), ok: true, earlyOK: true},
		{name: "peer exchange that is none", send: extended(wire.ExtPEX, "nonsense"), ok: true, earlyOK: true},
		{name: "upload only of two bytes", send: extended(wire.ExtUploadOnly, "ab"), ok: true, earlyOK: true},
		{name: "dont have of three bytes", send: extended(wire.ExtDontHave, "abc"), ok: true, earlyOK: true},
		{name: "dont have beyond the last piece", send: extended(wire.ExtDontHave, "\x00\x00\x00\x05"), ok: true, earlyOK: true},
		{name: "hash request cut short", send: []byte{0, 0, 0, 2, 21, 0}, early: true},
		{name: "unknown message", send: []byte{0, 0, 0, 3, 99, 1, 2}, ok: true, earlyOK: true},
		{name: "port", send: wire.AppendPort(nil, 6881), ok: true, earlyOK: true},
	} {
		for _, early := range []bool{false, true} {
			name, bad := tt.name, !tt.ok
			if early {
				name, bad = name+", before the metadata", tt.early
			}
			t.Run(name, func(t *testing.T) {
				inWorld(t, time.Millisecond, HostConfig{}, func(w *world) {
					st := leech(tor.Info)
					if early {
						st = leech(nil)
					}
					s := swarm(t, w.host, tor, st)
					f := w.call(tor)
					if tt.slow {
						f.bits[7] = 0
					}
					f.greet()
					f.quiet(time.Second)
					c := one(t, s)
					f.write(tt.send)
					synctest.Wait()
					time.Sleep(time.Second)
					synctest.Wait()
					err := c.cause()
					var pe *ProtocolError
					if errors.As(err, &pe) != bad || err != nil && !bad {
						t.Errorf("ended: %v; a violation: %v", err, bad)
					}
					if n := w.host.Stats().Violations; (n == 1) != bad {
						t.Errorf("%d violations counted", n)
					}
				})
			})
		}
	}
}

// TestEarlyClaimsAreCheckedLater: what could not be checked before the metadata
// was known is checked then, and counts as far as it goes.
func TestEarlyClaimsAreCheckedLater(t *testing.T) {
	tor, _ := content(t, 1<<20+5, 256<<10)
	for _, tt := range []struct {
		name string
		send []byte
		want []EventKind
		has  int // pieces; 0: not looked at
	}{
		{name: "nothing"},
		{name: "bitfield that is too long", send: wire.AppendBitfield(nil, []byte{0xf8, 0xff, 0x01}), want: []EventKind{HasField}, has: 5},
		{name: "bitfield with a bit beyond the last", send: wire.AppendBitfield(nil, []byte{0x14}), want: []EventKind{HasField}, has: 1},
		{name: "have beyond the last", send: wire.AppendIndex(wire.AppendIndex(nil, wire.Have, 2), wire.Have, 5), want: []EventKind{HasField}, has: 1},
		{name: "have far beyond the last", send: wire.AppendIndex(nil, wire.Have, 1000), want: []EventKind{HasField}},
		{
			name: "a bitfield instead of haves", want: []EventKind{HasField},
			send: wire.AppendBitfield(wire.AppendSimple(nil, wire.HaveNone), []byte{0x80}),
		},
		{name: "have none", send: wire.AppendSimple(wire.AppendBitfield(nil, []byte{0x80}), wire.HaveNone), want: []EventKind{HasNone}},
		{name: "haves", send: wire.AppendIndex(wire.AppendIndex(nil, wire.Have, 0), wire.Have, 4), want: []EventKind{HasField}},
		{name: "bitfield and unchoke", send: wire.AppendSimple(wire.AppendBitfield(nil, []byte{0xf8}), wire.Unchoke), want: []EventKind{HasField, Unchoked}},
		{name: "unchoke, then choke", send: wire.AppendSimple(wire.AppendSimple(nil, wire.Unchoke), wire.Choke)},
		{
			name: "have all, then not", send: wire.AppendDontHave(wire.AppendSimple(nil, wire.HaveAll), wire.ExtDontHave, 3),
			want: []EventKind{HasAll, LostPiece},
		},
		{
			name: "allowed fast, one of which cannot be", want: []EventKind{HasNone, AllowedFast},
			send: wire.AppendIndex(wire.AppendIndex(wire.AppendSimple(nil, wire.HaveNone), wire.AllowedFast, 2), wire.AllowedFast, 7),
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, time.Millisecond, HostConfig{}, func(w *world) {
				st := leech(nil)
				s := swarm(t, w.host, tor, st)
				f := w.call(tor)
				f.greet(tt.send...)
				f.quiet(time.Second)
				c := one(t, s)
				st.learn(tor.Info)
				s.SetInfo(tor.Info)
				synctest.Wait()
				var pe *ProtocolError
				if errors.As(c.cause(), &pe) {
					t.Fatalf("ended: %v", c.cause())
				}
				var got []EventKind
				for _, e := range st.link(t).events {
					got = append(got, e.Kind)
					if n := e.Field.Count(tor.Info.NumPieces()); e.Kind == HasField && (tt.has > 0 && n != tt.has || !e.Field.Valid(tor.Info.NumPieces())) {
						t.Errorf("has %d pieces of %08b", n, e.Field)
					}
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("events %v, want %v", got, tt.want)
				}
			})
		})
	}
}
