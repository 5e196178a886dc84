package peer

import (
	"math/rand/v2"
	"slices"
	"sort"
	"time"
)

// A choker decides who may download from us (BEP 3; Cohen, "Incentives Build
// Robustness in BitTorrent"). While we want something, those may that send us
// most; a peer that takes and sends nothing for a minute may only by lot
// (anti-snubbing), and one slot is always by lot, so that better peers are found.
// When we want nothing, everyone may in turn, so that what we have spreads.
//
// It takes the time as an argument, keeps no connections, and is not safe for
// concurrent use.
type choker struct {
	slots int
	rand  *rand.Rand
	draw  time.Time // when the optimistic unchokes change next
}

// A candidate is a peer as the choker sees it. unchoked, optimistic and drawn are
// what is and, after round, what is to be.
type candidate struct {
	conn       *Conn // not looked at
	interested bool
	snubs      bool // it has what we want, and sent nothing for snubTime
	unchoked   bool
	optimistic bool
	drawn      time.Time // when it was last chosen by lot; zero: never
	since      time.Time // of the last change of unchoked
	joined     time.Time
	received   int64 // bytes that it sent us in the last rounds
	sent       int64 // bytes that we sent it in the last rounds
	turn       int64 // bytes that we sent it since the last change of unchoked
	debt       int64 // bytes that it had of us more than we of it, since it joined
}

// newChoker makes one. seed decides its draws: one that other peers have as well
// would have all of them choose the same.
func newChoker(slots int, now time.Time, seed uint64) choker {
	return choker{slots: slots, rand: rand.New(rand.NewPCG(seed, seed>>1)), draw: now.Add(optimisticRound)}
}

// slotsFor is how many peers are unchoked under an upload limit in bytes/s, 0
// for none: as many as get a slotRate each, since who gets less has no reason to
// give; minUploadSlots at least, so that there is someone to give to besides the
// optimistic one; DefaultUploadSlots at most, since many TCP connections at once
// share an uplink badly (Cohen, section 3.1).
func slotsFor(limit int64) int {
	if limit <= 0 {
		return DefaultUploadSlots
	}
	return int(min(max(limit/slotRate, minUploadSlots), DefaultUploadSlots))
}

// round decides anew. seeding is that we want nothing of these peers; floor is
// how many bytes make a seed's turn.
func (k *choker) round(now time.Time, all []candidate, seeding bool, floor int64) {
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
		before = func(a, b *candidate) bool { return byTurn(now, floor, a, b) }
	}
	sort.SliceStable(interested, func(i, j int) bool { return before(interested[i], interested[j]) })
	regular := k.regular(interested, seeding)
	lucky := k.luck(now, interested[regular:], k.slots-regular)
	for i, c := range interested {
		c.optimistic = slices.Contains(lucky, c)
		c.unchoked = c.optimistic || i < regular
	}
	// Slots that nobody asks for are given ahead of time: an unchoke that is
	// there already saves a round trip.
	free := k.slots - regular - len(lucky)
	sort.SliceStable(others, func(i, j int) bool { return others[i].unchoked && !others[j].unchoked })
	for _, c := range others {
		c.optimistic, c.unchoked = false, free > 0
		free--
	}
}

// regular is how many of the interested, the first ones, have a slot that is not
// by lot: all while there is room for all, or it goes by turns; else those that
// do not snub us, in all slots but one.
func (k *choker) regular(interested []*candidate, seeding bool) int {
	n := len(interested)
	if n <= k.slots || seeding || k.slots < 2 {
		return min(n, k.slots)
	}
	n = sort.Search(n, func(i int) bool { return interested[i].snubs })
	return min(n, k.slots-1)
}

// byReciprocation puts those first that sent us most, and those last that snub us.
// Of those that sent as much, which mostly is nothing, the one goes first that owes
// us least: who was first to come, and has nothing to give, does not keep for ever
// what it was given in advance.
func byReciprocation(a, b *candidate) bool {
	switch {
	case a.snubs != b.snubs:
		return b.snubs
	case a.received != b.received:
		return a.received > b.received
	case a.debt != b.debt:
		return a.debt < b.debt
	default:
		return a.unchoked && !b.unchoked
	}
}

// byTurn puts those first that are in the middle of their turn, then those that
// waited longest, then, of those that had their turn, the ones that take
// fastest.
func byTurn(now time.Time, floor int64, a, b *candidate) bool {
	at, bt := a.inTurn(now, floor), b.inTurn(now, floor)
	switch {
	case at != bt:
		return at
	case a.unchoked != b.unchoked:
		return b.unchoked
	case a.unchoked:
		return a.sent > b.sent
	default:
		return a.since.Before(b.since)
	}
}

// inTurn reports whether a peer keeps its slot of a seed: for a minute, and until
// it has enough to give on, though not for ever.
func (c *candidate) inTurn(now time.Time, floor int64) bool {
	had := now.Sub(c.since)
	return c.unchoked && (had < seedTurn || c.turn < floor && had < maxSeedTurn)
}

// luck draws n of those that have no regular slot, which are unchoked whatever
// they do: the same for 30 s, then others, newcomers thrice as likely. Only the half
// that was drawn the longest ago is in the draw, so that nobody has more than twice
// its share by chance.
func (k *choker) luck(now time.Time, rest []*candidate, n int) (lucky []*candidate) {
	if n <= 0 || len(rest) == 0 {
		return nil
	}
	again := !now.Before(k.draw)
	if again {
		k.draw = now.Add(optimisticRound)
	}
	latest := latestDrawn(rest)
	var fresh, stale []*candidate // as often as they are likely
	for _, c := range rest {
		switch had := c.optimistic && c.unchoked; {
		case had && !again && len(lucky) < n:
			lucky = append(lucky, c)
		case had || c.drawn.After(latest):
			stale = append(stale, c)
		case now.Sub(c.joined) < newcomer:
			fresh = append(fresh, c, c, c)
		default:
			fresh = append(fresh, c)
		}
	}
	for _, from := range [][]*candidate{fresh, stale} {
		for len(lucky) < n && len(from) > 0 {
			c := from[k.rand.IntN(len(from))]
			lucky = append(lucky, c)
			c.drawn = now
			from = slices.DeleteFunc(from, func(x *candidate) bool { return x == c })
		}
	}
	return lucky
}

// latestDrawn is when the last of that half was drawn which was the longest ago.
func latestDrawn(all []*candidate) time.Time {
	times := make([]time.Time, len(all))
	for i, c := range all {
		times[i] = c.drawn
	}
	slices.SortFunc(times, time.Time.Compare)
	return times[(len(times)-1)/2]
}
