package fleet

import (
	"container/heap"
	"time"
)

// An event is a reader's next chunk, or something that happens to the fleet.
type event struct {
	at      time.Duration
	seq     int // of two at one time the one that was planned first is first
	reader  int32
	happens func()
}

// events are those that are due, in the order of time.
type events struct {
	all     eventHeap
	planned int
}

func (e *events) add(x event) {
	x.seq = e.planned
	e.planned++
	heap.Push(&e.all, x)
}

func (e *events) take() event { return heap.Pop(&e.all).(event) }

func (e *events) none() bool { return len(e.all) == 0 }

type eventHeap []event

func (h eventHeap) Len() int { return len(h) }
func (h eventHeap) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].seq < h[j].seq
}
func (h eventHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *eventHeap) Push(x any)   { *h = append(*h, x.(event)) }
func (h *eventHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
