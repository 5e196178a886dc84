package dht

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/anacrolix/dht/v2"

	"github.com/btgw/btgw/peer/netguard"
)

// DefaultBootstrap are nodes that everybody starts from, as host:port: those of
// libtorrent, Transmission, BitTorrent and µTorrent.
var DefaultBootstrap = []string{
	"dht.libtorrent.org:25401",
	"dht.transmissionbt.com:6881",
	"router.bittorrent.com:6881",
	"router.utorrent.com:6881",
}

// errNoBootstrap says that no name of a bootstrap node has an address.
var errNoBootstrap = errors.New("dht: no bootstrap node has an address")

// bootstrap looks the nodes of a family up that are asked while no others are
// known. It is safe for concurrent use.
type bootstrap struct {
	ctx     context.Context // ends with the DHT
	network netguard.Network
	family  string
	names   []string // host:port

	mu       sync.Mutex // protects what follows; held while names are looked up
	resolved []dht.Addr
	at       time.Time // when
}

func newBootstrap(ctx context.Context, network netguard.Network, family string, names []string) *bootstrap {
	return &bootstrap{ctx: ctx, network: network, family: family, names: names[:min(len(names), MaxBootstrap)]}
}

// starting is addrs for the library, which never ends a lookup that it has no
// nodes for: it is given one that it does not ask.
func (b *bootstrap) starting() ([]dht.Addr, error) {
	addrs, err := b.addrs()
	if err != nil {
		return []dht.Addr{dht.NewAddr(&net.UDPAddr{IP: net.IPv4zero})}, nil
	}
	return addrs, nil
}

// addrs gives an address of each name that has one, in resolveTime at most. Names
// that have none are not looked up again for as long.
func (b *bootstrap) addrs() ([]dht.Addr, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	age := time.Since(b.at)
	switch {
	case len(b.resolved) > 0 && age < resolvedLife:
		return b.resolved, nil
	case len(b.names) == 0, len(b.resolved) == 0 && age < resolveTime:
		return nil, errNoBootstrap
	}
	ctx, cancel := context.WithTimeout(b.ctx, resolveTime)
	defer cancel()
	found := make([]netip.AddrPort, len(b.names))
	var wg sync.WaitGroup
	for i, name := range b.names {
		wg.Go(func() { found[i] = b.resolve(ctx, name) })
	}
	wg.Wait()
	b.resolved, b.at = nil, time.Now()
	for _, addr := range found {
		if addr.IsValid() {
			b.resolved = append(b.resolved, dht.NewAddr(net.UDPAddrFromAddrPort(addr)))
		}
	}
	if len(b.resolved) == 0 {
		return nil, errNoBootstrap
	}
	return b.resolved, nil
}

// resolve gives an address of a name; invalid if none.
func (b *bootstrap) resolve(ctx context.Context, name string) netip.AddrPort {
	host, port, err := net.SplitHostPort(name)
	if err != nil {
		return netip.AddrPort{}
	}
	number, err := net.LookupPort("udp", port)
	if err != nil {
		return netip.AddrPort{}
	}
	addrs, err := b.network.LookupNetIP(ctx, "ip"+b.family, host)
	if err != nil || len(addrs) == 0 {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(addrs[0], uint16(number))
}
