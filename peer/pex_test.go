package peer

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/choke"
	"github.com/btgw/btgw/peer/wire"
)

const fakePEX = 9

// gossiper is an extension handshake that takes part in peer exchange.
func gossiper(port uint16) []byte {
	return wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{PEX: fakePEX, Port: port})
}

// hears reads up to a peer exchange message.
func (f *fake) hears() wire.PEX {
	f.t.Helper()
	m, err := wire.ParsePEX(f.extended(fakePEX))
	if err != nil {
		f.t.Fatal(err)
	}
	return m
}

// names sends a peer exchange message.
func (f *fake) names(addrs ...netip.AddrPort) {
	f.t.Helper()
	m := &wire.PEX{}
	for _, a := range addrs {
		m.Added = append(m.Added, wire.PEXPeer{Addr: a})
	}
	f.write(wire.AppendPEX(nil, wire.ExtPEX, m))
}

// TestPEXTells: a peer hears of the others as soon as it can be told, then once a
// minute what changed: those that we dialled, and those that said where they take
// connections.
func TestPEXTells(t *testing.T) {
	tor, data := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, seed(tor.Info, data))
		silent := w.call(tor) // does not say where it listens
		silent.id[19] = 's'
		silent.greet(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{PEX: fakePEX})...)
		h := w.net.Host(simnet.HostConfig{})
		called := w.callFrom(h, tor)
		called.id[19] = 'c'
		called.greet(gossiper(7000)...)

		addr, accept := w.listen(tor)
		s.AddPeers(book.SourceTracker, addr)
		s.SetWanted(true)
		dialled := accept()
		dialled.id[19] = 'd'
		dialled.greet(append(gossiper(0), wire.AppendSimple(nil, wire.HaveAll)...)...)
		m := dialled.hears()
		want := wire.PEXPeer{Addr: netip.AddrPortFrom(h.AddrPort(0).Addr(), 7000)}
		if len(m.Added) != 1 || m.Added[0] != want || len(m.Dropped) != 0 {
			t.Errorf("the one that we dialled hears %+v, want %v", m, want)
		}
		begun := time.Now()
		m = called.hears()
		want = wire.PEXPeer{Addr: addr, Flags: wire.PEXUploadOnly | wire.PEXReachable}
		if len(m.Added) != 1 || m.Added[0] != want || len(m.Dropped) != 0 {
			t.Errorf("the one that called hears %+v, want %v", m, want)
		}
		if took := time.Since(begun); took > choke.Round {
			t.Errorf("after %v", took)
		}
		called.nc.Close()
		m = dialled.hears()
		if len(m.Dropped) != 1 || m.Dropped[0].Port() != 7000 || len(m.Added) != 0 {
			t.Errorf("of the one that left: %+v", m)
		}
		if took := time.Since(begun); took < pexPeriod || took > pexPeriod+2*choke.Round {
			t.Errorf("the second message after %v", took)
		}
	})
}

// TestPEXIsHeard: what a peer names is dialled, at most so much a minute.
func TestPEXIsHeard(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(tor.Info))
		s.SetWanted(true)
		addr, accept := w.listen(tor)
		f := w.call(tor)
		f.greet()
		f.names(addr)
		accept().greet()
		s.mu.Lock()
		source := s.book.Add(time.Now(), book.SourceLSD, addr).Source
		s.mu.Unlock()
		if source != book.SourcePEX {
			t.Errorf("source %d", source)
		}
		s.SetWanted(false)
		flood := func(from int) {
			for n := range 20 {
				var all []netip.AddrPort
				for i := range 50 {
					all = append(all, addrN(from+50*n+i))
				}
				f.names(all...)
			}
			f.quiet(time.Second)
		}
		flood(1000)
		if n := s.Stats().Known; n > wire.MaxPEX+1 {
			t.Errorf("%d addresses known after a flood", n)
		}
		f.quiet(pexPeriod)
		flood(5000)
		if n := s.Stats().Known; n > 2*wire.MaxPEX+1 || n <= wire.MaxPEX {
			t.Errorf("%d addresses known a minute later", n)
		}
		f.write([]byte{0, 0, 0, 4, 20, wire.ExtPEX, 'x', 'x'})
		f.quiet(time.Second)
		one(w.t, s) // it makes no sense, and does no harm
	})
}

// TestPEXKeepsPrivateTorrents (BEP 27): nothing is offered, told or heard.
func TestPEXKeepsPrivateTorrents(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10, func(o *metainfo.MakeOptions) { o.Private = true })
	inWorld(t, 10*time.Millisecond, HostConfig{}, func(w *world) {
		s := swarm(t, w.host, tor, leech(tor.Info))
		other := w.call(tor)
		other.id[19] = 'o'
		other.greet(gossiper(7000)...)
		f := w.call(tor)
		f.greet(gossiper(7001)...)
		if h, err := wire.ParseExtendedHandshake(f.extended(wire.ExtHandshake)); err != nil || h.PEX != 0 {
			t.Errorf("offered: %+v, %v", h, err)
		}
		before := s.Stats().Known
		f.names(addrN(1))
		f.none(wire.Extended, 3*time.Minute)
		if n := s.Stats().Known; n != before {
			t.Errorf("%d addresses known, %d before", n, before)
		}
	})
}

// TestPEXKeepsLocalAddresses: who is not on a local network does not hear who is.
func TestPEXKeepsLocalAddresses(t *testing.T) {
	conn := func(a string) *Conn { return &Conn{addr: netip.MustParseAddrPort(a), outgoing: true} }
	lan, machine, far, other := conn("192.168.1.2:1"), conn("127.0.0.1:2"), conn("198.51.100.1:3"), conn("[2001:db8::1]:4")
	s := &Swarm{conns: []*Conn{lan, machine, far, other}}
	for _, tt := range []struct {
		to   *Conn
		want []string
	}{
		{far, []string{"[2001:db8::1]:4"}},
		{other, []string{"198.51.100.1:3"}},
		{lan, []string{"127.0.0.1:2", "198.51.100.1:3", "[2001:db8::1]:4"}},
	} {
		var got []string
		for a := range s.reachable(tt.to) {
			got = append(got, a.String())
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%v hears of %v, want %v", tt.to.addr, got, tt.want)
		}
	}
}
