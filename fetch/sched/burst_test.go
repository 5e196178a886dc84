package sched

import (
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// Where many wait, a peer is asked for twice as much as it has sent, however fast that came.
func TestWhatAPeerHasShownBoundsWhatItIsAskedFor(t *testing.T) {
	const size, piece, readers, first = 64 << 20, 1 << 20, 20, leastFirst
	m := newModel(t, testInfo(t, piece, size))
	for i := range readers {
		m.read(int64(i)*2*piece, int64(i+1)*2*piece, 0)
	}
	fast := m.join(100*ms, 10_000_000)
	m.join(100*ms, 200_000)
	if n := len(fast.l.queue); n > first {
		t.Errorf("a stranger is asked for %d blocks", n)
	}
	most := 0
	m.trace = func(e Effect) {
		if e.Link == fast.l && e.Command.Op == peer.Request {
			most = max(most, len(fast.l.queue)-max(first, 2*fast.l.came))
		}
	}
	m.run(time.Minute, func() bool { return fast.l.came >= 100 })
	if most > 0 {
		t.Errorf("it is asked for %d blocks more than twice what it has sent", most)
	}
	if len(fast.l.queue) < 50 { // it sends 61 in a round trip
		t.Errorf("with %d blocks sent, %d are asked for: its rate is not used", fast.l.came, len(fast.l.queue))
	}
}

// A peer that pauses may give more in each burst than it was asked for before: that it had
// nothing left to send in the burst makes what it gave a lower bound, and does not hide it.
func TestABurstThatGivesMoreThanItWasAskedFor(t *testing.T) {
	const tick, blocks = 500 * ms, 6
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	l := m.join(2*ms, 150_000_000).l
	m.c.ask(0, l, m.c.begin(0, 0), 1) // it owes something all the time
	now, asked := 2*ms, time.Duration(0)
	burst := func(n, dry int) {
		for i := range n {
			if i >= n-dry {
				asked = now // as soon as the one before had come
			}
			now += ms
			l.took(now, Request{Flight: &Flight{}, at: asked}, metainfo.BlockLen, false)
			asked = now - 5*ms
		}
		now += tick - time.Duration(n)*ms
	}
	for range 4 {
		burst(2, 0)
	}
	if want := 2 * metainfo.BlockLen / tick.Seconds(); l.Rate < 0.8*want || l.Rate > 1.2*want {
		t.Fatalf("of two blocks twice a second it is %.0f bytes/s, want %.0f", l.Rate, want)
	}
	for range 5 {
		burst(blocks, blocks-2)
	}
	if want := blocks * metainfo.BlockLen / tick.Seconds(); l.Rate < 0.9*want || l.Rate > 1.2*want {
		t.Errorf("of six blocks twice a second it is %.0f bytes/s, want %.0f", l.Rate, want)
	}
}

// A peer that sends less often than it is waited for is found late each time, and all is taken back
// from it before it sends. What it sends then shows that it pauses, and that it is there.
func TestAPeerThatSendsWhatWasTakenBack(t *testing.T) {
	const tick = 500 * ms
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	m.join(2*ms, 1_000_000)
	l := m.join(2*ms, 150_000_000).l
	f := m.c.begin(0, 0)
	for n, now := 0, time.Duration(0); n < 3; n, now = n+1, now+tick {
		m.c.ask(now, l, f, 1)
		m.c.overdue(now+200*ms, l)
		m.c.overdue(now+400*ms, l)
		if len(l.queue) > 0 {
			t.Fatal("nothing was taken back")
		}
		if n == 1 {
			m.c.Refuse(now+tick, l, Request{Flight: f, Block: n, at: now}, true, metainfo.BlockLen)
		} else {
			m.c.Arrived(now+tick, l, f, n, nil)
		}
		if l.late > 0 {
			t.Errorf("after block %d it is taken to be late", n)
		}
	}
	if l.pause != tick {
		t.Errorf("it pauses for %v, want %v", l.pause, tick)
	}
}

// What a peer has sent bounds what it is asked for ahead of a reader, where one reads alone too: a
// burst of megabytes a second may be all that it sends in a second.
func TestWhatAPeerHasShownBoundsWhatItIsAskedForAhead(t *testing.T) {
	const first = 32
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	m.read(0, 64<<20, 0)
	fast := m.join(100*ms, 100_000_000)
	most := 0
	m.trace = func(e Effect) {
		if e.Link == fast.l && e.Command.Op == peer.Request && e.Command.Block.Piece > 0 {
			most = max(most, len(fast.l.queue)-max(first, 2*fast.l.came))
		}
	}
	m.run(time.Minute, func() bool { return fast.l.came >= 500 })
	if most > 0 {
		t.Errorf("it is asked for %d blocks more than twice what it has sent", most)
	}
	if len(fast.l.queue) < 400 { // it sends 610 in a round trip
		t.Errorf("with %d blocks sent, %d are asked for: its rate is not used", fast.l.came, len(fast.l.queue))
	}
}
