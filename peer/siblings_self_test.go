package peer

import (
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer/sibling"
)

// The address on the list that is a gateway's own is left alone for minutes.
func TestAGatewayIsNoSiblingOfItsOwn(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		for i, h := range p.hosts {
			h.fleet.mu.Lock()
			var own listed
			if k := h.fleet.known[p.nets[i].AddrPort(6881)]; k != nil {
				own = *k
			}
			h.fleet.mu.Unlock()
			if !own.current || own.busy || own.warned || time.Until(own.next) < siblingSelf/2 {
				t.Errorf("gateway %d knows of its own address %+v", i, own)
			}
		}
	})
}

// A gateway that drains takes on no torrent that a sibling asks it for.
func TestAGatewayThatDrainsIsAskedInVain(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		asked := make(chan sibling.Seek, 2)
		p.hosts[0].OnSeek(func(s sibling.Seek) { asked <- s })
		seek := sibling.Seek{InfoHash: p.tor.Info.Hashes()[0]}
		link := linksOf(p.hosts[1])[0]
		link.send(seek.Append(nil))
		time.Sleep(time.Second)
		if len(asked) != 1 {
			t.Fatalf("it was asked for %d torrents, of 1", len(asked))
		}
		p.hosts[0].Drain()
		link.send(seek.Append(nil))
		time.Sleep(time.Second)
		if len(asked) != 1 {
			t.Error("it was asked for a torrent while it drained")
		}
		if v := p.hosts[0].fleet.view(); len(v.nodes) != 1 || v.nodes[0] == v.self {
			t.Errorf("it may own torrents: %v", v.nodes)
		}
	})
}
