package sched

import (
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// measured is a peer of which it is known that it gives rate bytes/s.
func (m *model) measured(rate float64) *Link {
	l := m.join(50*ms, rate).l
	l.Rate, l.meter.rate = rate, rate
	return l
}

// awaits has the first reader wait for piece 0, of which l is asked for n blocks.
func (m *model) awaits(l *Link, n int) *Flight {
	m.c.Open(0, 0, int64(m.c.Info.PieceLength))
	f := m.c.begin(0, 0)
	m.c.urge(0, m.c.Windows[0])
	m.c.ask(0, l, f, n)
	return f
}

// A peer that turned out slower than it was believed to be when it was asked, though not
// silent, nor slower than others by much: who helps has a queue full of what is ahead of
// readers, and makes way.
func TestAPeerThatBecameSlowIsHelpedWith(t *testing.T) {
	for _, at := range []struct {
		now  time.Duration
		rate float64 // of the one that was asked; the other has 1 MB/s
		want int
	}{
		{MinLateness, 500_000, 6}, {MinLateness, 700_000, 4}, {MinLateness, 950_000, 2}, // as many as come sooner
		{100 * ms, 500_000, 5}, {100 * ms, 700_000, 3}, {100 * ms, 950_000, 1}, // and the earlier it is, by the more
		{60 * ms, 500_000, 4}, {60 * ms, 700_000, 2}, {60 * ms, 950_000, 0},
	} {
		m := newModel(t, testInfo(t, 32*metainfo.BlockLen, 64<<20))
		slow, other := m.measured(at.rate), m.measured(1_000_000)
		far := m.c.begin(0, 3)
		m.c.ask(0, other, far, 32)
		f := m.awaits(slow, 32)
		other.queue, other.arrived = other.queue[:30], at.now
		slow.queue, slow.arrived = slow.queue[20:], at.now // it goes on sending
		for n := range 20 {
			f.Blocks[n].State = BlockDone
		}
		m.c.repair(at.now)
		asked := 0
		for _, r := range other.queue {
			if r.Flight == f {
				asked++
			}
		}
		if asked != at.want {
			t.Errorf("after %v, of one that gives %.0f kB/s %d blocks were asked of another, want %d", at.now, at.rate/1e3, asked, at.want)
		}
		if kept := len(other.queue) - asked; asked > 0 && kept > 8 {
			t.Errorf("behind %d blocks that nobody waits for", kept)
		}
	}
}

// Of two that were asked one is silent, and the other is to send at any moment: who has
// nothing to do takes the place of the silent one, as soon as that might be too late.
func TestASilentPeersPlaceIsTaken(t *testing.T) {
	for _, at := range []struct {
		silent, busy bool
		want         bool
	}{{true, false, true}, {false, false, false}, {true, true, false}} {
		m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
		first, second, third := m.measured(1_000_000), m.measured(1_000_000), m.measured(1_000_000)
		f := m.awaits(first, 1)
		for n := 1; n < 4; n++ {
			f.Blocks[n].State = BlockDone
		}
		f.free = 0
		m.c.request(100*ms, second, f, 0)
		if !at.silent {
			first.arrived = MinLateness
		}
		if at.busy {
			other := m.c.begin(0, 3)
			other.urgent = true
			m.c.ask(MinLateness, third, other, 1)
		}
		m.c.repair(MinLateness)
		if got := third.Find(f, 0) >= 0; got != at.want {
			t.Errorf("%+v: the third was asked: %v", at, got)
		}
		if got := first.Find(f, 0) < 0; got != at.want || second.Find(f, 0) < 0 {
			t.Errorf("%+v: it took the place of the first: %v, of the second: %v", at, got, second.Find(f, 0) < 0)
		}
	}
}

// Where a reader that is helped has less of it than the other readers that wait pay for it, it is not.
// A reader of a piece that failed its hash is not helped either, for package blame decides which peer
// sends that piece, unless the peer is late: one that stops within a block would hold up the reader
// until it is dropped.
func TestWhoIsNotHelped(t *testing.T) {
	for _, at := range []struct {
		readers, failed, late int
		want                  bool
	}{{1, 0, 0, true}, {2, 0, 0, true}, {3, 0, 0, false}, {1, 1, 0, false}, {1, 1, 1, true}} {
		m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
		silent, other := m.measured(1_000_000), m.measured(1_000_000)
		f := m.awaits(silent, 4)
		for i := 1; i < at.readers; i++ {
			m.c.Open(0, int64(i)*int64(m.c.Info.PieceLength), 64<<20)
		}
		if at.failed > 0 {
			m.fail(f, other)
		}
		silent.late = at.late
		m.c.repair(longWait)
		if got := other.Find(f, 0) >= 0; got != at.want {
			t.Errorf("%+v: helped: %v", at, got)
		}
	}
}

// A peer of which nothing has come yet is silent like any other, and nothing is expected
// of it: whoever is known helps a reader that has waited, however much else is asked of
// the silent one.
func TestAStrangerThatSendsNothingIsHelped(t *testing.T) {
	for _, behind := range []int{0, 3} {
		m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
		c := m.c
		stranger, other := m.join(50*ms, 1_000_000).l, m.join(50*ms, 1_000_000).l
		other.Rate = 1_000_000
		c.Open(0, 0, int64(c.Info.PieceLength))
		f := c.begin(0, 0)
		c.urge(0, c.Windows[0])
		c.ask(0, stranger, f, 1)
		for n := 1; n < 4; n++ {
			f.Blocks[n].State = BlockDone
		}
		f.free = 0
		c.ask(0, stranger, c.begin(0, 1), behind)
		if stranger.silent(75 * ms) {
			t.Errorf("it is silent before two blocks could have come")
		}
		if !stranger.silent(MinLateness) {
			t.Errorf("it is not silent after %v", MinLateness)
		}
		c.repair(MinLateness)
		if got := len(other.queue); got != 1 {
			t.Errorf("with %d blocks behind it %d blocks were asked of another, want 1", behind, got)
		}
	}
}

// What a peer owes that sends nothing is asked of others beyond the budget, a few blocks at a
// time, and sooner than what is slow.
func TestSilentPeersCostLittle(t *testing.T) {
	m := newModel(t, testInfo(t, 128*metainfo.BlockLen, 64<<20))
	c := m.c
	var links []*Link
	for range 3 {
		l := m.join(50*ms, 1_000_000).l
		l.Rate, l.meter.rate = 5_000_000, 5_000_000
		links = append(links, l)
	}
	c.Open(0, 0, int64(c.Info.PieceLength))
	f := c.begin(0, 0)
	c.urge(0, c.Windows[0])
	c.ask(0, links[0], f, 128)
	c.Stats.Wasted = 2 * freeWaste // the budget is used up
	for _, at := range []struct {
		now  time.Duration
		want int64
	}{{MinLateness - 1, 0}, {MinLateness, socketBlocks}, {MinLateness + longWait - 1, socketBlocks}, {MinLateness + longWait, 3 * socketBlocks}} {
		c.repair(at.now)
		if got := c.Stats.Hedged; got != at.want {
			t.Errorf("after %v %d blocks were asked of others, want %d", at.now, got, at.want)
		}
	}
}

// A block that was asked of two is not asked of a third while the second is not late.
func TestASecondPeerIsGivenItsTime(t *testing.T) {
	m := newModel(t, testInfo(t, 32*metainfo.BlockLen, 64<<20))
	c := m.c
	var links []*Link
	for range 3 {
		l := m.join(50*ms, 1_000_000).l
		l.Rate, l.meter.rate = 5_000_000, 5_000_000
		links = append(links, l)
	}
	c.Open(0, 0, int64(c.Info.PieceLength))
	f := c.begin(0, 0)
	c.urge(0, c.Windows[0])
	c.ask(0, links[0], f, 32)
	c.repair(MinLateness)
	before := slices.Clone(f.Blocks)
	c.repair(MinLateness + ms)
	copies := 0
	for n, b := range f.Blocks {
		if o := before[n].askers; o[1] != nil {
			copies++
			if o != b.askers {
				t.Errorf("block %d was asked of a third at once", n)
			}
		}
	}
	if copies == 0 {
		t.Error("nothing was asked of a second")
	}
}

// Blocks that a reader waits for and that two slow peers were asked for are asked
// of one that brings them much sooner, in place of the slower of the two; beyond the
// budget a few, more the longer the reader has waited.
func TestDrowningBlocksAreRescued(t *testing.T) {
	m := newModel(t, testInfo(t, 32*metainfo.BlockLen, 64<<20))
	c := m.c
	link := func(rate float64) *Link {
		l := m.join(50*ms, rate).l
		l.Rate = rate
		l.meter.rate = rate
		return l
	}
	slower, slow, fast := link(10_000), link(20_000), link(5_000_000)
	c.Open(0, 0, int64(c.Info.PieceLength))
	f := c.begin(0, 0)
	c.urge(0, c.Windows[0])
	for n := range 32 {
		c.request(0, slow, f, n)
		c.request(0, slower, f, n)
	}
	c.dups.since, c.Stats.Wasted = 0, 2*freeWaste // it is used up
	asked := func() (n int) {
		for i := range f.Blocks {
			if fast.Find(f, i) >= 0 {
				n++
				if slower.Find(f, i) >= 0 || slow.Find(f, i) < 0 {
					t.Errorf("block %d is asked of others than the slow and the fast", i)
				}
			}
		}
		return n
	}
	for _, at := range []struct {
		now  time.Duration
		want int
	}{{longWait - 1, 0}, {longWait, socketBlocks}, {2 * longWait, 3 * socketBlocks}, {3*longWait + 1, 7 * socketBlocks}} {
		c.repair(at.now)
		if got := asked(); got != at.want {
			t.Errorf("after %v %d blocks were asked of the fast one, want %d", at.now, got, at.want)
		}
	}
	if got := f.Blocks[31].askers[1]; got != fast {
		t.Error("the last block, which drowns the longest, was left")
	}
}
