package sched

import (
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// TestVersionsAreCounted: what is kept to find a liar counts as memory, each distinct version once, and
// is given back. Where there is no room for it, one peer is asked for the piece at once.
func TestVersionsAreCounted(t *testing.T) {
	const block = metainfo.BlockLen
	for _, tt := range []struct {
		room   int // in blocks, besides the piece's own
		words  [3][2]byte
		keeps  int // blocks, after the last copy
		parole bool
	}{
		{0, [3][2]byte{{1, 2}}, 0, true},
		{2, [3][2]byte{{1, 2}}, 2, false},
		{2, [3][2]byte{{1, 2}, {1, 2}}, 2, false}, // the same again
		{3, [3][2]byte{{1, 2}, {1, 3}}, 3, false}, // one of them is new
		{2, [3][2]byte{{1, 2}, {1, 3}}, 2, true},
		{4, [3][2]byte{{1, 2}, {3, 4}}, 4, false},
		{4, [3][2]byte{{1, 2}, {3, 4}, {5, 6}}, 4, true},
	} {
		m, f, _ := versions(t)
		m.c.Drop(f)
		mem := &tight{modelMemory: modelMemory{m.pool}, budget: 2*block + tt.room*block}
		m.c.memory = mem
		before := m.pool.Outstanding()
		f = m.c.begin(0, 3)
		for copies, words := range tt.words {
			if words == [2]byte{} {
				break
			}
			for n := range f.Blocks {
				if f.Blocks[n].State == BlockDone {
					continue
				}
				l := m.c.Links[(copies+n)%len(m.c.Links)]
				m.c.request(0, l, f, n)
				f.Place(n)[0] = words[n]
				m.c.Arrived(0, l, f, n, nil)
			}
			m.again(f)
		}
		if kept := (mem.used - f.Size) / block; kept != tt.keeps || (f.parole != nil) != tt.parole {
			t.Errorf("%+v: %d blocks are counted, parole %v", tt, kept, f.parole != nil)
		}
		if held := m.pool.Outstanding() - before; held != int64(mem.used) {
			t.Errorf("%+v: %d bytes are held, %d counted", tt, held, mem.used)
		}
		m.c.Drop(f)
		if mem.used != 0 || m.pool.Outstanding() != before {
			t.Errorf("%+v: %d bytes are still counted, %d held", tt, mem.used, m.pool.Outstanding()-before)
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
