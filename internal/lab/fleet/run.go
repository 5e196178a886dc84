package fleet

import (
	"math"
	"math/rand/v2"
	"time"
)

// A gateway is one of a fleet.
type gateway struct {
	up      bool
	streams int
	disk    *diskCache
	knows   map[int32]bool          // titles whose metadata it has
	warm    map[int32]time.Duration // until when it has peers outside, by title
}

// isWarm reports whether peers outside are connected that send a title.
func (g *gateway) isWarm(now time.Duration, title int32) bool {
	until, ok := g.warm[title]
	if ok && now >= until {
		delete(g.warm, title)
		ok = false
	}
	return ok
}

// A reader reads one title from its start, chunk by chunk.
type reader struct {
	title     int32
	next, end int32 // chunks
	at        int8  // its gateway; -1: it was cut, and asks anew
	begun     bool
	rate      int64
}

// A world is a fleet with its readers.
type world struct {
	Scenario
	swarm    *rand.Rand // how long the swarm takes
	titles   *catalogue
	gateways []*gateway
	up       int // gateways
	streams  int
	holders  []uint64 // of each chunk: the gateways whose disk has it
	stored   []bool   // chunks that the store has
	read     []bool   // chunks that somebody read
	down     bool     // the store
	now      time.Duration
	due      events
	readers  []reader
	res      *Result
}

// Run plays a scenario.
func Run(s Scenario) *Result {
	all := s.Gateways + s.Joins
	if all > maxGateways {
		panic("fleet: too many gateways")
	}
	w := &world{Scenario: s, swarm: chance(s.Seed, 1), titles: newCatalogue(s.Seed, s.Titles, all, chance(s.Seed, 2)), res: &Result{Scenario: s}}
	chunks := w.titles.first[s.Titles]
	w.holders, w.stored, w.read = make([]uint64, chunks), make([]bool, chunks), make([]bool, chunks)
	for i := range all {
		g := &gateway{up: i < s.Gateways, disk: newCache(s.Cache), knows: make(map[int32]bool), warm: make(map[int32]time.Duration)}
		w.gateways = append(w.gateways, g)
	}
	w.up = s.Gateways
	w.accidents(chance(s.Seed, 3))
	w.arrivals(chance(s.Seed, 4))
	for !w.due.none() {
		e := w.due.take()
		w.now = e.at
		if e.happens != nil {
			e.happens()
		} else {
			w.step(e.reader)
		}
	}
	w.res.finish(w)
	return w.res
}

// chance is a source of its own for each use: with other accidents the readers are the same.
func chance(seed, use uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, use)) }

// accidents plans what happens to gateways and to the store.
func (w *world) accidents(random *rand.Rand) {
	for i := range w.Kills {
		at := time.Duration(random.Int64N(int64(w.Length)))
		n := random.IntN(w.Gateways)
		w.due.add(event{at: at, happens: func() { w.leave(n) }})
		w.due.add(event{at: at + w.Absence, happens: func() { w.join(n, i%3 == 0) }})
	}
	for i := range w.Joins {
		n := w.Gateways + i
		w.due.add(event{at: w.Length / 3, happens: func() { w.moved(n); w.join(n, true) }})
		w.due.add(event{at: 2 * w.Length / 3, happens: func() { w.leave(n); w.empty(n) }})
	}
	if w.Outage > 0 {
		w.due.add(event{at: w.Length / 2, happens: func() { w.down = true }})
		w.due.add(event{at: w.Length/2 + w.Outage, happens: func() { w.down = false }})
	}
}

// arrivals plans readers, evenly over the day.
func (w *world) arrivals(random *rand.Rand) {
	zipf := rand.NewZipf(random, zipfExponent, zipfOffset, uint64(w.Titles-1))
	w.readers = make([]reader, w.Readers)
	for i := range w.readers {
		title := int32(zipf.Uint64())
		first, end := w.titles.first[title], w.titles.first[title+1]
		if random.Float64() >= whole {
			end = first + 1 + random.Int32N(end-first)
		}
		rate := int64(downloadRate)
		if random.Float64() < films {
			rate = filmRate
		}
		w.readers[i] = reader{title: title, next: first, end: end, at: -1, rate: rate}
		w.due.add(event{at: time.Duration(random.Int64N(int64(w.Length))), reader: int32(i)})
	}
}

// step has a reader read its next chunk, and come again when it is read.
func (w *world) step(i int32) {
	r := &w.readers[i]
	if r.at < 0 {
		r.at = w.place(r.title)
		w.gateways[r.at].streams++
		w.streams++
		if mean := float64(w.streams) / float64(w.up); mean >= 10 {
			w.res.Busiest = max(w.res.Busiest, float64(w.gateways[r.at].streams)/mean)
		}
	}
	takes := time.Duration(int64(chunk) * int64(time.Second) / r.rate)
	tier, first := w.fetch(int(r.at), r.title, r.next, takes)
	w.res.count(tier)
	w.read[r.next] = true
	if !r.begun {
		r.begun = true
		w.res.first = append(w.res.first, first)
	}
	if r.next++; r.next < r.end {
		w.due.add(event{at: w.now + takes, reader: i})
		return
	}
	w.gateways[r.at].streams--
	w.streams--
}

// place is the balancer's choice: the first gateway in the title's order that is not full.
func (w *world) place(title int32) int8 {
	most := int(math.Ceil(w.Overload * float64(w.streams+1) / float64(w.up)))
	for _, n := range w.titles.placesOf(int(title)) {
		if g := w.gateways[n]; g.up && g.streams < most {
			return n
		}
	}
	panic("fleet: all gateways have more than the mean")
}

// fetch has a gateway get a chunk for a reader who takes so long for it. It returns where it came from and how long a
// first byte takes from there.
func (w *world) fetch(n int, title, c int32, takes time.Duration) (Tier, time.Duration) {
	g := w.gateways[n]
	if e := g.disk.use(w.now, c); e != nil {
		if e.reads == 2 {
			w.write(c)
		}
		return FromCache, firstCache
	}
	known := g.knows[title]
	if w.Siblings && w.holders[c]&w.alive() != 0 {
		w.keep(n, title, c, false)
		return FromSibling, firstSibling
	}
	if w.Store && !w.down && w.stored[c] {
		w.keep(n, title, c, false)
		return FromStore, firstStore
	}
	lead := n
	if w.Siblings {
		lead = w.lead(title)
	}
	median := firstSwarm
	switch {
	case w.gateways[lead].isWarm(w.now, title):
		median = firstWarm
	case !known && !w.gateways[lead].knows[title]:
		median = firstUnknown
	}
	w.gateways[lead].warm[title] = w.now + takes + warmTime
	if lead != n {
		w.keep(lead, title, c, !w.KeptTwice)
	}
	w.keep(n, title, c, false)
	return FromSwarm, time.Duration(float64(median) * math.Exp(w.swarm.NormFloat64()*swarmSpread))
}

// keep puts a chunk on a gateway's disk, where it is spare if another one keeps it too.
func (w *world) keep(n int, title, c int32, spare bool) {
	g := w.gateways[n]
	g.knows[title] = true
	w.holders[c] |= 1 << n
	for _, gone := range g.disk.add(w.now, c, spare) {
		w.holders[gone] &^= 1 << n
	}
}

// write puts a chunk that was read twice into the store.
func (w *world) write(c int32) {
	if w.Store && !w.down && !w.stored[c] {
		w.stored[c] = true
		w.res.Stored += chunk
	}
}

// lead returns the gateway that fetches a title from outside: the first in the ring's order that is warm, or else the
// first. It counts those that are not the first.
func (w *world) lead(title int32) int {
	owner := -1
	for _, n := range w.titles.ownersOf(int(title)) {
		switch {
		case !w.gateways[n].up:
			continue
		case w.gateways[n].isWarm(w.now, title):
			if owner >= 0 {
				w.res.Warm += chunk
			}
			return int(n)
		case owner < 0:
			owner = int(n)
		}
	}
	if owner < 0 {
		panic("fleet: there is no gateway")
	}
	return owner
}

// alive is a bit for each gateway that is up.
func (w *world) alive() (all uint64) {
	for n, g := range w.gateways {
		if g.up {
			all |= 1 << n
		}
	}
	return all
}

// leave ends a gateway. Its readers ask anew, wherever the balancer has them.
func (w *world) leave(n int) {
	g := w.gateways[n]
	if !g.up || w.up == 1 {
		return
	}
	g.up = false
	clear(g.warm)
	w.up--
	w.streams -= g.streams
	g.streams = 0
	for i := range w.readers {
		if r := &w.readers[i]; r.begun && r.next < r.end && int(r.at) == n {
			r.at = -1
			w.res.Resumed++
		}
	}
}

// join starts a gateway, without what it had where its disk is lost.
func (w *world) join(n int, lost bool) {
	g := w.gateways[n]
	if g.up {
		return
	}
	g.up = true
	w.up++
	if lost {
		w.empty(n)
	}
}

// empty takes a gateway's disk away.
func (w *world) empty(n int) {
	g := w.gateways[n]
	for c := range g.disk.entries {
		w.holders[c] &^= 1 << n
	}
	g.disk, g.knows = newCache(w.Cache), make(map[int32]bool)
}

// moved counts the titles that a gateway will own when it joins.
func (w *world) moved(n int) {
	took := 0
	for title := range w.Titles {
		for _, o := range w.titles.ownersOf(title) {
			if int(o) == n {
				took++
				break
			}
			if w.gateways[o].up {
				break
			}
		}
	}
	w.res.Moved = append(w.res.Moved, Move{Gateways: w.up + 1, Titles: took})
}
