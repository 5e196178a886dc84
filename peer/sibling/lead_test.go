package sibling

import (
	"slices"
	"testing"
	"time"
)

func TestLead(t *testing.T) {
	a, b, c := Node{1}, Node{2}, Node{3}
	order := []Node{a, b, c}
	now := time.Unix(1_000_000, 0)
	var l Lead
	want := func(what string, self, lead Node) {
		t.Helper()
		if got := l.Of(now, order, self); got != lead {
			t.Errorf("%s: %x leads, as %x sees it", what, got[:1], self[:1])
		}
	}
	again := func(what string, in time.Duration) {
		t.Helper()
		if at := l.Again(now); in == 0 && !at.IsZero() || in != 0 && at != now.Add(in) {
			t.Errorf("%s: another look at %v", what, at.Sub(now))
		}
	}
	want("all are well", c, a)
	again("all are well", 0)
	if got := l.Of(now, nil, c); got != c {
		t.Error("we are alone, and another one leads")
	}
	l.Late(now, a)
	want("the first is late", c, b)
	want("the first is late", b, b)
	again("the first is late", LateFor)
	now = now.Add(LateFor / 2)
	l.Late(now, b)
	want("both are late", c, c)
	again("both are late", LateFor/2)
	now = now.Add(LateFor / 2)
	want("after that time", c, a)
	l.Late(now, a)
	now = now.Add(LateFor)
	want("the second is well again", c, b)
	again("the first was late twice", LateFor)
	now = now.Add(LateFor)
	want("the first too", c, a)
	for range 20 {
		l.Late(now, a)
	}
	again("the first was late often", LateFor<<maxDoublings)
	now = now.Add(LateFor<<maxDoublings + LateFor + 1)
	l.Late(now, a)
	again("all of it is long ago", LateFor)

	l = Lead{}
	l.StandIn(now)
	want("we stand in", c, c)
	again("we stand in", LateFor)
	now = now.Add(LateFor)
	want("no longer", c, a)
}

// Those that are warm go first, in the ring's order.
func TestWarmFirst(t *testing.T) {
	a, b, c, d := Node{1}, Node{2}, Node{3}, Node{4}
	order := []Node{a, b, c, d}
	for _, tt := range []struct{ warm, want []Node }{
		{nil, order},
		{[]Node{c}, []Node{c, a, b, d}},
		{[]Node{d, b}, []Node{b, d, a, c}},
		{[]Node{a}, order},
		{order, order},
	} {
		if got := WarmFirst(order, func(n Node) bool { return slices.Contains(tt.warm, n) }); !slices.Equal(got, tt.want) {
			t.Errorf("%x with %x warm is %x", order, tt.warm, got)
		}
	}
}
