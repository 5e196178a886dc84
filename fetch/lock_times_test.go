//go:build locktimes && linux

package fetch

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// A lock is a Torrent's, and counts for how long it is held. That is processor time of the thread that
// holds it: on a machine that is busy with something else the clock says nothing.
type lock struct {
	sync.Mutex
	began time.Duration
	held  holds
}

// holds are the times for which a lock was held.
type holds struct {
	classes [classes]int // those of less than 2^(i/8) µs, and of no less than the class before
	n       int
	sum     time.Duration
	longest time.Duration
	over    map[holder]overrun // those of more than tooLong
}

// tooLong is for how long a lock is to be held at most.
const tooLong = 50 * time.Microsecond

// A holder is who held the lock.
type holder [4]uintptr

type overrun struct {
	n       int
	longest time.Duration
}

const classes = 8 * 20

func (l *lock) Lock() {
	l.Mutex.Lock()
	l.begin()
}

func (l *lock) TryLock() bool {
	if !l.Mutex.TryLock() {
		return false
	}
	l.begin()
	return true
}

// begin has the goroutine stay on its thread, whose time is counted.
func (l *lock) begin() {
	runtime.LockOSThread()
	l.began = threadTime()
}

func (l *lock) Unlock() {
	l.held.add(threadTime() - l.began)
	runtime.UnlockOSThread()
	l.Mutex.Unlock()
}

func threadTime() time.Duration {
	var at unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &at); err != nil {
		panic(err)
	}
	return time.Duration(at.Nano())
}

func (h *holds) add(d time.Duration) {
	h.n++
	h.sum += d
	h.classes[class(d)]++
	h.longest = max(h.longest, d)
	if d > tooLong {
		var who holder
		runtime.Callers(3, who[:])
		if h.over == nil {
			h.over = make(map[holder]overrun)
		}
		x := h.over[who]
		h.over[who] = overrun{x.n + 1, max(x.longest, d)}
	}
}

// class is that of a time: eight to each power of two of microseconds.
func class(d time.Duration) int {
	us := max(1, uint64(d)*8/1000)
	p := bits.Len64(us) - 1 // of an eighth of a microsecond
	return min(classes-1, 8*p+int((us<<3>>p)&7))
}

// quantile is below which time such a part of them was.
func (h *holds) quantile(q float64) time.Duration {
	left := int(q * float64(h.n))
	for i, n := range h.classes {
		if left -= n; left < 0 {
			p := i / 8
			return time.Duration(1000 / 8 * float64(uint64(1)<<p) * (1 + float64(i%8+1)/8))
		}
	}
	return 0
}

func (h *holds) String() string {
	us := func(d time.Duration) string { return fmt.Sprintf("%.1f µs", float64(d)/1000) }
	var b strings.Builder
	fmt.Fprintf(&b, "held %d times: half for less than %s, 99 %% %s, 99.9 %% %s; the longest %s",
		h.n, us(h.quantile(0.5)), us(h.quantile(0.99)), us(h.quantile(0.999)), us(h.longest))
	holders := slices.Collect(maps.Keys(h.over))
	slices.SortFunc(holders, func(a, b holder) int { return h.over[b].n - h.over[a].n })
	for _, who := range holders {
		fmt.Fprintf(&b, "\n  %d for more than %s, the longest %s:", h.over[who].n, us(tooLong), us(h.over[who].longest))
		for frames := runtime.CallersFrames(who[:]); ; {
			f, more := frames.Next()
			fmt.Fprintf(&b, " %s:%d", f.Function[strings.LastIndexByte(f.Function, '.')+1:], f.Line)
			if !more {
				break
			}
		}
	}
	return b.String()
}

// TestHowLongTheLockIsHeld plays swarms of peers of 2 MB/s, 50 ms away, with readers that wait all the
// time, each at a place of its own, and says how long a torrent's lock is held.
func TestHowLongTheLockIsHeld(t *testing.T) {
	for _, n := range []struct{ peers, readers, pieces int }{{4, 4, 64}, {50, 50, 8}, {50, 200, 4}, {200, 200, 4}} {
		t.Run(fmt.Sprintf("%dx%d", n.peers, n.readers), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				each := int64(n.pieces) << 20
				s := newSim(t, simnet.Ideal, 50*ms, 1<<20, n.readers*int(each))
				s.conns = 2 * n.peers
				s.gate = s.node(simnet.HostConfig{})
				for range n.peers {
					s.script(simRate, simnet.Libtorrent())
				}
				s.know()
				var all sync.WaitGroup
				for i := range n.readers {
					c := s.open(int64(i)*each, each)
					all.Go(func() {
						defer c.Close()
						if err := swallow(c); err != io.EOF {
							t.Error(err)
						}
					})
				}
				all.Wait()
				tor := inUse(s.gate.session, s.hash())
				tor.mu.Mutex.Lock()
				defer tor.mu.Mutex.Unlock()
				h := &tor.mu.held
				blocks := tor.core.Stats.Received / metainfo.BlockLen
				t.Logf("%v", h)
				t.Logf("%.2f µs a block, of %d", float64(h.sum)/1000/float64(blocks), blocks)
			})
		})
	}
}

// swallow reads a content to its end.
func swallow(c Content) error {
	for {
		if err := c.Wait(context.Background()); err != nil {
			return err
		}
		if _, err := c.WriteNext(io.Discard); err != nil {
			return err
		}
	}
}
