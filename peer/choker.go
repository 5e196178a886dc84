package peer

import (
	"math/rand/v2"
	"sort"
	"time"
)

// A choker decides who may download from us (BEP 3): those that send us most,
// and one chosen in turn so that better peers are found; when we want nothing,
// everyone in turn. It takes the time as an argument, keeps no connections, and
// is not safe for concurrent use.
type choker struct {
	slots      int
	rand       *rand.Rand
	optimistic time.Time // of the next change of the optimistic unchoke
}

// A candidate is a peer as the choker sees it. unchoked and optimistic are what
// is and, after round, what is to be.
type candidate struct {
	conn       *Conn // not looked at
	interested bool
	unchoked   bool
	optimistic bool
	since      time.Time // of the last change of unchoked
	joined     time.Time
	received   int64 // bytes that it sent us in the last rounds
	sent       int64 // bytes that we sent it in the last rounds
}

func newChoker(slots int, now time.Time) choker {
	seed := uint64(now.UnixNano())
	return choker{slots: slots, rand: rand.New(rand.NewPCG(seed, seed>>1)), optimistic: now.Add(optimisticRound)}
}

// round decides anew. seeding is that we want nothing of these peers.
func (k *choker) round(now time.Time, all []candidate, seeding bool) {
	var interested, others []*candidate
	for i := range all {
		if all[i].interested {
			interested = append(interested, &all[i])
		} else {
			others = append(others, &all[i])
		}
	}
	before := byReciprocation
	if seeding {
		before = func(a, b *candidate) bool { return byTurn(now, a, b) }
	}
	sort.SliceStable(interested, func(i, j int) bool { return before(interested[i], interested[j]) })
	lucky := k.luck(now, interested)
	regular := k.slots
	if lucky != nil {
		regular--
	}
	for _, c := range interested {
		c.optimistic = c == lucky
		c.unchoked = c.optimistic
		if !c.optimistic && regular > 0 {
			c.unchoked = true
			regular--
		}
	}
	// Slots that nobody asks for are given ahead of time: an unchoke that is
	// there already saves a round trip.
	sort.SliceStable(others, func(i, j int) bool { return others[i].unchoked && !others[j].unchoked })
	for _, c := range others {
		c.optimistic, c.unchoked = false, regular > 0
		regular--
	}
}

// byReciprocation puts those first that sent us most.
func byReciprocation(a, b *candidate) bool {
	if a.received != b.received {
		return a.received > b.received
	}
	return a.unchoked && !b.unchoked
}

// byTurn puts those first that are in the middle of their turn, then those that
// waited longest.
func byTurn(now time.Time, a, b *candidate) bool {
	at, bt := a.inTurn(now), b.inTurn(now)
	switch {
	case at != bt:
		return at
	case at:
		return a.sent > b.sent
	case a.unchoked != b.unchoked:
		return b.unchoked
	default:
		return a.since.Before(b.since)
	}
}

func (c *candidate) inTurn(now time.Time) bool { return c.unchoked && now.Sub(c.since) < seedTurn }

// luck returns the peer that is unchoked whatever it does: the same for 30 s,
// then another of those that would be choked, newcomers thrice as likely. There
// is none while there are slots for all.
func (k *choker) luck(now time.Time, interested []*candidate) *candidate {
	if len(interested) <= k.slots || k.slots < 2 {
		return nil
	}
	var current *candidate
	for _, c := range interested {
		if c.optimistic && c.unchoked {
			current = c
		}
	}
	if current != nil && now.Before(k.optimistic) {
		return current
	}
	k.optimistic = now.Add(optimisticRound)
	var draw []*candidate
	for _, c := range interested[k.slots-1:] {
		if c == current {
			continue
		}
		draw = append(draw, c)
		if now.Sub(c.joined) < newcomer {
			draw = append(draw, c, c)
		}
	}
	if len(draw) == 0 {
		return current
	}
	return draw[k.rand.IntN(len(draw))]
}
