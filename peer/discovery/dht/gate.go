package dht

import (
	"bytes"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/btgw/btgw/peer/contact"
)

// gate stands between a node's socket and the library's server. It is the
// net.PacketConn that the server has: ReadFrom gives it only messages that were
// parsed, bounded and encoded again here, from those who may ask, or were asked.
// A server's end is its gate's end; the socket stays for the next.
type gate struct {
	conn   net.PacketConn
	filter *filter
	turns  *contact.Gate                                                            // with whom, and how often
	heard  func(from netip.AddrPort, m *message)                                    // each message let through; must not block
	other  func(dst, packet []byte, from netip.AddrPort) (answer []byte, mine bool) // Config.Other

	stored atomic.Pointer[itemAnswerer] // nil: nobody is answered

	closing sync.Once
	closed  chan struct{}

	reading sync.Mutex // held by ReadFrom; protects what follows
	packet  [maxPacket + 1]byte
	encoded []byte
}

var _ net.PacketConn = (*gate)(nil)

// itemAnswerer answers a get or a put; nil: not at all.
type itemAnswerer func(q *message, from netip.AddrPort) *message

func newGate(conn net.PacketConn, f *filter, turns *contact.Gate, heard func(netip.AddrPort, *message)) *gate {
	return &gate{conn: conn, filter: f, turns: turns, heard: heard, closed: make(chan struct{})}
}

// ReadFrom implements net.PacketConn. It fails only after Close: the library
// panics at any other error.
func (g *gate) ReadFrom(b []byte) (int, net.Addr, error) {
	g.reading.Lock()
	defer g.reading.Unlock()
	for {
		select {
		case <-g.closed:
			return 0, nil, net.ErrClosed
		default:
		}
		n, addr, err := g.conn.ReadFrom(g.packet[:])
		if err != nil {
			g.pause()
			continue
		}
		from, ok := udpAddr(addr)
		if !ok || n > maxPacket {
			continue
		}
		if g.answerOther(g.packet[:n], addr, from) {
			continue
		}
		if m := g.filter.admit(time.Now(), g.packet[:n], from); m != nil {
			g.heard(from, m)
			if m.method == "get" || m.method == "put" {
				g.answerItem(m, addr, from)
				continue
			}
			g.encoded = m.append(g.encoded[:0])
			return copy(b, g.encoded), net.UDPAddrFromAddrPort(from), nil
		}
	}
}

// answerOther has a packet answered that is none of the DHT's. g.reading is held.
func (g *gate) answerOther(packet []byte, addr net.Addr, from netip.AddrPort) bool {
	if g.other == nil {
		return false
	}
	answer, mine := g.other(g.encoded[:0], packet, from)
	if len(answer) > 0 {
		g.encoded = answer
		_, _ = g.conn.WriteTo(answer, addr) // one that is lost is asked for again
	}
	return mine
}

// answerItem answers a query of BEP 44, which the library never sees. g.reading is held.
func (g *gate) answerItem(q *message, addr net.Addr, from netip.AddrPort) {
	stored := g.stored.Load()
	if stored == nil {
		return
	}
	if r := (*stored)(q, from); r != nil {
		g.encoded = r.append(g.encoded[:0])
		_, _ = g.conn.WriteTo(g.encoded, addr) // one that is lost is asked for again
	}
}

// pause waits after an error of the socket, which says that a packet of ours was
// refused somewhere, or something that may pass.
func (g *gate) pause() {
	t := time.NewTimer(readPause)
	defer t.Stop()
	select {
	case <-g.closed:
	case <-t.C:
	}
}

// udpAddr returns the source of a datagram, IPv4 in its own form.
func udpAddr(addr net.Addr) (netip.AddrPort, bool) {
	ua, ok := addr.(*net.UDPAddr)
	if !ok {
		return netip.AddrPort{}, false
	}
	ap := ua.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap().WithZone(""), ap.Port()), ap.Port() != 0
}

// querySuffix ends the queries of the library, whose keys are sorted.
var querySuffix = []byte("1:y1:qe")

// WriteTo implements net.PacketConn. It fails where the socket's guard refuses the
// address. A query may reach a host that never asked for it, since any node can claim
// that others are there. So a query above its target's bound is dropped.
func (g *gate) WriteTo(b []byte, addr net.Addr) (int, error) {
	if to, ok := udpAddr(addr); ok && bytes.HasSuffix(b, querySuffix) {
		if !g.mayAsk(to.Addr()) {
			return len(b), nil
		}
		g.filter.asked(to)
	}
	return g.conn.WriteTo(b, addr)
}

// mayAsk counts a query against its target. What the process sends in all has a bound of its
// own (sendRate). Nodes on this machine, as in tests, share an address.
func (g *gate) mayAsk(to netip.Addr) bool {
	return to.IsLoopback() || g.turns.Try(contact.Ask{Keys: []contact.Key{contact.Net(to)}, Begun: true, Counted: true}) == 0
}

// Close implements net.PacketConn. When it returns nobody reads from the socket
// any more, which stays open, with a read deadline that has passed.
func (g *gate) Close() (err error) {
	g.closing.Do(func() {
		close(g.closed)
		err = g.conn.SetReadDeadline(time.Unix(1, 0))
		g.reading.Lock()
		defer g.reading.Unlock()
	})
	return err
}

// LocalAddr implements net.PacketConn.
func (g *gate) LocalAddr() net.Addr { return g.conn.LocalAddr() }

// SetDeadline implements net.PacketConn; the library sets none.
func (g *gate) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.PacketConn; the library sets none.
func (g *gate) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.PacketConn; the library sets none.
func (g *gate) SetWriteDeadline(time.Time) error { return nil }

// filter decides which packets are read. It is safe for concurrent use, and its
// memory is bounded by constants.
type filter struct {
	sources *lru.Cache[netip.Addr, *rate.Limiter]
	queried *lru.Cache[netip.AddrPort, struct{}] // whom we asked something
	queries *rate.Limiter                        // of all strangers
}

func newFilter() *filter {
	f := &filter{queries: rate.NewLimiter(queriesInAll, queriesInAll)}
	f.sources, _ = lru.New[netip.Addr, *rate.Limiter](maxSources) // fails for a size
	f.queried, _ = lru.New[netip.AddrPort, struct{}](maxAsked)    // below 1 alone
	return f
}

// asked notes that an address may answer.
func (f *filter) asked(to netip.AddrPort) { f.queried.Add(to, struct{}{}) }

// admit gives the message of a packet, or nil where it is not to be read.
func (f *filter) admit(now time.Time, packet []byte, from netip.AddrPort) *message {
	m, err := parseMessage(packet)
	if err != nil {
		return nil
	}
	if m.kind == 'q' {
		if !f.within(now, from.Addr()) {
			return nil
		}
		return m
	}
	if !f.queried.Contains(from) {
		return nil
	}
	return m
}

// within spends one query of an address. Loopback addresses, which everybody on
// the machine shares, are bounded in all alone.
func (f *filter) within(now time.Time, addr netip.Addr) bool {
	if !addr.IsLoopback() {
		l, ok := f.sources.Get(addr)
		if !ok {
			l = rate.NewLimiter(queriesPerAddress, queryBurst)
			f.sources.Add(addr, l)
		}
		if !l.AllowN(now, 1) {
			return false
		}
	}
	return f.queries.AllowN(now, 1)
}
