package peer

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/sibling"
)

// SiblingsConfig makes a Host one gateway of a fleet.
type SiblingsConfig struct {
	Secrets *sibling.Secrets // required; SetSiblingSecrets replaces them
	// Lookup returns the addresses of all gateways, our own among them. It is asked every
	// siblingLookup.
	Lookup func(ctx context.Context) ([]netip.AddrPort, error)
	// Network reaches them; nil: HostConfig.Network.
	Network netguard.Network
	// Node is our name on the ring; zero: a random one.
	Node sibling.Node
}

// A fleet keeps a link with each sibling. All methods are safe for concurrent use, and of
// nil: that is no fleet.
//
// A link is a connection that begins with BitTorrent's handshake, for an infohash that only
// siblings know. Over it the two ends prove that they have the secret, say who they are,
// and ask for torrents.
type fleet struct {
	host     *Host
	cfg      SiblingsConfig
	secrets  atomic.Pointer[sibling.Secrets]
	now      atomic.Pointer[fleetView]
	lobby    chan struct{} // holds one for each accepted link without a proof
	in, out  atomic.Int64  // payload bytes
	wrong    atomic.Int64  // proofs that were wrong
	onSeek   atomic.Pointer[func(sibling.Seek)]
	draining atomic.Bool

	mu    sync.Mutex // taken before Host.mu; guards what follows
	links []*fleetLink
	known map[netip.AddrPort]*listed
}

// A fleetView is who is there, at one time. It does not change.
type fleetView struct {
	self    sibling.Node
	nodes   []sibling.Node            // that may own torrents
	warmth  bool                      // all know of warmth: an older one goes by the ring alone
	members map[[20]byte]*fleetMember // by peer id
	byNode  map[sibling.Node]*fleetMember
}

// A fleetMember is a sibling that is linked.
type fleetMember struct {
	node   sibling.Node
	peerID [20]byte
	addr   netip.AddrPort // where it accepts connections; invalid: nowhere
	at     []netip.Addr   // of its links
	link   *fleetLink
	secret *sibling.Secret // by which it proved itself
	told   bool            // it has said how it is
}

// FleetStats counts what a Host has to do with its siblings.
type FleetStats struct {
	Siblings             int   // that are linked
	Downloaded, Uploaded int64 // payload bytes from siblings and to them
	WrongProofs          int64
}

// newFleet makes the fleet of a Host; nil where it is to have none.
func newFleet(h *Host, cfg *SiblingsConfig) *fleet {
	if cfg == nil {
		return nil
	}
	f := &fleet{host: h, cfg: *cfg, lobby: make(chan struct{}, maxLobby), known: make(map[netip.AddrPort]*listed)}
	f.secrets.Store(cfg.Secrets)
	if f.cfg.Network == nil {
		f.cfg.Network = h.cfg.Network
	}
	if f.cfg.Node == (sibling.Node{}) {
		n := sibling.NewNonce()
		copy(f.cfg.Node[:], n[:])
	}
	f.now.Store(f.look())
	return f
}

// view returns the siblings that are there now; nil without a fleet.
func (f *fleet) view() *fleetView {
	if f == nil {
		return nil
	}
	return f.now.Load()
}

// secretOf returns the secret by whose channel a link is opened; nil where it is none.
func (f *fleet) secretOf(channel [20]byte) *sibling.Secret {
	if f == nil {
		return nil
	}
	return f.secrets.Load().Of(channel)
}

// look makes a view of the links. mu is held.
func (f *fleet) look() *fleetView {
	v := &fleetView{self: f.cfg.Node, warmth: true, members: make(map[[20]byte]*fleetMember), byNode: make(map[sibling.Node]*fleetMember)}
	if !f.draining.Load() {
		v.nodes = append(v.nodes, v.self)
	}
	for _, l := range f.links {
		m := v.members[l.peerID]
		if m == nil {
			m = &fleetMember{node: l.node, peerID: l.peerID, addr: l.addr, link: l, secret: l.secret}
			v.members[l.peerID], v.byNode[l.node] = m, m
		}
		if l.told {
			m.told = true
			v.warmth = v.warmth && l.state.Warmth
			if !l.state.Draining && !slices.Contains(v.nodes, l.node) {
				v.nodes = append(v.nodes, l.node)
			}
		}
		m.at = append(m.at, l.remote)
		if l.outgoing { // that address is known to work
			m.addr, m.link, m.secret = l.addr, l, l.secret
		}
	}
	return v
}

// member returns the sibling that a connection seems to be with, by its peer id and its
// address; nil if it is none. That is no proof.
func (v *fleetView) member(peerID [20]byte, addr netip.Addr) *fleetMember {
	if v == nil {
		return nil
	}
	if m := v.members[peerID]; m != nil && slices.Contains(m.at, addr) {
		return m
	}
	return nil
}

// near reports whether a sibling is at an address.
func (v *fleetView) near(addr netip.Addr) bool {
	if v == nil {
		return false
	}
	for _, m := range v.members {
		if slices.Contains(m.at, addr) {
			return true
		}
	}
	return false
}

// withoutBanned is an order of nodes without the siblings that are banned: one that lied is no owner for us.
func (h *Host) withoutBanned(v *fleetView, order []sibling.Node) (may []sibling.Node) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range order {
		if m := v.byNode[n]; m == nil || !h.bans.Has(now, m.addr, m.peerID) {
			may = append(may, n)
		}
	}
	return may
}

// changed takes a new view, and has the swarms know. mu is held, and is released.
func (f *fleet) changed() {
	f.now.Store(f.look())
	f.mu.Unlock()
	f.host.mu.Lock()
	all := f.host.distinct()
	f.host.mu.Unlock()
	for _, s := range all {
		s.fleetChanged()
	}
}

// OnSeek sets what is called when a sibling asks for the metadata of a torrent that is ours
// to fetch, or that we are to stand in for the owner. It must not block.
func (h *Host) OnSeek(seek func(sibling.Seek)) {
	if h.fleet != nil {
		h.fleet.onSeek.Store(&seek)
	}
}

// SetSiblingSecrets replaces the secrets of the fleet. Siblings that have shown one of the
// new ones, or do so from now on, stay connected; those that have shown another one are cut
// off. It does nothing without a fleet.
func (h *Host) SetSiblingSecrets(secrets *sibling.Secrets) {
	f := h.fleet
	if f == nil {
		return
	}
	f.mu.Lock()
	f.secrets.Store(secrets)
	for _, l := range f.links {
		if !secrets.Has(l.secret) {
			l.nc.Close()
		} else if first := secrets.First(); !first.Equal(l.secret) {
			l.show(first)
		}
	}
	f.mu.Unlock()
	h.mu.Lock()
	all := h.distinct()
	h.mu.Unlock()
	for _, s := range all {
		s.cutOff(secrets)
	}
}

// Drain tells the siblings that we own no torrent any more. Nothing takes it back.
func (h *Host) Drain() {
	f := h.fleet
	if f == nil {
		return
	}
	f.mu.Lock()
	f.draining.Store(true)
	for _, l := range f.links {
		l.tell()
	}
	f.changed()
}

// Fleet returns a snapshot; zero without siblings.
func (h *Host) Fleet() FleetStats {
	f := h.fleet
	if f == nil {
		return FleetStats{}
	}
	n := 0
	for _, m := range f.view().members {
		if m.told {
			n++
		}
	}
	return FleetStats{Siblings: n, Downloaded: f.in.Load(), Uploaded: f.out.Load(), WrongProofs: f.wrong.Load()}
}
