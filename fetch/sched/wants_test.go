package sched

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
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

// In a crowd the first of them are those that are near, in the order of their deadlines, then
// those that are far, in the order of their rarity, and then all others.
func TestWantsComeInOrderInACrowd(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		c := &Core{Info: testInfo(t, 1<<20, 1<<30), farOrder: true}
		for range 5 {
			l := &Link{Has: metainfo.NewBitfield(1024)}
			for p := range 1024 {
				if r.IntN(2) == 0 {
					l.Has.Set(p)
				}
			}
			c.Links = append(c.Links, l)
		}
		for p := range r.IntN(1000) {
			w := want{piece: p, deadline: time.Duration(r.IntN(1 + r.IntN(50))), ahead: r.Int64N(4 << 20)}
			if r.IntN(10) == 0 {
				w.deadline, w.holders = noDeadline, 1+c.available(p)
			}
			c.wants = append(c.wants, w)
		}
		all := slices.Clone(c.wants)
		slices.SortFunc(all, byDeadline)
		first := all[:min(len(all), maxFar)]
		for i := range first {
			if w := &first[i]; w.ahead >= 2<<20 {
				w.holders = 1 + c.available(w.piece)
			}
		}
		slices.SortStableFunc(first, func(a, b want) int {
			switch near := a.holders == 0; {
			case near != (b.holders == 0):
				return cmp.Compare(min(a.holders, 1), min(b.holders, 1))
			case near:
				return byDeadline(a, b)
			}
			return c.byRarity(a, b)
		})
		for i := range all {
			if got := *c.want(i); got != all[i] {
				t.Fatalf("seed %d: the %d-th of %d is %+v, want %+v", seed, i, len(all), got, all[i])
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
