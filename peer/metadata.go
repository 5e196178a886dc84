package peer

import (
	"slices"
	"time"

	"github.com/btgw/btgw/peer/wire"
)

// metadata gathers the info dictionary from the peers that offer it (BEP 9).
// Peers are grouped by the size that they announce, so that one with a wrong
// size spoils nothing for the others; the parts of a copy are asked at once, as
// far as each peer answers that (metaWindow), spread over its peers, and asked
// elsewhere when they are late or rejected. A
// copy made of several peers' parts that fails its hash does not say who lied:
// from then on the peers of that size are asked for a copy each.
//
// It takes the time as an argument, performs nothing (asks, completed copies
// and liars are returned), and is not safe for concurrent use.
type metadata struct {
	wanted  bool
	stopped bool
	peers   []*metaPeer // that offer it, in the order in which they came
	copies  []*metaCopy
	held    int64 // bytes kept of all copies
	// room counts held against what all torrents may gather; false: it is too much.
	// Nil: there is no such bound.
	room func(held int64) bool
}

// A metaPeer is one that offers the metadata.
type metaPeer struct {
	conn    *Conn // not looked at
	size    int64
	rtt     time.Duration
	window  metaWindow
	pace    metaPace
	load    int       // asks outstanding, without those put off
	asked   int       // asks ever
	rejects int       // since a part came
	rest    time.Time // not asked before
	alone   bool      // it is asked for a copy of its own
	// closedAt is the number of the last ask when the window closed for one that was
	// overtaken: a flight closes it once.
	closedAt int
}

// A metaCopy is an attempt at the whole.
type metaCopy struct {
	size  int64
	only  *metaPeer // nil: from any of its size
	parts []metaPart
	left  int // parts missing
	moved time.Time
	// givers are those that parts came from.
	givers  []*metaPeer
	testing bool // complete, and its hash is being computed
}

type metaPart struct {
	data  []byte
	asks  []metaAsk
	tries int // asks ever
}

// A metaAsk is a request that has no answer yet.
type metaAsk struct {
	peer *metaPeer
	at   time.Time
	n    int  // its number among all of the peer
	off  bool // the peer has put it off: it may still answer
}

// metaWork is what is to be done.
type metaWork struct {
	asks []metaRequest
	test *metaCopy // to be hashed, then settled
	bans []*metaPeer
}

type metaRequest struct {
	peer *metaPeer
	part int
}

func (m *metadata) want(wanted bool) { m.wanted = wanted && !m.stopped }

// stop ends the search: the metadata is known.
func (m *metadata) stop() {
	m.stopped, m.wanted = true, false
	m.peers, m.copies, m.held = nil, nil, 0
	m.fits()
}

func (m *metadata) find(c *Conn) *metaPeer {
	for _, p := range m.peers {
		if p.conn == c {
			return p
		}
	}
	return nil
}

// offer adds a peer. Its first claim of a size is the one that counts.
func (m *metadata) offer(now time.Time, c *Conn, size int64, rtt time.Duration, window metaWindow) metaWork {
	if m.stopped || m.find(c) != nil {
		return metaWork{}
	}
	m.peers = append(m.peers, &metaPeer{conn: c, size: size, rtt: rtt, window: window})
	return m.tick(now)
}

// leave takes a peer out; call tick after it.
func (m *metadata) leave(c *Conn) {
	p := m.find(c)
	if p == nil {
		return
	}
	m.peers = slices.DeleteFunc(m.peers, func(x *metaPeer) bool { return x == p })
	for _, cp := range m.copies {
		for i := range cp.parts {
			cp.parts[i].drop(p)
		}
	}
	m.copies = slices.DeleteFunc(m.copies, func(cp *metaCopy) bool {
		gone := cp.only == p || !slices.ContainsFunc(m.peers, func(x *metaPeer) bool { return x.size == cp.size })
		if gone && !cp.testing {
			m.held -= cp.bytes()
		}
		return gone && !cp.testing
	})
}

// reject is that a peer does not send a part: it is left alone for a while, a longer
// one each time. It may have rejected one ask of two, and still send the part.
func (m *metadata) reject(now time.Time, c *Conn, part int) metaWork {
	p := m.find(c)
	if p == nil {
		return metaWork{}
	}
	cp := m.copyOf(p, part)
	if cp == nil {
		return metaWork{}
	}
	a := cp.parts[part].askOf(p)
	a.end()
	a.off = true
	if !p.rest.After(now) {
		p.rest = now.Add(min(metadataRest<<min(p.rejects, 8), metadataRestMost))
		p.rejects++
		p.window.close()
	}
	return m.tick(now)
}

// data is that a part came; total is the size that came with it, 0 if none.
// What was not asked of this peer is ignored.
func (m *metadata) data(now time.Time, c *Conn, part int, total int64, data []byte) metaWork {
	p := m.find(c)
	if p == nil {
		return metaWork{}
	}
	cp := m.copyOf(p, part)
	if cp == nil {
		return metaWork{}
	}
	again := cp.parts[part].tries > 1
	n := cp.parts[part].drop(p)
	p.pace.arrived(now)
	p.window.open()
	p.rejects, p.rest = 0, time.Time{}
	if !again { // an answer to which of them, if it was asked twice?
		m.overtaken(p, n)
	}
	if len(data) != partLen(p.size, part) || total != 0 && total != p.size {
		return metaWork{bans: []*metaPeer{p}}
	}
	if cp.parts[part].data != nil {
		return m.tick(now)
	}
	cp.parts[part].data = slices.Clone(data)
	m.held += int64(len(data))
	m.fits()
	cp.left--
	cp.moved = now
	if !slices.Contains(cp.givers, p) {
		cp.givers = append(cp.givers, p)
	}
	if cp.left == 0 {
		cp.testing = true
		for i := range cp.parts {
			cp.parts[i].forget()
		}
		return metaWork{test: cp}
	}
	return m.tick(now)
}

// copyOf finds the copy for which part was asked of p.
func (m *metadata) copyOf(p *metaPeer, part int) *metaCopy {
	for _, cp := range m.copies {
		if cp.size == p.size && part < len(cp.parts) && cp.parts[part].askOf(p) != nil {
			return cp
		}
	}
	return nil
}

// failed is that a copy's hash is wrong. If it is one peer's, that peer lies;
// if not, each is asked alone from now on.
func (m *metadata) failed(now time.Time, cp *metaCopy) metaWork {
	m.copies = slices.DeleteFunc(m.copies, func(x *metaCopy) bool { return x == cp })
	m.held -= cp.bytes()
	if len(cp.givers) == 1 {
		w := m.tick(now)
		w.bans = append(w.bans, cp.givers[0])
		return w
	}
	for _, p := range m.peers {
		if p.size == cp.size {
			p.alone = true
		}
	}
	return m.tick(now)
}

func (cp *metaCopy) bytes() (n int64) {
	for i := range cp.parts {
		n += int64(len(cp.parts[i].data))
	}
	return n
}

// raw is the whole, of a complete copy.
func (cp *metaCopy) raw() []byte {
	b := make([]byte, 0, cp.size)
	for i := range cp.parts {
		b = append(b, cp.parts[i].data...)
	}
	return b
}

// askOf returns the ask of a peer, or nil.
func (p *metaPart) askOf(peer *metaPeer) *metaAsk {
	for i := range p.asks {
		if p.asks[i].peer == peer {
			return &p.asks[i]
		}
	}
	return nil
}

// drop takes the ask of a peer back and gives its number.
func (p *metaPart) drop(peer *metaPeer) (n int) {
	p.asks = slices.DeleteFunc(p.asks, func(a metaAsk) bool {
		if a.peer == peer {
			n = a.n
			a.end()
		}
		return a.peer == peer
	})
	return n
}

func (p *metaPart) forget() {
	for _, a := range p.asks {
		a.end()
	}
	p.asks = nil
}

// end takes the ask off the peer's load.
func (a *metaAsk) end() {
	if !a.off {
		a.peer.load--
	}
}

// partLen is the length of a part of metadata of size bytes.
func partLen(size int64, part int) int {
	return int(min(wire.MetadataPart, size-int64(part)*wire.MetadataPart))
}

func numParts(size int64) int { return int((size + wire.MetadataPart - 1) / wire.MetadataPart) }
