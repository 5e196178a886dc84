package discovery

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFamilies: a name is announced to over both families, with one key; the one
// that is missing is no failure, and a dead one holds up nothing.
func TestFamilies(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		var mu sync.Mutex
		var keys []string
		keep := func(h httpHost) httpHost {
			return func(q url.Values) (time.Duration, int, string) {
				mu.Lock()
				keys = append(keys, q.Get("key"))
				mu.Unlock()
				return h(q)
			}
		}
		net.setHTTP("t.test:80/4", keep(d.tracker("v4", 10*time.Millisecond, onePeer)))
		net.setHTTP("t.test:80/6", keep(d.tracker("v6", 20*time.Millisecond, onePeer2)))
		trackers := New(testConfig(net, d, []string{"http://t.test/announce"}))
		trackers.Start()
		pass(time.Second)
		started := d.take()
		if !strings.Contains(started, "0s v4 announce started") || !strings.Contains(started, "0s v6 announce started") ||
			!strings.HasSuffix(started, "10ms "+found1+"\n20ms "+found2) || keys[0] != keys[1] {
			t.Errorf("happened:\n%s\nkeys %v", started, keys)
		}
		if s := trackers.Status()[0]; s.Peers != 2 || !s.Working {
			t.Errorf("%+v", s)
		}
		net.setHTTP("t.test:80/6", d.tracker("v6", time.Hour, ""))
		pass(30 * time.Minute)
		if s := trackers.Status()[0]; !s.Working || !s.Busy {
			t.Errorf("while one family hangs: %+v", s)
		}
		pass(time.Minute)
		net.setHTTP("t.test:80/6", nil)
		pass(30 * time.Minute)
		if s := trackers.Status()[0]; !s.Working || s.Error != "" || s.Fails != 0 {
			t.Errorf("with one family gone: %+v", s)
		}
		net.setHTTP("t.test:80/4", d.tracker("v4", 0, "garbage"))
		pass(30 * time.Minute)
		if s := trackers.Status()[0]; s.Working || s.Error != "bencode: not the start of a value at byte 0" {
			t.Errorf("with the other failing: %+v", s)
		}
		net.setHTTP("t.test:80/4", nil)
		pass(2 * time.Hour)
		if s := trackers.Status()[0]; s.Error != "no such host" {
			t.Errorf("with both gone: %+v", s)
		}
		trackers.Close(t.Context())
	})
}

// TestUDPTrackers: the whole of it over UDP, both families of a name.
func TestUDPTrackers(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, net *fakeNet) {
		v4 := &fakeUDP{d: newDiary(), id: 4, peers: "\x01\x02\x03\x04\x1a\xe1"}
		v6 := &fakeUDP{d: newDiary(), id: 6, delay: time.Millisecond, peers: "\x2a\x00\x14\x50\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe1"}
		net.udp["t.test:9/4"], net.udp["t.test:9/6"] = v4.serve, v6.serve
		trackers := New(testConfig(net, d, []string{"udp://t.test:9/announce?key"}))
		trackers.Start()
		pass(time.Second)
		d.want(t, "0s "+found1, "2ms found [[2a00:1450::1]:6881]")
		if string(v4.last[80:84]) != "\x00\x00\x00\x02" || string(v4.last[88:92]) != string(v6.last[88:92]) || string(v4.last[98:]) != "\x02\x0d/announce?key" {
			t.Errorf("started: %x and %x", v4.last, v6.last)
		}
		trackers.Close(t.Context())
		if string(v4.last[80:84]) != "\x00\x00\x00\x03" || string(v6.last[80:84]) != "\x00\x00\x00\x03" {
			t.Errorf("stopped: %x and %x", v4.last, v6.last)
		}
		v4.d.want(t, "0s connect", "0s announce", "1s announce")
	})
}
