package sched

import (
	"math/rand/v2"
	"testing"
	"time"
)

// check holds the board against what each link would say by itself.
func (b *board) check(t *testing.T, now time.Duration, links []*Link) {
	t.Helper()
	b.update(now)
	if len(b.order) != len(links) {
		t.Fatalf("%d lanes of %d links", len(b.order), len(links))
	}
	last := time.Duration(0)
	for i := range b.order {
		l, a := b.lane(now, i)
		if eta := l.waits(now) + time.Duration(l.firm(now))*l.blockTime(now); a.done-now != eta && !(l.outdated && a.done-now > eta) || a.each != l.blockTime(now) || b.find(l) != i || b.quickest > a.each {
			t.Fatalf("lane %d (%d) of peer %d: done in %v, a block takes %v (the quickest %v); want %v, %v",
				i, b.find(l), l.id, a.done-now, a.each, b.quickest, eta, l.blockTime(now))
		}
		if a.done < last {
			t.Fatalf("lane %d is done at %v, the one before at %v", i, a.done, last)
		}
		last = a.done
	}
}

// Whatever peers do, the board says what they would say, in order.
func TestBoardIsTrue(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		m := newModel(t, testInfo(t, 256<<10, 16<<20))
		var stops []func() bool
		for range 1 + r.IntN(6) {
			pos := r.Int64N(12 << 20)
			stops = append(stops, m.read(pos, pos+4<<20, float64(r.IntN(3))*mb))
		}
		m.settle()
		for i := range 2 + r.IntN(12) {
			p := m.join(time.Duration(1+r.IntN(200))*ms, float64(200+r.IntN(4000))*1000)
			if i > 0 && r.IntN(3) == 0 {
				p.mute = m.now + time.Duration(1+r.IntN(2000))*ms
			}
			p.liar = i > 0 && r.IntN(6) == 0
			if i > 0 && r.IntN(5) == 0 {
				m.at(time.Duration(r.IntN(2000))*ms, func() {
					if !p.l.Gone {
						m.c.Leave(m.now, p.l)
						m.settle()
					}
				})
			}
		}
		m.run(10*time.Minute, func() bool {
			m.c.board.check(t, m.now, m.c.Links)
			all := true
			for _, s := range stops {
				all = s() && all
			}
			return all
		})
	}
}
