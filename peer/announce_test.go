package peer

import (
	"fmt"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// TestKnownTrackers has the trackers of a URL named again and again, as each request does
// that has them.
func TestKnownTrackers(t *testing.T) {
	s := &Swarm{cfg: SwarmConfig{Trackers: [][]string{{"http://own.example/announce"}}}}
	tiers := [][]string{{"http://own.example/announce"}}
	for i := range 20 {
		tiers = append(tiers, []string{fmt.Sprintf("udp://t%d.example:80", i)})
	}
	s.AddTrackers(tiers)
	if n := len(s.cfg.Trackers); n != 21 {
		t.Fatalf("%d tiers, not 21", n)
	}
	if allocs := testing.AllocsPerRun(100, func() { s.AddTrackers(tiers) }); allocs != 0 {
		t.Errorf("%.0f allocations for trackers that are known", allocs)
	}
	if n := len(s.cfg.Trackers); n != 21 {
		t.Errorf("%d tiers after they were named again, not 21", n)
	}
	for i := range 10 * maxTrackers {
		s.AddTrackers([][]string{{fmt.Sprintf("http://host%d.example/announce", i)}})
	}
	if n := len(s.cfg.Trackers); n != maxTrackers || maxTrackers < metainfo.MaxTrackers {
		t.Errorf("%d trackers, at most %d", n, maxTrackers)
	}
}
