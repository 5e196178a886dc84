package sibling

import "time"

// A Lead says which gateway fetches one torrent from outside for the fleet, as one of them
// sees it. That is the first of an order: the torrent's owner, or one that is warm. Where it is
// late, the next in order stands in for it. Where that is late too, each fetches for itself. It is not safe for
// concurrent use.
type Lead struct {
	late  map[Node]lateness
	stand time.Time // we stand in for the owner until then
}

// A lateness is how a gateway failed of late.
type lateness struct {
	until time.Time // it is passed over until then
	times int
}

// Of returns the gateway that fetches, of those in order that may; self is our name.
func (l *Lead) Of(now time.Time, order []Node, self Node) Node {
	if now.Before(l.stand) {
		return self
	}
	for _, n := range order[:min(len(order), leaders)] {
		if n == self || !now.Before(l.late[n].until) {
			return n
		}
	}
	return self
}

// Late says that a gateway did not fetch in time. It is passed over for LateFor, and for
// twice as long each time that it is late again, maxDoublings times.
func (l *Lead) Late(now time.Time, n Node) {
	if l.late == nil {
		l.late = make(map[Node]lateness)
	}
	for x, was := range l.late {
		if now.Sub(was.until) > LateFor {
			delete(l.late, x) // that is long ago, and it may be gone
		}
	}
	was := l.late[n]
	l.late[n] = lateness{until: now.Add(LateFor << min(was.times, maxDoublings)), times: was.times + 1}
}

// StandIn has us fetch for LateFor: a sibling found those before us late.
func (l *Lead) StandIn(now time.Time) { l.stand = now.Add(LateFor) }

// Again returns when time alone changes what Of says; zero: never.
func (l *Lead) Again(now time.Time) (at time.Time) {
	soon := func(t time.Time) {
		if now.Before(t) && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	soon(l.stand)
	for _, was := range l.late {
		soon(was.until)
	}
	return at
}
