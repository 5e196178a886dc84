package sched

import (
	"fmt"
	"strings"
	"time"
)

// Describe says in lines what is wanted, what is in flight and what each peer
// owes: for the log of a wait that was in vain, and for tests.
func (c *Core) Describe(now time.Duration) string {
	var s strings.Builder
	fmt.Fprintf(&s, "wants %d from %d, stalled %d, planned %v, starved %v\n",
		len(c.wants), c.front, len(c.Stalled), c.planned, c.Starved)
	for _, w := range c.Windows[:min(len(c.Windows), maxDescribed)] {
		fmt.Fprintf(&s, "window %d: pos %d end %d planned %d waiting %v idle %v rate %.0f\n",
			w.id, w.Pos, w.end, w.planned, w.Waiting, w.idle, w.rate)
	}
	for _, f := range c.Order[:min(len(c.Order), maxDescribed)] {
		fmt.Fprintf(&s, "flight %d: %d blocks, left %d free %d hashed %d hashing %v urgent %v owner %d parole %d failed %v age %v\n",
			f.Piece, len(f.Blocks), f.left, f.free, f.Hashed, f.Hashing, f.urgent, f.owner.number(), f.parole.number(), f.Case.Failed(), now-f.started)
	}
	for _, l := range c.Links[:min(len(c.Links), maxDescribed)] {
		due, _ := l.Due()
		fmt.Fprintf(&s, "peer %d: has %d choked %v queue %d rate %.0f trip %v late %d due in %v suspicion %.2f\n",
			l.id, l.count, l.Choked, len(l.queue), l.Rate, l.roundTrip(), l.late, due-now, l.Suspicion())
	}
	return s.String()
}

func (l *Link) number() int {
	if l == nil {
		return 0
	}
	return l.id
}
