package sched

import (
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// Peers check each other once, and only where that can tell who lied, and is worth a
// block.
func TestWhoChecks(t *testing.T) {
	for _, c := range []struct{ peers, checks int }{{1, 0}, {2, 0}, {3, 3}, {4, 4}, {16, 0}} {
		t.Run(fmt.Sprint(c.peers), func(t *testing.T) {
			m := newModel(t, testInfo(t, 1<<20, 16<<20))
			for range c.peers {
				m.join(50*ms, 2*mb)
			}
			done := m.read(0, 16<<20, 0)
			m.settle()
			m.run(time.Minute, done)
			checks := 0
			for _, l := range m.c.Links {
				if l.checks {
					checks++
				}
			}
			twice := int(m.sent-16<<20) / metainfo.BlockLen
			if checks != c.checks || twice > c.checks {
				t.Errorf("%d peers checked, %d blocks came twice", checks, twice)
			}
		})
	}
}

// A peer is not asked to check what it is sending already, asked for before: that comes
// into the piece, and not beside it.
func TestNobodyChecksWhatItIsSending(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 16<<20))
	l, next, other := m.join(50*ms, 2*mb).l, m.join(50*ms, 2*mb).l, m.join(50*ms, 2*mb).l
	f := m.c.begin(0, 0)
	for n := range f.Blocks {
		f.arrive([]*Link{l, next, other}[n%3], n)
	}
	if got := m.c.neighbours(f, l); got != 1 {
		t.Fatalf("block %d is to be checked, want 1", got)
	}
	f.Blocks[1].Placing = l
	l.forget(Request{Flight: f, Block: 4})
	if got := m.c.neighbours(f, l); got != 7 {
		t.Errorf("block %d is to be checked, want 7", got)
	}
}
