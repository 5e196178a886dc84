package sched

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// kin connects a gateway of our fleet that has some pieces.
func (m *model) kin(rtt time.Duration, rate float64, has metainfo.Bitfield) *modelPeer {
	p := m.join(rtt, rate)
	m.c.Event(m.now, p.l, peer.Event{Kind: peer.Proved})
	m.c.Event(m.now, p.l, peer.Event{Kind: peer.HasField, Field: slices.Clone(has)})
	m.settle()
	return p
}

func someOf(r *rand.Rand, pieces int) metainfo.Bitfield {
	has := metainfo.NewBitfield(pieces)
	for i := range pieces {
		if r.IntN(3) > 0 {
			has.Set(i)
		}
	}
	return has
}

// What siblings have is asked of nobody outside, however far they are, and all else is.
func TestSiblingsSendWhatTheyHave(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 13))
		info := testInfo(t, int64(metainfo.BlockLen)<<r.IntN(6), 4<<20)
		m := newModel(t, info)
		var kin []*Link
		held := make([]metainfo.Bitfield, 1+r.IntN(3))
		for i := range held {
			held[i] = someOf(r, info.NumPieces())
			kin = append(kin, m.kin(time.Duration(1+r.IntN(60))*ms, float64(2000+r.IntN(50000))*1000, held[i]).l)
		}
		for range 1 + r.IntN(4) {
			m.join(time.Duration(1+r.IntN(150))*ms, float64(100+r.IntN(20000))*1000)
		}
		m.trace = func(e Effect) {
			b := e.Command.Block
			inside := slices.ContainsFunc(held, func(has metainfo.Bitfield) bool { return has.Has(int(b.Piece)) })
			if e.Command.Op == peer.Request && inside && !slices.Contains(kin, e.Link) && !slices.ContainsFunc(kin, func(l *Link) bool { return l.late > 0 }) {
				t.Errorf("seed %d: at %v a peer outside is asked for %+v, which a sibling has", seed, m.now, b)
			}
		}
		done := m.read(0, info.Span(), 0)
		m.settle()
		m.run(time.Hour, done)
		if t.Failed() {
			return
		}
	}
}

// Siblings leave, choke, fall silent, lose pieces, are slow or lie, and a reader has all the same what
// peers outside have.
func TestSiblingsHoldNobodyUp(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 14))
		info := testInfo(t, int64(metainfo.BlockLen)<<r.IntN(7), 4<<20)
		m := newModel(t, info)
		for range 1 + r.IntN(3) {
			p := m.kin(time.Duration(1+r.IntN(60))*ms, float64(10+r.IntN(5000))*1000, someOf(r, info.NumPieces()))
			at := time.Duration(r.IntN(2000)) * ms
			switch r.IntN(6) {
			case 0:
				m.at(at, func() { m.c.Leave(m.now, p.l); m.settle() })
			case 1:
				m.at(at, func() { m.c.Event(m.now, p.l, peer.Event{Kind: peer.Choked}); m.settle() })
			case 2:
				p.mute = at + 1
			case 3:
				m.at(at, func() { m.c.Event(m.now, p.l, peer.Event{Kind: peer.HasNone}); m.settle() })
			case 4:
				p.liar = true
			}
		}
		for range 2 + r.IntN(4) {
			m.join(time.Duration(1+r.IntN(150))*ms, float64(500+r.IntN(4000))*1000)
		}
		done := m.read(0, info.Span(), float64(r.IntN(2))*500_000)
		m.settle()
		m.run(5*time.Minute, done)
	}
}

// A sibling that is late, or takes too long for a piece, is one of many.
func TestALateSiblingIsOneOfMany(t *testing.T) {
	m := newModel(t, testInfo(t, 64*metainfo.BlockLen, 64<<20))
	all := metainfo.NewBitfield(m.c.Info.NumPieces())
	all.SetAll(m.c.Info.NumPieces())
	out := m.join(50*ms, 1e6).l
	s := m.kin(ms, 1e6, all).l
	for _, tt := range []struct {
		name string
		set  func()
		asks bool
	}{
		{"it keeps its time", func() {}, false},
		{"it is late", func() { s.late = 1 }, true},
		{"it is back", func() { s.late = 0 }, false},
		{"a piece takes it 10 s", func() { s.Rate = 1e5; s.change() }, true},
		{"a piece takes it a second", func() { s.Rate = 1e6; s.change() }, false},
		{"it rejected the piece", func() { s.rests = []rest{{piece: 3, until: time.Minute}} }, true},
		{"it takes requests again", func() { s.rests = nil }, false},
		{"the piece failed its hash", func() { m.c.begin(0, 3).parole = out }, true},
	} {
		if tt.set(); m.c.asks(0, out, 3) != tt.asks {
			t.Errorf("%s: a peer outside is asked: %v", tt.name, !tt.asks)
		}
		if !tt.asks && !m.c.asks(0, s, 3) {
			t.Errorf("%s: nobody is asked", tt.name)
		}
	}
}
