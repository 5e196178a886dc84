package simnet

import (
	"testing"
	"time"
)

// A limited Seed that always has something to send gives its limit in the long run,
// in bursts: it is never silent for longer than LongestPause.
func TestLimitedSeedPauses(t *testing.T) {
	const asked, during = 60, 15 * time.Second
	for _, limit := range []int64{350_000, 500_000, 650_000} {
		b := with(Libtorrent(), func(b *Behaviour) { b.UploadLimit = limit })
		scene(t, b, func(s *Seed, l *leech) {
			ask := message(msgRequest, 1, 0, seedBlock)
			l.shake(s)
			l.until(msgUnchoke)
			for range asked {
				l.send(ask)
			}
			got, longest, last := int64(0), time.Duration(0), time.Now()
			for time.Since(l.start) < during {
				l.until(msgPiece)
				got += seedBlock
				longest, last = max(longest, time.Since(last)), time.Now()
				l.send(ask)
			}
			most := b.LongestPause(1)
			if longest > most || longest < most-2*limitTick {
				t.Errorf("at %d bytes/s silent for %v, at most %v", limit, longest, most)
			}
			if least := float64(limit) * (during - most).Seconds(); float64(got) < least || got > limit*int64(during.Seconds()+2) {
				t.Errorf("%d bytes/s are %d in %v, less than %.0f", limit, got, during, least)
			}
		})
	}
}
