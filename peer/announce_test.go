package peer

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/btgw/btgw/peer/discovery"
)

// The trackers of a URL are named again and again, as each request does that has them: that
// costs a look-up each. A client that names more than there is room for has its own give
// way, and none of the torrent's.
func TestKnownTrackers(t *testing.T) {
	h := newTestHost(t, HostConfig{Network: loopback{}})
	own := "http://own.example/announce"
	tr := discovery.New(discovery.Config{
		Announcer: h.announcer, Port: h.announcedPort, Progress: func() (int64, int64, int64) { return 0, 0, 0 },
		Found: func(_ []netip.AddrPort, _ []netip.Prefix) {}, Tiers: [][]string{{own}},
	})
	s := &Swarm{trackers: []*discovery.Trackers{tr}}
	defer tr.Close(t.Context())
	tr.SetDemand(discovery.Demand{Idle: true})
	tiers := [][]string{{own}}
	for i := range 20 {
		tiers = append(tiers, []string{fmt.Sprintf("udp://127.0.0.1:%d", 1+i)})
	}
	client := netip.MustParsePrefix("192.0.2.1/32")
	s.AddTrackers(tiers, client)
	if n := len(s.Trackers()); n != 21 {
		t.Fatalf("%d trackers, not 21", n)
	}
	if allocs := testing.AllocsPerRun(100, func() { s.AddTrackers(tiers, client) }); allocs != 0 {
		t.Errorf("%.0f allocations for trackers that are known", allocs)
	}
	for i := range 10 * discovery.MaxTrackers {
		s.AddTrackers([][]string{{fmt.Sprintf("http://127.0.0.2:%d/announce", 1+i)}}, client)
	}
	used := 0
	for _, st := range s.Trackers() {
		if st.Tier >= 0 {
			used++
		}
	}
	if used != discovery.MaxTrackers || s.Trackers()[0].URL != own {
		t.Errorf("%d trackers are used, the first %q", used, s.Trackers()[0].URL)
	}
}
