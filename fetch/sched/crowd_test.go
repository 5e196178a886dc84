package sched

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// crowdModel is a reader that waits for piece 8, one peer that has everything, and
// others that fetch as we do: the first k of them have piece 20+k.
func crowdModel(t *testing.T, others int) (*model, *Link) {
	m := newModel(t, testInfo(t, 256<<10, 64<<20))
	m.c.ShuffleKey = 7
	full := m.join(100*ms, mb)
	for k := range others {
		p := m.join(100*ms, mb)
		m.c.Event(m.now, p.l, peer.Event{Kind: peer.HasField, Field: metainfo.NewBitfield(m.c.Info.NumPieces())})
		for i := range k {
			m.c.Event(m.now, p.l, peer.Event{Kind: peer.Has, Block: metainfo.Block{Piece: uint32(20 + i)}})
		}
	}
	w := m.c.Open(m.now, 7*256<<10, 64<<20)
	m.c.Have.Set(7)
	m.c.Ready(m.now, w)
	m.c.Move(m.now, w, 8*256<<10)
	m.c.Stall(m.now, w)
	m.c.FillAll(m.now)
	return m, full.l
}

func TestInACrowdTheRarestComesFirst(t *testing.T) {
	m, full := crowdModel(t, 6)
	last := 0
	for _, w := range m.c.wants {
		if w.holders > 0 && w.holders < last {
			t.Fatalf("piece %d with %d holders comes behind one with %d", w.piece, w.holders-1, last-1)
		}
		last = w.holders
	}
	urgent, rare := 0, 0
	for _, r := range full.queue {
		switch {
		case r.Flight.Piece == 8:
			urgent++
		case m.c.available(r.Flight.Piece) == 1 && int64(r.Flight.Piece-8)*m.c.Info.PieceLength >= farAhead:
			rare++
		}
	}
	if urgent == 0 || rare == 0 {
		t.Errorf("of the full peer %d blocks of what a reader waits for and %d of a rare piece were asked", urgent, rare)
	}
}

func TestWithoutACrowdTheOrderIsTheReaders(t *testing.T) {
	m, full := crowdModel(t, crowdsize-1)
	for i := 1; i < len(m.c.wants); i++ {
		if m.c.wants[i].piece < m.c.wants[i-1].piece {
			t.Fatalf("piece %d is wanted behind %d", m.c.wants[i].piece, m.c.wants[i-1].piece)
		}
	}
	if p := full.queue[0].Flight.Piece; p != 8 {
		t.Errorf("piece %d was asked for first", p)
	}
}

// TestOrdersAreIndependent: a piece's successor in one order is not its successor in
// another, as it would be if they were one order turned round.
func TestOrdersAreIndependent(t *testing.T) {
	const pieces = 256
	successors := func(key uint64) map[int]int {
		c := &Core{ShuffleKey: key}
		order := make([]int, pieces)
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(c.tieBreak(a), c.tieBreak(b)) })
		next := make(map[int]int)
		for i, p := range order {
			next[p] = order[(i+1)%pieces]
		}
		return next
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		a, b := successors(r.Uint64()), successors(r.Uint64())
		same := 0
		for p, n := range a {
			if b[p] == n {
				same++
			}
		}
		if same > 10 { // one on average, by Poisson; 10 once in ten million
			t.Errorf("%d of %d successors are the same", same, pieces)
		}
	}
}

// TestACrowdIsNoticed: it is one as soon as those that come say that they lack pieces,
// and none any more when they left or have everything.
func TestACrowdIsNoticed(t *testing.T) {
	m := newModel(t, testInfo(t, 256<<10, 64<<20))
	m.join(100*ms, mb)
	m.c.Open(m.now, 0, 64<<20)
	m.c.FillAll(m.now)
	for i := range crowdsize {
		p := m.join(100*ms, mb)
		m.c.Event(m.now, p.l, peer.Event{Kind: peer.HasNone})
		m.c.FillAll(m.now)
		if want := i+1 == crowdsize; m.c.inCrowd != want {
			t.Errorf("with %d that lack pieces it is a crowd: %v", i+1, m.c.inCrowd)
		}
	}
	m.c.Leave(m.now, m.c.Links[1])
	m.c.FillAll(m.now)
	if m.c.inCrowd {
		t.Error("it is one still when one of them left")
	}
	m.c.Event(m.now, m.c.Join(100*ms, 500, nil), peer.Event{Kind: peer.HasNone})
	m.c.FillAll(m.now)
	if !m.c.inCrowd {
		t.Error("it is none with one more")
	}
	m.c.Event(m.now, m.c.Links[1], peer.Event{Kind: peer.HasAll})
	m.c.FillAll(m.now)
	if m.c.inCrowd {
		t.Error("it is one still when one of them has everything")
	}
}

// Peers that have not said yet what they have are no crowd: they may all be seeds. A reader that
// can be patient waits for its first pieces in vain else.
func TestSilentPeersAreNoCrowd(t *testing.T) {
	m := newModel(t, testInfo(t, 256<<10, 64<<20))
	w := m.c.Open(m.now, 0, 64<<20)
	w.Bulk = true
	for range 2 * crowdsize {
		m.c.Join(100*ms, 500, nil)
	}
	for _, l := range m.c.Links {
		m.c.FillAll(m.now)
		if m.c.inCrowd {
			t.Fatal("it is a crowd")
		}
		m.c.Event(m.now, l, peer.Event{Kind: peer.HasAll})
	}
	m.c.Have.Set(0)
	m.c.Move(m.now, w, 256<<10)
	m.c.Stall(m.now, w)
	if len(m.c.Stalled) == 0 {
		t.Error("its second piece is not urgent")
	}
}

func TestEachInACrowdHasAnOrderOfItsOwn(t *testing.T) {
	a, _ := crowdModel(t, 6)
	b, _ := crowdModel(t, 6)
	b.c.ShuffleKey = 1 << 40
	b.c.planned = false
	b.c.FillAll(b.now + time.Second)
	same := 0
	for i := range a.c.wants {
		if i < len(b.c.wants) && a.c.wants[i].piece == b.c.wants[i].piece {
			same++
		}
	}
	if n := len(a.c.wants); same > n/2 {
		t.Errorf("%d of %d places are the same", same, n)
	}
}
