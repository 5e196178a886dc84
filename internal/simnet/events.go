package simnet

import (
	"math"
	"time"
)

// never is a time that does not come, in ns since the network's start.
const never = math.MaxInt64

// action is something that happens at a time; fire runs under the network's
// lock and must not block.
type action interface{ fire() }

// actionFunc is an action made of a function.
type actionFunc func()

func (f actionFunc) fire() { f() }

// event is an action and its time. Events of one instant happen in the order in
// which they were planned.
type event struct {
	at  int64
	seq uint64
	act action
}

func (e event) before(o event) bool {
	return e.at < o.at || e.at == o.at && e.seq < o.seq
}

// eventHeap is a binary heap, the earliest event first.
type eventHeap []event

func (h *eventHeap) push(e event) {
	s := append(*h, e)
	i := len(s) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !e.before(s[up]) {
			break
		}
		s[i] = s[up]
		i = up
	}
	s[i] = e
	*h = s
}

func (h *eventHeap) pop() event {
	s := *h
	first, last := s[0], s[len(s)-1]
	s[len(s)-1] = event{}
	s = s[:len(s)-1]
	*h = s
	if len(s) == 0 {
		return first
	}
	i := 0
	for {
		down := 2*i + 1
		if down >= len(s) {
			break
		}
		if down+1 < len(s) && s[down+1].before(s[down]) {
			down++
		}
		if !s[down].before(last) {
			break
		}
		s[i] = s[down]
		i = down
	}
	s[i] = last
	return first
}

// plan makes a happen at a time, not before the present.
func (n *Network) plan(at int64, a action) {
	n.seq++
	n.events.push(event{at: max(at, n.now), seq: n.seq, act: a})
}

// lock takes the network's lock and brings it to the present.
func (n *Network) lock() {
	n.mu.Lock()
	n.catchUp()
}

// catchUp carries out what is due. Each event sees its own time, so that a
// timer that fires late outside a bubble bends no figure.
func (n *Network) catchUp() {
	present := int64(time.Since(n.start))
	for len(n.events) > 0 && n.events[0].at <= present {
		e := n.events.pop()
		n.now = max(n.now, e.at)
		e.act.fire()
	}
	n.now = max(n.now, present)
}

// unlock sets a timer for the next event and gives the lock back.
func (n *Network) unlock() {
	n.arm()
	n.mu.Unlock()
}

// arm makes sure that a timer goes off for the next event. It leaves a timer for a
// later time as it is: to move a timer costs the runtime a walk over all timers, to set
// another does not. So the times of the set timers are a stack, the earliest on top.
func (n *Network) arm() {
	if len(n.events) == 0 {
		return
	}
	at := n.events[0].at
	if k := len(n.armed); k > 0 && n.armed[k-1] <= at {
		return
	}
	n.armed = append(n.armed, at)
	time.AfterFunc(time.Duration(at-int64(time.Since(n.start))), func() { n.tick(at) })
}

// tick is what the timer that was set for a time does.
func (n *Network) tick(at int64) {
	n.mu.Lock()
	n.catchUp()
	for k := len(n.armed); k > 0 && n.armed[k-1] <= max(at, n.now); k-- {
		n.armed = n.armed[:k-1]
	}
	n.unlock()
}

// since is a point in time in ns since the network's start.
func (n *Network) since(t time.Time) int64 { return int64(t.Sub(n.start)) }
