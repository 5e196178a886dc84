package peer

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/peer/netguard"
	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
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
}

// A listed address is one of the list of siblings.
type listed struct {
	current bool // it is on the list now
	busy    bool // it is being dialled, or has a link
	next    time.Time
	warned  bool
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
	v := &fleetView{self: f.cfg.Node, members: make(map[[20]byte]*fleetMember), byNode: make(map[sibling.Node]*fleetMember)}
	if !f.draining.Load() {
		v.nodes = append(v.nodes, v.self)
	}
	for _, l := range f.links {
		m := v.members[l.peerID]
		if m == nil {
			m = &fleetMember{node: l.node, peerID: l.peerID, addr: l.addr, link: l, secret: l.secret}
			v.members[l.peerID], v.byNode[l.node] = m, m
			if !l.draining && !slices.Contains(v.nodes, l.node) {
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

// run looks the siblings up, and dials them, until the Host closes.
func (f *fleet) run() {
	h := f.host
	failed := false
	for {
		addrs, err := f.lookup()
		if err != nil && !failed && h.ctx.Err() == nil {
			h.log.Warn("siblings are not found; those that are known stay", "err", err)
		}
		failed = err != nil
		f.dialAll(time.Now(), addrs, err == nil)
		select {
		case <-h.ctx.Done():
			return
		case <-time.After(siblingLookup):
		}
	}
}

func (f *fleet) lookup() ([]netip.AddrPort, error) {
	ctx, cancel := context.WithTimeout(f.host.ctx, siblingLookup)
	defer cancel()
	return f.cfg.Lookup(ctx)
}

// dialAll dials the siblings on the list that have no link. fresh is set if addrs is the
// list as of now.
func (f *fleet) dialAll(now time.Time, addrs []netip.AddrPort, fresh bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fresh {
		for _, k := range f.known {
			k.current = false
		}
		for _, a := range addrs[:min(len(addrs), sibling.MaxSiblings)] {
			a = netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
			k := f.known[a]
			if k == nil {
				k = new(listed)
				f.known[a] = k
			}
			k.current = true
		}
	}
	for a, k := range f.known {
		switch {
		case k.busy:
		case !k.current:
			delete(f.known, a)
		case !now.Before(k.next):
			k.busy = true
			f.host.wg.Go(func() { f.dial(a, k) })
		}
	}
}

// dial opens a link and serves it to its end.
func (f *fleet) dial(addr netip.AddrPort, k *listed) {
	err := f.open(addr)
	f.mu.Lock()
	defer f.mu.Unlock()
	k.busy = false
	switch {
	case errors.Is(err, errSelf):
		k.next = time.Now().Add(siblingSelf)
	case f.host.ctx.Err() != nil:
	default:
		if !k.warned {
			f.host.log.Info("no link with a sibling; it is tried again", "sibling", addr, "err", err)
		}
		k.warned = true
	}
}

// open dials one address, and returns when the link that comes of it is over.
func (f *fleet) open(addr netip.AddrPort) error {
	h := f.host
	ctx, cancel := context.WithTimeout(h.ctx, handshakeTimeout)
	nc, err := f.cfg.Network.DialContext(ctx, "tcp", addr.String())
	cancel()
	if err != nil {
		return fmt.Errorf("peer: connect to a sibling: %w", err)
	}
	if !h.sockets.add(nc) {
		return ErrClosed
	}
	defer h.sockets.remove(nc)
	defer nc.Close()
	deadline := time.Now().Add(handshakeTimeout)
	if err := nc.SetDeadline(deadline); err != nil {
		return fmt.Errorf("peer: handshake with a sibling: %w", err)
	}
	secret := f.secrets.Load().First()
	ours := wire.AppendHandshake(nil, wire.NewHandshake(secret.Channel(), h.cfg.PeerID))
	secure := nc
	if h.cfg.Encryption == EncryptionRequire {
		secure, err = h.encrypt(nc, secret.Channel(), ours)
	} else {
		_, err = nc.Write(ours)
	}
	if err != nil {
		return fmt.Errorf("peer: handshake with a sibling: %w", err)
	}
	_, hello, err := readHandshake(secure, make([]byte, wire.HandshakeLen), deadline)
	switch {
	case err != nil:
		return hungUp(err) // it may have another secret
	case hello.InfoHash != secret.Channel():
		return errHash
	case hello.PeerID == h.cfg.PeerID:
		return errSelf
	}
	l, err := f.greet(secure, secret, hello, addr, true)
	if err != nil {
		return err
	}
	return l.run()
}

// welcome serves a link that a sibling opened, of which the handshake was read.
func (f *fleet) welcome(nc net.Conn, secret *sibling.Secret, hello wire.Handshake, from netip.AddrPort, seat *seat) error {
	h := f.host
	if !h.sockets.add(nc) {
		return ErrClosed
	}
	defer h.sockets.remove(nc)
	ours := wire.AppendHandshake(nil, wire.NewHandshake(secret.Channel(), h.cfg.PeerID))
	if err := nc.SetDeadline(time.Now().Add(handshakeTimeout)); err != nil {
		return fmt.Errorf("peer: handshake with a sibling: %w", err)
	}
	if _, err := nc.Write(ours); err != nil {
		return fmt.Errorf("peer: handshake with a sibling: %w", err)
	}
	if hello.PeerID == h.cfg.PeerID {
		return errSelf
	}
	select {
	case f.lobby <- struct{}{}:
	default:
		return errFull
	}
	l, err := f.greet(nc, secret, hello, from, false)
	<-f.lobby
	if err != nil {
		return err
	}
	h.exempt(seat)
	return l.run()
}

// greet exchanges greetings and proofs of a secret. The connection has a deadline.
func (f *fleet) greet(nc net.Conn, secret *sibling.Secret, hello wire.Handshake, addr netip.AddrPort, outgoing bool) (*fleetLink, error) {
	h := f.host
	ours := sibling.Hello{Nonce: sibling.NewNonce(), Node: f.cfg.Node, Port: uint16(h.port)}
	said := ours.Append(nil)
	if err := writeFrame(nc, said); err != nil {
		return nil, err
	}
	theirs, err := readFrame(nc, maxGreeting)
	if err != nil {
		return nil, err
	}
	them, err := sibling.ParseHello(theirs)
	if err != nil {
		return nil, err
	}
	we, they := sibling.Greeting{PeerID: h.cfg.PeerID, Said: said}, sibling.Greeting{PeerID: hello.PeerID, Said: theirs}
	x, role := &sibling.Exchange{InfoHash: secret.Channel(), Dialler: they, Acceptor: we}, sibling.Acceptor
	if outgoing {
		x.Dialler, x.Acceptor, role = we, they, sibling.Dialler
	}
	if err := writeFrame(nc, sibling.AppendProof(nil, secret.Prove(x, role))); err != nil {
		return nil, err
	}
	frame, err := readFrame(nc, maxGreeting)
	if err != nil {
		return nil, err
	}
	proof, err := sibling.ParseProof(frame)
	if err != nil {
		return nil, err
	}
	if !secret.Check(x, role.Other(), proof) {
		f.wrong.Add(1)
		return nil, errProof
	}
	if them.Node == f.cfg.Node {
		return nil, errNode
	}
	l := &fleetLink{
		f: f, nc: nc, outgoing: outgoing, peerID: hello.PeerID, node: them.Node, remote: addr.Addr(), addr: addr,
		exchange: x, role: role, secret: secret,
		seals: secret.Seal(x, role), opens: secret.Seal(x, role.Other()), queue: make(chan []byte, linkQueue), state: make(chan struct{}, 1), done: make(chan struct{}),
	}
	if !outgoing {
		l.addr = netip.AddrPortFrom(addr.Addr(), them.Port)
	}
	return l, nil
}

// A fleetLink is a proved connection with a sibling.
type fleetLink struct {
	f        *fleet
	nc       net.Conn
	outgoing bool
	peerID   [20]byte
	node     sibling.Node
	remote   netip.Addr
	addr     netip.AddrPort
	opens    *sibling.Seal // the reader's
	seals    *sibling.Seal // the writer's
	queue    chan []byte
	state    chan struct{} // holds one token: ours is to be sent
	done     chan struct{} // closed by the reader
	exchange *sibling.Exchange
	role     sibling.Role // ours

	// The fleet's mu guards what follows.
	draining bool
	secret   *sibling.Secret // by which the sibling proved itself last
}

// run serves the link to its end.
func (l *fleetLink) run() error {
	f := l.f
	if err := l.nc.SetDeadline(time.Time{}); err != nil {
		return fmt.Errorf("peer: link: %w", err)
	}
	f.mu.Lock()
	switch {
	case len(f.links) >= 2*sibling.MaxSiblings:
		f.mu.Unlock()
		return errFull
	case !f.secrets.Load().Has(l.secret):
		f.mu.Unlock()
		return errProof // it was taken back meanwhile
	}
	f.links = append(f.links, l)
	if first := f.secrets.Load().First(); !first.Equal(l.secret) {
		l.show(first)
	}
	f.changed()
	f.host.log.Info("linked with a sibling", "sibling", l.addr)
	var writer sync.WaitGroup
	writer.Go(l.write)
	err := l.read()
	l.nc.Close()
	close(l.done)
	writer.Wait()
	f.mu.Lock()
	f.links = slices.DeleteFunc(f.links, func(x *fleetLink) bool { return x == l })
	f.changed()
	f.host.log.Info("a link with a sibling ended", "sibling", l.addr, "err", err)
	return err
}

// read handles what the sibling sends.
func (l *fleetLink) read() error {
	for {
		if err := l.nc.SetReadDeadline(time.Now().Add(linkSilence)); err != nil {
			return fmt.Errorf("peer: link: %w", err)
		}
		sealed, err := readFrame(l.nc, sibling.MaxFrame)
		if err != nil {
			return err
		}
		b, ok := l.opens.Open(sealed)
		if !ok || len(b) == 0 {
			return errProof
		}
		if err := l.receive(b); err != nil {
			return err
		}
	}
}

func (l *fleetLink) receive(b []byte) error {
	f := l.f
	switch sibling.Kind(b[0]) {
	case sibling.KindState:
		st, err := sibling.ParseState(b)
		if err != nil {
			return err
		}
		f.mu.Lock()
		if l.draining == st.Draining {
			f.mu.Unlock()
			return nil
		}
		l.draining = st.Draining
		f.changed()
	case sibling.KindProof:
		proof, err := sibling.ParseProof(b)
		if err != nil {
			return err
		}
		l.shown(proof)
	case sibling.KindSeek, sibling.KindStandIn:
		seek, err := sibling.ParseSeek(b)
		if err != nil {
			return err
		}
		if on := f.onSeek.Load(); on != nil && !f.draining.Load() {
			(*on)(seek)
		}
	}
	return nil // what a later version says more
}

// show proves a secret to the sibling that it may have by now.
func (l *fleetLink) show(secret *sibling.Secret) {
	l.send(sibling.AppendProof(nil, secret.Prove(l.exchange, l.role)))
}

// shown takes in that the sibling shows another secret. One that we do not have yet changes
// nothing: it is shown again when we show ours.
func (l *fleetLink) shown(proof []byte) {
	f := l.f
	f.mu.Lock()
	secrets := f.secrets.Load()
	secret := secrets.Check(l.exchange, l.role.Other(), proof)
	if secret == nil || secret.Equal(l.secret) {
		f.mu.Unlock()
		return
	}
	l.secret = secret
	l.show(secret)
	f.changed()
}

// write sends what is queued, and our state from time to time.
func (l *fleetLink) write() {
	tick := time.NewTicker(linkBeat)
	defer tick.Stop()
	l.state <- struct{}{}
	for {
		var b []byte
		select {
		case <-l.done:
			return
		case b = <-l.queue:
		case <-l.state:
		case <-tick.C:
		}
		if b == nil {
			b = sibling.State{Draining: l.f.draining.Load()}.Append(nil)
		}
		if err := l.nc.SetWriteDeadline(time.Now().Add(linkSilence)); err != nil {
			l.nc.Close()
			return
		}
		if err := writeFrame(l.nc, l.seals.Close(b)); err != nil {
			l.nc.Close() // the reader ends
			return
		}
	}
}

// tellState has our state sent soon.
func (l *fleetLink) tellState() {
	select {
	case l.state <- struct{}{}:
	default:
	}
}

// send queues a message. Where the sibling does not read, it is left out.
func (l *fleetLink) send(b []byte) {
	select {
	case l.queue <- b:
	default:
	}
}

// writeFrame sends a message of a link in the framing of BitTorrent's (BEP 10).
func writeFrame(w io.Writer, b []byte) error {
	out := binary.BigEndian.AppendUint32(make([]byte, 0, wire.FrameLen+1+len(b)), uint32(2+len(b)))
	out = append(append(out, byte(wire.Extended), wire.ExtSibling), b...)
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("peer: link: %w", err)
	}
	return nil
}

// readFrame reads one, of most bytes at most.
func readFrame(r io.Reader, most int) ([]byte, error) {
	var head [wire.FrameLen + 1]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, fmt.Errorf("peer: link: %w", err)
	}
	n := int64(binary.BigEndian.Uint32(head[:])) - 2
	if n < 0 || n > int64(most) || head[4] != byte(wire.Extended) || head[5] != wire.ExtSibling {
		return nil, violation("a message of a link that makes no sense")
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, fmt.Errorf("peer: link: %w", err)
	}
	return b, nil
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
		l.tellState()
	}
	f.changed()
}

// Fleet returns a snapshot; zero without siblings.
func (h *Host) Fleet() FleetStats {
	f := h.fleet
	if f == nil {
		return FleetStats{}
	}
	return FleetStats{Siblings: len(f.view().members), Downloaded: f.in.Load(), Uploaded: f.out.Load(), WrongProofs: f.wrong.Load()}
}
