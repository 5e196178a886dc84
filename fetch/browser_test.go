package fetch

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
)

// A browser plays a film as Chromium and Firefox were seen to (docs/players.md): a
// range without an end for each place, taken as fast as it comes and closed a moment
// before the next one is asked for.
type browser struct {
	s      *sim
	rate   float64 // bytes/s of the film
	start  int64   // bytes that it has before it shows a picture
	peeked int64   // bytes before a place that it has read when it opens that
	align  int64   // places are multiples of it
	stalls []time.Duration
	closed int64 // where it had read to when it last closed a request
}

const (
	// reopens is how long a browser has no request under way when it seeks.
	reopens = 2 * ms
	// lowBytes is what it has when it stands still, and what it begins with again.
	lowBytes, againBytes = 32 << 10, 96 << 10
)

// look reads the first n bytes of [off, size) and closes.
func (b *browser) look(off, n int64) {
	size := int64(len(b.s.content))
	c := b.s.open(off, size-off)
	defer c.Close()
	for got := int64(0); got < n; {
		b.s.first(c, time.Now())
		k, err := c.WriteNext(io.Discard)
		if err != nil {
			b.s.t.Fatal(err)
		}
		got += k
	}
	time.Sleep(reopens)
}

// watch plays from off for so long, and returns when the picture was there.
func (b *browser) watch(off int64, long time.Duration) time.Duration {
	off -= off % b.align
	begun := time.Now()
	c := b.s.open(off, int64(len(b.s.content))-off)
	var shown, stood time.Time
	var stalled time.Duration
	got := b.peeked
	played := func() int64 { return int64((time.Since(shown) - stalled).Seconds() * b.rate) }
	// underrun is when there is nothing more to play, unless more comes.
	underrun := func() time.Time { return shown.Add(stalled + transfer(float64(got-lowBytes), b.rate)) }
	for shown.IsZero() || time.Since(shown) < long {
		until := begun.Add(time.Minute)
		if !shown.IsZero() {
			until = shown.Add(long)
			if stood.IsZero() && underrun().Before(until) {
				until = underrun()
			}
		}
		ctx, cancel := context.WithDeadline(context.Background(), until)
		err := c.Wait(ctx)
		cancel()
		var late *UnavailableError
		switch {
		case errors.As(err, &late) && stood.IsZero() && !time.Now().Before(underrun()) && time.Since(shown) < long:
			stood = time.Now()
			continue
		case errors.As(err, &late):
			continue
		case err == io.EOF:
			time.Sleep(time.Until(shown.Add(long)))
			continue
		case err != nil:
			b.s.t.Fatal(err)
		}
		k, err := c.WriteNext(io.Discard)
		if err != nil {
			b.s.t.Fatal(err)
		}
		got += k
		if shown.IsZero() && got >= b.start {
			shown = time.Now()
		}
		if !stood.IsZero() && got-played()+int64(time.Since(stood).Seconds()*b.rate) >= againBytes {
			b.stalls = append(b.stalls, time.Since(stood))
			stalled += time.Since(stood)
			stood = time.Time{}
		}
	}
	if !stood.IsZero() {
		b.stalls = append(b.stalls, time.Since(stood))
	}
	c.Close()
	b.closed = off + got - b.peeked
	time.Sleep(reopens)
	return shown.Sub(begun)
}

// A browser that seeks in a film out of four seeds which give 1.5 times its rate shows
// a picture as soon as they can have sent it, but for the two blocks that each was asked
// for before, which come first; and it never stands still. Nothing comes in vain.
func TestBrowserSeeks(t *testing.T) {
	for name, c := range map[string]struct {
		start  int64 // bytes up to the first picture
		atOnce bool  // the index is read before it plays, not before the first seek
	}{
		"MP4 with its index last":      {96 << 10, true},
		"WebM, from a keyframe before": {480 << 10, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) { browserSeeks(t, c.start, c.atOnce) })
		})
	}
}

func browserSeeks(t *testing.T, start int64, atOnce bool) {
	const rtt, piece, rate, long, index = 50 * ms, 32 << 10, 375_000, 120, 80_000
	const each = 1.5 * rate / 4
	s := newSim(t, simnet.Ideal, rtt, piece, rate*long)
	s.net = simnet.New(simnet.Config{RTT: rtt, SendBuffer: 500 << 10}) // libtorrent's send_buffer_watermark
	s.gate = s.node(simnet.HostConfig{})
	s.gate.session.mediaHints = true
	for range 4 {
		s.script(each, simnet.Libtorrent())
	}
	b := &browser{s: s, rate: rate, start: start, align: piece}
	picture := rtt + transfer(float64(start), 4*each)
	asked := 2 * transfer(16<<10, each)
	begun := time.Now()
	floor := 4*rtt + transfer(piece, 4*each) + picture // by infohash
	if atOnce {
		b.look(0, piece)
		b.look(rate*long-index, index)
		floor += rtt + transfer(index, 4*each) + asked
	}
	b.watch(0, 3*time.Second)
	if first := time.Since(begun) - 3*time.Second; first > floor+asked {
		t.Errorf("the first picture came after %v, floor %v", first, floor)
	} else {
		t.Logf("the first picture came after %v, floor %v", first, floor)
	}
	if !atOnce {
		b.look(rate*long-index, index)
	}
	var took []time.Duration
	for i, at := range []int64{60, 20, 90, 40, 110, 10, 75, 30, 100, 50} {
		took = append(took, b.watch(at*rate, 3*time.Second+time.Duration(i)*13*ms))
	}
	t.Logf("pictures after %v, floor %v", took, picture)
	if most := slices.Max(took); most > picture+asked+2*ms {
		t.Errorf("one came after %v, floor %v and %v for what was asked for before", most, picture, asked)
	}
	if len(b.stalls) > 0 {
		t.Errorf("it stood still: %v", b.stalls)
	}
	if st, _ := s.gate.session.Status(s.hash()); st.Wasted > st.Downloaded/100 {
		t.Errorf("%d bytes came in vain, of %d", st.Wasted, st.Downloaded)
	}
}

// Chromium, when it seeks, now and then opens a second request, that goes on where it had
// read before, at the same time, a moment before or after, or when it has closed the first
// one after a few pieces, to open that again: the picture at the new place comes as soon as
// without, and does not stand still. The old place has its bytes too.
func TestBrowserReadsOn(t *testing.T) {
	for name, x := range map[string]struct {
		after time.Duration // the old place comes so long after the new one
		peeks int64         // bytes of the new one that are read before both
	}{
		"at once": {0, 0}, "before": {-3 * ms, 0}, "after": {3 * ms, 0}, "between": {-3 * ms, 64 << 10},
	} {
		t.Run(name, func(t *testing.T) { bubble.Test(t, func(t *testing.T) { browserReadsOn(t, x.after, x.peeks) }) })
	}
}

func browserReadsOn(t *testing.T, after time.Duration, peeks int64) {
	const rtt, piece, rate, long, start, on = 50 * ms, 32 << 10, 375_000, 120, 96 << 10, 260_000
	const each = 1.5 * rate / 4
	s := newSim(t, simnet.Ideal, rtt, piece, rate*long)
	s.net = simnet.New(simnet.Config{RTT: rtt, SendBuffer: 500 << 10})
	s.gate = s.node(simnet.HostConfig{})
	for range 4 {
		s.script(each, simnet.Libtorrent())
	}
	b := &browser{s: s, rate: rate, start: start, align: piece}
	b.watch(0, 3*time.Second)
	b.peeked = peeks
	picture := rtt + transfer(start, 4*each)
	asked := 2 * transfer(16<<10, each)
	var took []time.Duration
	for _, at := range []int64{60, 20, 90, 40, 110, 10} {
		place, left, begun := at*rate-at*rate%piece, b.closed, time.Now()
		if peeks > 0 {
			b.look(place, peeks)
		}
		old := make(chan time.Duration)
		go func() {
			time.Sleep(max(0, after))
			begun := time.Now()
			b.look(left, on)
			old <- time.Since(begun)
		}()
		time.Sleep(max(0, -after))
		reopened := time.Since(begun)
		took = append(took, reopened+b.watch(place+peeks, 3*time.Second))
		if read := <-old; read > 3*time.Second {
			t.Errorf("the old place had its bytes after %v", read)
		}
	}
	t.Logf("pictures after %v, floor %v", took, picture)
	if most := slices.Max(took); most > picture+asked+10*ms {
		t.Errorf("one came after %v, floor %v and %v for what was asked for before", most, picture, asked)
	}
	if len(b.stalls) > 0 {
		t.Errorf("it stood still: %v", b.stalls)
	}
}
