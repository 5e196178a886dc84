package fetch

import (
	"fmt"
	"strings"
	"time"
)

// maxDescribed bounds the lines of one description.
const maxDescribed = 64

// describe says in lines what is wanted, what is in flight and what each peer
// owes: for the log of a wait that was in vain, and for tests.
func (c *core) describe(now time.Duration) string {
	var s strings.Builder
	fmt.Fprintf(&s, "wants %d from %d, stalled %d, planned %v, starved %v\n",
		len(c.wants), c.front, len(c.stalled), c.planned, c.starved)
	for _, w := range c.windows[:min(len(c.windows), maxDescribed)] {
		fmt.Fprintf(&s, "window %d: pos %d end %d planned %d waiting %v idle %v rate %.0f\n",
			w.id, w.pos, w.end, w.planned, w.waiting, w.idle, w.rate)
	}
	for _, f := range c.order[:min(len(c.order), maxDescribed)] {
		fmt.Fprintf(&s, "flight %d: %d blocks, left %d free %d hashed %d hashing %v urgent %v owner %d parole %d failed %d age %v\n",
			f.piece, len(f.blocks), f.left, f.free, f.hashed, f.hashing, f.urgent, f.owner.number(), f.parole.number(), len(f.failed), now-f.started)
	}
	for _, l := range c.links[:min(len(c.links), maxDescribed)] {
		due, _ := l.due()
		fmt.Fprintf(&s, "peer %d: has %d choked %v queue %d rate %.0f trip %v late %d due in %v suspicion %.2f\n",
			l.id, l.count, l.choked, len(l.queue), l.rate, l.roundTrip(), l.late, due-now, l.suspicion())
	}
	return s.String()
}

func (l *link) number() int {
	if l == nil {
		return 0
	}
	return l.id
}
