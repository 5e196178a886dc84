package cache

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"testing"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A trace is what is asked for, one after the other.
type trace []int32

// zipfTrace asks for n torrents of so many by Zipf's law with the exponent 0.9; a share of
// what is asked for are scans, which pass over new torrents once.
func zipfTrace(n, torrents int, scans float64, scanLength int) trace {
	random := rand.New(rand.NewPCG(1, 2))
	sums := make([]float64, torrents)
	sum := 0.0
	for i := range sums {
		sum += math.Pow(float64(i+1), -0.9)
		sums[i] = sum
	}
	next := int32(torrents)
	begin := scans / (scans + (1-scans)*float64(scanLength)) // that a scan begins now
	var tr trace
	for len(tr) < n {
		if random.Float64() < begin {
			for range scanLength {
				tr = append(tr, next)
				next++
			}
			continue
		}
		tr = append(tr, int32(sort.SearchFloat64s(sums, random.Float64()*sum)))
	}
	return tr[:n]
}

// hits is the share of hits of a cache in the second half of a trace.
func (tr trace) hits(get func(torrent int32) bool) float64 {
	n := 0
	for i, k := range tr {
		if get(k) && i >= len(tr)/2 {
			n++
		}
	}
	return float64(n) / float64(len(tr)-len(tr)/2)
}

// byOrder is a cache of one run a torrent, by our order; requests are far apart. A miss costs
// what cost says.
func byOrder(places int, cost func(int32) MissCost) func(int32) bool {
	var o order
	now := time.Duration(0)
	o.init(func() time.Duration { return now })
	held := make(map[int32]*run)
	contents := make(map[int32]*content)
	return func(k int32) bool {
		now += sameUse
		if p := held[k]; p != nil {
			o.touch(p)
			return true
		}
		if len(held) == places {
			victim := o.next()
			o.evict(victim)
			delete(held, victim.index)
		}
		if contents[k] == nil {
			contents[k] = &content{missCost: cost(k)}
		}
		p := &run{c: contents[k], index: k, charged: 1}
		held[k] = p
		o.admit(p, false)
		o.add(p)
		return false
	}
}

// equal has all misses cost the same.
func equal(int32) MissCost { return Ordinary }

// unequal has a third of the torrents of each cost, whatever they are asked for.
func unequal(torrent int32) MissCost { return MissCost(uint32(torrent) * 2654435761 >> 16 % 3) }

// seconds is what misses may cost.
var seconds = [...]float64{Ordinary: 4, Cheap: 1, Dear: 16}

// costs is what the misses of a cache in the second half of a trace cost, and the share of hits.
func (tr trace) costs(get func(torrent int32) bool) (cost, hits float64) {
	for i, k := range tr {
		switch hit := get(k); {
		case i < len(tr)/2:
		case hit:
			hits++
		default:
			cost += seconds[unequal(k)]
		}
	}
	return cost, hits / float64(len(tr)-len(tr)/2)
}

// byLRU is a cache of what was used last.
func byLRU(places int) func(int32) bool {
	l, _ := simplelru.NewLRU[int32, bool](places, nil)
	return func(k int32) bool {
		if _, ok := l.Get(k); ok {
			return true
		}
		l.Add(k, true)
		return false
	}
}

// best is the offline optimum (Belady): what is asked for again the latest goes, or never comes.
func (tr trace) best(places int) func(int32) bool {
	const never = math.MaxInt
	again := make([]int, len(tr))
	last := make(map[int32]int)
	for i := len(tr) - 1; i >= 0; i-- {
		again[i] = never
		if at, ok := last[tr[i]]; ok {
			again[i] = at
		}
		last[tr[i]] = i
	}
	held := make(map[int32]int)
	var queue nextUses
	i := -1
	return func(k int32) bool {
		i++
		_, hit := held[k]
		if !hit && again[i] == never {
			return false
		}
		held[k] = again[i]
		heap.Push(&queue, nextUse{k, again[i]})
		for len(held) > places {
			if u := heap.Pop(&queue).(nextUse); held[u.torrent] == u.at { // else it is old
				delete(held, u.torrent)
			}
		}
		return hit
	}
}

type nextUse struct {
	torrent int32
	at      int
}

type nextUses []nextUse

func (q nextUses) Len() int           { return len(q) }
func (q nextUses) Less(i, j int) bool { return q[i].at > q[j].at }
func (q nextUses) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *nextUses) Push(x any)        { *q = append(*q, x.(nextUse)) }
func (q *nextUses) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// traces are those that the order is measured by.
var traces = []struct {
	scans  float64
	length int
}{{0, 1}, {0.2, 400}, {0.4, 2_000}, {0.2, 1}}

// shares are the hits of our order, of LRU and of the optimum with room for 5 %.
func shares(n, torrents int, scans float64, length int) (ours, lru, best float64) {
	tr := zipfTrace(n, torrents, scans, length)
	places := torrents / 20
	return tr.hits(byOrder(places, equal)), tr.hits(byLRU(places)), tr.hits(tr.best(places))
}

// The order has more hits than LRU, and four fifths of those that are possible, with scans
// and without. BenchmarkOrder has more torrents, where it is eight in a hundred more.
func TestOrderBeatsRecency(t *testing.T) {
	for _, tt := range traces {
		ours, lru, best := shares(80_000, 10_000, tt.scans, tt.length)
		if ours < lru+0.07 || ours < 0.8*best {
			t.Errorf("%.0f %% scans of %d: %.3f, LRU %.3f, the optimum %.3f", 100*tt.scans, tt.length, ours, lru, best)
		}
	}
}

// Where some misses cost more than others, all of them together cost less for it, and hardly more are missed.
func TestOrderWeighsMisses(t *testing.T) {
	for _, tt := range traces {
		tr := zipfTrace(80_000, 10_000, tt.scans, tt.length)
		weighted, hits := tr.costs(byOrder(500, unequal))
		plain, most := tr.costs(byOrder(500, equal))
		t.Logf("%.0f %% scans of %d: the cost is %.3f of what it is if all are alike, hits %.3f and %.3f", 100*tt.scans, tt.length, weighted/plain, hits, most)
		if weighted > 0.985*plain || hits < most-0.015 {
			t.Errorf("%.0f %% scans of %d: the cost is %.3f of what it is if all are alike, hits %.3f and %.3f", 100*tt.scans, tt.length, weighted/plain, hits, most)
		}
	}
}

// What is evicted is found in a bounded time, however much was used.
func TestOrderPassesOverABoundedNumber(t *testing.T) {
	var o order
	now := time.Duration(0)
	o.init(func() time.Duration { return now })
	c := &content{missCost: Dear}
	for i := range 4 * maxPassed {
		r := &run{c: c, index: int32(i), charged: 1, main: true, lives: maxUses * lives[Dear]}
		if i == maxPassed/2 {
			r.lives--
		}
		o.add(r)
	}
	if r := o.next(); r.index != maxPassed/2 {
		t.Errorf("run %d is evicted, which is not the one that was used least of the first", r.index)
	}
	if first := o.main.oldest(); first.index != maxPassed {
		t.Errorf("%d runs were passed over", first.index)
	}
}

// Where all of a cache on trial was used again, there is something to evict all the same.
func TestOrderEvictsWhatWasUsedOnTrial(t *testing.T) {
	var o order
	now := time.Duration(0)
	o.init(func() time.Duration { return now })
	c := &content{}
	for i := range 2 * maxPassed {
		o.add(&run{c: c, index: int32(i), charged: 1, lives: lives[Ordinary]})
	}
	r := o.next()
	if r == nil {
		t.Fatal("nothing can be evicted")
	}
	if r.index != 0 {
		t.Errorf("run %d is evicted, which was not unused for the longest time", r.index)
	}
}

// BenchmarkOrder is TestOrderBeatsRecency over 100,000 torrents: the shares of hits are its metrics.
func BenchmarkOrder(b *testing.B) {
	for _, tt := range traces {
		b.Run(fmt.Sprintf("%.0f%%scans/%d", 100*tt.scans, 5*tt.length), func(b *testing.B) {
			for b.Loop() {
				ours, lru, best := shares(1_000_000, 100_000, tt.scans, 5*tt.length)
				b.ReportMetric(ours, "ours")
				b.ReportMetric(lru, "LRU")
				b.ReportMetric(best, "optimum")
			}
		})
	}
}

// Uses that are close to each other are one: a player that asks for parts of pieces does not
// make them look like what many ask for.
func TestOrderOfOneReader(t *testing.T) {
	var o order
	now := time.Duration(0)
	o.init(func() time.Duration { return now })
	c := &content{}
	var runs []*run
	for i := range 100 {
		p := &run{c: c, index: int32(i), charged: 1}
		o.admit(p, false)
		o.add(p)
		runs = append(runs, p)
	}
	for i := range 10 { // the same day, by one who seeks to and fro
		now += sameUse / 11
		o.touch(runs[i])
	}
	for _, p := range runs[10:20] { // by somebody else
		now += sameUse
		o.touch(p)
	}
	var gone []int32
	for range 90 {
		p := o.next()
		o.evict(p)
		gone = append(gone, p.index)
	}
	for _, i := range gone {
		if i >= 10 && i < 20 {
			t.Errorf("run %d, which was asked for twice, is evicted", i)
		}
	}
	if o.trial.len+o.main.len != 10 || o.trial.bytes+o.main.bytes != 10 {
		t.Errorf("%d on trial, %d beyond that", o.trial.len, o.main.len)
	}
	back := &run{c: c, index: gone[0], charged: 1}
	if o.admit(back, false); !back.main {
		t.Error("what comes back soon is on trial again")
	}
	if o.admit(back, false); back.main {
		t.Error("what came back is remembered for ever")
	}
}

// Evicted runs are remembered in bounds.
func TestGhostsAreBounded(t *testing.T) {
	var g ghosts
	g.init()
	c := &content{}
	for i := range 10 * minGhosts {
		g.add(&run{c: c, index: int32(i)}, 10)
	}
	if len(g.known) != minGhosts || len(g.queue) != minGhosts {
		t.Errorf("%d known, %d in the queue", len(g.known), len(g.queue))
	}
	if g.take(&run{c: c}) || !g.take(&run{c: c, index: 10*minGhosts - 1}) {
		t.Error("the oldest is known, or the newest is not")
	}
}
