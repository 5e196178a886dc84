package lab

import (
	"cmp"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// No reader starves: a reader that waits has its next piece within fairness times the
// time that a fair share of the bandwidth allows. That time is
//
//	(r + f + d) × R + T + d × L + ε
//
// S is the set of all peers that serve the gateway. T is the time that S takes to give
// (n + f) × P + k × W bytes. Without pauses in S, T equals that number divided by B.
// The other letters mean:
//
//   - r is 4 for the first byte of a reader (connect, handshake, metadata, request) and
//     1 for a seek and within a stream. With TCP's slow start it is ceil(log2(1 + P/(k
//     × 14.6 kB))) - 1 more; k is the number of peers in S.
//   - R is the longest round trip of a peer in S, with the time it takes to answer a
//     request.
//   - n is the most readers that the gateway had at once during the wait. Each has the
//     right to an n-th of B and is owed one piece.
//   - P is the bytes of a piece.
//   - B is the bytes a second that S gives to this gateway. Each peer gives its uplink
//     divided by the number of peers that it serves; all together give at most the
//     gateway's downlink. A peer with an upload limit gives in bursts: nothing for the
//     longest of its pauses, and from then on its limit on average.
//   - f is the number of copies of pieces that failed their hash meanwhile. Their bytes
//     were delivered in vain, and are requested again.
//   - W is the number of bytes that a busy peer has written to its socket and cannot
//     take back (socketBytes); 0 for a first byte.
//   - d is the number of peers that left or choked meanwhile, and L the time until the
//     gateway learns that (noticeTime).
//   - ε is the time of one block at the slowest peer in S, and 2 ms.
//
// A picker that knew beforehand how fast each peer is would ask the best number of
// them, those whose first block comes soonest. A wait that is longer than fairness
// times what that picker allows is not unfair, but counted (Result.Beaten).
//
// A peer serves the gateway if it is honest, does not stall and has the pieces. It must
// also have had the gateway unchoked without a break from r × R after the begin of the
// wait to its end. Other gateways do not count as peers: what they give is more than a
// fair share. Where no peer serves a gateway there is nothing to share, and the wait is
// not judged.
const fairness = 1.5

// noticeTime is how long it takes to see that a peer is gone without a word: the
// least lateness that counts, and one block's time of a slow peer.
const noticeTime = 250 * time.Millisecond

// A Violation is a wait that was longer than fairness allows.
type Violation struct {
	At              time.Duration // when the wait was over
	Gateway         int
	What            string // first byte, seek, stream
	Waited, Allowed time.Duration
}

// String says it in one line.
func (v Violation) String() string {
	return fmt.Sprintf("at %v gateway %d: %s after %v, fair were %v", v.At, v.Gateway, v.What, v.Waited, v.Allowed)
}

// A judge holds every wait of a world against fairness.
type judge struct {
	w      *world
	liars  bool
	around [][]int // for each gateway, the peers that may serve it
}

func newJudge(w *world) *judge {
	j := &judge{w: w, around: make([][]int, len(w.gateways))}
	for g := range w.gateways {
		j.around[g] = slices.Clone(w.s.Gateways[g].Peers)
	}
	for i := range w.s.Peers {
		j.liars = j.liars || !w.s.Peers[i].honest()
		for _, g := range w.s.Peers[i].Dials {
			j.around[g] = append(j.around[g], i)
		}
	}
	for g := range j.around {
		slices.Sort(j.around[g])
		j.around[g] = slices.Compact(j.around[g])
	}
	return j
}

// A wait is one that is under way.
type wait struct {
	from     time.Duration
	failures int64
}

func (j *judge) begin(from time.Time, g *gateway) wait {
	return wait{from.Sub(j.w.start), j.failures(g)}
}

// failures is the copies that failed their hash at a gateway so far.
func (j *judge) failures(g *gateway) int64 {
	if !j.liars {
		return 0
	}
	st, _ := g.session.Status(j.w.hash())
	return st.HashFailures
}

// end judges a wait that is over.
func (j *judge) end(wt wait, v *visit) {
	now := time.Since(j.w.start)
	waited := now - wt.from
	if waited <= 0 {
		return
	}
	what, rounds := "stream", 1
	switch {
	case !v.begun && !v.seek:
		what, rounds = "first byte", 4
	case !v.begun:
		what = "seek"
	}
	c := claim{
		from: wt.from, now: now, rounds: rounds, readers: v.g.crowd(wt.from),
		failures: j.failures(v.g) - wt.failures, piece: int(v.pos / j.w.s.PieceLength),
	}
	allowed, best, ok := j.allowed(v.r.Gateway, c)
	j.w.mu.Lock()
	defer j.w.mu.Unlock()
	r := &j.w.result
	r.Waits++
	if ok && waited > best {
		r.Beaten++
	}
	switch {
	case !ok:
		r.Unjudged++
	case waited > allowed:
		r.Violations = append(r.Violations, Violation{now, v.r.Gateway, what, waited, allowed})
	}
}

// A claim is one wait: what a reader waited for, and the number of readers that wanted
// bytes at the time.
type claim struct {
	from, now time.Duration
	rounds    int
	readers   int
	failures  int64
	piece     int
}

// A giver is a peer's part in what a gateway gets.
type giver struct {
	trip  time.Duration
	rate  float64 // bytes/s
	pause time.Duration
}

// block is how long one block takes.
func (g giver) block() time.Duration {
	return time.Duration(metainfo.BlockLen / g.rate * float64(time.Second))
}

// soonest returns the time until the first requested block arrives.
func (g giver) soonest() time.Duration { return g.trip + g.pause + g.block() }

// together returns how long givers take for so many bytes, which any of them may give.
// A giver that pauses gives nothing for the length of its pause at first. After any
// longer time it has given at least its rate times what exceeds the pause.
func together(givers []giver, bytes float64) time.Duration {
	pauses := slices.SortedFunc(slices.Values(givers), func(a, b giver) int { return cmp.Compare(a.pause, b.pause) })
	rate, given, at := 0.0, 0.0, time.Duration(0)
	for _, g := range pauses {
		more := rate * (g.pause - at).Seconds()
		if given+more >= bytes {
			break
		}
		rate, given, at = rate+g.rate, given+more, g.pause
	}
	return at + time.Duration((bytes-given)/rate*float64(time.Second))
}

// socketBytes is what a peer has written to its socket and cannot take back:
// simnet's send buffer.
const socketBytes = 64 << 10

// allowed is how long a reader may wait, and how long at the best choice of peers;
// false if nobody serves its gateway.
func (j *judge) allowed(gw int, c claim) (all, best time.Duration, ok bool) {
	givers, lost := j.givers(gw, c)
	slices.SortFunc(givers, func(a, b giver) int { return cmp.Compare(a.soonest(), b.soonest()) })
	down := float64(j.w.s.Gateways[gw].Down)
	length := float64(j.w.s.PieceLength)
	pipe := 0.0
	var trip, block time.Duration
	for i, g := range givers {
		trip, block = max(trip, g.trip), max(block, g.block())
		if c.rounds == 1 {
			pipe += socketBytes
		}
		owed := float64(c.readers+int(c.failures))*length + pipe
		taken := together(givers[:i+1], owed)
		if down > 0 {
			taken = max(taken, time.Duration(owed/down*float64(time.Second)))
		}
		all = time.Duration(c.rounds+j.ramp(i+1)+int(c.failures)+lost)*trip + time.Duration(lost)*noticeTime +
			taken + block + 2*time.Millisecond
		if i == 0 || all < best {
			best = all
		}
	}
	return time.Duration(fairness * float64(all)), time.Duration(fairness * float64(best)), len(givers) > 0
}

// ramp is the round trips that TCP's slow start adds to a piece from k peers.
func (j *judge) ramp(k int) int {
	if j.w.s.Mode != simnet.SlowStart {
		return 0
	}
	return max(0, int(math.Ceil(math.Log2(1+float64(j.w.s.PieceLength)/(float64(k)*14_600))))-1)
}

// givers returns the peers that serve a gateway throughout a wait, and the number of
// peers that ceased to.
func (j *judge) givers(gw int, c claim) (all []giver, lost int) {
	addr := j.w.gateways[gw].net.Addr()
	for _, i := range j.around[gw] {
		p := j.w.peers[i]
		if p.spec.breaks(c.from, c.now) {
			lost++
			continue
		}
		trip := j.w.s.Gateways[gw].RTT + p.spec.RTT + p.spec.ServiceTime
		if !p.spec.honest() || p.spec.stalls() || p.spec.lacks(c.piece) {
			continue
		}
		since, sharers, ok := p.serves(addr)
		if ok && p.spec.At+since <= c.from+time.Duration(c.rounds)*trip {
			all = append(all, giver{trip, p.spec.rate() / float64(sharers), p.spec.LongestPause(sharers)})
		}
	}
	return all, lost
}

// breaks reports whether a peer leaves or chokes between two times.
func (p *Peer) breaks(from, to time.Duration) bool {
	if p.Until > 0 && p.Until >= from && p.Until <= to {
		return true
	}
	if p.ChokeEvery == 0 {
		return false
	}
	first := p.At + p.ChokeFirst
	if to < first {
		return false
	}
	last := first + (to-first)/p.ChokeEvery*p.ChokeEvery
	return last+p.ChokeFor >= from
}

func (p *Peer) lacks(piece int) bool { return p.Pieces != nil && !slices.Contains(p.Pieces, piece) }

// serves reports since when a peer has had the gateway at addr unchoked, from
// its own start, and among how many it divides its uplink.
func (p *seed) serves(addr netip.Addr) (since time.Duration, sharers int, ok bool) {
	p.mu.Lock()
	x, gone := p.seed, p.gone
	p.mu.Unlock()
	if x == nil || gone {
		return 0, 0, false
	}
	for _, u := range x.Unchoked() {
		if u.Interested {
			sharers++
		}
		if u.Addr.Addr() == addr {
			since, ok = u.Since, true
		}
	}
	return since, max(sharers, 1), ok
}

// A census is how many readers a gateway has, from a time on.
type census struct {
	at      time.Duration
	readers int
}

// count changes the number of a gateway's readers.
func (g *gateway) count(now time.Duration, by int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := by
	if len(g.readers) > 0 {
		n += g.readers[len(g.readers)-1].readers
	}
	g.readers = append(g.readers, census{now, n})
}

// crowd is the most readers at once since a time.
func (g *gateway) crowd(from time.Duration) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	most := 1
	for i := len(g.readers) - 1; i >= 0; i-- {
		most = max(most, g.readers[i].readers)
		if g.readers[i].at < from {
			break
		}
	}
	return most
}
