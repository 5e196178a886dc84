package sched

import (
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// patientModel is a reader of all of a file that is of use when all of it is there, in
// a crowd: one peer has everything, the others piece 1. It has had the first piece, and
// waits for that one.
func patientModel(t *testing.T) (m *model, w *Window, full, other *Link) {
	m = newModel(t, testInfo(t, 256<<10, 64<<20))
	m.c.ShuffleKey = 7
	w = m.c.Open(m.now, 0, 64<<20)
	w.Bulk = true
	m.c.FillAll(m.now)
	full = m.join(100*ms, mb).l
	for range crowdsize {
		other = m.join(100*ms, mb).l
		m.c.Event(m.now, other, peer.Event{Kind: peer.HasField, Field: metainfo.NewBitfield(m.c.Info.NumPieces())})
		m.c.Event(m.now, other, peer.Event{Kind: peer.Has, Block: metainfo.Block{Piece: 1}})
	}
	m.c.FillAll(m.now)
	if len(m.c.Stalled) != 1 || m.c.want(0).piece != 0 {
		t.Fatalf("the first piece is not urgent")
	}
	m.c.Have.Set(0)
	m.c.Move(m.now, w, 256<<10)
	m.c.Stall(m.now, w)
	m.c.FillAll(m.now)
	return m, w, full, other
}

// TestPatientReader: in a crowd, what reads a file that is of use when all of it is
// there wants the rarest piece first, of all that there are, and what it waits for is
// not urgent before its patience is over.
func TestPatientReader(t *testing.T) {
	m, w, _, _ := patientModel(t)
	if len(m.c.Stalled) > 0 || !w.Waiting {
		t.Fatal("a piece is urgent though its reader is patient")
	}
	if n := len(m.c.wants); n < m.c.Info.NumPieces()-1 {
		t.Errorf("%d pieces are wanted", n)
	}
	if last := m.c.want(len(m.c.wants) - 1); last.piece != 1 {
		t.Errorf("the commonest piece is not the last wanted, but %d with %d holders", last.piece, last.holders)
	}
	due := m.now + m.c.patience(w)
	if due < m.now+patience || due >= m.now+2*patience {
		t.Errorf("it is patient for %v", due-m.now)
	}
	if next := m.c.nextOfAll(m.now); !next.any || next.at > due {
		t.Errorf("looks again at %v, the patience is over at %v", next.at, due)
	}
	m.now = due - time.Millisecond
	m.c.Tick(m.now)
	if len(m.c.Stalled) > 0 {
		t.Error("urgent too soon")
	}
	m.now = due
	m.c.Tick(m.now)
	if len(m.c.Stalled) != 1 || m.c.Flights[1] == nil || !m.c.Flights[1].urgent {
		t.Error("not urgent after a while")
	}
	m.c.Move(m.now, w, 2*256<<10)
	if len(m.c.Stalled) > 0 || w.Waiting || w.patient {
		t.Error("it still waits")
	}
}

// TestSeedsAreSpared: who lost its patience has the piece from those that fetch it too,
// if one of them has it, and else from a seed.
func TestSeedsAreSpared(t *testing.T) {
	for _, elsewhere := range []bool{true, false} {
		m, w, full, other := patientModel(t)
		for _, l := range m.c.Links {
			m.c.release(l, nil)
			l.Choked = l != full && (l != other || !elsewhere)
		}
		m.now += m.c.patience(w)
		m.c.Tick(m.now)
		asked := map[*Link]bool{}
		for _, l := range m.c.Links {
			for _, r := range l.queue {
				if r.Flight.Piece == 1 {
					asked[l] = true
				}
			}
		}
		if asked[full] == elsewhere || asked[other] != elsewhere {
			t.Errorf("another has it and lets us: %v; the seed is asked: %v, that one: %v", elsewhere, asked[full], asked[other])
		}
	}
}

// TestBulkReach: what is wanted ahead of a patient reader is bounded by what there is
// room for, and what of it is beyond the memory does not stay there.
func TestBulkReach(t *testing.T) {
	const piece = 1 << 20
	c := New(testInfo(t, piece, 2<<30), metainfo.NewBitfield(2<<10), 16<<20, nil)
	c.inCrowd = true
	for _, x := range []struct {
		disk    int64
		sharers int
		want    int64
	}{
		{0, 1, 16 << 20}, {0, 4, 4 << 20}, {1 << 30, 1, 256 << 20}, {1 << 30, 4, 64 << 20}, {1 << 40, 1, bulkWindow},
	} {
		c.Disk, c.Sharers = x.disk, x.sharers
		w := &Window{end: 2 << 30, Bulk: true}
		c.Windows = []*Window{w}
		if got := c.reach(w); got != x.want {
			t.Errorf("disk %d, %d readers: %d bytes ahead", x.disk, x.sharers, got)
		}
		w.planned = c.reach(w)
		share := int(c.share() / piece)
		if !c.Pins(share-1) || c.Pins(share) {
			t.Errorf("disk %d, %d readers: memory keeps %v of its share, and %v more", x.disk, x.sharers, c.Pins(share-1), c.Pins(share))
		}
	}
	small := New(testInfo(t, 16<<10, 64<<20), metainfo.NewBitfield(4<<10), 1<<30, nil)
	small.inCrowd = true
	if got := small.reach(&Window{end: 64 << 20, Bulk: true}); got != maxFar*16<<10 {
		t.Errorf("%d bytes ahead, more than are put in order", got)
	}
}

// TestLeisure: a slow peer is asked for more than it needs to be kept busy where all
// readers fetch whole files in a crowd, and where one may seek it is not.
func TestLeisure(t *testing.T) {
	for _, x := range []struct {
		crowd, bulk bool
		late, want  int
	}{
		{true, true, 0, socketBlocks}, {false, true, 0, minDepth}, {true, false, 0, minDepth}, {true, true, 1, minDepth},
	} {
		c := New(testInfo(t, 256<<10, 64<<20), metainfo.NewBitfield(256), 16<<20, nil)
		c.inCrowd, c.Windows = x.crowd, []*Window{{Bulk: true}, {Bulk: x.bulk}}
		if got := c.leisure(&Link{Reqq: 500, arrival: arrival{late: x.late}}, minDepth); got != x.want {
			t.Errorf("%+v: %d blocks", x, got)
		}
	}
}
