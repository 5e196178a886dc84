package peer

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// link opens a link with the first of the pair as a gateway that owns the pair's torrent, in place of the second, and
// returns what sends its state.
func (p *pair) link() (tell func(sibling.State)) {
	p.t.Helper()
	f := p.hosts[1].fleet
	if err := p.hosts[1].Close(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	time.Sleep(time.Second)
	for self := p.hosts[0].fleet.cfg.Node; sibling.Order(p.tor.Info.ID().Wire(), []sibling.Node{self, f.cfg.Node})[0] == self; {
		f.cfg.Node[1]++
	}
	nc, err := p.nets[1].DialContext(p.t.Context(), "tcp", p.nets[0].AddrPort(6881).String())
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { nc.Close() })
	if _, err := nc.Write(wire.AppendHandshake(nil, wire.NewHandshake(p.secret.Channel(), p.hosts[1].PeerID()))); err != nil {
		p.t.Fatal(err)
	}
	_, hello, err := readHandshake(nc, make([]byte, wire.HandshakeLen), time.Now().Add(time.Second))
	if err != nil {
		p.t.Fatal(err)
	}
	l, err := f.greet(nc, p.secret, hello, p.nets[0].AddrPort(6881), true)
	if err != nil {
		p.t.Fatal(err)
	}
	go func(nc net.Conn) { _, _ = io.Copy(io.Discard, nc) }(nc)
	return func(s sibling.State) {
		p.t.Helper()
		if err := writeFrame(nc, l.seals.Close(s.Append(nil))); err != nil {
			p.t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// Who is warm goes before the owner where all know of that. An owner that is an older gateway fetches by the
// ring, and so do all that are linked with it. Until it has said how it is, it is no owner.
func TestAnOlderSiblingGoesByTheRing(t *testing.T) {
	for _, tt := range []struct {
		name      string
		says      []sibling.State
		warm      bool
		sheltered bool
	}{
		{"it has said nothing", nil, false, false},
		{"nobody is warm", []sibling.State{{Warmth: true}}, false, true},
		{"we are warm", []sibling.State{{Warmth: true}}, true, false},
		{"it is older", []sibling.State{{}}, true, true},
		{"it is replaced by an older one", []sibling.State{{Warmth: true}, {}}, true, true},
		{"it is older, and drains", []sibling.State{{}, {Draining: true}}, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				p := newPair(t)
				p.swarm.WebSeeded(tt.warm)
				p.swarm.SetWanted(true)
				tell := p.link()
				time.Sleep(100 * time.Millisecond)
				for _, s := range tt.says {
					tell(s)
				}
				if got := p.swarm.Sheltered(); got != tt.sheltered {
					t.Errorf("the owner is to fetch for us: %v", got)
				}
				if n := p.hosts[0].Fleet().Siblings; n != min(1, len(tt.says)) {
					t.Errorf("%d siblings", n)
				}
			})
		})
	}
}
