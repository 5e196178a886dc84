package peer

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func clientN(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{203, 0, byte(n >> 8), byte(n)}), 32)
}

// staked makes a torrent for which clients wait, n of whose dials are under way.
func (a *allotment) staked(proved bool, n int, clients ...int) *stake {
	st := newStake(proved)
	for _, c := range clients {
		st.clients[clientN(c)] = true
	}
	a.add(st)
	for range n {
		a.take(&seat{stake: st})
	}
	return st
}

func TestAllotmentPushes(t *testing.T) {
	const places = 64
	works := func(a *allotment, st *stake, n int) {
		for _, s := range slices.Clone(a.seats) {
			if s.stake == st && n > 0 {
				a.use(s, true)
				n--
			}
		}
	}
	for _, tt := range []struct {
		name  string
		fill  func(a *allotment) *stake // takes all places, and returns who is to lose one
		claim func(a *allotment) *stake
		want  bool
		count Pushed
	}{
		{"of nobody", func(a *allotment) *stake { return a.staked(false, places) },
			func(a *allotment) *stake { return a.staked(false, 0, 1) }, true, Pushed{Unwanted: 1}},
		{"of nobody, for nobody", func(a *allotment) *stake { return a.staked(false, places) },
			func(a *allotment) *stake { return a.staked(false, 0) }, false, Pushed{}},
		{"of nobody, for nobody's torrent that gave content", func(a *allotment) *stake { return a.staked(false, places) },
			func(a *allotment) *stake { return a.staked(true, 0) }, true, Pushed{Unwanted: 1}},
		{"of who waits, for nobody", func(a *allotment) *stake { return a.staked(false, places, 1) },
			func(a *allotment) *stake { return a.staked(true, 0) }, false, Pushed{}},
		{"nobody's junk before what gave content", func(a *allotment) *stake { a.staked(true, places-1); return a.staked(false, 1) },
			func(a *allotment) *stake { return a.staked(false, 0, 1) }, true, Pushed{Unwanted: 1}},
		{"of a client above its share", func(a *allotment) *stake { return a.staked(false, places, 1) },
			func(a *allotment) *stake { return a.staked(false, 0, 2) }, true, Pushed{Share: 1}},
		{"of one above its share, though it gave content", func(a *allotment) *stake { return a.staked(true, places, 1) },
			func(a *allotment) *stake { return a.staked(false, 0, 2) }, true, Pushed{Share: 1}},
		{"of a client with its share", func(a *allotment) *stake { return a.staked(false, places/2, 1) },
			func(a *allotment) *stake { return a.staked(false, places/2, 2) }, false, Pushed{}},
		{"of the client with the most", func(a *allotment) *stake { a.staked(false, 20, 1); return a.staked(false, 44, 2) },
			func(a *allotment) *stake { return a.staked(false, 0, 3) }, true, Pushed{Share: 1}},
		{"of a client's other torrent", func(a *allotment) *stake { a.staked(false, 20, 1); return a.staked(false, 44, 1) },
			func(a *allotment) *stake { return a.staked(false, 0, 1) }, true, Pushed{Share: 1}},
		{"of one that others wait for too", func(a *allotment) *stake { a.staked(false, 40, 1, 2, 3, 4); return a.staked(false, 24, 1) },
			func(a *allotment) *stake { return a.staked(false, 0, 5) }, true, Pushed{Share: 1}},
		{"for a client's torrent that gave content", func(a *allotment) *stake { return a.staked(false, places/2, 1) },
			func(a *allotment) *stake { return a.staked(true, places/2, 1) }, true, Pushed{Share: 1}},
		{"of a client's torrent that gave content", func(a *allotment) *stake { return a.staked(true, places/2, 1) },
			func(a *allotment) *stake { return a.staked(false, places/2, 1) }, false, Pushed{}},
		{"of this process", func(a *allotment) *stake {
			st := a.staked(false, places)
			st.clients[netip.Prefix{}] = true
			return st
		}, func(a *allotment) *stake { return a.staked(false, 0, 2) }, false, Pushed{}},
		{"for this process", func(a *allotment) *stake { return a.staked(false, 2, 1) }, func(a *allotment) *stake {
			st := a.staked(false, places-2)
			st.clients[netip.Prefix{}] = true
			return st
		}, true, Pushed{Share: 1}},
		{"what is of use to nobody now", func(a *allotment) *stake { st := a.staked(true, places); works(a, st, places); return st },
			func(a *allotment) *stake { return a.staked(false, 0, 1) }, true, Pushed{Unwanted: 1}},
		{"what is of use, of a client above its share", func(a *allotment) *stake { st := a.staked(true, places, 1); works(a, st, places); return st },
			func(a *allotment) *stake { return a.staked(false, 0, 2) }, true, Pushed{Share: 1}},
		{"what is of use, for one more silent one of many", func(a *allotment) *stake {
			st := a.staked(true, places-places/silentFloor, 1)
			works(a, st, places)
			return st
		}, func(a *allotment) *stake { return a.staked(false, places/silentFloor, 2) }, false, Pushed{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := &allotment{places: places}
			loses := tt.fill(a)
			claim := tt.claim(a)
			if len(a.seats) != places {
				t.Fatalf("%d places are taken", len(a.seats))
			}
			before := claim.seats
			s, pushed := a.dial(claim, time.Time{})
			if got := s != nil; got != tt.want {
				t.Fatalf("granted: %v", got)
			}
			if tt.want && (pushed == nil || pushed.stake != loses || !pushed.gone || claim.seats != before+1) {
				t.Errorf("pushed %+v", pushed)
			}
			if a.counts.pushed != tt.count || len(a.seats) != places {
				t.Errorf("%+v, %d seats", a.counts.pushed, len(a.seats))
			}
		})
	}
}

// Who connects to us is not shut out by dials, nor by others that connect and are silent.
func TestAllotmentAccepts(t *testing.T) {
	a := &allotment{places: 50}
	st := a.staked(false, 0, 1)
	dialled := 0
	for range 100 {
		if s, _ := a.dial(st, time.Time{}); s != nil {
			dialled++
		}
	}
	if dialled != 40 {
		t.Errorf("%d silent dials, want 40 of 50", dialled)
	}
	now := time.Time{}
	for n := range 10 {
		if s, _ := a.accept(now); s == nil {
			t.Fatalf("accepted %d", n)
		}
	}
	if s, _ := a.accept(now.Add(silentGrace - 1)); s != nil {
		t.Error("accepted, though all places are taken and none silent for long")
	}
	first := a.seats[40]
	if s, pushed := a.accept(now.Add(silentGrace)); s == nil || pushed != first || a.counts.pushed.Silent != 1 {
		t.Errorf("pushed %+v", pushed)
	}
}

// Whatever comes and goes: the counts are those of the seats, no more than all places are
// taken, two clients that both want more have the same, and it comes to rest.
func TestAllotmentProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := &allotment{places: rapid.IntRange(10, 60).Draw(t, "places")}
		var stakes []*stake
		for range rapid.IntRange(1, 6).Draw(t, "torrents") {
			stakes = append(stakes, a.staked(rapid.Bool().Draw(t, "proved"), 0))
		}
		var now time.Time
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			st := rapid.SampledFrom(stakes).Draw(t, "torrent")
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				st.clients[clientN(rapid.IntRange(0, 3).Draw(t, "client"))] = true
			case 1:
				clear(st.clients)
			case 2:
				if s, _ := a.accept(now); s != nil {
					s.stake = st
				}
			case 3:
				if len(a.seats) > 0 {
					s := rapid.SampledFrom(a.seats).Draw(t, "seat")
					if rapid.Bool().Draw(t, "useful") {
						a.use(s, true)
					} else {
						a.leave(s)
						a.leave(s)
					}
				}
			default:
				a.dial(st, now)
			}
			now = now.Add(time.Second)
			consistent(t, a)
		}
		settles(t, a, stakes, now)
	})
}

func consistent(t *rapid.T, a *allotment) {
	var incoming, silent int
	seats, quiet := map[*stake]int{}, map[*stake]int{}
	for _, s := range a.seats {
		count(&incoming, s.incoming)
		count(&silent, !s.incoming && !s.useful)
		if s.paid() {
			seats[s.stake]++
			if !s.useful {
				quiet[s.stake]++
			}
		}
		if s.gone {
			t.Fatal("a seat that is gone")
		}
	}
	if len(a.seats) > a.places || incoming != a.counts.incoming || silent != a.counts.silent {
		t.Fatalf("%d seats of %d, incoming %d, silent %d, counted %+v", len(a.seats), a.places, incoming, silent, a.counts)
	}
	for _, st := range a.stakes {
		if st.seats != seats[st] || st.silent != quiet[st] {
			t.Fatalf("a torrent counts %d and %d of %d and %d", st.seats, st.silent, seats[st], quiet[st])
		}
	}
}

// settles has all torrents want more until nobody gets any, and compares the clients of
// torrents that have one each and silent seats alone.
func settles(t *rapid.T, a *allotment, stakes []*stake, now time.Time) {
	for _, s := range slices.Clone(a.seats) {
		a.leave(s)
	}
	for i, st := range stakes {
		clear(st.clients)
		st.clients[clientN(i%3)] = true
	}
	for rounds := 0; ; rounds++ {
		granted := false
		for _, st := range stakes {
			s, _ := a.dial(st, now)
			granted = granted || s != nil
		}
		if !granted {
			break
		}
		if rounds > 10*a.places {
			t.Fatal("seats are pushed to and fro without end")
		}
	}
	consistent(t, a)
	has := map[netip.Prefix]int{}
	for i, st := range stakes {
		has[clientN(i%3)] += st.seats
	}
	low, high := a.places, 0
	for _, n := range has {
		low, high = min(low, n), max(high, n)
	}
	if high > low+1 {
		t.Fatal(fmt.Sprint("shares ", has))
	}
}
