package discovery

import (
	"slices"
	"time"
)

// tier is a group of trackers that stand in for each other (BEP 12), in the
// order in which they are tried. Trackers.mu protects it.
type tier struct {
	trackers []*tracker
	race     *race // nil: none is under way
}

// promote moves tr, which answered, to the front of its tier.
func promote(tiers []*tier, tr *tracker) {
	for _, t := range tiers {
		if i := slices.Index(t.trackers, tr); i > 0 {
			copy(t.trackers[1:], t.trackers[:i])
			t.trackers[0] = tr
			return
		}
	}
}

// inOrder gives all trackers in the order of BEP 12, but first the preferred
// one, if any.
func inOrder(tiers []*tier, preferred *tracker) []*tracker {
	var all []*tracker
	if preferred != nil {
		all = append(all, preferred)
	}
	for _, t := range tiers {
		for _, tr := range t.trackers {
			if tr != preferred {
				all = append(all, tr)
			}
		}
	}
	return all
}

// due says when the next regular announce is: that of the first tracker that
// works, or when none does, the earliest try of any.
func due(now time.Time, order []*tracker) time.Time {
	at := now.Add(idle)
	for _, tr := range order {
		switch {
		case tr.disabled:
		case tr.working:
			return tr.next
		case tr.next.Before(at):
			at = tr.next
		}
	}
	return at
}

// candidates returns the trackers to try in turn for a regular announce that is due. It
// stops at the first that works and was asked within its interval, since its last
// answer still holds. When urgent, only its least interval protects it.
func candidates(now time.Time, order []*tracker, urgent bool) []*tracker {
	var list []*tracker
	for _, tr := range order {
		rest := tr.next
		if urgent {
			rest = tr.earliest
		}
		switch {
		case tr.disabled:
		case tr.flight != nil || !now.Before(rest):
			list = append(list, tr)
		case tr.working:
			return list
		}
	}
	return list
}

// contenders returns the trackers of a tier that a race may ask, in turn. It returns
// none when one of them has just found peers. The caller holds mu.
func (t *Trackers) contenders(tier *tier, now time.Time) []*tracker {
	var list []*tracker
	for _, tr := range tier.trackers {
		switch {
		case tr.disabled, !t.usable(tr):
		case tr.flight != nil || !now.Before(tr.earliest):
			list = append(list, tr)
		case tr.working && tr.useful:
			return list
		}
	}
	return list
}
