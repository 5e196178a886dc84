package simnet

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Mode says how a TCP connection starts.
type Mode int

const (
	// Ideal connections send as fast as links and buffers allow from the first
	// byte.
	Ideal Mode = iota
	// SlowStart connections begin with 14,600 bytes a round trip, doubling.
	SlowStart
)

// Config describes a network. The zero value is an ideal network without delay
// or bandwidth limits.
type Config struct {
	Mode Mode
	// Seed decides what chance decides: which datagrams are lost.
	Seed uint64
	// RTT is the round trip between any two hosts, to which each host's own
	// HostConfig.RTT is added. SetRTT overrides both for a pair.
	RTT time.Duration
	// Segment is the bytes that a link serves at a time, at most 32 KiB; 0 means
	// 1,460. Larger segments make large simulations faster and bandwidth sharing
	// coarser.
	Segment int
	// SendBuffer is the bytes written and not yet sent that a connection holds;
	// 0 means 64 KiB.
	SendBuffer int
	// Window is the bytes in flight or unread in one direction, at least two
	// segments; 0 means 4 MiB.
	Window int
}

// HostConfig describes a host.
type HostConfig struct {
	// Addrs are its addresses; none means one of 11.0.0.0/8, in a /24 of its own.
	Addrs []netip.Addr
	// Name, if not empty, is a host name that dials resolve to Addrs.
	Name string
	// Up and Down are its bandwidths in bytes a second; 0 means no limit.
	Up, Down int64
	// RTT is added to the round trip of every path that begins or ends here.
	RTT time.Duration
	// NAT hosts can dial and cannot be dialled: SYNs to them are lost.
	NAT bool
	// Loss is the share (0 to 1) of datagrams to this host that are lost.
	Loss float64
}

// Network is a set of hosts that reach each other. Its methods, and those of
// all that belongs to it, may be called from any goroutine.
type Network struct {
	cfg   Config
	start time.Time

	mu     sync.Mutex
	events eventHeap
	seq    uint64
	now    int64   // time of the event or call at work, ns since start
	armed  []int64 // when timers go off, the earliest last

	hosts   map[netip.Addr]*Host
	names   map[string]*Host
	all     []*Host // in order of creation
	next    netip.Addr
	rtt     map[pair]time.Duration
	blocked map[pair]bool
	rng     *rand.Rand
	connID  uint64
}

// pair is an unordered pair of hosts, the older first.
type pair struct{ a, b *Host }

func pairOf(a, b *Host) pair {
	if a.id > b.id {
		a, b = b, a
	}
	return pair{a, b}
}

// New makes a network. Under testing/synctest it belongs to the bubble of its
// caller.
func New(cfg Config) *Network {
	if cfg.Segment <= 0 {
		cfg.Segment = defaultSegment
	}
	cfg.Segment = min(cfg.Segment, downlinkSlack)
	if cfg.SendBuffer <= 0 {
		cfg.SendBuffer = defaultSendBuffer
	}
	if cfg.Window <= 0 {
		cfg.Window = defaultWindow
	}
	cfg.Window = max(cfg.Window, 2*cfg.Segment)
	return &Network{
		cfg:     cfg,
		start:   time.Now(),
		hosts:   map[netip.Addr]*Host{},
		names:   map[string]*Host{},
		next:    netip.MustParseAddr(firstHost),
		rtt:     map[pair]time.Duration{},
		blocked: map[pair]bool{},
		rng:     rand.New(rand.NewPCG(cfg.Seed, 0x62746777)),
	}
}

// Host adds a host. An address or name that another host has moves to the new
// one, as when a machine is replaced.
func (n *Network) Host(cfg HostConfig) *Host {
	n.lock()
	defer n.unlock()
	cfg.Addrs = slices.Clone(cfg.Addrs)
	if len(cfg.Addrs) == 0 {
		for n.hosts[n.next] != nil {
			n.next = nextNetwork(n.next)
		}
		cfg.Addrs = []netip.Addr{n.next}
	}
	h := newHost(n, len(n.all), cfg)
	n.all = append(n.all, h)
	for _, a := range cfg.Addrs {
		n.hosts[a] = h
	}
	if cfg.Name != "" {
		n.names[cfg.Name] = h
	}
	return h
}

// nextNetwork is the same address of the next /24: hosts of one are of one owner to
// those who limit networks.
func nextNetwork(a netip.Addr) netip.Addr {
	b := a.As4()
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])+1<<8)
	return netip.AddrFrom4(b)
}

// SetRTT fixes the round trip between two hosts, for what is sent from now on.
func (n *Network) SetRTT(a, b *Host, rtt time.Duration) {
	n.lock()
	defer n.unlock()
	n.rtt[pairOf(a, b)] = rtt
}

// Cut resets every connection between two hosts at both ends at once, as a
// middlebox does. New connections are possible.
func (n *Network) Cut(a, b *Host) {
	n.lock()
	defer n.unlock()
	for _, c := range a.openConns() {
		if c.out.dst == b {
			c.fail(errReset)
			c.peer.fail(errReset)
		}
	}
}

// Block makes two hosts deaf to each other: nothing arrives, connections stay
// open, dials time out. What TCP had sent arrives after Unblock; datagrams are
// lost.
func (n *Network) Block(a, b *Host) {
	n.lock()
	defer n.unlock()
	n.blocked[pairOf(a, b)] = true
}

// Unblock ends a Block: what was held is delivered at once.
func (n *Network) Unblock(a, b *Host) {
	n.lock()
	defer n.unlock()
	delete(n.blocked, pairOf(a, b))
	for _, c := range a.lingering() {
		if c.out.dst == b {
			c.out.release()
			c.in.release()
		}
	}
}

// deaf reports whether nothing gets from one host to the other.
func (n *Network) deaf(a, b *Host) bool {
	return a.gone || b.gone || len(n.blocked) > 0 && n.blocked[pairOf(a, b)]
}

// oneWay is half the round trip between two hosts, in ns.
func (n *Network) oneWay(a, b *Host) int64 {
	if a == b {
		return 0
	}
	if len(n.rtt) > 0 {
		if r, ok := n.rtt[pairOf(a, b)]; ok {
			return int64(r) / 2
		}
	}
	return int64(n.cfg.RTT+a.rtt+b.rtt) / 2
}
