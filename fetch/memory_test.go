package fetch

import (
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// A thousand readers at a thousand places: the windows shrink, the memory stays
// within its budget, and everybody is served in turn.
func TestAThousandReaders(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const (
			piece  = 1 << 20
			budget = 16 << 20
			each   = 64 << 10
		)
		readers, size := 1000, int64(128<<20)
		if raced {
			readers, size = 300, 64<<20
		}
		s := newSim(t, simnet.Ideal, 20*ms, piece, int(size))
		s.gate.session.budget = budget
		for range 4 {
			s.script(25_000_000, simnet.Libtorrent())
		}
		s.know()
		var most atomic.Int64
		var all sync.WaitGroup
		r := rand.New(rand.NewPCG(1, 1))
		start := time.Now()
		for range readers {
			off := r.Int64N(size - each)
			all.Go(func() {
				c := s.open(off, each)
				defer c.Close()
				s.read(c, off, each)
				now := s.gate.session.used.Load()
				for {
					was := most.Load()
					if now <= was || most.CompareAndSwap(was, now) {
						break
					}
				}
			})
		}
		all.Wait()
		if n := most.Load(); n > budget {
			t.Errorf("%d bytes were in use, of a budget of %d", n, budget)
		}
		// All of it has to come, once; a reader whose piece was let go again before its
		// turn costs it again.
		fair := transfer(float64(size), 100_000_000)
		if took := time.Since(start); took > 2*fair {
			t.Errorf("all were served after %v, the bytes alone take %v", took, fair)
		} else {
			t.Logf("all were served after %v, the bytes alone take %v; at most %d bytes in use", took, fair, most.Load())
		}
	})
}

// stuck is a client that does not read, until it is closed.
type stuck chan struct{}

func (s stuck) Write([]byte) (int, error) {
	<-s
	return 0, io.ErrClosedPipe
}

// Clients that do not read pin little, however large the pieces are.
func TestPausedReadersPinLittle(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const readers, piece, size = 64, 1 << 20, 128 << 20
		s := newSim(t, simnet.Ideal, 20*ms, piece, size)
		s.gate.session.budget = 16 << 20
		for range 4 {
			s.script(25_000_000, simnet.Libtorrent())
		}
		s.know()
		into := stuck(make(chan struct{}))
		var all sync.WaitGroup
		for i := range readers {
			off := int64(i) * 2 * piece
			all.Go(func() {
				c := s.open(off, piece)
				defer c.Close()
				s.first(c, time.Now())
				c.WriteNext(into) // nobody reads from it
			})
		}
		time.Sleep(time.Minute)
		pinned, half := s.gate.session.pinned.Load(), s.gate.session.budget/2
		if pinned > half+piece {
			t.Errorf("%d bytes are pinned by clients that do not read, %d may be", pinned, half)
		}
		close(into)
		all.Wait()
		if n := s.gate.session.pinned.Load(); n != 0 {
			t.Errorf("%d bytes are pinned by nobody", n)
		}
	})
}
