package discovery

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// These tests talk to opentracker as Debian builds it. What it does, as seen:
//
//   - It takes infohashes of its whitelist alone and answers others with a
//     failure reason over HTTP, and over UDP with an announce reply that ends
//     after the transaction id.
//   - It keeps peers on loopback addresses like any others, and lists the one
//     that announces among them.
//   - It reads its whitelist in a thread of its own, a moment after it listens,
//     and answers a client that stops without it.
//   - It names an interval of about 30 and, over HTTP, a "min interval" of about
//     15 minutes.
//   - It ignores what comes after the fixed part of a UDP announce (BEP 41).
//   - It will not run as root: told a user, it changes to it after chroot.

const openHash, closedHash = "0123456789abcdef0123456789abcdef01234567", "ffffffffffffffffffffffffffffffffffffffff"

// startOpentracker runs a tracker for openHash and gives its announce URLs.
func startOpentracker(t *testing.T) (overHTTP, overUDP string) {
	t.Helper()
	var hash [20]byte
	hex.Decode(hash[:], []byte(openHash))
	tracker := clients.StartOpentracker(t, metainfo.NewV1(hash))
	return tracker.HTTP(), tracker.UDP()
}

// openClient is a client of the tracker with its answers.
type openClient struct {
	*Trackers
	found chan []netip.AddrPort
}

func newOpenClient(t *testing.T, announceURL, hash string, port int, left int64) *openClient {
	t.Helper()
	found := make(chan []netip.AddrPort, 100)
	shared := NewAnnouncer(netguard.New(netguard.Policy{AllowPrivate: true}), contact.NewGate())
	cfg := Config{
		Announcer: shared,
		PeerID:    [20]byte([]byte(fmt.Sprintf("-BG0001-%012d", port))),
		Port:      at(port),
		Progress:  func() (int64, int64, int64) { return 0, 0, left },
		Found:     func(addrs []netip.AddrPort, _ []netip.Prefix) { found <- addrs },
		Tiers:     [][]string{{announceURL}},
	}
	hex.Decode(cfg.InfoHash[:], []byte(hash))
	c := &openClient{New(cfg), found}
	t.Cleanup(func() { c.Close(t.Context()); shared.Close() })
	return c
}

// peers gives the addresses of the next answer, sorted.
func (c *openClient) peers(t *testing.T) string {
	t.Helper()
	select {
	case list := <-c.found:
		slices.SortFunc(list, netip.AddrPort.Compare)
		return fmt.Sprint(list)
	case <-time.After(time.Minute):
		t.Fatalf("no answer: %+v", c.Status())
		return ""
	}
}

func TestOpentracker(t *testing.T) {
	overHTTP, overUDP := startOpentracker(t)
	overUDP += "?some=thing"

	first := newOpenClient(t, overHTTP, openHash, 7001, 10)
	first.Announce()
	if got := first.peers(t); got != "[127.0.0.1:7001]" {
		t.Errorf("the first is told %s: itself is expected", got)
	}
	second := newOpenClient(t, overUDP, openHash, 7002, 0)
	second.Start()
	if got := second.peers(t); got != "[127.0.0.1:7001 127.0.0.1:7002]" {
		t.Errorf("the second, over UDP, is told %s", got)
	}
	third := newOpenClient(t, overHTTP, openHash, 7003, 10)
	third.Start()
	if got := third.peers(t); got != "[127.0.0.1:7001 127.0.0.1:7002 127.0.0.1:7003]" {
		t.Errorf("the third is told %s", got)
	}
	third.Close(t.Context()) // so that what its answer says is noted
	s := third.Status()[0]
	if !s.Working || s.Error != "" || s.Peers != 3 || s.Seeders != 1 || s.Leechers != 2 {
		t.Errorf("status %+v", s)
	}
	if s.Interval < 25*time.Minute || s.Interval > 35*time.Minute {
		t.Errorf("interval %v", s.Interval)
	}

	second.Close(t.Context())
	fourth := newOpenClient(t, overUDP, openHash, 7004, 10)
	fourth.Announce()
	if got := fourth.peers(t); got != "[127.0.0.1:7001 127.0.0.1:7004]" {
		t.Errorf("after two have left, over HTTP and UDP, the fourth is told %s", got)
	}
	fourth.Completed()
	fourth.peers(t)
	fifth := newOpenClient(t, overUDP, openHash, 7005, 10)
	fifth.Announce()
	if got := fifth.peers(t); got != "[127.0.0.1:7001 127.0.0.1:7004 127.0.0.1:7005]" {
		t.Errorf("the fifth is told %s", got)
	}
}

// TestOpentrackerClosed: a tracker that does not serve the torrent, and none at
// all.
func TestOpentrackerClosed(t *testing.T) {
	overHTTP, overUDP := startOpentracker(t)
	dead := fmt.Sprintf("127.0.0.1:%d", clients.FreePort(t))
	for announceURL, want := range map[string]string{
		overHTTP:                       "Requested download is not authorized for use with this tracker.",
		overUDP:                        "the tracker's reply is empty",
		"http://" + dead + "/announce": "connect: connection refused",
	} {
		c := newOpenClient(t, announceURL, closedHash, 7001, 10)
		tr := c.tiers[0].trackers[0]
		ok, useful := announceOnce(c.Trackers, tr)
		if s := c.Status()[0]; ok || useful || s.Error != want {
			t.Errorf("%s: %v, %+v, want error %q", announceURL, ok, s, want)
		}
	}
}
