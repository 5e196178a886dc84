package lab

import (
	"slices"
	"time"
)

// A Result is what everybody had of a scenario.
type Result struct {
	Scenario string
	Seed     uint64

	First   Durations // from a reader's coming to its first byte
	Seek    Durations // the same for its further ranges
	Stalled Durations // of each range that was played, how long there was nothing to play
	Stalls  int       // times that a player had nothing to play

	Bytes    int64 // that readers got
	Fetched  int64 // that gateways received from anybody, blocks only
	Wasted   int64 // of these, in vain
	Uploaded int64 // that gateways sent to anybody
	Seeded   int64 // that peers sent
	Requests int   // that peers received
	Bans     int
	Liars    int // peers that lie
	Offences int // connections that peers closed for what a gateway did

	Waits, Unjudged int // for the next bytes; of these, where nobody could have given them
	Violations      []Violation
	Beaten          int     // waits that who knew all peers' rates would have shortened by a third (fair.go)
	Failures        []error // readers that gave up

	Virtual time.Duration // what it took in the scenario's time
	Wall    time.Duration // what it took to play
}

// Durations is a distribution.
type Durations []time.Duration

func (d *Durations) add(x time.Duration) { *d = append(*d, x) }

// Quantile is the least value that is not exceeded by the part q of all; 0 of
// none.
func (d Durations) Quantile(q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(d))
	return s[min(len(s)-1, int(q*float64(len(s))))]
}

// SeedShare is the bytes that the original seeds sent for each byte that readers
// got.
func (r *Result) SeedShare() float64 { return float64(r.Seeded) / float64(max(1, r.Bytes)) }

// Amplification is the bytes that gateways received for each byte that readers
// got.
func (r *Result) Amplification() float64 { return float64(r.Fetched) / float64(max(1, r.Bytes)) }

// first notes when the first byte of a range came.
func (w *world) first(seek bool, d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if seek {
		w.result.Seek.add(d)
	} else {
		w.result.First.add(d)
	}
}

func (w *world) failed(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.result.Failures = append(w.result.Failures, err)
}

// collect adds what gateways and peers counted.
func (w *world) collect() {
	r := &w.result
	for _, g := range w.gateways {
		st, _ := g.session.Status(w.hash())
		r.Fetched += st.Downloaded
		r.Wasted += st.Wasted
		r.Uploaded += st.Uploaded
		r.Bans += st.Swarm.Banned
	}
	for _, p := range w.peers {
		if !p.spec.honest() {
			r.Liars++
		}
		p.mu.Lock()
		x := p.seed
		p.mu.Unlock()
		if x == nil {
			continue
		}
		st := x.Stats()
		r.Seeded += st.Bytes
		r.Requests += st.Requests
		r.Offences += st.Offences
	}
}
