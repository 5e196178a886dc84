package simnet

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Host is a machine of the network: its dialer, its listeners, its access
// line. It has the methods that a program takes for its network (DialContext,
// Listen, ListenPacket, LookupNetIP).
type Host struct {
	net   *Network
	id    int
	addrs []netip.Addr
	name  string
	rtt   time.Duration
	nat   bool
	loss  float64
	gone  bool

	up, loop uplink
	down     downlink
	shaped   bool // the downlink has or had a limit

	port      uint16
	listeners map[uint16]*Listener
	packets   map[uint16]*PacketConn
	conns     map[uint64]*Conn

	sent, received  int64
	dials, accepted int
}

func newHost(n *Network, id int, cfg HostConfig) *Host {
	h := &Host{
		net: n, id: id, addrs: cfg.Addrs, name: cfg.Name, rtt: cfg.RTT, nat: cfg.NAT, loss: cfg.Loss,
		port:      firstEphemeral,
		listeners: map[uint16]*Listener{},
		packets:   map[uint16]*PacketConn{},
		conns:     map[uint64]*Conn{},
	}
	h.up.link = link{net: n, rate: cfg.Up}
	h.loop.link = link{net: n}
	h.down.link = link{net: n, rate: cfg.Down}
	h.shaped = cfg.Down > 0
	return h
}

// Addr is the host's first address.
func (h *Host) Addr() netip.Addr { return h.addrs[0] }

// AddrPort is the host's first address with a port.
func (h *Host) AddrPort(port uint16) netip.AddrPort { return netip.AddrPortFrom(h.Addr(), port) }

// HostStats counts what a host did, loopback included.
type HostStats struct {
	Sent, Received int64 // payload bytes of connections and datagrams
	Dials          int   // dials begun
	Accepted       int   // connections that reached a listener
	Conns          int   // connections open or ending
}

// Stats gives the host's counters.
func (h *Host) Stats() HostStats {
	h.net.lock()
	defer h.net.unlock()
	return HostStats{h.sent, h.received, h.dials, h.accepted, len(h.conns)}
}

// SetRates changes the bandwidths in bytes a second, 0 for no limit, for what
// is sent from now on.
func (h *Host) SetRates(up, down int64) {
	h.net.lock()
	defer h.net.unlock()
	h.up.rate, h.down.rate = up, down
	h.shaped = h.shaped || down > 0
	h.up.idle()
	h.down.idle()
}

// Leave is the end of the host's programs: listeners close, connections are
// reset. The other ends learn it half a round trip later. The host can be used
// again.
func (h *Host) Leave() {
	h.net.lock()
	defer h.net.unlock()
	h.closeAll()
}

// Vanish takes the host off the network without a word: what it had sent still
// arrives, nothing reaches it. Its own calls fail as if it had closed all.
func (h *Host) Vanish() {
	h.net.lock()
	defer h.net.unlock()
	h.gone = true
	for _, c := range h.openConns() {
		c.fail(errReset)
	}
	h.closeAll()
}

func (h *Host) closeAll() {
	for _, port := range sortedKeys(h.listeners) {
		h.listeners[port].shut()
	}
	for _, port := range sortedKeys(h.packets) {
		h.packets[port].shut()
	}
	for _, c := range h.openConns() {
		c.reset()
	}
}

// openConns are the connections not closed at this end, oldest first.
func (h *Host) openConns() []*Conn {
	return slices.DeleteFunc(h.lingering(), func(c *Conn) bool { return c.closed })
}

// lingering are the connections that still have something to say or to hear,
// oldest first.
func (h *Host) lingering() []*Conn {
	list := make([]*Conn, 0, len(h.conns))
	for _, id := range sortedKeys(h.conns) {
		list = append(list, h.conns[id])
	}
	return list
}

// settle forgets a connection of which nothing is left.
func (h *Host) settle(c *Conn) {
	if c.err != nil || c.closed && c.peer.in.ended {
		delete(h.conns, c.id)
	}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// ephemeral gives a port that free accepts.
func (h *Host) ephemeral(taken func(uint16) bool) uint16 {
	for {
		p := h.port
		if h.port++; h.port < firstEphemeral {
			h.port = firstEphemeral
		}
		if !taken(p) {
			return p
		}
	}
}

// own is the host's address of the family of a.
func (h *Host) own(a netip.Addr) (netip.Addr, bool) {
	if a.IsLoopback() {
		return a, true
	}
	for _, b := range h.addrs {
		if b.Is4() == a.Is4() {
			return b, true
		}
	}
	return netip.Addr{}, false
}

// has reports whether a is an address of this host.
func (h *Host) has(a netip.Addr) bool {
	return a.IsLoopback() || slices.Contains(h.addrs, a)
}

// resolve turns "host:port" into addresses of the network's family, in order.
func (h *Host) resolve(network, address string) ([]netip.AddrPort, error) {
	name, service, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return nil, &net.AddrError{Err: "invalid port", Addr: address}
	}
	addrs, err := h.addresses(network, name)
	out := make([]netip.AddrPort, len(addrs))
	for i, a := range addrs {
		out[i] = netip.AddrPortFrom(a, uint16(port))
	}
	return out, err
}

// LookupNetIP gives the addresses of a name in no time: of one family for "ip4" and "ip6".
func (h *Host) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return h.addresses(network, host)
}

// addresses gives those of a name, or of an address that is written out, which are of the
// network's family.
func (h *Host) addresses(network, name string) (out []netip.Addr, err error) {
	var addrs []netip.Addr
	switch ip, err := netip.ParseAddr(name); {
	case err == nil:
		addrs = []netip.Addr{ip.Unmap()}
	case name == "":
		addrs = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	case name == "localhost":
		addrs = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	default:
		h.net.lock()
		if known := h.net.names[name]; known != nil {
			addrs = known.addrs
		}
		h.net.unlock()
	}
	for _, a := range addrs {
		if strings.HasSuffix(network, "4") && !a.Is4() || strings.HasSuffix(network, "6") && a.Is4() {
			continue
		}
		out = append(out, a)
	}
	if len(out) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return out, nil
}

// machine is the host behind an address as h sees it; nil if there is none.
func (h *Host) machine(a netip.Addr) *Host {
	if a.IsLoopback() {
		return h
	}
	return h.net.hosts[a]
}

// bindAddr parses the address of a listener: the addresses it listens on (nil:
// all) and the port.
func (h *Host) bindAddr(address string) (netip.Addr, uint16, error) {
	name, service, err := net.SplitHostPort(address)
	if err != nil {
		return netip.Addr{}, 0, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return netip.Addr{}, 0, &net.AddrError{Err: "invalid port", Addr: address}
	}
	if name == "" {
		return netip.Addr{}, uint16(port), nil
	}
	a, err := netip.ParseAddr(name)
	if err != nil {
		return netip.Addr{}, 0, fmt.Errorf("listen address %q: %w", address, err)
	}
	if a = a.Unmap(); a.IsUnspecified() {
		return netip.Addr{}, uint16(port), nil
	}
	if !h.has(a) {
		return netip.Addr{}, 0, errNoAddr
	}
	return a, uint16(port), nil
}
