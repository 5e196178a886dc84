package peer

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/wire"
)

const blocked = `# a list
Some one: of many:192.0.2.10-192.0.2.20
another:192.0.2.15 - 192.0.2.30

198.51.100.0/24
198.51.100.255
2001:db8::/32
2001:db9::1-2001:db9::ff
203.0.113.7-203.0.113.3
no range at all
`

func TestBlocklist(t *testing.T) {
	b, err := ParseBlocklist(strings.NewReader(blocked))
	if err != nil || b.Len() != 4 || b.Unread != 2 {
		t.Fatalf("%+v, %v", b, err)
	}
	for a, want := range map[string]bool{
		"192.0.2.9": false, "192.0.2.10": true, "192.0.2.30": true, "192.0.2.31": false, "::ffff:192.0.2.12": true,
		"198.51.99.255": false, "198.51.100.0": true, "198.51.100.255": true, "198.51.101.0": false, "0.0.0.0": false,
		"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff": true, "2001:db9::": false, "2001:db9::ff": true, "2001:db9::100": false, "ffff::": false,
	} {
		if b.Has(netip.MustParseAddr(a)) != want {
			t.Errorf("%s on the list: %v", a, !want)
		}
	}
	var none *Blocklist
	if none.Has(netip.MustParseAddr("192.0.2.1")) {
		t.Error("no list has an address")
	}
}

func TestBlocklistRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"a page":       "<html>\n<body>not found\n",
		"a long line":  strings.Repeat("x", maxBlocklistLine+1),
		"too many":     strings.Repeat("1.2.3.4\n", maxBlocklistRanges+1),
		"too much":     strings.Repeat("#"+strings.Repeat("x", 4000)+"\n", MaxBlocklistBytes/4000),
		"one name":     "name:\n",
		"two families": "1.2.3.4-::5\n",
	} {
		if b, err := ParseBlocklist(strings.NewReader(text)); err == nil {
			t.Errorf("%s: a list of %d ranges", name, b.Len())
		}
	}
	if b, err := ParseBlocklist(strings.NewReader("# nothing\n\n")); err != nil || b.Len() != 0 {
		t.Errorf("an empty list: %v", err)
	}
}

// TestBlockedPeers are not dialled, not taken, and let go; others are not
// concerned.
func TestBlockedPeers(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(tor.Info))
		bad, good := w.net.Host(hostConfig("192.0.2.10")), w.net.Host(hostConfig("192.0.2.9"))
		before, other := w.callFrom(bad, tor), w.callFrom(good, tor)
		other.id[19] = 'o'
		before.greet()
		other.greet()
		before.expect(wire.HaveNone)
		b, err := ParseBlocklist(strings.NewReader(blocked))
		if err != nil {
			t.Fatal(err)
		}
		w.host.SetBlocklist(b)
		before.closed(time.Second)
		again := w.callFrom(bad, tor)
		again.write(again.handshake())
		again.closed(time.Second)
		l, err := bad.Listen(t.Context(), "tcp", ":6881")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		s.AddPeers(book.SourceTracker, bad.AddrPort(6881))
		s.SetWanted(true)
		if _, err := other.quiet(30 * time.Second); err != nil {
			t.Errorf("another peer is gone: %v", err)
		}
		if st := s.Stats(); st.Connected != 1 || !strings.Contains(st.DialError, errBlocked.Error()) {
			t.Errorf("%+v", st)
		}
		w.host.SetBlocklist(nil)
		free := w.callFrom(w.net.Host(simnet.HostConfig{}), tor)
		free.id[19] = 'f'
		free.greet()
	})
}

// FuzzBlocklist: a list is read or refused, and what it has lies in its ranges.
func FuzzBlocklist(f *testing.F) {
	f.Add(blocked)
	f.Add("1.2.3.4/33\n::/0\n0.0.0.0/0")
	f.Add("a-b-c:1.2.3.4-1.2.3.5\n:-:\n-")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBlocklist(strings.NewReader(text))
		if err != nil {
			return
		}
		for i, r := range b.ranges {
			if r.to.Less(r.from) || !b.Has(r.from) || !b.Has(r.to) || i > 0 && !b.ranges[i-1].to.Less(r.from) {
				t.Fatalf("range %d of %+v", i, b.ranges)
			}
		}
	})
}
