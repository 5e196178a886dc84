package contact

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

var errDown = errors.New("connection refused")

// A service that failed rests for 10 s, then twice as long each time; where a reader waits,
// for a minute at most. An answer ends it.
func TestHealthRests(t *testing.T) {
	h, now := NewHealth(), epoch
	s := Service("tcp", "t.test:80")
	rest := firstRest
	for i := range 12 {
		h.Failed(now, errDown, s)
		for _, reader := range []bool{false, true} {
			want := now.Add(rest)
			if reader {
				want = now.Add(min(rest, maxReaderRest))
			}
			r := h.Resting(now, reader, s)
			if r == nil || !r.Until.Equal(want) || !errors.Is(r, errDown) {
				t.Fatalf("after failure %d, reader %v: %v, want until %v", i+1, reader, r, want)
			}
			if r := h.Resting(want, reader, s); r != nil {
				t.Fatalf("rests at the end of its rest: %v", r)
			}
		}
		now = now.Add(rest)
		rest = min(2*rest, maxRest)
	}
	h.Answered(now, s)
	h.Failed(now, errDown, s)
	if r := h.Resting(now, false, s); r == nil || !r.Until.Equal(now.Add(firstRest)) {
		t.Errorf("after an answer: %v", r)
	}
}

// Exchanges that were under way together fail once.
func TestHealthTogether(t *testing.T) {
	h := NewHealth()
	s := Service("tcp", "t.test:80")
	for i := range 20 {
		h.Failed(epoch.Add(time.Duration(i)*time.Millisecond), errDown, s)
	}
	if r := h.Resting(epoch, false, s); r == nil || !r.Until.Equal(epoch.Add(firstRest)) {
		t.Errorf("%v", r)
	}
}

// Three parts of a host that fail are the host; one that fails again and again is not, nor
// is a host that answers.
func TestHealthWholes(t *testing.T) {
	host := Host("t.test")
	part := func(i int) Key { return Service("tcp", fmt.Sprint("t.test:", i)) }
	t.Run("three parts", func(t *testing.T) {
		h := NewHealth()
		for i := range tolerance {
			if h.Resting(epoch, false, host) != nil {
				t.Fatalf("rests after %d", i)
			}
			h.Failed(epoch, errDown, part(i), host)
		}
		if h.Resting(epoch, false, part(77), host) == nil {
			t.Error("does not rest")
		}
	})
	t.Run("one part often", func(t *testing.T) {
		h, now := NewHealth(), epoch
		for range 20 {
			h.Failed(now, errDown, part(1), host)
			now = now.Add(maxRest)
		}
		if h.Resting(now.Add(-maxRest), false, host) != nil {
			t.Error("the host rests for one part")
		}
	})
	t.Run("answers", func(t *testing.T) {
		h := NewHealth()
		h.Answered(epoch, host)
		for i := range 20 {
			h.Failed(epoch, errDown, part(i), host)
		}
		if h.Resting(epoch, false, host) != nil {
			t.Error("a host that answers rests")
		}
		if later := epoch.Add(proofLife); h.Proved(later, host) {
			t.Error("an answer counts for ever")
		}
	})
}

func TestHealthForgets(t *testing.T) {
	h := NewHealth()
	for i := range 4 * maxKeys {
		h.Failed(epoch, errDown, Host(fmt.Sprint(i)))
	}
	if n := len(h.records); n > maxKeys {
		t.Errorf("%d records", n)
	}
}
