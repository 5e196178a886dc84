package sched

import (
	"testing"
	"time"

	"github.com/btgw/btgw/peer"
)

// Where readers wait for more than all peers can be asked for, a slow one has its part in the pieces
// whose turn comes later: the others send all of the first ones before it has a block. It is asked
// for nothing ahead of readers, which would come before what they wait for.
func TestSlowPeersHelpWithLaterPieces(t *testing.T) {
	const piece, readers = 128 << 10, 40
	const apart = 3 * piece
	m := newModel(t, testInfo(t, piece, readers*apart))
	for range 4 {
		m.join(20*ms, 1_000_000)
	}
	slow := m.join(20*ms, 250_000)
	ahead, helped := 0, 0
	m.trace = func(e Effect) {
		if e.Command.Op != peer.Request || e.Link != slow.l {
			return
		}
		switch {
		case m.c.waits(int(e.Command.Block.Piece)):
			helped++
		case m.c.unasked():
			ahead++
		}
	}
	for i := range int64(readers) {
		m.read(i*apart, i*apart+2*piece, 0)
	}
	m.run(20*time.Second, func() bool { return len(m.done) >= readers })
	if ahead > 0 {
		t.Errorf("it was asked for %d blocks that nobody waits for while what somebody waits for was asked of nobody", ahead)
	}
	if helped == 0 {
		t.Error("it helped with nothing")
	}
}
