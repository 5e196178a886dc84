package sched

import (
	"slices"
	"testing"
	"time"
)

func TestPrefetchTakesTheRarestFirstAndEnds(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	m.c.Prefetch(0, 8<<20, 12<<20, 10*time.Second)
	for range 3 {
		m.join(100*ms, mb)
	}
	for _, p := range m.peers[:2] { // piece 10 is one peer's alone
		m.c.loses(p.l, 10)
	}
	m.c.planned = false
	m.c.FillAll(m.now)
	m.settle()
	if first := m.c.want(0).piece; first != 10 {
		t.Errorf("piece %d is wanted first", first)
	}
	m.run(time.Minute, func() bool { return len(m.done) == 4 })
	m.c.Prefetch(m.now, 32<<20, 60<<20, 9*time.Second)
	m.settle()
	end := 12 * time.Second
	m.at(end, func() {})
	m.run(time.Minute, func() bool { return m.now >= end })
	if n := len(m.c.Windows); n != 0 {
		t.Errorf("%d windows after the end", n)
	}
	for _, p := range m.peers {
		if len(p.l.queue) > 0 {
			t.Errorf("%d requests outstanding after the end", len(p.l.queue))
		}
	}
}

// A player that opens another place of its film asks for what it needs of the part where
// it opens, and has read what it needs of the others if it opens in none.
func TestPrefetchIsOvertaken(t *testing.T) {
	const first, end = 8 << 20, 40 << 20
	head, tail, other := [2]int64{first, first + 1<<20}, [2]int64{end - 2<<20, end}, [2]int64{50 << 20, 52 << 20}
	for _, c := range []struct {
		pos  int64
		left [][2]int64
	}{
		{end - 1<<20, [][2]int64{head, other}},
		{first + 1<<15, [][2]int64{tail, other}},
		{20 << 20, [][2]int64{other}},
	} {
		m := newModel(t, testInfo(t, 1<<20, 64<<20))
		for _, x := range [][2]int64{head, tail, other} {
			m.c.Prefetch(0, x[0], x[1], time.Minute)
		}
		m.c.Overtaken(first, end, c.pos)
		var left [][2]int64
		for _, w := range m.c.Windows {
			left = append(left, [2]int64{w.Pos, w.end})
		}
		if !slices.Equal(left, c.left) {
			t.Errorf("a reader opened %d: %v are left", c.pos, left)
		}
	}
}

// Between two requests of a player nothing is fetched ahead of it: that would come
// before what it asks for next. When it has left for good the prefetch goes on.
func TestNoPrefetchBetweenRequests(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	p := m.join(50*ms, mb)
	w := m.c.Open(m.now, 0, 1<<20)
	m.c.Prefetch(m.now, 32<<20, 33<<20, 10*time.Second)
	m.settle()
	m.run(time.Minute, func() bool { return m.done[0] > 0 })
	m.c.Close(m.now, w)
	left := m.now
	m.settle()
	asked := func() bool {
		return slices.ContainsFunc(p.l.queue, func(r Request) bool { return r.Flight.Piece == 32 && r.Flight.parked == 0 })
	}
	m.run(time.Minute, asked)
	if d := m.now - left; !asked() || d < maxBehind || d > maxBehind+ms {
		t.Errorf("it was asked for %v after the reader left", d)
	}
}
