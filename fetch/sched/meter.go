package sched

import (
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A meter measures the rate of a link while it has requests outstanding.
type meter struct {
	from  time.Duration // when the sample began
	bytes int
	rate  float64
	on    bool
	first bool  // the first block after a start only sets the clock
	least bool  // the rate is a lower bound
	mixed bool  // the sender was idle in the sample: it tells a lower bound
	floor floor // of the rate
}

// A floor is a sample in which the time is counted that the sender was idle for: a lower
// bound of its rate.
type floor struct {
	from  time.Duration
	bytes int
}

// meterSpan is what one sample of a rate takes at least, besides socketBlocks.
const (
	meterSpan = 10 * time.Millisecond
	// floorSpan is that of a floor, and what a sample with fewer blocks takes. Over less, two bursts of a peer
	// that allots bandwidth a few times a second may be in the time of one.
	floorSpan = 500 * time.Millisecond
)

func (m *meter) start(now time.Duration) {
	m.begin(now)
	m.on, m.first, m.floor = true, true, floor{from: now}
}

func (m *meter) begin(now time.Duration) {
	m.from, m.bytes, m.on, m.first, m.mixed = now, 0, true, false, false
}

func (m *meter) stop() { m.on = false }

// skip takes in an arrival before which the sender was idle. Where a rate is known, it begins
// a new sample; else the sample goes on, and tells a lower bound. A link that never has more
// than a block to send would have no sample at all. What it sends in floorSpan is a lower
// bound too. The highest of these is its rate until there is a whole sample.
func (m *meter) skip(now time.Duration, n int) {
	if !m.on {
		m.floor = floor{from: now}
	}
	if !m.on || m.first || m.rate > 0 {
		m.begin(now)
	} else {
		m.bytes += n
		m.mixed = true
	}
	m.atLeast(now, n)
}

// atLeast counts an arrival in the floor, and takes the rate of that where no sample says more.
func (m *meter) atLeast(now time.Duration, n int) {
	m.floor.bytes += n
	d := now - m.floor.from
	if d < floorSpan {
		return
	}
	if r := float64(m.floor.bytes) / d.Seconds(); r > m.rate && (m.least || m.rate == 0) {
		m.rate, m.least = r, true
	}
	m.floor = floor{from: now}
}

// add counts an arrival before which the sender had something to send, and returns the
// smoothed rate, once there is one. Of a peer that pauses it is the rate over several pauses.
func (m *meter) add(now time.Duration, n int, pause time.Duration) (float64, bool) {
	if !m.on || m.first {
		// The time to the first block is the round trip, not the rate.
		if !m.on {
			m.floor = floor{from: now}
		}
		m.begin(now)
		return m.rate, m.rate > 0
	}
	m.floor.bytes += n
	m.bytes += n
	d := now - m.from
	if (d < meterSpan || m.bytes < socketBlocks*metainfo.BlockLen) && d < floorSpan {
		return m.rate, m.rate > 0
	}
	inst := float64(m.bytes) / d.Seconds()
	switch {
	case m.rate == 0, m.least && inst > m.rate:
		m.rate = inst
	default:
		// A sample weighs by the time it covers, half for 200 ms.
		w := min(0.5, max(0.1, d.Seconds()/0.4))
		if pause > 0 {
			w = min(0.5, d.Seconds()/max(0.4, 2*pause.Seconds()))
		}
		m.rate += w * (inst - m.rate)
	}
	m.least = m.mixed
	m.begin(now)
	return m.rate, true
}

// A minimum is the least of the values from lately to twice as long ago.
type minimum struct {
	cur, prev time.Duration
	since     time.Duration
	ok        bool
	okPrev    bool
}

func (m *minimum) add(now, v time.Duration) {
	if m.ok && now-m.since >= lately {
		m.prev, m.okPrev = m.cur, true
		m.ok = false
	}
	if !m.ok {
		m.cur, m.since, m.ok = v, now, true
		return
	}
	m.cur = min(m.cur, v)
}

func (m *minimum) get() (time.Duration, bool) {
	if m.ok && m.okPrev {
		return min(m.cur, m.prev), true
	}
	return m.cur, m.ok
}
