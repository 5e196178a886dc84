package contact

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

func prefix(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 1, byte(i >> 8), byte(i)}), 32)
}

// run enters many contacts at once and notes who was let through when.
type run struct {
	g     *Gate
	start time.Time
	wg    sync.WaitGroup
	mu    sync.Mutex
	lines []string
	times []time.Duration
}

func newRun() *run { return &run{g: NewGate(), start: time.Now()} }

func (r *run) enter(name string, a Ask) {
	r.wg.Go(func() {
		_, err := r.g.Enter(context.Background(), a)
		r.mu.Lock()
		defer r.mu.Unlock()
		if err != nil {
			r.lines = append(r.lines, name+": "+err.Error())
			return
		}
		r.lines = append(r.lines, name)
		r.times = append(r.times, time.Since(r.start))
	})
	synctest.Wait()
}

func (r *run) wantMost(t *testing.T, n int, window time.Duration) {
	t.Helper()
	for i := n; i < len(r.times); i++ {
		if d := r.times[i] - r.times[i-n]; d < window {
			t.Fatalf("%d contacts within %v", n+1, d)
		}
	}
}

// However many ask, of however many clients and torrents, a target sees five in a window, and
// all get their turn.
func TestGatePaces(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun()
		for i := range 200 {
			r.enter("", Ask{Keys: []Key{Host("victim.test")}, Clients: []netip.Prefix{prefix(i % 7)}, Torrent: [20]byte{byte(i)}, Reader: true})
		}
		r.wg.Wait()
		if len(r.times) != 200 || r.times[199] != 39*targetWindow {
			t.Errorf("%d were let through, the last after %v", len(r.times), r.times[len(r.times)-1])
		}
		r.wantMost(t, PerTarget, targetWindow)
	})
}

// What has begun goes first, then readers; clients take turns, and the torrents of each.
func TestGateOrder(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun()
		keys := []Key{Host("t.test")}
		for range PerTarget { // so that there is one turn at a time
			r.g.Try(Ask{Keys: keys})
			time.Sleep(targetWindow / (PerTarget + 1))
		}
		ask := func(client, torrent int) Ask {
			return Ask{Keys: keys, Clients: []netip.Prefix{prefix(client)}, Torrent: [20]byte{byte(torrent)}, Reader: true}
		}
		for i := range 4 {
			r.enter(fmt.Sprint("a", i), ask(1, 1))
		}
		r.enter("a4 of another torrent", ask(1, 2))
		r.enter("b0", ask(2, 3))
		r.enter("b1", ask(2, 3))
		seeding := ask(3, 4)
		seeding.Reader = false
		r.enter("nobody waits", seeding)
		begun := ask(1, 1)
		begun.Begun = true
		r.enter("begun", begun)
		r.wg.Wait()
		want := []string{"begun", "b0", "a4 of another torrent", "b1", "a0", "a1", "a2", "a3", "nobody waits"}
		if !slices.Equal(r.lines, want) {
			t.Errorf("the order is\n%s\nwant\n%s", strings.Join(r.lines, "\n"), strings.Join(want, "\n"))
		}
	})
}

// One client that asks without end does not hold another one up for more than a turn.
func TestGateShares(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun()
		keys := []Key{Host("t.test")}
		for i := range 2 * maxWaiting {
			r.enter("flood", Ask{Keys: keys, Clients: []netip.Prefix{prefix(1)}, Torrent: [20]byte{byte(i), byte(i >> 8)}, Reader: true})
		}
		if n := r.g.Stats().Crowded; n < maxWaiting-PerTarget {
			t.Errorf("%d gave way of %d", n, 2*maxWaiting)
		}
		start := time.Now()
		if _, err := r.g.Enter(context.Background(), Ask{Keys: keys, Clients: []netip.Prefix{prefix(2)}, Reader: true}); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > targetWindow {
			t.Errorf("another client waits for %v", took)
		}
		r.wg.Wait()
		if s := r.g.Stats(); s.Crowded != int64(len(r.lines)-len(r.times)) {
			t.Errorf("%+v", s)
		}
	})
}

// One failed answer is everybody's: those that wait fail with it at once.
func TestGateFailureIsShared(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun()
		s := Service("tcp", "t.test:80")
		ask := Ask{Keys: []Key{Host("t.test"), s}, Reader: true, Open: true}
		leave, err := r.g.Enter(context.Background(), ask)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 50 {
			a := ask
			a.Clients = []netip.Prefix{prefix(i)}
			r.enter("", a)
		}
		r.g.Failed(errDown, s, Host("t.test"))
		leave()
		r.wg.Wait()
		if time.Since(r.start) != 0 || len(r.times) != maxFresh-1 {
			t.Errorf("%d contacts were made, and it took %v", len(r.times), time.Since(r.start))
		}
		_, err = r.g.Enter(context.Background(), ask)
		var resting *RestingError
		if !errors.As(err, &resting) || resting.Until.Sub(r.start) != firstRest || !errors.Is(err, errDown) {
			t.Errorf("%v", err)
		}
		time.Sleep(firstRest)
		if _, err := r.g.Enter(context.Background(), ask); err != nil {
			t.Error(err)
		}
	})
}

// So many exchanges with a host that has not answered are under way at a time, and more
// once it has.
func TestGateOpen(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun()
		h := Host("t.test")
		ask := Ask{Keys: []Key{h}, Open: true}
		var leaves []func()
		for range maxFresh {
			leave, err := r.g.Enter(context.Background(), ask)
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, leave)
		}
		time.Sleep(time.Hour)
		r.enter("fifth", ask)
		if n := r.g.Stats().Passed; n != maxFresh {
			t.Errorf("%d are under way", n)
		}
		r.enter("a datagram", Ask{Keys: []Key{h}})
		leaves[0]()
		leaves[0]()
		r.enter("sixth", ask)
		r.mu.Lock()
		defer r.mu.Unlock()
		if got := strings.Join(r.lines, ", "); got != "a datagram, fifth" {
			t.Errorf("let through: %s", got)
		}
		r.g.Answered(h)
		if s := r.g.Stats(); s.Passed != maxFresh+3 {
			t.Errorf("%+v", s)
		}
	})
}

// Who has a queue of its own comes after those that wait here.
func TestGateTryYields(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		r := newRun()
		keys := []Key{Host("t.test")}
		for range PerTarget {
			r.g.Try(Ask{Keys: keys})
		}
		for range 3 * PerTarget {
			r.enter("", Ask{Keys: keys})
		}
		for range 2 * PerTarget {
			time.Sleep(targetWindow / PerTarget)
			synctest.Wait()
			r.mu.Lock()
			through := len(r.times)
			r.mu.Unlock()
			if through < 2*PerTarget && r.g.Try(Ask{Keys: keys}) == 0 {
				t.Error("one is let through before those that wait")
			}
		}
		r.wg.Wait()
		if r.times[len(r.times)-1] != 3*targetWindow {
			t.Errorf("they waited until %v", r.times)
		}
	})
}

// Who gives up leaves nothing behind.
func TestGateGivenUp(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		g := NewGate()
		keys := []Key{Host("t.test")}
		for range PerTarget {
			g.Try(Ask{Keys: keys})
		}
		ctx, cancel := context.WithTimeout(t.Context(), targetWindow/2)
		defer cancel()
		if _, err := g.Enter(ctx, Ask{Keys: keys, Clients: []netip.Prefix{prefix(1)}, Open: true}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if g.waiting != 0 || len(g.queues) != 0 || len(g.byClient) != 0 || len(g.open) != 0 {
			t.Errorf("left: %d, %v, %v, %v", g.waiting, g.queues, g.byClient, g.open)
		}
		if wait := g.Try(Ask{Keys: keys}); wait != targetWindow/2 {
			t.Errorf("wait %v", wait)
		}
	})
}
