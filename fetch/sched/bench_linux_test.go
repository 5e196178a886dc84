package sched

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// BenchmarkCore is what the scheduler itself costs: a swarm of so many peers of
// 2 MB/s, 50 ms away, and so many readers that wait, each at a place of its own, in a
// torrent of 1 MiB pieces. One operation is one block. Besides allocs/op it reports
// what the core takes of a processor a block, and in one call, which is how long a
// torrent's lock is held: the median, the 99.9th percentile and the most, in microseconds.
func BenchmarkCore(b *testing.B) {
	for _, n := range []struct {
		peers, readers int
		crowd          bool // most peers lack something
	}{{4, 4, false}, {4, 50, false}, {16, 50, false}, {50, 8, false}, {50, 50, false}, {50, 200, false}, {200, 200, false}, {50, 8, true}, {50, 50, true}, {50, 200, true}} {
		name := fmt.Sprintf("%dx%d", n.peers, n.readers)
		if n.crowd {
			name += ",crowd"
		}
		b.Run(name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			s := newBenchSwarm(b, n.peers, n.readers, 512)
			if n.crowd {
				s.crowd()
			}
			s.run(2 * n.readers * benchPiece / metainfo.BlockLen) // every reader had a piece, and every slice the size that it keeps
			s.held = make([]time.Duration, 0, 4*b.N+1024)
			s.spent = 0
			b.ReportAllocs()
			b.ResetTimer()
			s.run(b.N)
			b.StopTimer()
			slices.Sort(s.held)
			us := func(d time.Duration) float64 { return float64(d) / 1e3 }
			b.ReportMetric(float64(s.spent)/float64(b.N), "core-ns/block")
			b.ReportMetric(us(s.held[len(s.held)/2]), "lock-p50-µs")
			b.ReportMetric(us(s.held[len(s.held)*999/1000]), "lock-p99.9-µs")
			b.ReportMetric(us(s.held[len(s.held)-1]), "lock-max-µs")
			b.ReportMetric(float64(s.c.Stats.Wasted)/float64(s.c.Stats.Received), "wasted/received")
		})
	}
}

// cpuTime is what the thread took of a processor so far: on a machine that is busy with
// something else the clock says nothing.
func cpuTime() time.Duration {
	var at unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &at); err != nil {
		panic(err)
	}
	return time.Duration(at.Nano())
}

const (
	benchRTT   = 50 * time.Millisecond
	benchBlock = metainfo.BlockLen * time.Second / 2_000_000 // at 2 MB/s
	benchPiece = 1 << 20
)

// A benchSwarm drives a core as Torrent does. Its peers answer in order at a constant
// rate, obey cancels that reach them in time, and hold no bytes.
type benchSwarm struct {
	c       *Core
	span    int // pieces that each reader reads
	now     time.Duration
	armed   time.Duration // as the Torrent's timer; 0 never
	ticks   int
	peers   []*benchPeer
	byLink  map[*Link]*benchPeer
	rejects []benchReject // the first one due first
	readers []*Window
	effects []Effect
	trace   func(*Effect)
	began   time.Duration   // of cpuTime
	held    []time.Duration // how long each call took
	spent   time.Duration   // their sum
}

type benchPeer struct {
	l     *Link
	queue []benchRequest
	free  time.Duration // when its uplink has sent what was before
}

type benchRequest struct {
	b  metainfo.Block
	at time.Duration // when it reaches the peer
}

type benchReject struct {
	l  *Link
	b  metainfo.Block
	at time.Duration
}

// oneBuffer lends the same memory for every piece: nothing is written to it.
type oneBuffer struct{ buf *cache.Buffer }

func (oneBuffer) Room(int, bool) bool { return true }
func (oneBuffer) Hold(int)            {}
func (oneBuffer) Free(int)            {}
func (m oneBuffer) Buffer(int) *cache.Buffer {
	m.buf.Retain()
	return m.buf
}

func newBenchSwarm(t testing.TB, peers, readers, span int) *benchSwarm {
	size := int64(readers*span) * benchPiece
	info := testInfo(t, benchPiece, size)
	mem := oneBuffer{cache.NewPool(benchPiece).Get(benchPiece)}
	s := &benchSwarm{span: span, c: New(info, metainfo.NewBitfield(info.NumPieces()), 1<<30, mem), byLink: make(map[*Link]*benchPeer)}
	s.c.Sharers = readers
	for range peers {
		p := &benchPeer{l: s.c.Join(benchRTT, 500, nil)}
		s.peers = append(s.peers, p)
		s.byLink[p.l] = p
		s.c.Event(0, p.l, peer.Event{Kind: peer.HasAll})
		s.c.Event(0, p.l, peer.Event{Kind: peer.Unchoked})
	}
	for i := range readers {
		at := int64(i*span) * benchPiece
		s.readers = append(s.readers, s.c.Open(0, at, at+int64(span)*benchPiece))
	}
	s.lock()
	s.unlock()
	return s
}

// crowd has all but two of the peers lack one piece in ten, each others.
func (s *benchSwarm) crowd() {
	for _, p := range s.peers[2:] {
		for n := p.l.id % 10; n < s.c.Info.NumPieces(); n += 10 {
			s.c.loses(p.l, n)
		}
	}
}

func (s *benchSwarm) lock() { s.began = cpuTime() }

// unlock settles what happened, as Torrent.settle does, and carries out the effects.
func (s *benchSwarm) unlock() {
	if s.c.Kick || s.c.Nudge {
		s.c.FillAll(s.now)
	}
	if at, ok := s.c.Next(s.now); ok {
		s.arm(at)
	}
	effects := s.c.Take(s.effects)
	d := cpuTime() - s.began
	s.held = append(s.held, d)
	s.spent += d
	for i := range effects {
		if s.trace != nil {
			s.trace(&effects[i])
		}
		s.command(&effects[i])
	}
	clear(effects)
	s.effects = effects
}

func (s *benchSwarm) arm(at time.Duration) {
	if s.armed == 0 || at < s.armed {
		s.armed = max(at, 1)
	}
}

func (s *benchSwarm) command(e *Effect) {
	p := s.byLink[e.Link]
	switch e.Command.Op {
	case peer.Request:
		p.queue = append(p.queue, benchRequest{e.Command.Block, s.now + benchRTT/2})
	case peer.Cancel:
		start := p.free
		for i, r := range p.queue {
			start = max(start, r.at)
			if r.b == e.Command.Block {
				if start > s.now+benchRTT/2 {
					p.queue = slices.Delete(p.queue, i, i+1)
					s.rejects = append(s.rejects, benchReject{p.l, r.b, s.now + benchRTT})
				}
				return
			}
			start += benchBlock
		}
	}
}

// next is when the first block of the peer's queue is here.
func (p *benchPeer) next() time.Duration { return max(p.free, p.queue[0].at) + benchBlock + benchRTT/2 }

// run plays until so many blocks have come.
func (s *benchSwarm) run(blocks int) {
	for blocks > 0 {
		var first *benchPeer
		var at time.Duration
		for _, p := range s.peers {
			if len(p.queue) > 0 && (first == nil || p.next() < at) {
				first, at = p, p.next()
			}
		}
		switch {
		case s.armed > 0 && (first == nil || s.armed < at) && (len(s.rejects) == 0 || s.armed < s.rejects[0].at):
			s.now = max(s.now, s.armed)
			s.armed = 0
			s.ticks++
			s.lock()
			s.c.Tick(s.now)
			s.unlock()
		case len(s.rejects) > 0 && (first == nil || s.rejects[0].at < at):
			r := s.rejects[0]
			s.rejects = slices.Delete(s.rejects, 0, 1)
			s.now = max(s.now, r.at)
			s.lock()
			s.c.Event(s.now, r.l, peer.Event{Kind: peer.Rejected, Block: r.b})
			s.c.Refill(s.now, r.l)
			s.unlock()
		default:
			s.now = at
			s.arrive(first)
			blocks--
		}
	}
}

// arrive has the first block of a peer's queue come, and its piece be done if it was the last.
func (s *benchSwarm) arrive(p *benchPeer) {
	b := p.queue[0].b
	p.free = max(p.free, p.queue[0].at) + benchBlock
	p.queue = slices.Delete(p.queue, 0, 1)
	s.lock()
	r, ok := p.l.Lookup(int(b.Piece), int(b.Begin/metainfo.BlockLen))
	if !ok || r.Flight.Dead || r.Copy != r.Flight.Copies || r.Flight.Blocks[r.Block].State == BlockDone {
		s.c.Refuse(s.now, p.l, r, ok, int(b.Length))
	} else {
		s.c.Arrived(s.now, p.l, r.Flight, r.Block, nil)
	}
	s.c.Refill(s.now, p.l)
	s.unlock()
	if !ok || r.Flight.Dead || r.Flight.left > 0 {
		return
	}
	s.lock()
	s.c.Verified(s.now, r.Flight, true)
	r.Flight.release()
	s.unlock()
	for _, w := range s.readers {
		s.read(w)
	}
}

// read has a reader take what is there, and wait for the next piece. At its end it
// begins anew: somebody else reads the same, which is gone from the cache.
func (s *benchSwarm) read(w *Window) {
	for s.c.Have.Has(int(w.Pos / benchPiece)) {
		s.lock()
		s.c.Ready(s.now, w)
		s.c.Move(s.now, w, w.Pos+benchPiece)
		if w.Pos == w.end {
			for p := range s.span {
				s.c.Lost(int(w.Pos/benchPiece) - 1 - p)
			}
			w.Pos -= int64(s.span) * benchPiece
		}
		if !s.c.Have.Has(int(w.Pos / benchPiece)) {
			s.c.Stall(s.now, w)
		}
		s.unlock()
	}
}

// What a block costs does not depend on how many peers there are: so many times at most
// somebody asks when a block of a peer comes, how a piece is split, and when a peer is free.
func TestWorkABlock(t *testing.T) {
	const forecasts, levels, looks, blocks = 8, 1, 8, 4000
	for _, n := range []struct {
		peers, readers, span int
		crowd                bool
	}{{50, 50, 8, false}, {200, 200, 8, false}, {50, 200, 64, true}} {
		t.Run(fmt.Sprintf("%dx%d,%v", n.peers, n.readers, n.crowd), func(t *testing.T) {
			s := newBenchSwarm(t, n.peers, n.readers, n.span)
			if n.crowd {
				s.crowd()
				s.run(n.readers * benchPiece / metainfo.BlockLen)
			}
			s.run(70 * n.peers) // all that was asked for at first has come
			before, ticks, began := s.c.board, s.ticks, s.now
			s.run(blocks)
			after := s.c.board
			f, l := float64(after.forecasts-before.forecasts)/blocks, float64(after.levels-before.levels)/blocks
			seen := float64(after.looks-before.looks) / blocks
			t.Logf("%.2f forecasts, %.2f levels, %.2f looks at lanes a block", f, l, seen)
			if most := 2 + int((s.now-began)/leastGain); s.ticks-ticks > most {
				t.Errorf("%d looks at everything in %v, %d may be", s.ticks-ticks, s.now-began, most)
			}
			if f > forecasts || l > levels {
				t.Errorf("%.2f forecasts and %.2f levels a block, %d and %d may be", f, l, forecasts, levels)
			}
			if seen > looks && !n.crowd {
				t.Errorf("%.2f looks at lanes a block, %d may be", seen, looks)
			}
		})
	}
}
