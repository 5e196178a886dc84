package sched

import "time"

// Some clients hand out bandwidth once or twice a second (libtorrent's limiter does):
// what a peer gives in a second comes in one burst, and then nothing. Such a silence
// is not lateness, and neither the burst nor the silence is the peer's rate.

const (
	// pauseLeast and pauseMost bound the silence that counts as a pause.
	pauseLeast = 100 * time.Millisecond
	pauseMost  = 1500 * time.Millisecond
	// pausesKept are the last pauses that are remembered. Two that are believed are a habit.
	pausesKept = 4
)

// pauses are the last silences of a peer that owed something, and what it sent between
// them.
type pauses struct {
	last  [pausesKept]silence // the last one is before next
	next  int
	bytes int64         // all that came
	idle  time.Duration // when it last had nothing to send: between is not its rate
}

// A silence was over at some time, after d, when so many bytes had come.
type silence struct {
	at, d time.Duration
	bytes int64
}

// add takes in that the peer was silent for d before now.
func (p *pauses) add(now, d time.Duration) {
	if d < pauseLeast || d > pauseMost {
		return
	}
	p.last[p.next] = silence{now, d, p.bytes}
	p.next = (p.next + 1) % pausesKept
}

// regular is the longest of the last pauses, or 0 if they are no habit.
func (p *pauses) regular(now time.Duration) time.Duration {
	n, most := 0, time.Duration(0)
	for _, x := range p.last {
		if x.d > 0 && now-x.at < believed {
			n++
			most = max(most, x.d)
		}
	}
	if n < 2 {
		return 0
	}
	return most
}

// rate is what the peer gave from the end of a pause to that of the last, in bytes/s; 0 where no
// two are remembered. It is exact where the peer had something to send all that time. Else it is
// a lower bound: between the ends of two pauses are whole bursts, and the peer may give more in each.
func (p *pauses) rate(now time.Duration) (rate float64, exact bool) {
	last := p.last[(p.next+pausesKept-1)%pausesKept]
	first, busy := last, last // the first of all, and the first since it last had nothing to send
	for _, x := range p.last {
		if x.d == 0 || now-x.at >= believed {
			continue
		}
		if x.at < first.at {
			first = x
		}
		if x.at >= p.idle && x.at < busy.at {
			busy = x
		}
	}
	if exact = busy.at < last.at; exact {
		first = busy
	}
	if first.at == last.at {
		return 0, false
	}
	return float64(last.bytes-first.bytes) / (last.at - first.at).Seconds(), exact
}
