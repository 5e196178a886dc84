package cpushare

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/internal/bubble"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func client(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}), 32)
}

// work has a client's job take its turn, and counts how many run at a time.
func (r *run) work(c netip.Prefix, took time.Duration) error {
	turn, err := r.g.Enter(r.ctx, c)
	if err != nil {
		return err
	}
	defer turn.Leave()
	r.mu.Lock()
	r.now++
	r.most = max(r.most, r.now)
	r.mu.Unlock()
	time.Sleep(took)
	r.mu.Lock()
	r.now--
	r.had[c] += took
	r.mu.Unlock()
	return nil
}

type run struct {
	g         *Gate
	ctx       context.Context
	mu        sync.Mutex
	now, most int
	had       map[netip.Prefix]time.Duration
}

func newRun(t *testing.T, jobs int) *run {
	return &run{g: newGate(jobs), ctx: t.Context(), had: map[netip.Prefix]time.Duration{}}
}

// One client, however much it asks for, has its burst and then its part of a core; another has
// its turn after the job that runs.
func TestClientHasItsPart(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun(t, 1)
		ctx, cancel := context.WithCancel(t.Context())
		r.ctx = ctx
		const job = 50 * time.Millisecond
		var jobs sync.WaitGroup
		for range 8 {
			jobs.Go(func() {
				for r.work(client(1), job) == nil {
				}
			})
		}
		time.Sleep(20 * time.Second)
		begun := time.Now()
		if err := r.work(client(2), job); err != nil || time.Since(begun) > 2*job {
			t.Errorf("another client: %v after %v", err, time.Since(begun))
		}
		cancel()
		jobs.Wait()
		want := clientBurst + 20*time.Second/perClient
		if had := r.had[client(1)]; had < want-2*job || had > want+2*job {
			t.Errorf("a client had %v of 20 s, want %v", had, want)
		}
		if r.most != 1 {
			t.Errorf("%d jobs at a time", r.most)
		}
	})
}

// Clients take turns, whoever came first; this process has no bound.
func TestTurns(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun(t, 3)
		var jobs sync.WaitGroup
		for i := range 4 {
			for range 3 {
				jobs.Go(func() {
					if err := r.work(client(i), 10*time.Millisecond); err != nil {
						t.Error(err)
					}
				})
			}
			synctest.Wait()
		}
		begun := time.Now()
		for range 100 {
			if err := r.work(netip.Prefix{}, 10*time.Millisecond); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(begun); took > 1100*time.Millisecond {
			t.Errorf("100 jobs of this process took %v", took)
		}
		jobs.Wait()
		if r.most != 3 {
			t.Errorf("%d jobs at a time", r.most)
		}
	})
}

// What waits is bounded; who gives up leaves nothing behind, and a job that pauses lets others
// run.
func TestWaitingIsBounded(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun(t, 1)
		turn, err := r.g.Enter(t.Context(), client(1))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		r.ctx = ctx
		var jobs sync.WaitGroup
		for range clientWaiting {
			jobs.Go(func() {
				if err := r.work(client(1), time.Second); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if err := r.work(client(1), 0); !errors.Is(err, ErrCrowded) {
			t.Errorf("one more: %v", err)
		}
		cancel()
		jobs.Wait()
		turn.Leave()
		r.ctx = t.Context()
		if err := r.work(client(2), time.Second); err != nil {
			t.Error(err)
		}
		if err := turn.Resume(t.Context()); err != nil {
			t.Error(err)
		}
		turn.Leave()
		turn.Leave() // once is enough
		time.Sleep(time.Minute)
		r.g.mu.Lock()
		defer r.g.mu.Unlock()
		r.g.forget(client(1))
		r.g.forget(client(2))
		if len(r.g.waiting) != 0 || r.g.running != 0 || len(r.g.clients) != 0 {
			t.Errorf("left: %d, %d, %v", len(r.g.waiting), r.g.running, r.g.clients)
		}
	})
}

// Work that is charged is owed like that of turns, of which there are none before it is paid. It
// takes no place among the jobs.
func TestCharge(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun(t, 1)
		turn, err := r.g.Enter(t.Context(), client(2))
		if err != nil {
			t.Fatal(err)
		}
		if wait := r.g.Charge(client(1), clientBurst); wait != 0 {
			t.Errorf("the burst: wait %v", wait)
		}
		var wait time.Duration
		for range 100 {
			wait = r.g.Charge(client(1), 20*time.Millisecond)
		}
		if want := 2 * time.Second * perClient; wait != want {
			t.Errorf("2 s beyond the burst: wait %v, want %v", wait, want)
		}
		if wait := r.g.Charge(netip.Prefix{}, time.Hour); wait != 0 {
			t.Errorf("this process: wait %v", wait)
		}
		turn.Leave()
		begun := time.Now()
		if err := r.work(client(1), 0); err != nil || time.Since(begun) != wait {
			t.Errorf("a turn after %v, want %v (%v)", time.Since(begun), wait, err)
		}
		if wait := (*Gate)(nil).Charge(client(1), time.Hour); wait != 0 {
			t.Errorf("no gate: wait %v", wait)
		}
		time.Sleep(clientBurst * perClient)
		if r.work(client(2), 0); len(r.g.clients) != 1 {
			t.Errorf("%d accounts", len(r.g.clients))
		}
		if s := r.g.Stats(); s.Charged != clientBurst+2*time.Second+time.Hour {
			t.Errorf("charged %v", s.Charged)
		}
	})
}

// All clients together are charged for no more than the jobs at a time may have, and each of them for
// as much as another, whenever it came.
func TestChargesAreBoundedInAll(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const jobs, clients, unit, span = 2, 60, 300 * time.Microsecond, 20 * time.Second
		g := newGate(jobs)
		var mu sync.Mutex
		had := make([]time.Duration, clients)
		begun := time.Now()
		var bodies sync.WaitGroup
		for i := range clients {
			for range 1 + i%4 { // bodies of a client
				bodies.Go(func() {
					for time.Since(begun) < span {
						wait := g.Charge(client(i), unit)
						mu.Lock()
						had[i] += unit
						mu.Unlock()
						time.Sleep(max(wait, unit))
					}
				})
			}
		}
		bodies.Wait()
		all := g.Stats().Charged
		if most := jobs*span + clients*clientBurst/4; all > most || all < jobs*span*8/10 {
			t.Errorf("%v were charged in %v of %d jobs", all, span, jobs)
		}
		if least, most := slices.Min(had), slices.Max(had); most > 2*least {
			t.Errorf("one client had %v, another %v", most, least)
		}
	})
}
