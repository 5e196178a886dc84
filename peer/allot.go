package peer

import (
	"math"
	"net/netip"
	"slices"
	"time"
)

// An allotment shares out the connections of a process. Attempts, handshakes and
// connections are its seats, and torrents have stakes in it. Where all seats are taken,
// a dial pushes out a seat with less right. It takes the time as an argument, has no
// clock and no socket, and is not safe for concurrent use.
//
// A seat is silent until content went over its connection: an address that does not
// answer costs no less than a peer that says nothing. The right to a seat goes by its
// rank, and within a rank by shares. Each client that waits has as many seats as any
// other that wants them, and so has each of a client's torrents. A torrent that gave
// content has twice as many.
type allotment struct {
	places int
	seats  []*seat // in the order in which they were taken
	stakes []*stake
	counts allotCounts
}

// allotCounts is what an allotment counts, beside the seats themselves.
type allotCounts struct {
	incoming, silent int // seats; silent ones are outgoing
	pushed           Pushed
}

// Pushed counts the connections and attempts that made room for others, by why they
// were the ones.
type Pushed struct {
	Unwanted int64 `json:"unwanted"` // nobody waited for their torrent
	Share    int64 `json:"share"`    // their client, or their torrent, had more than its share
	Silent   int64 `json:"silent"`   // they were accepted, and nothing came of them
}

// A stake is what one torrent has of an allotment.
type stake struct {
	clients map[netip.Prefix]bool // that wait now; the zero Prefix is this process
	proved  bool                  // it gave content, in this run or before
	seats   int                   // outgoing, and those accepted that gave or took content
	silent  int                   // of these

	has, hasSilent float64 // of its clients, as weigh found them
}

func newStake(proved bool) *stake {
	return &stake{clients: make(map[netip.Prefix]bool), proved: proved}
}

// waited reports whether somebody waits for the torrent now.
func (st *stake) waited() bool { return st != nil && len(st.clients) > 0 }

// own reports whether this process itself waits: it is not bounded by shares.
func (st *stake) own() bool { return st.clients[netip.Prefix{}] }

// weight is how much of its client's share the torrent has, beside others.
func (st *stake) weight() int {
	if st.proved {
		return 2
	}
	return 1
}

// A seat is one connection, or what may become one.
type seat struct {
	stake    *stake // nil: accepted, and its torrent not known yet
	incoming bool
	useful   bool // content went over it
	gone     bool // it was given up, or pushed out
	exempt   bool // it is a sibling's, and none of the allotment's
	since    time.Time
	evict    func() // ends it; called by the allotment's owner
}

// rank is what a seat is worth; the lower goes first.
type rank uint8

const (
	vain    rank = iota // silent, and nobody waits, for a torrent that never gave content
	spare               // silent, and nobody waits; or accepted
	trying              // silent, and somebody waits
	warm                // useful, and nobody waits
	working             // useful, and somebody waits
)

// rank is the seat's.
func (s *seat) rank() rank {
	switch waited := s.stake.waited(); {
	case s.useful && waited:
		return working
	case s.useful:
		return warm
	case waited && !s.incoming:
		return trying
	case s.stake != nil && (s.stake.proved || waited):
		return spare
	default:
		return vain
	}
}

// claim is the rank that a dial of the torrent has.
func (st *stake) claim() rank { return (&seat{stake: st}).rank() }

// paid reports whether the seat counts against its torrent and the clients that wait
// for it. A connection that a peer opened costs them nothing until it is of use.
func (s *seat) paid() bool { return s.stake != nil && (s.useful || !s.incoming) }

// add gives a torrent a stake, remove takes it back.
func (a *allotment) add(st *stake) { a.stakes = append(a.stakes, st) }

func (a *allotment) remove(st *stake) {
	a.stakes = slices.DeleteFunc(a.stakes, func(x *stake) bool { return x == st })
}

// dial gives a torrent a seat to dial with, or nil. pushed, if not nil, has lost its own
// for it.
func (a *allotment) dial(st *stake, now time.Time) (s, pushed *seat) {
	full := len(a.seats) >= a.places
	if full || a.counts.silent >= a.places-a.places/dialShare {
		v, why := a.victim(st, full)
		if v == nil {
			return nil, nil
		}
		*why++
		a.leave(v)
		pushed = v
	}
	return a.take(&seat{stake: st, since: now}), pushed
}

// accept gives a seat to a peer that connected to us, or returns nil. pushed, if not
// nil, has lost its own for it: an accepted one that has been silent for long.
func (a *allotment) accept(now time.Time) (s, pushed *seat) {
	if len(a.seats) >= a.places || a.counts.incoming >= a.places-a.places/dialShare {
		for _, v := range a.seats {
			if v.incoming && !v.useful && now.Sub(v.since) >= silentGrace {
				pushed = v
				break
			}
		}
		if pushed == nil {
			return nil, nil
		}
		a.counts.pushed.Silent++
		a.leave(pushed)
	}
	return a.take(&seat{incoming: true, since: now}), pushed
}

func (a *allotment) take(s *seat) *seat {
	a.seats = append(a.seats, s)
	a.tally(s, 1)
	return s
}

// use notes that content went over the seat's connection; received is set if we
// received it.
func (a *allotment) use(s *seat, received bool) {
	if received && s.stake != nil {
		s.stake.proved = true
	}
	if s.useful || s.gone || s.exempt {
		return
	}
	a.tally(s, -1)
	s.useful = true
	a.tally(s, 1)
}

// leave gives a seat back; once it was, it does nothing.
func (a *allotment) leave(s *seat) {
	if s.gone || s.exempt {
		return
	}
	s.gone = true
	a.tally(s, -1)
	i := slices.Index(a.seats, s)
	a.seats = slices.Delete(a.seats, i, i+1)
}

// tally counts a seat, or takes it off the counts.
func (a *allotment) tally(s *seat, n int) {
	if s.incoming {
		a.counts.incoming += n
	} else if !s.useful {
		a.counts.silent += n
	}
	if !s.paid() {
		return
	}
	s.stake.seats += n
	if !s.useful {
		s.stake.silent += n
	}
}

// victim returns the seat that makes room for a dial, if one has to, and the count of
// such. With full any seat will do, and not only that of a silent dial.
func (a *allotment) victim(st *stake, full bool) (worst *seat, why *int64) {
	if st.claim() == vain {
		return nil, nil
	}
	a.weigh()
	for _, v := range a.seats {
		if !full && (v.incoming || v.useful) {
			continue
		}
		if (worst == nil || v.before(worst)) && a.yields(v, st) {
			worst = v
		}
	}
	if worst == nil {
		return nil, nil
	}
	if r := worst.rank(); r == trying || r == working {
		return worst, &a.counts.pushed.Share
	}
	return worst, &a.counts.pushed.Unwanted
}

// weigh finds what each torrent's clients have: those of the one that has the least. What a
// torrent has for which several wait counts for each of them in part.
func (a *allotment) weigh() {
	all, silent := make(map[netip.Prefix]float64), make(map[netip.Prefix]float64)
	for _, st := range a.stakes {
		n := float64(len(st.clients))
		for c := range st.clients {
			all[c] += float64(st.seats) / n
			silent[c] += float64(st.silent) / n
		}
	}
	for _, st := range a.stakes {
		st.has, st.hasSilent = least(st.clients, all), least(st.clients, silent)
	}
}

func least(clients map[netip.Prefix]bool, of map[netip.Prefix]float64) float64 {
	n := math.Inf(1)
	for c := range clients {
		n = min(n, of[c])
	}
	return n
}

// before reports whether a seat makes room before another: the one that sat down first,
// of two equals.
func (s *seat) before(o *seat) bool {
	if a, b := s.rank(), o.rank(); a != b || s.stake == nil || o.stake == nil {
		return a < b
	}
	if s.stake.has != o.stake.has {
		return s.stake.has > o.stake.has
	}
	return s.stake.seats*o.stake.weight() > o.stake.seats*s.stake.weight()
}

// yields reports whether a seat makes room for a dial of a torrent.
func (a *allotment) yields(s *seat, st *stake) bool {
	claim, rank := st.claim(), s.rank()
	switch {
	case rank <= spare:
		return rank < claim
	case claim != trying:
		return false
	case rank == trying:
		return beyond(s.stake, st) || shared(s.stake, st) && s.stake.seats*st.weight() > (st.seats+1)*s.stake.weight()
	}
	// Useful ones go for few silent ones at a time.
	if !st.own() && st.hasSilent >= float64(a.places/silentFloor) {
		return false
	}
	return rank == warm || beyond(s.stake, st)
}

// beyond reports whether the clients that wait for v have more than their share, while
// those that wait for st have less.
func beyond(v, st *stake) bool {
	switch {
	case v.own():
		return false
	case st.own():
		return true
	}
	return v.has > st.has+1
}

// shared reports whether somebody waits for both.
func shared(v, st *stake) bool {
	for c := range v.clients {
		if st.clients[c] {
			return true
		}
	}
	return false
}
