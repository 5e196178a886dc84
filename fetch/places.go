package fetch

import (
	"net/netip"
	"time"
)

// A torrent in use has a place. Those whose metadata is being looked for have places of
// their own: junk does not end what is known. They are shared out by client: where all are
// taken, a client that has fewer than another by more than one is let in for the newest of
// that one's.

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
		if d, idle := t.rest(); idle && (oldest == nil || d > most) {
			oldest, most = t, d
		}
	}
	if oldest == nil {
		return false
	}
	s.end(oldest)
	return true
}

// shareOut ends the newest torrent of the client that looks for the metadata of the most, if
// that is fairer. This process itself is let in. The lock is held.
func (s *Session) shareOut(client netip.Prefix) bool {
	if !client.IsValid() {
		return true
	}
	counts := make(map[netip.Prefix]int)
	newest := make(map[netip.Prefix]*Torrent)
	for t := range s.live {
		if t.ending || t.known || !t.client.IsValid() || !t.hasBegun() {
			continue
		}
		counts[t.client]++
		if n := newest[t.client]; n == nil || t.epoch.After(n.epoch) {
			newest[t.client] = t
		}
	}
	var greedy netip.Prefix
	for c, n := range counts {
		if n > counts[greedy] {
			greedy = c
		}
	}
	if counts[greedy] <= counts[client]+1 {
		return false
	}
	newest[greedy].pushed.Store(true)
	s.end(newest[greedy])
	return true
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
