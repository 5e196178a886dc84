package discovery

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"sync"

	"github.com/btgw/btgw/peer/netguard"
)

// A udpSocket is the one socket of a family over which all UDP trackers are asked. What
// comes in is told apart by its transaction id, which is random, and by where it comes
// from: an answer from another address than was asked is none. It is opened when it is
// first needed.
type udpSocket struct {
	network netguard.Network
	name    string // "udp4" or "udp6"
	reader  sync.WaitGroup

	mu      sync.Mutex
	conn    net.PacketConn // nil: not open
	closed  bool
	waiting map[uint32]*transaction
}

// A transaction is one request that waits for its reply.
type transaction struct {
	id      uint32
	from    netip.AddrPort // who is to answer
	replies chan []byte
}

func newUDPSocket(n netguard.Network, name string) *udpSocket {
	return &udpSocket{network: n, name: name, waiting: make(map[uint32]*transaction)}
}

// errCrowded says that more announces are under way than may be.
var errCrowded = errors.New("too many announces are under way")

// begin makes a transaction with the tracker at an address.
func (s *udpSocket) begin(ctx context.Context, with netip.AddrPort) (*transaction, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	if len(s.waiting) >= maxTransactions {
		return nil, errCrowded
	}
	t := &transaction{id: randomUint32(), from: with, replies: make(chan []byte, 4)}
	for s.waiting[t.id] != nil {
		t.id = randomUint32()
	}
	s.waiting[t.id] = t
	return t, nil
}

// end forgets a transaction.
func (s *udpSocket) end(t *transaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, t.id)
}

// send sends a packet.
func (s *udpSocket) send(ctx context.Context, packet []byte, to netip.AddrPort) error {
	s.mu.Lock()
	err := s.open(ctx)
	conn := s.conn
	s.mu.Unlock()
	if err != nil {
		return err
	}
	_, err = conn.WriteTo(packet, net.UDPAddrFromAddrPort(to))
	return err
}

// open opens the socket if it is not. mu is held.
func (s *udpSocket) open(ctx context.Context) error {
	if s.closed {
		return net.ErrClosed
	}
	if s.conn != nil {
		return nil
	}
	conn, err := s.network.ListenPacket(ctx, s.name, ":0")
	if err != nil {
		return err
	}
	s.conn = conn
	s.reader.Go(func() { s.read(conn) })
	return nil
}

// read hands on what comes, until the socket is closed. After another error a new socket
// is opened when there is something to send.
func (s *udpSocket) read(conn net.PacketConn) {
	buf := make([]byte, maxDatagram)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			break
		}
		if ua, ok := from.(*net.UDPAddr); ok {
			s.deliver(buf[:min(n, maxUDPReply)], ua.AddrPort())
		}
	}
	conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == conn {
		s.conn = nil
	}
}

// deliver gives a datagram to whom it answers. One that comes before the last was looked at
// is lost.
func (s *udpSocket) deliver(b []byte, from netip.AddrPort) {
	if len(b) < replyHeader {
		return
	}
	from = netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), from.Port())
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.waiting[binary.BigEndian.Uint32(b[4:])]
	if t == nil || t.from != from {
		return
	}
	select {
	case t.replies <- append([]byte(nil), b...):
	default:
	}
}

// close closes the socket and waits for its reader.
func (s *udpSocket) close() {
	s.mu.Lock()
	s.closed = true
	if s.conn != nil {
		s.conn.Close()
	}
	s.mu.Unlock()
	s.reader.Wait()
}
