package main

import (
	"io"
	"math"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer"
)

// feed adds n bytes a second for so long, in steps of 20 ms, and returns the end.
func feed(m *rateMeter, at time.Time, perSecond int64, lasts time.Duration) time.Time {
	const step = 20 * time.Millisecond
	for end := at.Add(lasts); at.Before(end); {
		at = at.Add(step)
		m.add(at, perSecond*int64(step)/int64(time.Second))
	}
	return at
}

func TestRate(t *testing.T) {
	const fast = 9_500_000
	start := time.Unix(1_700_000_000, 0)
	tests := []struct {
		name  string
		feed  func(m *rateMeter) time.Time
		rate  float64
		exact float64 // the part by which it may be off
	}{
		{"nothing came", func(*rateMeter) time.Time { return start }, 0, 0},
		{"steady", func(m *rateMeter) time.Time { return feed(m, start, fast, 20*time.Second) }, fast, 0.02},
		{"after half a second", func(m *rateMeter) time.Time { return feed(m, start, fast, 500*time.Millisecond) }, fast, 0.05},
		{"a slow start is forgotten", func(m *rateMeter) time.Time {
			return feed(m, feed(m, start, 1000, 30*time.Second), fast, 6*time.Second)
		}, fast, 0.02},
		{"a pause counts", func(m *rateMeter) time.Time {
			return feed(m, start, fast, 10*time.Second).Add(2500 * time.Millisecond)
		}, fast / 2, 0.05},
		{"it stopped", func(m *rateMeter) time.Time { return feed(m, start, fast, 10*time.Second).Add(time.Minute) }, 0, 0.002},
		{"it went on after a pause", func(m *rateMeter) time.Time {
			return feed(m, feed(m, start, fast, 10*time.Second).Add(time.Minute), fast, 6*time.Second)
		}, fast, 0.02},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var m rateMeter
			now := test.feed(&m)
			if got := m.perSecond(now); math.Abs(got-test.rate) > test.exact*fast {
				t.Errorf("%.0f bytes/s, want %.0f", got, test.rate)
			}
			if most := int(rateWindow/rateStep) + 2; len(m.marks) > most {
				t.Errorf("%d marks are kept, at most %d", len(m.marks), most)
			}
		})
	}
}

func TestTimeLeft(t *testing.T) {
	var m rateMeter
	if _, known := m.left(time.Now(), 1000); known {
		t.Error("a time is left although nothing came")
	}
	now := feed(&m, time.Unix(1_700_000_000, 0), 1_000_000, 10*time.Second)
	if left, known := m.left(now, 90_000_000); !known || left < 88*time.Second || left > 92*time.Second {
		t.Errorf("%v left of 90 s", left)
	}
	if left, known := m.left(now, math.MaxInt64); known {
		t.Errorf("%v left of 300,000 years", left)
	}
	m = rateMeter{}
	now = feed(&m, time.Unix(1_700_000_000, 0), 50, 10*time.Second)
	if left, known := m.left(now, 1<<40); known {
		t.Errorf("%v left of 700 years", left)
	}
}

// What was there before a download went on is no part of its rate, and nothing of it is left.
func TestProgressOfWhatWasThere(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const there, missing, rate = 1 << 30, 100_000_000, 1_000_000
		pool := mpb.New(mpb.WithOutput(io.Discard))
		p := &progress{came: time.Now(), pool: pool, bar: pool.AddBar(there + missing)}
		defer p.close()
		p.skip(there)
		p.add(0)
		for range 100 {
			time.Sleep(100 * time.Millisecond)
			p.add(rate / 10)
		}
		if got := p.rateText(decor.Statistics{}); got != "976.6 KiB/s " {
			t.Errorf("%q of %d bytes a second", got, rate)
		}
		if got := p.leftText(decor.Statistics{Total: there + missing, Current: p.bar.Current()}); got != "1m30s" {
			t.Errorf("%q left of 90 s", got)
		}
	})
}

// The bar says "1 peer", and what is waited for once nothing has come for a while.
func TestProgressSaysWhatItWaitsFor(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		state := swarmState{peers: 1, waiting: "data"}
		p := &progress{came: time.Now(), swarm: func() swarmState { return state }}
		says := func(want string) {
			t.Helper()
			if got := p.peersText(decor.Statistics{}); got != want {
				t.Errorf("%q, not %q", got, want)
			}
		}
		says("1 peer ")
		time.Sleep(progressSilence)
		says("1 peer waiting for data ")
		state = swarmState{peers: 2}
		time.Sleep(2 * progressPeersTime)
		says("2 peers ")
	})
	for want, status := range map[string]fetch.Status{
		"peers to be found":                  {},
		"a peer to connect to":               {Swarm: peer.SwarmStats{Known: 1}},
		"one that has it to let us download": {Swarm: peer.SwarmStats{Known: 1, Connected: 1}},
		"data":                               {Swarm: peer.SwarmStats{Known: 1, Connected: 1}, Unchoked: 1},
		"data from web seeds":                {WebSeeds: make([]fetch.WebSeedStatus, 1)},
	} {
		if got := waitingFor(&status); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
