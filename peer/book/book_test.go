package book

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func addrN(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 6881)
}

func TestBookTakesOnlyUsableAddresses(t *testing.T) {
	b := New(new(Room))
	for s, want := range map[string]bool{
		"192.0.2.1:6881": true, "[2001:db8::1]:6881": true, "127.0.0.1:1": true,
		"192.0.2.1:0": false, "0.0.0.0:80": false, "[::]:80": false, "224.0.0.1:80": false, "[fe80::1%eth0]:80": false,
	} {
		if got := b.Add(epoch, SourceTracker, netip.MustParseAddrPort(s)) != nil; got != want {
			t.Errorf("%s taken: %v", s, got)
		}
	}
	a := b.Add(epoch, SourceTracker, netip.MustParseAddrPort("192.0.2.1:6881"))
	if mapped := b.Add(epoch, SourceTracker, netip.MustParseAddrPort("[::ffff:192.0.2.1]:6881")); mapped != a {
		t.Error("a mapped address is another entry")
	}
}

func TestBookOrder(t *testing.T) {
	b := New(new(Room))
	b.Add(epoch, SourceTracker, addrN(1))
	b.Add(epoch, SourceTracker, addrN(2))
	b.Add(epoch, SourceUser, addrN(3))
	b.addName(epoch, SourceUser, "peer.example:6881")
	var got []string
	for e := b.Pick(epoch, nil, nil); e != nil; e = b.Pick(epoch, nil, nil) {
		b.Dial(time.Time{}, e)
		got = append(got, e.Target())
	}
	want := "[10.0.0.3:6881 peer.example:6881 10.0.0.1:6881 10.0.0.2:6881]"
	if fmt.Sprint(got) != want {
		t.Errorf("dialled %v, want %v", got, want)
	}
}

func TestBookBackoff(t *testing.T) {
	b := New(new(Room))
	now := epoch
	e := b.Add(now, SourceTracker, addrN(1))
	var waits []time.Duration
	for range dropAfter {
		if b.Pick(now, nil, nil) != e {
			t.Fatalf("not to be dialled after %v", waits)
		}
		timeout, attempt := b.Dial(time.Time{}, e)
		if attempt != len(waits) || (timeout == FirstDialTimeout) != (attempt == 0) {
			t.Errorf("attempt %d with time-out %v", attempt, timeout)
		}
		b.Failed(now, e)
		at, ok := b.Next(now)
		if !ok {
			break
		}
		if b.Pick(at.Add(-1), nil, nil) != nil {
			t.Error("dialled too early")
		}
		waits = append(waits, at.Sub(now))
		now = at
	}
	if want := "[4s 15s 1m0s 5m0s 5m0s]"; fmt.Sprint(waits) != want {
		t.Errorf("waits %v, want %v", waits, want)
	}
	if len(b.order) != 0 || len(b.byAddr) != 0 {
		t.Error("an address that failed for good is kept")
	}
}

func TestBookUserAddressIsTriedAgainAtOnce(t *testing.T) {
	b := New(new(Room))
	e := b.Add(epoch, SourceTracker, addrN(1))
	b.Dial(time.Time{}, e)
	b.Failed(epoch, e)
	b.Add(epoch, SourceTracker, addrN(1))
	if b.Pick(epoch, nil, nil) != nil {
		t.Error("a tracker may not cut the backoff short")
	}
	b.Add(epoch, SourceUser, addrN(1))
	if b.Pick(epoch, nil, nil) != e {
		t.Error("a user's address waits")
	}
	e.State = Never
	b.Add(epoch, SourceUser, addrN(1))
	if b.Pick(epoch, nil, nil) != nil {
		t.Error("a forbidden address is tried again")
	}
}

func TestBookHurries(t *testing.T) {
	b := New(new(Room))
	e := b.Add(epoch, SourceTracker, addrN(1))
	for range 3 {
		b.Dial(time.Time{}, e)
		b.Failed(epoch, e)
	}
	if want := epoch.Add(time.Minute); !e.Next.Equal(want) {
		t.Fatalf("next %v", e.Next)
	}
	b.Hurry(epoch.Add(patience - 1))
	if b.Pick(epoch.Add(patience-1), nil, nil) != nil {
		t.Error("tried again too soon")
	}
	b.Hurry(epoch.Add(patience))
	if b.Pick(epoch.Add(patience), nil, nil) != e {
		t.Error("a new reader has to wait")
	}
	b.Add(epoch, SourceUser, addrN(1))
	b.Dial(time.Time{}, e)
	b.Failed(epoch, e)
	if got := e.Next.Sub(epoch); got != patience {
		t.Errorf("a user's address waits %v", got)
	}
}

func TestBookEndedIsTriedSoon(t *testing.T) {
	b := New(new(Room))
	e := b.Add(epoch, SourceTracker, addrN(1))
	b.Dial(time.Time{}, e)
	b.Failed(epoch, e)
	b.Dial(time.Time{}, e)
	e.State = Connected
	if _, ok := b.Next(epoch); ok {
		t.Error("a connected address is to be dialled")
	}
	b.Ended(epoch, e)
	if at, ok := b.Next(epoch); !ok || at.Sub(epoch) != time.Second || e.failures != 0 {
		t.Errorf("next %v %v, failures %d", at, ok, e.failures)
	}
}

func TestBookIsBounded(t *testing.T) {
	b := New(new(Room))
	for i := range maxKnown {
		b.Add(epoch, SourceTracker, addrN(i+1))
	}
	if b.Add(epoch, SourceTracker, addrN(maxKnown+1)) != nil {
		t.Error("a full book of untried addresses took another")
	}
	if b.Add(epoch, SourceUser, addrN(maxKnown+2)) == nil {
		t.Error("a user's address was not taken")
	}
	e := b.byAddr[addrN(100)]
	b.Dial(time.Time{}, e)
	b.Failed(epoch, e)
	if b.Add(epoch, SourceTracker, addrN(maxKnown+3)) == nil || b.byAddr[addrN(100)] != nil {
		t.Error("the address that failed did not make room")
	}
	if len(b.order) != maxKnown || len(b.byAddr) != maxKnown {
		t.Errorf("%d entries", len(b.order))
	}
	gossip := New(new(Room))
	for i := range maxKnown {
		gossip.Add(epoch, SourcePEX, addrN(i+1))
	}
	if gossip.Add(epoch, SourcePEX, addrN(maxKnown+1)) != nil || gossip.Add(epoch, SourceTracker, addrN(maxKnown+1)) == nil {
		t.Error("a full book of what peers said has room for more of it, or none for what a tracker says")
	}
	names := New(new(Room))
	for i := range 2 * maxNames {
		names.addName(epoch, SourceUser, fmt.Sprintf("p%d.example:1", i))
	}
	if len(names.byName) != maxNames {
		t.Errorf("%d names", len(names.byName))
	}
}

func TestValidHostPort(t *testing.T) {
	for s, want := range map[string]bool{
		"peer.example:6881": true, "a:1": true, "peer.example": false, "peer.example:0": false, "peer.example:65536": false,
		":6881": false, "peer.example:http": false, "a:b:c": false,
	} {
		if validHostPort(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

func TestBans(t *testing.T) {
	ap := netip.MustParseAddrPort
	id, other := [20]byte{1}, [20]byte{2}
	for _, tt := range []struct {
		name   string
		banned string
		asked  string
		id     [20]byte
		want   bool
	}{
		{"the same", "192.0.2.1:1", "192.0.2.1:1", id, true},
		{"another port and id", "192.0.2.1:1", "192.0.2.1:2", other, true},
		{"another address", "192.0.2.1:1", "192.0.2.2:1", id, false},
		{"the same /64", "[2001:db8::1]:1", "[2001:db8::2]:1", other, true},
		{"another /64", "[2001:db8::1]:1", "[2001:db8:0:1::1]:1", id, false},
		{"loopback, the same port", "127.0.0.1:1", "127.0.0.1:1", other, true},
		{"loopback, the same id", "127.0.0.1:1", "127.0.0.1:2", id, true},
		{"loopback, another", "127.0.0.1:1", "127.0.0.1:2", other, false},
		{"loopback, id not known yet", "127.0.0.1:1", "127.0.0.1:2", [20]byte{}, false},
		{"IPv6 loopback", "[::1]:1", "[::1]:2", other, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newBans("")
			l.Add(epoch, ap(tt.banned), id)
			if got := l.Has(epoch, ap(tt.asked), tt.id); got != tt.want {
				t.Errorf("banned: %v", got)
			}
			if l.Has(epoch.Add(BanTime), ap(tt.asked), tt.id) {
				t.Error("banned for ever")
			}
		})
	}
	l := newBans("")
	for i := range 2 * maxBans {
		l.Add(epoch.Add(time.Duration(i)), addrN(i+1), id)
	}
	if l.until.Len() > maxBans || !l.Has(epoch, addrN(2*maxBans), id) || l.Has(epoch, addrN(1), id) {
		t.Errorf("%d bans kept, or not the latest", l.until.Len())
	}
}

// A peer that hung up since we only upload is dialled as soon as something is wanted,
// however often it did; others wait.
func TestBookRecalls(t *testing.T) {
	b, now := New(new(Room)), time.Unix(1000, 0)
	seed := b.Add(now, SourceTracker, netip.MustParseAddrPort("192.0.2.1:1"))
	other := b.Add(now, SourceTracker, netip.MustParseAddrPort("198.51.100.1:1"))
	for _, e := range []*Entry{seed, other} {
		for range 3 {
			b.Dial(now, e)
			b.Failed(now, e)
		}
	}
	if b.Recall(now) {
		t.Fatal("nobody was spare")
	}
	seed.Spare = true
	if got := b.Pick(now, NewQuota(10, 1), nil); got != nil {
		t.Fatalf("%v is dialled before anything is wanted", got.Addr)
	}
	if !b.Recall(now) || b.Pick(now, NewQuota(10, 1), nil) != seed || b.Recall(now) {
		t.Fatalf("not recalled, or more than once: %+v", seed)
	}
}

// The addresses of all swarms together are bounded; a swarm that has few takes more all the
// same, and one that ends gives its room to others.
func TestBooksAreBoundedTogether(t *testing.T) {
	var all Room
	var books []*Book
	for i := range 40 {
		b := New(&all)
		books = append(books, b)
		for n := range maxKnown {
			b.Add(epoch, SourceTracker, addrN(i<<19+n<<8)) // each in a network of its own
		}
	}
	if n := all.known.Load(); n < maxKnownInAll || n > maxKnownInAll+40*minKnown {
		t.Errorf("%d addresses of all", n)
	}
	if n := len(books[39].order); n != minKnown {
		t.Errorf("the last has %d", n)
	}
	if books[39].Add(epoch, SourceUser, addrN(5)) == nil || len(books[39].order) != minKnown {
		t.Error("what a user names does not take the place of another")
	}
	sum := int64(0)
	for _, b := range books {
		sum += int64(len(b.order))
	}
	if sum != all.known.Load() {
		t.Errorf("%d are counted, there are %d", all.known.Load(), sum)
	}
	for _, b := range books {
		b.Close()
		b.Add(epoch, SourceUser, addrN(7))
	}
	if n := all.known.Load(); n != 0 {
		t.Errorf("%d are left", n)
	}
}

// A Room of another size bounds as well, and what is counted for an address is what it takes.
func TestBooksAreBoundedByTheirRoom(t *testing.T) {
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	room := Room{Most: 10_000}
	var books []*Book
	for i := range 20 {
		b := New(&room)
		books = append(books, b)
		for n := range maxKnown {
			b.Add(epoch, SourceUser, addrN(i<<19+n<<8), clientN(1), clientN(2))
		}
	}
	if n := room.known.Load(); n < 10_000 || n > 10_000+20*minKnown {
		t.Errorf("%d addresses", n)
	}
	var counted int64
	for _, b := range books {
		counted += b.MemorySize()
	}
	grown := heap() - before
	runtime.KeepAlive(books)
	if counted < grown*2/3 || counted > 2*grown {
		t.Errorf("%d bytes are counted, the heap grew by %d", counted, grown)
	}
}
