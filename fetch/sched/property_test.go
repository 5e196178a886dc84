package sched

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// knownPeers are peers with rates that are known, and constant.
func knownPeers(r *rand.Rand) (rtts []time.Duration, rates []float64) {
	for range 1 + r.IntN(8) {
		rtts = append(rtts, time.Duration(5+r.IntN(150))*ms)
		rates = append(rates, float64(100+r.IntN(4000))*1000)
	}
	return rtts, rates
}

// firstPiece is when the first piece of a reader is there.
func firstPiece(t *testing.T, pieceLen int64, rtts []time.Duration, rates []float64) time.Duration {
	t.Helper()
	m := newModel(t, testInfo(t, pieceLen, 4*pieceLen))
	for i := range rtts {
		l := m.join(rtts[i], rates[i]).l
		l.Rate, l.meter.rate = rates[i], rates[i]
		l.change()
	}
	m.read(0, 4*pieceLen, 0)
	m.settle()
	m.run(time.Hour, func() bool { return m.done[0] > 0 })
	return m.done[0]
}

// level is when peers have together sent n bytes, and what a block takes the slowest of those
// that have a part in it.
func level(n float64, rtts []time.Duration, rates []float64) (at, slowest time.Duration) {
	order := make([]int, len(rtts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(rtts[a], rtts[b]) })
	rate, owed := 0.0, n
	for _, i := range order {
		if rate > 0 && rtts[i] >= at {
			break
		}
		rate += rates[i]
		owed += rates[i] * rtts[i].Seconds()
		at = time.Duration(owed / rate * float64(time.Second))
		slowest = max(slowest, transfer(metainfo.BlockLen, rates[i]))
	}
	return at, slowest
}

// With constant known rates a piece is there at the water level, and one block of the slowest
// peer that is used.
func TestAPieceIsThereByTheLevel(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 11))
		size := int64(metainfo.BlockLen) << r.IntN(8)
		rtts, rates := knownPeers(r)
		at, slowest := level(float64(size), rtts, rates)
		if got := firstPiece(t, size, rtts, rates); got > at+slowest+2*ms {
			t.Errorf("seed %d: a piece of %d KiB came after %v; the level is %v, a block takes the slowest %v", seed, size>>10, got, at, slowest)
		}
	}
}

// One more peer, or a faster one, delays the first piece by no more than a block.
func TestMorePeersDelayNothing(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 12))
		size := int64(metainfo.BlockLen) << r.IntN(8)
		rtts, rates := knownPeers(r)
		before := firstPiece(t, size, rtts, rates)
		moreTrips, moreRates := slices.Clone(rtts), slices.Clone(rates)
		if r.IntN(2) == 0 {
			moreRates[r.IntN(len(rates))] *= 1 + 4*r.Float64()
		} else {
			moreTrips = append(moreTrips, time.Duration(5+r.IntN(150))*ms)
			moreRates = append(moreRates, float64(100+r.IntN(4000))*1000)
		}
		_, slowest := level(float64(size), moreTrips, moreRates)
		if after := firstPiece(t, size, moreTrips, moreRates); after > before+slowest+2*ms {
			t.Errorf("seed %d: a piece of %d KiB came after %v with more, after %v before; a block takes the slowest %v", seed, size>>10, after, before, slowest)
		}
	}
}
