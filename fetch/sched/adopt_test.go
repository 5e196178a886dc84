package sched

import (
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// A block that was asked for together with the metadata took from when it was asked
// for, however soon the connection was there: something between us and the peer may
// have answered for it.
func TestEarlyBlockTookFromItsRequest(t *testing.T) {
	m := newModel(t, testInfo(t, 256<<10, 1<<20))
	m.now = 100 * ms
	p := &modelPeer{l: m.c.Join(ms, 500, nil)}
	m.c.Open(m.now, 0, 1<<20)
	b := metainfo.Block{Length: metainfo.BlockLen}
	m.c.Event(m.now, p.l, peer.Event{Kind: peer.HasAll})
	m.c.Event(m.now, p.l, peer.Event{Kind: peer.Requested, Block: b, Ago: 50 * ms})
	m.now += 20 * ms
	m.arrive(p, b)
	if took, ok := p.l.service.get(); !ok || took != 70*ms {
		t.Errorf("it took %v", took)
	}
}

// Connections that waited for the metadata go on one after the other. What the second was
// asked for with it stays there, though the first was asked for all of the piece meanwhile:
// it has it an exchange sooner. Not once the first may have sent it.
func TestEarlyBlocksOfWhoJoinsLater(t *testing.T) {
	for _, at := range []struct {
		later time.Duration
		early bool
	}{{0, true}, {closeBehind - 1, true}, {closeBehind, false}} {
		m := newModel(t, testInfo(t, 256<<10, 1<<20))
		m.now = 100 * ms
		m.c.Open(m.now, 0, 256<<10)
		first := m.join(50*ms, 1_000_000).l
		if len(first.queue) != 16 {
			t.Fatalf("the first was asked for %d blocks", len(first.queue))
		}
		m.now += at.later
		second := m.c.Join(50*ms, 500, nil)
		m.c.Event(m.now, second, peer.Event{Kind: peer.HasAll})
		m.c.Take(nil)
		for n := 1; n < 16; n += 2 {
			m.c.Event(m.now, second, peer.Event{Kind: peer.Requested, Block: m.c.Info.Block(0, n), Ago: 50 * ms})
		}
		wrong := 0
		for _, e := range m.c.Take(nil) {
			if e.Command.Op != peer.Cancel || (e.Link == first) != at.early {
				wrong++
			}
		}
		if want := map[bool]int{true: 8}[at.early]; len(second.queue) != want || len(first.queue) != 16-want || wrong > 0 {
			t.Errorf("%v later %d blocks are the first's, %d the second's, %d messages are not cancels of the other's", at.later, len(first.queue), len(second.queue), wrong)
		}
	}
}
