package fetch

import (
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

// A player that opens a film reads its end next: it is there already, and the
// start came no later for it.
func TestMediaHints(t *testing.T) {
	for name, off := range map[string]bool{"on": false, "off": true} {
		t.Run(name, func(t *testing.T) {
			simnet.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, simRTT, 256<<10, 64<<20)
				s.gate.session.mediaHints = !off
				for range 4 {
					s.script(simRate, simnet.Libtorrent())
				}
				s.know()
				start := time.Now()
				c := s.open(0, 64<<20)
				defer c.Close()
				floor := 3*simRTT + transfer(256<<10, 4*simRate)
				atMost(t, "first byte", s.first(c, start), floor, epsilon(simRate))
				time.Sleep(2 * time.Second)
				start = time.Now()
				tail := s.open(62<<20, 2<<20)
				defer tail.Close()
				took := s.first(tail, start)
				if ready := took == 0; ready == off {
					t.Errorf("the tail came after %v", took)
				}
				s.read(tail, 62<<20, 2<<20)
			})
		})
	}
}

func TestPrefetchTakesTheRarestFirstAndEnds(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	m.c.prefetch(0, 8<<20, 12<<20, 10*time.Second)
	for range 3 {
		m.join(100*ms, mb)
	}
	for _, p := range m.peers[:2] { // piece 10 is one peer's alone
		m.c.loses(p.l, 10)
	}
	m.c.planned = false
	m.c.fillAll(m.now)
	m.settle()
	if first := m.c.wants[0].piece; first != 10 {
		t.Errorf("piece %d is wanted first", first)
	}
	m.run(time.Minute, func() bool { return len(m.done) == 4 })
	m.c.prefetch(m.now, 32<<20, 60<<20, 9*time.Second)
	m.settle()
	end := 12 * time.Second
	m.at(end, func() {})
	m.run(time.Minute, func() bool { return m.now >= end })
	if n := len(m.c.windows); n != 0 {
		t.Errorf("%d windows after the end", n)
	}
	for _, p := range m.peers {
		if len(p.l.queue) > 0 {
			t.Errorf("%d requests outstanding after the end", len(p.l.queue))
		}
	}
}
