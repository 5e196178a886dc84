package peer

import (
	"slices"
	"testing"
	"time"
)

// ups returns the indices of those unchoked.
func ups(all []candidate) (out []int) {
	for i := range all {
		if all[i].unchoked {
			out = append(out, i)
		}
	}
	return out
}

func TestChokerRound(t *testing.T) {
	long := epoch.Add(-time.Hour)
	c := func(received int64) candidate {
		return candidate{interested: true, received: received, joined: long, since: long}
	}
	idle := candidate{joined: long, since: long}
	for _, tt := range []struct {
		name    string
		slots   int
		seeding bool
		all     []candidate
		want    []int // unchoked, the optimistic one left out
		lucky   int
	}{
		{name: "nobody", slots: 3},
		{name: "slots for all", slots: 3, all: []candidate{c(0), c(5)}, want: []int{0, 1}},
		{name: "those who give most, and one more", slots: 3, all: []candidate{c(1), c(9), c(0), c(5), c(2)}, want: []int{1, 3}, lucky: 1},
		{name: "one slot", slots: 1, all: []candidate{c(1), c(9)}, want: []int{1}},
		{name: "idle ones have what nobody asks for", slots: 3, all: []candidate{idle, c(0), idle, idle}, want: []int{0, 1, 2}},
		{name: "an idle one that is unchoked stays so", slots: 2, all: []candidate{idle, c(0), {unchoked: true, joined: long, since: long}}, want: []int{1, 2}},
		{name: "who asks goes before who does not", slots: 2, all: []candidate{{unchoked: true, received: 100}, c(0), c(0)}, want: []int{1, 2}},
		{name: "of equals the one that is unchoked", slots: 2, all: []candidate{c(0), c(0), {interested: true, unchoked: true, joined: long, since: long}}, want: []int{2}, lucky: 1},
		{
			name: "a seed keeps a turn, then takes who waited longest", slots: 3, seeding: true,
			all: []candidate{
				{interested: true, joined: long, since: epoch.Add(-10 * time.Second)},
				{interested: true, joined: long, since: long, unchoked: true, sent: 1 << 30, turn: 1 << 30}, // has had its turn
				{interested: true, joined: long, since: epoch.Add(-20 * time.Second)},
				{interested: true, joined: long, since: epoch.Add(-59 * time.Second), unchoked: true},
			},
			want: []int{0, 2, 3},
		},
		{
			name: "a turn of a seed is a minute and some pieces, and ends", slots: 2, seeding: true,
			all: []candidate{
				{interested: true, joined: long, since: long},
				{interested: true, joined: long, since: epoch.Add(-2 * time.Minute), unchoked: true, turn: 1<<20 - 1},
				{interested: true, joined: long, since: epoch.Add(-maxSeedTurn), unchoked: true, turn: 1<<20 - 1},
				{interested: true, joined: long, since: epoch.Add(-time.Minute), unchoked: true, turn: 1 << 20},
			},
			want: []int{0, 1},
		},
		{
			name: "a seed with slots to spare prefers who takes faster", slots: 2, seeding: true,
			all: []candidate{
				{interested: true, joined: long, since: long, unchoked: true, sent: 1, turn: 1 << 20},
				{interested: true, joined: long, since: long, unchoked: true, sent: 3, turn: 1 << 20},
				{interested: true, joined: long, since: long, unchoked: true, sent: 2, turn: 1 << 20},
			},
			want: []int{1, 2},
		},
		{
			name: "who snubs us has but the lot, and there are more of those", slots: 4,
			all: []candidate{
				{interested: true, snubs: true, unchoked: true, joined: long, received: 0},
				{interested: true, snubs: true, unchoked: true, joined: long, received: 0},
				c(7), {interested: true, snubs: true, joined: long}, {interested: true, snubs: true, joined: long},
			},
			want: []int{2}, lucky: 3,
		},
		{
			name: "who snubs us is served while nobody else wants to be", slots: 4,
			all: []candidate{c(7), {interested: true, snubs: true, joined: long}}, want: []int{0, 1},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := newChoker(tt.slots, epoch, 1)
			k.round(epoch, tt.all, tt.seeding, 1<<20)
			var lucky []int
			got := slices.DeleteFunc(ups(tt.all), func(i int) bool {
				if tt.all[i].optimistic {
					lucky = append(lucky, i)
				}
				return tt.all[i].optimistic
			})
			if !slices.Equal(got, tt.want) || len(lucky) != tt.lucky {
				t.Errorf("unchoked %v, optimistic %v; want %v and %d", got, lucky, tt.want, tt.lucky)
			}
		})
	}
}

func TestOptimisticUnchokeChangesEvery30s(t *testing.T) {
	k := newChoker(3, epoch, 1)
	all := make([]candidate, 10)
	for i := range all {
		all[i] = candidate{interested: true, received: int64(100 - i), joined: epoch.Add(-time.Hour)}
	}
	var chosen []int
	for now := epoch; now.Before(epoch.Add(10 * time.Minute)); now = now.Add(chokeRound) {
		k.round(now, all, false, 0)
		if got := ups(all); len(got) != 3 || got[0] != 0 || got[1] != 1 {
			t.Fatalf("unchoked %v", got)
		}
		chosen = append(chosen, slices.IndexFunc(all, func(c candidate) bool { return c.optimistic }))
	}
	changes := 0
	for i := 1; i < len(chosen); i++ {
		if chosen[i] != chosen[i-1] {
			changes++
			if i%3 != 0 {
				t.Errorf("changed at round %d", i)
			}
		}
	}
	if changes != len(chosen)/3-1 {
		t.Errorf("%d changes in %d rounds: %v", changes, len(chosen), chosen)
	}
}

func TestNewcomersAreLikelier(t *testing.T) {
	k := newChoker(2, epoch, 1)
	counts := map[bool]int{}
	for range 4000 {
		all := []candidate{
			{interested: true, received: 9, joined: epoch.Add(-time.Hour)},
			{interested: true, joined: epoch.Add(-time.Hour)},
			{interested: true, joined: epoch},
		}
		k.round(epoch, all, false, 0)
		counts[all[2].optimistic]++
	}
	if n := counts[true]; n < 2800 || n > 3200 {
		t.Errorf("the newcomer was chosen %d times of 4000, want about 3000", n)
	}
}

// TestSnubberLosesItsSlot: over ten minutes a peer that was reciprocated and went
// silent has no more than its lot of one optimistic slot.
func TestSnubberLosesItsSlot(t *testing.T) {
	k := newChoker(3, epoch, 1)
	all := make([]candidate, 9)
	for i := range all {
		all[i] = candidate{interested: true, joined: epoch.Add(-time.Hour)}
	}
	all[0].received, all[1].received = 9, 8
	all[8].snubs, all[8].unchoked = true, true
	had := 0
	const rounds = 600
	for i := range rounds {
		k.round(epoch.Add(time.Duration(i)*chokeRound), all, false, 0)
		if all[8].unchoked {
			had++
		}
		if got := ups(all); len(got) != 3 || got[0] != 0 || got[1] != 1 {
			t.Fatalf("unchoked %v", got)
		}
	}
	if share := rounds / 7; had > share*3/2 {
		t.Errorf("unchoked in %d rounds of %d, its lot is %d", had, rounds, share)
	}
}

func TestSlotsFor(t *testing.T) {
	for limit, want := range map[int64]int{
		0: 8, 1: 3, 96 << 10: 3, 128 << 10: 4, 256 << 10: 8, 1 << 40: 8,
	} {
		if got := slotsFor(limit); got != want {
			t.Errorf("%d slots at %d bytes/s, want %d", got, limit, want)
		}
	}
}

// TestRiderHasItsOptimisticShare: fifty chokers that give to each other what they
// take, and one that gives nothing. With U slots of which one is by lot, each of the
// others gives it a U-th of its uplink for one in N-U draws, so that it has
// (N-1)/(N-U)/U of what they have, within what the lot makes of it.
func TestRiderHasItsOptimisticShare(t *testing.T) {
	const n, slots, uplink, rounds = 50, 4, 1 << 20, 360 // an hour
	var chokers [n]choker
	var views [n][n]candidate // as the first sees the second
	var gave [n][n]int        // the round in which the second last gave the first something
	for i := range n {
		chokers[i] = newChoker(slots, epoch, uint64(i))
		for j := range n {
			views[i][j] = candidate{interested: i != j, joined: epoch, since: epoch}
		}
	}
	var had [n]float64
	for round := range rounds {
		now := epoch.Add(time.Duration(round) * chokeRound)
		for i := 1; i < n; i++ {
			for j := range n {
				views[i][j].snubs = time.Duration(round-gave[i][j])*chokeRound >= snubTime
			}
			chokers[i].round(now, views[i][:], false, 0)
		}
		for i := 1; i < n; i++ {
			to := ups(views[i][:])
			for j := range n {
				views[j][i].received /= 2 // two rounds, about
			}
			for _, j := range to {
				part := int64(uplink / len(to))
				views[j][i].received += part
				views[j][i].debt -= part
				views[i][j].debt += part
				gave[j][i] = round
				had[j] += float64(part)
			}
		}
	}
	mean := 0.0
	for _, x := range had[1:] {
		mean += x / (n - 1)
	}
	share := float64(n-1) / float64(n-slots) / slots
	if got := had[0] / mean; got > 1.2*share {
		t.Errorf("the rider had %.3f of what others have, its share is %.3f", got, share)
	}
}

// TestWhoOwesMostGoesLast: of those that send nothing, the first to come does not
// keep what it was given in advance.
func TestWhoOwesMostGoesLast(t *testing.T) {
	k := newChoker(3, epoch, 1)
	all := []candidate{
		{interested: true, unchoked: true, debt: 2 << 20, joined: epoch},
		{interested: true, unchoked: true, debt: 1 << 20, joined: epoch},
		{interested: true, joined: epoch},
		{interested: true, debt: -1 << 20, joined: epoch},
	}
	k.round(epoch, all, false, 0)
	if !all[2].unchoked || all[2].optimistic || !all[3].unchoked || all[3].optimistic {
		t.Errorf("%+v", all)
	}
}
