package fetch

import (
	"net/netip"
	"slices"
	"time"
)

// A torrent in use has a place. Those whose metadata is being looked for have places of
// their own: junk does not end what is known. They are shared out by network and by client,
// for whoever has a network has many clients: where all are taken, one that has fewer than
// another by more than one is let in for the newest of that one's.

// place gives a torrent a place, and makes way for it.
func (s *Session) place(t *Torrent, polite bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	known, looking, ending := s.taken()
	ok := ending < maxEnding
	switch {
	case !ok:
	case t.known:
		ok = known < s.maxTorrents || !polite && s.makeRoom(true)
	default:
		ok = looking < s.maxUnresolved() || s.makeRoom(false) || s.shareOut(t.client)
	}
	if !ok {
		s.refusals.torrents.Add(1)
		return ErrBusy
	}
	s.live[t] = struct{}{}
	return nil
}

// promote moves a torrent whose metadata has come to a place of those that are known.
func (s *Session) promote(t *Torrent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, _, _ := s.taken(); known >= s.maxTorrents && !s.makeRoom(true) {
		s.refusals.torrents.Add(1)
		return ErrBusy
	}
	t.known = true
	return nil
}

func (s *Session) maxUnresolved() int { return min(MaxUnresolved, s.maxTorrents) }

// taken counts the places that are taken. The lock is held.
func (s *Session) taken() (known, looking, ending int) {
	for t := range s.live {
		switch {
		case t.ending:
			ending++
		case t.published:
		case t.known:
			known++
		default:
			looking++
		}
	}
	return known, looking, ending
}

// makeRoom ends the torrent that was unused the longest, of those whose metadata is known or
// of the others. The lock is held.
func (s *Session) makeRoom(known bool) bool {
	var oldest *Torrent
	var most time.Duration
	for t := range s.live {
		if t.ending || t.known != known || !t.hasBegun() {
			continue
		}
		if d, idle := t.unused(); idle && (oldest == nil || d > most) {
			oldest, most = t, d
		}
	}
	if oldest == nil {
		return false
	}
	s.end(oldest)
	return true
}

// shareOut ends the newest torrent of the client that looks for the metadata of the most, in
// the network that does, if that is fairer. This process itself is let in. The lock is held.
func (s *Session) shareOut(client netip.Prefix) bool {
	if !client.IsValid() {
		return true
	}
	networks, clients := make(tally), make(tally)
	for t := range s.live {
		if !t.ending && !t.known && t.client.IsValid() && t.hasBegun() {
			networks.add(networkOf(t.client), t)
		}
	}
	home := networkOf(client)
	greedy := networks.most()
	if networks.count(greedy) <= networks.count(home)+1 {
		greedy = home // it is shared out among its own
	}
	for _, t := range networks[greedy] {
		clients.add(t.client, t)
	}
	most := clients.most()
	if greedy == home && clients.count(most) <= clients.count(client)+1 {
		return false
	}
	newest := slices.MaxFunc(clients[most], func(a, b *Torrent) int { return a.epoch.Compare(b.epoch) })
	s.end(newest)
	return true
}

// tally is torrents by whom they are of.
type tally map[netip.Prefix][]*Torrent

func (y tally) add(p netip.Prefix, t *Torrent) { y[p] = append(y[p], t) }
func (y tally) count(p netip.Prefix) int       { return len(y[p]) }
func (y tally) most() (greedy netip.Prefix) {
	for p := range y {
		if y.count(p) > y.count(greedy) {
			greedy = p
		}
	}
	return greedy
}

// networkOf is the network of a client: what somebody has who has more than one.
func networkOf(client netip.Prefix) netip.Prefix {
	bits := networkV6
	if client.Addr().Is4() {
		bits = networkV4
	}
	network, err := client.Addr().Prefix(min(bits, client.Bits()))
	if err != nil {
		return client
	}
	return network
}

// hasBegun reports whether a torrent has begun: only then it can be ended.
func (t *Torrent) hasBegun() bool {
	select {
	case <-t.begun:
		return true
	default:
		return false
	}
}
