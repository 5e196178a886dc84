package peer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// TestOddSeeds: a lone seed whose extension handshakes, metadata messages and bitfields are
// a little odd gives the metadata and all of the content: nothing is hashed of how they are
// written. libtorrent 2.0.8 takes them too, but for an integer beyond 64 bits, a first
// handshake without m, and metadata messages without a size or that make no sense.
func TestOddSeeds(t *testing.T) {
	tor, data := content(t, 1<<20+5, 256<<10) // 5 pieces
	raw := tor.Info.Raw()
	hello := func(format string, args ...any) []byte { return extendedMessage(0, fmt.Sprintf(format, args...)) }
	plain := hello("d1:md11:ut_metadatai33ee13:metadata_sizei%dee", len(raw))
	whole := wire.AppendSimple(nil, wire.HaveAll)
	const answer = "d8:msg_typei1e5:piecei0e10:total_sizei%dee"
	for _, tt := range []struct {
		name   string
		first  []byte // behind the handshake
		later  []byte // a second after that
		answer string // to the request for the metadata, without the data
	}{
		{name: "keys in another order", first: hello("d13:metadata_sizei%de1:v3:odd1:md6:ut_pexi1e11:ut_metadatai33eee", len(raw))},
		{name: "zeros before integers", first: hello("d1:md11:ut_metadatai0033ee13:metadata_sizei%08de4:reqqi-0ee", len(raw))},
		{name: "zeros before lengths", first: hello("d01:md0011:ut_metadatai33ee13:metadata_sizei%de1:v003:odde", len(raw))},
		{name: "an integer beyond 64 bits", first: hello("d1:ai99999999999999999999999e1:md11:ut_metadatai33ee13:metadata_sizei%dee", len(raw))},
		{name: "keys that come twice", first: hello("d1:md11:ut_metadatai33ee1:md11:ut_metadatai0ee13:metadata_sizei%de13:metadata_sizei1ee", len(raw))},
		{name: "values of other kinds", first: hello("d1:md11:ut_metadatai33e6:ut_pex3:one11:lt_donthavelee13:metadata_sizei%de1:p4:66814:reqqd1:ai1ee1:vi3e6:yourip1:xe", len(raw))},
		{name: "bytes behind the dictionary", first: append(hello("d1:md11:ut_metadatai33ee13:metadata_sizei%dee\x00\x00 ", len(raw)), whole...)},
		{name: "without m, then with it", first: hello("d1:v3:odde"), later: plain},
		{name: "without a size, then with one", first: hello("d1:md11:ut_metadatai33eee"), later: plain},
		{name: "size 0, then another, without m", first: hello("d1:md11:ut_metadatai33ee13:metadata_sizei0ee"), later: hello("d13:metadata_sizei%dee", len(raw))},
		{name: "a message more in a further m", first: hello("d1:md11:ut_metadatai33eee"), later: hello("d1:md6:ut_pexi7ee13:metadata_sizei%dee", len(raw))},
		{name: "a handshake that is none, then one", first: hello("what is this"), later: plain},
		{name: "a handshake without a body", first: hello(""), later: plain},
		{name: "after other messages", first: slices.Concat(whole, plain)},
		{name: "an answer in another order", answer: "d10:total_sizei%de5:piecei0e8:msg_typei1ee"},
		{name: "an answer with zeros and more keys", answer: "d1:xle8:msg_typei01e5:piecei00e10:total_sizei%012dee"},
		{name: "an answer without its size", answer: "d8:msg_typei1e5:piecei0ee"},
		{name: "nonsense before the answer", first: slices.Concat(plain, extendedMessage(wire.ExtMetadata, "d5:piecei0ee"))},
		{name: "a spare bit", first: slices.Concat(plain, wire.AppendBitfield(nil, []byte{0xff}))},
		{name: "a bitfield that is longer", first: slices.Concat(plain, wire.AppendBitfield(nil, []byte{0xf8, 0, 0, 0x80}))},
		{name: "a bitfield that is late", first: slices.Concat(plain, wire.AppendSimple(nil, wire.Unchoke)), later: wire.AppendBitfield(nil, []byte{0xf8})},
		{name: "a late bitfield with spare bits", first: slices.Concat(plain, wire.AppendIndex(nil, wire.Have, 1)), later: wire.AppendBitfield(nil, []byte{0xfd})},
		{name: "a piece too many", first: slices.Concat(plain, wire.AppendBitfield(nil, []byte{0xf8}), wire.AppendIndex(nil, wire.Have, 5))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
				st := leech(nil)
				s := swarm(w.t, w.host, tor, st)
				s.SetWanted(true)
				f := w.call(tor)
				if tt.first == nil {
					tt.first = append(bytes.Clone(plain), whole...)
				}
				if tt.answer == "" {
					tt.answer = answer
				}
				f.greet(tt.first...)
				go f.serve(tor, data, tt.answer)
				if tt.later != nil {
					time.Sleep(time.Second)
					f.write(tt.later)
				}
				if !bytes.Contains(append(bytes.Clone(tt.first), tt.later...), whole) && !hasField(tt.first, tt.later) {
					f.write(whole)
				}
				f.write(wire.AppendSimple(nil, wire.Unchoke))
				st.wait(w.t, time.Minute)
				if !bytes.Equal(st.data[:len(data)], data) {
					t.Error("other bytes")
				}
				if n := w.host.Stats().Violations; n != 0 {
					t.Errorf("%d violations", n)
				}
				f.nc.Close()
			})
		})
	}
}

// extendedMessage is a message of the extension protocol (BEP 10).
func extendedMessage(id byte, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(2+len(body)))
	return append(append(b, byte(wire.Extended), id), body...)
}

// hasField reports whether a bitfield is among messages.
func hasField(messages ...[]byte) bool {
	for b := bytes.Join(messages, nil); len(b) > 0; {
		f, ok, err := wire.ReadFrame(b)
		if err != nil || !ok {
			return false
		}
		if f.ID == wire.Bitfield {
			return true
		}
		b = b[f.Size():]
	}
	return false
}

// serve answers requests for the metadata, which has one part, and for blocks, until the
// connection ends.
func (f *fake) serve(tor *metainfo.Torrent, data []byte, answer string) {
	raw := tor.Info.Raw()
	for {
		m, err := f.next()
		if err != nil {
			return
		}
		var out []byte
		switch m.id {
		case wire.Extended:
			if id, _ := wire.ParseExtended(m.payload); id != 33 {
				continue
			}
			head := answer
			if bytes.Contains([]byte(answer), []byte("%")) {
				head = fmt.Sprintf(answer, len(raw))
			}
			out = extendedMessage(wire.ExtMetadata, head+string(raw))
		case wire.Request:
			b := wire.ParseBlock(m.payload)
			at := tor.Info.PieceOffset(int(b.Piece)) + int64(b.Begin)
			out = append(wire.AppendPieceHeader(nil, b), data[at:at+int64(b.Length)]...)
		default:
			continue
		}
		if _, err := f.nc.Write(out); err != nil {
			return
		}
	}
}
