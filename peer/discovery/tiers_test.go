package discovery

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var t0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func testTracker(t testing.TB) *tracker {
	u, err := parseAnnounceURL("http://t.test/announce")
	if err != nil {
		t.Fatal(err)
	}
	return &tracker{url: u, endpoints: []*endpoint{{}}}
}

func TestIntervals(t *testing.T) {
	for _, c := range []struct{ interval, least, wantInterval, wantLeast time.Duration }{
		{0, 0, defaultInterval, defaultMinInterval},
		{1760 * time.Second, 880 * time.Second, 1760 * time.Second, 880 * time.Second},
		{time.Second, 0, minRegular, defaultMinInterval},
		{time.Second, time.Second, minRegular, defaultMinInterval},
		{10 * time.Minute, 20 * time.Minute, 20 * time.Minute, 20 * time.Minute},
		{maxRetryIn, maxRetryIn, maxRegular, maxMinInterval},
	} {
		tr := testTracker(t)
		tr.succeeded(t0, &answer{interval: c.interval, minInterval: c.least}, true)
		if tr.interval != c.wantInterval || tr.next != t0.Add(c.wantInterval) || tr.earliest != t0.Add(c.wantLeast) {
			t.Errorf("interval %v, least %v: next after %v, least %v", c.interval, c.least, tr.next.Sub(t0), tr.earliest.Sub(t0))
		}
	}
}

func TestBackoff(t *testing.T) {
	tr := testTracker(t)
	var got []time.Duration
	for range 10 {
		tr.failed(t0, errors.New("x"))
		got = append(got, tr.next.Sub(t0))
		if want := min(tr.next.Sub(t0), maxRaceRetry); tr.earliest.Sub(t0) != want {
			t.Errorf("earliest after %v, want %v", tr.earliest.Sub(t0), want)
		}
	}
	want := "[10s 20s 40s 1m20s 2m40s 5m20s 10m40s 21m20s 30m0s 30m0s]"
	if fmt.Sprint(got) != want {
		t.Errorf("retries after %v, want %v", got, want)
	}
	tr.fails = 1 << 40
	tr.failed(t0, &refusal{reason: "busy", retryIn: time.Hour})
	if tr.next != t0.Add(time.Hour) || tr.earliest != t0.Add(time.Hour) || tr.disabled {
		t.Errorf("retry in an hour: next after %v, earliest after %v", tr.next.Sub(t0), tr.earliest.Sub(t0))
	}
	tr.succeeded(t0, &answer{}, false)
	tr.failed(t0, &refusal{reason: "gone", never: true})
	if !tr.disabled || tr.fails != 1 || tr.failure != "gone" || !tr.status(0).Next.IsZero() {
		t.Errorf("never come back: %+v", tr)
	}
}

// TestDueProperties: however the trackers stand, there is always something to
// ask when something is due, nothing disabled is asked, and regular announces
// go to no tracker before its time.
func TestDueProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var order []*tracker
		for range rapid.IntRange(0, 6).Draw(t, "trackers") {
			tr := &tracker{
				working:  rapid.Bool().Draw(t, "working"),
				disabled: rapid.Bool().Draw(t, "disabled"),
				next:     t0.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "next")) * time.Minute),
			}
			tr.disabled = tr.disabled && !tr.working // a success enables
			tr.earliest = tr.next.Add(-time.Minute)
			if rapid.Bool().Draw(t, "flying") {
				tr.flight = &flight{}
			}
			order = append(order, tr)
		}
		list := candidates(t0, order, false)
		if !t0.Before(due(t0, order)) && len(list) == 0 {
			t.Fatal("due, and nobody to ask")
		}
		for _, tr := range list {
			if tr.disabled || tr.flight == nil && t0.Before(tr.next) {
				t.Fatalf("asked before its time: %+v", tr)
			}
		}
	})
}

func TestPromote(t *testing.T) {
	a, b, c, d := testTracker(t), testTracker(t), testTracker(t), testTracker(t)
	tiers := []*tier{{trackers: []*tracker{a, b, c}}, {trackers: []*tracker{d}}}
	promote(tiers, c)
	promote(tiers, b)
	promote(tiers, b)
	if want := []*tracker{b, c, a, d}; !reflect.DeepEqual(inOrder(tiers, nil), want) {
		t.Error("not in the order of BEP 12's example")
	}
	if got := inOrder(tiers, d); got[0] != d || len(got) != 4 {
		t.Error("the preferred one does not come first, once")
	}
}
