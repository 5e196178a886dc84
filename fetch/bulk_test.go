package fetch

import (
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// TestPatientReader: in a crowd, what reads a file that is of use when all of it is
// there wants the rarest piece first, from where it is, and what it waits for is not
// urgent before bulkPatience.
func TestPatientReader(t *testing.T) {
	m := newModel(t, testInfo(t, 256<<10, 64<<20))
	m.c.salt = 7
	m.join(100*ms, mb)
	for range crowdsize {
		p := m.join(100*ms, mb)
		m.c.event(m.now, p.l, peer.Event{Kind: peer.HasField, Field: metainfo.NewBitfield(m.c.info.NumPieces())})
		m.c.event(m.now, p.l, peer.Event{Kind: peer.Has, Block: metainfo.Block{Piece: 1}})
	}
	w := m.c.open(m.now, 0, 64<<20)
	w.bulk = true
	m.c.fillAll(m.now)
	if len(m.c.stalled) != 1 || m.c.wants[0].piece != 0 {
		t.Fatalf("the first piece is not urgent")
	}
	m.c.have.Set(0)
	m.c.move(m.now, w, 256<<10)
	m.c.stall(m.now, w)
	m.c.fillAll(m.now)
	if len(m.c.stalled) > 0 || !w.waiting {
		t.Fatal("a piece is urgent though its reader is patient")
	}
	if last := m.c.wants[len(m.c.wants)-1]; last.piece != 1 {
		t.Errorf("the commonest piece is not the last wanted, but %d with %d holders", last.piece, last.holders)
	}
	due := m.now + bulkPatience
	if at, ok := m.c.next(m.now); !ok || at > due {
		t.Errorf("looks again at %v, the patience is over at %v", at, due)
	}
	m.now = due - time.Millisecond
	m.c.tick(m.now)
	if len(m.c.stalled) > 0 {
		t.Error("urgent too soon")
	}
	m.now = due
	m.c.tick(m.now)
	if len(m.c.stalled) != 1 || m.c.flights[1] == nil || !m.c.flights[1].urgent {
		t.Error("not urgent after a while")
	}
	m.c.move(m.now, w, 2*256<<10)
	if len(m.c.stalled) > 0 || w.waiting || w.patient {
		t.Error("it still waits")
	}
}

func TestPlayed(t *testing.T) {
	single := func(name string) (*metainfo.Info, *metainfo.File) {
		return &metainfo.Info{Name: name}, &metainfo.File{}
	}
	for name, want := range map[string]bool{"a.mkv": true, "B.MP3": true, "a.iso": false, "mkv": false, "": false} {
		if got := played(single(name)); got != want {
			t.Errorf("%q is played: %v", name, got)
		}
	}
	if !played(&metainfo.Info{Name: "dir"}, &metainfo.File{Path: []string{"x", "a.ogg"}}) {
		t.Error("a file in a folder is not played")
	}
}
