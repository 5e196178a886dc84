package choke

import (
	"slices"
	"testing"
	"time"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// snubTime is how long a peer may send nothing, as peer has it.
const snubTime = time.Minute

// ups returns the indices of those unchoked.
func ups(all []Candidate) (out []int) {
	for i := range all {
		if all[i].Unchoked {
			out = append(out, i)
		}
	}
	return out
}

func TestChokerRound(t *testing.T) {
	long := epoch.Add(-time.Hour)
	c := func(received int64) Candidate {
		return Candidate{Interested: true, Received: received, Joined: long, Since: long}
	}
	idle := Candidate{Joined: long, Since: long}
	for _, tt := range []struct {
		name    string
		slots   int
		seeding bool
		all     []Candidate
		want    []int // unchoked, the optimistic one left out
		lucky   int
	}{
		{name: "nobody", slots: 3},
		{name: "slots for all", slots: 3, all: []Candidate{c(0), c(5)}, want: []int{0, 1}},
		{name: "those who give most, and one more", slots: 3, all: []Candidate{c(1), c(9), c(0), c(5), c(2)}, want: []int{1, 3}, lucky: 1},
		{name: "one slot", slots: 1, all: []Candidate{c(1), c(9)}, want: []int{1}},
		{name: "idle ones have what nobody asks for", slots: 3, all: []Candidate{idle, c(0), idle, idle}, want: []int{0, 1, 2}},
		{name: "an idle one that is unchoked stays so", slots: 2, all: []Candidate{idle, c(0), {Unchoked: true, Joined: long, Since: long}}, want: []int{1, 2}},
		{name: "who asks goes before who does not", slots: 2, all: []Candidate{{Unchoked: true, Received: 100}, c(0), c(0)}, want: []int{1, 2}},
		{name: "of equals the one that is unchoked", slots: 2, all: []Candidate{c(0), c(0), {Interested: true, Unchoked: true, Joined: long, Since: long}}, want: []int{2}, lucky: 1},
		{
			name: "a seed keeps a turn, then takes who waited longest", slots: 3, seeding: true,
			all: []Candidate{
				{Interested: true, Joined: long, Since: epoch.Add(-10 * time.Second)},
				{Interested: true, Joined: long, Since: long, Unchoked: true, Sent: 1 << 30, SentInSlot: 1 << 30}, // has had its turn
				{Interested: true, Joined: long, Since: epoch.Add(-20 * time.Second)},
				{Interested: true, Joined: long, Since: epoch.Add(-59 * time.Second), Unchoked: true},
			},
			want: []int{0, 2, 3},
		},
		{
			name: "a turn of a seed is a minute and some pieces, and ends", slots: 2, seeding: true,
			all: []Candidate{
				{Interested: true, Joined: long, Since: long},
				{Interested: true, Joined: long, Since: epoch.Add(-2 * time.Minute), Unchoked: true, SentInSlot: 1<<20 - 1},
				{Interested: true, Joined: long, Since: epoch.Add(-maxSeedRotation), Unchoked: true, SentInSlot: 1<<20 - 1},
				{Interested: true, Joined: long, Since: epoch.Add(-time.Minute), Unchoked: true, SentInSlot: 1 << 20},
			},
			want: []int{0, 1},
		},
		{
			name: "a seed with slots to spare prefers who takes faster", slots: 2, seeding: true,
			all: []Candidate{
				{Interested: true, Joined: long, Since: long, Unchoked: true, Sent: 1, SentInSlot: 1 << 20},
				{Interested: true, Joined: long, Since: long, Unchoked: true, Sent: 3, SentInSlot: 1 << 20},
				{Interested: true, Joined: long, Since: long, Unchoked: true, Sent: 2, SentInSlot: 1 << 20},
			},
			want: []int{1, 2},
		},
		{
			name: "who snubs us has but the lot, and there are more of those", slots: 4,
			all: []Candidate{
				{Interested: true, Snubs: true, Unchoked: true, Joined: long, Received: 0},
				{Interested: true, Snubs: true, Unchoked: true, Joined: long, Received: 0},
				c(7), {Interested: true, Snubs: true, Joined: long}, {Interested: true, Snubs: true, Joined: long},
			},
			want: []int{2}, lucky: 3,
		},
		{
			name: "who snubs us is served while nobody else wants to be", slots: 4,
			all: []Candidate{c(7), {Interested: true, Snubs: true, Joined: long}}, want: []int{0, 1},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := New(tt.slots, epoch, 1)
			k.Round(epoch, tt.all, tt.seeding, 1<<20)
			var lucky []int
			got := slices.DeleteFunc(ups(tt.all), func(i int) bool {
				if tt.all[i].Optimistic {
					lucky = append(lucky, i)
				}
				return tt.all[i].Optimistic
			})
			if !slices.Equal(got, tt.want) || len(lucky) != tt.lucky {
				t.Errorf("unchoked %v, optimistic %v; want %v and %d", got, lucky, tt.want, tt.lucky)
			}
		})
	}
}

func TestOptimisticUnchokeChangesEvery30s(t *testing.T) {
	k := New(3, epoch, 1)
	all := make([]Candidate, 10)
	for i := range all {
		all[i] = Candidate{Interested: true, Received: int64(100 - i), Joined: epoch.Add(-time.Hour)}
	}
	var chosen []int
	for now := epoch; now.Before(epoch.Add(10 * time.Minute)); now = now.Add(Round) {
		k.Round(now, all, false, 0)
		if got := ups(all); len(got) != 3 || got[0] != 0 || got[1] != 1 {
			t.Fatalf("unchoked %v", got)
		}
		chosen = append(chosen, slices.IndexFunc(all, func(c Candidate) bool { return c.Optimistic }))
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
	k := New(2, epoch, 1)
	counts := map[bool]int{}
	for range 4000 {
		all := []Candidate{
			{Interested: true, Received: 9, Joined: epoch.Add(-time.Hour)},
			{Interested: true, Joined: epoch.Add(-time.Hour)},
			{Interested: true, Joined: epoch},
		}
		k.Round(epoch, all, false, 0)
		counts[all[2].Optimistic]++
	}
	if n := counts[true]; n < 2800 || n > 3200 {
		t.Errorf("the newcomer was chosen %d times of 4000, want about 3000", n)
	}
}

// TestSnubberLosesItsSlot: over ten minutes a peer that was reciprocated and went
// silent has no more than its lot of one optimistic slot.
func TestSnubberLosesItsSlot(t *testing.T) {
	k := New(3, epoch, 1)
	all := make([]Candidate, 9)
	for i := range all {
		all[i] = Candidate{Interested: true, Joined: epoch.Add(-time.Hour)}
	}
	all[0].Received, all[1].Received = 9, 8
	all[8].Snubs, all[8].Unchoked = true, true
	had := 0
	const rounds = 600
	for i := range rounds {
		k.Round(epoch.Add(time.Duration(i)*Round), all, false, 0)
		if all[8].Unchoked {
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
		if got := SlotsFor(limit); got != want {
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
	var chokers [n]Choker
	var views [n][n]Candidate // as the first sees the second
	var gave [n][n]int        // the round in which the second last gave the first something
	for i := range n {
		chokers[i] = New(slots, epoch, uint64(i))
		for j := range n {
			views[i][j] = Candidate{Interested: i != j, Joined: epoch, Since: epoch}
		}
	}
	var had [n]float64
	for round := range rounds {
		now := epoch.Add(time.Duration(round) * Round)
		for i := 1; i < n; i++ {
			for j := range n {
				views[i][j].Snubs = time.Duration(round-gave[i][j])*Round >= snubTime
			}
			chokers[i].Round(now, views[i][:], false, 0)
		}
		for i := 1; i < n; i++ {
			to := ups(views[i][:])
			for j := range n {
				views[j][i].Received /= 2 // two rounds, about
			}
			for _, j := range to {
				part := int64(uplink / len(to))
				views[j][i].Received += part
				views[j][i].Debt -= part
				views[i][j].Debt += part
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
	k := New(3, epoch, 1)
	all := []Candidate{
		{Interested: true, Unchoked: true, Debt: 2 << 20, Joined: epoch},
		{Interested: true, Unchoked: true, Debt: 1 << 20, Joined: epoch},
		{Interested: true, Joined: epoch},
		{Interested: true, Debt: -1 << 20, Joined: epoch},
	}
	k.Round(epoch, all, false, 0)
	if !all[2].Unchoked || all[2].Optimistic || !all[3].Unchoked || all[3].Optimistic {
		t.Errorf("%+v", all)
	}
}
