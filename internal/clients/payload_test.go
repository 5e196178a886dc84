package clients

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// pieces gives every piece of a payload as its content on disk has it, and
// whether it matches its hash.
func pieces(t *testing.T, p *Payload) (good, bad int) {
	t.Helper()
	tor, err := metainfo.ParseTorrent(p.Torrent)
	if err != nil {
		t.Fatal(err)
	}
	space := make([]byte, p.Info.Span())
	for i := range p.Info.Files {
		f := &p.Info.Files[i]
		if f.Pad {
			continue
		}
		b, err := os.ReadFile(p.Path(f))
		if err != nil || int64(len(b)) != f.Length {
			t.Fatalf("%v: %d bytes, error %v", p.Info.Path(f), len(b), err)
		}
		copy(space[f.Offset:], b)
	}
	for i := range p.Info.NumPieces() {
		off := p.Info.PieceOffset(i)
		ok, known := p.Info.VerifyPiece(i, space[off:off+int64(p.Info.PieceSize(i))], tor.Layers)
		if !known {
			t.Fatalf("no hash of piece %d", i)
		}
		if ok {
			good++
		} else {
			bad++
		}
	}
	return good, bad
}

func TestPayload(t *testing.T) {
	single := Spec{Size: 100_001, PieceLength: 16 << 10, Seed: 1, Private: true, Trackers: []string{"http://t.example/announce", "udp://t.example:1"}}
	padded := mixed(2)
	padded.PadFiles = true
	v2, hybrid := mixed(3), mixed(4)
	v2.Version, hybrid.Version = metainfo.V2, metainfo.Hybrid
	for name, c := range map[string]struct {
		spec   Spec
		v1, v2 bool
		pads   int
	}{
		"single": {single, true, false, 0},
		"many":   {mixed(5), true, false, 0},
		"padded": {padded, true, false, 3},
		"v2":     {v2, false, true, 0},
		"hybrid": {hybrid, true, true, 3},
	} {
		t.Run(name, func(t *testing.T) {
			p := MakePayload(t, c.spec)
			if good, bad := pieces(t, p); good != p.Info.NumPieces() || bad != 0 {
				t.Errorf("%d pieces match, %d do not, of %d", good, bad, p.Info.NumPieces())
			}
			pads := 0
			for _, f := range p.Info.Files {
				if f.Pad {
					pads++
				}
			}
			if pads != c.pads || p.Info.HasV1() != c.v1 || p.Info.HasV2() != c.v2 || p.Info.Private != c.spec.Private {
				t.Errorf("%d pads, v1 %v, v2 %v", pads, p.Info.HasV1(), p.Info.HasV2())
			}
			again := MakePayload(t, c.spec)
			if again.Hash != p.Hash || !bytes.Equal(again.Torrent, p.Torrent) {
				t.Error("made again, it is another torrent")
			}
			m, err := metainfo.ParseMagnet(p.Magnet("127.0.0.1:5"))
			if err != nil || !slices.Equal(m.Hashes, p.Info.Hashes()) || !slices.Equal(m.Trackers, c.spec.Trackers) || !slices.Equal(m.Peers, []string{"127.0.0.1:5"}) {
				t.Errorf("magnet %+v, %v", m, err)
			}
			bad := p.Corrupt(t)
			if bad.Hash != p.Hash || bad.Dir == p.Dir {
				t.Error("the corrupt copy is another torrent, or the same place")
			}
			if good, _ := pieces(t, bad); good != 0 {
				t.Errorf("%d pieces of the corrupt copy match", good)
			}
			p.CheckCopy(t, again.Dir)
		})
	}
}

// TestCorruptEvery: of every 4 KiB the first byte is wrong, whatever is read at
// once, and no other.
func TestCorruptEvery(t *testing.T) {
	p := MakePayload(t, Spec{Size: 100_003, Seed: 10})
	good, err := os.ReadFile(p.Path(&p.Info.Files[0]))
	if err != nil {
		t.Fatal(err)
	}
	bad, err := os.ReadFile(p.CorruptEvery(t, 4<<10).Path(&p.Info.Files[0]))
	if err != nil || len(bad) != len(good) {
		t.Fatalf("%d bytes, error %v", len(bad), err)
	}
	for i := range good {
		if (good[i] != bad[i]) != (i%(4<<10) == 0) {
			t.Fatalf("byte %d is %#x, of %#x", i, bad[i], good[i])
		}
	}
}

func TestPayloadRange(t *testing.T) {
	p := MakePayload(t, Spec{Size: 1000, Seed: 9})
	f := &p.Info.Files[0]
	b, err := os.ReadFile(p.Path(f))
	if err != nil {
		t.Fatal(err)
	}
	q := MakePayload(t, Spec{Size: 100, Seed: 9})
	if err := os.WriteFile(q.Path(&q.Info.Files[0]), b[300:400], 0o600); err != nil {
		t.Fatal(err)
	}
	if p.SHA256(f, 300, 100) != q.SHA256(&q.Info.Files[0], 0, -1) {
		t.Error("a range has another digest than its bytes")
	}
}
