package cpushare

import (
	"context"
	"errors"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"time"
)

// ErrCrowded says that too many jobs wait for their turn, in all or of the client.
var ErrCrowded = errors.New("too much work waits for its turn")

// Gate lets jobs run one by one, or a few at a time. It is safe for concurrent use, and has no
// goroutines. A nil Gate lets everything through at once.
type Gate struct {
	jobs int // that may run at a time

	mu      sync.Mutex
	running int
	waiting []*waiter                 // the first first
	clients map[netip.Prefix]*account // of those that wait or are in debt
	turn    uint64                    // counts the turns that were had
	owing   int                       // clients that owe something
	counted time.Time                 // when that was so
	timer   *time.Timer               // goes off when a client that waits may go on; nil: none does
	stats   Stats
}

// account is what a client has had.
type account struct {
	paid    time.Time // when it will owe nothing any more
	turn    uint64    // its last
	waiting int
}

// waiter is a job that waits.
type waiter struct {
	client netip.Prefix
	done   chan struct{}
}

// Stats counts what a Gate did.
type Stats struct {
	Turns   int64         // that were had
	Crowded int64         // jobs that were refused
	Time    time.Duration // that jobs took
	Charged time.Duration // of work without a turn
}

// New returns a Gate for this machine.
func New() *Gate { return newGate(runtime.GOMAXPROCS(0) - 1) }

func newGate(jobs int) *Gate {
	return &Gate{jobs: min(max(jobs, 1), maxJobs), clients: make(map[netip.Prefix]*account)}
}

// A Turn is that of one job. It is for one goroutine. A nil Turn is that of a nil Gate.
type Turn struct {
	g       *Gate
	client  netip.Prefix
	begun   time.Time
	running bool
}

// Enter waits for the turn of a client's job; the zero Prefix is this process itself, which has
// no bound but takes its turn. The error is ErrCrowded or ctx's. A caller that
// enters with a turn may wait for ever: it has to leave first.
func (g *Gate) Enter(ctx context.Context, client netip.Prefix) (*Turn, error) {
	if g == nil {
		return nil, nil
	}
	t := &Turn{g: g, client: client}
	if err := t.Resume(ctx); err != nil {
		return nil, err
	}
	return t, nil
}

// Resume waits for the job to go on after Leave. Its errors are Enter's.
func (t *Turn) Resume(ctx context.Context) error {
	if t == nil || t.running {
		return nil
	}
	g := t.g
	g.mu.Lock()
	a := g.account(t.client)
	if len(g.waiting) >= maxWaiting || t.client.IsValid() && a.waiting >= clientWaiting {
		g.stats.Crowded++
		g.forget(t.client)
		g.mu.Unlock()
		return ErrCrowded
	}
	w := &waiter{client: t.client, done: make(chan struct{})}
	a.waiting++
	g.waiting = append(g.waiting, w)
	g.serve()
	g.mu.Unlock()
	select {
	case <-w.done:
	case <-ctx.Done():
		if g.giveUp(w) {
			return ctx.Err()
		}
	}
	t.running, t.begun = true, time.Now()
	if ctx.Err() != nil {
		t.Leave()
		return ctx.Err()
	}
	return nil
}

// Leave ends the job, or has it pause.
func (t *Turn) Leave() {
	if t == nil || !t.running {
		return
	}
	t.running = false
	g, now := t.g, time.Now()
	took := now.Sub(t.begun)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	g.stats.Time += took
	g.owes(t.client, now, took*perClient)
	g.serve()
	g.forget(t.client)
}

// Charge counts work of a client that has no turn, because it waits for others or is spread over
// a long answer: that of an archive, file by file. The client owes it like that of its turns. The
// caller should go on with such work after a wait; 0 for this process itself. Where more clients owe
// something than the jobs at a time have parts for, each has as much as another, and nothing at once.
// So all of them together have no more than the jobs.
func (g *Gate) Charge(client netip.Prefix, took time.Duration) (wait time.Duration) {
	if g == nil || took <= 0 {
		return 0
	}
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stats.Charged += took
	burst, pause := clientBurst*perClient, took*perClient
	if clients := g.debtors(now); clients > g.jobs*perClient {
		burst, pause = 0, took*time.Duration(clients)/time.Duration(g.jobs)
	}
	g.owes(client, now, pause)
	if a := g.clients[client]; a != nil {
		wait = max(a.paid.Sub(now)-burst, 0)
	}
	g.forget(client)
	return wait
}

// debtors counts the clients that owe something or did a moment ago, anew after a while. mu is held.
func (g *Gate) debtors(now time.Time) int {
	if now.Sub(g.counted) >= recount {
		g.owing, g.counted = 0, now
		for _, a := range g.clients {
			if now.Sub(a.paid) < recount {
				g.owing++
			}
		}
	}
	return g.owing
}

// owes adds the time that a client has to let pass. mu is held.
func (g *Gate) owes(client netip.Prefix, now time.Time, pause time.Duration) {
	if !client.IsValid() {
		return
	}
	a := g.account(client)
	if a.paid.Before(now) {
		a.paid = now
	}
	a.paid = a.paid.Add(pause)
}

// debt is how long the client has to wait; it may go on where it is not positive.
func (a *account) debt(now time.Time) time.Duration {
	return max(a.paid.Sub(now), 0) - clientBurst*perClient
}

// Stats returns a snapshot.
func (g *Gate) Stats() Stats {
	if g == nil {
		return Stats{}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stats
}

// account returns that of a client. mu is held.
func (g *Gate) account(client netip.Prefix) *account {
	a := g.clients[client]
	if a == nil {
		a = new(account)
		g.clients[client] = a
	}
	return a
}

// forget drops the accounts that say nothing: the client's, and where there are many all
// others. mu is held.
func (g *Gate) forget(client netip.Prefix) {
	now := time.Now()
	idle := func(a *account) bool { return a.waiting == 0 && !a.paid.After(now) }
	if a := g.clients[client]; a != nil && idle(a) {
		delete(g.clients, client)
	}
	if len(g.clients) > 4*maxWaiting {
		for c, a := range g.clients {
			if idle(a) {
				delete(g.clients, c)
			}
		}
	}
}

// giveUp takes a job off that waits; false: it had its turn meanwhile.
func (g *Gate) giveUp(w *waiter) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, w)
	if i < 0 {
		return false
	}
	g.waiting = slices.Delete(g.waiting, i, i+1)
	g.clients[w.client].waiting--
	g.forget(w.client)
	return true
}

// serve gives turns while there are any. mu is held.
func (g *Gate) serve() {
	for g.running < g.jobs {
		w, wait := g.next(time.Now())
		if w == nil {
			g.arm(wait)
			return
		}
		g.waiting = slices.DeleteFunc(g.waiting, func(x *waiter) bool { return x == w })
		g.turn++
		g.stats.Turns++
		a := g.clients[w.client]
		a.waiting--
		a.turn = g.turn
		g.running++
		close(w.done)
	}
}

// next is the job whose turn it is: of the client that had one the longest ago. Where there is
// none, wait is when a client that is in debt may go on; 0: none waits. mu is held.
func (g *Gate) next(now time.Time) (best *waiter, wait time.Duration) {
	for _, w := range g.waiting {
		a := g.clients[w.client]
		if debt := a.debt(now); debt > 0 {
			if wait == 0 || debt < wait {
				wait = debt
			}
			continue
		}
		if best == nil || a.turn < g.clients[best.client].turn {
			best = w
		}
	}
	return best, wait
}

// arm has serve called after a wait. mu is held.
func (g *Gate) arm(wait time.Duration) {
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
	if wait == 0 {
		return
	}
	g.timer = time.AfterFunc(wait, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.serve()
	})
}
