package peer

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// A sibling is unchoked as soon as it has proved to be one, though nobody else is.
func TestASiblingIsUnchokedByItsProof(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		p.swarm.mu.Lock()
		p.swarm.choker.Slots = 0
		p.swarm.mu.Unlock()
		f := p.dial(p.nets[1], p.tor.Info.Hashes()[0].Wire())
		nonce := sibling.Nonce{1}
		f.describe(nonce)
		if err := f.listen(time.Second); ended(err) || f.unchoked {
			t.Fatalf("before its proof: %v, unchoked %v", err, f.unchoked)
		}
		f.send(wire.AppendSibling(nil, wire.ExtSibling, wire.SiblingMessage{Proof: p.prove(f, nonce)}))
		if err := f.listen(time.Second); ended(err) || !f.unchoked {
			t.Errorf("after its proof: %v, unchoked %v", err, f.unchoked)
		}
	})
}

// A peer outside hears of the others by peer exchange, and not of siblings.
func TestSiblingsAreNotExchanged(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		st := leech(p.tor.Info)
		swarm(t, p.hosts[1], p.tor, st).SetWanted(true)
		st.wait(t, 30*time.Second)
		if n := p.swarm.Stats().Siblings; n != 1 {
			t.Fatalf("%d siblings are connected", n)
		}
		var outside [2]*fakeSibling
		var at [2]*simnet.Host
		for i := range outside {
			at[i] = p.net.Host(simnet.HostConfig{})
			f := p.dialAs(at[i], p.tor.Info.Hashes()[0].Wire(), [20]byte{byte(i + 1)})
			f.send(wire.AppendExtendedHandshake(nil, &wire.ExtendedHandshake{PEX: 8, Port: 6881}))
			outside[i] = f
			if err := f.listen(time.Second); ended(err) {
				t.Fatal(err)
			}
		}
		for _, f := range outside {
			if err := f.listen(15 * time.Second); ended(err) {
				t.Fatal(err)
			}
		}
		for i, f := range outside {
			if want := at[1-i].AddrPort(6881); !slices.Contains(f.told, want) {
				t.Errorf("peer %d was told of %v, and not of %v", i, f.told, want)
			}
			if slices.ContainsFunc(f.told, func(a netip.AddrPort) bool { return a.Addr() == p.nets[1].AddrPort(0).Addr() }) {
				t.Errorf("peer %d was told of a sibling: %v", i, f.told)
			}
		}
	})
}

// From a sibling's address there may be more connections than from another one, and not any number.
func TestConnectionsOfASiblingsAddress(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		h := p.hosts[0]
		count := func(addr netip.AddrPort) (n int) {
			for ; n < 2*siblingConns; n++ {
				if err := h.enterAddr(addr); err != nil {
					if !errors.Is(err, errFull) {
						t.Error(err)
					}
					break
				}
				defer h.leaveAddr(addr)
			}
			return n
		}
		if n := count(p.net.Host(simnet.HostConfig{}).AddrPort(1)); n == 0 || n > h.cfg.MaxPerAddress {
			t.Errorf("%d connections with a stranger's address, of %d at most", n, h.cfg.MaxPerAddress)
		}
		links := len(linksOf(h))
		if n, most := count(p.nets[1].AddrPort(1)), h.cfg.MaxPerAddress+siblingConns; n < most-links || n > most {
			t.Errorf("%d connections with a sibling's address, of %d", n, most)
		}
	})
}

// A lookup that fails forgets nobody: a link that ends meanwhile is made again.
func TestAFailedLookupForgetsNobody(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		network := simnet.New(simnet.Config{RTT: 10 * time.Millisecond})
		nets := []*simnet.Host{network.Host(simnet.HostConfig{}), network.Host(simnet.HostConfig{})}
		secret, err := sibling.NewSecret([]byte("a secret of the fleet"))
		if err != nil {
			t.Fatal(err)
		}
		var fails atomic.Bool
		lookup := func(context.Context) ([]netip.AddrPort, error) {
			if fails.Load() {
				return nil, errors.New("no such host")
			}
			return []netip.AddrPort{nets[1].AddrPort(6881)}, nil
		}
		nobody := func(context.Context) ([]netip.AddrPort, error) { return nil, nil }
		h := newTestHost(t, HostConfig{Network: nets[0], Listen: ":6881", Siblings: &SiblingsConfig{Secrets: secretsOf(t, secret), Lookup: lookup}})
		newTestHost(t, HostConfig{Network: nets[1], Listen: ":6881", Siblings: &SiblingsConfig{Secrets: secretsOf(t, secret), Lookup: nobody}})
		time.Sleep(3 * siblingLookup)
		fails.Store(true)
		time.Sleep(2 * siblingLookup)
		links := linksOf(h)
		if len(links) != 1 {
			t.Fatalf("%d links", len(links))
		}
		links[0].nc.Close()
		time.Sleep(3 * siblingLookup)
		if now := linksOf(h); len(now) != 1 || now[0] == links[0] {
			t.Errorf("%d links after the link ended", len(now))
		}
	})
}
