package choke

import (
	"math/rand/v2"
	"slices"
	"sort"
	"time"
)

// A Choker decides which peers may download from us (BEP 3; Cohen, "Incentives Build
// Robustness in BitTorrent"). While we want something, it unchokes the peers that send
// us most. A peer that takes and sends nothing for a minute gets only the optimistic
// unchoke (anti-snubbing). One slot is always the optimistic one, drawn by lot, so that
// better peers are found. When we want nothing, peers take turns, so that our pieces
// spread.
//
// It takes the time as an argument, keeps no connections, and is not safe for
// concurrent use.
type Choker struct {
	Slots int // how many peers may be unchoked
	rand  *rand.Rand
	draw  time.Time // when the optimistic unchokes change next
}

// A Candidate is a peer as the Choker sees it. Unchoked, Optimistic and LastOptimistic
// are what is and, after Round, what is to be.
type Candidate struct {
	Interested     bool
	Snubs          bool // it has what we want, and has sent nothing for long
	Unchoked       bool
	Optimistic     bool
	LastOptimistic time.Time // when it was last drawn; zero: never
	Since          time.Time // of the last change of Unchoked
	Joined         time.Time
	Received       int64 // bytes that it sent us in the last rounds
	Sent           int64 // bytes that we sent it in the last rounds
	SentInSlot     int64 // bytes that we sent it since the last change of Unchoked
	Debt           int64 // bytes that it had of us more than we of it, since it joined
}

// New makes a Choker. seed decides its draws: one that other peers have as well
// would have all of them choose the same.
func New(slots int, now time.Time, seed uint64) Choker {
	return Choker{Slots: slots, rand: rand.New(rand.NewPCG(seed, seed>>1)), draw: now.Add(optimisticRound)}
}

// SlotsFor returns the number of peers to unchoke under an upload limit in bytes/s; a
// limit of 0 is none. It is as many as get slotRate each, since a peer that gets less
// has no reason to give. It is at least minSlots, so that the optimistic slot is not
// the only one. It is at most DefaultSlots, since many TCP connections at once share an
// uplink badly (Cohen, section 3.1).
func SlotsFor(limit int64) int {
	if limit <= 0 {
		return DefaultSlots
	}
	return int(min(max(limit/slotRate, minSlots), DefaultSlots))
}

// Round gives the slots anew. seeding means that we want nothing of these peers. floor
// is the number of bytes that a seed sends to a peer before the next has its slot.
func (k *Choker) Round(now time.Time, all []Candidate, seeding bool, floor int64) {
	var interested, others []*Candidate
	for i := range all {
		if all[i].Interested {
			interested = append(interested, &all[i])
		} else {
			others = append(others, &all[i])
		}
	}
	before := byReciprocation
	if seeding {
		before = func(a, b *Candidate) bool { return byRotation(now, floor, a, b) }
	}
	sort.SliceStable(interested, func(i, j int) bool { return before(interested[i], interested[j]) })
	regular := k.regular(interested, seeding)
	lucky := k.drawOptimistic(now, interested[regular:], k.Slots-regular)
	for i, c := range interested {
		c.Optimistic = slices.Contains(lucky, c)
		c.Unchoked = c.Optimistic || i < regular
	}
	// Slots that nobody asks for are given ahead of time: an unchoke that is
	// there already saves a round trip.
	free := k.Slots - regular - len(lucky)
	sort.SliceStable(others, func(i, j int) bool { return others[i].Unchoked && !others[j].Unchoked })
	for _, c := range others {
		c.Optimistic, c.Unchoked = false, free > 0
		free--
	}
}

// regular returns how many of the interested, the first ones, have a slot that is not
// the optimistic one. While there is room for all, or slots go by turns, those are all
// that fit. Otherwise they are the peers that do not snub us, in all slots but one.
func (k *Choker) regular(interested []*Candidate, seeding bool) int {
	n := len(interested)
	if n <= k.Slots || seeding || k.Slots < 2 {
		return min(n, k.Slots)
	}
	n = sort.Search(n, func(i int) bool { return interested[i].Snubs })
	return min(n, k.Slots-1)
}

// byReciprocation puts the peers first that sent us most, and those last that snub us.
// Of peers that sent as much, which mostly is nothing, the one that owes us least goes
// first. So a peer that came first and has nothing to give does not keep its advance
// for ever.
func byReciprocation(a, b *Candidate) bool {
	switch {
	case a.Snubs != b.Snubs:
		return b.Snubs
	case a.Received != b.Received:
		return a.Received > b.Received
	case a.Debt != b.Debt:
		return a.Debt < b.Debt
	default:
		return a.Unchoked && !b.Unchoked
	}
}

// byRotation puts those first that are in the middle of their turn, then those that
// waited longest, then, of those that had their turn, the ones that take
// fastest.
func byRotation(now time.Time, floor int64, a, b *Candidate) bool {
	at, bt := a.inRotation(now, floor), b.inRotation(now, floor)
	switch {
	case at != bt:
		return at
	case a.Unchoked != b.Unchoked:
		return b.Unchoked
	case a.Unchoked:
		return a.Sent > b.Sent
	default:
		return a.Since.Before(b.Since)
	}
}

// inRotation reports whether a peer keeps its slot of a seed: for a minute, and until
// it has enough to give on, though not for ever.
func (c *Candidate) inRotation(now time.Time, floor int64) bool {
	had := now.Sub(c.Since)
	return c.Unchoked && (had < seedRotation || c.SentInSlot < floor && had < maxSeedRotation)
}

// drawOptimistic draws n of those that have no regular slot, which are unchoked whatever
// they do: the same for 30 s, then others, newcomers thrice as likely. Only the half
// that was drawn the longest ago is in the draw, so that nobody has more than twice
// its share by chance.
func (k *Choker) drawOptimistic(now time.Time, rest []*Candidate, n int) (lucky []*Candidate) {
	if n <= 0 || len(rest) == 0 {
		return nil
	}
	again := !now.Before(k.draw)
	if again {
		k.draw = now.Add(optimisticRound)
	}
	latest := latestOptimistic(rest)
	var fresh, stale []*Candidate // as often as they are likely
	for _, c := range rest {
		switch had := c.Optimistic && c.Unchoked; {
		case had && !again && len(lucky) < n:
			lucky = append(lucky, c)
		case had || c.LastOptimistic.After(latest):
			stale = append(stale, c)
		case now.Sub(c.Joined) < newcomer:
			fresh = append(fresh, c, c, c)
		default:
			fresh = append(fresh, c)
		}
	}
	for _, from := range [][]*Candidate{fresh, stale} {
		for len(lucky) < n && len(from) > 0 {
			c := from[k.rand.IntN(len(from))]
			lucky = append(lucky, c)
			c.LastOptimistic = now
			from = slices.DeleteFunc(from, func(x *Candidate) bool { return x == c })
		}
	}
	return lucky
}

// latestOptimistic returns the last draw of that half of the peers whose draws were the
// longest ago.
func latestOptimistic(all []*Candidate) time.Time {
	times := make([]time.Time, len(all))
	for i, c := range all {
		times[i] = c.LastOptimistic
	}
	slices.SortFunc(times, time.Time.Compare)
	return times[(len(times)-1)/2]
}
