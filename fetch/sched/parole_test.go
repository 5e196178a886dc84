package sched

import (
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// TestFailedCopiesAreCounted: what is kept to find a liar counts as memory, is not kept
// where there is none, and is given back.
func TestFailedCopiesAreCounted(t *testing.T) {
	for _, room := range []int{1, 2, 3} {
		m, f, _ := opinions(t)
		m.c.Drop(f)
		mem := &tight{modelMemory: modelMemory{m.pool}, budget: room * f.Size}
		m.c.memory = mem
		f = m.c.begin(0, 3)
		for copies := range 3 {
			for n := range f.Blocks {
				l := m.c.Links[(copies+n)%len(m.c.Links)]
				m.c.request(0, l, f, n)
				f.Place(n)[0] = byte(l.id)
				m.c.Arrived(0, l, f, n, nil)
			}
			m.c.failed(0, f)
		}
		if len(f.Failed) != min(room-1, 2) || mem.used != (1+len(f.Failed))*f.Size {
			t.Errorf("memory for %d pieces: %d copies are kept, %d bytes counted", room, len(f.Failed), mem.used)
		}
		m.c.Drop(f)
		if mem.used != 0 {
			t.Errorf("%d bytes are still counted", mem.used)
		}
	}
}

// TestRidKeepsWhatIsOnItsWay: what a convicted peer sent of a piece that has not failed is
// wanted again, and what others are sending of it at that moment is not void.
func TestRidKeepsWhatIsOnItsWay(t *testing.T) {
	m := newModel(t, testInfo(t, 2*metainfo.BlockLen, 64<<20))
	liar, other := m.join(50*ms, 100_000).l, m.join(50*ms, 100_000).l
	f := m.c.begin(0, 3)
	m.c.request(0, liar, f, 0)
	m.c.Arrived(0, liar, f, 0, nil)
	m.c.request(0, other, f, 1)
	f.Blocks[1].Placing = other
	m.c.convict(0, liar, "")
	if f.Blocks[0].State != blockFree || f.left != 2 || f.free != 1 {
		t.Errorf("%+v, %d blocks left, %d free", f.Blocks[0], f.left, f.free)
	}
	if i := other.Find(f, 1); i < 0 || other.queue[i].Copy != f.Copies {
		t.Error("a block that is on its way will be void, and is still waited for")
	}
	m.c.Drop(f)
}
