package fetch

import "time"

// Some clients hand out bandwidth once or twice a second (libtorrent's limiter does):
// what a peer gives in a second comes in one burst, and then nothing. Such a silence
// is not lateness, and neither the burst nor the silence is the peer's rate.

const (
	// pauseLeast and pauseMost are how long a silence is that counts as a pause.
	pauseLeast = 100 * time.Millisecond
	pauseMost  = 1500 * time.Millisecond
	// pausesKept are the last pauses that are remembered, and pausesRegular how many
	// of them in pauseSpan are a habit.
	pausesKept    = 4
	pausesRegular = 2
	pauseSpan     = 5 * time.Second
)

// pauses are the last silences of a peer that owed something.
type pauses struct {
	last [pausesKept]struct{ at, d time.Duration }
	next int
}

// add takes in that the peer was silent for d before now.
func (p *pauses) add(now, d time.Duration) {
	if d < pauseLeast || d > pauseMost {
		return
	}
	p.last[p.next].at, p.last[p.next].d = now, d
	p.next = (p.next + 1) % pausesKept
}

// regular is the longest of the last pauses, or 0 if they are no habit.
func (p *pauses) regular(now time.Duration) time.Duration {
	n, most := 0, time.Duration(0)
	for _, x := range p.last {
		if x.d > 0 && now-x.at < pauseSpan {
			n++
			most = max(most, x.d)
		}
	}
	if n < pausesRegular {
		return 0
	}
	return most
}
