package fleet

import (
	"flag"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	report  = flag.Bool("fleet.report", false, "play the whole day, and print what comes of it")
	readers = flag.Int("fleet.readers", Day().Readers, "of the day of TestReport")
	only    = flag.String("fleet.only", "", "of the fleets of TestReport those that have this in their name")
	seed    = flag.Uint64("fleet.seed", 1, "of the day of TestReport")
)

// small is a scenario with all that may happen, for a second.
func small(edit func(*Scenario)) Scenario {
	s := Scenario{
		Seed: 7, Gateways: 8, Cache: 4 << 40, Titles: 2000, Readers: 6_000, Length: 24 * time.Hour,
		Siblings: true, Store: true, Absence: 10 * time.Minute, Overload: 1.5,
	}
	edit(&s)
	return s
}

// eventful adds accidents.
func eventful(s *Scenario) { s.Kills, s.Joins, s.Outage = 12, 2, 2*time.Hour }

// Each byte that somebody wants crosses the line once, if all disks together have room.
func TestOneFetch(t *testing.T) {
	for _, s := range []Scenario{small(func(*Scenario) {}), small(func(s *Scenario) { s.Store = false })} {
		if r := Run(s); r.By[FromSwarm] != r.Distinct {
			t.Errorf("%d bytes from outside for %d", r.By[FromSwarm], r.Distinct)
		}
	}
	r := Run(small(func(s *Scenario) { s.Siblings, s.Store = false, false }))
	if r.Outside() < 1.1 || r.By[FromSibling] != 0 || r.By[FromStore] != 0 {
		t.Errorf("gateways alone: %v for %d bytes", r.By, r.Distinct)
	}
}

// Gateways that die, come and go, and a store that is down, cost a few bytes from outside, and every reader gets all.
func TestAccidents(t *testing.T) {
	r := Run(small(eventful))
	if r.Outside() > 1.1 {
		t.Errorf("%.3f bytes from outside a byte", r.Outside())
	}
	if r.Resumed == 0 || r.By[FromStore] == 0 || r.By[FromSibling] == 0 {
		t.Errorf("%d readers resumed; by tier %v", r.Resumed, r.By)
	}
	calm := Run(small(func(*Scenario) {}))
	if r.Served() != calm.Served() || len(r.first) != r.Readers {
		t.Errorf("%d readers got %d bytes, and %d where nothing happens", len(r.first), r.Served(), calm.Served())
	}
}

// Where all disks together have too little room, siblings spare bytes from outside all the same: what an owner fetched for
// another gateway makes room for what readers read.
func TestFullDisks(t *testing.T) {
	full := func(edit func(*Scenario)) float64 {
		return Run(small(func(s *Scenario) { s.Cache, s.Store = 128<<30, false; edit(s) })).Outside()
	}
	alone := full(func(s *Scenario) { s.Siblings = false })
	twice := full(func(s *Scenario) { s.KeptTwice = true })
	if with := full(func(*Scenario) {}); with > 0.97*alone || with > 0.97*twice {
		t.Errorf("%.3f bytes from outside a byte with siblings, %.3f alone, %.3f where owners keep what they fetch", with, alone, twice)
	} else {
		t.Logf("%.3f bytes from outside a byte with siblings, %.3f alone, %.3f where owners keep what they fetch", with, alone, twice)
	}
}

// What a fleet loses with a disk, the store still has.
func TestStoreKeeps(t *testing.T) {
	lossy := func(s *Scenario) { s.Gateways, s.Kills = 3, 30 }
	with, without := Run(small(lossy)), Run(small(func(s *Scenario) { lossy(s); s.Store = false }))
	if with.By[FromSwarm] >= without.By[FromSwarm] {
		t.Errorf("%d bytes from outside with a store, %d without", with.By[FromSwarm], without.By[FromSwarm])
	}
}

// A gateway that joins takes no more than its share, and a twentieth.
func TestJoinMoves(t *testing.T) {
	r := Run(small(func(s *Scenario) { s.Gateways, s.Joins = 3, 3 }))
	if len(r.Moved) != 3 {
		t.Fatalf("%v", r.Moved)
	}
	for _, m := range r.Moved {
		if share := float64(m.Titles) / float64(r.Titles); share == 0 || share > 1/float64(m.Gateways)+0.05 {
			t.Errorf("of %d titles %d moved to the new one of %d gateways", r.Titles, m.Titles, m.Gateways)
		}
	}
}

// A gateway that joins does not take a title over that another one is warm for. It does when that one is warm no longer.
func TestWarmLeads(t *testing.T) {
	w := &world{Scenario: small(func(s *Scenario) { s.Store = false }), swarm: chance(1, 1), titles: newCatalogue(1, 10, 4, chance(1, 2)), res: &Result{}}
	w.holders, w.stored = make([]uint64, w.titles.first[10]), make([]bool, w.titles.first[10])
	for range 4 {
		w.gateways = append(w.gateways, &gateway{up: true, disk: newCache(w.Cache), knows: make(map[int32]bool), warm: make(map[int32]time.Duration)})
	}
	order := w.titles.ownersOf(3)
	owner, second, third := w.gateways[order[0]], int(order[1]), int(order[2])
	owner.up = false
	c := w.titles.first[3]
	w.fetch(third, 3, c, time.Minute)
	owner.up = true
	for _, x := range []struct {
		at   time.Duration
		want int
	}{{0, second}, {time.Minute + warmTime - 1, second}, {time.Minute + warmTime, int(order[0])}} {
		if w.now = x.at; w.lead(3) != x.want {
			t.Errorf("after %v gateway %d fetches, not %d", x.at, w.lead(3), x.want)
		}
	}
	if w.res.Warm != 2*chunk {
		t.Errorf("%d bytes were fetched by one that is warm", w.res.Warm)
	}
	w.now = 0
	w.up, w.gateways[second].streams = 4, 0
	w.leave(second)
	if n := w.lead(3); n != int(order[0]) {
		t.Errorf("gateway %d fetches once the one that was warm died", n)
	}
}

// A scenario gives the same result each time.
func TestDeterministic(t *testing.T) {
	one, two := Run(small(eventful)), Run(small(eventful))
	if !reflect.DeepEqual(one, two) {
		t.Errorf("%v and %v", one.By, two.By)
	}
	if other := Run(small(func(s *Scenario) { eventful(s); s.Seed = 8 })); other.By == one.By {
		t.Error("another seed gives the same result")
	}
}

// A disk evicts what was read once before what is read again and again.
func TestCacheOrder(t *testing.T) {
	c := newCache(10 * chunk)
	for hour := range 50 {
		now := time.Duration(hour) * time.Hour
		for hot := range int32(4) {
			if c.use(now, hot) == nil {
				c.add(now, hot, false)
			}
		}
		c.add(now, int32(100+hour), false)
	}
	for hot := range int32(4) {
		if c.entries[hot] == nil {
			t.Errorf("chunk %d is gone", hot)
		}
	}
	if n := len(c.entries); n != 10 || c.trial.n+c.main.n != n {
		t.Errorf("%d chunks, %d on trial and %d not", n, c.trial.n, c.main.n)
	}
}

// Spare chunks are evicted first, until somebody reads them.
func TestSpareChunks(t *testing.T) {
	c := newCache(4 * chunk)
	for n := range int32(4) {
		c.add(0, n, n < 2)
	}
	c.use(time.Hour, 0)
	if gone := append(c.add(time.Hour, 4, false), c.add(time.Hour, 5, true)...); !slices.Equal(gone, []int32{1, 5}) {
		t.Errorf("%v went, in place of what is spare", gone)
	}
	if gone := c.add(time.Hour, 6, false); !slices.Equal(gone, []int32{2}) {
		t.Errorf("%v went, in place of the oldest that is not spare", gone)
	}
}

// TestReport prints what make lab-fleet is for.
func TestReport(t *testing.T) {
	if !*report {
		return
	}
	for _, disk := range []int64{1 << 40, 4 << 40} {
		var names []string
		var all []*Result
		for _, f := range []struct {
			name string
			edit func(*Scenario)
		}{
			{"alone, without a bound", func(s *Scenario) { s.Overload = 1e9 }},
			{"alone", func(*Scenario) {}},
			{"object store", func(s *Scenario) { s.Store = true }},
			{"siblings", func(s *Scenario) { s.Siblings = true }},
			{"siblings and object store", func(s *Scenario) { s.Siblings, s.Store = true, true }},
			{"the same, kept twice", func(s *Scenario) { s.Siblings, s.Store, s.KeptTwice = true, true, true }},
		} {
			if !strings.Contains(f.name, *only) {
				continue
			}
			s := Day()
			s.Seed, s.Readers, s.Cache = *seed, *readers, disk
			f.edit(&s)
			names, all = append(names, f.name), append(all, Run(s))
		}
		last := all[len(all)-1]
		fmt.Printf("\n%d gateways with %d TiB each, %d readers of %s in all, %s of them distinct\n\n%s", last.Gateways, disk>>40, last.Readers, terabytes(last.Served()), terabytes(last.Distinct), Table(names, all))
		for _, m := range last.Moved {
			fmt.Printf("gateway %d joins: %.2f %% of titles move to it, its share is %.2f %%\n", m.Gateways, 100*float64(m.Titles)/float64(last.Titles), 100/float64(m.Gateways))
		}
	}
}
