package sched

import (
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A reader of small pieces leaves each peer a block or two at first. They are asked for more
// until they have something to send all the time, which is when their rates are known.
func TestSmallPiecesFillThePipe(t *testing.T) {
	const size, peers, rtt, rate = 16 << 20, 4, 50 * time.Millisecond, 2e6
	for _, piece := range []int64{metainfo.BlockLen, 4 * metainfo.BlockLen, 16 * metainfo.BlockLen} {
		t.Run(fmt.Sprint(piece), func(t *testing.T) {
			m := newModel(t, testInfo(t, piece, size))
			for range peers {
				m.join(rtt, rate)
			}
			m.read(0, size, 0)
			m.run(time.Minute, func() bool { return len(m.done) == int(size/piece) })
			least := rtt + time.Duration(size/(peers*rate)*float64(time.Second))
			t.Logf("%v, %v at least", m.now, least)
			if m.now > least*125/100 {
				t.Errorf("all of it after %v, %v at least", m.now, least)
			}
		})
	}
}
