package peer

import (
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/wire"
)

// dontHave is the id under which fakes take lt_donthave.
const dontHave = 9

// A sight is what a peer knows of our pieces.
type sight struct {
	*fake
	n      int // pieces of the torrent
	pieces metainfo.Bitfield
}

// look reads for d what the peer is told of our pieces, and returns how many it knows of.
func (v *sight) look(d time.Duration) int {
	v.t.Helper()
	n := v.n
	all, err := v.quiet(d)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, m := range all {
		switch m.id {
		case wire.HaveAll:
			v.pieces.SetAll(n)
		case wire.Have:
			v.pieces.Set(int(wire.ParseIndex(m.payload)))
		case wire.Extended:
			if id, body := wire.ParseExtended(m.payload); id == dontHave {
				p, err := wire.ParseDontHave(body)
				if err != nil || !v.pieces.Has(int(p)) {
					v.t.Errorf("told that we lost %d, which it did not know of: %v", p, err)
				}
				v.pieces.Clear(int(p))
			}
		}
	}
	return v.pieces.Count(n)
}

func (v *sight) has(pieces ...int) {
	v.t.Helper()
	for _, p := range pieces {
		v.write(wire.AppendIndex(nil, wire.Have, uint32(p)))
	}
}

// crowdOf has n peers connect to a publisher of ten pieces, one a second; understanding has
// them understand that a piece is taken back.
func crowdOf(w *world, tor *metainfo.Torrent, n int, understanding bool) (crowd []*sight) {
	w.t.Helper()
	for range n {
		crowd = append(crowd, w.join(tor, len(crowd)+1, understanding))
		time.Sleep(time.Second)
	}
	return crowd
}

func (w *world) join(tor *metainfo.Torrent, id int, understanding bool) *sight {
	w.t.Helper()
	v := &sight{fake: w.call(tor).named(id), n: tor.Info.NumPieces(), pieces: metainfo.NewBitfield(tor.Info.NumPieces())}
	var rest []byte
	if understanding {
		rest = wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{DontHave: dontHave})
	}
	v.greet(rest...)
	return v
}

func inCrowdWorld(t *testing.T, run func(w *world, s *Swarm, tor *metainfo.Torrent)) {
	t.Helper()
	tor, data := content(t, 10*64<<10, 64<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		s.SuperSeedCrowds()
		run(w, s, tor)
	})
}

// TestSuperSeedCrowds: who comes to a publisher alone is told of everything; of a crowd each is
// told of one piece, and those too that came a moment before. When they have everything
// together all are told, and when nobody has it any more the next crowd is shown pieces again.
func TestSuperSeedCrowds(t *testing.T) {
	inCrowdWorld(t, func(w *world, s *Swarm, tor *metainfo.Torrent) {
		crowd := crowdOf(w, tor, superCrowd-1, true)
		for i, v := range crowd {
			if got := v.look(100 * time.Millisecond); got != 10 {
				t.Fatalf("peer %d knows of %d pieces before there is a crowd", i, got)
			}
		}
		if s.Stats().SuperSeeding {
			t.Error("super-seeds without a crowd")
		}
		crowd = append(crowd, w.join(tor, superCrowd, true))
		told := map[int]bool{}
		for i, v := range crowd {
			if got := v.look(100 * time.Millisecond); got != 1 {
				t.Fatalf("peer %d of the crowd knows of %d pieces", i, got)
			}
			told[v.piece()] = true
		}
		if len(told) != len(crowd) || !s.Stats().SuperSeeding {
			t.Errorf("pieces %v are shown to %d peers; super-seeding %v", told, len(crowd), s.Stats().SuperSeeding)
		}
		for p := range 10 {
			crowd[p%len(crowd)].has(p)
		}
		for i, v := range crowd {
			if got := v.look(time.Second); got < 8 { // it needs not hear of what it has
				t.Errorf("peer %d knows of %d pieces with the first copy out", i, got)
			}
			v.nc.Close()
		}
		if s.Stats().SuperSeeding {
			t.Error("it goes on with the first copy out")
		}
		time.Sleep(time.Second)
		crowd = crowdOf(w, tor, superCrowd, true)
		if got := crowd[superCrowd-1].look(time.Second); got != 1 || !s.Stats().SuperSeeding {
			t.Errorf("a second crowd: the last peer knows of %d pieces", got)
		}
	})
}

func (v *sight) piece() int {
	for p := range v.n {
		if v.pieces.Has(p) {
			return p
		}
	}
	return -1
}

// TestCrowdGoes: with half a crowd left, those that remain are told of everything.
func TestCrowdGoes(t *testing.T) {
	inCrowdWorld(t, func(w *world, s *Swarm, tor *metainfo.Torrent) {
		crowd := crowdOf(w, tor, superCrowd, false)
		last := crowd[superCrowd-1]
		last.write(wire.AppendSimple(nil, wire.Interested))
		if got := last.look(time.Second); got != 1 {
			t.Fatalf("the last of a crowd knows of %d pieces", got)
		}
		for i := range superCrowd/2 + 1 {
			if got := crowd[i].look(time.Millisecond); got != 10 {
				t.Errorf("peer %d, which takes no word back, knows of %d pieces", i, got)
			}
			crowd[i].nc.Close()
		}
		if got := last.look(superLook + time.Second); got != 10 || s.Stats().SuperSeeding {
			t.Errorf("it knows of %d pieces after the crowd", got)
		}
	})
}

// TestWhoWantsPartsIsTold: a peer of a crowd that does not want what it is told of is told of
// everything, and is not taken for one of the crowd again. One that waits for its slot, or for
// what it asked for, is not.
func TestWhoWantsPartsIsTold(t *testing.T) {
	inCrowdWorld(t, func(w *world, s *Swarm, tor *metainfo.Torrent) {
		crowd := crowdOf(w, tor, superCrowd-1, false)
		cold, idle, busy := w.join(tor, 21, true), w.join(tor, 22, true), w.join(tor, 23, true)
		for _, v := range []*sight{idle, busy} {
			v.write(wire.AppendSimple(nil, wire.Interested))
		}
		for i, v := range []*sight{cold, idle, busy} {
			if got := v.look(100 * time.Millisecond); got != 1 {
				t.Fatalf("peer %d of the crowd knows of %d pieces", i, got)
			}
		}
		busy.write(request(tor.Info.Block(busy.piece(), 0)))
		busy.has(busy.piece())
		if got := idle.look(superUnused + superLook); got != 10 {
			t.Errorf("who is unchoked and asks for nothing knows of %d pieces", got)
		}
		if got := cold.look(superInterest - superUnused - superLook); got != 1 {
			t.Errorf("who has not said what it wants knows of %d pieces too early", got)
		}
		if got := cold.look(2 * superLook); got != 10 {
			t.Errorf("who is not interested knows of %d pieces", got)
		}
		if got := busy.look(superInterest); got != 1 {
			t.Errorf("who has its piece, which nobody else has, knows of %d pieces", got)
		}
		late := w.join(tor, 24, true)
		if got := late.look(100 * time.Millisecond); got != 1 {
			t.Errorf("a late peer knows of %d pieces", got)
		}
		for i, v := range []*sight{cold, idle} {
			if got := v.look(time.Millisecond); got != 10 {
				t.Errorf("peer %d, which wants parts, knows of %d pieces since another came", i, got)
			}
		}
		if len(crowd) >= choke.DefaultSlots {
			t.Error("there is a slot for each of these")
		}
	})
}

// TestCrowdKeepsWhatItAskedFor: what a peer had asked for when it came to be one of a crowd is
// sent to it.
func TestCrowdKeepsWhatItAskedFor(t *testing.T) {
	tor, data := content(t, 10*512<<10, 512<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{UploadRate: 32 << 10}, func(w *world) {
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		s.SuperSeedCrowds()
		first := w.join(tor, 1, true)
		first.write(wire.AppendSimple(nil, wire.Interested))
		first.expect(wire.Unchoke)
		asked := tor.Info.NumBlocks(7)
		for i := range asked {
			first.write(request(tor.Info.Block(7, i)))
		}
		time.Sleep(time.Second)
		crowdOf(w, tor, superCrowd-1, false)
		all, err := first.quiet(20 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		sent, lost := 0, []uint32{}
		for _, m := range all {
			switch m.id {
			case wire.Piece:
				sent++
			case wire.Reject:
				t.Errorf("%+v is refused", wire.ParseBlock(m.payload))
			case wire.Extended:
				if id, body := wire.ParseExtended(m.payload); id == dontHave {
					p, _ := wire.ParseDontHave(body)
					lost = append(lost, p)
				}
			}
		}
		if sent != asked || len(lost) != 9 || slices.Contains(lost, 7) {
			t.Errorf("%d blocks of %d came; pieces %v were taken back", sent, asked, lost)
		}
	})
}
