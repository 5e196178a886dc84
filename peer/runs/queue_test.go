package runs

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// block is the n-th of one long row.
func block(n int) metainfo.Block {
	return metainfo.Block{Begin: uint32(n) * metainfo.BlockLen, Length: metainfo.BlockLen}
}

func blocks(all ...int) (bs []metainfo.Block) {
	for _, n := range all {
		bs = append(bs, block(n))
	}
	return bs
}

// inFours ends a run before each block whose number four divides.
func inFours(bs []metainfo.Block) (metainfo.Block, bool) {
	next := int(bs[len(bs)-1].Begin)/metainfo.BlockLen + 1
	return block(next), next%4 != 0
}

func request(q *Queue, all ...int) {
	for _, n := range all {
		q.Send(peer.Command{Op: peer.Request, Block: block(n)})
	}
}

func cancel(q *Queue, n int) { q.Send(peer.Command{Op: peer.Cancel, Block: block(n)}) }

// next is the run that is next, without waiting.
func next(t *testing.T, q *Queue) *Run {
	t.Helper()
	r := q.begin(t.Context())
	if r == nil {
		t.Fatal("nothing waits")
	}
	return r
}

func same(t *testing.T, what string, got []metainfo.Block, want ...int) {
	t.Helper()
	if !slices.Equal(got, blocks(want...)) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestRunsAreOfBlocksInARow(t *testing.T) {
	q := NewQueue(inFours)
	request(q, 2, 1, 3, 7, 0, 4)
	for _, want := range [][]int{{2, 3}, {1}, {7}, {0}, {4}} {
		same(t, "run", next(t, q).Blocks, want...)
	}
	if r := q.begin(t.Context()); r != nil {
		t.Errorf("one run more: %v", r.Blocks)
	}
}

func TestCancelledBlocks(t *testing.T) {
	q := NewQueue(inFours)
	request(q, 0, 1, 2, 3, 5)
	cancel(q, 5)
	r := next(t, q)
	cancel(q, 1)
	cancel(q, 7) // nobody asked for it
	q.Came(r, 0, 1)
	cancel(q, 0) // it is here
	if r.Context.Err() != nil {
		t.Error("a run of which two blocks are wanted has ended")
	}
	same(t, "rest", q.End(r), 2, 3)
	request(q, 0, 1)
	r = next(t, q)
	cancel(q, 0)
	request(q, 0) // again, while it is on its way
	cancel(q, 1)
	if !errors.Is(r.Context.Err(), context.Canceled) {
		t.Error("a run that nobody wants a block of goes on")
	}
	q.Came(r, 0, 1)
	same(t, "rest", q.End(r))
	if r := q.begin(t.Context()); r != nil {
		t.Errorf("what came is asked for again: %v", r.Blocks)
	}
}

func TestClosedQueue(t *testing.T) {
	q := NewQueue(inFours)
	request(q, 0, 4)
	r := next(t, q)
	q.Close()
	request(q, 1)
	if rejected := q.Reject(blocks(2, 3), func(b metainfo.Block) bool { return b == block(3) }); !slices.Equal(rejected, blocks(3)) {
		t.Errorf("rejected: %v", rejected)
	}
	q.Open()
	if x := q.begin(t.Context()); x != nil {
		t.Errorf("what was asked of a closed queue: %v", x.Blocks)
	}
	if r.Context.Err() != nil {
		t.Error("a run has ended with the queue's closing")
	}
	q.CancelRuns()
	if r.Context.Err() == nil {
		t.Error("a run goes on that was cancelled")
	}
	request(q, 1)
	same(t, "run", next(t, q).Blocks, 1)
}

func TestReject(t *testing.T) {
	q := NewQueue(inFours)
	request(q, 0, 1, 2, 4, 5)
	r := next(t, q)
	same(t, "rejected", q.Reject(q.End(r), func(b metainfo.Block) bool { return b == block(1) || b == block(4) }), 1, 4)
	same(t, "run", next(t, q).Blocks, 0)
	same(t, "run", next(t, q).Blocks, 2)
	same(t, "run", next(t, q).Blocks, 5)
}

func TestQueueIsBounded(t *testing.T) {
	q := NewQueue(func([]metainfo.Block) (b metainfo.Block, ok bool) { return b, false })
	for n := range 2 * MaxQueue {
		request(q, n)
	}
	for range MaxQueue {
		next(t, q)
	}
	if q.begin(t.Context()) != nil {
		t.Error("more waits than may")
	}
}

// Each of several that wait gets a run, whatever came while they looked, and nil at the end.
func TestNextWaits(t *testing.T) {
	q := NewQueue(inFours)
	ctx, stop := context.WithCancel(t.Context())
	const waiters = 3
	came, ended, served := make(chan *Run), make(chan *Run), make(chan struct{})
	for range waiters {
		go func() {
			came <- q.Next(ctx)
			<-served
			ended <- q.Next(ctx)
		}()
	}
	patience := time.After(30 * time.Second)
	request(q, 0, 4, 8) // one token may stand for all of them
	for range waiters {
		select {
		case r := <-came:
			if r == nil || len(r.Blocks) != 1 {
				t.Errorf("%+v", r)
			}
		case <-patience:
			t.Fatal("a run waits for somebody to take it")
		}
	}
	close(served)
	stop()
	for range waiters {
		select {
		case r := <-ended:
			if r != nil {
				t.Errorf("%+v", r)
			}
		case <-patience:
			t.Fatal("somebody waits for ever")
		}
	}
}
