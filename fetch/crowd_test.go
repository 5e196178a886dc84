package fetch

import (
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// crowdModel is a reader that waits for piece 8, one peer that has everything, and
// others that fetch as we do: the first k of them have piece 20+k.
func crowdModel(t *testing.T, others int) (*model, *link) {
	m := newModel(t, testInfo(t, 256<<10, 64<<20))
	m.c.salt = 7
	full := m.join(100*ms, mb)
	for k := range others {
		p := m.join(100*ms, mb)
		m.c.event(m.now, p.l, peer.Event{Kind: peer.HasField, Field: metainfo.NewBitfield(m.c.info.NumPieces())})
		for i := range k {
			m.c.event(m.now, p.l, peer.Event{Kind: peer.Has, Block: metainfo.Block{Piece: uint32(20 + i)}})
		}
	}
	w := m.c.open(m.now, 7*256<<10, 64<<20)
	m.c.have.Set(7)
	m.c.ready(m.now, w)
	m.c.move(m.now, w, 8*256<<10)
	m.c.stall(m.now, w)
	m.c.fillAll(m.now)
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
		case r.f.piece == 8:
			urgent++
		case m.c.available(r.f.piece) == 1 && int64(r.f.piece-8)*m.c.info.PieceLength >= farAhead:
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
	if p := full.queue[0].f.piece; p != 8 {
		t.Errorf("piece %d was asked for first", p)
	}
}

func TestEachInACrowdHasAnOrderOfItsOwn(t *testing.T) {
	a, _ := crowdModel(t, 6)
	b, _ := crowdModel(t, 6)
	b.c.salt = 1 << 40
	b.c.planned = false
	b.c.fillAll(b.now + time.Second)
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
