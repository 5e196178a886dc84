package tracker

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
)

// An address of a peer in compact form: 4 or 16 bytes and the port (BEP 23, BEP 7).
type (
	compact4 [6]byte
	compact6 [18]byte
)

// swarm is the peers of a torrent.
type swarm struct {
	v4         family[compact4]
	v6         family[compact6]
	downloaded uint32 // how many said that they completed it
}

// family is the peers of one family: those that have everything, and the others.
type family[A comparable] struct {
	seeds, leechers list[A]
	places          map[uint64]uint8 // how many an address has
}

// list is peers in no order, found by their address.
type list[A comparable] struct {
	peers []listed[A]
	index map[A]uint32
}

type listed[A comparable] struct {
	addr A
	seen uint32 // seconds since the tracker began
}

// put notes that a peer is there; false: it is new, and not there yet.
func (l *list[A]) touch(a A, now uint32) bool {
	i, ok := l.index[a]
	if ok {
		l.peers[i].seen = now
	}
	return ok
}

func (l *list[A]) add(a A, now uint32) {
	if l.index == nil {
		l.index = make(map[A]uint32)
	}
	l.index[a] = uint32(len(l.peers))
	l.peers = append(l.peers, listed[A]{a, now})
}

func (l *list[A]) remove(a A) bool {
	i, ok := l.index[a]
	if !ok {
		return false
	}
	last := len(l.peers) - 1
	l.peers[i] = l.peers[last]
	l.index[l.peers[i].addr] = i
	l.peers = l.peers[:last]
	delete(l.index, a)
	return true
}

// shrink gives memory back when most of the peers are gone.
func (l *list[A]) shrink() {
	if cap(l.peers) < 64 || len(l.peers) > cap(l.peers)/4 {
		return
	}
	l.peers = append(make([]listed[A], 0, 2*len(l.peers)), l.peers...)
	l.index = make(map[A]uint32, len(l.peers))
	for i := range l.peers {
		l.index[l.peers[i].addr] = uint32(i)
	}
}

// sample calls give for n peers at most, but not for a.
func (l *list[A]) sample(n int, a A, give func(A)) (given int) {
	if len(l.peers) == 0 || n <= 0 {
		return 0
	}
	start := rand.IntN(len(l.peers))
	for i := range l.peers {
		if p := &l.peers[(start+i)%len(l.peers)]; p.addr != a {
			give(p.addr)
			if given++; given == n {
				break
			}
		}
	}
	return given
}

// announce notes what a peer said. It reports by how many there are more; -1, 0 or 1.
func (f *family[A]) announce(a A, place uint64, seed, stopped bool, now uint32, room bool) int {
	in, other := &f.leechers, &f.seeds
	if seed {
		in, other = other, in
	}
	switch {
	case stopped:
		if in.remove(a) || other.remove(a) {
			f.leave(place)
			return -1
		}
		return 0
	case in.touch(a, now):
		return 0
	case other.remove(a):
		in.add(a, now)
		return 0
	case !room || f.places[place] >= MaxPerAddress:
		return 0
	}
	if f.places == nil {
		f.places = make(map[uint64]uint8)
	}
	f.places[place]++
	in.add(a, now)
	return 1
}

func (f *family[A]) leave(place uint64) {
	if f.places[place]--; f.places[place] == 0 {
		delete(f.places, place)
	}
}

// pick calls give for at most n peers. To a peer that needs no seeds it gives those that are
// not seeds. To others it gives seeds for half of n, and more where there are too few other
// peers.
func (f *family[A]) pick(n int, a A, sated bool, give func(A)) {
	if !sated {
		n -= f.seeds.sample(max(n/2, n-len(f.leechers.peers)), a, give)
	}
	f.leechers.sample(n, a, give)
}

// sweep removes who was not heard of since, and returns how many those are.
func (f *family[A]) sweep(since uint32, place func(A) uint64) (gone int) {
	for _, l := range []*list[A]{&f.seeds, &f.leechers} {
		for i := 0; i < len(l.peers); {
			if p := l.peers[i]; p.seen >= since {
				i++
				continue
			} else {
				l.remove(p.addr)
				f.leave(place(p.addr))
				gone++
			}
		}
		l.shrink()
	}
	if len(f.places) == 0 {
		f.places = nil
	}
	return gone
}

func (f *family[A]) size() int { return len(f.seeds.peers) + len(f.leechers.peers) }

func pack4(ap netip.AddrPort) (a compact4) {
	ip := ap.Addr().As4()
	copy(a[:], ip[:])
	binary.BigEndian.PutUint16(a[4:], ap.Port())
	return a
}

func pack6(ap netip.AddrPort) (a compact6) {
	ip := ap.Addr().As16()
	copy(a[:], ip[:])
	binary.BigEndian.PutUint16(a[16:], ap.Port())
	return a
}

func unpack4(a compact4) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte(a[:])), binary.BigEndian.Uint16(a[4:]))
}

func unpack6(a compact6) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16([16]byte(a[:])), binary.BigEndian.Uint16(a[16:]))
}

// place4 and place6 are what peers are counted by: the address, and for IPv6 its /64, of which
// one host has all.
func place4(a compact4) uint64 { return uint64(binary.BigEndian.Uint32(a[:])) }
func place6(a compact6) uint64 { return binary.BigEndian.Uint64(a[:]) }

// counts are how many have everything, and how many do not.
func (s *swarm) counts() (seeds, leechers int) {
	return len(s.v4.seeds.peers) + len(s.v6.seeds.peers), len(s.v4.leechers.peers) + len(s.v6.leechers.peers)
}

func (s *swarm) size() int { return s.v4.size() + s.v6.size() }
