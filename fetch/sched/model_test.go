package sched

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A model is a network of a few lines that drives the core alone: peers with a
// round trip and a rate, that answer requests in order. It has no bytes; a
// lying peer's pieces fail by decree.
type model struct {
	t     testing.TB
	c     *Core
	now   time.Duration
	queue modelQueue
	seq   int
	peers []*modelPeer
	done  map[int]time.Duration // pieces verified, and when
	pool  *cache.Pool
	asked map[metainfo.Block]int
	sent  int64 // bytes that peers sent
	onGot func(piece int)
	trace func(Effect)

	onFailed func(piece int)
}

type modelPeer struct {
	l     *Link
	rtt   time.Duration
	rate  float64
	queue []metainfo.Block
	going bool
	mute  time.Duration // sends nothing from then on; 0 never
	every time.Duration // it sends so often what its rate allows, in one burst; 0: as it goes
	liar  bool
	// it sends the same wrong bytes as the others that do
	agrees bool
}

type modelEvent struct {
	at  time.Duration
	seq int
	fn  func()
}

type modelQueue []modelEvent

func (q modelQueue) Len() int { return len(q) }
func (q modelQueue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].seq < q[j].seq
}
func (q modelQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *modelQueue) Push(x any)   { *q = append(*q, x.(modelEvent)) }
func (q *modelQueue) Pop() any {
	o := *q
	x := o[len(o)-1]
	*q = o[:len(o)-1]
	return x
}

// testInfo makes a v1 torrent of one file whose hashes fit nothing.
func testInfo(t testing.TB, pieceLen, size int64) *metainfo.Info {
	t.Helper()
	n := (size + pieceLen - 1) / pieceLen
	raw := fmt.Appendf(nil, "d6:lengthi%de4:name4:file12:piece lengthi%de6:pieces%d:", size, pieceLen, n*20)
	raw = append(raw, make([]byte, n*20)...)
	info, err := metainfo.ParseInfo(append(raw, 'e'))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// modelMemory has room for everything.
type modelMemory struct{ pool *cache.Pool }

func (m modelMemory) Room(int, bool) bool        { return true }
func (m modelMemory) Hold(int)                   {}
func (m modelMemory) Free(int)                   {}
func (m modelMemory) Buffer(n int) *cache.Buffer { return m.pool.Get(n) }

func newModel(t testing.TB, info *metainfo.Info) *model {
	m := &model{t: t, done: map[int]time.Duration{}, pool: cache.NewPool(64 << 20), asked: map[metainfo.Block]int{}}
	m.c = New(info, metainfo.NewBitfield(info.NumPieces()), 256<<20, modelMemory{m.pool})
	return m
}

func (m *model) at(at time.Duration, fn func()) {
	m.seq++
	heap.Push(&m.queue, modelEvent{at, m.seq, fn})
}

// join connects a peer that has everything and unchokes at once.
func (m *model) join(rtt time.Duration, rate float64) *modelPeer {
	p := m.joined(rtt, rate)
	m.c.Event(m.now, p.l, peer.Event{Kind: peer.HasAll})
	m.tell(p, peer.Unchoked)
	return p
}

// joined adds a peer that has said nothing yet.
func (m *model) joined(rtt time.Duration, rate float64) *modelPeer {
	p := &modelPeer{rtt: rtt, rate: rate}
	p.l = m.c.Join(rtt, 500, nil)
	p.l.Lenient = true
	m.peers = append(m.peers, p)
	return p
}

// tell has the peer say something.
func (m *model) tell(p *modelPeer, what peer.EventKind) {
	m.c.Event(m.now, p.l, peer.Event{Kind: what})
	m.c.Refill(m.now, p.l)
	m.settle()
}

// settle carries out the effects of the core.
func (m *model) settle() {
	for m.c.Kick || m.c.Nudge || len(m.c.effects) > 0 {
		if m.c.Kick || m.c.Nudge {
			m.c.FillAll(m.now)
		}
		for _, e := range m.c.Take(nil) {
			if m.trace != nil {
				m.trace(e)
			}
			if e.Ban != "" || e.Link.Gone {
				continue
			}
			m.command(e)
		}
	}
}

func (m *model) command(e Effect) {
	var p *modelPeer
	for _, x := range m.peers {
		if x.l == e.Link {
			p = x
		}
	}
	b := e.Command.Block
	switch e.Command.Op {
	case peer.Request:
		m.asked[b]++
		m.at(m.now+p.rtt/2, func() { p.queue = append(p.queue, b); m.serve(p) })
	case peer.Cancel:
		m.at(m.now+p.rtt/2, func() {
			for i, q := range p.queue {
				if q == b {
					p.queue = append(p.queue[:i], p.queue[i+1:]...)
					m.at(m.now+p.rtt/2, func() {
						if !p.l.Gone {
							m.c.Event(m.now, p.l, peer.Event{Kind: peer.Rejected, Block: b})
							m.settle()
						}
					})
					return
				}
			}
		})
	}
}

// serve sends the next block of a peer's queue when its uplink is free.
func (m *model) serve(p *modelPeer) {
	if p.going || len(p.queue) == 0 || p.mute > 0 && m.now >= p.mute {
		return
	}
	p.going = true
	b := p.queue[0]
	p.queue = p.queue[1:]
	d := time.Duration(float64(b.Length) / p.rate * float64(time.Second))
	m.at(m.now+d, func() {
		p.going = false
		m.serve(p)
	})
	sent := m.now + d
	if p.every > 0 {
		sent = (sent + p.every - 1) / p.every * p.every
	}
	m.at(sent+p.rtt/2, func() { m.arrive(p, b) })
}

func (m *model) arrive(p *modelPeer, b metainfo.Block) {
	if p.l.Gone {
		return
	}
	m.sent += int64(b.Length)
	if m.c.Checks(p.l, b) {
		buf := m.pool.Get(metainfo.BlockLen)
		clear(buf.Bytes())
		buf.Bytes()[0] = p.word()
		m.c.Checked(m.now, p.l, buf)
		m.settle()
		return
	}
	n := int(b.Begin / metainfo.BlockLen)
	r, ok := p.l.Lookup(int(b.Piece), n)
	if !ok || r.Flight.Dead || r.Copy != r.Flight.Copies {
		m.c.Refuse(m.now, p.l, r, ok, int(b.Length))
		m.settle()
		return
	}
	if r.Flight.Blocks[n].State != BlockDone {
		r.Flight.Place(n)[0] = p.word()
	}
	m.c.Arrived(m.now, p.l, r.Flight, n, nil)
	if !r.Flight.Dead && (r.Flight.left == 0 || r.Flight.Suspect() != nil) {
		m.complete(r.Flight)
	}
	if !p.l.Gone {
		m.c.Refill(m.now, p.l)
	}
	m.settle()
}

// word is the first byte of each block that the peer sends; 0 is right.
func (p *modelPeer) word() byte {
	switch {
	case p.liar && p.agrees:
		return 255
	case p.liar:
		return byte(p.l.id)
	}
	return 0
}

// review completes what was put together from older copies.
func (m *model) review() {
	for len(m.c.Review) > 0 {
		f := m.c.Review[0]
		m.c.Review = m.c.Review[1:]
		if !f.Dead && f.left == 0 {
			m.complete(f)
		}
	}
}

func (m *model) complete(f *Flight) {
	ok := f.left == 0
	for n := range f.Blocks {
		ok = ok && f.Place(n)[0] == 0
	}
	for !ok && f.Suspect() != nil {
		ok = m.c.Reconcile(f, func(parts [][]byte) bool {
			return !slices.ContainsFunc(parts, func(p []byte) bool { return p[0] != 0 })
		})
	}
	if !ok && f.left > 0 {
		return
	}
	defer m.review()
	if m.c.Verified(m.now, f, ok) {
		f.Buf.Release()
		f.Buf = nil
		m.done[f.Piece] = m.now
		if m.onGot != nil {
			m.onGot(f.Piece)
		}
	} else if m.onFailed != nil {
		m.onFailed(f.Piece)
	}
}

// run plays events until stop says so or nothing is left, at most for limit.
func (m *model) run(limit time.Duration, stop func() bool) {
	m.t.Helper()
	for !stop() {
		next := m.c.nextOfAll(m.now)
		at, ok := next.at, next.any
		if len(m.queue) > 0 && (!ok || m.queue[0].at <= at) {
			e := heap.Pop(&m.queue).(modelEvent)
			m.now = max(m.now, e.at)
			e.fn()
		} else if ok {
			m.now = max(m.now, at)
			m.c.Tick(m.now)
			m.settle()
		} else {
			m.t.Fatal("nothing left to happen\n" + m.c.Describe(m.now))
		}
		if m.now > limit {
			m.t.Fatalf("not done after %v: %d pieces\n%s", m.now, len(m.done), m.c.Describe(m.now))
		}
	}
}

// read opens a reader over everything that takes each piece as soon as it is
// there, at rate bytes/s (0: at once), and returns when it was done with each.
func (m *model) read(pos, end int64, rate float64) func() bool {
	w := m.c.Open(m.now, pos, end)
	length := m.c.Info.PieceLength
	var step func()
	taken := false
	step = func() {
		if w.Pos >= end {
			return
		}
		p := int(w.Pos / length)
		if !m.c.Have.Has(p) {
			m.c.Stall(m.now, w)
			m.settle()
			return
		}
		m.c.Ready(m.now, w)
		n := min(end, int64(p+1)*length) - w.Pos
		d := time.Duration(0)
		if rate > 0 {
			d = time.Duration(float64(n) / rate * float64(time.Second))
		}
		taken = true
		m.at(m.now+d, func() {
			taken = false
			m.c.Move(m.now, w, w.Pos+n)
			m.settle()
			step()
		})
	}
	prev := m.onGot
	m.onGot = func(piece int) {
		if prev != nil {
			prev(piece)
		}
		if !taken && int(w.Pos/length) == piece {
			step()
		}
	}
	step()
	closed := false
	return func() bool {
		if w.Pos >= end && !closed {
			closed = true
			m.c.Close(m.now, w)
			m.settle()
		}
		return closed
	}
}

const (
	ms = time.Millisecond
	mb = 1e6
)

// transfer is how long n bytes take at rate bytes/s.
func transfer(n, rate float64) time.Duration { return time.Duration(n / rate * float64(time.Second)) }

func TestFirstPieceIsStripedAtItsFloor(t *testing.T) {
	for _, peers := range []int{1, 4, 8} {
		for _, size := range []int64{256 << 10, 1 << 20, 4 << 20} {
			t.Run(fmt.Sprintf("%d peers, pieces of %d KiB", peers, size>>10), func(t *testing.T) {
				m := newModel(t, testInfo(t, size, 16*size))
				m.read(0, 16*size, 0)
				m.settle()
				for range peers {
					m.join(100*ms, 2*mb)
				}
				m.run(time.Minute, func() bool { return m.done[0] > 0 })
				floor := 100*ms + transfer(float64(size), 2*mb*float64(peers))
				block := transfer(16384, 2*mb)
				if got := m.done[0]; got > floor+block+2*ms {
					t.Errorf("first piece after %v, floor %v + %v", got, floor, block)
				}
			})
		}
	}
}

func TestStraightReadFetchesEachBlockOnce(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	for range 4 {
		m.join(50*ms, 2*mb)
	}
	done := m.read(0, 64<<20, 0)
	m.settle()
	m.run(time.Minute, done)
	if m.sent > 64<<20*101/100 {
		t.Errorf("peers sent %d bytes for %d", m.sent, 64<<20)
	}
	ideal := transfer(64<<20, 8*mb)
	if m.now > ideal*110/100 {
		t.Errorf("took %v, %v at the peers' full rate", m.now, ideal)
	}
	t.Logf("%v, ideal %v, stolen %d hedged %d late %d sent %d", m.now, ideal, m.c.Stats.Stolen, m.c.Stats.Hedged, m.c.Stats.LateBlocks, m.sent)
}

func TestSlowPeerBesideFastOnes(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 32<<20))
	m.read(0, 32<<20, 0)
	m.settle()
	m.join(100*ms, 0.05*mb)
	for range 3 {
		m.join(100*ms, 2*mb)
	}
	m.run(time.Minute, func() bool { return m.done[0] > 0 })
	floor := 100*ms + transfer(1<<20, 6.05*mb)
	block := transfer(16384, 0.05*mb)
	if m.done[0] > floor+block+2*ms {
		t.Errorf("first piece after %v, floor %v, a block of the slow peer %v", m.done[0], floor, block)
	}
	t.Logf("first piece after %v, floor %v", m.done[0], floor)
}

func TestStalledPeersAreHedged(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 32<<20))
	m.read(0, 32<<20, 0)
	m.settle()
	for i := range 8 {
		p := m.join(100*ms, 1*mb)
		if i < 2 {
			p.mute = 80 * ms // two blocks are sent, the rest never
		}
	}
	m.run(time.Minute, func() bool { return m.done[0] > 0 })
	floor := 100*ms + transfer(1<<20, 8*mb)
	if m.done[0] > floor+500*ms {
		t.Errorf("first piece after %v, floor %v", m.done[0], floor)
	}
	t.Logf("first piece after %v, floor %v", m.done[0], floor)
}

// A third of the peers lies in every block, each in its own way or all in the same.
func TestLiarsAreFound(t *testing.T) {
	for _, agree := range []bool{false, true} {
		t.Run(fmt.Sprintf("agree %v", agree), func(t *testing.T) {
			m := newModel(t, testInfo(t, 512<<10, 16<<20))
			done := m.read(0, 16<<20, 0)
			m.settle()
			for i := range 18 {
				p := m.join(time.Duration(10+5*i)*ms, 0.5*mb)
				p.liar, p.agrees = i%3 == 0, agree
			}
			m.run(7*time.Second, done) // the honest ones need 2.8 s
			for i, p := range m.peers {
				if p.l.Convicted != p.liar {
					t.Errorf("peer %d: convicted %v, liar %v", i, p.l.Convicted, p.liar)
				}
			}
			if waste := float64(m.c.Stats.Wasted) / (16 << 20); waste > 1.1 {
				t.Errorf("%.2f bytes wasted for each that was good", waste)
			}
			t.Logf("done after %v, %d hashes failed, %d bytes wasted", m.now, m.c.Stats.HashFailures, m.c.Stats.Wasted)
		})
	}
}

func TestLiarIsFoundAndTheRightPieceComes(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 16<<20))
	done := m.read(0, 16<<20, 0)
	m.settle()
	for i := range 4 {
		p := m.join(50*ms, 2*mb)
		p.liar = i == 1
	}
	m.run(time.Minute, done)
	for i, p := range m.peers {
		if p.l.Convicted != p.liar {
			t.Errorf("peer %d: convicted %v, liar %v", i, p.l.Convicted, p.liar)
		}
	}
	if m.c.Stats.HashFailures > 8 {
		t.Errorf("%d pieces failed before the liar was found", m.c.Stats.HashFailures)
	}
	t.Logf("first %v, all %v, failures %d", m.done[0], m.now, m.c.Stats.HashFailures)
}

// A first piece that is begun again was asked for at once all the same: what its
// reader waits for is the piece, not a peer.
func TestLoneIsOfTheFirstTime(t *testing.T) {
	for _, alone := range []time.Duration{0, 70 * ms} {
		m := newModel(t, testInfo(t, 1<<20, 4<<20))
		m.at(alone, func() { m.join(50*ms, 4*mb) })
		w := m.c.Open(m.now, 0, 1<<20)
		m.settle()
		m.run(time.Minute, func() bool { return m.c.Have.Has(0) })
		if w.Lone != alone {
			t.Errorf("alone for %v, want %v", w.Lone, alone)
		}
		m.c.Lost(0) // before its reader had it
		m.settle()
		m.run(time.Minute, func() bool { return m.c.Have.Has(0) })
		if w.Lone != alone {
			t.Errorf("alone for %v when the piece was begun again, want %v", w.Lone, alone)
		}
	}
	m := newModel(t, testInfo(t, 1<<20, 4<<20))
	m.join(50*ms, mb)
	first := m.c.Open(m.now, 0, 1<<20)
	m.settle()
	m.at(500*ms, func() { m.c.Close(m.now, first); first = m.c.Open(m.now, 0, 1<<20); m.settle() })
	m.run(time.Minute, func() bool { return m.c.Have.Has(0) })
	m.c.Lost(0)
	m.settle()
	m.run(time.Minute, func() bool { return m.c.Have.Has(0) })
	if first.Lone != 0 {
		t.Errorf("alone for %v with the piece under way", first.Lone)
	}
}

func TestSeekCancelsWhatNobodyWants(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 256<<20))
	w := m.c.Open(m.now, 0, 256<<20)
	m.c.Stall(m.now, w)
	m.settle()
	for range 4 {
		m.join(100*ms, 2*mb)
	}
	m.run(time.Minute, func() bool { return m.done[1] > 0 })
	m.c.Close(m.now, w)
	m.settle()
	for _, p := range m.peers {
		if len(p.l.queue) > 0 {
			t.Fatalf("%d requests outstanding that nobody wants", len(p.l.queue))
		}
	}
	start := m.now
	w = m.c.Open(m.now, 128<<20, 256<<20)
	m.c.Stall(m.now, w)
	m.settle()
	m.run(time.Minute, func() bool { return m.done[128] > 0 })
	floor := 100*ms + transfer(1<<20, 8*mb)
	block := transfer(16384, 2*mb)
	if d := m.done[128] - start; d > floor+2*block+2*ms {
		t.Errorf("seek took %v, floor %v and a block %v", d, floor, block)
	} else {
		t.Logf("seek took %v, floor %v", d, floor)
	}
}

// Random swarms: whatever peers do, everything that is wanted comes, as long
// as one peer lives that serves.
func TestRandomSwarmsDeliver(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		t.Logf("seed %d", seed)
		pieceLen := int64(16384) << r.IntN(7)
		size := pieceLen*int64(1+r.IntN(24)) - int64(r.IntN(16384))
		m := newModel(t, testInfo(t, pieceLen, size))
		var stops []func() bool
		for range 1 + r.IntN(4) {
			pos := r.Int64N(size)
			stops = append(stops, m.read(pos, pos+1+r.Int64N(size-pos), float64(r.IntN(3))*mb))
		}
		m.settle()
		n := 1 + r.IntN(12)
		for i := range n {
			p := m.join(time.Duration(1+r.IntN(200))*ms, float64(1+r.IntN(4000))*1000)
			if i > 0 { // the first one is good
				if r.IntN(4) == 0 {
					p.mute = m.now + time.Duration(1+r.IntN(2000))*ms
				}
				p.liar = r.IntN(5) == 0
				p.agrees = r.IntN(2) == 0
				if r.IntN(5) == 0 {
					m.at(time.Duration(r.IntN(3000))*ms, func() {
						if !p.l.Gone {
							m.c.Leave(m.now, p.l)
							m.settle()
						}
					})
				}
			} else {
				p.rate = 500_000
			}
		}
		m.run(10*time.Minute, func() bool {
			all := true
			for _, s := range stops {
				all = s() && all
			}
			return all
		})
		for i, p := range m.peers {
			if p.l.Convicted && !p.liar {
				t.Fatalf("seed %d: honest peer %d convicted", seed, i)
			}
		}
	}
}
