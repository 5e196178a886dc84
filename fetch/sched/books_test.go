package sched

import (
	"math/rand/v2"
	"testing"
	"time"
)

// balance holds the pieces in flight against the queues of peers: each block is free, asked of
// who has it in the queue, or here, and the counts agree.
func (c *Core) balance(t *testing.T) {
	t.Helper()
	for _, f := range c.Order {
		free, left := 0, 0
		for n := range f.Blocks {
			b := &f.Blocks[n]
			if b.State == blockFree {
				free++
			}
			if b.State != BlockDone {
				left++
			}
			if asked := b.askers[0] != nil; asked != (b.State == blockAsked) || b.askers[0] == nil && b.askers[1] != nil {
				t.Fatalf("block %d of piece %d: state %d, asked of %v", n, f.Piece, b.State, b.askers)
			}
			for _, l := range b.askers {
				if l != nil && l.Find(f, n) < 0 {
					t.Fatalf("block %d of piece %d is asked of peer %d, which does not owe it", n, f.Piece, l.id)
				}
			}
		}
		if free != f.free || left != f.left {
			t.Fatalf("piece %d: %d free, %d left; %d and %d are counted", f.Piece, free, left, f.free, f.left)
		}
	}
	for _, l := range c.Links {
		far := 0
		for _, r := range l.queue {
			if !r.Flight.urgent {
				far++
			}
		}
		if far != l.far {
			t.Fatalf("peer %d owes %d blocks ahead of readers, %d are counted", l.id, far, l.far)
		}
	}
}

// Whatever peers do, the books agree after each event.
func TestBooksAgree(t *testing.T) {
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 6))
		m := newModel(t, testInfo(t, 128<<10, 12<<20))
		var stops []func() bool
		for range 1 + r.IntN(5) {
			pos := r.Int64N(8 << 20)
			stops = append(stops, m.read(pos, pos+4<<20, float64(r.IntN(3))*mb))
		}
		m.settle()
		for i := range 2 + r.IntN(10) {
			p := m.join(time.Duration(1+r.IntN(200))*ms, float64(100+r.IntN(4000))*1000)
			if i > 0 && r.IntN(3) == 0 {
				p.mute = m.now + time.Duration(1+r.IntN(2000))*ms
			}
			p.liar = i > 0 && r.IntN(6) == 0
		}
		m.run(10*time.Minute, func() bool {
			m.c.balance(t)
			all := true
			for _, s := range stops {
				all = s() && all
			}
			return all
		})
	}
}

// Assigning twice without an event does nothing, whatever peers do: what was assigned is what is
// believed to be best, and is not turned round before something is known that was not.
func TestAssigningTwiceDoesNothing(t *testing.T) {
	restlessSwarms(t, func(m *model) {
		m.assign()
		m.c.board.restless.fill(len(m.c.Links))
		m.c.FillAll(m.now)
		for _, e := range m.c.effects {
			t.Errorf("after %v: peer %d is told %v %v", m.now, e.Link.id, e.Command.Op, e.Command.Block)
		}
		if t.Failed() {
			t.Fatal(m.c.Describe(m.now))
		}
	})
}

// assign has everybody looked at.
func (m *model) assign() {
	m.c.board.restless.fill(len(m.c.Links))
	m.c.Kick = true
	m.settle()
}
