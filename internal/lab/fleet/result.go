package fleet

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Tier is where a chunk came from.
type Tier int

const (
	FromCache   Tier = iota // the reader's own gateway had it
	FromSibling             // another gateway had it
	FromStore               // the object store had it
	FromSwarm               // it came from outside
	tiers
)

func (t Tier) String() string {
	return [...]string{"cache", "siblings", "object store", "swarm"}[t]
}

// A Result is what came of a scenario.
type Result struct {
	Scenario
	By       [tiers]int64 // bytes that were served, by where they came from
	Distinct int64        // bytes that somebody read, each counted once
	Stored   int64        // bytes that were written to the store
	Warm     int64        // bytes from outside that a gateway which was warm fetched in place of the owner
	Resumed  int          // readers that were cut in the middle
	Busiest  float64      // the most streams that a gateway had, as a multiple of the mean
	Moved    []Move
	first    []time.Duration // of readers, sorted at the end
}

// A Move is how many titles changed their owner when a gateway joined.
type Move struct {
	Gateways int // with the new one
	Titles   int
}

// Served returns all bytes that readers got.
func (r *Result) Served() (n int64) {
	for _, k := range r.By {
		n += k
	}
	return n
}

// Outside returns the bytes that crossed the line to the outside, for each that somebody wanted
// at all. 1 is the least where nothing is there at the start.
func (r *Result) Outside() float64 { return float64(r.By[FromSwarm]) / float64(r.Distinct) }

// First returns a percentile of the time to the first byte.
func (r *Result) First(percent float64) time.Duration {
	return r.first[int(percent/100*float64(len(r.first)-1))]
}

func (r *Result) count(t Tier) { r.By[t] += chunk }

func (r *Result) finish(w *world) {
	slices.Sort(r.first)
	for _, read := range w.read {
		if read {
			r.Distinct += chunk
		}
	}
}

// Table prints results side by side, as Markdown.
func Table(names []string, all []*Result) string {
	var b strings.Builder
	row := func(what string, value func(r *Result) string) {
		fmt.Fprintf(&b, "| %s |", what)
		for _, r := range all {
			fmt.Fprintf(&b, " %s |", value(r))
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "| | %s |\n|---%s|\n", strings.Join(names, " | "), strings.Repeat("|---", len(names)))
	row("bytes from outside a byte that was wanted", func(r *Result) string { return fmt.Sprintf("%.3f", r.Outside()) })
	row("bytes from outside", func(r *Result) string { return terabytes(r.By[FromSwarm]) })
	for t := range tiers {
		row("served from "+t.String(), func(r *Result) string { return fmt.Sprintf("%.1f %%", 100*float64(r.By[t])/float64(r.Served())) })
	}
	row("of it, fetched by one that is warm and not by the owner", func(r *Result) string { return fmt.Sprintf("%.2f %%", 100*float64(r.Warm)/float64(r.By[FromSwarm])) })
	for _, p := range []float64{50, 90, 99, 99.9} {
		row(fmt.Sprintf("first byte, %g %%", p), func(r *Result) string { return r.First(p).Round(time.Millisecond).String() })
	}
	row("streams of the busiest gateway, by the mean", func(r *Result) string { return fmt.Sprintf("%.2f", r.Busiest) })
	row("written to the store", func(r *Result) string { return terabytes(r.Stored) })
	row("readers that were cut and resumed", func(r *Result) string { return fmt.Sprint(r.Resumed) })
	return b.String()
}

func terabytes(n int64) string { return fmt.Sprintf("%.1f TB", float64(n)/1e12) }
