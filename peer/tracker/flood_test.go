package tracker

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// TestFlood has strangers name more torrents, and be more peers, than there is room for: both are bounded, what had no place
// is counted, and who was there before stays.
func TestFlood(t *testing.T) {
	tr := start(t, Config{})
	first := announce{hash: hashA, from: netip.MustParseAddrPort("198.51.100.1:1"), want: 1}
	tr.take(&first, 1, 0)
	for i := range MaxSwarms + 1000 {
		a := announce{hash: [20]byte{9, byte(i), byte(i >> 8), byte(i >> 16)}, from: netip.AddrPortFrom(address(i), 1), want: 50}
		tr.take(&a, maxWant, 0)
	}
	if st := tr.Stats(); st.Swarms != MaxSwarms || st.Peers != MaxSwarms || st.Full != 1001 {
		t.Errorf("torrents: %+v", st)
	}
	for i := range MaxSwarmPeers + 1000 {
		a := announce{hash: hashA, from: netip.AddrPortFrom(address(i), 1)}
		tr.take(&a, 0, 0)
	}
	st := tr.Stats()
	if st.Peers != MaxSwarms-1+MaxSwarmPeers || st.Full != 1001+1001 {
		t.Errorf("peers of one torrent: %+v", st)
	}
	first.stopped = true
	tr.take(&first, 1, 0)
	if now := tr.Stats(); now.Peers != st.Peers-1 {
		t.Error("the first peer was not there any more")
	}
}

// TestScrapeOfMany has scrapes that name more than they may, of a tracker that has much: answers are short, and cost no more
// than questions.
func TestScrapeOfMany(t *testing.T) {
	tr := start(t, Config{})
	for i := range 10_000 {
		a := announce{hash: [20]byte{9, byte(i), byte(i >> 8)}, from: netip.AddrPortFrom(address(i), 1)}
		tr.take(&a, 0, 0)
	}
	one := "info_hash=%09%01%00" + strings.Repeat("%00", 17)
	for _, query := range []string{"", "info_hash=", strings.Repeat(one+"&", maxScrape+1), strings.Repeat(one+"&", 1_000_000)} {
		if answer := tr.Scrape(query); len(answer) > 100 || !strings.Contains(string(answer), "failure reason") {
			t.Errorf("%d bytes for a query of %d: %.100q", len(answer), len(query), answer)
		}
	}
	if answer := tr.Scrape(strings.Repeat(one+"&", maxScrape)); strings.Count(string(answer), "8:completei0e") != 1 {
		t.Errorf("the same torrent %d times: %.200q", maxScrape, answer)
	}
	u := &udp{t: t, tr: tr, from: netip.MustParseAddrPort("192.0.2.1:7")}
	u.connect()
	be := binary.BigEndian
	question := be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, u.id), actionScrape), 1)
	question = append(question, make([]byte, 20*3000)...) // as much as a datagram has
	if answer := u.ask(question); len(answer) != 8+12*maxScrape {
		t.Errorf("%d bytes for a datagram of %d", len(answer), len(question))
	}
}

// TestLongDay has 400,000 peers in 24 hours, 100,000 at a time, of which a third says when it goes: the memory is flat, and no entry
// is older than an interval and what a late announce has on top.
func TestLongDay(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		tr := New(Config{})
		defer tr.Close()
		const all, stays = 400_000, 6 * time.Hour
		day := 24 * time.Hour
		arrives := func(n int) time.Duration { return time.Duration(n) * (day / all) }
		begun := time.Now()
		var early, late int
		for at := time.Duration(0); at < day+Lifetime; at += Interval {
			for n := range all {
				from, to := arrives(n), arrives(n)+stays
				if at < from || at >= to+Interval {
					continue
				}
				a := announce{hash: [20]byte{byte(n % 7)}, from: netip.AddrPortFrom(address(n), 1), seed: n%3 == 0, want: 5, stopped: at >= to}
				if !a.stopped || n%3 == 1 {
					tr.take(&a, maxWant, 0)
				}
			}
			if oldest := tr.oldest(); oldest > Lifetime+sweepEvery {
				t.Fatalf("after %v there is an entry of %v", at, oldest)
			}
			switch at / Interval {
			case 20:
				early = heap()
			case 50:
				late = heap()
			}
			time.Sleep(time.Until(begun.Add(at + Interval)))
		}
		t.Logf("the heap had %d bytes after 8 h, %d after 21 h", early, late)
		if late > early+early/4 {
			t.Errorf("the heap grew from %d bytes to %d", early, late)
		}
	})
}

// oldest is how long ago the peer announced that was not heard of for the longest time.
func (t *Tracker) oldest() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := t.now()
	for _, s := range t.swarms {
		for _, l := range []*list[compact4]{&s.v4.seeds, &s.v4.leechers} {
			for i := range l.peers {
				seen = min(seen, l.peers[i].seen)
			}
		}
	}
	return time.Duration(t.now()-seen) * time.Second
}
