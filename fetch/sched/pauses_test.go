package sched

import (
	"math"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A peer that sends 7.5 MB once a second, in 50 ms, gives 7.5 MB/s: as soon as it is
// known that it pauses out of habit, from then on throughout, and what it gave before it
// once had nothing to send does not count.
func TestTheRateOfAPeerThatPauses(t *testing.T) {
	const burst, blocks, each = 50 * ms, 480, metainfo.BlockLen
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	l := m.join(2*ms, 150_000_000).l
	now, asked := 2*ms, time.Duration(0)
	m.c.ask(0, l, m.c.begin(0, 0), 1) // it owes something all the time
	cycle := func() {
		for i := range blocks {
			if i > 0 {
				now += burst / blocks
			}
			l.took(now, Request{Flight: &Flight{}, at: asked}, each, false)
		}
		now += time.Second - burst + burst/blocks
	}
	want := blocks * each / time.Second.Seconds()
	for i := range 6 {
		cycle()
		if i < 2 {
			if l.Rate < 2*want {
				t.Errorf("after %d bursts, which show no habit yet, it gives %.1f MB/s, want what a burst has", i+1, l.Rate/1e6)
			}
			continue
		}
		if off := math.Abs(l.Rate/want - 1); off > 0.3 {
			t.Errorf("after %d bursts it gives %.1f MB/s, want %.1f", i+1, l.Rate/1e6, want/1e6)
		}
	}
	now += 200 * ms
	asked = now // it had nothing to send
	cycle()
	if _, ok := l.pauses.rate(now); ok {
		t.Error("what it gave before it had nothing to send counts")
	}
}

// The first block after a pause waited for the end of that, and so did those behind it. That is none of
// the way to the peer and back: its queue is to last over a pause, and not over that and the wait for its end.
func TestAPauseIsNoRoundTrip(t *testing.T) {
	const tick, blocks, each = 500 * ms, 6, 100 * time.Microsecond
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	l := m.join(ms, 150_000_000).l
	f := m.c.begin(0, 0)
	m.c.ask(0, l, f, 1) // it owes something all the time
	asked := make([]time.Duration, 4*blocks)
	for burst := 1; burst <= 8; burst++ {
		now := time.Duration(burst) * tick
		for range blocks {
			now += each
			l.took(now, Request{Flight: f, at: asked[0]}, metainfo.BlockLen, false)
			asked = append(asked[1:], now) // as many are outstanding as it sends in two seconds
		}
	}
	if n := l.depth(0); n < blocks || n > 2*blocks-2 {
		t.Errorf("a peer that sends %d blocks twice a second is asked for %d, pause %v, round trip %v, rate %.0f",
			blocks, n, l.pause, l.roundTrip(), l.Rate)
	}
}
