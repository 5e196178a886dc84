package lab

import (
	"math"
	"slices"
	"testing"
	"time"
)

// TestTitForTat: of gateways that fetch a file from one origin and each other, with
// one among them that uploads nothing, those that upload have it within 1.3 times
// the ideal time, and half of them before the one that does not. That one has its
// optimistic share: with U slots of which one is by lot, each of the N-1 others gives
// it a U-th of its uplink for 1/(N-U) of the time, N-U being those that have no other
// slot. That is on average, and once it is known to give nothing, after a minute.
func TestTitForTat(t *testing.T) {
	for i := range max(1, *seedsFlag) {
		s := TitForTat(*seedFlag+uint64(i), !*reportFlag)
		r := s.Play(t)
		sharers := slices.Sorted(slices.Values(r.Done[1:]))
		first, last, rider := sharers[0], sharers[len(sharers)-1], r.Done[0]
		n, u := float64(len(s.Nodes)), float64(s.Slots)
		fair := (n - 1) / (n - u) / u * float64(s.Nodes[1].Up)
		from, to := r.at(snubbedAfter), r.at(first)
		total := float64(to.Received[0]) / to.others(Count{Received: make([]int64, len(s.Nodes))}) / to.At.Seconds()
		rate := float64(to.Received[0]-from.Received[0]) / (to.At - from.At).Seconds()
		t.Logf("seed %d: ideal %v, first %v, last %v (%.2f), rider %v with %.2f of others, at %.0f kB/s since a minute (share %.0f, others %.0f); first copy after %.2f copies, then rarest %s",
			s.Seed, s.Ideal(), first, last, last.Seconds()/s.Ideal().Seconds(), rider, total, rate/kB, fair/kB, to.others(from)/kB,
			float64(r.Copied)/float64(s.Size), r.at(r.CopiedAt+time.Second))
		assertSpread(t, &s, r)
		if last.Seconds() > 1.3*s.Ideal().Seconds() {
			t.Errorf("seed %d: the last sharer took %v, the ideal is %v", s.Seed, last, s.Ideal())
		}
		if *reportFlag && rate > luck*fair {
			t.Errorf("seed %d: the rider had %.0f bytes/s, its share is %.0f", s.Seed, rate, fair)
		}
		if total > riderMost {
			t.Errorf("seed %d: the rider had %.2f of what others had", s.Seed, total)
		}
		if half := sharers[len(sharers)/2]; rider <= half {
			t.Errorf("seed %d: the rider was done after %v, half of the sharers after %v", s.Seed, rider, half)
		}
	}
}

// assertSpread holds rarest first against what it is for (Legout et al., "Rarest First
// and Choke Algorithms Are Enough", 2006). The origin sends what nobody has: the first
// copy is out after not much more than one, that is what those who fetch it at the
// same time without knowing of each other make of it, and the first piece, which all
// want at once. From then on pieces are with about as many. Were each node's a random
// part of all, m of n nodes on average, counts would vary by √(m(1-m/n)): in order
// they vary by 3.5 times as much, and the rarest first aims at less. Held is twice as
// much, at three quarters of the ideal time, for the youngest pieces are on their way
// still, and the first ones, which readers waited for, with everybody. Of 46 runs with
// -race all but one had 0.75 to 1.32 times, and that one 1.55.
func assertSpread(t *testing.T, s *Spread, r *Spreading) {
	t.Helper()
	late := r.at(s.Ideal() * 3 / 4)
	n := float64(len(s.Nodes))
	random := math.Sqrt(late.Mean * (1 - late.Mean/n))
	copies := float64(r.Copied) / float64(s.Size)
	t.Logf("seed %d: rarest / mean / commonest at 1/4 %v, at 1/2 %v, at 3/4 %v (%.2f of random)",
		s.Seed, r.at(s.Ideal()/4), r.at(s.Ideal()/2), late, late.Spread/random)
	if copies > 1.5 {
		t.Errorf("seed %d: the first copy took the upload of %.2f", s.Seed, copies)
	}
	if late.Spread > 2*random || float64(late.Rarest) < late.Mean/4 {
		t.Errorf("seed %d: at %v, random were %.2f", s.Seed, late, random)
	}
}

// luck is what the lot may make of the rider's share in the whole form: there are a
// few dozen draws. In an hour of the choker alone it is a fifth
// (TestRiderHasItsOptimisticShare). The quick form is over after one or two draws of
// each node, and with the minute before it is snubbed the rider had 0.21 to 0.70 of
// what others had in 40 runs.
const (
	luck      = 3
	riderMost = 0.95
)

// snubbedAfter is when all know who gives nothing: it has had a minute, and a round
// is over.
const snubbedAfter = 71 * time.Second

// at is the last count until then.
func (r *Spreading) at(then time.Duration) (last Count) {
	for _, c := range r.Counts {
		if c.At <= then {
			last = c
		}
	}
	return last
}

// others is what each but the first received since, on average, in bytes/s.
func (c Count) others(from Count) float64 {
	sum := 0.0
	for i := range c.Received[1:] {
		sum += float64(c.Received[1+i] - from.Received[1+i])
	}
	return sum / float64(len(c.Received)-1) / (c.At - from.At).Seconds()
}

// TestSuperSeed: an origin that super-seeds has sent 1.1 times the content when all of
// it is with others, and everybody gets everything. One that does not sends more.
func TestSuperSeed(t *testing.T) {
	for i := range max(1, *seedsFlag) {
		s := SuperSeed(*seedFlag+uint64(i), !*reportFlag)
		r := s.Play(t)
		copies := float64(r.Copied) / float64(s.Size)
		t.Logf("seed %d: first copy after %.3f copies, at %v; all done at %v, ideal %v", s.Seed, copies, r.CopiedAt, slices.Max(r.Done), s.Ideal())
		if copies > 1.1 {
			t.Errorf("seed %d: the first copy took the upload of %.3f", s.Seed, copies)
		}
	}
}

// TestPublisher: a publisher to which a crowd comes has sent 1.45 times the content at the most when
// all of it is with others, though nobody told it to super-seed: 1.04 to 1.33 in 12 runs. An origin
// that never super-seeds has sent 1.53 to 1.59.
func TestPublisher(t *testing.T) {
	for i := range max(1, *seedsFlag) {
		s := SuperSeed(*seedFlag+uint64(i), !*reportFlag)
		s.Name, s.Super, s.Publishes = "publisher", false, true
		r := s.Play(t)
		copies, last := float64(r.Copied)/float64(s.Size), slices.Max(r.Done)
		t.Logf("seed %d: first copy after %.3f copies, at %v; all done at %v, ideal %v", s.Seed, copies, r.CopiedAt, last, s.Ideal())
		if copies > 1.45 {
			t.Errorf("seed %d: the first copy took the upload of %.3f", s.Seed, copies)
		}
		if last > s.Ideal()*3/2 {
			t.Errorf("seed %d: the crowd took %v, the ideal is %v", s.Seed, last, s.Ideal())
		}
	}
}
