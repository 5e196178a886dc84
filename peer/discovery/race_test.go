package discovery

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestRace: a reader waits: all tiers are asked at the same instant, within a
// tier the next tracker after 250 ms or at once on failure, and peers are handed
// on as they come. What hangs hurts nobody.
func TestRace(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, time.Hour, "", 1, 2)
		net.put(d, 40*time.Millisecond, onePeer, 3)
		net.put(d, 0, "garbage", 4)
		net.put(d, 0, nobody, 5)
		net.put(d, 60*time.Millisecond, onePeer2, 6)
		net.put(d, 10*time.Millisecond, onePeer, 7, 8)
		trackers := New(testConfig(net, d, urls(1, 2, 3), urls(4, 5, 6), urls(7, 8)))
		trackers.Announce()
		trackers.Announce() // changes nothing
		synctest.Wait()
		d.wantAnyOrder(t, "0s 1 announce started", "0s 4 announce started", "0s 5 announce started", "0s 6 announce started", "0s 7 announce started")
		pass(time.Second)
		d.want(t, "10ms "+found1, "60ms "+found2, "250ms 2 announce started", "500ms 3 announce started", "540ms "+found1)
		pass(time.Minute)
		d.take()
		trackers.Close(t.Context())
		if got := strings.Count(d.take(), "stopped"); got != 4 { // 3, 5, 6, 7
			t.Errorf("%d trackers are told that we leave", got)
		}
	})
}

// TestRaceWhileHanging: Announce joins what the regular announces have begun.
func TestRaceWhileHanging(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 2*time.Second, onePeer, 1)
		net.put(d, 0, onePeer2, 2)
		trackers := New(testConfig(net, d, urls(1), urls(2)))
		trackers.Start()
		pass(time.Second)
		trackers.Announce()
		pass(10 * time.Second)
		d.want(t, "0s 1 announce started", "1s 2 announce started", "1s "+found2, "2s "+found1)
		trackers.Close(t.Context())
	})
}

// TestLeastInterval: somebody who waits does not make us ask again before the
// tracker's "min interval", nor one that failed before a moment has passed.
func TestLeastInterval(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 0, "d8:intervali1800e12:min intervali300e5:peers6:\x01\x02\x03\x04\x1a\xe1e", 1)
		net.put(d, 0, "garbage", 2)
		trackers := New(testConfig(net, d, urls(1, 2)))
		trackers.Announce()
		for range 301 {
			pass(time.Second)
			trackers.Announce()
		}
		synctest.Wait()
		d.want(t, "0s 1 announce started", "0s "+found1, "5m0s 1 announce", "5m0s "+found1)
		trackers.Close(t.Context())
	})
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 0, "garbage", 2)
		trackers := New(testConfig(net, d, urls(2)))
		for range 300 {
			trackers.Announce()
			pass(time.Second)
		}
		d.want(t, "0s 2 announce started", "10s 2 announce started", "30s 2 announce started", "1m10s 2 announce started", "2m10s 2 announce started", "3m10s 2 announce started", "4m10s 2 announce started")
		trackers.Close(t.Context())
	})
}

// TestNeverAgain: a tracker that says so is left alone (BEP 31), and one that
// names a time is left alone for that.
func TestNeverAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		net.put(d, 0, "d14:failure reason4:gone8:retry in5:nevere", 1)
		net.put(d, 0, "d14:failure reason4:busy8:retry ini60ee", 2)
		trackers := New(testConfig(net, d, urls(1), urls(2)))
		trackers.Start()
		for range 62 {
			pass(time.Minute)
			trackers.Announce()
		}
		trackers.Close(t.Context())
		d.want(t, "0s 1 announce started", "0s 2 announce started", "1h0m0s 2 announce started")
	})
}
