package discovery

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// inBubble runs f in virtual time with a network of HTTP trackers on port 80 of
// 20.1.1.1, 20.1.2.1 and so on.
func inBubble(t *testing.T, f func(t *testing.T, d *diary, net *fakeNet)) {
	bubble.Test(t, func(t *testing.T) {
		net := &fakeNet{hosts: map[string]httpHost{}, udp: map[string]udpHost{}}
		defer net.announcer().Close()
		f(t, newDiary(), net)
	})
}

// pass lets time pass, and all that happens in it.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// host gives the nth tracker's address and announce URL.
func host(n int) (string, string) {
	a := fmt.Sprintf("20.1.%d.1", n)
	return a + ":80", "http://" + a + "/announce"
}

// urls gives the announce URLs of trackers.
func urls(ns ...int) (list []string) {
	for _, n := range ns {
		_, u := host(n)
		list = append(list, u)
	}
	return list
}

// announceOnce makes one announce and waits for its end.
func announceOnce(t *Trackers, tr *tracker) (ok, useful bool) {
	t.mu.Lock()
	f := t.fly(tr, true)
	t.mu.Unlock()
	<-f.done
	return f.ok, f.useful
}

// put makes trackers answer with body after delay.
func (n *fakeNet) put(d *diary, delay time.Duration, body string, hosts ...int) {
	for _, h := range hosts {
		addr, _ := host(h)
		n.setHTTP(addr, d.tracker(fmt.Sprint(h), delay, body))
	}
}

const found1, found2 = "found [1.2.3.4:6881]", "found [5.6.7.8:6881]"

// TestLifeOfAnAnnounce: started at once, then by the interval, completed once,
// stopped at the end; all with one key, and the tracker id sent back.
func TestLifeOfAnAnnounce(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		var queries []url.Values
		addr, u := host(1)
		net.setHTTP(addr, func(q url.Values) (time.Duration, int, string) {
			queries = append(queries, q)
			d.add("1 announce %s", q.Get("event"))
			return 0, 200, "d8:intervali900e10:tracker id" + fmt.Sprintf("2:t%d", len(queries)) + "5:peers6:\x01\x02\x03\x04\x1a\xe1e"
		})
		trackers := New(testConfig(net, d, []string{u + "?passkey=x"}))
		trackers.Start()
		trackers.Start()
		pass(31 * time.Minute)
		trackers.Completed()
		pass(10 * time.Minute)
		trackers.Close(t.Context())
		trackers.Close(t.Context())
		d.want(t, "0s 1 announce started", "0s "+found1, "15m0s 1 announce ", "15m0s "+found1, "30m0s 1 announce ", "30m0s "+found1,
			"31m0s 1 announce completed", "31m0s "+found1, "41m0s 1 announce stopped")
		for i, q := range queries {
			wantID, wantNum := fmt.Sprintf("t%d", i), "200"
			if i == 0 {
				wantID = ""
			}
			if i == len(queries)-1 {
				wantNum = "0"
			}
			if q.Get("trackerid") != wantID || q.Get("key") != queries[0].Get("key") || q.Get("passkey") != "x" || q.Get("numwant") != wantNum ||
				q.Get("port") != "42069" || q.Get("uploaded")+q.Get("downloaded")+q.Get("left") != "123" {
				t.Errorf("announce %d says %v", i, q)
			}
		}
	})
}

// TestTiers: BEP 12's order, the one that answers moves to the front of its
// tier, a lower tier is asked only when all above failed, and at the next
// announce the upper ones come first again.
func TestTiers(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 0, "d14:failure reason2:noe", 1, 2)
		net.put(d, 0, nobody, 3, 4)
		trackers := New(testConfig(net, d, urls(1, 2), urls(3, 4)))
		trackers.Start()
		synctest.Wait()
		d.want(t, "0s 1 announce started", "0s 2 announce started", "0s 3 announce started")
		net.put(d, 0, nobody, 2)
		pass(31 * time.Minute)
		d.want(t, "30m0s 1 announce started", "30m0s 2 announce started")
		pass(31 * time.Minute)
		d.want(t, "1h0m0s 2 announce")
		var order []string
		for _, s := range trackers.Status() {
			order = append(order, fmt.Sprint(s.Tier, " ", s.URL, " ", s.Working, " ", s.Fails))
		}
		if want := []string{"0 http://20.1.2.1/announce true 0", "0 http://20.1.1.1/announce false 2", "1 http://20.1.3.1/announce true 0", "1 http://20.1.4.1/announce false 0"}; !reflect.DeepEqual(order, want) {
			t.Errorf("order %q, want %q", order, want)
		}
		trackers.Close(t.Context())
		d.wantAnyOrder(t, "1h2m0s 2 announce stopped", "1h2m0s 3 announce stopped")
	})
}

// TestBackoffOfAll: when no tracker answers, the next try comes after 10 s,
// then 20 s, then 40 s.
func TestBackoffOfAll(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 0, "garbage", 1)
		trackers := New(testConfig(net, d, urls(1)))
		trackers.Start()
		pass(71 * time.Second)
		trackers.Close(t.Context())
		d.want(t, "0s 1 announce started", "10s 1 announce started", "30s 1 announce started", "1m10s 1 announce started")
	})
}

// TestPrivate: one tracker at a time (BEP 27): no race, no further trackers, no
// return to one that failed while the other works, and a word when the tracker
// changes.
func TestPrivate(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 0, onePeer, 1)
		net.put(d, 0, onePeer2, 2)
		net.put(d, 0, onePeer, 3)
		cfg := testConfig(net, d, urls(1), urls(2))
		cfg.Private = true
		cfg.Switched = func() { d.add("switched") }
		trackers := New(cfg)
		trackers.Start()
		trackers.Announce()
		trackers.Add([][]string{urls(3)}, netip.Prefix{})
		pass(10 * time.Minute)
		d.want(t, "0s 1 announce started", "0s "+found1)
		trackers.Announce() // brings the regular announce forward
		pass(10 * time.Second)
		trackers.Announce() // but not that much
		pass(10 * time.Second)
		d.want(t, "10m0s 1 announce", "10m0s "+found1)
		net.put(d, 0, "garbage", 1)
		pass(30 * time.Minute)
		d.want(t, "40m0s 1 announce", "40m0s 2 announce started", "40m0s switched", "40m0s "+found2)
		net.put(d, 0, onePeer, 1)
		pass(time.Hour)
		d.want(t, "1h10m0s 2 announce", "1h10m0s "+found2, "1h40m0s 2 announce", "1h40m0s "+found2)
		trackers.Close(t.Context())
		if len(trackers.Status()) != 2 {
			t.Error("a tracker was added")
		}
	})
}

// TestClose: what is under way to trackers that do not know us ends at once; trackers are told in parallel, those
// alone that know us, and no longer than the context and stopTimeout allow.
func TestClose(t *testing.T) {
	for name, c := range map[string]struct {
		ctx  time.Duration
		took time.Duration
	}{
		"patient":   {time.Hour, stopTimeout},
		"impatient": {2 * time.Second, 2 * time.Second},
		"at once":   {0, 0},
	} {
		inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
			net.put(d, 0, nobody, 1, 2)
			net.put(d, time.Hour, "", 3)
			trackers := New(testConfig(net, d, urls(1), urls(2), urls(3)))
			trackers.Announce()
			pass(time.Second)
			d.take()
			net.put(d, time.Hour, "", 1)
			net.put(d, time.Second, nobody, 2)
			ctx, cancel := context.WithTimeout(t.Context(), c.ctx)
			defer cancel()
			start := time.Now()
			both := make(chan struct{})
			go func() {
				trackers.Close(ctx)
				close(both)
			}()
			trackers.Close(ctx)
			<-both
			if took := time.Since(start); took != c.took {
				t.Errorf("%s: took %v, want %v", name, took, c.took)
			}
			told := d.take()
			if got := strings.Count(told, "stopped"); c.ctx > 0 && got != 2 || strings.Contains(told, "3 announce") {
				t.Errorf("%s: told:\n%s", name, told)
			}
			trackers.Start()
			trackers.Announce()
			trackers.Completed()
			trackers.Add([][]string{urls(4)}, netip.Prefix{})
			pass(time.Hour)
			d.want(t)
		})
	}
}

// TestStoppedComesLast: an announce under way is answered before we say that we
// leave, within a bound; nothing new is begun meanwhile.
func TestStoppedComesLast(t *testing.T) {
	for delay, took := range map[time.Duration]time.Duration{
		answerGrace / 2: answerGrace / 2,
		time.Hour:       answerGrace,
	} {
		inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
			net.put(d, 0, nobody, 1)
			trackers := New(testConfig(net, d, urls(1)))
			trackers.Start()
			pass(time.Second)
			net.put(d, delay, nobody, 1)
			trackers.Completed()
			synctest.Wait()
			net.put(d, 0, nobody, 1)
			trackers.Completed() // one more is owed after the one under way
			synctest.Wait()
			trackers.Close(t.Context())
			d.want(t, "0s 1 announce started", "1s 1 announce completed", fmt.Sprint(time.Second+took, " 1 announce stopped"))
		})
	}
}

// TestCompleted: trackers that know us hear of it, once each, after the announce
// under way, and again when they did not get it; those that never knew us do
// not.
func TestCompleted(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 3*time.Second, nobody, 1)
		net.put(d, 0, nobody, 2)
		trackers := New(testConfig(net, d, urls(1), urls(2)))
		trackers.Start()
		pass(10 * time.Second)
		d.want(t, "0s 1 announce started")
		pass(30*time.Minute - 6*time.Second) // into the regular announce
		d.want(t, "30m3s 1 announce")
		trackers.Completed()
		pass(10 * time.Second)
		d.want(t, "30m6s 1 announce completed")
		trackers.Announce()
		pass(10 * time.Second)
		d.want(t, "30m14s 2 announce started")
		net.put(d, 0, "garbage", 1)
		trackers.Completed()
		pass(time.Second)
		got := d.take()
		if !strings.Contains(got, "30m24s 1 announce completed") || !strings.Contains(got, "30m24s 2 announce completed") {
			t.Errorf("happened:\n%s", got)
		}
		net.put(d, 0, nobody, 1)
		pass(2 * time.Minute)
		trackers.Announce()
		pass(time.Second)
		got = d.take()
		if strings.Count(got, "completed") != 1 || !strings.Contains(got, "1 announce completed") {
			t.Errorf("happened:\n%s", got)
		}
		trackers.Close(t.Context())
	})
}

// TestAdd: trackers that come later (a magnet link for a known torrent) are
// tried after those that work, at once when none does; none comes twice.
func TestAdd(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 0, onePeer, 1)
		trackers := New(testConfig(net, d))
		trackers.Start()
		pass(time.Minute)
		trackers.Add([][]string{urls(1), {"HTTP://20.1.1.1/announce#x"}, urls(2)}, netip.Prefix{})
		pass(time.Minute)
		d.want(t, "1m0s 1 announce started", "1m0s "+found1)
		if s := trackers.Status(); len(s) != 2 || s[0].Last != d.start.Add(time.Minute) || s[0].Next != d.start.Add(31*time.Minute) || s[0].Interval != 30*time.Minute {
			t.Errorf("%+v", s)
		}
		trackers.Close(t.Context())
	})
}

func TestLimitsOfTrackers(t *testing.T) {
	var all []string
	for i := range 3 * MaxTrackers {
		all = append(all, fmt.Sprintf("http://t%d.test/announce", i))
	}
	bad := []string{"wss://t.test/announce", "udp://t.test/announce", "http://secret\x00/", strings.Repeat("x", 5000)}
	trackers := New(testConfig(&fakeNet{}, newDiary(), bad, all))
	defer trackers.Close(t.Context())
	used, rejected := 0, 0
	for _, s := range trackers.Status() {
		if s.Tier >= 0 {
			used++
			continue
		}
		rejected++
		if s.Error == "" || strings.Contains(fmt.Sprint(s), "secret") {
			t.Errorf("%+v", s)
		}
	}
	if used != MaxTrackers || rejected != MaxTrackers {
		t.Errorf("%d trackers used, %d rejected, want %d each", used, rejected, MaxTrackers)
	}
	if s := New(testConfig(&fakeNet{}, newDiary())); s.Status() == nil {
		t.Error("no trackers: a nil status")
	}
}

// TestOddities: no port, unknown size, an echo of ourselves.
func TestOddities(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		addr, u := host(1)
		var q url.Values
		net.setHTTP(addr, func(got url.Values) (time.Duration, int, string) {
			q = got
			return 0, http.StatusOK, onePeer
		})
		cfg := testConfig(net, d, []string{u})
		cfg.Port = at(0)
		cfg.Progress = func() (int64, int64, int64) { return 0, 0, -1 }
		trackers := New(cfg)
		trackers.Start()
		pass(time.Second)
		if q.Get("port") != "1" || q.Get("left") != "16384" {
			t.Errorf("announced %v", q)
		}
		trackers.Close(t.Context())
		for port, want := range map[int]bool{6881: false, 42069: true} {
			trackers := &Trackers{cfg: Config{Port: at(port)}}
			if trackers.useful(addrs("1.2.3.4:6881")) != want || !trackers.useful(addrs("1.2.3.4:6881", "5.6.7.8:6881")) || trackers.useful(nil) {
				t.Errorf("port %d: one peer at port 6881 is useful: %v", port, !want)
			}
		}
	})
}

// TestSilentTracker: a UDP tracker that does not answer counts as tried, and as failed, long before it is
// given up, for every torrent that waits for it; an answer that comes after all is taken.
func TestSilentTracker(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		f := &fakeUDP{d: newDiary(), id: 99, lose: []int{0, 1, 2}, delay: time.Second, peers: "\x14\x02\x02\x02\x00\x07"}
		net.udp["20.1.1.1:6969"] = f.serve
		var both []*Trackers
		for i := range 2 {
			cfg := testConfig(net, d, []string{"udp://20.1.1.1:6969/announce"})
			cfg.InfoHash[0] = byte(i)
			tr := New(cfg)
			defer tr.Close(t.Context())
			tr.Announce()
			both = append(both, tr)
		}
		is := func(when string, untried bool, fails int) {
			t.Helper()
			for i, tr := range both {
				if st := tr.Status()[0]; tr.Untried() != untried || st.Fails != fails || st.Last.IsZero() != untried || !st.Busy {
					t.Errorf("%s, torrent %d: untried %t, %+v", when, i, tr.Untried(), st)
				}
			}
		}
		pass(6900 * time.Millisecond)
		is("while it may be slow", true, 0)
		pass(200 * time.Millisecond)
		is("once it is silent", false, 1)
		pass(5 * time.Second)
		for i, tr := range both {
			if st := tr.Status()[0]; !st.Working || st.Fails != 0 || st.Error != "" {
				t.Errorf("torrent %d, once it answers: %+v", i, st)
			}
		}
	})
}

// Peers are told together with the clients that named their tracker, until one of them gives
// content; those of the torrent's own trackers with nobody.
func TestFoundTellsWhoNamedTheTracker(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, n *fakeNet) {
		n.put(d, 0, onePeer, 1)
		n.put(d, 0, onePeer2, 2)
		cfg := testConfig(n, d, urls(1))
		by := make(map[netip.AddrPort][]netip.Prefix)
		cfg.Found = func(addrs []netip.AddrPort, clients []netip.Prefix) {
			d.mu.Lock()
			defer d.mu.Unlock()
			for _, a := range addrs {
				by[a] = clients
			}
		}
		tr := New(cfg)
		defer tr.Close(t.Context())
		tr.SetDemand(Demand{Clients: []netip.Prefix{clientPrefix(1)}})
		tr.Start()
		tr.Add([][]string{urls(2)}, clientPrefix(1))
		tr.Announce()
		pass(time.Second)
		own, hinted := netip.MustParseAddrPort("1.2.3.4:6881"), netip.MustParseAddrPort("5.6.7.8:6881")
		if got, ok := by[own]; !ok || len(got) != 0 {
			t.Errorf("the torrent's own: %v, found %t", got, ok)
		}
		if got := by[hinted]; len(got) != 1 || got[0] != clientPrefix(1) {
			t.Errorf("a client's: %v", got)
		}
		tr.Proved(hinted)
		pass(time.Hour)
		tr.Announce()
		pass(time.Second)
		if got, ok := by[hinted]; !ok || len(got) != 0 {
			t.Errorf("a client's that gave content: %v, found %t", got, ok)
		}
	})
}
