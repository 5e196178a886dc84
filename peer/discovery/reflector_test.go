package discovery

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/peer/contact"
)

// victim is a host that strangers name.
var victim = netip.MustParseAddr("20.9.9.9")

// seen gives the most contacts that a network saw in any second, and how many in all, from
// a time on.
func (n *fakeNet) seen(network netip.Prefix, from time.Time) (most, all int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var times []time.Time
	for _, c := range n.contacts {
		if network.Contains(c.to.Addr()) && !c.at.Before(from) {
			times = append(times, c.at)
		}
	}
	first := 0
	for i, at := range times {
		for at.Sub(times[first]) >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most, len(times)
}

func clientPrefix(i int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 1, 0, byte(i)}), 32)
}

// A target sees five contacts a second and no more, whatever is asked of it, by how many
// clients and for how many torrents; one that fails sees few. A moment after the clients
// have gone it sees nothing.
func TestReflector(t *testing.T) {
	http200 := func(body string) func(*fakeNet) {
		return func(n *fakeNet) {
			for port := 80; port < 112; port++ {
				n.hosts[netip.AddrPortFrom(victim, uint16(port)).String()] = func(url.Values) (time.Duration, int, string) { return 0, http.StatusOK, body }
			}
		}
	}
	slow := func(n *fakeNet) {
		n.hosts[victim.String()+":80"] = func(url.Values) (time.Duration, int, string) { return time.Hour, 0, "" }
	}
	udp := func(h udpHost) func(*fakeNet) {
		return func(n *fakeNet) {
			for port := 80; port < 112; port++ {
				n.udp[netip.AddrPortFrom(victim, uint16(port)).String()] = h
			}
		}
	}
	answering := func(p []byte, reply func([]byte)) {
		out := append([]byte{0, 0, 0, p[11]}, p[12:16]...)
		if p[11] == actionConnect {
			out = binary.BigEndian.AppendUint64(out, 9)
		} else {
			out = append(out, "\x00\x00\x00\x01\x00\x00\x00\x05\x00\x00\x00\x06\x01\x02\x03\x04\x1a\xe1"...)
		}
		reply(out)
	}
	refusing := func(p []byte, reply func([]byte)) {
		reply(append(append([]byte{0, 0, 0, actionError}, p[12:16]...), "no"...))
	}
	for _, c := range []struct {
		name  string
		serve func(*fakeNet)
		url   string // of tracker %[1]d of torrent %[2]d
		few   bool   // it fails, and the contacts of the first five minutes are few
	}{
		{"no HTTP", func(*fakeNet) {}, "http://20.9.9.9/announce?%[2]d.%[1]d", true},
		{"no HTTP, other ports", func(*fakeNet) {}, "http://20.9.9.9:%[1]d%[2]d/announce", true},
		{"HTTP, a page", http200("<html>"), "http://20.9.9.9/%[2]d/%[1]d", true},
		{"HTTP, silent", slow, "http://20.9.9.9/%[2]d/%[1]d", true},
		{"HTTP, a tracker", http200("d8:intervali1e12:min intervali1e5:peers6:\x01\x02\x03\x04\x1a\xe1e"), "http://20.9.9.9/announce?%[2]d.%[1]d", false},
		{"HTTP, names", http200("d8:intervali1e5:peers0:e"), "http://h%[1]d-%[2]d.alias.test/announce", false},
		{"UDP, silent", udp(func([]byte, func([]byte)) {}), "udp://20.9.9.9:80/%[2]d/%[1]d", true},
		{"UDP, silent, names", udp(func([]byte, func([]byte)) {}), "udp://h%[1]d-%[2]d.alias.test:80/", true},
		{"UDP, a tracker", udp(answering), "udp://20.9.9.9:80/%[2]d/%[1]d", false},
		{"UDP, errors", udp(refusing), "udp://20.9.9.9:80/%[2]d/%[1]d", false},
		{"UDP, no connection ids", udp(func(p []byte, reply func([]byte)) {
			if p[11] == actionConnect {
				answering(p, reply)
			}
		}), "udp://20.9.9.9:80/%[2]d/%[1]d", false},
		{"the whole /24", udp(answering), "udp://20.9.9.%[1]d:80/%[2]d", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, d *diary, n *fakeNet) {
				n.aliases = victim
				c.serve(n)
				const torrents, clients = 24, 6
				var all []*Trackers
				ask := func(torrent int) {
					client := clientPrefix(torrent % clients)
					var tiers [][]string
					for i := range MaxTrackers {
						u := fmt.Sprintf(c.url+"%[3]s", i, torrent, "")
						tiers = append(tiers, []string{u})
					}
					all[torrent].Add(tiers, client)
					all[torrent].SetDemand(Demand{Clients: []netip.Prefix{client}})
					all[torrent].Announce()
				}
				for i := range torrents {
					cfg := testConfig(n, d)
					cfg.InfoHash = [20]byte{byte(i)}
					cfg.Found = func(_ []netip.AddrPort, _ []netip.Prefix) {}
					all = append(all, New(cfg))
					all[i].SetDemand(Demand{Idle: true})
					all[i].Start()
				}
				for range 30 {
					for i := range torrents {
						ask(i)
					}
					pass(10 * time.Second)
				}
				target := netip.PrefixFrom(victim, 24).Masked()
				most, sum := n.seen(target, d.start)
				if most == 0 || most > contact.PerTarget {
					t.Errorf("%d contacts in a second", most)
				}
				if c.few && sum > 150 {
					t.Errorf("%d contacts in five minutes with a host that fails", sum)
				}
				for _, tr := range all {
					tr.SetDemand(Demand{Idle: true})
				}
				pass(hintGrace + time.Second)
				gone := time.Now()
				pass(time.Hour)
				if _, n := n.seen(target, gone); n > 0 {
					t.Errorf("%d contacts after the clients have gone", n)
				}
				// Closing tells trackers that we leave, and no faster.
				for _, tr := range all {
					go tr.Close(t.Context())
				}
				synctest.Wait()
				pass(2 * stopTimeout)
				if most, _ := n.seen(target, gone); most > contact.PerTarget {
					t.Errorf("%d contacts in a second at the end", most)
				}
				if len(n.opened) > 2 {
					t.Errorf("%d UDP sockets", len(n.opened))
				}
				if a := n.announcer(); len(a.clients) != 0 {
					t.Errorf("trackers are counted still: %v", a.clients)
				}
			})
		})
	}
}

// A public tracker of 200 torrents has all of their announces, and no more a second than
// any target; a reader that comes meanwhile does not wait behind them.
func TestPublicTracker(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, n *fakeNet) {
		f := &fakeUDP{d: newDiary(), id: 9, peers: "\x01\x02\x03\x04\x1a\xe1"}
		n.udp["20.9.9.9:80"] = f.serve
		found := make(map[byte]time.Duration)
		begin := func(i byte) *Trackers {
			cfg := testConfig(n, d, []string{"udp://20.9.9.9:80/announce"})
			cfg.InfoHash = [20]byte{i}
			cfg.Found = func(_ []netip.AddrPort, _ []netip.Prefix) {
				d.mu.Lock()
				defer d.mu.Unlock()
				found[i] = time.Since(d.start)
			}
			tr := New(cfg)
			tr.Start()
			return tr
		}
		var all []*Trackers
		for i := range byte(200) {
			all = append(all, begin(i))
		}
		pass(5 * time.Second)
		reader := begin(200)
		reader.SetDemand(Demand{Clients: []netip.Prefix{clientPrefix(1)}})
		reader.Announce()
		all = append(all, reader)
		pass(time.Minute)
		if len(found) != 201 {
			t.Errorf("%d torrents have their peers", len(found))
		}
		if at := found[200] - 5*time.Second; at > 5*time.Second/4 {
			t.Errorf("a reader waits for %v", at)
		}
		if most, sum := n.seen(netip.PrefixFrom(victim, 32), d.start); most > contact.PerTarget || sum > 205 {
			t.Errorf("%d contacts in a second, %d in all", most, sum)
		}
		for _, tr := range all {
			go tr.Close(t.Context())
		}
		synctest.Wait()
		pass(2 * stopTimeout)
	})
}

// A reader's first announces go out at once, to all of its trackers over both families.
func TestFirstAnnouncesAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, n *fakeNet) {
		var tiers [][]string
		for i := range MaxTrackers {
			name := fmt.Sprintf("t%d.test", i)
			scheme, h := "http", d.tracker(name, 0, nobody)
			if i%2 == 0 {
				scheme = "udp"
				for _, family := range []string{"/4", "/6"} {
					n.udp[name+":80"+family] = (&fakeUDP{d: newDiary(), id: 9}).serve
				}
			} else {
				n.setHTTP(name+":80/4", h)
				n.setHTTP(name+":80/6", h)
			}
			tiers = append(tiers, []string{scheme + "://" + name + ":80/announce"})
		}
		tr := New(testConfig(n, d))
		tr.Start()
		client := clientPrefix(1)
		tr.Add(tiers, client)
		tr.SetDemand(Demand{Clients: []netip.Prefix{client}})
		tr.Announce()
		pass(0)
		for _, s := range tr.Status() {
			if !s.Working {
				t.Errorf("%s: %+v", s.URL, s)
			}
		}
		tr.Close(t.Context())
	})
}

// A hint proves itself by a peer that gives content, and is used then whoever waits.
func TestHintProved(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, n *fakeNet) {
		n.put(d, 0, onePeer, 1)
		n.put(d, 0, onePeer2, 2)
		tr := New(testConfig(n, d))
		tr.Start()
		client := clientPrefix(1)
		tr.SetDemand(Demand{Clients: []netip.Prefix{client}})
		tr.Add([][]string{urls(1), urls(2)}, client)
		tr.Announce()
		pass(time.Second)
		tr.Proved(netip.MustParseAddrPort("1.2.3.4:6881"))
		tr.SetDemand(Demand{})
		d.take()
		pass(31 * time.Minute)
		d.want(t, "30m0s 1 announce", "30m0s "+found1)
		tr.SetDemand(Demand{Clients: []netip.Prefix{clientPrefix(2)}})
		tr.Announce()
		pass(time.Second)
		if got := d.take(); strings.Contains(got, "2 announce") {
			t.Errorf("another client's hint is used: %s", got)
		}
		tr.Add([][]string{urls(2)}, clientPrefix(2))
		tr.Announce()
		pass(time.Second)
		if got := d.take(); !strings.Contains(got, "2 announce") {
			t.Errorf("a hint that is named again is not used: %s", got)
		}
		tr.Close(t.Context())
	})
}

// A client that fills a torrent with trackers leaves room to others.
func TestHintsMakeRoom(t *testing.T) {
	inBubble(t, func(t *testing.T, d *diary, n *fakeNet) {
		own := testConfig(n, d, urls(1))
		tr := New(own)
		for i := range 10 * MaxTrackers {
			tr.Add([][]string{{fmt.Sprintf("http://20.9.%d.%d/announce", i>>8, i&255)}}, clientPrefix(1))
		}
		for i := range 15 {
			if !tr.Add([][]string{{fmt.Sprintf("http://20.8.0.%d/announce", i)}}, clientPrefix(2)) {
				t.Errorf("tracker %d of another client has no room", i)
			}
		}
		if len(tr.known) != MaxTrackers || len(tr.spelled) > maxSpellings {
			t.Errorf("%d trackers, %d names of them", len(tr.known), len(tr.spelled))
		}
		if !tr.known[urls(1)[0]].own {
			t.Error("the torrent's own is gone")
		}
		tr.Close(t.Context())
	})
}
