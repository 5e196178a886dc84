package peer

import (
	"fmt"
	"slices"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// All but the one that sends the first block are asked for its beginning, before their parts, where that
// tells who lies. The parts are all blocks, once each.
func TestEarlyChecks(t *testing.T) {
	check := metainfo.Block{Length: CheckLen}
	for _, c := range []struct{ peers, strict, checks int }{
		{peers: 1}, {peers: 2}, {peers: 3, checks: 2}, {peers: 8, checks: 7}, {peers: 9},
		{peers: 4, strict: 1, checks: 3}, // one that is asked for no more than the first block
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			var p earlyPlan
			seen, checks := make(map[metainfo.Block]bool), 0
			for i := range c.peers {
				blocks := p.grant(c.peers, i >= c.strict)
				if n := slices.Index(blocks, check); n > 0 {
					t.Errorf("peer %d checks after %d blocks", i, n)
				} else if n == 0 {
					checks++
					blocks = blocks[1:]
				}
				for _, b := range blocks {
					if seen[b] {
						t.Errorf("two are asked for %+v", b)
					}
					seen[b] = true
				}
			}
			if checks != c.checks {
				t.Errorf("%d check", checks)
			}
			if !seen[firstPiece(0)] {
				t.Error("nobody is asked for the first block")
			}
		})
	}
}
