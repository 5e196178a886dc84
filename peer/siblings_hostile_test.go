package peer

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// Many who know the channel and not the secret take up the places of those that have not proved
// themselves. Links that are there stay, the others end in time, and siblings link again.
func TestLinkFlood(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		p := newPair(t)
		var held []net.Conn
		for range 4 * maxLobby { // each from another address
			nc, err := p.net.Host(simnet.HostConfig{}).DialContext(context.Background(), "tcp", p.nets[0].AddrPort(6881).String())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			if _, err := nc.Write(wire.AppendHandshake(nil, wire.NewHandshake(p.secret.Channel(), [20]byte{byte(len(held))}))); err != nil {
				t.Fatal(err)
			}
			held = append(held, nc)
		}
		time.Sleep(time.Second)
		if n := len(p.hosts[0].fleet.lobby); n != maxLobby {
			t.Errorf("%d links without a proof are there, of %d at most", n, maxLobby)
		}
		time.Sleep(handshakeTimeout)
		if n := len(p.hosts[0].fleet.lobby); n != 0 {
			t.Errorf("%d links without a proof are still there", n)
		}
		if n := p.hosts[0].Fleet().Siblings; n != 1 {
			t.Errorf("%d siblings", n)
		}
		for _, l := range linksOf(p.hosts[0]) {
			l.nc.Close()
		}
		time.Sleep(2 * siblingLookup)
		if n := p.hosts[0].Fleet().Siblings; n != 1 {
			t.Errorf("%d siblings after the links ended", n)
		}
	})
}

// What the name of the siblings gives is bounded, and a failure forgets nobody.
func TestSiblingLookups(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		network := simnet.New(simnet.Config{RTT: 10 * time.Millisecond})
		nets := []*simnet.Host{network.Host(simnet.HostConfig{}), network.Host(simnet.HostConfig{})}
		secret, err := sibling.NewSecret([]byte("a secret of the fleet"))
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var answer func(ctx context.Context) ([]netip.AddrPort, error)
		says := func(f func(ctx context.Context) ([]netip.AddrPort, error)) {
			mu.Lock()
			defer mu.Unlock()
			answer = f
		}
		list := func(all ...netip.AddrPort) func(context.Context) ([]netip.AddrPort, error) {
			return func(context.Context) ([]netip.AddrPort, error) { return all, nil }
		}
		us, them := nets[0].AddrPort(6881), nets[1].AddrPort(6881)
		says(list(us, them, them, us))
		h := newTestHost(t, HostConfig{Network: nets[0], Listen: ":6881", Siblings: &SiblingsConfig{
			Secrets: secretsOf(t, secret),
			Lookup: func(ctx context.Context) ([]netip.AddrPort, error) {
				mu.Lock()
				f := answer
				mu.Unlock()
				return f(ctx)
			},
		}})
		newTestHost(t, HostConfig{Network: nets[1], Listen: ":6881", Siblings: &SiblingsConfig{Secrets: secretsOf(t, secret), Lookup: list()}})
		time.Sleep(3 * siblingLookup)
		if n, links := h.Fleet().Siblings, len(linksOf(h)); n != 1 || links != 1 {
			t.Fatalf("%d siblings, %d links", n, links)
		}
		calls := 0
		for name, f := range map[string]func(ctx context.Context) ([]netip.AddrPort, error){
			"nobody":   list(),
			"an error": func(context.Context) ([]netip.AddrPort, error) { return nil, errors.New("no such host") },
			"silence":  func(ctx context.Context) ([]netip.AddrPort, error) { <-ctx.Done(); return nil, ctx.Err() },
			"others each time, too many": func(context.Context) (all []netip.AddrPort, err error) {
				calls++
				for i := range 1000 {
					all = append(all, addrN(calls*1000+i))
				}
				return all, nil
			},
		} {
			says(f)
			for range 6 {
				time.Sleep(siblingLookup)
				h.fleet.mu.Lock()
				n := len(h.fleet.known)
				h.fleet.mu.Unlock()
				if most := 4 * sibling.MaxSiblings; n > most {
					t.Errorf("%s: %d addresses are known", name, n)
				}
			}
			if n := h.Fleet().Siblings; n != 1 {
				t.Errorf("%s: %d siblings", name, n)
			}
		}
		if calls == 0 {
			t.Error("nobody was looked up")
		}
	})
}
