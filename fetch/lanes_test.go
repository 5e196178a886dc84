package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/metainfo/lanes"
	"github.com/btgw/btgw/peer"
)

// A hand is a peer of the gateway that sends what the test says, when it says so.
type hand struct {
	s    *sim
	t    *Torrent
	d    *download
	c    Content // a reader of all, that has not begun
	next int     // the first piece that was not sent
	got  int     // bytes that the reader took
	mu   sync.Mutex
	bans int
	left sync.Once
}

func (h *hand) leave() { h.left.Do(h.d.Leave) }

var _ sched.Source = (*hand)(nil)

func (h *hand) Send(...peer.Command) {}
func (h *hand) RequestQueue() int    { return sched.MaxDepth }
func (h *hand) String() string       { return "hand" }
func (h *hand) Ban(string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bans++
}

const (
	handPiece  = 2 * metainfo.BlockLen
	handPieces = 600 // more than a reader is sent at its beginning
	handFirst  = lanes.Half - 1
	// handTime is how long a piece of these waits for others.
	handTime = lanes.Half * handPiece * time.Second / laneRate
)

// newHand gives a gateway that hashes side by side, or not, and a hand that has all pieces. The first seven
// came in no time, so that others are hashed together.
func newHand(t *testing.T, sideBySide bool) *hand {
	s := newSim(t, simnet.Ideal, 10*ms, handPiece, handPieces*handPiece)
	s.gate.session.sideBySide = sideBySide
	s.know()
	h := &hand{s: s, c: s.open(0, handPieces*handPiece)}
	t.Cleanup(func() { h.c.Close() })
	h.t = inUse(s.gate.session, s.hash())
	h.t.mu.Lock()
	h.d = &download{t: h.t, l: h.t.core.Join(0, sched.MaxDepth, h)}
	h.t.mu.Unlock()
	t.Cleanup(h.leave)
	all := metainfo.NewBitfield(handPieces)
	all.SetAll(handPieces)
	h.d.Update([]peer.Event{{Kind: peer.HasField, Field: all}, {Kind: peer.Unchoked}})
	after(ms)
	h.send(handFirst)
	h.has("at first", handFirst, 0)
	return h
}

// after lets what is due happen.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// send sends so many of the next pieces, the second block of each before the first.
func (h *hand) send(pieces int) {
	h.s.t.Helper()
	for range pieces {
		h.put(1, h.s.content)
		h.put(0, h.s.content)
		h.next++
	}
}

// put sends a block of the next piece, with what is at its place in content.
func (h *hand) put(block int, content []byte) {
	h.s.t.Helper()
	b := h.s.torrent.Info.Block(h.next, block)
	into := h.d.Place(b)
	if into == nil {
		h.s.t.Fatalf("block %d of piece %d is not wanted", block, h.next)
	}
	copy(into, content[h.next*handPiece+block*metainfo.BlockLen:])
	h.d.Update([]peer.Event{{Kind: peer.Arrived, Block: b}})
}

// has compares how many pieces are verified, the first ones, and how many were hashed together.
func (h *hand) has(when string, pieces, together int) {
	h.s.t.Helper()
	synctest.Wait()
	h.t.mu.Lock()
	defer h.t.mu.Unlock()
	first := 0
	for first < handPieces && h.t.core.Have.Has(first) {
		first++
	}
	if n := h.t.core.Have.Count(handPieces); first != pieces || n != pieces || h.t.lanes.hashed != together {
		h.s.t.Errorf("%s %d pieces are verified, the first %d of them in a row, and %d were hashed together; want %d and %d",
			when, n, first, h.t.lanes.hashed, pieces, together)
	}
}

// read has the reader take pieces, which are verified.
func (h *hand) read(pieces int) {
	h.s.t.Helper()
	var got bytes.Buffer
	for got.Len() < pieces*handPiece {
		h.s.first(h.c, time.Now())
		if _, err := h.c.WriteNext(&got); err != nil {
			h.s.t.Fatal(err)
		}
	}
	if h.got += got.Len(); got.Len() != pieces*handPiece || !bytes.HasSuffix(h.s.content[:h.got], got.Bytes()) {
		h.s.t.Errorf("%d bytes are not what they should be", got.Len())
	}
}

// wait has the reader wait for the next piece. What it returns says whether that has come.
func (h *hand) wait() (came func() bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := h.c.Wait(context.Background()); err != nil && !errors.Is(err, ErrClosed) {
			h.s.t.Error(err)
		}
	}()
	came = func() bool {
		synctest.Wait()
		select {
		case <-done:
			return true
		default:
			return false
		}
	}
	came()
	return came
}

// What comes fast is hashed together: at once where there are eight, else when the first of them has waited
// for as long as eight may take. Too few are hashed one after the other.
func TestLanesHashWhatComesFast(t *testing.T) {
	for n, together := range map[int]int{lanes.Worth - 1: 0, lanes.Worth: lanes.Worth, lanes.Half: lanes.Half} {
		bubble.Test(t, func(t *testing.T) {
			h := newHand(t, true)
			h.send(1)
			after(handTime - 1)
			h.send(n - 1)
			if n < lanes.Half {
				h.has("before", handFirst, 0)
				after(1)
			}
			h.has("then", handFirst+n, together)
		})
	}
}

// A set that does not fill is the last one, until pieces come fast again.
func TestLanesRestWhereFewCome(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := newHand(t, true)
		h.send(lanes.Worth)
		after(handTime)
		h.has("then", handFirst+lanes.Worth, lanes.Worth)
		after(1)
		for range 3 {
			h.send(1)
			h.has("slowly", h.next, lanes.Worth)
			after(handTime + 1)
		}
		h.send(handFirst + lanes.Half)
		h.has("fast again", h.next, lanes.Worth+lanes.Half)
	})
}

// Without lanes all is hashed as it comes.
func TestWithoutLanes(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := newHand(t, false)
		for range 2 * lanes.Half {
			h.send(1)
			h.has("at once", h.next, 0)
		}
	})
}

// A reader that began of late does not wait for a set, whether it comes before the piece or after it.
func TestLanesLeaveWhoBegins(t *testing.T) {
	for _, n := range []int{1, lanes.Worth} {
		bubble.Test(t, func(t *testing.T) {
			h := newHand(t, true)
			h.send(n)
			h.has("before", handFirst, 0)
			h.read(handFirst)
			start := time.Now()
			if came := h.wait(); !came() || time.Since(start) > 0 {
				t.Error("what a reader came to is not here")
			}
			together := n / lanes.Worth * lanes.Worth
			h.has("then", handFirst+n, together)
			h.read(n)
			came := h.wait()
			if came() {
				t.Fatal("what was not sent is here")
			}
			if h.send(1); !came() {
				t.Error("what a reader waited for is not here")
			}
			h.has("at last", handFirst+n+1, together)
		})
	}
}

// A reader in the middle of a stream waits with a set.
func TestLanesKeepWhoIsSentMuch(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := newHand(t, true)
		for h.got < 17<<20 {
			h.send(lanes.Half)
			after(handTime)
			h.read(h.next - h.got/handPiece)
		}
		h.send(2 * lanes.Half)
		after(handTime)
		h.read(h.next - h.got/handPiece)
		verified, together := h.next, h.t.lanes.hashed
		came := h.wait()
		h.send(lanes.Half - 1)
		if h.has("before", verified, together); came() {
			t.Error("what a reader waited for is here before its set is full")
		}
		h.send(1)
		if h.has("then", h.next, together+lanes.Half); !came() {
			t.Error("what a reader waited for is not here with its set")
		}
	})
}

// A wrong piece in the middle of a set fails alone.
func TestLanesFailWrongPieceAlone(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := newHand(t, true)
		h.send(3)
		h.put(0, make([]byte, len(h.s.content)))
		h.put(1, h.s.content)
		h.next++
		h.send(lanes.Half - 4)
		h.t.mu.Lock()
		defer h.t.mu.Unlock()
		have, stats := h.t.core.Have, &h.t.core.Stats
		wrong := handFirst + 3
		if have.Has(wrong) || have.Count(handPieces) != handFirst+lanes.Half-1 || h.t.lanes.hashed != lanes.Half || stats.HashFailures != 1 {
			t.Errorf("%d are verified, the wrong one %v, %d were hashed together, %d failed",
				have.Count(handPieces), have.Has(wrong), h.t.lanes.hashed, stats.HashFailures)
		}
		if h.mu.Lock(); h.bans != 1 {
			t.Errorf("who sent it was banned %d times", h.bans)
		}
		h.mu.Unlock()
	})
}

// What waits when its reader leaves is verified all the same.
func TestLanesGoOnWithoutReader(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := newHand(t, true)
		h.send(lanes.Worth)
		h.c.Close()
		h.has("before", handFirst, 0)
		after(handTime)
		h.has("then", handFirst+lanes.Worth, lanes.Worth)
	})
}

// What waits when the session ends, or its torrent is removed, is let go at once. That no memory stays out is
// seen at the end of each test.
func TestLanesLetGoOfWhatWaits(t *testing.T) {
	for name, end := range map[string]func(s *sim) error{
		"close":  func(s *sim) error { return s.gate.session.Close(context.Background()) },
		"remove": func(s *sim) error { return s.gate.session.Remove(context.Background(), s.hash()) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				h := newHand(t, true)
				h.send(lanes.Worth)
				h.leave()
				start := time.Now()
				if err := end(h.s); err != nil {
					t.Fatal(err)
				}
				h.c.Close()
				h.has("then", handFirst, 0)
				if d, n := time.Since(start), h.s.gate.session.used.Load(); d >= handTime || n != 0 {
					t.Errorf("after %v, %d bytes are counted", d, n)
				}
			})
		})
	}
}

// A file comes right through sets, from a swarm with one that lies.
func TestLanesInASwarm(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 32 << 20
		s := newSim(t, simnet.Ideal, 10*ms, 4*metainfo.BlockLen, size)
		s.gate.session.sideBySide = true
		for i := range 4 {
			s.seed(100*mb, i == 1)
		}
		c := s.open(0, size)
		defer c.Close()
		h, n := sha256.New(), 0
		for {
			if err := c.Wait(context.Background()); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			m, err := c.WriteNext(h)
			if err != nil {
				t.Fatal(err)
			}
			n += int(m)
		}
		if n != size || [32]byte(h.Sum(nil)) != sha256.Sum256(s.content) {
			t.Errorf("%d bytes are not what they should be", n)
		}
		tor := inUse(s.gate.session, s.hash())
		tor.mu.Lock()
		defer tor.mu.Unlock()
		if n, failed := tor.lanes.hashed, tor.core.Stats.HashFailures; n < 2*lanes.Half || failed == 0 {
			t.Errorf("%d pieces of %d were hashed together, %d failed", n, s.torrent.Info.NumPieces(), failed)
		}
	})
}
