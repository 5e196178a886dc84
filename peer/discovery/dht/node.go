package dht

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anacrolix/dht/v2"
	"github.com/anacrolix/dht/v2/int160"
	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/log"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// node is our node of one family. The library's server cannot change its id or
// whether it answers, so it is replaced when either does; its socket, filter and
// store stay.
type node struct {
	family    string // "4" or "6"
	network   netguard.Network
	conn      net.PacketConn
	log       *slog.Logger
	filter    *filter
	turns     *contact.Gate
	store     *store
	items     *items // used by the gate's reader
	sends     *rate.Limiter
	bootstrap *bootstrap
	voter     *voter
	seenAs    atomic.Value                                                             // netip.Addr: ours, as seen from outside; zero: not known
	answers   atomic.Bool                                                              // it is not read-only (BEP 43); changed under mu
	other     func(dst, packet []byte, from netip.AddrPort) (answer []byte, mine bool) // Config.Other
	learned   func()                                                                   // called when seenAs has changed; must not block
	wg        sync.WaitGroup                                                           // the goroutines of each server

	mu     sync.Mutex // protects what follows
	server *dht.Server
	gate   *gate
	id     [20]byte
}

// newNode opens the socket and starts a read-only server that knows the nodes of
// the last run. ctx ends with the DHT.
func newNode(ctx context.Context, cfg *Config, family, address string, saved savedNode, learned func()) (*node, error) {
	conn, err := cfg.Network.ListenPacket(ctx, "udp"+family, address)
	if err != nil {
		return nil, fmt.Errorf("dht: listen on UDP: %w", err)
	}
	n := &node{
		family: family, network: cfg.Network, conn: conn, log: cfg.Log.With("family", "IPv"+family),
		filter: newFilter(), turns: cfg.Contacts, store: newStore(), items: newItems(), sends: rate.NewLimiter(sendRate, sendBurst),
		bootstrap: newBootstrap(ctx, cfg.Network, family, cfg.Bootstrap),
		voter:     newVoter(), learned: learned, other: cfg.Other,
		id: saved.id,
	}
	n.seenAs.Store(netip.Addr{})
	if n.id == [20]byte{} {
		n.id = krpc.RandomNodeID()
	}
	if err := n.start(saved.nodes); err != nil {
		conn.Close()
		return nil, err
	}
	return n, nil
}

// start starts a server under the id and the mode that n has now. mu is held, or
// nobody else knows n.
func (n *node) start(known []krpc.NodeInfo) error {
	if err := n.conn.SetReadDeadline(time.Time{}); err != nil {
		return fmt.Errorf("dht: %w", err)
	}
	g := newGate(n.conn, n.filter, n.turns, n.heard)
	g.other = n.other
	want := krpc.WantNodes
	if n.family == "6" {
		want = krpc.WantNodes6
	}
	server, err := dht.NewServer(&dht.ServerConfig{
		NodeId:           n.id,
		Conn:             g,
		Passive:          !n.answers.Load(),
		NoSecurity:       true, // of others' ids: many nodes do not know BEP 42
		StartingNodes:    n.bootstrap.starting,
		PeerStore:        n.store,
		DefaultWant:      []krpc.Want{want},
		SendLimiter:      n.sends,
		QueryResendDelay: func() time.Duration { return answerTime },
		Logger:           log.Default.FilterLevel(log.Disabled),
	})
	if err != nil {
		return fmt.Errorf("dht: %w", err)
	}
	for _, ni := range known {
		_ = server.AddNode(ni) // one more that a full bucket has no room for
	}
	if n.answers.Load() {
		id := n.id
		answer := itemAnswerer(func(q *message, from netip.AddrPort) *message { return n.answerItem(server, id, q, from) })
		g.stored.Store(&answer)
	}
	n.server, n.gate = server, g
	n.wg.Go(server.TableMaintainer)
	n.wg.Go(func() { n.join(server, g) })
	return nil
}

// join looks for the nodes next to ours until some are known. The library does so
// once in half an hour, and asks each node once: one packet lost would leave the
// table next to empty for as long.
func (n *node) join(server *dht.Server, g *gate) {
	for wait := joinWait; server.Stats().GoodNodes < fewNodes; wait = min(2*wait, announceInterval) {
		_, _ = server.Bootstrap() // the next comes after the wait, however it ended
		known := server.Nodes()
		for _, of := range known[:min(len(known), fewNodes)] {
			n.askNeighbours(server, of)
		}
		t := time.NewTimer(wait)
		select {
		case <-g.closed:
			t.Stop()
			return
		case <-t.C:
		}
	}
}

// askNeighbours asks a node for the nodes next to itself, and asks those whether they
// are there. A node of the library's kind that is asked for a distant id names only
// nodes as far from its own. In a DHT of few nodes those are often none.
func (n *node) askNeighbours(server *dht.Server, of krpc.NodeInfo) {
	res := server.FindNode(dht.NewAddr(of.Addr.UDP()), int160.FromByteArray(of.ID), dht.QueryRateLimiting{})
	if res.Reply.R == nil {
		return
	}
	var wg sync.WaitGroup
	res.Reply.R.ForAllNodes(func(next krpc.NodeInfo) {
		if n.mayAsk(next.Addr.ToNodeAddrPort().AddrPort) {
			wg.Go(func() { server.Ping(next.Addr.UDP()) })
		}
	})
	wg.Wait()
}

// stop ends the server; nobody reads from the socket then. mu is held.
func (n *node) stop() {
	n.server.Close()
	n.gate.Close()
}

// close ends everything and returns when it has.
func (n *node) close() {
	n.mu.Lock()
	n.stop()
	n.mu.Unlock()
	n.wg.Wait()
	n.conn.Close()
}

// current is the server of now.
func (n *node) current() *dht.Server {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.server
}

// serving is the server of now, and what is closed when it is replaced or ends.
func (n *node) serving() (server *dht.Server, over <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.server, n.gate.closed
}

// heard takes note of a message.
func (n *node) heard(from netip.AddrPort, m *message) {
	if m.kind != 'r' || m.seenAs == nil {
		return
	}
	seen := compactAddr(m.seenAs).Addr()
	if seen.Is4() != (n.family == "4") || !seen.IsValid() || seen.IsUnspecified() {
		return
	}
	n.voter.vote(from, seen)
	if addr, ok := n.voter.elected(); ok && n.seenAs.Swap(addr) != addr {
		n.learned()
	}
}

// look acts on what was learned. It replaces the server where our address asks for
// another id (BEP 42), or where it turns out that strangers can reach us, or cannot
// (BEP 43). forwarded means that a router forwards our port.
func (n *node) look(forwarded bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	external := n.seenAs.Load().(netip.Addr)
	id, answers := n.id, forwarded || ours(external)
	if external.IsValid() && !dht.NodeIdSecure(id, external.AsSlice()) {
		dht.SecureNodeId((*krpc.ID)(&id), external.AsSlice())
	}
	if id == n.id && answers == n.answers.Load() {
		return
	}
	n.log.Debug("DHT node starts anew", "external", external, "answers", answers)
	known := n.server.Nodes()
	n.stop()
	n.id = id
	n.answers.Store(answers)
	if err := n.start(known); err != nil {
		n.log.Warn("DHT node cannot go on", "err", err)
	}
}

// ours reports whether an address is one of this machine's: then nothing that
// translates addresses is in between.
func ours(addr netip.Addr) bool {
	if !addr.IsValid() {
		return false
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Unmap().WithZone("") == addr {
			return true
		}
	}
	return false
}

// answerItem answers a get or a put; nil where more is sent than may be.
func (n *node) answerItem(server *dht.Server, id [20]byte, q *message, from netip.AddrPort) *message {
	if !n.sends.Allow() {
		return nil
	}
	r := n.items.answer(q, from, time.Now(), func(target [20]byte) []byte { return n.closest(server, target) })
	r.id, r.seenAs = id, compact(from)
	if n.family == "6" {
		r.nodes, r.nodes6 = nil, r.nodes
	}
	return r
}

// closest gives the lookupNodes nodes closest to a target, in compact form.
func (n *node) closest(server *dht.Server, target [20]byte) []byte {
	known := server.Nodes()
	at := int160.FromByteArray(target)
	slices.SortFunc(known, func(a, b krpc.NodeInfo) int {
		return int160.Distance(a.ID.Int160(), at).Cmp(int160.Distance(b.ID.Int160(), at))
	})
	var b []byte
	for _, ni := range known[:min(len(known), lookupNodes)] {
		b = append(b, ni.ID[:]...)
		b = append(b, compact(ni.Addr.ToNodeAddrPort().AddrPort)...)
	}
	return b
}

// ping asks a node whether it is one; if it answers, it is known.
func (n *node) ping(addr netip.AddrPort) {
	n.current().Ping(net.UDPAddrFromAddrPort(addr))
}
