package sched

import (
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A peer of which little is known, and which takes longer for a block than it did,
// is expected to go on like that, not to send the block at any moment.
func TestASilentPeerIsNotAboutToSend(t *testing.T) {
	m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
	l := m.join(50*ms, 100_000).l
	l.each, l.arrived = 150*ms, 100*ms
	f := m.c.begin(0, 3)
	m.c.ask(0, l, f, 2)
	if got, want := l.eta(200*ms, 2), 200*ms; got != want {
		t.Errorf("in the middle of a block the second is due in %v, want %v", got, want)
	}
	for _, now := range []time.Duration{300 * ms, 400 * ms} {
		if got, least := l.eta(now, 1), now-100*ms; got < least {
			t.Errorf("at %v the next block is due in %v, want %v at least", now, got, least)
		}
		if got, least := l.eta(now, 2), 3*(now-100*ms); got < least {
			t.Errorf("at %v the second block is due in %v, want %v at least", now, got, least)
		}
	}
}

// What a block takes that came for nothing is known of its peer too.
func TestUnwantedBlocksShowHowSlowAPeerIs(t *testing.T) {
	m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
	l := m.join(50*ms, 100_000).l
	f := m.c.begin(0, 3)
	m.c.ask(0, l, f, 2)
	r := l.queue[1]
	m.c.cancel(l, 1)
	l.arrived = 100 * ms
	m.c.Refuse(240*ms, l, r, true, metainfo.BlockLen)
	if l.each != 140*ms || l.Rate != 0 {
		t.Errorf("a block takes %v, its rate is %v", l.each, l.Rate)
	}
}

// Where a reader has waited for long, what a peer owes that sends nothing is asked of
// another, though both are as fast; not within such pauses as the peer has at times, if
// the other has them too.
func TestWhoHasWaitedForLongIsHelped(t *testing.T) {
	for _, at := range []struct {
		now, pause, others time.Duration
		want               int
	}{
		{quietWait - ms, 0, 0, 0}, {quietWait, 0, 0, 1},
		{longWait, longWait, longWait, 0}, {longWait, longWait, longWait / 2, 0}, {2*longWait + 1, longWait, longWait, 1},
		{quietWait - ms, longWait, longWait/2 - 1, 0}, {quietWait, longWait, longWait/2 - 1, 1},
	} {
		m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
		c := m.c
		silent, other := m.join(50*ms, 1_000_000).l, m.join(50*ms, 1_000_000).l
		silent.Rate, other.Rate = 1_000_000, 1_000_000
		silent.pause, other.pause = at.pause, at.others
		c.Open(0, 0, int64(c.Info.PieceLength))
		f := c.begin(0, 0)
		c.urge(0, c.Windows[0])
		c.ask(0, silent, f, 1)
		if got := c.rescue(at.now, other, 4); got != at.want {
			t.Errorf("after %v, of a peer that pauses for %v, %d blocks were asked of one that pauses for %v, want %d", at.now, at.pause, got, at.others, at.want)
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
		c.ask(0, stranger, c.begin(0, 1), behind)
		c.ask(0, other, c.begin(0, 2), 4)
		if stranger.silent(75 * ms) {
			t.Errorf("it is silent before two blocks could have come")
		}
		if !stranger.silent(quietWait) {
			t.Errorf("it is not silent after %v", quietWait)
		}
		if got := c.rescue(quietWait, other, 4); got != 1 {
			t.Errorf("with %d blocks behind it %d blocks were asked of another, want 1", behind, got)
		}
	}
}

// What a peer owes that sends nothing is asked of others beyond the budget: more of it
// than of what is slow, and sooner.
func TestSilentPeersCostLittle(t *testing.T) {
	m := newModel(t, testInfo(t, 128*metainfo.BlockLen, 64<<20))
	c := m.c
	var links []*Link
	for range 3 {
		l := m.join(50*ms, 1_000_000).l
		l.Rate, l.meter.rate = 5_000_000, 5_000_000
		links = append(links, l)
	}
	silent, helper, third := links[0], links[1], links[2]
	c.Open(0, 0, int64(c.Info.PieceLength))
	f := c.begin(0, 0)
	c.urge(0, c.Windows[0])
	c.ask(0, silent, f, 128)
	c.Stats.Wasted = 2 * freeDuplicates // the budget is used up
	for _, at := range []struct {
		now  time.Duration
		l    *Link
		want int
	}{{quietWait - 1, helper, 0}, {quietWait, helper, quietBlocks}, {quietWait + longWait - 1, third, 0}, {quietWait + longWait, third, 2 * quietBlocks}} {
		if got := c.rescue(at.now, at.l, 128); got != at.want {
			t.Errorf("after %v %d blocks were asked of another, want %d", at.now, got, at.want)
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
	if c.rescue(quietWait, links[1], 32) == 0 {
		t.Fatal("nothing was asked of the second")
	}
	both := func() (n int) {
		for _, r := range links[2].queue {
			if links[1].Find(f, r.Block) >= 0 || r.Flight.Blocks[r.Block].askers[0] != links[0] {
				n++
			}
		}
		return n
	}
	c.rescue(quietWait+ms, links[2], 32)
	if got := both(); got != 0 {
		t.Errorf("%d blocks of the second were asked of the third at once", got)
	}
	c.rescue(2*quietWait, links[2], 32)
	if both() == 0 {
		t.Error("nothing of the second was asked of the third when it was silent too")
	}
}

// Who waits is looked after though nothing happens.
func TestWhoWaitsIsLookedAfter(t *testing.T) {
	m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
	w := m.c.Open(7*ms, 0, int64(m.c.Info.PieceLength))
	for _, at := range []struct{ now, want time.Duration }{
		{7 * ms, 7*ms + quietWait}, {7*ms + quietWait, 200 * ms}, {200 * ms, 250 * ms}, {249 * ms, 250 * ms},
	} {
		if got, ok := m.c.Next(at.now); !ok || got != at.want {
			t.Errorf("at %v the next look is at %v (%v), want %v", at.now, got, ok, at.want)
		}
	}
	m.c.Close(0, w)
}

// What a peer has in its socket comes before what it is asked for after a cancel,
// until it says that it does not, or sends what was asked for later.
func TestCancelledBlocksAreInTheWay(t *testing.T) {
	m := newModel(t, testInfo(t, 8*metainfo.BlockLen, 64<<20))
	c := m.c
	l := m.join(50*ms, 100_000).l
	l.Rate = 163_840 // a block in 100 ms
	old, next := c.begin(0, 3), c.begin(0, 4)
	c.ask(0, l, old, 8)
	c.cancelAll(old)
	if got, want := l.sunk, guessPipe; got != want {
		t.Fatalf("%d of eight cancelled blocks are in its socket, want %d", got, want)
	}
	now := 500 * ms
	c.ask(now, l, next, 3)
	if got, want := l.eta(now, 1), 500*ms; got != want {
		t.Errorf("behind four blocks one is due in %v, want %v", got, want)
	}
	c.Event(now, l, peer.Event{Kind: peer.Rejected, Block: c.Info.Block(3, 0)})
	if got, want := l.eta(now, 1), 400*ms; got != want {
		t.Errorf("behind three blocks one is due in %v, want %v", got, want)
	}
	now += 100 * ms
	c.Arrived(now, l, old, 1, nil)
	if got, want := l.eta(now, 1), 300*ms; got != want {
		t.Errorf("behind two blocks one is due in %v, want %v", got, want)
	}
	now += 100 * ms
	c.Arrived(now, l, next, 0, nil)
	if got, want := l.eta(now, 1), 100*ms; l.sunk != 0 || got != want {
		t.Errorf("when a later block came the next is due in %v, want %v", got, want)
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
	c.dups.since, c.Stats.Wasted = 0, 2*freeDuplicates // it is used up
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
	}{{longWait - 1, 0}, {longWait, lastBlocks}, {2 * longWait, 3 * lastBlocks}, {3*longWait + 1, 7 * lastBlocks}} {
		c.rescue(at.now, fast, 32)
		if got := asked(); got != at.want {
			t.Errorf("after %v %d blocks were asked of the fast one, want %d", at.now, got, at.want)
		}
	}
	if got := f.Blocks[31].askers[1]; got != fast {
		t.Error("the last block, which drowns the longest, was left")
	}
}
