package fetch

import (
	"testing"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A block that was asked for together with the metadata took from when it was asked
// for, however soon the connection was there: something between us and the peer may
// have answered for it.
func TestEarlyBlockTookFromItsRequest(t *testing.T) {
	m := newModel(t, testInfo(t, 256<<10, 1<<20))
	m.now = 100 * ms
	p := &modelPeer{l: m.c.join(ms, 500, nil)}
	m.c.open(m.now, 0, 1<<20)
	b := metainfo.Block{Length: metainfo.BlockLen}
	m.c.event(m.now, p.l, peer.Event{Kind: peer.HasAll})
	m.c.event(m.now, p.l, peer.Event{Kind: peer.Requested, Block: b, Ago: 50 * ms})
	m.now += 20 * ms
	m.arrive(p, b)
	if took, ok := p.l.service.get(); !ok || took != 70*ms {
		t.Errorf("it took %v", took)
	}
}
