package sched

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Wants come in the order of their deadlines, however far somebody looks.
func TestWantsComeInOrder(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		c := &Core{}
		for p := range r.IntN(300) {
			c.wants = append(c.wants, want{piece: p, deadline: time.Duration(r.IntN(1 + r.IntN(50))), holders: r.IntN(3)})
		}
		want := slices.Clone(c.wants)
		slices.SortFunc(want, byDeadline)
		for i := range want {
			if got := *c.want(i); got != want[i] {
				t.Fatalf("seed %d: the %d-th of %d is %+v, want %+v", seed, i, len(want), got, want[i])
			}
		}
	}
}

// A piece that several readers want is wanted when the first of them needs it.
func TestWantsAreKeptOnce(t *testing.T) {
	c := &Core{wants: []want{{piece: 7, deadline: 5}, {piece: 3, deadline: 9}, {piece: 7, deadline: 2}, {piece: 3, deadline: 11}}}
	c.once()
	if w := []want{{piece: 3, deadline: 9}, {piece: 7, deadline: 2}}; !slices.Equal(c.wants, w) {
		t.Errorf("%+v, want %+v", c.wants, w)
	}
	if w, ok := c.wanted(7); !ok || w.deadline != 2 {
		t.Errorf("piece 7: %+v, %v", w, ok)
	}
	if _, ok := c.wanted(4); ok {
		t.Error("piece 4 is wanted")
	}
}
