package sched

import (
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
		{quietWait - ms, 500_000, 0},                    // it is early
		{quietWait, 500_000, 2},                         // more than twice as long, the last ones
		{quietWait, 700_000, 0}, {longWait, 700_000, 4}, // who has waited for long does not care for twice
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
		m.c.help(at.now)
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
			first.arrived = quietWait
		}
		if at.busy {
			other := m.c.begin(0, 3)
			other.urgent = true
			m.c.ask(quietWait, third, other, 1)
		}
		m.c.help(quietWait)
		if got := third.Find(f, 0) >= 0; got != at.want {
			t.Errorf("%+v: the third was asked: %v", at, got)
		}
		if got := first.Find(f, 0) < 0; got != at.want || second.Find(f, 0) < 0 {
			t.Errorf("%+v: it took the place of the first: %v, of the second: %v", at, got, second.Find(f, 0) < 0)
		}
	}
}

// Where more wait than there are peers nobody is helped: it would be taken from others.
// Nor is who waits for a piece that failed: who sends it is a matter of who lied.
func TestWhoIsNotHelped(t *testing.T) {
	for _, at := range []struct {
		readers, failed int
		want            bool
	}{{1, 0, true}, {2, 0, true}, {3, 0, false}, {1, 1, false}} {
		m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
		silent, other := m.measured(1_000_000), m.measured(1_000_000)
		f := m.awaits(silent, 4)
		for i := 1; i < at.readers; i++ {
			m.c.Open(0, int64(i)*int64(m.c.Info.PieceLength), 64<<20)
		}
		if at.failed > 0 {
			m.fail(f, other)
		}
		m.c.help(longWait)
		if got := other.Find(f, 0) >= 0; got != at.want {
			t.Errorf("%+v: helped: %v", at, got)
		}
	}
}
