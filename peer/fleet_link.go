package peer

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/btgw/btgw/peer/sibling"
	"github.com/btgw/btgw/peer/wire"
)

// The link with one sibling.

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
	telling  chan struct{} // holds one token: our state is to be sent
	done     chan struct{} // closed by the reader
	exchange *sibling.Exchange
	role     sibling.Role // ours

	// The fleet's mu guards what follows.
	told   bool // the sibling has said how it is: from then on it owns torrents
	state  sibling.State
	secret *sibling.Secret // by which the sibling proved itself last
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
		seals: secret.Seal(x, role), opens: secret.Seal(x, role.Other()), queue: make(chan []byte, linkQueue), telling: make(chan struct{}, 1), done: make(chan struct{}),
	}
	if !outgoing {
		l.addr = netip.AddrPortFrom(addr.Addr(), them.Port)
	}
	return l, nil
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
		if l.told && l.state == st {
			f.mu.Unlock()
			return nil
		}
		l.told, l.state = true, st
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
	l.telling <- struct{}{}
	for {
		var b []byte
		select {
		case <-l.done:
			return
		case b = <-l.queue:
		case <-l.telling:
		case <-tick.C:
		}
		if b == nil {
			b = sibling.State{Draining: l.f.draining.Load(), Warmth: true}.Append(nil)
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

// tell has our state sent soon.
func (l *fleetLink) tell() {
	select {
	case l.telling <- struct{}{}:
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
