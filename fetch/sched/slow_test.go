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

// Who waits is looked after though nothing happens: while the wait is young, and when a peer that owes
// something falls silent. From longWait on nobody looks while all goes as predicted.
func TestWhoWaitsIsLookedAfter(t *testing.T) {
	m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
	w := m.c.Open(7*ms, 0, int64(m.c.Info.PieceLength))
	look := func(now, want time.Duration) {
		t.Helper()
		if next := m.c.nextOfAll(now); next.any != (want > 0) || next.at != want {
			t.Errorf("at %v the next look is at %v (%v), want %v", now, next.at, next.any, want)
		}
	}
	look(7*ms, leastGain)
	look(leastGain, 2*leastGain)
	look(6*ms+longWait, 300*ms)
	look(7*ms+longWait, 0)
	slow := m.measured(16_384) // a block in a second; it is asked at once
	slow.lateAt = time.Hour    // it is not a matter of lateness
	if len(slow.queue) == 0 {
		t.Fatal("it was asked for nothing")
	}
	look(260*ms, 2050*ms)         // its round trip, and two blocks
	look(3050*ms, 4550*ms)        // it has been silent for 3 s: half as long again
	slow.Rate, slow.each = 8e6, 0 // a block in 2 ms
	look(60*ms+longWait, 450*ms)
	slow.arrived = 300 * ms // it goes on
	look(310*ms, 300*ms+leastGain)
	m.c.Close(310*ms, w) // nobody waits any more for what it owes
	for _, l := range m.c.Links {
		if len(l.queue) > l.far {
			t.Error("it owes something that a reader waits for")
		}
	}
}

// A peer whose oldest request is taken back, since another peer was sooner, has been silent for as long as before. Where
// it rejects that one, it answered.
func TestWhatIsTakenBackHidesNoSilence(t *testing.T) {
	m := newModel(t, testInfo(t, 4*metainfo.BlockLen, 64<<20))
	l := m.join(50*ms, 1_000_000).l
	f := m.c.begin(0, 0)
	m.c.ask(0, l, f, 1)
	m.c.ask(200*ms, l, f, 2)
	before, _ := l.Due()
	m.c.cancel(l, 0)
	if after, ok := l.Due(); !ok || after != before {
		t.Errorf("it is late at %v (%v), and was at %v", after, ok, before)
	}
	if !l.silent(250 * ms) {
		t.Error("it is not silent")
	}
	m.c.Event(250*ms, l, peer.Event{Kind: peer.Rejected, Block: m.c.Info.Block(0, 1)})
	if l.silent(250 * ms) {
		t.Error("it is silent, though it answered")
	}
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
	if got, want := l.inSocket, socketBlocks; got != want {
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
	if got, want := l.eta(now, 1), 100*ms; l.inSocket != 0 || got != want {
		t.Errorf("when a later block came the next is due in %v, want %v", got, want)
	}
}
