package metaexchange

import (
	"slices"
	"time"

	"github.com/btgw/btgw/peer/wire"
)

// An Exchange gathers the info dictionary from the peers that offer it (BEP 9). It
// groups peers by the size that they announce, so that one with a wrong size spoils
// nothing for the others. It requests the parts of a copy at once, as far as each peer
// answers that (Window), spread over the copy's peers. It requests late and rejected
// parts elsewhere. A copy made of several peers' parts that fails its hash does not say
// which peer lied. From then on each peer of that size is asked for a copy of its own.
//
// P tells peers apart and has no other use. An Exchange takes the time as an argument,
// performs nothing (asks, completed copies and liars are returned), and is not safe for
// concurrent use.
type Exchange[P comparable] struct {
	wanted  bool
	stopped bool
	peers   []*source[P] // that offer it, in the order in which they came
	copies  []*Copy[P]
	held    int64 // bytes kept of all copies
	room    func(held int64) bool
}

// A source is a peer that offers the metadata.
type source[P comparable] struct {
	conn    P
	size    int64
	rtt     time.Duration
	window  Window
	pace    pace
	load    int       // asks outstanding, without those put off
	asked   int       // asks ever
	rejects int       // since a part came
	rest    time.Time // not asked before
	alone   bool      // it is asked for a copy of its own
	// closedAt is the number of the last ask when the window closed for one that was
	// overtaken: a flight closes it once.
	closedAt int
}

// A Copy is an attempt at the whole.
type Copy[P comparable] struct {
	size    int64
	only    *source[P] // nil: from any of its size
	parts   []part[P]
	left    int // parts missing
	moved   time.Time
	givers  []*source[P] // that parts came from
	testing bool         // complete, and its hash is being computed
}

type part[P comparable] struct {
	data  []byte
	asks  []ask[P]
	tries int // asks ever
}

// An ask is a request that has no answer yet.
type ask[P comparable] struct {
	peer *source[P]
	at   time.Time
	n    int  // its number among all of the peer
	off  bool // the peer has put it off: it may still answer
}

// Work is what is to be done.
type Work[P comparable] struct {
	Asks []Ask[P]
	Test *Copy[P] // to be hashed; then Stop or Failed
	Bans []P      // who sent false metadata
}

// An Ask is a part to be requested of a peer.
type Ask[P comparable] struct {
	Peer P
	Part int
}

// New makes an Exchange. room counts the bytes that are held against what all torrents may
// gather, and reports whether they may be; nil: there is no such bound.
func New[P comparable](room func(held int64) bool) Exchange[P] { return Exchange[P]{room: room} }

// Want says whether the metadata is to be fetched.
func (m *Exchange[P]) Want(wanted bool) { m.wanted = wanted && !m.stopped }

// Stop ends the search: the metadata is known.
func (m *Exchange[P]) Stop() {
	m.stopped, m.wanted = true, false
	m.peers, m.copies, m.held = nil, nil, 0
	m.fits()
}

// Stopped reports whether the metadata is known.
func (m *Exchange[P]) Stopped() bool { return m.stopped }

// Held is how many bytes are kept of all copies.
func (m *Exchange[P]) Held() int64 { return m.held }

// Progress returns how many bytes have come of the copy of which the most have, and how
// many it is to have; zero where nobody offers it.
func (m *Exchange[P]) Progress() (have, size int64) {
	for _, cp := range m.copies {
		if n := cp.bytes(); size == 0 || n > have {
			have, size = n, cp.size
		}
	}
	return have, size
}

// Offers returns the size that a peer announced; zero: it did not.
func (m *Exchange[P]) Offers(c P) int64 {
	if p := m.find(c); p != nil {
		return p.size
	}
	return 0
}

// Owing counts the peers that were asked for a part that did not come, and rejected none.
func (m *Exchange[P]) Owing() (n int) {
	for _, p := range m.peers {
		if p.load > 0 && p.rejects == 0 {
			n++
		}
	}
	return n
}

func (m *Exchange[P]) find(c P) *source[P] {
	for _, p := range m.peers {
		if p.conn == c {
			return p
		}
	}
	return nil
}

// Offer adds a peer. Its first claim of a size is the one that counts.
func (m *Exchange[P]) Offer(now time.Time, c P, size int64, rtt time.Duration, window Window) Work[P] {
	if m.stopped || m.find(c) != nil {
		return Work[P]{}
	}
	m.peers = append(m.peers, &source[P]{conn: c, size: size, rtt: rtt, window: window})
	return m.Tick(now)
}

// Leave takes a peer out; call tick after it.
func (m *Exchange[P]) Leave(c P) {
	p := m.find(c)
	if p == nil {
		return
	}
	m.peers = slices.DeleteFunc(m.peers, func(x *source[P]) bool { return x == p })
	for _, cp := range m.copies {
		for i := range cp.parts {
			cp.parts[i].drop(p)
		}
	}
	m.copies = slices.DeleteFunc(m.copies, func(cp *Copy[P]) bool {
		gone := cp.only == p || !slices.ContainsFunc(m.peers, func(x *source[P]) bool { return x.size == cp.size })
		if gone && !cp.testing {
			m.held -= cp.bytes()
		}
		return gone && !cp.testing
	})
}

// Reject notes that a peer does not send a part. The peer is left alone for a while, a
// longer one each time. It may have rejected one of two requests, and still send the
// part.
func (m *Exchange[P]) Reject(now time.Time, c P, part int) Work[P] {
	p := m.find(c)
	if p == nil {
		return Work[P]{}
	}
	cp := m.copyOf(p, part)
	if cp == nil {
		return Work[P]{}
	}
	a := cp.parts[part].askOf(p)
	a.end()
	a.off = true
	if !p.rest.After(now) {
		p.rest = now.Add(min(minRest<<min(p.rejects, 8), maxRest))
		p.rejects++
		p.window.close()
	}
	return m.Tick(now)
}

// Data takes in a part; total is the size that came with it, 0 if none. It ignores a
// part that was not requested from this peer.
func (m *Exchange[P]) Data(now time.Time, c P, part int, total int64, data []byte) Work[P] {
	p := m.find(c)
	if p == nil {
		return Work[P]{}
	}
	cp := m.copyOf(p, part)
	if cp == nil {
		return Work[P]{}
	}
	again := cp.parts[part].tries > 1
	n := cp.parts[part].drop(p)
	p.pace.arrived(now)
	p.window.open()
	p.rejects, p.rest = 0, time.Time{}
	if !again { // an answer to which of them, if it was asked twice?
		m.overtaken(p, n)
	}
	if len(data) != PartLen(p.size, part) || total != 0 && total != p.size {
		return Work[P]{Bans: []P{p.conn}}
	}
	if cp.parts[part].data != nil {
		return m.Tick(now)
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
		return Work[P]{Test: cp}
	}
	return m.Tick(now)
}

// copyOf finds the copy for which part was asked of p.
func (m *Exchange[P]) copyOf(p *source[P], part int) *Copy[P] {
	for _, cp := range m.copies {
		if cp.size == p.size && part < len(cp.parts) && cp.parts[part].askOf(p) != nil {
			return cp
		}
	}
	return nil
}

// Failed handles a copy whose hash is wrong. If it is one peer's, that peer lies. If
// not, each is asked alone from now on.
func (m *Exchange[P]) Failed(now time.Time, cp *Copy[P]) Work[P] {
	m.copies = slices.DeleteFunc(m.copies, func(x *Copy[P]) bool { return x == cp })
	m.held -= cp.bytes()
	if len(cp.givers) == 1 {
		w := m.Tick(now)
		w.Bans = append(w.Bans, cp.givers[0].conn)
		return w
	}
	for _, p := range m.peers {
		if p.size == cp.size {
			p.alone = true
		}
	}
	return m.Tick(now)
}

// Givers is how many peers the parts of a copy came from.
func (cp *Copy[P]) Givers() int { return len(cp.givers) }

func (cp *Copy[P]) bytes() (n int64) {
	for i := range cp.parts {
		n += int64(len(cp.parts[i].data))
	}
	return n
}

// Raw is the whole, of a complete copy.
func (cp *Copy[P]) Raw() []byte {
	b := make([]byte, 0, cp.size)
	for i := range cp.parts {
		b = append(b, cp.parts[i].data...)
	}
	return b
}

// askOf returns the ask of a peer, or nil.
func (p *part[P]) askOf(peer *source[P]) *ask[P] {
	for i := range p.asks {
		if p.asks[i].peer == peer {
			return &p.asks[i]
		}
	}
	return nil
}

// drop takes the ask of a peer back and gives its number.
func (p *part[P]) drop(peer *source[P]) (n int) {
	p.asks = slices.DeleteFunc(p.asks, func(a ask[P]) bool {
		if a.peer == peer {
			n = a.n
			a.end()
		}
		return a.peer == peer
	})
	return n
}

func (p *part[P]) forget() {
	for _, a := range p.asks {
		a.end()
	}
	p.asks = nil
}

// end takes the ask off the peer's load.
func (a *ask[P]) end() {
	if !a.off {
		a.peer.load--
	}
}

// PartLen is the length of a part of metadata of size bytes.
func PartLen(size int64, part int) int {
	return int(min(wire.MetadataPart, size-int64(part)*wire.MetadataPart))
}

// NumParts is how many parts metadata of size bytes has.
func NumParts(size int64) int { return int((size + wire.MetadataPart - 1) / wire.MetadataPart) }
