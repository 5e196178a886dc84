package runs

import (
	"context"
	"slices"
	"sync"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// MaxQueue bounds the blocks that wait in a Queue.
const MaxQueue = 500

// After returns the block that would go on with a run; false: the run ends there. It is called
// with the Queue's lock, and must call nothing of the Queue.
type After func(blocks []metainfo.Block) (metainfo.Block, bool)

// A Queue holds the blocks that a source was asked for and has not sent. It begins open. All
// methods are safe for concurrent use.
type Queue struct {
	after After
	wake  chan struct{} // holds one token: something waits

	mu      sync.Mutex // guards what follows, and what changes of the runs
	waiting []metainfo.Block
	under   []*Run // under way
	closed  bool
}

// NewQueue returns an empty queue.
func NewQueue(after After) *Queue { return &Queue{after: after, wake: make(chan struct{}, 1)} }

// Send takes requests and cancels. What is requested while the queue is closed, or full, is void.
func (q *Queue) Send(commands ...peer.Command) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, c := range commands {
		switch {
		case c.Op == peer.Cancel:
			q.drop(c.Block)
		case c.Op == peer.Request && !q.closed && len(q.waiting) < MaxQueue:
			q.waiting = append(q.waiting, c.Block)
		}
	}
	q.wakeUp()
}

// drop takes a request back. The lock is held.
func (q *Queue) drop(b metainfo.Block) {
	if i := slices.Index(q.waiting, b); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		return
	}
	for _, r := range q.under {
		if r.drop(b) {
			return
		}
	}
}

// wakeUp has a Next look at what waits. The lock is held.
func (q *Queue) wakeUp() {
	if len(q.waiting) == 0 {
		return
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Open has the queue take requests.
func (q *Queue) Open() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = false
}

// Close forgets what waits, and makes requests void until Open. Runs under way go on.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting, q.closed = nil, true
}

// CancelRuns ends the contexts of the runs under way.
func (q *Queue) CancelRuns() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range q.under {
		r.Cancel(context.Canceled)
	}
}

// Next waits for requests and begins a run of them; nil where ctx ends before. End has to be
// called for it.
func (q *Queue) Next(ctx context.Context) *Run {
	for ctx.Err() == nil {
		if r := q.begin(ctx); r != nil {
			return r
		}
		select {
		case <-ctx.Done():
		case <-q.wake:
		}
	}
	return nil
}

// begin begins a run of the first blocks that lie next to each other; nil: nothing waits.
func (q *Queue) begin(ctx context.Context) *Run {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil
	}
	r := &Run{Blocks: []metainfo.Block{q.waiting[0]}}
	q.waiting = slices.Delete(q.waiting, 0, 1)
	for {
		next, ok := q.after(r.Blocks)
		i := slices.Index(q.waiting, next)
		if !ok || i < 0 {
			break
		}
		r.Blocks = append(r.Blocks, next)
		q.waiting = slices.Delete(q.waiting, i, i+1)
	}
	r.live, r.dropped = len(r.Blocks), make([]bool, len(r.Blocks))
	r.Context, r.Cancel = context.WithCancelCause(ctx)
	q.under = append(q.under, r)
	q.wakeUp()
	return r
}

// Came says that the blocks of a run from first to before end have come.
func (q *Queue) Came(r *Run, first, end int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	r.next = end
	for i := first; i < end; i++ {
		if r.dropped[i] {
			q.waiting = slices.DeleteFunc(q.waiting, func(b metainfo.Block) bool { return b == r.Blocks[i] }) // asked for again
		} else {
			r.live--
		}
	}
}

// End ends a run, and returns what did not come of it and is still wanted.
func (q *Queue) End(r *Run) (rest []metainfo.Block) {
	r.Cancel(nil)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.under = slices.DeleteFunc(q.under, func(x *Run) bool { return x == r })
	for i := r.next; i < len(r.Blocks); i++ {
		if !r.dropped[i] {
			rest = append(rest, r.Blocks[i])
		}
	}
	return rest
}

// Reject takes the lost blocks out of what waits and of the rest of a run, and returns them.
// The others of the rest wait again, before all else, unless the queue is closed.
func (q *Queue) Reject(rest []metainfo.Block, lost func(metainfo.Block) bool) (rejected []metainfo.Block) {
	q.mu.Lock()
	defer q.mu.Unlock()
	kept := make([]metainfo.Block, 0, len(rest)+len(q.waiting))
	for _, b := range slices.Concat(rest, q.waiting) {
		if lost(b) {
			rejected = append(rejected, b)
		} else if !q.closed {
			kept = append(kept, b)
		}
	}
	q.waiting = kept
	q.wakeUp()
	return rejected
}

// A Run is one request: blocks that lie next to each other.
type Run struct {
	Blocks  []metainfo.Block        // must not be changed
	Context context.Context         // ends when nobody wants the rest of the run, at the latest with End
	Cancel  context.CancelCauseFunc // of Context

	next    int    // blocks before it have come
	dropped []bool // nobody wants them any more
	live    int    // blocks that are still to come and wanted
}

// drop takes a block out of the run. A run that nobody wants a block of is cancelled. The
// queue's lock is held.
func (r *Run) drop(b metainfo.Block) bool {
	i := slices.Index(r.Blocks, b)
	if i < r.next || r.dropped[i] {
		return false
	}
	r.dropped[i] = true
	if r.live--; r.live == 0 {
		r.Cancel(context.Canceled)
	}
	return true
}
