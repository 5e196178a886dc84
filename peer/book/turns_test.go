package book

import (
	"maps"
	"net/netip"
	"testing"

	"pgregory.net/rapid"
)

func clientN(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(n)}), 32)
}

// all has every client wait.
func all(netip.Prefix) bool { return true }

// Clients take turns with each other and with the torrent's own addresses, whoever came first and
// however many.
func TestTurns(t *testing.T) {
	b := New(new(Room))
	for i := range 60 {
		b.Add(epoch, SourceUser, addrN(i), clientN(1))
	}
	b.Add(epoch, SourceTracker, addrN(100))
	b.Add(epoch, SourceTracker, addrN(101), clientN(2))
	b.Add(epoch, SourceUser, addrN(102), clientN(3))
	turns := NewTurns(func(c netip.Prefix) bool { return c != clientN(3) })
	var got []netip.AddrPort
	for range 5 {
		e := b.Pick(epoch, nil, turns)
		b.Dial(epoch, e)
		turns.Take(e)
		got = append(got, e.Addr)
	}
	for i, want := range []netip.AddrPort{addrN(0), addrN(100), addrN(101), addrN(1), addrN(2)} {
		if got[i] != want {
			t.Fatalf("dialled %v", got)
		}
	}
	for e := b.Pick(epoch, nil, turns); e != nil; e = b.Pick(epoch, nil, turns) {
		b.Dial(epoch, e)
		got = append(got, e.Addr)
	}
	if last := got[len(got)-1]; last != addrN(102) || len(got) != 63 {
		t.Errorf("%d dialled, the last is %v: that of a client that has gone comes last", len(got), last)
	}
}

// Who names an address that others named too takes no turn from them: it is dialled in the turn
// of whoever has the fewest places.
func TestTurnsOfSeveral(t *testing.T) {
	b := New(new(Room))
	for i := range 10 {
		e := b.Add(epoch, SourceUser, addrN(i), clientN(1))
		b.Dial(epoch, e)
	}
	shared := b.Add(epoch, SourceUser, addrN(20), clientN(1))
	b.Add(epoch, SourceUser, addrN(20), clientN(2))
	own := b.Add(epoch, SourcePEX, addrN(21))
	b.Add(epoch, SourceUser, addrN(21), clientN(1))
	if own.Source != SourcePEX {
		t.Errorf("a client made an address that PEX told of one of source %d", own.Source)
	}
	turns := NewTurns(all)
	for i := range 10 {
		turns.Take(b.byAddr[addrN(i)])
	}
	if turns.Has(shared) != 0 || turns.Has(own) != 0 {
		t.Errorf("the shared one: %d places, the torrent's own: %d", turns.Has(shared), turns.Has(own))
	}
	for i := range 100 {
		b.Add(epoch, SourceUser, addrN(20), clientN(i))
	}
	if len(shared.by) != maxNamers {
		t.Errorf("%d clients are remembered", len(shared.by))
	}
	if !b.Named() {
		t.Error("clients alone named some")
	}
	for i := range 21 {
		b.Add(epoch, SourceTracker, addrN(i))
	}
	if b.Named() {
		t.Error("all are the torrent's own")
	}
}

// However many addresses a client brings, it pushes out nothing of a client that has fewer, and
// half of the torrent's own stay.
func TestClientsShareTheRoom(t *testing.T) {
	b := New(new(Room))
	for i := range maxKnown - 10 {
		b.Add(epoch, SourceTracker, netip.AddrPortFrom(netip.AddrFrom4([4]byte{20, byte(i >> 8), byte(i), 1}), 1))
	}
	for i := range 10 {
		b.Add(epoch, SourceUser, netip.AddrPortFrom(netip.AddrFrom4([4]byte{30, 0, byte(i), 1}), 1), clientN(2))
	}
	for i := range 3 * maxKnown {
		b.Add(epoch, SourceUser, netip.AddrPortFrom(netip.AddrFrom4([4]byte{40, byte(i >> 8), byte(i), 1}), 1), clientN(1))
	}
	has := map[byte]int{}
	for _, e := range b.order {
		has[e.Addr.Addr().As4()[0]]++
	}
	if len(b.order) != maxKnown || has[30] != 10 || has[20] < maxKnown/2-10 {
		t.Errorf("%d addresses: %v", len(b.order), has)
	}
	if b.Add(epoch, SourceUser, addrN(1), clientN(3)) == nil {
		t.Error("a newcomer has no room")
	}
}

// The number of entries that clients alone named is kept right.
func TestNamedIsCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := New(new(Room))
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				var by []netip.Prefix
				for _, n := range rapid.SliceOfN(rapid.IntRange(0, 6), 0, 3).Draw(t, "by") {
					if n == 0 {
						by = append(by, netip.Prefix{})
					} else {
						by = append(by, clientN(n))
					}
				}
				b.Add(epoch, Source(rapid.IntRange(0, 6).Draw(t, "source")), addrN(rapid.IntRange(0, 5).Draw(t, "addr")), by...)
			},
			"remove": func(t *rapid.T) {
				if len(b.order) > 0 {
					b.remove(b.order[rapid.IntRange(0, len(b.order)-1).Draw(t, "entry")])
				}
			},
			"": func(t *rapid.T) {
				n := 0
				namers := make(map[netip.Prefix]int)
				for _, e := range b.order {
					if len(e.by) == 0 && !e.own {
						t.Fatalf("%v is nobody's", e.Addr)
					}
					if len(e.by) > 0 && !e.own {
						n++
					}
					for _, c := range e.by {
						namers[c]++
					}
				}
				if !maps.Equal(namers, b.namers) {
					t.Fatalf("%v are counted, want %v", b.namers, namers)
				}
				if n != b.named {
					t.Fatalf("%d are counted, there are %d", b.named, n)
				}
			},
		})
	})
}
