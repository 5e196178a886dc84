package discovery

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

var testRequest = &request{
	infoHash: [20]byte([]byte("infohashinfohash1234")), peerID: [20]byte([]byte("-BG0001-abcdefghijkl")),
	port: 0x1234, uploaded: 1, downloaded: 2, left: 3, event: eventStarted, key: 0xdeadbeef, numWant: 200,
}

func TestUDPRequestBytes(t *testing.T) {
	if got, want := hex.EncodeToString(appendConnect(nil, 0x01020304)), "00000417271019800000000001020304"; got != want {
		t.Errorf("connect request %s, want %s", got, want)
	}
	got := appendAnnounce(nil, 0x1122334455667788, 0x01020304, testRequest, "/announce?a=b")
	want := "1122334455667788" + "00000001" + "01020304" +
		hex.EncodeToString([]byte("infohashinfohash1234")) + hex.EncodeToString([]byte("-BG0001-abcdefghijkl")) +
		"0000000000000002" + "0000000000000003" + "0000000000000001" + "00000002" + "00000000" + "deadbeef" + "000000c8" + "1234" +
		"020d" + hex.EncodeToString([]byte("/announce?a=b"))
	if hex.EncodeToString(got) != want {
		t.Errorf("announce request %x, want %s", got, want)
	}
	long := "/" + strings.Repeat("x", 299)
	got = appendAnnounce(nil, 0, 0, testRequest, long)[98:]
	if want := "\x02\xff" + long[:255] + "\x02\x2d" + long[255:]; string(got) != want {
		t.Errorf("URL data of 300 bytes: %q, want %q", got, want)
	}
	if n := len(appendAnnounce(nil, 0, 0, testRequest, "")); n != 98 {
		t.Errorf("announce request without URL data: %d bytes", n)
	}
}

// fakeUDP is a tracker as BEP 15 has it, with faults.
type fakeUDP struct {
	mu       sync.Mutex // held while a datagram is answered: several torrents may ask
	d        *diary
	id       uint64        // the connection id that it gives and wants
	peers    string        // compact
	lose     []int         // which datagrams it does not get, from 0; all when it has a -1
	n        int           // datagrams so far
	delay    time.Duration // before each reply
	refuse   string        // an error message in place of answers
	strict   bool          // says so when the connection id is wrong
	last     []byte        // the last announce
	mischief func(transaction []byte, reply func([]byte))
}

func (f *fakeUDP) serve(p []byte, reply func([]byte)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	action, transaction := binary.BigEndian.Uint32(p[8:]), p[12:16]
	f.d.add("%s", [...]string{"connect", "announce"}[action])
	if f.mischief != nil {
		f.mischief(transaction, reply)
	}
	f.n++
	if slices.Contains(f.lose, f.n-1) || slices.Contains(f.lose, -1) {
		return
	}
	out := append([]byte{0, 0, 0, byte(action)}, transaction...)
	switch {
	case action == actionConnect:
		out = binary.BigEndian.AppendUint64(out, f.id)
	case binary.BigEndian.Uint64(p) != f.id && !f.strict:
		return
	case binary.BigEndian.Uint64(p) != f.id:
		out = append(append([]byte{0, 0, 0, actionError}, transaction...), "Connection ID missmatch."...)
	case f.refuse != "":
		out = append(append([]byte{0, 0, 0, actionError}, transaction...), f.refuse...)
	default:
		f.last = p
		out = append(out, "\x00\x00\x07\x08\x00\x00\x00\x05\x00\x00\x00\x06"+f.peers...)
	}
	time.AfterFunc(f.delay, func() { reply(out) })
}

// newUDPTest is a client of f, closed with the test.
func newUDPTest(t *testing.T, f *fakeUDP, address string) *udpClient {
	to := netip.MustParseAddrPort(address)
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	net := &fakeNet{udp: map[string]udpHost{to.String(): f.serve}}
	t.Cleanup(net.announcer().Close)
	return &udpClient{shared: net.announcer(), address: address, urlData: "/announce"}
}

func announceFor(c client, timeout time.Duration) (*answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return c.announce(ctx, testRequest)
}

func addrs(s ...string) (list []netip.AddrPort) {
	for _, a := range s {
		list = append(list, netip.MustParseAddrPort(a))
	}
	return list
}

func TestUDPAnnounce(t *testing.T) {
	peer4, peer6 := "\x01\x02\x03\x04\x1a\xe1", "\x2a\x00\x14\x50\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x1a\xe1"
	for _, c := range []struct {
		address, peers string
		want           []netip.AddrPort
	}{
		{"192.0.2.7:6969", "", nil},
		{"192.0.2.7:6969", peer4 + "\x05\x06\x07\x08\x00\x01", addrs("1.2.3.4:6881", "5.6.7.8:1")},
		{"192.0.2.7:6969", peer4 + "\x05\x06\x07", addrs("1.2.3.4:6881")},                                          // cut short
		{"192.0.2.7:6969", "\x00\x00\x00\x00\x1a\xe1" + "\x05\x06\x07\x08\x00\x00" + peer4, addrs("1.2.3.4:6881")}, // no peers
		{"[2001:db8::7]:6969", peer6 + peer6[:17], addrs("[2a00:1450::1]:6881")},
		{"[::ffff:192.0.2.7]:6969", peer4, addrs("1.2.3.4:6881")},
	} {
		bubble.Test(t, func(t *testing.T) {
			f := &fakeUDP{d: newDiary(), id: 99, peers: c.peers}
			a, err := announceFor(newUDPTest(t, f, c.address), announceTimeout)
			want := &answer{interval: 30 * time.Minute, leechers: 5, seeders: 6, peers: c.want, listed: true}
			if err != nil || !reflect.DeepEqual(a, want) {
				t.Errorf("%s: %+v, %v, want %+v", c.address, a, err, want)
			}
			f.d.want(t, "0s connect", "0s announce")
		})
	}
}

func TestUDPMaxPeers(t *testing.T) {
	payload := make([]byte, 12, 12+6*(maxPeers+500))
	for range maxPeers + 500 {
		payload = append(payload, "\x01\x02\x03\x04\x1a\xe1"...)
	}
	if n := len(parseUDPAnswer(payload, compact4).peers); n != maxPeers {
		t.Errorf("%d peers of %d are taken", n, maxPeers+500)
	}
}

// TestUDPRetransmit: the first retransmission after 1 s, then doubling.
func TestUDPRetransmit(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fakeUDP{d: newDiary(), id: 99, lose: []int{0, 1, 2, 4, 5}}
		if _, err := announceFor(newUDPTest(t, f, "192.0.2.7:6969"), announceTimeout); err != nil {
			t.Fatal(err)
		}
		f.d.want(t, "0s connect", "1s connect", "3s connect", "7s connect", "7s announce", "8s announce", "10s announce")
	})
	bubble.Test(t, func(t *testing.T) {
		f := &fakeUDP{d: newDiary(), id: 99, lose: []int{-1}}
		_, err := announceFor(newUDPTest(t, f, "192.0.2.7:6969"), announceTimeout-time.Millisecond)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(f.d.start) != announceTimeout-time.Millisecond {
			t.Errorf("a dead tracker: %v after %v", err, time.Since(f.d.start))
		}
		f.d.want(t, "0s connect", "1s connect", "3s connect", "7s connect")
	})
	bubble.Test(t, func(t *testing.T) { // a reply that comes after the retransmission counts
		f := &fakeUDP{d: newDiary(), id: 99, delay: 1200 * time.Millisecond}
		if _, err := announceFor(newUDPTest(t, f, "192.0.2.7:6969"), announceTimeout); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(f.d.start); took != 2400*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

// TestUDPConnectionID: used for a minute, then asked for again; a tracker that
// forgot it costs one wait, or none where it says so.
func TestUDPConnectionID(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fakeUDP{d: newDiary(), id: 99}
		c := newUDPTest(t, f, "192.0.2.7:6969")
		announce := func() {
			t.Helper()
			if _, err := announceFor(c, announceTimeout); err != nil {
				t.Error(err)
			}
		}
		announce()
		time.Sleep(connectionLife - time.Second)
		announce()
		f.d.want(t, "0s connect", "0s announce", "59s announce")
		time.Sleep(time.Second)
		announce()
		f.d.want(t, "1m0s connect", "1m0s announce")
		f.id = 100 // the tracker restarts
		announce()
		f.d.want(t, "1m0s announce", "1m1s connect", "1m1s announce")
		f.id, f.strict = 101, true
		announce()
		f.d.want(t, "1m1.25s announce", "1m1.25s connect", "1m1.25s announce")
	})
}

func TestUDPRefusal(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fakeUDP{d: newDiary(), id: 99, refuse: "torrent not registered"}
		_, err := announceFor(newUDPTest(t, f, "192.0.2.7:6969"), announceTimeout)
		var refused *refusal
		if !errors.As(err, &refused) || refused.reason != "torrent not registered" {
			t.Errorf("%v, want a refusal", err)
		}
		f.refuse = strings.Repeat("x", 5000)
		if _, err := announceFor(newUDPTest(t, f, "192.0.2.7:6969"), announceTimeout); len(err.Error()) > 4*maxText {
			t.Errorf("a reason of %d bytes", len(err.Error()))
		}
	})
}

// TestUDPStrays: datagrams that are no answer to our request change nothing.
func TestUDPStrays(t *testing.T) {
	stray := func(transaction []byte, reply func([]byte)) {
		reply(nil)
		reply([]byte{0, 0, 0, 0, 0, 0})
		reply(append(append([]byte{0, 0, 0, 9}, transaction...), make([]byte, 20)...))            // unknown action
		reply(append([]byte{0, 0, 0, 3, transaction[0] ^ 1, 0, 0, 0}, "not your transaction"...)) // somebody else's error
		reply(append([]byte{0, 0, 0, 1, transaction[0] ^ 1, 0, 0, 0}, make([]byte, 30)...))
	}
	bubble.Test(t, func(t *testing.T) {
		f := &fakeUDP{d: newDiary(), id: 99, mischief: stray}
		if _, err := announceFor(newUDPTest(t, f, "192.0.2.7:6969"), announceTimeout); err != nil {
			t.Error(err)
		}
		f.d.want(t, "0s connect", "0s announce")
	})
	bubble.Test(t, func(t *testing.T) {
		f := &fakeUDP{d: newDiary(), id: 99, mischief: func(_ []byte, reply func([]byte)) {
			for range maxStrays {
				reply([]byte("flood"))
			}
		}}
		if _, err := announceFor(newUDPTest(t, f, "192.0.2.7:6969"), announceTimeout); err != nil || time.Since(f.d.start) != 0 {
			t.Errorf("a flood: %v after %v", err, time.Since(f.d.start))
		}
	})
}

// TestUDPShortReply: a reply of our transaction without its payload is final.
func TestUDPShortReply(t *testing.T) {
	for action, happened := range map[byte][]string{actionConnect: {"0s connect"}, actionAnnounce: {"0s connect", "0s announce"}} {
		bubble.Test(t, func(t *testing.T) {
			f := &fakeUDP{d: newDiary(), id: 99, mischief: func(transaction []byte, reply func([]byte)) {
				reply(append([]byte{0, 0, 0, action}, transaction...))
			}}
			if _, err := announceFor(newUDPTest(t, f, "192.0.2.7:6969"), announceTimeout); !errors.Is(err, errShortReply) {
				t.Error(err)
			}
			f.d.want(t, happened...)
		})
	}
}

func TestUDPContext(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		f := &fakeUDP{d: newDiary(), id: 99, lose: []int{-1}}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel)
		_, err := newUDPTest(t, f, "192.0.2.7:6969").announce(ctx, testRequest)
		if !errors.Is(err, context.Canceled) || time.Since(f.d.start) != 1500*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(f.d.start))
		}
	})
}

// FuzzUDPReply feeds datagrams to the reader of replies: it never panics, takes
// nothing that is not of our transaction, and stays within its bounds.
func FuzzUDPReply(f *testing.F) {
	f.Add([]byte{}, uint32(0))
	f.Add(append([]byte{0, 0, 0, 0, 1, 2, 3, 4}, make([]byte, 8)...), uint32(actionConnect))
	f.Add(append([]byte{0, 0, 0, 1, 1, 2, 3, 4}, make([]byte, 12)...), uint32(actionAnnounce))
	f.Add([]byte("\x00\x00\x00\x01\x01\x02\x03\x04\x00\x00\x07\x08\x00\x00\x00\x05\x00\x00\x00\x06\x01\x02\x03\x04\x1a\xe1\x05\x06"), uint32(actionAnnounce))
	f.Add([]byte("\x00\x00\x00\x03\x01\x02\x03\x04no"), uint32(actionAnnounce))
	const transaction = 0x01020304
	f.Fuzz(func(t *testing.T, b []byte, action uint32) {
		action &= 1
		payload, ok, err := parseReply(b, action, transaction)
		if !ok {
			return
		}
		if binary.BigEndian.Uint32(b[4:]) != transaction {
			t.Fatal("another transaction's reply is taken")
		}
		if err != nil || action == actionConnect {
			return
		}
		for _, size := range []int{compact4, compact6} {
			a := parseUDPAnswer(payload, size)
			checkAnswer(t, a)
		}
	})
}

// checkAnswer holds an answer against the bounds that the rest relies on.
func checkAnswer(t *testing.T, a *answer) {
	t.Helper()
	if len(a.peers) > maxPeers || a.interval < 0 || a.minInterval < 0 || a.seeders < -1 || a.leechers < -1 || len(a.trackerID) > maxTrackerID || len(a.warning) > 4*maxText {
		t.Fatalf("out of bounds: %d peers, %+v", len(a.peers), a)
	}
	for _, p := range a.peers {
		if !p.IsValid() || p.Port() == 0 || p.Addr().Is4In6() || p.Addr().Zone() != "" {
			t.Fatalf("no peer: %v", p)
		}
	}
	if fmt.Sprint(a) == "" {
		t.Fatal()
	}
}
