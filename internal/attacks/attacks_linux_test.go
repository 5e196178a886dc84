package attacks

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// attack is one, and what it may cost others.
type attack struct {
	name string
	what string // for the table
	// memory is --memory in MiB, and files the limit of descriptors, 0 for the
	// one of this process.
	memory, files int
	args          []string // more flags of btgw
	short         bool     // half the time will do
	// launch attacks until the context ends, and says what came of it.
	launch func(ctx context.Context, a *arena) string
}

// arena is where an attack takes place.
type arena struct {
	t     *testing.T
	w     *world
	g     *btgw
	meter *meter
}

// outcome is what others saw of an attack.
type outcome struct {
	attack
	cached, cold          time.Duration // p95
	slowdown              float64       // of the machine
	reads                 string        // how many there were, and failed
	usage                 usage         // the most of each
	cores                 float64       // of CPU time meanwhile
	contacts, contactsAll int           // of one host: the most in a second, and in all
	note                  string
}

// TestAttacks: while somebody attacks, what an honest client has read before and
// what it has not comes as fast as ever, memory and descriptors stay within their
// bounds, and no third host is bothered.
func TestAttacks(t *testing.T) {
	w := makeWorld(t, *attackTime)
	startControl(t)
	var outcomes []outcome
	for _, a := range attacks() {
		t.Run(a.name, func(t *testing.T) {
			o := play(t, w, a)
			outcomes = append(outcomes, o)
			o.check(t)
		})
	}
	report(t, outcomes)
}

// play has an attack and an honest client at the same time.
func play(t *testing.T, w *world, a attack) outcome {
	g := startBtgw(t, a.memory, a.files, a.args...)
	h := newHonest(t, w, honestAddr)
	h.warm()
	ar := &arena{t: t, w: w, g: g, meter: startMeter(t)}
	before := g.most()
	begun := time.Now()
	last := *attackTime
	if a.short {
		last /= 2
	}
	ctx, cancel := context.WithTimeout(t.Context(), last)
	defer cancel()
	o := outcome{attack: a}
	var both sync.WaitGroup
	both.Go(func() { o.note = a.launch(ctx, ar) })
	time.Sleep(headStart)
	h.run(ctx)
	h.late()
	both.Wait()
	o.usage = g.most()
	o.cores = (o.usage.cpu - before.cpu).Seconds() / time.Since(begun).Seconds()
	o.cached, o.cold = p95(h.cached), p95(h.cold)
	o.slowdown = h.slowdown()
	o.reads = fmt.Sprintf("%d of %d, %d of %d", failed(h.cached), len(h.cached), failed(h.cold), len(h.cold))
	if len(h.failures) > 0 {
		o.reads += fmt.Sprintf(" %v", h.failures)
	}
	var span time.Duration
	o.contacts, o.contactsAll, span = ar.meter.most()
	t.Logf("%s: cached %v, cold %v, machine %.1f times as slow (failed %s), RSS %d MiB, %d descriptors, %.2f cores, contacts %d/s, %d in %v; %s", a.name,
		o.cached, o.cold, o.slowdown, o.reads, o.usage.rss/mebibyte, o.usage.fds, o.cores, o.contacts, o.contactsAll, span, o.note)
	return o
}

// check compares with the bounds. A read that failed is over all of them.
func (o outcome) check(t *testing.T) {
	bound := int64(o.memory)*mebibyte + memorySlack
	for _, c := range []struct {
		what  string
		holds bool
	}{
		{"cached", o.within(o.cached, cachedBound)},
		{"cold", o.within(o.cold, coldBound)},
		{"memory", o.usage.rss <= bound},
		{"descriptors", o.usage.fds <= descriptorBound},
		{"contacts", o.contacts <= contactBound},
	} {
		if !c.holds {
			t.Errorf("%s: over the bound (cached reads %v, cold reads %v, RSS %d MiB, %d descriptors, %d contacts a second)",
				c.what, cachedBound, coldBound, bound/mebibyte, descriptorBound, contactBound)
		}
	}
}

// within reports whether a time is within a bound, which is one for a machine of its own.
func (o outcome) within(d, bound time.Duration) bool {
	return d != forever && float64(d) <= float64(bound)*o.slowdown
}

func seconds(d time.Duration) string {
	if d == forever {
		return "never"
	}
	return fmt.Sprintf("%.3f s", d.Seconds())
}

// report writes the table of docs/lab/attacks.md.
func report(t *testing.T, outcomes []outcome) {
	var b strings.Builder
	b.WriteString("| attack | cached | cold | slowdown | failed reads | RSS − `--memory` | descriptors | cores | contacts/s |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, o := range outcomes {
		fmt.Fprintf(&b, "| %s | %s | %s | %.1f | %s | %d MiB | %d | %.2f | %d |\n", o.name, seconds(o.cached), seconds(o.cold), o.slowdown, o.reads,
			o.usage.rss/mebibyte-int64(o.memory), o.usage.fds, o.cores, o.contacts)
	}
	t.Logf("\n%s", b.String())
	if *reportPath != "" {
		writeFile(t, *reportPath, b.String())
	}
}
