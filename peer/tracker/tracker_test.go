package tracker

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/internal/bubble"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var hashA, hashB = [20]byte{1, 'a'}, [20]byte{2, 'b'}

// query is that of an announce.
func query(hash [20]byte, port int, more string) string {
	return fmt.Sprintf("info_hash=%s&peer_id=-XX0000-aaaaaaaaaaaa&port=%d&uploaded=0&downloaded=0%s", url.QueryEscape(string(hash[:])), port, more)
}

// peersIn are the ports in the "peers" of an answer, sorted.
func peersIn(t *testing.T, answer []byte, key string, size int) (ports []int) {
	t.Helper()
	_, rest, ok := strings.Cut(string(answer), fmt.Sprintf("%d:%s", len(key), key))
	if !ok {
		return nil
	}
	var n int
	if _, err := fmt.Sscanf(rest, "%d:", &n); err != nil {
		t.Fatalf("%q", answer)
	}
	_, rest, _ = strings.Cut(rest, ":")
	for i := size; i <= n; i += size {
		ports = append(ports, int(binary.BigEndian.Uint16([]byte(rest[i-2:i]))))
	}
	slices.Sort(ports)
	return ports
}

func has(t *testing.T, answer []byte, want string) {
	t.Helper()
	if !strings.Contains(string(answer), want) {
		t.Errorf("%q is not in %q", want, answer)
	}
}

// start returns a Tracker that ends with the test.
func start(t *testing.T, cfg Config) *Tracker {
	t.Helper()
	tr := New(cfg)
	t.Cleanup(tr.Close)
	return tr
}

// TestLeechers names those that have not everything, of both families, up to a number.
func TestLeechers(t *testing.T) {
	tr := start(t, Config{})
	ip := netip.MustParseAddr
	if got := tr.Leechers(hashA, 9); got != nil {
		t.Errorf("%v of nobody", got)
	}
	tr.Announce(query(hashA, 1, "&left=0"), ip("192.0.2.1"))
	tr.Announce(query(hashA, 2, "&left=5"), ip("192.0.2.2"))
	tr.Announce(query(hashA, 3, "&left=5"), ip("2001:db8::3"))
	tr.Announce(query(hashB, 4, "&left=5"), ip("192.0.2.4"))
	want := []netip.AddrPort{netip.MustParseAddrPort("192.0.2.2:2"), netip.MustParseAddrPort("[2001:db8::3]:3")}
	if got := tr.Leechers(hashA, 9); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	tr.Announce(query(hashA, 2, "&left=0&event=completed"), ip("192.0.2.2"))
	tr.Announce(query(hashA, 3, "&left=5&event=stopped"), ip("2001:db8::3"))
	if got := tr.Leechers(hashA, 9); len(got) != 0 {
		t.Errorf("%v when one is done and one gone", got)
	}
	for i := range 30 {
		tr.Announce(query(hashA, 1, "&left=5"), netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}))
		tr.Announce(query(hashA, 1, "&left=5"), netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(i)}))
	}
	got := tr.Leechers(hashA, 9)
	slices.SortFunc(got, netip.AddrPort.Compare)
	if len(slices.Compact(got)) != 18 || got[8].Addr().Is6() || got[9].Addr().Is4() {
		t.Errorf("%v, want 9 of each family", got)
	}
}

// TestPeersHearOfEachOther has a seed and leechers of both families announce over HTTP.
func TestPeersHearOfEachOther(t *testing.T) {
	tr := start(t, Config{Allowed: func(h [20]byte) bool { return h == hashA }})
	ip := netip.MustParseAddr
	first := tr.Announce(query(hashA, 1, "&left=0"), ip("192.0.2.1"))
	has(t, first, "8:completei1e")
	has(t, first, "11:external ip4:\xc0\x00\x02\x01")
	has(t, first, "8:intervali1500e")
	if peers := peersIn(t, first, "peers", 6); peers != nil {
		t.Errorf("alone with %v", peers)
	}
	tr.Announce(query(hashA, 2, "&left=5"), ip("192.0.2.1"))
	tr.Announce(query(hashA, 3, "&left=5"), ip("2001:db8::1"))
	// A leecher hears of all but itself, a seed of leechers alone.
	answer := tr.Announce(query(hashA, 4, "&left=5"), ip("::ffff:192.0.2.4"))
	if got := peersIn(t, answer, "peers", 6); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("peers %v", got)
	}
	if got := peersIn(t, answer, "peers6", 18); !slices.Equal(got, []int{3}) {
		t.Errorf("peers6 %v", got)
	}
	if got := peersIn(t, tr.Announce(query(hashA, 1, "&left=0"), ip("192.0.2.1")), "peers", 6); !slices.Equal(got, []int{2, 4}) {
		t.Errorf("a seed hears of %v", got)
	}
	if got := peersIn(t, tr.Announce(query(hashA, 5, "&left=0&event=started"), ip("192.0.2.5")), "peers", 6); !slices.Equal(got, []int{1, 2, 4}) {
		t.Errorf("one that starts, and may have no metadata yet, hears of %v", got)
	}
	tr.Announce(query(hashA, 5, "&left=0&event=stopped"), ip("192.0.2.5"))
	if got := peersIn(t, tr.Announce(query(hashA, 4, "&left=5&numwant=1"), ip("192.0.2.4")), "peers", 6); len(got) != 1 {
		t.Errorf("%v where one is wanted", got)
	}
	// What completes is counted, what stops is gone.
	has(t, tr.Announce(query(hashA, 2, "&left=0&event=completed"), ip("192.0.2.1")), "8:completei2e")
	tr.Announce(query(hashA, 1, "&left=0&event=stopped"), ip("192.0.2.1"))
	has(t, tr.Scrape("info_hash="+url.QueryEscape(string(hashA[:]))), "8:completei1e10:downloadedi1e10:incompletei2e")
	if st := tr.Stats(); st.Peers != 3 || st.Swarms != 1 {
		t.Errorf("%+v", st)
	}
}

// TestAddressIsWhereItCameFrom has a peer announce for others.
func TestAddressIsWhereItCameFrom(t *testing.T) {
	tr := start(t, Config{})
	tr.Announce(query(hashA, 1, "&left=0&ip=198.51.100.7&ipv4=198.51.100.7:9&ipv6=[2001:db8::9]:9"), netip.MustParseAddr("192.0.2.1"))
	answer := tr.Announce(query(hashA, 2, "&left=1"), netip.MustParseAddr("192.0.2.2"))
	has(t, answer, "5:peers6:\xc0\x00\x02\x01\x00\x01")
	if strings.Contains(string(answer), "\xc6\x33\x64\x07") {
		t.Errorf("%q", answer)
	}
}

// TestRefuses has wrong questions, and one for another's torrent.
func TestRefuses(t *testing.T) {
	tr := start(t, Config{Allowed: func(h [20]byte) bool { return h == hashA }})
	ip := netip.MustParseAddr("192.0.2.1")
	for _, tt := range []struct{ query, want string }{
		{query(hashB, 1, ""), "not tracked"},
		{"", "info_hash"},
		{"info_hash=short&port=1", "info_hash has 20 bytes"},
		{query(hashA, 0, ""), "port"},
		{query(hashA, 65536, ""), "port"},
		{"info_hash=%zz&port=1", "malformed"},
		{"info_hash=%a", "malformed"},
		{query(hashA, 1, "&x="+strings.Repeat("x", maxQuery)), "too long"},
	} {
		has(t, tr.Announce(tt.query, ip), tt.want)
	}
	has(t, tr.Announce(query(hashA, 1, ""), netip.Addr{}), "address is not known")
	has(t, tr.Scrape(""), "name torrents")
	has(t, tr.Scrape(strings.Repeat("&info_hash="+strings.Repeat("61", 20), maxScrape+1)), "at most")
	if got := string(tr.Scrape("info_hash=" + strings.Repeat("61", 20))); got != "d5:filesdee" {
		t.Errorf("%q of one that is not tracked", got)
	}
	if st := tr.Stats(); st.Peers != 0 || st.Refused < 11 {
		t.Errorf("%+v", st)
	}
}

// TestSelf is among the peers of what it seeds, and of nothing else.
func TestSelf(t *testing.T) {
	tr := start(t, Config{
		Self:  func(client netip.Addr) netip.AddrPort { return netip.AddrPortFrom(client, 7777) },
		Seeds: func(h [20]byte) bool { return h == hashA },
	})
	answer := tr.Announce(query(hashA, 1, "&left=5"), netip.MustParseAddr("192.0.2.1"))
	has(t, answer, "8:completei1e")
	if got := peersIn(t, answer, "peers", 6); !slices.Equal(got, []int{7777}) {
		t.Errorf("%v", got)
	}
	if got := peersIn(t, tr.Announce(query(hashB, 1, "&left=5"), netip.MustParseAddr("192.0.2.1")), "peers", 6); got != nil {
		t.Errorf("%v", got)
	}
}

// udp makes questions over UDP.
type udp struct {
	t    *testing.T
	tr   *Tracker
	from netip.AddrPort
	id   uint64
}

func (u *udp) ask(b []byte) []byte {
	u.t.Helper()
	if !IsDatagram(b) {
		u.t.Errorf("%x is not taken for one of the tracker", b[:16])
	}
	return u.tr.Datagram(nil, b, u.from)
}

func (u *udp) connect() {
	u.t.Helper()
	be := binary.BigEndian
	b := be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, protocolID), actionConnect), 99)
	r := u.ask(b)
	if len(r) != 16 || be.Uint32(r) != actionConnect || be.Uint32(r[4:]) != 99 {
		u.t.Fatalf("%x", r)
	}
	u.id = be.Uint64(r[8:])
}

func (u *udp) announce(hash [20]byte, left uint64, event uint32, port uint16, options ...byte) []byte {
	u.t.Helper()
	be := binary.BigEndian
	b := be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, u.id), actionAnnounce), 100)
	b = append(append(b, hash[:]...), make([]byte, 20)...)
	b = be.AppendUint64(be.AppendUint64(be.AppendUint64(b, 0), left), 0)
	b = be.AppendUint32(b, event)
	b = be.AppendUint32(b, 0x01020304) // another's address
	b = be.AppendUint32(be.AppendUint32(b, 0), 0xffffffff)
	return u.ask(append(be.AppendUint16(b, port), options...))
}

// TestUDP connects, announces with options (BEP 41), and scrapes, over both families.
func TestUDP(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		tr := New(Config{Allowed: func(h [20]byte) bool { return h == hashA }})
		defer tr.Close()
		be := binary.BigEndian
		seed := &udp{t: t, tr: tr, from: netip.MustParseAddrPort("[::ffff:192.0.2.1]:1000")}
		seed.connect()
		if r := seed.announce(hashA, 0, 2, 51413, 2, 3, '/', 'a', 'b'); len(r) != 20 || be.Uint32(r[16:]) != 1 || be.Uint32(r[8:]) != 1500 {
			t.Errorf("%x", r)
		}
		leecher := &udp{t: t, tr: tr, from: netip.MustParseAddrPort("192.0.2.2:1000")}
		leecher.connect()
		r := leecher.announce(hashA, 7, 0, 2)
		if len(r) != 26 || be.Uint32(r[12:]) != 1 || string(r[20:]) != "\xc0\x00\x02\x01\xc8\xd5" {
			t.Errorf("%x", r)
		}
		if r := leecher.announce(hashB, 7, 0, 2); be.Uint32(r) != actionError {
			t.Errorf("%x", r)
		}
		if r := leecher.announce(hashA, 7, 0, 0); be.Uint32(r) != actionError {
			t.Errorf("%x", r)
		}
		six := &udp{t: t, tr: tr, from: netip.MustParseAddrPort("[2001:db8::1]:1")}
		six.connect()
		if r := six.announce(hashA, 7, 0, 6); len(r) != 20 || be.Uint32(r[12:]) != 2 {
			t.Errorf("%x", r)
		}
		b := be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, leecher.id), actionScrape), 5)
		b = append(append(b, hashB[:]...), hashA[:]...)
		if r := leecher.ask(b); len(r) != 8+24 || be.Uint32(r[20:]) != 1 || be.Uint32(r[28:]) != 2 || be.Uint32(r[8:]) != 0 {
			t.Errorf("%x", r)
		}
		leecher.announce(hashA, 7, 3, 2)
		if st := tr.Stats(); st.Peers != 2 {
			t.Errorf("%+v", st)
		}
	})
}

// TestForged has ids of others, old ones, and none: no answer, no peer.
func TestForged(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		tr := New(Config{})
		defer tr.Close()
		u := &udp{t: t, tr: tr, from: netip.MustParseAddrPort("192.0.2.1:1000")}
		u.connect()
		other := &udp{t: t, tr: tr, from: netip.MustParseAddrPort("192.0.2.9:1000"), id: u.id}
		if r := other.announce(hashA, 0, 0, 1); len(r) != 0 {
			t.Errorf("an answer to another address: %x", r)
		}
		time.Sleep(59 * time.Second)
		if r := u.announce(hashA, 0, 0, 1); len(r) != 20 {
			t.Errorf("an id of a minute ago: %x", r)
		}
		time.Sleep(61 * time.Second)
		if r := u.announce(hashA, 0, 0, 1); len(r) != 0 {
			t.Errorf("an old id: %x", r)
		}
		if st := tr.Stats(); st.Peers != 1 || st.Forged != 2 {
			t.Errorf("%+v", st)
		}
	})
}

// TestNothingUnprovedIsLarger sends each kind of datagram without a right id.
func TestNothingUnprovedIsLarger(t *testing.T) {
	tr := start(t, Config{})
	be := binary.BigEndian
	for _, id := range []uint64{protocolID, 0, 1 << 63, ^uint64(0)} {
		for action := range uint32(5) {
			for _, n := range []int{0, 15, 16, 36, 98, 1500} {
				b := be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, id), action), 1)
				b = append(b, make([]byte, 1500)...)[:n]
				if r := tr.Datagram(nil, b, netip.MustParseAddrPort("192.0.2.1:1")); len(r) > len(b) {
					t.Errorf("%d bytes for %d", len(r), len(b))
				}
			}
		}
	}
}

// TestNoPlace has newcomers where there is none: they are answered, and those that are there stay.
func TestNoPlace(t *testing.T) {
	tr := start(t, Config{})
	ip := netip.MustParseAddr("192.0.2.1")
	for port := 1; port <= 2*MaxPerAddress; port++ {
		has(t, tr.Announce(query(hashA, port, "&left=1"), ip), "5:peers")
	}
	if st := tr.Stats(); st.Peers != MaxPerAddress {
		t.Errorf("one address is %d peers", st.Peers)
	}
	for i := range 2 * MaxPerAddress { // all of a /64
		a := netip.MustParseAddr("2001:db8::").As16()
		a[15] = byte(i)
		tr.Announce(query(hashA, 1, "&left=1"), netip.AddrFrom16(a))
	}
	if st := tr.Stats(); st.Peers != 2*MaxPerAddress {
		t.Errorf("%d peers", st.Peers)
	}
	tr.Announce(query(hashA, 1, "&left=1&event=stopped"), ip)
	tr.Announce(query(hashA, 9999, "&left=1"), ip)
	if st := tr.Stats(); st.Peers != 2*MaxPerAddress {
		t.Errorf("the place of one that stopped is not free: %d peers", st.Peers)
	}
}

// TestDay has 1,000 peers come, announce and go silent for 24 hours: none is known longer than
// its lifetime, and no more than those that are there.
func TestDay(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		tr := New(Config{})
		defer tr.Close()
		const at = 1000
		step := Interval / 50
		next := 0
		for begun := time.Now(); time.Since(begun) < 24*time.Hour; time.Sleep(step) {
			for range at / 50 { // each announces twice, and is never heard of again
				tr.Announce(query(hashA, 1, "&left=1"), address(next))
				if next >= at {
					tr.Announce(query(hashA, 1, "&left=0"), address(next-at))
				}
				next++
			}
			if st := tr.Stats(); st.Peers > at/50*(int((Interval+Lifetime)/step)+2) {
				t.Fatalf("after %v: %+v", time.Since(begun), st)
			}
		}
		time.Sleep(Lifetime)
		synctest.Wait()
		if st := tr.Stats(); st.Peers != 0 || st.Swarms != 0 {
			t.Errorf("%+v", st)
		}
	})
}

func address(n int) netip.Addr {
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, uint32(n)+0x0a000000)))
}

// TestMemory counts bytes of the heap a peer.
func TestMemory(t *testing.T) {
	const n = 50_000
	for name, ip := range map[string]func(n int) netip.Addr{
		"IPv4": address,
		"IPv6": func(n int) netip.Addr {
			return netip.AddrFrom16([16]byte(append(binary.BigEndian.AppendUint64(nil, uint64(n)+0x20010db8<<32), make([]byte, 8)...)))
		},
	} {
		tr := start(t, Config{})
		before := heap()
		for i := range n {
			a := announce{hash: hashA, from: netip.AddrPortFrom(ip(i), 1), seed: i%3 == 0}
			tr.take(&a, 0, 0)
		}
		per := (heap() - before) / n
		t.Logf("%s: %d bytes a peer", name, per)
		if st := tr.Stats(); per > 200 || st.Peers != n {
			t.Errorf("%s: %d bytes a peer, %+v", name, per, st)
		}
		runtime.KeepAlive(tr)
	}
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

func FuzzAnnounce(f *testing.F) {
	f.Add(query(hashA, 1, "&left=0&event=started&numwant=200"))
	f.Add("info_hash=%&port=+&left=%00")
	tr := New(Config{})
	f.Cleanup(tr.Close)
	f.Fuzz(func(t *testing.T, query string) {
		for _, answer := range [][]byte{tr.Announce(query, netip.MustParseAddr("192.0.2.1")), tr.Scrape(query)} {
			if len(answer) == 0 || answer[0] != 'd' {
				t.Errorf("%q", answer)
			}
		}
	})
}

func FuzzDatagram(f *testing.F) {
	from := netip.MustParseAddrPort("192.0.2.1:1")
	tr := New(Config{})
	f.Cleanup(tr.Close)
	f.Add(make([]byte, 98))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r := tr.Datagram(nil, b, from); len(r) > len(b) {
			t.Errorf("%d bytes for %d", len(r), len(b))
		}
		if len(b) < 16 {
			return
		}
		b = bytes.Clone(b) // the fuzzer's own must not learn the id
		binary.BigEndian.PutUint64(b, tr.ids.of(from, minute(time.Now())))
		if r := tr.Datagram(nil, b, from); len(r) > 20+6*maxWant {
			t.Errorf("%d bytes", len(r))
		}
	})
}

func BenchmarkUDPAnnounce(b *testing.B) {
	tr := New(Config{})
	defer tr.Close()
	from := make([]netip.AddrPort, 10_000)
	questions := make([][]byte, len(from))
	be := binary.BigEndian
	for i := range from {
		from[i] = netip.AddrPortFrom(address(i), 1000)
		q := be.AppendUint32(be.AppendUint32(be.AppendUint64(nil, tr.ids.of(from[i], minute(time.Now()))), actionAnnounce), 1)
		q = append(q, make([]byte, announceLen-len(q))...)
		q[64], q[97] = 1, 1
		be.PutUint32(q[92:], 50)
		questions[i] = q
	}
	var out []byte
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		out = tr.Datagram(out[:0], questions[i%len(from)], from[i%len(from)])
	}
}
