package contact

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Whatever comes when, no target sees more than PerTarget contacts in any second, and one
// that waits as long as it is told is let through.
func TestLimiterWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, now := NewLimiter(), epoch
		var taken []time.Time
		for range rapid.IntRange(1, 100).Draw(t, "contacts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "ms")) * time.Millisecond)
			if d := l.Try(now, Host("victim.test")); d > 0 {
				if d > targetWindow {
					t.Fatalf("a wait of %v", d)
				}
				now = now.Add(d)
				if again := l.Try(now, Host("victim.test")); again != 0 {
					t.Fatalf("waited for %v, and is to wait for %v more", d, again)
				}
			}
			taken = append(taken, now)
			if n := len(taken); n > PerTarget && taken[n-1].Sub(taken[n-1-PerTarget]) < targetWindow {
				t.Fatalf("%d contacts in %v", PerTarget+1, taken[n-1].Sub(taken[n-1-PerTarget]))
			}
		}
	})
}

func TestLimiterBucket(t *testing.T) {
	l, now := NewLimiter(), epoch
	k := clientKey(netip.MustParsePrefix("192.0.2.1/32"))
	for i := range clientBurst {
		if d := l.Try(now, k); d != 0 {
			t.Fatalf("contact %d of the burst waits for %v", i, d)
		}
	}
	for range 100 {
		d := l.Try(now, k)
		if d != clientEvery {
			t.Fatalf("waits for %v, want %v", d, clientEvery)
		}
		now = now.Add(d)
		if d := l.Try(now, k); d != 0 {
			t.Fatalf("waits for %v more", d)
		}
	}
}

// A contact that waits for one of its keys is counted against none.
func TestLimiterAllOrNothing(t *testing.T) {
	l := NewLimiter()
	a, b := Host("a.test"), Host("b.test")
	for range PerTarget {
		l.Take(epoch, a)
	}
	for range 3 * PerTarget {
		if d := l.Try(epoch, b, a); d != targetWindow {
			t.Fatalf("waits for %v", d)
		}
	}
	if d := l.Try(epoch, b); d != 0 {
		t.Errorf("b waits for %v", d)
	}
}

// Targets without number take bounded memory, and lose nothing that still counts.
func TestLimiterForgets(t *testing.T) {
	l, now := NewLimiter(), epoch
	for i := range 4 * maxKeys {
		now = now.Add(time.Millisecond)
		l.Take(now, Host(fmt.Sprint("h", i)))
	}
	if n := len(l.meters); n > 2*maxKeys {
		t.Errorf("%d meters", n)
	}
	for range PerTarget - 1 {
		l.Take(now, Host(fmt.Sprint("h", 4*maxKeys-1)))
	}
	if l.Try(now, Host(fmt.Sprint("h", 4*maxKeys-1))) == 0 {
		t.Error("what was counted just now is forgotten")
	}
}

func TestKeys(t *testing.T) {
	addr := netip.MustParseAddr
	for _, c := range []struct {
		a, b Key
		same bool
	}{
		{Host("Tracker.Example."), Host("tracker.example"), true},
		{Host("a.example"), Host("b.example"), false},
		{Host("93.184.216.34"), Net(addr("93.184.216.99")), true},
		{Host("::ffff:93.184.216.34"), Net(addr("93.184.216.99")), true},
		{Net(addr("93.184.216.34")), Net(addr("93.184.217.34")), false},
		{Net(addr("2a00:1450:1:2::3")), Net(addr("2a00:1450:1:ffff::9")), true},
		{Net(addr("2a00:1450:1::1")), Net(addr("2a00:1450:2::1")), false},
		{Net(addr("127.0.0.1")), Net(addr("127.0.0.2")), false},
		{Net(addr("192.168.1.1")), Net(addr("192.168.1.2")), false},
		{Net(addr("fe80::1%eth0")), Net(addr("fe80::1")), true},
		{Addr(addr("93.184.216.34")), Addr(addr("93.184.216.99")), false},
		{Service("udp", "T.example:80"), Service("udp", "t.example:80"), true},
		{Service("udp", "t.example:80"), Service("tcp", "t.example:80"), false},
		{Place("http://t.example/a"), Place("http://t.example/b"), false},
	} {
		if (c.a == c.b) != c.same {
			t.Errorf("%v and %v: the same is %v, want %v", c.a, c.b, !c.same, c.same)
		}
	}
}
